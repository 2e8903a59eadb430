"""The functions of expressions (LANGUAGE §8). A decorated function is a function of the language; its annotations are its kinds.

`Same` stands for one kind all such arguments share and the result has; `Whole` and `Word` are literals, taken as they stand.
Every function takes and gives columns on one index and says what it does with missing values.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from adam.core import decimals, numerals
from adam.core.kinds import ValueKind, is_missing, missing_column, true
from adam.expressions import date_functions as _dates  # noqa: F401  (registers its functions)
from adam.expressions.function import FUNCTIONS, SIZED, Function, Same, Wanted, Whole, WithIssue, Word, function

__all__ = ["FUNCTIONS", "Function", "Same", "Wanted", "WithIssue"]


def _boolean(values: np.ndarray, unknown: np.ndarray, index: pd.Index) -> pd.Series:
    return pd.Series(pd.arrays.BooleanArray(np.asarray(values, dtype=bool), np.asarray(unknown, dtype=bool)), index=index)


@function(Same, gives=ValueKind.CONDITION)
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


@function((ValueKind.CONDITION,), Same, Same, gives=None, least=2)
def if_else(c: pd.Series, a: pd.Series, b: pd.Series | None = None) -> pd.Series:
    """A where c is true, b where it is false; missing where c is unknown, and without b."""
    kind = ValueKind.TEXT if a.dtype == "str" or (b is not None and b.dtype == "str") else None
    empty = missing_column(ValueKind.TEXT, a.index) if kind else _like(a if b is None or a.dtype != "float64" else b)
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
    scale = 10.0 ** abs(decimals)
    scaled = np.abs(values) * scale if decimals >= 0 else np.abs(values) / scale
    whole = np.floor(scaled * (1 + 2.0**-50) + 0.5)
    rounded = np.where(scaled < 2.0**52, np.sign(values) * (whole / scale if decimals >= 0 else whole * scale), values)
    return np.where(rounded == 0, 0.0, rounded)


def _decimals(n: float) -> str:
    return "" if -15 <= n <= 15 else f"round takes -15 to 15 decimals, because a number has 15 digits; here are {n:g}"


@function((ValueKind.NUMBER,), Whole, gives=ValueKind.NUMBER, least=1, refuses={1: _decimals})
def round_(x: pd.Series, n: int = 0) -> pd.Series:
    """X rounded to n decimals, halves away from zero after guarding the last bit; missing stays missing."""
    return pd.Series(half_away(x.to_numpy(), n), index=x.index)


@function((ValueKind.NUMBER,), gives=ValueKind.NUMBER)
def floor(x: pd.Series) -> pd.Series:
    """The largest whole number not above x, after guarding the last bit."""
    values = x.to_numpy()
    near_whole = np.round(values)
    return pd.Series(np.where(np.abs(values - near_whole) <= np.abs(values) * 2.0**-49, near_whole, np.floor(values)) + 0.0, index=x.index)


@function((ValueKind.NUMBER,), gives=ValueKind.NUMBER, name="abs")
def absolute(x: pd.Series) -> pd.Series:
    """X without its sign."""
    return x.abs()


@function((ValueKind.NUMBER,), (ValueKind.NUMBER,), (ValueKind.NUMBER,), gives=ValueKind.CONDITION)
def near(a: pd.Series, b: pd.Series, tolerance: pd.Series) -> pd.Series:
    """Whether a and b differ by at most the tolerance; unknown where one is missing."""
    apart, most = np.abs(decimals.minus(a.to_numpy(), b.to_numpy())), tolerance.to_numpy()
    return _boolean(apart <= most, np.isnan(apart) | np.isnan(most), a.index)


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


@function((ValueKind.NUMBER,), gives=ValueKind.NUMBER, least=1, variadic=True, name="sum")
def total(*values: pd.Series) -> pd.Series:
    """The sum of the values that are not missing; missing if none is left."""
    result = values[0].to_numpy()
    for value in values[1:]:
        term = value.to_numpy()
        result = np.where(np.isnan(result), term, np.where(np.isnan(term), result, decimals.plus(result, term)))
    return pd.Series(result, index=values[0].index)


@function((ValueKind.NUMBER,), gives=ValueKind.NUMBER, least=1, variadic=True)
def mean(*values: pd.Series) -> pd.Series:
    """The mean of the values that are not missing; missing if none is left."""
    return pd.Series(decimals.over(total(*values).to_numpy(), n(*values).to_numpy()), index=values[0].index)


@function(Same, gives=ValueKind.NUMBER, least=1, variadic=True)
def n(*values: pd.Series) -> pd.Series:
    """How many of the values are not missing or blank."""
    return pd.Series(np.sum([~is_missing(value).to_numpy() for value in values], axis=0).astype("float64"), index=values[0].index)


@function(Same, gives=ValueKind.NUMBER, least=1, variadic=True)
def nmiss(*values: pd.Series) -> pd.Series:
    """How many of the values are missing or blank."""
    return len(values) - n(*values)


@function((ValueKind.NUMBER,), gives=ValueKind.TEXT)
def text(x: pd.Series) -> pd.Series:
    """A number as text: 3.0 is "3", 2.5 is "2.5"; missing is blank."""
    codes, uniques = pd.factorize(x)
    words = np.array([*(numerals.written(float(value)) for value in uniques), ""], dtype=object)
    return pd.Series(words[codes], index=x.index, dtype="str")


@function((ValueKind.TEXT,), gives=ValueKind.NUMBER)
def number(x: pd.Series) -> WithIssue:
    """A text as number, 5.0E3 too; blank is missing, and so, with a warning, is a text that is no number or more than a number can hold."""
    column, bad = numerals.read(x)
    return WithIssue(column, numerals.UNREAD, bad)


@function((ValueKind.TEXT,), gives=ValueKind.TEXT)
def upper(x: pd.Series) -> pd.Series:
    """The text in capitals."""
    return x.str.upper()


@function((ValueKind.TEXT,), gives=ValueKind.TEXT, least=1, variadic=True)
def concat(*values: pd.Series) -> pd.Series:
    """The texts one after another; a blank adds nothing."""
    result = values[0]
    for value in values[1:]:
        result = result + value
    return result


def _part(n: float) -> str:
    return "" if n else "scan counts parts from 1, or from -1 at the end; there is no part 0"


def _some_text(value: str) -> str:
    return "" if value else 'an empty text "" is in every text, so this means nothing; write the characters that are looked for'


@function((ValueKind.TEXT,), Whole, Word, gives=ValueKind.TEXT, refuses={1: _part, 2: _some_text})
def scan(x: pd.Series, n: int, sep: str) -> pd.Series:
    """The n-th part of the text between separators, stripped; -1 is the last. Blank where there is no such part."""
    position = n - 1 if n > 0 else n
    return x.str.split(sep, regex=False).str.get(position).astype("str").fillna("").str.strip()


@function((ValueKind.TEXT,), Word, gives=ValueKind.CONDITION, least=2, variadic=True, refuses={1: _some_text})
def startswith(x: pd.Series, *starts: str) -> pd.Series:
    """Whether the text begins with one of the given texts."""
    return x.str.startswith(tuple(starts)).astype("boolean")


@function((ValueKind.TEXT,), Word, gives=ValueKind.CONDITION, least=2, variadic=True, refuses={1: _some_text})
def contains(x: pd.Series, *parts: str) -> pd.Series:
    """Whether the text holds one of the given texts."""
    found = np.zeros(len(x), dtype=bool)
    for part in parts:
        found |= x.str.contains(part, regex=False).to_numpy(dtype=bool)
    return pd.Series(found, index=x.index).astype("boolean")
