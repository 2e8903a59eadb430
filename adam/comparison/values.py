"""Summarize the values of a variable that differ: how many, the largest difference, the most frequent pairs, the first records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from adam.comparison.equality import ROUNDING, Pair, Tolerance
from adam.comparison.matching import Matched
from adam.comparison.result import RecordDifference, ValueDifference, ValuePair
from adam.comparison.shown import bare, record_key, shown_difference, shown_pair, shown_value
from adam.comparison.table import NUMBER, Table

TINY = Tolerance(relative=ROUNDING)
GROUPS = ("PARAMCD", "AVISIT", "VISIT", "DTYPE", "BASETYPE", "APHASE", "APERIOD", "SITEID")
"""Variables that group records, beside those of the key: differences in one group only often have one cause."""


@dataclass(frozen=True, eq=False)
class ValueSummary:
    """What is needed to summarize the differences of one variable: its names, both datasets, the matched records, and the key."""

    variable: str
    other: str
    base: Table
    compare: Table
    matched: Matched
    key: Sequence[str]
    records: int

    def of(self, pair: Pair, places: np.ndarray) -> ValueDifference:
        """The summary of the matched records at some places, in which the values of a pair differ."""
        kinds = dict.fromkeys(each for each in (self.base.columns[self.variable].kind, self.compare.columns[self.variable].kind) if each)
        missing = self._missing(places)
        numbers = None if pair.is_text else tuple(each[places] for each in pair.numbers())
        rounding = int(TINY.accepts(*numbers).sum()) if numbers is not None and pair.kind == NUMBER else 0
        pairs, distinct = self._pairs(places)
        return ValueDifference(
            self.variable,
            self.other,
            ", ".join(kinds) or "text",
            len(places),
            int((missing[0] & ~missing[1]).sum()),
            int((missing[1] & ~missing[0]).sum()),
            rounding,
            self._largest(numbers, places, pair.kind),
            pairs,
            distinct,
            self._common(places),
            tuple(self._record(int(place), numbers, number, pair.kind) for number, place in enumerate(places[: self.records])),
        )

    def _columns(self, places: np.ndarray) -> tuple[pd.Series, pd.Series]:
        """The values of both datasets in some of the matched records; special missing values are texts of their own."""
        found = []
        for table, rows in ((self.base, self.matched.base), (self.compare, self.matched.compare)):
            column = table.columns[self.variable]
            values = column.values.take(rows[places]).reset_index(drop=True)
            if column.special is not None:
                letters = column.special.take(rows[places]).reset_index(drop=True)
                if (letters != "").any():
                    values = values.astype("str").where(letters == "", letters)
            found.append(values)
        return found[0], found[1]

    def _missing(self, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The records whose value is blank or missing, in both datasets."""
        tables = ((self.base, self.matched.base), (self.compare, self.matched.compare))
        columns = [table.columns[self.variable].values.take(rows[places]) for table, rows in tables]
        one, two = ((each == "").to_numpy(dtype=bool) if each.dtype == "str" else each.isna().to_numpy() for each in columns)
        return one, two

    def _largest(self, numbers: tuple[np.ndarray, ...] | None, places: np.ndarray, kind: str) -> RecordDifference | None:
        if numbers is None:
            return None
        with np.errstate(invalid="ignore"):
            sizes = np.abs(numbers[1] - numbers[0])
        if np.isnan(sizes).all():
            return None
        at = int(np.nanargmax(sizes))
        return self._record(int(places[at]), numbers, at, kind)

    def _record(self, place: int, numbers: tuple[np.ndarray, ...] | None, number: int, kind: str) -> RecordDifference:
        """The difference in one of the matched records; `number` is its place among those that differ."""
        row, other = int(self.matched.base[place]), int(self.matched.compare[place])
        difference = float(numbers[1][number] - numbers[0][number]) if numbers is not None else np.nan
        base, compare = shown_pair(self.base.columns[self.variable], row, self.compare.columns[self.variable], other)
        return RecordDifference(
            record_key(self.base, row, self.key), base, compare, "" if np.isnan(difference) else shown_difference(difference, kind)
        )

    def _pairs(self, places: np.ndarray) -> tuple[tuple[ValuePair, ...], int]:
        """The most frequent pairs of values, and the number of pairs; pairs of one frequency in the order of the records."""
        one, two = self._columns(places)
        left, right = (pd.factorize(each, use_na_sentinel=False)[0].astype("int64") for each in (one, two))
        codes = pd.factorize(left * (int(right.max()) + 1) + right)[0]
        counts = np.bincount(codes)
        first = np.full(len(counts), len(codes), dtype="int64")
        np.minimum.at(first, codes, np.arange(len(codes)))
        order = np.lexsort((first, -counts))[: self.records]
        records = [(int(places[first[each]]), int(counts[each])) for each in order]
        base, compare = self.base.columns[self.variable], self.compare.columns[self.variable]
        shown = [(shown_pair(base, int(self.matched.base[place]), compare, int(self.matched.compare[place])), count) for place, count in records]
        return tuple(ValuePair(*texts, count) for texts, count in shown), len(counts)

    def _common(self, places: np.ndarray) -> dict[str, str]:
        """The variables of the key, and those that group records, with one value where the values differ and others elsewhere."""
        found: dict[str, str] = {}
        if len(places) < 2:
            return found
        groups = [name for name in GROUPS if name in self.base.columns and name != self.variable]
        for name in dict.fromkeys([*self.key, *groups]):
            values = self.base.columns[name].values
            rows = self.matched.base[places]
            first = values.iloc[rows[0]]
            same = _equals(values.take(rows), first)
            if same.all() and not _equals(values, first).all():
                found[name] = bare(shown_value(self.base.columns[name], int(rows[0])))
        return found


def _equals(values: pd.Series, value: object) -> np.ndarray:
    """Whether values are equal to one; missing is equal to missing."""
    return values.isna().to_numpy() if pd.isna(value) else (values == value).to_numpy(dtype=bool)
