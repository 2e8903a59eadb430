"""The courses of treatment that the steps of the study give by visit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from adam.simulation.columns import BLANK
from adam.simulation.draws import Ints
from adam.simulation.population import Population
from adam.simulation.trial_facts import TrialFacts


@dataclass(frozen=True)
class Exposures:
    """Courses of treatment in the order of subjects and days: first and last day, the arm it belongs to, and the place of its epoch."""

    subject: Ints
    start: Ints
    end: Ints
    arm: Ints
    epoch: Ints


def exposures(facts: TrialFacts, people: Population) -> Exposures:
    """The treatment of every subject: each entry of `exposure: periods:` names variables by visit with the first and the last day."""
    parts = []
    for period in facts.get("exposure.periods"):
        start, end = people[str(period["start"])], people[str(period["end"])]
        subject, place = np.nonzero((start != BLANK) & (end >= start))
        arm = people[str(period["arm"])][subject]
        parts.append((subject, start[subject, place], end[subject, place], arm, np.full(len(subject), int(period["epoch"]))))
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    order = np.lexsort((columns[1], columns[0]))
    return Exposures(*(column[order] for column in columns))


def limits(people: Population, given: Exposures) -> tuple[Ints, Ints]:
    """First and last day of treatment of every subject, BLANK without any."""
    first, last = np.full(people.size, BLANK), np.full(people.size, BLANK)
    first[given.subject[::-1]] = given.start[::-1]
    np.maximum.at(last, given.subject, given.end)
    return first, last
