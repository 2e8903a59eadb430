"""SDTM --DTC text, read strictly: the known parts of a date, and the first and last moment they allow.

The grammar is `YYYY[-MM[-DD[Thh[:mm[:ss]]]]]` with `-` for a missing part (`2019---15`, `--03-15`, `2019-03-15T-:30`), an
interval `a/b`, and an offset from UTC, which is dropped. Anything else is not a date: the value is missing, and nothing is guessed.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from adam.core.coded_text import distinct_of

OFFSET = r"(?:Z|[+-](?:[01][0-9]|2[0-3])(?::?[0-5][0-9])?)"
CLOCK = rf"(?:T([0-9]{{2}}|-)(?::([0-9]{{2}}|-)(?::([0-9]{{2}})(?:\.[0-9]+)?)?)?{OFFSET}?)?"
SHIFTED = re.compile(rf"T[0-9:.-]*?{OFFSET}$")
GRAMMAR = re.compile(rf"((?!0000)[0-9]{{4}}|-)(?:-([0-9]{{2}}|-)(?:-([0-9]{{2}}|-){CLOCK})?)?")
COMPLETE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?)?$"
LIMITS = ((1582, 9999), (1, 12), (1, 31), (0, 23), (0, 59), (0, 59))
KEPT = 2**17
"""The number of texts whose parts are cached: several variables are computed from the same dates."""
LEAP = 2000
"""Replaces an unknown year: its February has 29 days."""


@dataclass(frozen=True)
class Parts:
    """The known parts of each value: numbers, NaN where a part is unknown; `valid` where the text matches the grammar."""

    year: np.ndarray
    month: np.ndarray
    day: np.ndarray
    hour: np.ndarray
    minute: np.ndarray
    second: np.ndarray
    valid: np.ndarray


@lru_cache(maxsize=KEPT)
def _read(text: str) -> tuple[float, ...] | None:
    """Year, month, day, hour, minute and second of one text, NaN where unknown; None if it is not a date."""
    match = GRAMMAR.fullmatch(text)
    if match is None:
        return None
    found = [None if part in (None, "-") else int(part) for part in match.groups()]
    known = [(number, low, high) for number, (low, high) in zip(found, LIMITS, strict=True) if number is not None]
    if not known or any(not low <= number <= high for number, low, high in known):
        return None
    year, month, day = found[:3]
    if month and day and day > monthrange(year or LEAP, month)[1]:
        return None
    return tuple(np.nan if number is None else float(number) for number in found)


def _part(text: str, last: bool) -> tuple[float, ...] | None:
    """The known parts of one text, for an interval of its first or last date; None if the text is not a date."""
    if "/" not in text:
        return _read(text.strip())
    found = [_read(half.strip()) for half in text.split("/")]
    return None if len(found) > 2 or None in found else found[-1 if last else 0]


def parts(text: pd.Series, *, last: bool = False) -> Parts:
    """The known parts of each value, for an interval of its first or last date."""
    codes, uniques, memo = distinct_of(text)
    if ("parts", last) not in memo:
        memo["parts", last] = _table(uniques, _complete(uniques, memo), last)
    year, month, day, hour, minute, second, valid = (column.take(codes) for column in memo["parts", last])
    return Parts(year, month, day, hour, minute, second, valid == 1)


def _table(texts: np.ndarray, complete: _Complete, last: bool) -> np.ndarray:
    """The parts of each text, a row for each part, with those of a missing text at the end."""
    table = np.full((7, len(texts) + 1), np.nan)
    table[6] = 0
    table[:, complete.rows] = complete.parts
    for row in complete.others:
        found = _part(str(texts[row]), last)
        if found is not None:
            table[:, row] = (*found, 1)
    return table


class _Complete(NamedTuple):
    """The texts that are complete dates, or datetimes to the minute or second, with the parts of each; and all others."""

    rows: np.ndarray
    parts: np.ndarray
    others: np.ndarray


def _complete(texts: np.ndarray, memo: dict[object, Any]) -> _Complete:
    """The complete dates among texts, read at once: nearly all texts are."""
    if "complete" not in memo:
        written = pa.array([str(text) for text in texts], pa.large_string())
        rows = np.flatnonzero(pc.match_substring_regex(written, COMPLETE).to_numpy(zero_copy_only=False))
        digits = np.array(texts[rows].tolist(), dtype="S19").view(np.uint8).reshape(len(rows), 19).astype("float64") - ord("0")
        digits[digits < 0] = np.nan  # NUL after the end of a shorter text; a separator is not read
        tens = [10 * digits[:, place] + digits[:, place + 1] for place in (0, 2, 5, 8, 11, 14, 17)]
        found = np.array([100 * tens[0] + tens[1], *tens[2:], np.ones(len(rows))])
        exists = (found[1] >= 1) & (found[1] <= 12)
        exists &= (found[2] >= 1) & (found[2] <= _last_day(found[0], np.where(exists, found[1], 1)))
        for part, (low, high) in zip(found, LIMITS, strict=False):
            exists &= np.isnan(part) | ((part >= low) & (part <= high))
        others = np.ones(len(texts), dtype=bool)
        others[rows[exists]] = False
        memo["complete"] = _Complete(rows[exists], found[:, exists], np.flatnonzero(others))
    complete: _Complete = memo["complete"]
    return complete


def _mask(text: pd.Series, name: str, test: Callable[[str], bool]) -> np.ndarray:
    """Where a text passes a test, which each distinct text takes once; a complete date passes none."""
    codes, uniques, memo = distinct_of(text)
    if name not in memo:
        memo[name] = np.zeros(len(uniques) + 1, dtype=bool)
        for row in _complete(uniques, memo).others:
            memo[name][row] = test(str(uniques[row]).strip())
    return np.asarray(memo[name].take(codes))


def _moments(text: pd.Series, name: str, read: Callable[[pd.Series], pd.Series]) -> pd.Series:
    """The date or datetime of each text, which is computed once for each distinct text."""
    codes, uniques, memo = distinct_of(text)
    if name not in memo:
        memo[name] = read(pd.Series([*uniques, ""], dtype="str")).to_numpy()
    return pd.Series(memo[name].take(codes), index=text.index, copy=False)


def invalid(text: pd.Series) -> np.ndarray:
    """True where a text is not blank and not a date.

    >>> invalid(pd.Series(["2019-UN-UN", "2019-02-30", "2019---15", ""], dtype="str")).tolist()
    [True, True, False, False]
    """
    return _mask(text, "invalid", lambda value: value != "" and _part(value, False) is None)


def malformed(text: pd.Series) -> np.ndarray:
    """True where a text is not blank and not written like a date, even one that does not exist.

    >>> malformed(pd.Series(["1/8/2024", "10JAN2023", "2019-02-30", "2019-03", ""], dtype="str")).tolist()
    [True, True, False, False, False]
    """
    return _mask(text, "malformed", lambda value: value != "" and not all(GRAMMAR.fullmatch(half.strip()) for half in _halves(value)))


def _halves(text: str) -> list[str]:
    found = text.split("/")
    return found if len(found) <= 2 else [""]


def offset(text: pd.Series) -> np.ndarray:
    """True where a date has a time with an offset from UTC.

    >>> offset(pd.Series(["2024-01-08T10:00+05:30", "2024-01-08T06:00Z", "2024-01-08T06:00", "2024-01-08"], dtype="str")).tolist()
    [True, True, False, False]
    """
    return _mask(text, "offset", lambda value: any(SHIFTED.search(half.strip()) for half in _halves(value)) and _part(value, False) is not None)


def untimed(text: pd.Series) -> np.ndarray:
    """True where a date is complete and has no time.

    >>> untimed(pd.Series(["2024-01-08", "2024-01-08T10", "2024-01", ""], dtype="str")).tolist()
    [True, False, False, False]
    """
    found = parts(text)
    timed = ~np.isnan(found.hour) | ~np.isnan(found.minute) | ~np.isnan(found.second)
    return found.valid & ~np.isnan(found.year) & ~np.isnan(found.month) & ~np.isnan(found.day) & ~timed


def interval(text: pd.Series) -> np.ndarray:
    """True where a text is an interval of two dates."""
    return _mask(text, "interval", lambda value: "/" in value and _part(value, False) is not None)


def _moment(year: np.ndarray, month: np.ndarray, day: np.ndarray, seconds: np.ndarray | None, index: pd.Index) -> pd.Series:
    """Year, month and day as a date, plus seconds; missing where the year is missing."""
    known = ~np.isnan(year)
    months = np.where(known, (np.where(known, year, 1970) - 1970) * 12 + np.where(known, month, 1) - 1, 0).astype("int64")
    days = months.astype("datetime64[M]").astype("datetime64[D]") + (np.where(known, day, 1) - 1).astype("int64")
    moment = days.astype("datetime64[s]")
    if seconds is not None:
        moment = moment + np.where(known, seconds, 0).astype("int64").astype("timedelta64[s]")
    return pd.Series(np.where(known, moment, np.datetime64("NaT", "s")), index=index)


def first_part(text: pd.Series) -> pd.Series:
    """The texts, of an interval of two dates the first one."""
    two = interval(text)
    return text.where(~two, text.str.split("/").str.get(0).astype("str")) if two.any() else text


def complete_date(text: pd.Series) -> pd.Series:
    """The date of a text that is complete to the day, otherwise missing."""
    return _moments(text, "complete date", _complete_date)


def _complete_date(text: pd.Series) -> pd.Series:
    found = parts(text)
    whole = found.valid & ~np.isnan(found.month) & ~np.isnan(found.day)
    return _moment(np.where(whole, found.year, np.nan), found.month, found.day, None, text.index)


def complete_datetime(text: pd.Series) -> pd.Series:
    """The datetime of a text that is complete to the minute, otherwise missing; a missing second is 00."""
    return _moments(text, "complete datetime", _complete_datetime)


def _complete_datetime(text: pd.Series) -> pd.Series:
    found = parts(text)
    whole = ~np.isnan(found.month) & ~np.isnan(found.day) & ~np.isnan(found.hour) & ~np.isnan(found.minute)
    seconds = found.hour * 3600 + found.minute * 60 + np.nan_to_num(found.second)
    return _moment(np.where(whole, found.year, np.nan), found.month, found.day, seconds, text.index)


def _bound(text: pd.Series, *, last: bool, timed: bool) -> pd.Series:
    return _moments(text, f"{'last' if last else 'first'} {'datetime' if timed else 'date'}", partial(_bound_of, last=last, timed=timed))


def _bound_of(text: pd.Series, *, last: bool, timed: bool) -> pd.Series:
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
    """The first date that the known parts allow; missing without a year. A day without a month counts as missing."""
    return _bound(text, last=False, timed=False)


def last_date(text: pd.Series) -> pd.Series:
    """The last date that the known parts allow, for an interval of its last date.

    >>> last_date(pd.Series(["2019-02", "2019---15", "2019-03-18/2019-03-22"], dtype="str")).dt.strftime("%F").tolist()
    ['2019-02-28', '2019-12-31', '2019-03-22']
    """
    return _bound(text, last=True, timed=False)


def first_datetime(text: pd.Series) -> pd.Series:
    """The first moment that the known parts allow: hh alone is hh:00:00, no time 00:00:00."""
    return _bound(text, last=False, timed=True)


def last_datetime(text: pd.Series) -> pd.Series:
    """The last moment that the known parts allow: hh alone is hh:59:59, no time 23:59:59; of hh:mm the second is 00."""
    return _bound(text, last=True, timed=True)
