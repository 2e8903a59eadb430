"""When the subjects came: entry into the long-term safety period, drop-out, and the days of all visits."""

from __future__ import annotations

import numpy as np
import pandas as pd

from adam.simulate.columns import BLANK, day_of
from adam.simulate.draws import MILLION, Draws, Flags, Ints
from adam.simulate.subjects import working_day
from adam.simulate.trial_facts import UNSEEN, TrialFacts

SCREENING, DAY_1, WEEK_2, WEEK_4, WEEK_8, WEEK_12, WEEK_52, FOLLOW_UP = 0, 1, 2, 3, 4, 5, 15, 16
VISITS = 17
NEVER_APPLIED, NOT_ENTERED = 1, 2
"""Entry: 0 entered and applied cream, 1 entered and never applied any, 2 did not enter."""


def enter(facts: TrialFacts, draws: Draws, people: pd.DataFrame) -> pd.DataFrame:
    """Who enters the second period (`entry`) and with which strength (`second`, an arm; BLANK without entry)."""
    size = len(people)
    clear = (people["iga8"] <= 1).to_numpy()
    seen = (people["category"] != UNSEEN).to_numpy()
    state = np.where(people["excluded"] == 1, 3, np.where(people["severe"], 2, np.where(clear, 0, 1)))
    cell = np.where(seen, people["arm"] * 10 + state, -1)
    names = ("clear", "active", "severe", "excluded")
    tables = {a * 10 + i: weights for i, name in enumerate(names) for a, weights in enumerate(facts.get(f"entry.{name}"))}
    people["entry"] = np.where(
        seen, draws.levels(np.asarray(cell), tables, draws.noise(size) - 2 * MILLION * (people["iga8"].to_numpy() > 1)), NOT_ENTERED
    )
    entered = (people["entry"] != NOT_ENTERED).to_numpy()
    vehicle = entered & (people["arm"] == 0).to_numpy()
    kind = np.where(people["entry"] == NEVER_APPLIED, 2, np.where(people["excluded"] == 1, 1, np.where(people["severe"], 0, 3)))
    crossing = draws.levels(np.where(vehicle, kind, -1), dict(enumerate(facts.get("entry.crossover"))), draws.noise(size))
    people["second"] = np.where(vehicle, 1 + crossing, np.where(entered, people["arm"], BLANK))
    return people


def come(facts: TrialFacts, draws: Draws, people: pd.DataFrame) -> tuple[pd.DataFrame, Ints]:
    """The subjects with their ends (`stop`: last day under treatment, `last_visit`), and the days of their visits.

    Returns:
        The subjects, and days since 1970-01-01 by subject and visit, BLANK where the subject did not come.
    """
    size = len(people)
    planned = np.array([0, *facts.column("visits.days")], dtype=np.int64)
    jitter = np.array([0, 0, 2, 2, 3, *[5] * 11], dtype=np.int64)
    offsets = draws.below(2 * jitter[None, :] + 1, (size, len(jitter))) - jitter
    days = working_day(people["day1"].to_numpy()[:, None] + planned[None, :] - 1 + offsets)
    days[:, SCREENING] = working_day(people["consent"].to_numpy() + draws.below(3, size))
    days[:, DAY_1] = people["day1"].to_numpy()
    entered = (people["entry"] != NOT_ENTERED).to_numpy()
    there = np.ones((size, VISITS - 1), dtype=bool)
    there[:, WEEK_12:] = entered[:, None] & _survival(facts, draws, people)
    unseen = (people["category"] == UNSEEN).to_numpy()
    at8 = unseen & draws.happens(facts.whole("visits.unseen_but_there"), size)
    last = WEEK_8 + there[:, WEEK_12:].sum(axis=1)
    stop = np.where(last == WEEK_52, days[:, WEEK_52], days[np.arange(size), last])
    later = np.minimum(days[np.arange(size), np.minimum(last + 1, WEEK_52)] - 4, stop + 20)
    quits = entered & (last < WEEK_52)
    stop = np.where(quits, stop + 1 + draws.below(np.maximum(later - stop, 1)), stop)
    dropped = unseen & ~at8
    stop = np.where(dropped, people["day1"] + 2 + draws.below(46, size), stop)
    there[:, :WEEK_12] &= ~dropped[:, None] | (days[:, :WEEK_12] <= stop[:, None])
    people["at_week8"], people["dropped"], people["stop"] = at8, dropped, stop
    people["completed"] = entered & (last == WEEK_52)
    return people, np.where(there, days, BLANK)


