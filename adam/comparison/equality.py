"""When two values are equal: exactly, or within a tolerance; text, numbers, dates, and one against the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from adam.comparison.table import DATE, DATETIME, DAY, NUMBER, TEXT, TIME, UNKNOWN, Column
from adam.core.numerals import read

PLAIN = r"^[-+]?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$"
"""A number in a column without type; 007 is an identifier."""
DIGITS = 15
"""Up to this number of digits a text and a double identify each other."""
MOMENT = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9]{2}:[0-9]{2}(?::[0-9]{2})?)?$"
CLOCK = r"^[0-9]{2}:[0-9]{2}(?::[0-9]{2})?$"
ROUNDING = 1e-12
"""A relative difference up to this one comes from floating-point arithmetic: a double has 15 to 17 digits."""


@dataclass(frozen=True)
class Tolerance:
    """How far two numbers may differ and be equal: by an absolute or by a relative difference; one of the two suffices."""

    absolute: float = 0.0
    relative: float = 0.0

    def accepts(self, base: np.ndarray, compare: np.ndarray) -> np.ndarray:
        """Whether numbers are equal; the relative difference is that of PROC COMPARE: to the mean of both magnitudes."""
        with np.errstate(invalid="ignore", over="ignore"):
            difference = np.abs(compare - base)
            within = difference <= self.absolute
            if self.relative:
                within |= difference <= self.relative * (np.abs(base) / 2 + np.abs(compare) / 2)
        return within | (base == compare)

    def __str__(self) -> str:
        parts = [f"{value:g} ({name})" for name, value in (("absolute", self.absolute), ("relative", self.relative)) if value]
        return " or ".join(parts)


@dataclass(frozen=True)
class Tolerances:
    """The tolerance of all variables, and that of some; dates, datetimes and times have none."""

    default: Tolerance = Tolerance()
    of: Mapping[str, Tolerance] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Tolerance:
        return self.of.get(name, self.default)

    def __str__(self) -> str:
        """The rule as a sentence."""
        parts = [f"within {self.default}"] if str(self.default) else []
        parts += [f"{name} within {each}" if str(each) else f"{name} exactly" for name, each in self.of.items()]
        return f"Numbers are equal {'; '.join(parts)}." if parts else "Values are compared exactly."


@dataclass(frozen=True, eq=False)
class Pair:
    """The values of a variable in records that are matched, in a form that can be compared.

    `kind` is number, date, datetime, time or text. `base` and `compare` are float64 or `str`; `unread` marks values that are text
    where the other side has a number, and that are no number.
    """

    kind: str
    base: pd.Series
    compare: pd.Series
    unread: np.ndarray | None = None
    special: tuple[pd.Series | None, pd.Series | None] = (None, None)

    @property
    def is_text(self) -> bool:
        """Whether both sides are compared as text."""
        return self.kind == TEXT

    def differs(self, tolerance: Tolerance) -> np.ndarray:
        """The records whose values differ."""
        if self.is_text:
            return (self.base != self.compare).to_numpy(dtype=bool)
        base, compare = self.numbers()
        missing = np.isnan(base) & np.isnan(compare)
        within = tolerance.accepts(base, compare) if self.kind == NUMBER else base == compare
        different = ~(within | missing)
        if any(each is not None for each in self.special):
            letters = [each if each is not None else pd.Series("", index=self.base.index, dtype="str") for each in self.special]
            different |= missing & (letters[0] != letters[1]).to_numpy(dtype=bool)
        return different if self.unread is None else different | self.unread

    def numbers(self) -> tuple[np.ndarray, np.ndarray]:
        """Both sides as numbers."""
        return self.base.to_numpy(dtype="float64"), self.compare.to_numpy(dtype="float64")


def pair_columns(base: Column, compare: Column, rows: np.ndarray, others: np.ndarray) -> Pair:
    """The values of two columns in matched records.

    Args:
        base: of BASE.
        compare: of COMPARE.
        rows: the places of the matched records in BASE.
        others: those of the same records in COMPARE.
    """
    one, two = taken(base.values, rows), taken(compare.values, others)
    if base.is_text and compare.is_text:
        numeric = UNKNOWN in (base.kind, compare.kind) and base.kind == compare.kind and is_plain(one) and is_plain(two)
        return Pair(NUMBER, one.replace("", np.nan).astype("float64"), two.replace("", np.nan).astype("float64")) if numeric else Pair(TEXT, one, two)
    letters = tuple(None if each.special is None else taken(each.special, at) for each, at in ((base, rows), (compare, others)))
    special = (letters[0], letters[1])
    if base.is_text or compare.is_text:
        return _mixed(base, compare, one, two, special)
    if {base.kind, compare.kind} == {DATE, DATETIME}:
        one, two = (each * DAY if column.kind == DATE else each for each, column in ((one, base), (two, compare)))
        return Pair(DATETIME, one, two, None, special)
    return Pair(base.kind if base.kind == compare.kind else NUMBER, one, two, None, special)


def taken(values: pd.Series, rows: np.ndarray) -> pd.Series:
    """The values of some records; the column itself if these are all of them in order."""
    if len(rows) == len(values) and (not len(rows) or (rows[0] == 0 and rows[-1] == len(rows) - 1 and bool((np.diff(rows) == 1).all()))):
        return values
    return values.take(rows).reset_index(drop=True)


def is_plain(text: pd.Series) -> bool:
    """Whether all texts are blank or numbers that a double identifies.

    >>> is_plain(pd.Series(["1", "2.50", ""], dtype="str")), is_plain(pd.Series(["007"], dtype="str"))
    (True, False)
    """
    blank = text == ""
    return bool((blank | (text.str.match(PLAIN) & (text.str.len() <= DIGITS))).all()) and not bool(blank.all())


def _mixed(base: Column, compare: Column, one: pd.Series, two: pd.Series, special: tuple[pd.Series | None, pd.Series | None]) -> Pair:
    """Text against numbers: text that is a number, or a date where the other side has dates, is compared as that."""
    kind = compare.kind if base.is_text else base.kind
    text = one if base.is_text else two
    values, unread = (read(text) if kind == NUMBER else _moments(text, kind)) if len(text) else (text.astype("float64"), np.zeros(0, dtype=bool))
    return Pair(kind, values, two, unread, special) if base.is_text else Pair(kind, one, values, unread, special)


def _moments(text: pd.Series, kind: str) -> tuple[pd.Series, np.ndarray]:
    """ISO 8601 texts as the numbers of SAS, and the records whose text is neither blank nor complete."""
    known = text.str.fullmatch(CLOCK if kind == TIME else MOMENT)
    dated = "1960-01-01T" + text if kind == TIME else text
    moments = pd.to_datetime(dated.where(known), format="ISO8601", errors="coerce").astype("datetime64[s]")
    seconds = (moments - np.datetime64("1960-01-01", "s")) / np.timedelta64(1, "s")
    return (seconds / DAY if kind == DATE else seconds), (moments.isna() & (text != "")).to_numpy(dtype=bool)
