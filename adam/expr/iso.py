"""SDTM --DTC text, strictly read: what is known of a date, and the first and last moment it allows (DOMAIN §7.1, §11.19-20).

The grammar is `YYYY[-MM[-DD[Thh[:mm[:ss]]]]]` with `-` for a part that is missing (`2019---15`, `--03-15`, `2019-03-15T-:30`), an
interval `a/b`, and an offset from UTC, which is dropped. Anything else is no date: the whole value is missing, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

DATE = r"(?P<year>\d{4}|-)(?:-(?P<month>\d{2}|-)(?:-(?P<day>\d{2}|-)(?:T(?P<hour>\d{2}|-)(?::(?P<minute>\d{2}|-)(?::(?P<second>\d{2})(?:\.\d+)?)?)?"
GRAMMAR = re.compile(DATE + r"(?:Z|[+-]\d{2}(?::?\d{2})?)?)?)?)?")
NAMES = ("year", "month", "day", "hour", "minute", "second")
LIMITS = {"month": (1, 12), "day": (1, 31), "hour": (0, 23), "minute": (0, 59), "second": (0, 59)}
LONG = {1: 31, 3: 31, 4: 30, 5: 31, 6: 30, 7: 31, 8: 31, 9: 30, 10: 31, 11: 30, 12: 31}


@dataclass(frozen=True)
class Parts:
    """What is known of each value: numbers, NaN where a part is not known; `valid` where the text is within the grammar."""

    year: np.ndarray
    month: np.ndarray
    day: np.ndarray
    hour: np.ndarray
    minute: np.ndarray
    second: np.ndarray
    valid: np.ndarray


def days_in(year: float, month: float) -> int:
    """The days of a month; of a February without a year, 29."""
    if month == 2:
        leap = np.isnan(year) or (year % 4 == 0 and (year % 100 != 0 or year % 400 == 0))
        return 29 if leap else 28
    return LONG[int(month)]


def _read(text: str) -> tuple[float, ...] | None:
    """The parts of one text, NaN where not known; None if it is no date."""
    match = GRAMMAR.fullmatch(text)
    if match is None:
        return None
    found = {name: np.nan if match[name] in (None, "-") else float(match[name]) for name in NAMES}
    if all(np.isnan(value) for value in found.values()):
        return None
    if any(not low <= found[name] <= high for name, (low, high) in LIMITS.items() if not np.isnan(found[name])):
        return None
    if not np.isnan(found["day"]) and not np.isnan(found["month"]) and found["day"] > days_in(found["year"], found["month"]):
        return None
    return tuple(found[name] for name in NAMES)


def _half(text: str, last: bool) -> str | None:
    """One part of an interval; None where one of its parts is no date."""
    halves = [half.strip() for half in text.split("/")]
    if len(halves) > 2 or any(_read(half) is None for half in halves):
        return None
    return halves[-1 if last else 0]


def parts(text: pd.Series, *, last: bool = False) -> Parts:
    """What is known of each value; of an interval of its first part, or of its last."""
    codes, uniques = pd.factorize(text)
    table = np.full((len(uniques) + 1, 7), np.nan)
    table[:, 6] = 0
    for number, value in enumerate(uniques):
        half = _half(str(value).strip(), last)
        found = _read(half) if half else None
        if found is not None:
            table[number] = (*found, 1)
    columns = table[codes].T
    year, month, day, hour, minute, second, valid = columns
    return Parts(year, month, day, hour, minute, second, valid == 1)


def _mask(text: pd.Series, test: Callable[[str], bool]) -> np.ndarray:
    codes, uniques = pd.factorize(text)
    return np.array([*(test(str(value).strip()) for value in uniques), False], dtype=bool)[codes]


def invalid(text: pd.Series) -> np.ndarray:
    """True where a text is not blank and no date.

    >>> invalid(pd.Series(["2019-UN-UN", "2019-02-30", "2019---15", ""], dtype="str")).tolist()
    [True, True, False, False]
    """
    return _mask(text, lambda value: value != "" and _half(value, False) is None)


def interval(text: pd.Series) -> np.ndarray:
    """True where a text is an interval."""
    return _mask(text, lambda value: "/" in value)


def _moment(year: np.ndarray, month: np.ndarray, day: np.ndarray, seconds: np.ndarray | None, index: pd.Index) -> pd.Series:
    """Year, month and day as a date, plus seconds; missing where the year is."""
    known = ~np.isnan(year)
    months = np.where(known, (np.where(known, year, 1970) - 1970) * 12 + np.where(known, month, 1) - 1, 0).astype("int64")
    days = months.astype("datetime64[M]").astype("datetime64[D]") + (np.where(known, day, 1) - 1).astype("int64")
    moment = days.astype("datetime64[s]")
    if seconds is not None:
        moment = moment + np.where(known, seconds, 0).astype("int64").astype("timedelta64[s]")
    return pd.Series(np.where(known, moment, np.datetime64("NaT", "s")), index=index)


def complete_date(text: pd.Series) -> pd.Series:
    """The date of a text that is complete to the day; else missing."""
    found = parts(text)
    whole = found.valid & ~np.isnan(found.month) & ~np.isnan(found.day)
    return _moment(np.where(whole, found.year, np.nan), found.month, found.day, None, text.index)


def complete_datetime(text: pd.Series) -> pd.Series:
    """The datetime of a text that is complete to the minute; a second that is not given is 00."""
    found = parts(text)
    whole = ~np.isnan(found.month) & ~np.isnan(found.day) & ~np.isnan(found.hour) & ~np.isnan(found.minute)
    seconds = found.hour * 3600 + found.minute * 60 + np.nan_to_num(found.second)
    return _moment(np.where(whole, found.year, np.nan), found.month, found.day, seconds, text.index)


def _bound(text: pd.Series, *, last: bool, timed: bool) -> pd.Series:
    found = parts(text, last=last)
    no_month = np.isnan(found.month)
    month = np.where(no_month, 12 if last else 1, found.month)
    day = np.where(no_month | np.isnan(found.day), _last_day(found.year, month) if last else 1, found.day)
    if not timed:
        return _moment(found.year, month, day, None, text.index)
    hour = np.where(no_month | np.isnan(found.day) | np.isnan(found.hour), np.nan, found.hour)
    whole = ~np.isnan(hour)
    minute = np.where(whole, found.minute, np.nan)
    second = np.where(np.isnan(minute), 59 if last else 0, np.nan_to_num(found.second))
    clock = np.where(whole, hour, 23 if last else 0) * 3600 + np.where(np.isnan(minute), 59 if last else 0, minute) * 60 + second
    return _moment(found.year, month, day, clock, text.index)


def _last_day(year: np.ndarray, month: np.ndarray) -> np.ndarray:
    known = ~np.isnan(year)
    months = ((np.where(known, year, 1970) - 1970) * 12 + np.nan_to_num(month, nan=1.0)).astype("int64")
    last = months.astype("datetime64[M]").astype("datetime64[D]") - 1
    return np.asarray((last - last.astype("datetime64[M]").astype("datetime64[D]")).astype("int64") + 1)


def first_date(text: pd.Series) -> pd.Series:
    """The first date the known parts allow; missing without a year. A day without a month counts as missing."""
    return _bound(text, last=False, timed=False)


def last_date(text: pd.Series) -> pd.Series:
    """The last date the known parts allow, of an interval of its last part.

    >>> last_date(pd.Series(["2019-02", "2019---15", "2019-03-18/2019-03-22"], dtype="str")).dt.strftime("%F").tolist()
    ['2019-02-28', '2019-12-31', '2019-03-22']
    """
    return _bound(text, last=True, timed=False)


def first_datetime(text: pd.Series) -> pd.Series:
    """The first moment the known parts allow: hh alone is hh:00:00, no time 00:00:00."""
    return _bound(text, last=False, timed=True)


def last_datetime(text: pd.Series) -> pd.Series:
    """The last moment the known parts allow: hh alone is hh:59:59, no time 23:59:59; of hh:mm the second is 00."""
    return _bound(text, last=True, timed=True)