def _survival(facts: TrialFacts, draws: Draws, people: pd.DataFrame) -> Flags:
    """Still in the study at each visit from Week 12: by fixed numbers for the severely ill of the disease control population."""
    size = len(people)
    special = control(people) & people["severe"].to_numpy()
    cell = np.where(special, people["second"], 0)
    seen = facts.get("severe.seen")
    alive = np.ones(size, dtype=bool)
    stays = facts.whole("visits.stays_permille")
    columns = []
    for v in range(WEEK_52 - WEEK_12 + 1):
        shares = {s + 1: [row[v], row[max(v - 1, 0)]] for s, row in enumerate(seen)}
        among = np.where(alive & special, cell, -1)
        alive = alive & np.where(special, draws.taken(among, shares, draws.noise(size)), draws.happens(stays, size))
        columns.append(alive)
    return np.stack(columns, axis=1)


def control(people: pd.DataFrame) -> Flags:
    """The disease control population: applied cream in the second period, not at the excluded site."""
    return ((people["entry"] == 0) & (people["excluded"] == 0)).to_numpy()


def miss(facts: TrialFacts, draws: Draws, people: pd.DataFrame, days: Ints) -> tuple[Ints, Flags]:
    """Visits between that were missed, more often in the pandemic; and follow-up visits.

    Returns:
        The days of all 17 visits, and where the pandemic was the reason for a missed visit.
    """
    size = len(people)
    start, end = day_of(facts.get("pandemic.first")), day_of(facts.get("pandemic.last"))
    pandemic = (days >= start) & (days <= end)
    often = np.where(pandemic, facts.whole("pandemic.missed_permille"), facts.whole("visits.missed_permille"))
    may = np.zeros(days.shape, dtype=bool)
    may[:, WEEK_2:WEEK_8] = True
    may[:, WEEK_12:WEEK_52] = ~(people["severe"].to_numpy() & control(people))[:, None]
    missed = may & (days != BLANK) & draws.happens(often, days.shape)
    people["disposition"] = _reasons(facts, draws, people)
    likely = np.where(people["disposition"] == 0, facts.whole("visits.follow_up_completed"), facts.whole("visits.follow_up_stopped"))
    lost = people["disposition"].to_numpy() == list(facts.get("reasons.terms")).index("LOST TO FOLLOW-UP")
    safety = draws.happens(likely, size) & ~lost
    follow = np.where(safety, working_day(people["stop"].to_numpy() + 30 + draws.below(5, size)), BLANK)
    people["end"] = np.where(safety, follow, people["stop"])
    return np.concatenate([np.where(missed, BLANK, days), follow[:, None]], axis=1), missed & pandemic


def _reasons(facts: TrialFacts, draws: Draws, people: pd.DataFrame) -> Ints:
    """How it ended: position in `reasons.terms`; 0 is COMPLETED, 1 ADVERSE EVENT."""
    size = len(people)
    arm = people["arm"].to_numpy()
    vehicle_like = np.minimum(arm, 1)
    early = np.where(vehicle_like == 0, draws.pick(facts.get("reasons.early.0"), size), draws.pick(facts.get("reasons.early.1"), size))
    late = draws.pick(facts.get("reasons.late"), size)
    entered = (people["entry"] != NOT_ENTERED).to_numpy()
    reason = np.where(people["completed"], 0, np.where(entered, late, early))
    plain = ~people["severe"].to_numpy() & (people["excluded"] == 0).to_numpy()
    may = people["dropped"].to_numpy() & plain
    safety = np.where(may, arm, -1)
    ill = np.zeros(size, dtype=bool)
    for a, number in enumerate(facts.get("reasons.adverse_event_early")):
        here = np.where((arm == a) & (people["excluded"] == 0).to_numpy(), 0, -1)
        ill |= draws.taken(here, {0: number}, draws.noise(size), safety == a)
    severe_or_not = np.where(plain & entered & ~people["completed"].to_numpy(), 0, -1)
    treated = (people["entry"] != NEVER_APPLIED).to_numpy()  # no event of the second period without cream
    ill |= draws.taken(severe_or_not, {0: facts.get("reasons.adverse_event_late")}, draws.noise(size), treated)
    return np.where(ill, 1, reason)
