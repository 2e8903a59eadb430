"""The functions of expressions that read a part of a date or move a datetime."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from adam.core import iso
from adam.core.coded_text import text_column
from adam.core.kinds import ValueKind
from adam.expressions.function import TextConstant, WithIssue, function

DATE = (ValueKind.DATE, ValueKind.DATETIME, ValueKind.TEXT)
CLOCK = (ValueKind.DATETIME, ValueKind.TIME, ValueKind.TEXT)
NOT_A_DATE = "the text is not a date as in ISO 8601; the result is missing"
SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
"""The seconds of each unit of add_time()."""


def _known(x: pd.Series, part: Callable[[iso.Parts], np.ndarray]) -> WithIssue:
    """A known part of --DTC texts; a text that is not a date is an issue."""
    bad = iso.invalid(x)
    return WithIssue(pd.Series(np.where(bad, np.nan, part(iso.parts(x))), index=x.index), NOT_A_DATE, bad, lost=True)


@function(DATE, returns=ValueKind.NUMBER, phrase="the year of {0}", brief=True)
def year(x: pd.Series) -> pd.Series | WithIssue:
    """The year of a date, of a datetime, or of a --DTC text, which may be partial.

    Missing: missing if x is or has no year; with a warning for a text that is not a date.
    Example: year("2024-03") → 2024
    """
    return x.dt.year.astype("float64") if x.dtype.kind == "M" else _known(x, lambda parts: parts.year)


@function(DATE, returns=ValueKind.NUMBER, phrase="the month of {0}", brief=True)
def month(x: pd.Series) -> pd.Series | WithIssue:
    """The month (1 to 12) of a date, of a datetime, or of a --DTC text, which may be partial.

    Missing: missing if x is or has no month; with a warning for a text that is not a date.
    Example: month("2024-03") → 3
    """
    return x.dt.month.astype("float64") if x.dtype.kind == "M" else _known(x, lambda parts: parts.month)


@function(DATE, returns=ValueKind.NUMBER, phrase="the day of the month of {0}", brief=True)
def day(x: pd.Series) -> pd.Series | WithIssue:
    """The day of the month of a date, of a datetime, or of a --DTC text. A study day is the derivation `study_day`.

    Missing: missing if x is or has no day; with a warning for a text that is not a date.
    Example: day(date("2024-03-05")) → 5
    """
    return x.dt.day.astype("float64") if x.dtype.kind == "M" else _known(x, lambda parts: parts.day)


@function((ValueKind.DATE, ValueKind.DATETIME), returns=ValueKind.NUMBER, phrase="the day of the week of {0} (1 is Sunday)", brief=True)
def weekday(x: pd.Series) -> pd.Series:
    """The day of the week: 1 is Sunday, 7 is Saturday, as in SAS.

    Missing: missing if x is.
    Example: weekday(date("2024-03-05")) → 3
    """
    return ((x.dt.day_of_week + 1) % 7 + 1).astype("float64")


@function(CLOCK, returns=ValueKind.NUMBER, phrase="the hour of {0}", brief=True)
def hour(x: pd.Series) -> pd.Series | WithIssue:
    """The hour (0 to 23) of a datetime, of a time, or of a --DTC text.

    Missing: missing if x is or has no hour; with a warning for a text that is not a date.
    Example: hour("2024-03-05T10:30") → 10
    """
    if x.dtype.kind == "M":
        return x.dt.hour.astype("float64")
    return np.floor(x / 3600) if x.dtype.kind == "f" else _known(x, lambda parts: parts.hour)


@function(CLOCK, returns=ValueKind.NUMBER, phrase="the minute of {0}", brief=True)
def minute(x: pd.Series) -> pd.Series | WithIssue:
    """The minute (0 to 59) of a datetime, of a time, or of a --DTC text.

    Missing: missing if x is or has no minute; with a warning for a text that is not a date.
    Example: minute("2024-03-05T10:30") → 30
    """
    if x.dtype.kind == "M":
        return x.dt.minute.astype("float64")
    return np.floor(x % 3600 / 60) if x.dtype.kind == "f" else _known(x, lambda parts: parts.minute)


def _seconds(parts: iso.Parts) -> np.ndarray:
    """The seconds since midnight; NaN without hour and minute."""
    return parts.hour * 3600 + parts.minute * 60 + np.nan_to_num(parts.second)


@function((ValueKind.DATETIME, ValueKind.TEXT), returns=ValueKind.TIME, phrase="the time of {0}", brief=True)
def time(x: pd.Series) -> pd.Series | WithIssue:
    """The time of day of a datetime, or of a --DTC text that has hour and minute.

    Missing: missing if x is, and for a text without hour and minute; with a warning for a text that is not a date.
    Example: time("2024-03-05T10:30") → 10:30:00
    """
    if x.dtype.kind == "M":
        return ((x - x.dt.normalize()) / np.timedelta64(1, "s")).astype("float64")
    return _known(x, _seconds)


@function((ValueKind.DATETIME,), returns=ValueKind.TEXT, phrase="{0} as text", brief=True)
def datetime_text(x: pd.Series) -> pd.Series:
    """A datetime as text, as in ISO 8601.

    Missing: blank if x is missing.
    Example: datetime_text(datetime("2024-03-05T10:30")) → "2024-03-05T10:30:00"
    """
    codes, uniques = pd.factorize(x)
    return text_column([*(str(np.datetime64(each, "s")) for each in uniques), ""], codes, x.index)


@function((ValueKind.TIME,), returns=ValueKind.TEXT, phrase="{0} as text", brief=True)
def time_text(x: pd.Series) -> pd.Series:
    """A time of day as text: hours, minutes and seconds.

    Missing: blank if x is missing.
    Example: time_text(time("2024-03-05T09:30")) → "09:30:00"
    """
    codes, uniques = pd.factorize(x)
    shown = [f"{int(each) // 3600:02d}:{int(each) % 3600 // 60:02d}:{int(each) % 60:02d}" for each in uniques]
    return text_column([*shown, ""], codes, x.index)


def _unit(value: float | str) -> str:
    return "" if value in SECONDS else f'Function add_time requires "seconds", "minutes", "hours" or "days", not "{value}".'


NO_MOMENT = "add_time() gives no whole second in the years 1 to 9999; the result is missing"


@function(
    *((ValueKind.DATETIME,), (ValueKind.NUMBER,), TextConstant),
    returns=ValueKind.DATETIME,
    refuses={2: _unit},
    phrase="{0} plus {1} (in {2})",
)
def add_time(x: pd.Series, n: pd.Series, unit: str) -> WithIssue:
    """The datetime n seconds, minutes, hours or days later; earlier if n is negative.

    Missing: missing if x or n is and, with a warning, if the result is not a whole second.
    Example: add_time(datetime("2024-03-05T23:30"), 1.5, "hours") → 2024-03-06T01:00:00
    """
    number, start = n.to_numpy() * SECONDS[unit], x.to_numpy().astype("datetime64[s]")
    known = ~np.isnan(number) & ~np.isnat(start)
    seconds = np.where(known, np.rint(number), 0)
    valid = known & (np.abs(seconds) < 4e11) & (np.abs(np.where(known, number, 0) - seconds) <= 1e-6)
    moved = start + np.where(valid, seconds, 0).astype("int64").astype("timedelta64[s]")
    valid &= (moved >= np.datetime64("0001-01-01", "s")) & (moved <= np.datetime64("9999-12-31T23:59:59", "s"))
    column = pd.Series(np.where(valid, moved, np.datetime64("NaT", "s")), index=x.index)
    return WithIssue(column, NO_MOMENT, known & ~valid)
