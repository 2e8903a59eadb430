"""EX: cream twice a day up to Week 8, then as needed with gaps; late starts and subjects who never applied any."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from adam.simulate.calendar import EPOCHS
from adam.simulate.columns import BLANK, dtc, frame, number, sequence, study_day, text
from adam.simulate.courses import Course
from adam.simulate.draws import MILLION, Draws, Ints
from adam.simulate.trial_facts import TrialFacts
from adam.simulate.visits import NEVER_APPLIED, WEEK_2, WEEK_4, WEEK_8, WEEK_52

INTERVAL, INTERVALS = 28, 11
TREATMENTS = ("VEHICLE CREAM", "RUXOLITINIB CREAM", "RUXOLITINIB CREAM")
DOSES = (0, 75, 150)
"""Strength in hundredths of a percent, by arm."""


@dataclass(frozen=True)
class Doses:
    """Courses of treatment in the order of subjects and days: first and last day, arm of the cream, and the period (1, 2)."""

    subject: Ints
    start: Ints
    end: Ints
    arm: Ints
    period: Ints


def apply(facts: TrialFacts, draws: Draws, people: pd.DataFrame, days: Ints, course: Course, entry: Ints) -> Doses:
    """What every subject applied, and when."""
    first = _first_period(people, days, entry)
    second = _second_period(facts, draws, people, course, entry)
    columns = [np.concatenate(pair) for pair in zip(first, second, strict=True)]
    order = np.lexsort((columns[1], columns[0]))
    return Doses(*(column[order] for column in columns))


def _first_period(people: pd.DataFrame, days: Ints, entry: Ints) -> tuple[Ints, ...]:
    """A record for each interval between visits; nobody who entered applies cream of the first period on the day of entry."""
    day1 = people["day1"].to_numpy()
    planned = day1[:, None] + np.array([0, 14, 28])
    seen = days[:, [WEEK_2, WEEK_4]]
    start = np.concatenate([planned[:, :1], np.where(seen == BLANK, planned[:, 1:], seen)], axis=1)
    week8 = days[:, WEEK_8]
    last = np.where(entry != BLANK, entry - 1, np.where(week8 == BLANK, people["stop"], week8))
    end = np.minimum(np.concatenate([start[:, 1:] - 1, last[:, None]], axis=1), last[:, None])
    subject, place = np.nonzero(end >= start)
    return subject, start[subject, place], end[subject, place], people["arm"].to_numpy()[subject], np.ones(len(subject), dtype=np.int64)


def _second_period(facts: TrialFacts, draws: Draws, people: pd.DataFrame, course: Course, entry: Ints) -> tuple[Ints, ...]:
    """One course of cream at most in each four weeks: longer the worse the IGA they begin with; who is ill starts at once."""
    applied = np.flatnonzero((entry != BLANK) & (people["entry"] != NEVER_APPLIED).to_numpy())
    size = len(applied)
    iga = course.iga[applied, WEEK_8:WEEK_52]
    late = draws.taken(np.zeros(size, dtype=np.int64), {0: facts.get("exposure.late")}, draws.noise(size) - iga[:, 0] * MILLION // 2)
    late &= people["stop"].to_numpy()[applied] > entry[applied] + 70
    first = entry[applied] + np.where(late, 8 + draws.below(50, size), draws.pick([70, 15, 10, 5], size))
    stop = people["stop"].to_numpy()[applied]
    first = np.minimum(first, stop)
    usual = facts.whole("exposure.off_permille")
    own = usual - 250 + draws.below(501, size)
    off = own[:, None] + np.array(facts.get("exposure.off_by_iga"))[iga] + draws.below(201, iga.shape) - 100
    on = INTERVAL - np.clip(off, 0, 1000) * INTERVAL // 1000
    lead = (INTERVAL - on) * draws.noise(iga.shape) // MILLION
    begin = entry[applied][:, None] + INTERVAL * np.arange(INTERVALS)
    start = np.maximum(begin + lead, first[:, None])
    opening = (first[:, None] >= begin) & (first[:, None] < begin + INTERVAL)
    start = np.where(opening, first[:, None], start)
    end = np.where(opening, np.maximum(start + on - 1, start), begin + lead + on - 1)
    limit = np.minimum(begin + INTERVAL - 1, stop[:, None])
    end = np.minimum(end, limit)
    row, place = np.nonzero(end >= start)
    subject = applied[row]
    return subject, start[row, place], end[row, place], people["second"].to_numpy()[subject], np.full(len(row), 2, dtype=np.int64)


def limits(people: pd.DataFrame, doses: Doses) -> tuple[Ints, Ints]:
    """First and last day of treatment of every subject, BLANK without any."""
    first, last = np.full(len(people), BLANK), np.full(len(people), BLANK)
    first[doses.subject[::-1]] = doses.start[::-1]
    np.maximum.at(last, doses.subject, doses.end)
    return first, last


def records(facts: TrialFacts, people: pd.DataFrame, doses: Doses) -> pd.DataFrame:
    """EX; the first application has its time."""
    subject, size = doses.subject, len(doses.subject)
    day1 = people["day1"].to_numpy()[subject]
    opening = doses.start == day1
    minute = np.where(opening, people["dose_minute"].to_numpy()[subject], BLANK)
    columns: dict[str, pd.Series | str] = {
        "STUDYID": text(people["study"].to_numpy()[subject], facts.studies),
        "DOMAIN": "EX",
        "USUBJID": text(subject, people["usubjid"].to_numpy()),
        "EXSEQ": sequence(subject),
        "EXTRT": text(doses.arm, TREATMENTS),
        "EXDOSE": number(np.array(DOSES)[doses.arm], 100),
        "EXDOSU": "%",
        "EXDOSFRM": "CREAM",
        "EXDOSFRQ": "BID",
        "EXROUTE": "TOPICAL",
        "EPOCH": text(doses.period, EPOCHS),
        "EXSTDTC": dtc(doses.start, minute),
        "EXENDTC": dtc(doses.end),
        "EXSTDY": number(study_day(doses.start, day1)),
        "EXENDY": number(study_day(doses.end, day1)),
    }
    return frame(columns, size)
