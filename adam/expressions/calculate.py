"""The operators + - * / **: decimal arithmetic of numbers, and whole days of dates. A result that is not valid is missing, with its reason."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from adam.core import decimals
from adam.expressions.function import WithIssue

DAY = np.timedelta64(86400, "s")
FIRST, LAST = np.datetime64("0001-01-01", "s"), np.datetime64("9999-12-31T23:59:59", "s")
OPERATIONS: dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    "+": decimals.plus,
    "-": decimals.minus,
    "*": decimals.times,
    "/": decimals.over,
    "**": decimals.power,
}
TOO_LARGE = "the result is too large for a number; it is missing"
NO_POWER = "the result of ** is not a number or too large for one; it is missing"
NO_DATE = "the result is not a date in the years 1 to 9999; it is missing"
PART_OF_A_DAY = "the number of days added to a date is not whole; the result is missing"


def numbers(op: str, left: pd.Series, right: pd.Series) -> WithIssue:
    """The result of an operator on two columns of numbers. Division by 0 is missing without a warning, as SAS has only a note for it."""
    a, b = left.to_numpy(), right.to_numpy()
    result = OPERATIONS[op](a, b)
    odd = ~np.isfinite(result) & np.isfinite(a) & np.isfinite(b)
    if op == "/":
        odd &= b != 0
    return WithIssue(pd.Series(np.where(np.isfinite(result), result, np.nan), index=left.index), NO_POWER if op == "**" else TOO_LARGE, odd)


def between(left: pd.Series, right: pd.Series) -> pd.Series:
    """The number of days from the right date to the left one."""
    return pd.Series(decimals.significant(((left - right) / DAY).to_numpy()), index=left.index)


def shifted(op: str, start: pd.Series, days: pd.Series) -> tuple[WithIssue, WithIssue]:
    """Dates plus or minus a number of days, with each of the two reasons why one is missing."""
    number = days.to_numpy()
    known = np.isfinite(number) & start.notna().to_numpy()
    with np.errstate(invalid="ignore"):
        whole = number == np.rint(number)
        near = np.abs(number) < 4_000_000  # more days than the years 1 to 9999 have
    shift = np.where(known & whole & near, number, 0).astype("int64").astype("timedelta64[D]").astype("timedelta64[s]")
    moved = start.to_numpy().astype("datetime64[s]") + (shift if op == "+" else -shift)
    with np.errstate(invalid="ignore"):
        outside = known & (~near | (moved < FIRST) | (moved > LAST))
    broken = known & ~whole
    column = pd.Series(np.where(known & whole & ~outside, moved, np.datetime64("NaT", "s")), index=start.index)
    return WithIssue(column, PART_OF_A_DAY, broken), WithIssue(column, NO_DATE, outside & ~broken)
