"""A daily diary: the study gives the sums of the weeks before some visits; the days between lead from one week to the next."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from adam.simulation.columns import BLANK
from adam.simulation.draws import Draws, Ints
from adam.simulation.formula import values
from adam.simulation.scope import Scope

WEEK = 7


@dataclass(frozen=True)
class DiaryWeeks:
    """By subject and week: sum and number of its scores, and the day it ends before; then the highest score, and days before and after Day 1."""

    total: Ints
    days: Ints
    anchor: Ints
    highest: int
    before: int
    after: int


def scores(scope: Scope) -> tuple[Ints, Ints, Ints]:
    """The diary entries of the subjects.

    Returns:
        Subject, day and score of every entry, in order.
    """
    facts, people, draws = scope.facts, scope.population, scope.draws
    places = facts.places(facts.get("diary.visits"))
    total, days, anchor = (people[str(facts.get(f"diary.{key}"))][:, places] for key in ("sum", "days", "anchor"))
    weeks = DiaryWeeks(total, days, anchor, *(facts.integer(f"diary.{key}") for key in ("highest", "days_before", "days_after")))
    day1, size = people["day1"], people.size
    offset = np.arange(-weeks.before, weeks.after)[None, :]
    found = _between(draws, weeks, day1, [int(weight) for weight in facts.get("diary.jitter")])
    found = np.where(draws.happens(facts.integer("diary.kept_permille"), found.shape), found, BLANK)
    for i in range(len(places)):
        pattern = _week(draws, weeks, i, facts.integer("diary.swing_permille"))
        column = (weeks.anchor[:, i] - day1 + weeks.before - WEEK)[:, None] + np.arange(WEEK)
        found[np.arange(size)[:, None], column] = pattern
    last = values(facts.get("diary.until"), scope)
    inside = (offset > (people["consent"] - day1)[:, None]) & (offset <= (last - day1)[:, None])
    subject, place = np.nonzero(inside & (found != BLANK))
    return subject, day1[subject] + place - weeks.before, found[subject, place]


def _between(draws: Draws, weeks: DiaryWeeks, day1: Ints, jitter: list[int]) -> Ints:
    """The score of every day, interpolated between the middles of two weeks, with jitter."""
    size, width = len(day1), weeks.before + weeks.after
    mean = weeks.total * 100 // np.maximum(weeks.days, 1)
    middle = weeks.anchor - day1[:, None] - (WEEK + 1) // 2
    offset = np.arange(-weeks.before, weeks.after)[None, :]
    target = np.repeat(mean[:, :1], width, axis=1)
    for i in range(mean.shape[1] - 1):
        start, end = middle[:, i : i + 1], middle[:, i + 1 : i + 2]
        part = np.clip(offset - start, 0, end - start)
        target += (mean[:, i + 1 : i + 2] - mean[:, i : i + 1]) * part // (end - start)
    return np.clip((target + 50) // 100 + draws.pick(jitter, (size, width)) - len(jitter) // 2, 0, weeks.highest)


def _week(draws: Draws, weeks: DiaryWeeks, place: int, swing_permille: int) -> Ints:
    """A week in which as many days as given have scores that add up to the total; BLANK on the other days."""
    total, days = weeks.total[:, place], weeks.days[:, place]
    rank = np.argsort(np.argsort(draws.noise((len(total), WEEK)), axis=1, kind="stable"), axis=1, kind="stable")
    number = np.maximum(days, 1)
    low = (total // number)[:, None]
    value = low + (rank < (total % number)[:, None])
    swing = ((low >= 1) & (low <= weeks.highest - 2))[:, 0] & draws.happens(swing_permille, len(total))
    for up, down in ((0, 3), (1, 2)):
        both = swing & (days > max(up, down))
        value = value + np.where(rank == up, both[:, None], 0) - np.where(rank == down, both[:, None], 0)
    return np.where(rank < days[:, None], value, BLANK)
