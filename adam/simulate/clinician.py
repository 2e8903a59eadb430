"""RS: what the investigator scored, with EASI items, regions and total, affected BSA, and NOT DONE records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from adam.simulate.calendar import FULL, NO_EASI, NOTHING, SHORT, Calendar, epoch, names, scored
from adam.simulate.columns import BLANK, blocks, dtc, frame, number, numerals, sequence, study_day, text, where
from adam.simulate.courses import Course
from adam.simulate.draws import Draws, Ints
from adam.simulate.signs import WEIGHTS, items
from adam.simulate.trial_facts import TrialFacts
from adam.simulate.visits import DAY_1

SIGNS = ("Erythema", "Edema/Papulation", "Excoriation", "Lichenification", "Area Score")
REGIONS = ("Head and Neck", "Upper Limbs", "Trunk", "Lower Limbs")
TESTS = (
    ("IGA0101", "IGA01-Investigator's Global Assessment", "IGA"),
    ("BSA0101", "BSA01-Affected Body Surface Area", "BSA"),
    *((f"EASI01{r * 5 + s + 1:02d}", f"EASI01-{region} {sign}", "EASI") for r, region in enumerate(REGIONS) for s, sign in enumerate(SIGNS)),
    *((f"EASI012{r + 1}", f"EASI01-{region} Region Score", "EASI") for r, region in enumerate(REGIONS)),
    ("EASI0125", "EASI01-Total Score", "EASI"),
    ("EASIALL", "EASI01-All Items", "EASI"),
)
IGA, BSA, TOTAL, ALL = 0, 1, 26, 27
DONE = {FULL: [*range(27)], SHORT: [IGA, BSA], NOTHING: [IGA, BSA, ALL], NO_EASI: [IGA, BSA, ALL]}
IGA_TERMS = ("CLEAR", "ALMOST CLEAR", "MILD", "MODERATE", "SEVERE")
SIGN_TERMS = ("NONE", "MILD", "MODERATE", "SEVERE")
AREA_TERMS = ("0%", "1-9%", "10-29%", "30-49%", "50-69%", "70-89%", "90-100%")
DERIVED = 22


def records(facts: TrialFacts, draws: Draws, people: pd.DataFrame, entry: Ints, course: Course, calendar: Calendar) -> Iterator[pd.DataFrame]:
    """RS in parts of so many subjects; the scores of all are drawn before the first part, so the parts change nothing.

    Args:
        facts: the study facts.
        draws: the stream of the domain.
        people: the subjects.
        entry: day of entry into the second period.
        course: their course.
        calendar: their visits.
    """
    lists = np.full((len(DONE), 27), -1, dtype=np.int64)
    for kind, tests in DONE.items():
        lists[kind, : len(tests)] = tests
    number = np.array([len(DONE[kind]) for kind in sorted(DONE)])
    scores = _scores(draws, people, course, calendar)
    at_visit = names(facts, calendar)
    for first, last in blocks(calendar.subject, len(people)):
        lengths = number[calendar.done[first:last]]
        visit = np.repeat(np.arange(first, last), lengths)
        within = np.arange(len(visit)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        test = lists[calendar.done[visit], within]
        undone = (calendar.done[visit] == NOTHING) | (test == ALL)
        value = np.where(undone, BLANK, scores[visit, np.minimum(test, TOTAL)])
        yield _frame(facts, people, entry, calendar, {name: column.take(visit) for name, column in at_visit.items()}, visit, test, value)


def _scores(draws: Draws, people: pd.DataFrame, course: Course, calendar: Calendar) -> Ints:
    """All scores by visit and test: BSA, regions and total in tenths, the others as they are."""
    iga, easi, bsa = (scored(course, calendar, values) for values in (course.iga, course.easi, course.bsa))
    full = calendar.done == FULL
    size = len(people)
    spread = np.stack([60 + draws.below(90, size), 70 + draws.below(160, size), 20 + draws.below(120, size), 40 + draws.below(120, size)], axis=1)
    result = np.zeros((len(iga), 27), dtype=np.int64)
    result[:, IGA], result[:, BSA] = iga, bsa
    subject = calendar.subject[full]
    area, sign = items(easi[full], bsa[full], spread[subject], people["face"].to_numpy()[subject], draws)
    cells = np.concatenate([sign, area[:, :, None]], axis=2).reshape(len(area), 20)
    region = area * sign.sum(axis=2) * WEIGHTS
    result[np.flatnonzero(full)[:, None], np.arange(2, 27)] = np.concatenate([cells, region, region.sum(axis=1)[:, None]], axis=1)
    return result


def _frame(
    facts: TrialFacts, people: pd.DataFrame, entry: Ints, calendar: Calendar, at_visit: Mapping[str, pd.Series], visit: Ints, test: Ints, value: Ints
) -> pd.DataFrame:
    subject, size = calendar.subject[visit], len(visit)
    day = calendar.day[visit]
    tenths = (test == BSA) | (test >= DERIVED)
    standard = where(value != BLANK, np.where(tenths, value, value * 10))
    undone = value == BLANK
    columns: dict[str, pd.Series | str] = {
        "STUDYID": text(people["study"].to_numpy()[subject], facts.studies),
        "DOMAIN": "RS",
        "USUBJID": text(subject, people["usubjid"].to_numpy()),
        "RSSEQ": sequence(subject),
        "RSTESTCD": text(test, [entry_[0] for entry_ in TESTS]),
        "RSTEST": text(test, [entry_[1] for entry_ in TESTS]),
        "RSCAT": text(test, [entry_[2] for entry_ in TESTS]),
        "RSORRES": _original(test, value, standard),
        "RSSTRESC": numerals(standard, 10),
        "RSSTRESN": number(standard, 10),
        "RSSTAT": text(where(undone, 0), ["NOT DONE"]),
        "RSREASND": text(where(undone, np.where(calendar.done[visit] == NOTHING, 0, 1)), ["INVESTIGATOR NOT AVAILABLE", "NOT POSSIBLE BY VIDEO"]),
        "RSEVAL": "INVESTIGATOR",
        "RSLOBXFL": text(where((calendar.visit[visit] == DAY_1) & ~undone, 0), ["Y"]),
        "RSDRVFL": text(where((test >= DERIVED) & (test <= TOTAL), 0), ["Y"]),
        **at_visit,
        "EPOCH": epoch(people, entry, subject, day),
        "RSDTC": dtc(day),
        "RSDY": number(study_day(day, people["day1"].to_numpy()[subject])),
    }
    return frame(columns, size)


def _original(test: Ints, value: Ints, standard: Ints) -> pd.Series:
    """RSORRES: the response as text for IGA, signs and areas, the number for BSA and totals."""
    terms = [*IGA_TERMS, *SIGN_TERMS, *AREA_TERMS]
    area = (test >= 2) & (test < DERIVED) & ((test - 2) % 5 == 4)
    code = np.where(test == IGA, value, np.where(area, value + 9, value + 5))
    plain = (test == BSA) | (test >= DERIVED)
    found, places = np.unique(standard, return_inverse=True)
    numbers = ["" if n == BLANK else f"{n // 10}" if n % 10 == 0 else f"{n / 10:g}" for n in found.tolist()]
    return text(np.where(value == BLANK, BLANK, np.where(plain, places + len(terms), code)), [*terms, *numbers])
