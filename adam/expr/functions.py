"""The functions of expressions (LANGUAGE §8). A decorated function is a function of the language; its annotations are its kinds.

`Same` stands for one kind all such arguments share and the result has; `Whole` and `Word` are literals, taken as they stand.
Every function takes and gives columns on one index and says what it does with missing values.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from adam.expr import iso
from adam.expr.kinds import Kind, is_missing, nothing, true

Same = (Kind.ANY,)
Whole = "a whole number"
Word = "a text"
Wanted = tuple[Kind, ...] | str

DATED = (Kind.TEXT, Kind.DATE)
SIZED = (Kind.NUMBER, Kind.DATE, Kind.DATETIME)


@dataclass(frozen=True)
class WithIssue:
    """A column, and the records that are warned of."""

    column: pd.Series
    text: str
    mask: np.ndarray


@dataclass(frozen=True)
class Function:
    """A function of the language: what it wants, what it gives (None: the kind its `Same` arguments share)."""

    name: str
    run: Callable[..., Any]
    wants: tuple[Wanted, ...]
    gives: Kind | None
    least: int
    variadic: bool

    @property
    def summary(self) -> str:
        """The first line of its documentation."""
        return (inspect.getdoc(self.run) or "").split("\n")[0]

    def wanted(self, position: int) -> Wanted:
        """What the argument at `position` may be."""
        return self.wants[min(position, len(self.wants) - 1)]


FUNCTIONS: dict[str, Function] = {}


def function(
    *wants: Wanted, gives: Kind | None, least: int | None = None, variadic: bool = False, name: str = ""
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a function: the kinds of its arguments, the last one repeated if `variadic`, and of its result."""

    def register(run: Callable[..., Any]) -> Callable[..., Any]:
        key = name or run.__name__.rstrip("_")
        FUNCTIONS[key] = Function(key, run, wants, gives, len(wants) if least is None else least, variadic)
        return run

    return register


def _boolean(values: np.ndarray, unknown: np.ndarray, index: pd.Index) -> pd.Series:
    return pd.Series(pd.arrays.BooleanArray(np.asarray(values, dtype=bool), np.asarray(unknown, dtype=bool)), index=index)


@function(Same, gives=Kind.CONDITION)
def missing(x: pd.Series) -> pd.Series:
    """True where x is missing or blank; never unknown."""
    return is_missing(x).astype("boolean")


@function(Same, gives=None, least=1, variadic=True)
def coalesce(*values: pd.Series) -> pd.Series:
    """The first value that is not missing or blank."""
    result = values[0]
    for value in values[1:]:
        result = result.where(~is_missing(result), value)
    return result


@function((Kind.CONDITION,), Same, Same, gives=None, least=2)
def if_else(c: pd.Series, a: pd.Series, b: pd.Series | None = None) -> pd.Series:
    """A where c is true, b where it is false; missing where c is unknown, and without b."""
    kind = Kind.TEXT if a.dtype == "str" or (b is not None and b.dtype == "str") else None
    empty = nothing(Kind.TEXT, a.index) if kind else _like(a if b is None or a.dtype != "float64" else b)
    result = empty.where(~true(c), a)
    return result if b is None else result.where(~true(~c), b)


def _like(column: pd.Series) -> pd.Series:
    return pd.Series(pd.NaT if column.dtype.kind == "M" else np.nan, index=column.index, dtype=column.dtype)


def half_away(values: np.ndarray, decimals: int) -> np.ndarray:
    """Round half away from zero, as SAS does, after guarding the last bits; gives 0, never -0.

    A value such as 2.675 is stored a little below its half; what lies within four units of the last place of a half is taken as it.

    >>> half_away(np.array([2.675, -0.5, -0.4, 1.005]), 2).tolist(), half_away(np.array([-0.5, -0.4]), 0).tolist()
    ([2.68, -0.5, -0.4, 1.01], [-1.0, 0.0])
    """
    scale = 10.0**decimals
    scaled = np.abs(values) * scale
    whole = np.floor(scaled * (1 + 2.0**-50) + 0.5)
    rounded = np.where(scaled < 2.0**52, np.sign(values) * whole / scale, values)
    return np.where(rounded == 0, 0.0, rounded)


