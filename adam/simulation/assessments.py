"""RS: the assessments of the clinician: scores, an index with its items by region, and NOT DONE records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from adam.simulation.calendar import ALL, NOTHING, Calendar, epoch, names, values_at
from adam.simulation.columns import BLANK, blocks, dtc, frame, number, numerals, sequence, study_day, text, where
from adam.simulation.draws import Ints
from adam.simulation.scope import Scope
from adam.simulation.trial import Trial
from adam.simulation.trial_facts import TrialFacts
from adam.simulation.weighted_index import Index


@dataclass(frozen=True)
class Test:
    """A test of RS: its code, name and category, the terms of its results or the unit of its numbers, and whether it is derived from others."""

    code: str
    name: str
    category: str
    terms: tuple[str, ...] = ()
    unit: int = 1
    derived: bool = False


class Tests:
    """The tests of the study in the order of their records: the scores, then items, regions and total of the index, then its NOT DONE test."""

    def __init__(self, facts: TrialFacts) -> None:
        self.scores: list[Mapping[str, Any]] = list(facts.get("assessments.scores"))
        block = facts.optional("assessments.index")
        self.index = None if block is None else Index(block)
        self.all = [_score(entry) for entry in self.scores]
        if self.index is not None:
            self.all += _index_tests(self.index)

    @property
    def not_done(self) -> int:
        """The place of the test that records an index as NOT DONE; -1 without an index."""
        return -1 if self.index is None else len(self.all) - 1

    def lists(self) -> tuple[Ints, Ints]:
        """The places of the tests of each kind of assessment, and their number."""
        scores = list(range(len(self.scores)))
        undone = [] if self.index is None else [self.not_done]
        everything = scores if self.index is None else list(range(len(self.all) - 1))
        kinds = [everything, scores, [*scores, *undone], [*scores, *undone]]
        table = np.full((len(kinds), max(map(len, kinds))), -1, dtype=np.int64)
        for kind, tests in enumerate(kinds):
            table[kind, : len(tests)] = tests
        return table, np.array([len(tests) for tests in kinds])


def _score(entry: Mapping[str, Any]) -> Test:
    terms = tuple(str(term) for term in entry.get("terms", []))
    return Test(str(entry["code"]), str(entry["name"]), str(entry["category"]), terms, int(entry.get("unit", 1)))


def _index_tests(index: Index) -> list[Test]:
    tests = []
    for region in index.regions:
        tests += [Test("", f"{index.label}{region} {sign}", index.category, index.sign_terms) for sign in index.signs]
        tests.append(Test("", f"{index.label}{region} {index.area}", index.category, index.area_terms))
    tests += [Test("", f"{index.label}{region} Region Score", index.category, unit=10, derived=True) for region in index.regions]
    tests.append(Test("", f"{index.label}Total Score", index.category, unit=10, derived=True))
    coded = [Test(f"{index.code}{i:02d}", t.name, t.category, t.terms, t.unit, t.derived) for i, t in enumerate(tests, start=1)]
    return [*coded, Test(index.not_done_code, f"{index.label}All Items", index.category, unit=10)]


def records(trial: Trial) -> Iterator[pd.DataFrame]:
    """RS in parts by subjects; all scores are drawn before the first part, so the size of a part changes no value."""
    tests, calendar, scope = Tests(trial.facts), trial.calendar, trial.scope("RS")
    lists, lengths = tests.lists()
    scores = _scores(scope, tests, calendar)
    at_visit = names(trial.facts, calendar)
    for first, last in blocks(calendar.subject, trial.people.size):
        count = lengths[calendar.assessed[first:last]]
        visit = np.repeat(np.arange(first, last), count)
        within = np.arange(len(visit)) - np.repeat(np.cumsum(count) - count, count)
        test = lists[calendar.assessed[visit], within]
        undone = (calendar.assessed[visit] == NOTHING) | (test == tests.not_done)
        value = np.where(undone, BLANK, scores[visit, np.minimum(test, scores.shape[1] - 1)])
        yield _frame(trial, scope, tests, {name: column.take(visit) for name, column in at_visit.items()}, visit, test, value)


def _scores(scope: Scope, tests: Tests, calendar: Calendar) -> Ints:
    """All values by visit and test, each in its unit."""
    columns = [values_at(calendar, scope.population[str(entry["value"])])[:, None] for entry in tests.scores]
    if tests.index is not None:
        columns.append(tests.index.values(scope, calendar, calendar.assessed == ALL))
    return np.concatenate(columns, axis=1)


def _frame(trial: Trial, scope: Scope, tests: Tests, at_visit: Mapping[str, pd.Series], visit: Ints, test: Ints, value: Ints) -> pd.DataFrame:
    facts, calendar = trial.facts, trial.calendar
    subject, day = calendar.subject[visit], calendar.day[visit]
    standard = where(value != BLANK, value * (10 // np.array([entry.unit for entry in tests.all])[test]))
    undone = value == BLANK
    first_dose = facts.visit(str(facts.get("visits.first_dose")))
    reasons = facts.optional("assessments.not_done_reasons", ["", ""])
    columns: dict[str, pd.Series | str] = {
        **trial.identity("RS", subject),
        "RSSEQ": sequence(subject),
        "RSTESTCD": text(test, [entry.code for entry in tests.all]),
        "RSTEST": text(test, [entry.name for entry in tests.all]),
        "RSCAT": text(test, [entry.category for entry in tests.all]),
        "RSORRES": _original(tests, test, value, standard),
        "RSSTRESC": numerals(standard, 10),
        "RSSTRESN": number(standard, 10),
        "RSSTAT": text(where(undone, 0), ["NOT DONE"]),
        "RSREASND": text(where(undone, np.where(calendar.assessed[visit] == NOTHING, 0, 1)), [str(reason) for reason in reasons]),
        "RSEVAL": str(facts.get("assessments.evaluator")),
        "RSLOBXFL": text(where((calendar.visit[visit] == first_dose) & ~undone, 0), ["Y"]),
        "RSDRVFL": text(where(np.array([entry.derived for entry in tests.all])[test], 0), ["Y"]),
        **at_visit,
        "EPOCH": epoch(scope, subject, day),
        "RSDTC": dtc(day),
        "RSDY": number(study_day(day, trial.people["day1"][subject])),
    }
    return frame(columns, len(visit))


def _original(tests: Tests, test: Ints, value: Ints, standard: Ints) -> pd.Series:
    """RSORRES: the term of the result where the test has terms, else its number."""
    terms = [term for entry in tests.all for term in entry.terms]
    starts = np.cumsum([0, *(len(entry.terms) for entry in tests.all)])[test]
    coded = np.array([bool(entry.terms) for entry in tests.all])[test]
    found, places = np.unique(standard, return_inverse=True)
    numbers = ["" if n == BLANK else f"{n // 10}" if n % 10 == 0 else f"{n / 10:g}" for n in found.tolist()]
    return text(np.where(value == BLANK, BLANK, np.where(coded, starts + value, places + len(terms))), [*terms, *numbers])
