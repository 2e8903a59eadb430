"""QS: the items and scores of questionnaires, NOT DONE records, and a daily diary."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from adam.simulation.calendar import Calendar, epoch, names
from adam.simulation.columns import BLANK, blocks, dtc, frame, number, sequence, study_day, text, where
from adam.simulation.diary import scores
from adam.simulation.draws import Ints
from adam.simulation.formula import values
from adam.simulation.instrument import Instrument, Rows, Test
from adam.simulation.item_scores import ItemScores, score_items
from adam.simulation.scope import Scope
from adam.simulation.trial import Trial
from adam.simulation.trial_facts import TrialFacts


def records(trial: Trial) -> Iterator[pd.DataFrame]:
    """QS in parts by subjects, in the order of days; all answers are drawn before the first part."""
    scope = trial.scope("QS")
    instruments = _instruments(trial.facts)
    tests = [test for instrument in instruments for test in instrument.tests]
    parts, item_scores = [], None
    if instruments:
        item_scores = score_items(scope, trial.calendar)
        parts = [*_answered_records(scope, instruments, item_scores)]
    if trial.facts.optional("diary") is not None:
        parts.append(_diary_records(scope, len(tests)))
        tests.append(_diary_test(trial.facts))
    rows = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    order = np.lexsort((rows["test"], rows["day"], rows["subject"]))
    rows = {name: column[order] for name, column in rows.items()}
    calendar = trial.calendar if item_scores is None else item_scores.calendar
    at_visit = names(trial.facts, calendar)
    for first, last in blocks(rows["subject"], trial.people.size):
        yield _frame(trial, scope, tests, calendar, at_visit, {name: column[first:last] for name, column in rows.items()})


def _instruments(facts: TrialFacts) -> list[Instrument]:
    """The questionnaires of the study; their tests are numbered one after the other."""
    found: list[Instrument] = []
    for block in facts.optional("questionnaires.instruments", []):
        found.append(Instrument(block, sum(len(instrument.tests) for instrument in found)))
    return found


def _answered_records(scope: Scope, instruments: list[Instrument], item_scores: ItemScores) -> Iterator[Rows]:
    """The records of each instrument; then NOT DONE for those without an answer."""
    calendar, undone = item_scores.calendar, np.full(len(item_scores.undone), -1, dtype=np.int64)
    for instrument in instruments:
        own = values(instrument.block.get("who", "1 == 1"), scope).astype(np.bool_)[calendar.subject]
        undone[own & item_scores.undone] = instrument.not_done
        yield instrument.records(scope.draws, calendar, item_scores.items, np.flatnonzero(own & ~item_scores.undone))
    which = np.flatnonzero(undone >= 0)
    nothing = np.full(len(which), BLANK)
    yield {
        "subject": calendar.subject[which], "visit": which, "day": calendar.day[which], "minute": nothing,
        "test": undone[which], "original": nothing, "result": nothing, "value": nothing,
    }  # fmt: skip


def _diary_records(scope: Scope, test: int) -> Rows:
    subject, day, value = scores(scope)
    size = len(subject)
    minute = values(scope.facts.get("diary.minute"), Scope(scope.facts, scope.draws, scope.population, local={"subject": subject, "day": day}))
    return {
        "subject": subject, "visit": np.full(size, BLANK), "day": day, "minute": minute,
        "test": np.full(size, test), "original": value, "result": value, "value": value,
    }  # fmt: skip


def _diary_test(facts: TrialFacts) -> Test:
    code, name, category, interval = (str(facts.get(f"diary.{key}")) for key in ("code", "name", "category", "interval"))
    return Test(code, name, category, interval)


def _frame(trial: Trial, scope: Scope, tests: list[Test], calendar: Calendar, at_visit: Mapping[str, pd.Series], rows: Rows) -> pd.DataFrame:
    subject, test, visit = rows["subject"], rows["test"], rows["visit"]
    unplanned = visit == BLANK
    place = np.where(unplanned, 0, visit)
    visits = {name: column.take(place).reset_index(drop=True) for name, column in at_visit.items()}
    undone = rows["result"] == BLANK
    last = ~unplanned & ~undone & (calendar.visit[place] == trial.facts.visit(str(trial.facts.get("visits.first_dose"))))
    terms = list(dict.fromkeys(term for entry in tests for term in entry.terms))
    columns: dict[str, pd.Series | str] = {
        **trial.identity("QS", subject),
        "QSSEQ": sequence(subject),
        "QSTESTCD": text(test, [entry.code for entry in tests]),
        "QSTEST": text(test, [entry.name for entry in tests]),
        "QSCAT": text(test, [entry.category for entry in tests]),
        "QSORRES": _result(tests, test, rows["original"], terms),
        "QSSTRESC": _result(tests, test, rows["result"], terms),
        "QSSTRESN": number(rows["value"]),
        "QSSTAT": text(where(undone, 0), ["NOT DONE"]),
        "QSREASND": text(where(undone, 0), ["SUBJECT DID NOT ANSWER"]),
        "QSLOBXFL": text(where(last, 0), ["Y"]),
        "QSDRVFL": text(where(np.array([entry.derived for entry in tests])[test], 0), ["Y"]),
        "VISITNUM": visits["VISITNUM"].where(~unplanned),
        "VISIT": visits["VISIT"].where(~unplanned, ""),
        "VISITDY": visits["VISITDY"].where(~unplanned),
        "EPOCH": epoch(scope, subject, rows["day"]),
        "QSDTC": dtc(rows["day"], rows["minute"]),
        "QSDY": number(study_day(rows["day"], trial.people["day1"][subject])),
        "QSEVLINT": text(test, [entry.interval for entry in tests]),
    }
    return frame(columns, len(subject))


def _result(tests: list[Test], test: Ints, code: Ints, terms: list[str]) -> pd.Series:
    """The number as text; a negative code -1, -2 ... is the first, second ... term of the test."""
    highest = int(code.max(initial=0))
    table = np.full((len(tests), max((len(entry.terms) for entry in tests), default=0) + 1), BLANK, dtype=np.int64)
    for row, entry in enumerate(tests):
        table[row, 1 : len(entry.terms) + 1] = [highest + 1 + terms.index(term) for term in entry.terms]
    termed = (code < 0) & (code != BLANK)
    return text(np.where(termed, table[test, np.where(termed, -code, 0)], code), [*map(str, range(highest + 1)), *terms])
