"""The functions of expressions. A decorated function is a function of the language.

Arguments of kind `Same` share one kind, which is that of the result; a `WholeConstant` or `TextConstant` is written in the expression.
Every function has columns with one index as arguments and result, and documents its missing values.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from adam.core import decimals, numerals
from adam.core.kinds import ValueKind, is_missing, missing_column, true
from adam.expressions import clinical_functions as _clinical  # noqa: F401  (registers its functions)
from adam.expressions import date_functions as _dates  # noqa: F401  (registers its functions)
from adam.expressions.function import FUNCTIONS, SIZED, Expected, Function, Same, TextConstant, WholeConstant, WithIssue, function

__all__ = ["FUNCTIONS", "Function", "Same", "Expected", "WithIssue"]


def _boolean(values: np.ndarray, unknown: np.ndarray, index: pd.Index) -> pd.Series:
    return pd.Series(pd.arrays.BooleanArray(np.asarray(values, dtype=bool), np.asarray(unknown, dtype=bool)), index=index)


@function(Same, returns=ValueKind.CONDITION)
def missing(x: pd.Series) -> pd.Series:
    """True where x is missing or blank; never unknown."""
    return is_missing(x).astype("boolean")


@function(Same, returns=None, least=1, variadic=True)
def coalesce(*values: pd.Series) -> pd.Series:
    """The first value that is not missing or blank."""
    result = values[0]
    for value in values[1:]:
        result = result.where(~is_missing(result), value)
    return result


@function((ValueKind.CONDITION,), Same, Same, returns=None, least=2)
def if_else(c: pd.Series, a: pd.Series, b: pd.Series | None = None) -> pd.Series:
    """A where c is true, b where it is false; missing where c is unknown, and without b."""
    kind = ValueKind.TEXT if a.dtype == "str" or (b is not None and b.dtype == "str") else None
    empty = missing_column(ValueKind.TEXT, a.index) if kind else _like(a if b is None or a.dtype != "float64" else b)
    result = empty.where(~true(c), a)
    return result if b is None else result.where(~true(~c), b)


def _like(column: pd.Series) -> pd.Series:
    return pd.Series(pd.NaT if column.dtype.kind == "M" else np.nan, index=column.index, dtype=column.dtype)


def half_away(values: np.ndarray, decimals: int) -> np.ndarray:
    """Round half away from zero, as SAS does, with a guard for the last bits; the result is 0, never -0.

    A value such as 2.675 is stored a little below its half; a value within four units of the last place of a half is rounded as the half.

    >>> half_away(np.array([2.675, -0.5, -0.4, 1.005]), 2).tolist(), half_away(np.array([-0.5, -0.4]), 0).tolist()
    ([2.68, -0.5, -0.4, 1.01], [-1.0, 0.0])
    """
    scale = 10.0 ** abs(decimals)
    scaled = np.abs(values) * scale if decimals >= 0 else np.abs(values) / scale
    whole = np.floor(scaled * (1 + 2.0**-50) + 0.5)
    rounded = np.where(scaled < 2.0**52, np.sign(values) * (whole / scale if decimals >= 0 else whole * scale), values)
    return np.where(rounded == 0, 0.0, rounded)


def _decimals(n: float) -> str:
    return "" if -15 <= n <= 15 else f"Function round requires -15 to 15 decimals, not {n:g}. A number has 15 digits."


@function((ValueKind.NUMBER,), WholeConstant, returns=ValueKind.NUMBER, least=1, refuses={1: _decimals})
def round_(x: pd.Series, n: int = 0) -> pd.Series:
    """X rounded to n decimals, halves away from zero, with a guard for the last bit; missing if x is missing."""
    return pd.Series(half_away(x.to_numpy(), n), index=x.index)


@function((ValueKind.NUMBER,), returns=ValueKind.NUMBER)
def floor(x: pd.Series) -> pd.Series:
    """The largest whole number not above x, with a guard for the last bit."""
    values = x.to_numpy()
    near_whole = np.round(values)
    return pd.Series(np.where(np.abs(values - near_whole) <= np.abs(values) * 2.0**-49, near_whole, np.floor(values)) + 0.0, index=x.index)


@function((ValueKind.NUMBER,), returns=ValueKind.NUMBER, name="abs")
def absolute(x: pd.Series) -> pd.Series:
    """X without its sign."""
    return x.abs()


@function((ValueKind.NUMBER,), (ValueKind.NUMBER,), (ValueKind.NUMBER,), returns=ValueKind.CONDITION)
def near(a: pd.Series, b: pd.Series, tolerance: pd.Series) -> pd.Series:
    """Whether a and b differ by at most the tolerance; unknown where one is missing."""
    apart, most = np.abs(decimals.minus(a.to_numpy(), b.to_numpy())), tolerance.to_numpy()
    return _boolean(apart <= most, np.isnan(apart) | np.isnan(most), a.index)


def _stack(values: tuple[pd.Series, ...]) -> np.ndarray:
    return np.vstack([value.to_numpy() for value in values])


@function(SIZED, returns=None, least=1, variadic=True, name="min")
def least(*values: pd.Series) -> pd.Series:
    """The lowest of the values that are not missing."""
    return pd.Series(np.fmin.reduce(_stack(values)), index=values[0].index)


@function(SIZED, returns=None, least=1, variadic=True, name="max")
def greatest(*values: pd.Series) -> pd.Series:
    """The highest of the values that are not missing."""
    return pd.Series(np.fmax.reduce(_stack(values)), index=values[0].index)


@function((ValueKind.NUMBER,), returns=ValueKind.NUMBER, least=1, variadic=True, name="sum")
def total(*values: pd.Series) -> pd.Series:
    """The sum of the values that are not missing; missing if all are missing."""
    result = values[0].to_numpy()
    for value in values[1:]:
        term = value.to_numpy()
        result = np.where(np.isnan(result), term, np.where(np.isnan(term), result, decimals.plus(result, term)))
    return pd.Series(result, index=values[0].index)


@function((ValueKind.NUMBER,), returns=ValueKind.NUMBER, least=1, variadic=True)
def mean(*values: pd.Series) -> pd.Series:
    """The mean of the values that are not missing; missing if all are missing."""
    return pd.Series(decimals.over(total(*values).to_numpy(), n(*values).to_numpy()), index=values[0].index)


@function(Same, returns=ValueKind.NUMBER, least=1, variadic=True)
def n(*values: pd.Series) -> pd.Series:
    """The number of values that are not missing or blank."""
    return pd.Series(np.sum([~is_missing(value).to_numpy() for value in values], axis=0).astype("float64"), index=values[0].index)


@function(Same, returns=ValueKind.NUMBER, least=1, variadic=True)
def nmiss(*values: pd.Series) -> pd.Series:
    """The number of values that are missing or blank."""
    return len(values) - n(*values)


@function((ValueKind.NUMBER,), returns=ValueKind.TEXT)
def text(x: pd.Series) -> pd.Series:
    """A number as text: 3.0 is "3", 2.5 is "2.5"; missing is blank."""
    codes, uniques = pd.factorize(x)
    texts = np.array([*(numerals.written(float(value)) for value in uniques), ""], dtype=object)
    return pd.Series(texts[codes], index=x.index, dtype="str")


@function((ValueKind.TEXT,), returns=ValueKind.NUMBER)
def number(x: pd.Series) -> WithIssue:
    """A text as a number, such as 12 or 5.0E3; missing for a blank and, with a warning, for a text that is not a number or too large for one."""
    column, bad = numerals.read(x)
    return WithIssue(column, numerals.UNREAD, bad)


@function((ValueKind.TEXT,), returns=ValueKind.TEXT)
def upper(x: pd.Series) -> pd.Series:
    """The text in capitals."""
    return x.str.upper()


@function((ValueKind.TEXT,), returns=ValueKind.TEXT, least=1, variadic=True)
def concat(*values: pd.Series) -> pd.Series:
    """The texts joined without a separator."""
    result = values[0]
    for value in values[1:]:
        result = result + value
    return result


def _part(n: float) -> str:
    return "" if n else "Function scan counts parts from 1, or from -1 at the end; there is no part 0."


def _some_text(value: str) -> str:
    return "" if value else 'An empty text "" is part of every text. Write the characters to search for.'


@function((ValueKind.TEXT,), WholeConstant, TextConstant, returns=ValueKind.TEXT, refuses={1: _part, 2: _some_text})
def scan(x: pd.Series, n: int, sep: str) -> pd.Series:
    """The n-th part of the text between separators, without blanks at its ends; -1 is the last part. Blank if there is no such part."""
    position = n - 1 if n > 0 else n
    return x.str.split(sep, regex=False).str.get(position).astype("str").fillna("").str.strip()


@function((ValueKind.TEXT,), TextConstant, returns=ValueKind.CONDITION, least=2, variadic=True, refuses={1: _some_text})
def startswith(x: pd.Series, *starts: str) -> pd.Series:
    """Whether the text starts with one of the constant texts."""
    return x.str.startswith(tuple(starts)).astype("boolean")


@function((ValueKind.TEXT,), TextConstant, returns=ValueKind.CONDITION, least=2, variadic=True, refuses={1: _some_text})
def contains(x: pd.Series, *parts: str) -> pd.Series:
    """Whether the text contains one of the constant texts."""
    found = np.zeros(len(x), dtype=bool)
    for part in parts:
        found |= x.str.contains(part, regex=False).to_numpy(dtype=bool)
    return pd.Series(found, index=x.index).astype("boolean")