@function((Kind.NUMBER,), Whole, gives=Kind.NUMBER, least=1)
def round_(x: pd.Series, n: int = 0) -> pd.Series:
    """X rounded to n decimals, halves away from zero after guarding the last bit; missing stays missing."""
    return pd.Series(half_away(x.to_numpy(), n), index=x.index)


@function((Kind.NUMBER,), gives=Kind.NUMBER)
def floor(x: pd.Series) -> pd.Series:
    """The largest whole number not above x, after guarding the last bit."""
    values = x.to_numpy()
    near_whole = np.round(values)
    return pd.Series(np.where(np.abs(values - near_whole) <= np.abs(values) * 2.0**-49, near_whole, np.floor(values)) + 0.0, index=x.index)


@function((Kind.NUMBER,), gives=Kind.NUMBER, name="abs")
def absolute(x: pd.Series) -> pd.Series:
    """X without its sign."""
    return x.abs()


@function((Kind.NUMBER,), (Kind.NUMBER,), (Kind.NUMBER,), gives=Kind.CONDITION)
def near(a: pd.Series, b: pd.Series, tolerance: pd.Series) -> pd.Series:
    """Whether a and b differ by at most the tolerance; unknown where one is missing."""
    apart = (a - b).abs() - tolerance
    return _boolean((apart <= 1e-12).to_numpy(), apart.isna().to_numpy(), a.index)


def _stack(values: tuple[pd.Series, ...]) -> np.ndarray:
    return np.vstack([value.to_numpy() for value in values])


@function(SIZED, gives=None, least=1, variadic=True, name="min")
def least(*values: pd.Series) -> pd.Series:
    """The lowest of the values that are not missing."""
    return pd.Series(np.fmin.reduce(_stack(values)), index=values[0].index)


@function(SIZED, gives=None, least=1, variadic=True, name="max")
def greatest(*values: pd.Series) -> pd.Series:
    """The highest of the values that are not missing."""
    return pd.Series(np.fmax.reduce(_stack(values)), index=values[0].index)


@function((Kind.NUMBER,), gives=Kind.NUMBER, least=1, variadic=True, name="sum")
def total(*values: pd.Series) -> pd.Series:
    """The sum of the values that are not missing; missing if none is left."""
    stack = _stack(values)
    some = (~np.isnan(stack)).any(axis=0)
    return pd.Series(np.where(some, np.nansum(stack, axis=0), np.nan), index=values[0].index)


@function((Kind.NUMBER,), gives=Kind.NUMBER, least=1, variadic=True)
def mean(*values: pd.Series) -> pd.Series:
    """The mean of the values that are not missing; missing if none is left."""
    count = n(*values)
    return total(*values) / count.where(count > 0)


@function(Same, gives=Kind.NUMBER, least=1, variadic=True)
def n(*values: pd.Series) -> pd.Series:
    """How many of the values are not missing or blank."""
    return pd.Series(np.sum([~is_missing(value).to_numpy() for value in values], axis=0).astype("float64"), index=values[0].index)


@function(Same, gives=Kind.NUMBER, least=1, variadic=True)
def nmiss(*values: pd.Series) -> pd.Series:
    """How many of the values are missing or blank."""
    return len(values) - n(*values)


@function((Kind.NUMBER,), gives=Kind.TEXT)
def text(x: pd.Series) -> pd.Series:
    """A number as text: 3.0 is "3", 2.5 is "2.5"; missing is blank."""
    codes, uniques = pd.factorize(x)
    words = np.array([*(str(int(u)) if u == int(u) else repr(float(u)) for u in uniques), ""], dtype=object)
    return pd.Series(words[codes], index=x.index, dtype="str")


