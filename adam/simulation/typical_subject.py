"""A typical subject, as the study facts describe it: the start of every edge case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from adam.simulation.adverse_events import NO_EVENTS
from adam.simulation.calendar import Calendar
from adam.simulation.columns import BLANK, day_of, text
from adam.simulation.draws import Draws
from adam.simulation.formula import values
from adam.simulation.population import Array, Population
from adam.simulation.scope import Scope
from adam.simulation.steps import run
from adam.simulation.trial import Trial, treat
from adam.simulation.trial_facts import TrialFacts

ABSENT = {"missing": BLANK, "none": -1}
"""Values of a description: not stated, so that the steps give a value; and none at all."""


class TypicalSubject:
    """One typical subject with the changes of its case."""

    def __init__(self, facts: TrialFacts, identifier: str, changes: Mapping[str, Any]) -> None:
        self.facts, self.changes = facts, changes
        self.description = {**facts.get("edge_cases.typical"), **changes}
        self.subjid = f"{self.description['site']}-{identifier}"
        self.usubjid = f"{self.description['study']}-{self.subjid}"

    def record(self) -> dict[str, int]:
        """The variables of the description, as whole numbers: numbers, days, places of terms."""
        return {str(name): self._number(str(name), value) for name, value in self.description.items() if not isinstance(value, Mapping)}

    def _number(self, name: str, value: object) -> int:
        if str(value) in ABSENT:
            return ABSENT[str(value)]
        lists = self.facts.get("edge_cases.terms_of")
        if name in lists:
            return self.facts.position(value, str(lists[name]))
        return int(value) if isinstance(value, int) else day_of(str(value))

    def scores(self, people: Population, place: int) -> None:
        """Store the scores of the case, `score: {VISIT: value}` or `{VISIT: [value, value]}`, in the variables `edge_cases: scores:` names."""
        for name, by_visit in self.changes.items():
            if not isinstance(by_visit, Mapping):
                continue
            variables = self.facts.get(f"edge_cases.scores.{name}")
            for visit, found in by_visit.items():
                numbers = found if isinstance(found, list) else [found]
                for (variable, unit), number in zip(variables.items(), numbers, strict=True):
                    people[str(variable)][place, self.facts.visit(str(visit))] = round(float(number) * int(unit))


def typical_trial(facts: TrialFacts, subjects: list[TypicalSubject]) -> Trial:
    """The trial of these subjects; the steps of `edge_cases: steps:` give their variables without any draw."""
    draws = Draws(0, exact=False)
    people = _population(facts, subjects)
    scope = Scope(facts, draws.stream("edge cases"), people)
    run(scope, facts.get("edge_cases.steps"))
    given = treat(facts, people)
    subjid, usubjid = (text(np.arange(people.size), [getattr(subject, name) for subject in subjects]) for name in ("subjid", "usubjid"))
    return Trial(facts, draws, people, subjid, usubjid, _calendar(scope), given, NO_EVENTS)


def _population(facts: TrialFacts, subjects: list[TypicalSubject]) -> Population:
    table = pd.DataFrame([subject.record() for subject in subjects])
    columns: dict[str, Array] = {str(name): np.array([int(v) for v in table[name]], dtype=np.int64) for name in table}
    people = Population(len(subjects), len(facts.visits), columns)
    for variables in facts.optional("edge_cases.scores", {}).values():
        for variable in variables:
            people[str(variable)] = np.full((people.size, people.visits), BLANK, dtype=np.int64)
    for place, subject in enumerate(subjects):
        subject.scores(people, place)
    return people


def _calendar(scope: Scope) -> Calendar:
    """The visits on their days, with nothing unscheduled and none held remotely."""
    days = scope.population["days"]
    subject, visit = np.nonzero(days != BLANK)
    local = {"subject": subject, "visit": visit, "day": days[subject, visit]}
    assessed = values(scope.facts.optional("edge_cases.assessed", 0), Scope(scope.facts, scope.draws, scope.population, local=local))
    return Calendar(subject, visit, visit, local["day"], assessed.astype(np.int64), np.zeros(len(visit), dtype=bool))
