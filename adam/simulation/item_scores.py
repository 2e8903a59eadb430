"""Questionnaires whose items add up to a total by visit: which were answered, and the score of each item."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from adam.simulation.calendar import Calendar, at_visits
from adam.simulation.draws import Flags, Ints
from adam.simulation.formula import values
from adam.simulation.scope import Scope


@dataclass(frozen=True)
class ItemScores:
    """Questionnaires, one for each visit of the calendar: the scores of its items, and whether it was not done."""

    calendar: Calendar
    items: Ints
    undone: Flags


def score_items(scope: Scope, calendar: Calendar) -> ItemScores:
    """The item scores of the questionnaires at their visits.

    Each item is a ladder of points. The points of a total take the lowest rungs first; an item that troubles the subject more has lower rungs.
    """
    facts, people, draws = scope.facts, scope.population, scope.draws
    planned = calendar.only(np.isin(calendar.visit, facts.places(facts.get("questionnaires.visits"))))
    size = len(planned.visit)
    usual = np.array([int(height) for height in facts.get("questionnaires.item_heights")], dtype=np.int64)
    rungs = np.array([int(height) for height in facts.get("questionnaires.rung_heights")], dtype=np.int64)
    own = draws.noise((people.size, len(usual))) * 3 // 2
    height = (usual + own[planned.subject] + draws.noise((size, len(usual))) // 4)[:, :, None] + rungs
    order = np.argsort(np.argsort(height.reshape(size, -1), axis=1, kind="stable"), axis=1, kind="stable")
    points = people[str(facts.get("questionnaires.total"))][planned.subject, planned.visit]
    items = (order < points[:, None]).reshape(size, len(usual), len(rungs)).sum(axis=2)
    records = at_visits(scope, planned.subject, planned.visit, planned.day, assessed=planned.assessed)
    return ItemScores(planned, items, values(facts.optional("questionnaires.not_done", "1 == 0"), records).astype(np.bool_))
