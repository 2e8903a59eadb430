"""The functions of expressions that round numbers and compute with them. Results are decimal: 15 significant digits."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from adam.core import decimals
from adam.core.kinds import ValueKind
from adam.expressions.function import WholeConstant, WithIssue, function

NUMBER = (ValueKind.NUMBER,)


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


def _decimals(n: float | str) -> str:
    return "" if isinstance(n, float) and -15 <= n <= 15 else f"Function round requires -15 to 15 decimals, not {n:g}. A number has 15 digits."


@function(NUMBER, WholeConstant, returns=ValueKind.NUMBER, least=1, refuses={1: _decimals})
def round_(x: pd.Series, n: int = 0) -> pd.Series:
    """The number rounded to n decimals, halves away from zero; a negative n rounds to tens, hundreds; without n to a whole number.

    Missing: missing if x is.
    Example: round(2.675, 2) → 2.68
    Example: round(-0.5) → -1
    Example: round(1250, -2) → 1300
    """
    return pd.Series(half_away(x.to_numpy(), n), index=x.index)


def _whole(x: pd.Series, way: Callable[[np.ndarray], np.ndarray]) -> pd.Series:
    """A number made whole; one that differs from a whole number only in its last bits is that whole number."""
    values = x.to_numpy()
    near_whole = np.round(values)
    return pd.Series(np.where(np.abs(values - near_whole) <= np.abs(values) * 2.0**-49, near_whole, way(values)) + 0.0, index=x.index)


@function(NUMBER, returns=ValueKind.NUMBER, phrase="{0} rounded down to a whole number")
def floor(x: pd.Series) -> pd.Series:
    """The largest whole number that is not above x.

    Missing: missing if x is.
    Example: floor(-1.5) → -2
    """
    return _whole(x, np.floor)


@function(NUMBER, returns=ValueKind.NUMBER, phrase="{0} rounded up to a whole number")
def ceil(x: pd.Series) -> pd.Series:
    """The smallest whole number that is not below x.

    Missing: missing if x is.
    Example: ceil(1.2) → 2
    """
    return _whole(x, np.ceil)


@function(NUMBER, returns=ValueKind.NUMBER, name="int", phrase="{0} without its decimals")
def integer(x: pd.Series) -> pd.Series:
    """The number without its decimals: rounded towards zero.

    Missing: missing if x is.
    Example: int(-1.5) → -1
    """
    return _whole(x, np.trunc)


@function(NUMBER, returns=ValueKind.NUMBER, name="abs", phrase="the absolute value of {0}", brief=True)
def absolute(x: pd.Series) -> pd.Series:
    """The number without its sign.

    Missing: missing if x is.
    Example: abs(-3) → 3
    """
    return x.abs()


TOO_MANY = "mod() has no exact result, because x has more than 15 digits before the decimals of y; it is missing"


@function(NUMBER, NUMBER, returns=ValueKind.NUMBER, phrase="the remainder of {0} divided by {1}")
def mod(x: pd.Series, y: pd.Series) -> pd.Series | WithIssue:
    """The remainder of x divided by y, with the sign of x, in decimal arithmetic.

    Missing: missing if x or y is, or if y is 0.
    Example: mod(7, 3) → 1
    Example: mod(-7, 3) → -1
    Example: mod(0.3, 0.1) → 0
    """
    a, b = x.to_numpy(), y.to_numpy()
    whole = _whole(pd.Series(decimals.over(a, b)), np.trunc).to_numpy()
    with np.errstate(invalid="ignore"):
        large = np.abs(whole) >= 10.0**decimals.DIGITS
    rest = np.where(large, np.nan, decimals.minus(a, decimals.times(b, whole)))
    return WithIssue(pd.Series(rest, index=x.index), TOO_MANY, large)


def _of_domain(x: pd.Series, way: Callable[[np.ndarray], np.ndarray], valid: np.ndarray, text: str) -> WithIssue:
    """The values of a function of real numbers; where it has none, missing with a warning."""
    values = x.to_numpy()
    with np.errstate(all="ignore"):
        result = decimals.significant(way(values))
    bad = ~np.isnan(values) & (~valid | ~np.isfinite(result))
    return WithIssue(pd.Series(np.where(bad, np.nan, result), index=x.index), text, bad)


@function(NUMBER, returns=ValueKind.NUMBER, phrase="the square root of {0}", brief=True)
def sqrt(x: pd.Series) -> WithIssue:
    """The square root of x.

    Missing: missing if x is and, with a warning, if x is below 0.
    Example: sqrt(2.25) → 1.5
    """
    return _of_domain(x, np.sqrt, x.to_numpy() >= 0, "sqrt() requires a number of 0 or more; the result is missing")


@function(NUMBER, returns=ValueKind.NUMBER, phrase="e to the power of {0}")
def exp(x: pd.Series) -> WithIssue:
    """The number e to the power of x.

    Missing: missing if x is and, with a warning, if the result is too large.
    Example: exp(1) → 2.71828182845905
    """
    return _of_domain(x, np.exp, np.ones(len(x), dtype=bool), "the result of exp() is too large for a number; it is missing")


@function(NUMBER, returns=ValueKind.NUMBER, phrase="the natural logarithm of {0}", brief=True)
def log(x: pd.Series) -> WithIssue:
    """The natural logarithm of x.

    Missing: missing if x is and, with a warning, if x is 0 or below.
    Example: log(10) → 2.30258509299405
    """
    return _of_domain(x, np.log, x.to_numpy() > 0, "log() requires a number above 0; the result is missing")


@function(NUMBER, returns=ValueKind.NUMBER, phrase="the logarithm of {0} to base 10", brief=True)
def log10(x: pd.Series) -> WithIssue:
    """The logarithm of x to base 10.

    Missing: missing if x is and, with a warning, if x is 0 or below.
    Example: log10(1000) → 3
    """
    return _of_domain(x, np.log10, x.to_numpy() > 0, "log10() requires a number above 0; the result is missing")