@function((Kind.TEXT,), gives=Kind.NUMBER)
def number(x: pd.Series) -> WithIssue:
    """A text as number; blank is missing, and so, with a warning, is a text that is no number."""
    codes, uniques = pd.factorize(x)
    plain = pd.Series(uniques, dtype="str").str.fullmatch(r"\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*").to_numpy(dtype=bool)
    values = np.array([*(float(u) if ok else np.nan for u, ok in zip(uniques, plain, strict=True)), np.nan])
    column = pd.Series(values[codes], index=x.index)
    return WithIssue(column, "text is no number", (column.isna() & (x.str.strip() != "")).to_numpy(dtype=bool))


@function((Kind.TEXT,), gives=Kind.TEXT)
def upper(x: pd.Series) -> pd.Series:
    """The text in capitals."""
    return x.str.upper()


@function((Kind.TEXT,), gives=Kind.TEXT, least=1, variadic=True)
def concat(*values: pd.Series) -> pd.Series:
    """The texts one after another; a blank adds nothing."""
    result = values[0]
    for value in values[1:]:
        result = result + value
    return result


@function((Kind.TEXT,), Whole, Word, gives=Kind.TEXT)
def scan(x: pd.Series, n: int, sep: str) -> pd.Series:
    """The n-th part of the text between separators, stripped; -1 is the last. Blank where there is no such part."""
    position = n - 1 if n > 0 else n
    return x.str.split(sep, regex=False).str.get(position).astype("str").fillna("").str.strip()


@function((Kind.TEXT,), Word, gives=Kind.CONDITION, least=2, variadic=True)
def startswith(x: pd.Series, *starts: str) -> pd.Series:
    """Whether the text begins with one of the given texts."""
    return x.str.startswith(tuple(starts)).astype("boolean")


@function((Kind.TEXT,), Word, gives=Kind.CONDITION, least=2, variadic=True)
def contains(x: pd.Series, *parts: str) -> pd.Series:
    """Whether the text holds one of the given texts."""
    found = np.zeros(len(x), dtype=bool)
    for part in parts:
        found |= x.str.contains(part, regex=False).to_numpy(dtype=bool)
    return pd.Series(found, index=x.index).astype("boolean")


@function((Kind.TEXT, Kind.DATETIME), gives=Kind.DATE)
def date(x: pd.Series) -> pd.Series:
    """The date of a DTC text that is complete to the day, or of a datetime; else missing. Of an interval the first."""
    return x.dt.normalize() if x.dtype.kind == "M" else iso.complete_date(x)


@function((Kind.TEXT,), gives=Kind.DATETIME)
def datetime(x: pd.Series) -> pd.Series:
    """The datetime of a DTC text that is complete to the minute; else missing."""
    return iso.complete_datetime(x)


@function(DATED, gives=Kind.DATE)
def first_date(x: pd.Series) -> pd.Series:
    """The first date the known parts of a DTC text allow; missing without a year."""
    return x if x.dtype.kind == "M" else iso.first_date(x)


@function(DATED, gives=Kind.DATE)
def last_date(x: pd.Series) -> pd.Series:
    """The last date the known parts of a DTC text allow, of an interval of its last part; missing without a year."""
    return x if x.dtype.kind == "M" else iso.last_date(x)


@function(DATED, gives=Kind.DATETIME)
def first_datetime(x: pd.Series) -> pd.Series:
    """The first moment the known parts of a DTC text allow; of a date 00:00:00."""
    return x if x.dtype.kind == "M" else iso.first_datetime(x)


@function(DATED, gives=Kind.DATETIME)
def last_datetime(x: pd.Series) -> pd.Series:
    """The last moment the known parts of a DTC text allow; of a date 23:59:59."""
    return x + np.timedelta64(86399, "s") if x.dtype.kind == "M" else iso.last_datetime(x)


@function((Kind.DATE,), (Kind.DATE,), gives=Kind.NUMBER)
def full_years(a: pd.Series, b: pd.Series) -> pd.Series:
    """Completed years from a to b; missing where one is. A 29 February completes a year on 1 March."""
    years = (b.dt.year - a.dt.year).astype("float64")
    early = (b.dt.month < a.dt.month) | ((b.dt.month == a.dt.month) & (b.dt.day < a.dt.day))
    return years - early.astype("float64")
