"""DLQI and CDLQI: totals along the course, and items that add up to them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from adam.simulate.calendar import NOTHING, Calendar
from adam.simulate.courses import Course
from adam.simulate.draws import MILLION, Draws, Flags, Ints
from adam.simulate.trial_facts import TrialFacts
from adam.simulate.visits import DAY_1, WEEK_2, WEEK_4, WEEK_8, WEEK_12, WEEK_52

ASKED = (DAY_1, WEEK_2, WEEK_4, WEEK_8, WEEK_12, WEEK_12 + 3, WEEK_12 + 6, WEEK_52)
"""Visits with a quality of life questionnaire: Day 1 and Weeks 2, 4, 8, 12, 24, 36 and 52."""
ITEMS = 10


@dataclass(frozen=True)
class Answers:
    """Questionnaires: which visit of the calendar, the item scores, and whether it was not done."""

    calendar: Calendar
    items: Ints
    undone: Flags


def totals(draws: Draws, people: pd.DataFrame, course: Course) -> Ints:
    """The total of the subject's own instrument at every visit it is asked at."""
    base, goal = people["qol0"].to_numpy(), people["qol8"].to_numpy()
    size = len(people)
    result = np.zeros((size, len(ASKED)), dtype=np.int64)
    result[:, 0], result[:, 3] = base, goal
    for i, way in ((1, 60), (2, 85)):
        part = np.clip(way + draws.below(31, size) - 15, 0, 100)
        result[:, i] = np.clip(base - ((base - goal) * part + 50) // 100 + draws.below(3, size) - 1, 0, 30)
    low, high = np.array([0, 2, 18, 45, 70]), np.array([18, 38, 65, 100, 125])
    for i, visit in enumerate(ASKED[4:], start=4):
        iga = course.iga[:, visit]
        share = low[iga] + (high - low)[iga] * draws.noise(size) // MILLION
        result[:, i] = np.minimum((base * share + 50) // 100, 30)
    return result


def answer(facts: TrialFacts, draws: Draws, people: pd.DataFrame, calendar: Calendar, total: Ints) -> Answers:
    """The questionnaires of some subjects, items from a ladder: the lowest rungs first, what troubles a subject more has lower rungs."""
    place = np.full(64, -1, dtype=np.int64)
    place[list(ASKED)] = np.arange(len(ASKED))
    asked = calendar.only(place[calendar.visit] >= 0)
    size = len(asked.visit)
    usual = np.array([0, 350, 500, 450, 450, 600, 650, 650, 900, 700], dtype=np.int64) * 1000
    own = draws.noise((len(people), ITEMS)) * 3 // 2
    rung = (usual + own[asked.subject] + draws.noise((size, ITEMS)) // 4)[:, :, None] + np.array([0, 700_000, 1_600_000])
    order = np.argsort(np.argsort(rung.reshape(size, 30), axis=1, kind="stable"), axis=1, kind="stable")
    points = total[asked.subject, place[asked.visit]]
    items = (order < points[:, None]).reshape(size, ITEMS, 3).sum(axis=2)
    sensitive = (people["qol_response"] | (people["qol8"] <= 1)).to_numpy()[asked.subject]
    may = (asked.visit != DAY_1) & ~((asked.visit == WEEK_8) & sensitive)
    undone = may & (draws.happens(facts.whole("quality_of_life.not_done_permille"), size) | (asked.done == NOTHING) & draws.happens(500, size))
    return Answers(asked, items, undone)
