"""The daily itch diary: the means before the visits as drawn, days between them on the way from one to the next."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from adam.simulate.columns import BLANK
from adam.simulate.draws import LAST, Draws, Ints
from adam.simulate.responses import cell_of, shares
from adam.simulate.trial_facts import TrialFacts
from adam.simulate.visits import WEEK_2, WEEK_4, WEEK_8

BEFORE, AFTER = 29, 66
"""Columns of the diary: days before Day 1, and from Day 1 on."""
WEEK = 7


@dataclass(frozen=True)
class Means:
    """Sum and number of the scores in the seven days before Day 1 and Weeks 2, 4 and 8, and the day each week ends before."""

    total: Ints
    days: Ints
    anchor: Ints


def means(facts: TrialFacts, draws: Draws, people: pd.DataFrame, days: Ints) -> Means:
    """The four weeks of each subject; Week 2 has its own quota of 4-point responses."""
    size = len(people)
    number = np.stack([people["itch_days0"], *(4 + draws.pick(facts.get("itch.days_4_to_7"), size) for _ in range(2)), people["itch_days8"]], axis=1)
    first, before = people["itch_sum0"].to_numpy(), np.maximum(people["itch_days0"].to_numpy(), 1)
    last, after = people["itch_sum8"].to_numpy(), people["itch_days8"].to_numpy()
    base, goal = first * 1000 // before, last * 1000 // after
    total = np.zeros((size, 4), dtype=np.int64)
    total[:, 0], total[:, 3] = first, last
    for i, name in ((1, "week2"), (2, "week4")):
        way = np.clip(facts.whole(f"itch.{name}_percent") + draws.below(41, size) - 20, 0, 100)
        total[:, i] = np.clip(((base - (base - goal) * way // 100) * number[:, i] + 500) // 1000, 0, 10 * number[:, i])
    level = people["itch_class"].to_numpy()
    drop = base * number[:, 1] - total[:, 1] * 1000
    cell = np.where(level == 0, cell_of(people), -1)
    early = draws.taken(
        cell, shares(facts, "itch.four_points_week2"), drop + LAST * people["itch4"].to_numpy(), people["open"].to_numpy() & (level == 0)
    )
    limit = (first - 4 * before) * number[:, 1] // before
    total[:, 1] = np.where(early, np.minimum(total[:, 1], limit), np.where(level == 0, np.maximum(total[:, 1], limit + 1), total[:, 1]))
    day1 = people["day1"].to_numpy()
    visits = np.stack([days[:, v] for v in (WEEK_2, WEEK_4, WEEK_8)], axis=1)
    visits[people["at_week8"].to_numpy(), 2] = BLANK  # nothing was scored there, so the target day counts
    anchor = np.where(visits == BLANK, day1[:, None] + np.array([14, 28, 56]), visits)
    return Means(total, number, np.concatenate([day1[:, None], anchor], axis=1))


def scores(draws: Draws, people: pd.DataFrame, weeks: Means) -> tuple[Ints, Ints, Ints]:
    """The diary entries of some subjects.

    Returns:
        Subject, day and score (0 to 10) of every entry, in order.
    """
    size, width = len(people), BEFORE + AFTER
    day1 = people["day1"].to_numpy()
    offset = np.arange(-BEFORE, AFTER)[None, :]
    values = _between(draws, weeks, day1, size, width)
    values = np.where(draws.happens(880, (size, width)), values, BLANK)
    for i in range(4):
        pattern = _week(draws, weeks.total[:, i], weeks.days[:, i])
        column = (weeks.anchor[:, i] - day1 + BEFORE - WEEK)[:, None] + np.arange(WEEK)
        values[np.arange(size)[:, None], column] = pattern
    last = np.minimum(weeks.anchor[:, 3] - 1, people["stop"].to_numpy())
    inside = (offset > (people["consent"].to_numpy() - day1)[:, None]) & (offset <= (last - day1)[:, None])
    subject, place = np.nonzero(inside & (values != BLANK))
    return subject, day1[subject] + place - BEFORE, values[subject, place]


def _between(draws: Draws, weeks: Means, day1: Ints, size: int, width: int) -> Ints:
    """Every day's score on the straight way between the middles of two weeks, one point up or down at times."""
    mean = weeks.total * 100 // np.maximum(weeks.days, 1)
    middle = weeks.anchor - day1[:, None] - 4
    offset = np.arange(-BEFORE, AFTER)[None, :]
    target = np.repeat(mean[:, :1], width, axis=1)
    for i in range(3):
        start, end = middle[:, i : i + 1], middle[:, i + 1 : i + 2]
        part = np.clip(offset - start, 0, end - start)
        target += (mean[:, i + 1 : i + 2] - mean[:, i : i + 1]) * part // (end - start)
    jitter = draws.pick([2, 6, 2], (size, width)) - 1
    return np.clip((target + 50) // 100 + jitter, 0, 10)


def _week(draws: Draws, total: Ints, days: Ints) -> Ints:
    """Seven days of which `days` have scores that add up to `total`; BLANK on the others."""
    rank = np.argsort(np.argsort(draws.noise((len(total), WEEK)), axis=1, kind="stable"), axis=1, kind="stable")
    number = np.maximum(days, 1)
    low = (total // number)[:, None]
    value = low + (rank < (total % number)[:, None])
    swing = ((low >= 1) & (low <= 8))[:, 0] & draws.happens(600, len(total))
    for up, down in ((0, 3), (1, 2)):
        both = swing & (days > max(up, down))
        value = value + np.where(rank == up, both[:, None], 0) - np.where(rank == down, both[:, None], 0)
    return np.where(rank < days[:, None], value, BLANK)
