"""Collected items of an instrument put together: one column an item, one record an assessment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from adam.catalog.record_rule import InputRecords
from adam.catalog.record_rules.sourced import read_text
from adam.core import decimals
from adam.core.kinds import is_true, missing_mask
from adam.core.ordering import placed, without_gaps
from adam.expressions.evaluate import Evaluation, EvaluationIssue
from adam.expressions.functions import text as as_text
from adam.expressions.instruments import Instrument
from adam.expressions.tree import Name


class Assessments:
    """The assessments of an instrument: those of one subject, VISITNUM and date are one.

    Args:
        instrument: what the items are and how they are read.
        source: the records of the domain, with the columns where, code, STRESN, STRESC, STAT, SEQ, visit, date and moment.
    """

    def __init__(self, instrument: Instrument, source: InputRecords) -> None:
        self.instrument, self.source = instrument, source
        self.rows = np.flatnonzero(is_true(source.columns["where"]))
        columns = {name: column.iloc[self.rows].reset_index(drop=True) for name, column in source.columns.items()}
        self.code = columns["code"]
        self.seq = columns["SEQ"].to_numpy()
        self.moment = columns["moment"].to_numpy().astype("datetime64[s]").view("int64")  # a missing time sorts first
        self.subjects = source.subject[self.rows]
        self.group, self.size = _groups(self.subjects, columns["visit"], columns["date"])
        self._order = np.lexsort((self.seq, self.moment))
        self.latest = self._last(np.arange(len(self.rows)), np.zeros(len(self.rows)))
        self.highest = self._last(np.arange(len(self.rows)), self.seq)
        self._read(columns)
        self._columns: dict[str, pd.Series] = {}
        self.met: list[EvaluationIssue] = []
        self._where: dict[str, np.ndarray] = {}

    def _read(self, columns: Mapping[str, pd.Series]) -> None:
        """The number and the text of every record; nothing of one that was not done or is outside its range."""
        number, text = columns["STRESN"], columns["STRESC"].str.upper()
        done = (columns["STAT"].str.upper() != "NOT DONE").to_numpy(dtype=bool)
        unwritten, unnumbered = missing_mask(text), missing_mask(number)
        filled = ~(unwritten & unnumbered)
        self.taken = unnumbered & ~unwritten & done
        values, rows = number.to_numpy().copy(), np.flatnonzero(self.taken)
        values[rows] = self._scored(text.iloc[rows], rows)
        values[~done] = np.nan
        number = pd.Series(values, index=number.index, copy=False)
        self.issues = [("the status is NOT DONE, but there is a result; it is not used", ~done & filled)]
        self.number, outside = self._within(number)
        texts = [name for name, item in self.instrument.items.items() if item.texts]
        unknown = np.zeros(len(text), dtype=bool)
        if texts:
            text = text.where(~unwritten | unnumbered, as_text(columns["STRESN"])).where(done, "")
            self.text, unknown, self.ranks = self._known(text)
        unread = self.taken & number.isna().to_numpy() & ~self._is_item(texts)
        self.issues.append(("the result is no number and no response of the instrument; the item is missing", unread | unknown))
        self.issues.append(("the item is outside its range; it is missing", outside))

    def _scored(self, text: pd.Series, rows: np.ndarray) -> np.ndarray:
        """The texts of some records as numbers, by the responses of the item; a code that is no item, such as that of a total, has none."""
        number = read_text(text, {}).to_numpy()
        by_responses: dict[tuple[tuple[str, float], ...], list[str]] = {}
        for name in self.instrument.items:
            by_responses.setdefault(tuple(self.instrument.responses(name).items()), []).append(name)
        for responses, names in by_responses.items():
            if responses and len(rows):
                number = np.where(self._is_item(names)[rows], read_text(text, dict(responses)).to_numpy(), number)
        return number

    def _is_item(self, names: Iterable[str]) -> np.ndarray:
        """Which records are of one of these items."""
        return self.code.isin([self.instrument.code_of(name) for name in names]).to_numpy()

    def _within(self, number: pd.Series) -> tuple[pd.Series, np.ndarray]:
        outside = np.zeros(len(number), dtype=bool)
        values = number.to_numpy()
        by_limits: dict[tuple[float, ...], list[str]] = {}
        for name in self.instrument.items:
            if (own := self.instrument.limits(name)) is not None:
                by_limits.setdefault(own, []).append(name)
        for limits, names in by_limits.items():
            rows = np.flatnonzero(self._is_item(names))
            mine = values[rows]
            off = (mine < limits[0]) | (mine > limits[1])
            if len(limits) > 2:
                steps = decimals.over(decimals.minus(mine, limits[0]), limits[2])
                off |= ~np.isnan(steps) & (steps != np.round(steps))
            outside[rows] |= off
        return number.mask(outside) if outside.any() else number, outside

    def _known(self, text: pd.Series) -> tuple[pd.Series, np.ndarray, pd.Series]:
        """The responses of text items, those they do not have, and the rank of each; a number is the same however it is written."""
        plain = read_text(text, {})
        text = text.where(plain.isna(), as_text(plain))
        unknown = np.zeros(len(text), dtype=bool)
        rank = pd.Series(-1.0, index=text.index)
        for name, item in self.instrument.items.items():
            if not item.texts:
                continue
            mine = self._is_item([name])
            ranks = {term: float(position) for position, term in enumerate(item.texts)}
            codes, uniques = pd.factorize(text)
            rank = rank.mask(mine, np.array([*(ranks.get(str(term), -1.0) for term in uniques), -1.0])[codes])
            unknown |= mine & (rank < 0).to_numpy() & ~missing_mask(text)
        return text.mask(unknown, ""), unknown, rank

    def _last(self, rows: np.ndarray, first: np.ndarray) -> np.ndarray:
        """For each assessment its last record among `rows`: by `first`, then by time (untimed first), then by --SEQ; -1 without one."""
        found, group = np.full(self.size, -1), self.group[rows]
        if np.bincount(group).max(initial=0) <= 1:  # nothing to choose from, as nearly always
            found[group] = rows
            return found
        place = np.full(len(self.rows), -1)
        place[rows] = np.arange(len(rows))
        order = place[self._order]
        order = order[order >= 0]  # by time and --SEQ
        order = order[np.argsort(first[order], kind="stable")]
        found[group[order]] = rows[order]
        return found

    def chosen(self, name: str) -> np.ndarray:
        """For each assessment the record that counts for an item; -1 without one. Of several the highest with a result, or the latest."""
        if name not in self._where:
            rows = np.flatnonzero((self.code == self.instrument.code_of(name)).to_numpy())
            value = self.ranks if self.instrument.texts(name) else self.number
            score = value.to_numpy(dtype="float64", na_value=np.nan)[rows]
            empty = np.isnan(score) | ((score < 0) & bool(self.instrument.texts(name)))
            first = np.where(empty, -np.inf, score) if self.instrument.duplicates == "highest" else np.zeros(len(rows))
            self._where[name] = self._last(rows, first)
        return self._where[name]

    def has(self, names: set[str]) -> np.ndarray:
        """Which assessments have a record of one of these items or codes, done or not."""
        codes = [self.instrument.code_of(name) for name in names]
        found = np.zeros(self.size, dtype=bool)
        found[self.group[self.code.isin(codes).to_numpy()]] = True
        return found

    def item(self, name: str) -> pd.Series:
        """An item, a number or a text, for each assessment."""
        if self.instrument.texts(name):
            return _taken(self.text, self.chosen(name))
        return _taken(self.number, self.chosen(name))

    @property
    def index(self) -> pd.Index:
        """The assessments, numbered."""
        return pd.RangeIndex(self.size)

    def column(self, name: Name) -> pd.Series | list[pd.Series]:
        """An item or formula; of a set all its members."""
        members = self.instrument.sets.get(str(name))
        return [self._column(member) for member in members] if members is not None else self._column(str(name))

    def _column(self, name: str) -> pd.Series:
        if name not in self._columns:
            formula = self.instrument.formulas.get(name)
            evaluation = Evaluation(self)
            self._columns[name] = self.item(name) if formula is None else evaluation.column(formula)
            self.met += evaluation.issues
        return self._columns[name]

    def values(self, name: Name) -> None:
        """There are no lists here."""

    def terms(self, name: Name | None) -> None:
        """There are no codelists here."""


def _groups(subjects: np.ndarray, visit: pd.Series, date: pd.Series) -> tuple[np.ndarray, int]:
    """The assessment each record belongs to, numbered in the order of subject, visit and date, missing last; and how many there are."""
    group, size = without_gaps(subjects.astype("int64"))
    for column in (visit, date):
        place = placed(column, missing_last=True)
        group, size = without_gaps(group * (int(place.max(initial=0)) + 1) + place)
    return group, size


def _taken(column: pd.Series, rows: np.ndarray) -> pd.Series:
    """The values at some rows; blank or missing at -1."""
    values = column.array.take(rows, allow_fill=True)
    return pd.Series(values.fillna("") if column.dtype == "str" else values, copy=False)
