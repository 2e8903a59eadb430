"""The functions of expressions that make and compare dates (LANGUAGE §8). What they cannot read is missing, and warned of."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from adam.core import iso
from adam.core.kinds import ValueKind
from adam.expressions.function import DATED, WithIssue, Word, function


def _found(text: pd.Series, column: pd.Series, name: str, wanted: str) -> WithIssue:
    """A column made of DTC texts, and which of them are neither blank nor gave a value."""
    lost = column.isna().to_numpy() & (text.str.strip() != "").to_numpy(dtype=bool)
    return WithIssue(column, f"{name}() of a partial or impossible date is missing; it needs {wanted}", lost, lost=True)


@function((ValueKind.TEXT, ValueKind.DATETIME), gives=ValueKind.DATE)
def date(x: pd.Series) -> pd.Series | WithIssue:
    """The date of a DTC text that is complete to the day, or of a datetime; else missing. Of an interval the first."""
    return x.dt.normalize() if x.dtype.kind == "M" else _found(x, iso.complete_date(x), "date", "year, month and day")


@function((ValueKind.TEXT,), gives=ValueKind.DATETIME)
def datetime(x: pd.Series) -> WithIssue:
    """The datetime of a DTC text that is complete to the minute; else missing, and without a warning where no time was collected."""
    found = _found(x, iso.complete_datetime(x), "datetime", "a full date with hour and minute")
    return replace(found, mask=found.mask & ~iso.untimed(x))


@function(DATED, gives=ValueKind.DATE)
def first_date(x: pd.Series) -> pd.Series | WithIssue:
    """The first date the known parts of a DTC text allow; missing without a year."""
    return x if x.dtype.kind == "M" else _found(x, iso.first_date(x), "first_date", "a year")


@function(DATED, gives=ValueKind.DATE)
def last_date(x: pd.Series) -> pd.Series | WithIssue:
    """The last date the known parts of a DTC text allow, of an interval of its last part; missing without a year."""
    return x if x.dtype.kind == "M" else _found(x, iso.last_date(x), "last_date", "a year")


@function(DATED, gives=ValueKind.DATETIME)
def first_datetime(x: pd.Series) -> pd.Series | WithIssue:
    """The first moment the known parts of a DTC text allow; of a date 00:00:00."""
    return x if x.dtype.kind == "M" else _found(x, iso.first_datetime(x), "first_datetime", "a year")


@function(DATED, gives=ValueKind.DATETIME)
def last_datetime(x: pd.Series) -> pd.Series | WithIssue:
    """The last moment the known parts of a DTC text allow; of a date 23:59:59."""
    return x + np.timedelta64(86399, "s") if x.dtype.kind == "M" else _found(x, iso.last_datetime(x), "last_datetime", "a year")


BIRTHDAYS = ("03-01", "02-28")
"""When one born on 29 February completes a year that has no such day."""


def _birthday(value: str) -> str:
    return "" if value in BIRTHDAYS else f'full_years takes "03-01" or "02-28" as the day on which a 29 February completes a year; here is "{value}"'


@function((ValueKind.DATE,), (ValueKind.DATE,), Word, gives=ValueKind.NUMBER, least=2, refuses={2: _birthday})
def full_years(a: pd.Series, b: pd.Series, birthday: str = "03-01") -> pd.Series:
    """Completed years from a to b; missing where one is. A 29 February completes a year on 1 March, with a third argument "02-28" on 28 February."""
    years = (b.dt.year - a.dt.year).astype("float64")
    day = a.dt.day
    if birthday == "02-28":
        day = day.mask((a.dt.month == 2) & (a.dt.day == 29) & ~b.dt.is_leap_year, 28)
    early = (b.dt.month < a.dt.month) | ((b.dt.month == a.dt.month) & (b.dt.day < day))
    return years - early.astype("float64")
