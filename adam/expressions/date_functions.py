"""The functions of expressions that create and compare dates. A text that is not such a date gives missing, with a warning."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from adam.core import iso
from adam.core.kinds import ValueKind
from adam.expressions.function import DATED, TextConstant, WithIssue, function


def _read(text: pd.Series, column: pd.Series, name: str, required: str) -> WithIssue:
    """A column made of DTC texts, with a warning on those that are not blank and have no value."""
    lost = column.isna().to_numpy() & (text.str.strip() != "").to_numpy(dtype=bool)
    return WithIssue(column, f"{name}() requires {required}; the result for a partial or invalid date is missing", lost, lost=True)


@function((ValueKind.TEXT, ValueKind.DATETIME), returns=ValueKind.DATE, phrase="the date of {0}", brief=True)
def date(x: pd.Series) -> pd.Series | WithIssue:
    """The date of a datetime, or of a --DTC text that is complete to the day; of an interval its start.

    Missing: missing for a blank and, with a warning, for a partial or impossible date.
    Example: date("2024-03-05T10:30") → 2024-03-05
    """
    return x.dt.normalize() if x.dtype.kind == "M" else _read(x, iso.complete_date(x), "date", "year, month and day")


@function((ValueKind.TEXT,), returns=ValueKind.DATETIME, phrase="the date and time of {0}", brief=True)
def datetime(x: pd.Series) -> WithIssue:
    """The datetime of a --DTC text that is complete to the minute; seconds that are not collected are 00.

    Missing: missing for a blank and for a date without a time; with a warning for any other text.
    Example: datetime("2024-03-05T10:30") → 2024-03-05T10:30:00
    """
    read = _read(x, iso.complete_datetime(x), "datetime", "a full date with hour and minute")
    return replace(read, mask=read.mask & ~iso.untimed(x))


@function(DATED, returns=ValueKind.DATE, phrase="the first possible date of {0}", brief=True)
def first_date(x: pd.Series) -> pd.Series | WithIssue:
    """The first date that the known parts of a --DTC text allow.

    Missing: missing for a blank and, with a warning, without a year.
    Example: first_date("2024-03") → 2024-03-01
    """
    return x if x.dtype.kind == "M" else _read(x, iso.first_date(x), "first_date", "a year")


@function(DATED, returns=ValueKind.DATE, phrase="the last possible date of {0}", brief=True)
def last_date(x: pd.Series) -> pd.Series | WithIssue:
    """The last date that the known parts of a --DTC text allow; of an interval a/b of b.

    Missing: missing for a blank and, with a warning, without a year.
    Example: last_date("2024-02") → 2024-02-29
    """
    return x if x.dtype.kind == "M" else _read(x, iso.last_date(x), "last_date", "a year")


@function(DATED, returns=ValueKind.DATETIME, phrase="the first possible date and time of {0}", brief=True)
def first_datetime(x: pd.Series) -> pd.Series | WithIssue:
    """The first moment that the known parts of a --DTC text allow; of a date 00:00:00.

    Missing: missing for a blank and, with a warning, without a year.
    Example: first_datetime("2024-03-05T10") → 2024-03-05T10:00:00
    """
    return x if x.dtype.kind == "M" else _read(x, iso.first_datetime(x), "first_datetime", "a year")


@function(DATED, returns=ValueKind.DATETIME, phrase="the last possible date and time of {0}", brief=True)
def last_datetime(x: pd.Series) -> pd.Series | WithIssue:
    """The last moment that the known parts of a --DTC text allow; of a date 23:59:59.

    Missing: missing for a blank and, with a warning, without a year.
    Example: last_datetime("2024-03-05T10") → 2024-03-05T10:59:59
    """
    return x + np.timedelta64(86399, "s") if x.dtype.kind == "M" else _read(x, iso.last_datetime(x), "last_datetime", "a year")


BIRTHDAYS = ("03-01", "02-28")
"""The days on which a person born on 29 February completes a year without that day."""


def _birthday(value: float | str) -> str:
    return (
        ""
        if value in BIRTHDAYS
        else f'Function full_years requires "03-01" or "02-28" as the birthday of a person born on 29 February, not "{value}".'
    )


@function(
    *((ValueKind.DATE,), (ValueKind.DATE,), TextConstant),
    returns=ValueKind.NUMBER,
    least=2,
    refuses={2: _birthday},
    phrase="the number of completed years from {0} to {1}",
)
def full_years(a: pd.Series, b: pd.Series, birthday: str = "03-01") -> pd.Series:
    """Completed years from a to b. A 29 February completes a year on 1 March, with the third argument "02-28" on 28 February.

    Missing: missing if a or b is.
    Example: full_years(date("1980-03-05"), date("2024-03-04")) → 43
    """
    years = (b.dt.year - a.dt.year).astype("float64")
    day = a.dt.day
    if birthday == "02-28":
        day = day.mask((a.dt.month == 2) & (a.dt.day == 29) & ~b.dt.is_leap_year, 28)
    early = (b.dt.month < a.dt.month) | ((b.dt.month == a.dt.month) & (b.dt.day < day))
    return years - early.astype("float64")
