"""QS: DLQI and CDLQI items, scores and NOT DONE records, and the itch diary."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from adam.simulate.calendar import Calendar, epoch, names
from adam.simulate.columns import BLANK, blocks, dtc, frame, number, sequence, study_day, text, where
from adam.simulate.diary import Means, scores
from adam.simulate.draws import Draws, Ints
from adam.simulate.quality import Answers
from adam.simulate.trial_facts import TrialFacts
from adam.simulate.visits import DAY_1

DLQI_TESTS = (
    ("DLQI101", "DLQI1-How Itchy, Sore, Painful, Stinging"),
    ("DLQI102", "DLQI1-How Embarrassed, Self Conscious"),
    ("DLQI103", "DLQI1-Interfered Shopping, Home, Yard"),
    ("DLQI104", "DLQI1-Influenced Clothes You Wear"),
    ("DLQI105", "DLQI1-Affected Social, Leisure Activity"),
    ("DLQI106", "DLQI1-Made It Difficult to Do Any Sports"),
    ("DLQI107", "DLQI1-Prevented Working or Studying"),
    ("DLQI107A", "DLQI1-Problem at Work or Studying"),
    ("DLQI108", "DLQI1-Problem Partner, Friends, Relative"),
    ("DLQI109", "DLQI1-Caused Any Sexual Difficulties"),
    ("DLQI110", "DLQI1-How Much a Problem is Treatment"),
    ("DLQI111", "DLQI1-Score"),
    ("DLQI112", "DLQI1-Symptoms and Feelings Subscore"),
    ("DLQI113", "DLQI1-Daily Activities Subscore"),
    ("DLQI114", "DLQI1-Leisure Subscore"),
    ("DLQI115", "DLQI1-Work and School Subscore"),
    ("DLQI116", "DLQI1-Personal Relationships Subscore"),
    ("DLQI117", "DLQI1-Treatment Subscore"),
    ("DLQIALL", "DLQI1-All Items"),
)
CDLQI_TESTS = (
    ("CDLQ101", "CDLQ1-How Itchy, Scratchy, Sore, Painful"),
    ("CDLQ102", "CDLQ1-Embarrassed, Self Conscious, Upset"),
    ("CDLQ103", "CDLQ1-Affected Friendships"),
    ("CDLQ104", "CDLQ1-Special Clothes or Shoes"),
    ("CDLQ105", "CDLQ1-Going Out, Playing, Hobbies"),
    ("CDLQ106", "CDLQ1-Swimming or Other Sports"),
    ("CDLQ107", "CDLQ1-Affected School Work"),
    ("CDLQ107B", "CDLQ1-Interfered Holiday"),
    ("CDLQ108", "CDLQ1-Trouble, Called Names, Bullied"),
    ("CDLQ109", "CDLQ1-Affected Sleep"),
    ("CDLQ110", "CDLQ1-How Much a Problem is Treatment"),
    ("CDLQ111", "CDLQ1-Score"),
    ("CDLQALL", "CDLQ1-All Items"),
)
TESTS = (
    *((*t, "DLQI") for t in DLQI_TESTS),
    *((*t, "CDLQ") for t in CDLQI_TESTS),
    ("ITCH0101", "ITCH01-Worst Itch in the Past 24 Hours", "ITCH NRS"),
)
DLQI, CDLQI, ITCH = 0, len(DLQI_TESTS), len(TESTS) - 1
CHILD_TEXTS = ("NOT AT ALL", "ONLY A LITTLE", "QUITE A LOT", "VERY MUCH")
ADULT_TEXTS = ("NOT AT ALL", "A LITTLE", "A LOT", "VERY MUCH")
WORDS = (*map(str, range(31)), *ADULT_TEXTS, *CHILD_TEXTS, "YES", "NO", "NOT RELEVANT")
ADULT, CHILD, YES, NO, NOT_RELEVANT = 31, 35, 39, 40, 41

Records = dict[str, Ints]


def records(facts: TrialFacts, draws: Draws, people: pd.DataFrame, entry: Ints, answers: Answers, weeks: Means) -> Iterator[pd.DataFrame]:
    """QS in parts of so many subjects, in the order of subjects and days; what is answered is drawn before the first part."""
    child = people["child"].to_numpy()[answers.calendar.subject]
    parts = [_adult(draws, answers, ~child), _children(people, answers, child), _undone(answers, child), _diary(draws, people, weeks)]
    rows = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    order = np.lexsort((rows["test"], rows["day"], rows["subject"]))
    rows = {name: column[order] for name, column in rows.items()}
    at_visit = names(facts, answers.calendar)
    for first, last in blocks(rows["subject"], len(people)):
        yield _frame(facts, people, entry, answers.calendar, at_visit, {name: column[first:last] for name, column in rows.items()})


def _rows(answers: Answers, visit: Ints, test: Ints, original: Ints, result: Ints, value: Ints) -> Records:
    calendar = answers.calendar
    nothing = np.full(len(visit), BLANK)
    return {
        "subject": calendar.subject[visit], "visit": visit, "day": calendar.day[visit], "minute": nothing,
        "test": test, "original": original, "result": result, "value": value,
    }  # fmt: skip


def _adult(draws: Draws, answers: Answers, flags: np.ndarray) -> Records:
    """DLQI: eleven items, one of them with a second question, the score and six subscores."""
    which = np.flatnonzero(flags & ~answers.undone)
    item = answers.items[which]
    size = len(which)
    test = np.tile(np.arange(18), (size, 1))
    value = np.zeros((size, 18), dtype=np.int64)
    value[:, :6], value[:, 8:11] = item[:, :6], item[:, 7:]
    value[:, 6] = value[:, 7] = item[:, 6]
    value[:, 11] = item.sum(axis=1)
    for place, (first, last) in enumerate(((0, 2), (2, 4), (4, 6), (6, 7), (7, 9), (9, 10)), start=12):
        value[:, place] = item[:, first:last].sum(axis=1)
    original = np.where(test < 11, value + ADULT, value)
    optional = np.isin(test, [2, 3, 4, 5, 8, 9, 10])
    original = np.where(optional & (value == 0) & draws.happens(120, value.shape), NOT_RELEVANT, original)
    idle = (item[:, 6] == 0) & draws.happens(300, size)
    original[:, 6] = np.where(item[:, 6] == 3, YES, np.where(idle, NOT_RELEVANT, NO))
    result = value.copy()
    result[:, 6] = original[:, 6]
    value[:, 6] = np.where(original[:, 6] == NO, BLANK, value[:, 6])
    there = np.ones((size, 18), dtype=bool)
    there[:, 7] = original[:, 6] == NO
    visit = np.repeat(which[:, None], 18, axis=1)
    return _rows(answers, visit[there], DLQI + test[there], original[there], result[there], value[there])


def _children(people: pd.DataFrame, answers: Answers, flags: np.ndarray) -> Records:
    """CDLQI: ten items, the seventh on school or, in summer, on holidays, and the score."""
    which = np.flatnonzero(flags & ~answers.undone)
    item = answers.items[which]
    month = answers.calendar.day[which].astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12
    holiday = np.isin(month, [6, 7])
    test = np.tile(np.array([0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 11]), (len(which), 1))
    test[:, 6] += holiday
    value = np.concatenate([item, item.sum(axis=1)[:, None]], axis=1)
    original = np.where(test < 11, value + CHILD, value)
    visit = np.repeat(which[:, None], 11, axis=1)
    return _rows(answers, visit.ravel(), CDLQI + test.ravel(), original.ravel(), value.ravel(), value.ravel())


def _undone(answers: Answers, child: np.ndarray) -> Records:
    which = np.flatnonzero(answers.undone)
    nothing = np.full(len(which), BLANK)
    return _rows(answers, which, np.where(child[which], CDLQI + 12, DLQI + 18), nothing, nothing, nothing)


def _diary(draws: Draws, people: pd.DataFrame, weeks: Means) -> Records:
    subject, day, value = scores(draws, people, weeks)
    size = len(subject)
    return {
        "subject": subject, "visit": np.full(size, BLANK), "day": day, "minute": 19 * 60 + 5 * draws.below(48, size),
        "test": np.full(size, ITCH), "original": value, "result": value, "value": value,
    }  # fmt: skip


def _frame(
    facts: TrialFacts, people: pd.DataFrame, entry: Ints, calendar: Calendar, at_visit: Mapping[str, pd.Series], rows: Records
) -> pd.DataFrame:
    subject, test, visit = rows["subject"], rows["test"], rows["visit"]
    diary = test == ITCH
    visits = {name: column.take(np.where(diary, 0, visit)).reset_index(drop=True) for name, column in at_visit.items()}
    undone = rows["result"] == BLANK
    day1 = people["day1"].to_numpy()[subject]
    last = ~diary & ~undone & (calendar.visit[np.where(diary, 0, visit)] == DAY_1)
    columns: dict[str, pd.Series | str] = {
        "STUDYID": text(people["study"].to_numpy()[subject], facts.studies),
        "DOMAIN": "QS",
        "USUBJID": text(subject, people["usubjid"].to_numpy()),
        "QSSEQ": sequence(subject),
        "QSTESTCD": text(test, [entry_[0] for entry_ in TESTS]),
        "QSTEST": text(test, [entry_[1] for entry_ in TESTS]),
        "QSCAT": text(test, [entry_[2] for entry_ in TESTS]),
        "QSORRES": text(rows["original"], WORDS),
        "QSSTRESC": text(rows["result"], WORDS),
        "QSSTRESN": number(rows["value"]),
        "QSSTAT": text(where(undone, 0), ["NOT DONE"]),
        "QSREASND": text(where(undone, 0), ["SUBJECT DID NOT ANSWER"]),
        "QSLOBXFL": text(where(last, 0), ["Y"]),
        "QSDRVFL": text(where(((test > DLQI + 10) & (test < DLQI + 18)) | (test == CDLQI + 11), 0), ["Y"]),
        "VISITNUM": visits["VISITNUM"].where(~diary),
        "VISIT": visits["VISIT"].where(~diary, ""),
        "VISITDY": visits["VISITDY"].where(~diary),
        "EPOCH": epoch(people, entry, subject, rows["day"]),
        "QSDTC": dtc(rows["day"], rows["minute"]),
        "QSDY": number(study_day(rows["day"], day1)),
        "QSEVLINT": text(diary.astype(np.int64), ["-P1W", "-PT24H"]),
    }
    return frame(columns, len(subject))
