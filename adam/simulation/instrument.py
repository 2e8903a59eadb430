"""One questionnaire: its tests, and the records of its answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from adam.simulation.calendar import Calendar
from adam.simulation.columns import BLANK
from adam.simulation.draws import Draws, Flags, Ints

Rows = dict[str, Ints]


@dataclass(frozen=True)
class Test:
    """A test of QS: its code, name, category and evaluation interval, the terms of its results, and whether it is a sum of others."""

    code: str
    name: str
    category: str
    interval: str
    terms: tuple[str, ...] = ()
    derived: bool = False


class Instrument:
    """A questionnaire of the study, as an entry of `questionnaires: instruments:` describes it; the number of its first test is `first`.

    A test has the score of one `item` (from 1), or the sum of some `items`. Two tests can share an item: a screening question, whose answer no
    leads to its `follow_up`, or a test and its `seasonal` alternative in some months.
    """

    def __init__(self, block: Mapping[str, Any], first: int) -> None:
        self.block, self.first = block, first
        self.entries: list[Mapping[str, Any]] = list(block["tests"])
        self.screen: Mapping[str, Any] | None = block.get("screen")
        self.seasonal: Mapping[str, Any] | None = block.get("seasonal")
        self.not_relevant: Mapping[str, Any] | None = block.get("not_relevant")
        self.responses = tuple(str(term) for term in block.get("responses", []))
        self.tests = [*(self._test(entry) for entry in self.entries), self._test(block["not_done"])]
        self.not_done = first + len(self.entries)

    def _test(self, entry: Mapping[str, Any]) -> Test:
        terms = self.responses if "item" in entry else ()
        if self.not_relevant is not None and "item" in entry:
            terms = (*terms, str(self.not_relevant["term"]))
        if self.screen is not None and entry["code"] == self.screen["test"]:
            terms = (str(self.screen["yes"]), str(self.screen["no"]), str(self.screen["not_relevant"]))
        return Test(str(entry["code"]), str(entry["name"]), str(self.block["category"]), str(self.block["interval"]), terms, "items" in entry)

    def place(self, code: object) -> int:
        """The place of a test among the tests of the instrument."""
        return next(i for i, entry in enumerate(self.entries) if entry["code"] == code)

    def records(self, draws: Draws, calendar: Calendar, items: Ints, which: Ints) -> Rows:
        """The records of the questionnaires `which` of a calendar; `items` has the scores of all.

        A negative number in `original` or `result` is a term of the test, -1 the first.
        """
        item = items[which]
        size = len(which)
        value = np.stack([self._scores(entry, item) for entry in self.entries], axis=1)
        termed = np.array(["item" in entry for entry in self.entries])[None, :] & bool(self.responses)
        original = np.where(termed, -1 - value, value)
        result, there = value.copy(), np.ones(value.shape, dtype=bool)
        if self.not_relevant is not None:
            able = np.isin([str(entry["code"]) for entry in self.entries], [str(code) for code in self.not_relevant["tests"]])
            often = draws.happens(int(self.not_relevant["permille"]), value.shape)
            original = np.where(able & (value == 0) & often, -1 - len(self.responses), original)
        if self.screen is not None:
            self._apply_screening(draws, self.screen, value, original, result, there)
        if self.seasonal is not None:
            in_season = self._in_season(calendar.day[which], self.seasonal)
            there[:, self.place(self.seasonal["test"])] = in_season
            there[:, self.place(self.seasonal["instead_of"])] = ~in_season
        visit = np.repeat(which[:, None], len(self.entries), axis=1)[there]
        test = np.tile(np.arange(len(self.entries)), (size, 1))[there]
        return {
            "subject": calendar.subject[visit], "visit": visit, "day": calendar.day[visit], "minute": np.full(len(visit), BLANK),
            "test": self.first + test, "original": original[there], "result": result[there], "value": value[there],
        }  # fmt: skip

    def _scores(self, entry: Mapping[str, Any], item: Ints) -> Ints:
        places = [int(place) - 1 for place in entry["items"]] if "items" in entry else [int(entry["item"]) - 1]
        return np.asarray(item[:, places].sum(axis=1), dtype=np.int64)

    def _apply_screening(self, draws: Draws, screen: Mapping[str, Any], value: Ints, original: Ints, result: Ints, there: Ints) -> None:
        """Answer the screening question: yes for the highest score, else no with its follow-up; for the lowest score at times neither."""
        place, yes, no, not_relevant = self.place(screen["test"]), -1, -2, -3
        idle = (value[:, place] == 0) & draws.happens(int(screen["not_relevant_permille"]), len(value))
        highest = len(self.responses) - 1
        found = np.where(value[:, place] == highest, yes, np.where(idle, not_relevant, no))
        original[:, place] = result[:, place] = found
        there[:, self.place(screen["follow_up"])] = found == no
        value[:, place] = np.where(found == no, BLANK, value[:, place])

    @staticmethod
    def _in_season(day: Ints, seasonal: Mapping[str, Any]) -> Flags:
        month = day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12 + 1
        return np.isin(month, [int(number) for number in seasonal["months"]])
