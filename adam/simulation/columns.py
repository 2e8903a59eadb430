"""Columns of SDTM frames from whole numbers: texts from short lists of terms, ISO 8601 dates from days and minutes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from adam.simulation.draws import Flags, Ints

TEXT = pd.StringDtype("pyarrow", na_value=np.nan)
BLANK = -(10**9)
"""The whole number for a missing value: no date, no score, no record."""
BLOCK = 1000
"""Subjects of one part of the large domains: it limits the memory in use and changes no value."""


def blocks(subject: Ints, size: int) -> Iterator[tuple[int, int]]:
    """First and end of the records of each block of the `size` subjects; `subject` is in order."""
    for first in range(0, size, BLOCK):
        start, end = np.searchsorted(subject, [first, first + BLOCK]).tolist()
        yield start, end


def text(codes: Ints, terms: Sequence[str] | npt.NDArray[np.str_]) -> pd.Series:
    """The terms at `codes`; BLANK gives a blank text."""
    known = pa.array([*terms, ""], type=pa.large_string())
    places = np.where(np.asarray(codes) == BLANK, len(terms), codes)
    return pd.Series(pd.arrays.ArrowStringArray(pa.chunked_array([known.take(pa.array(places))]), dtype=TEXT))


def constant(term: str, size: int) -> pd.Series:
    """The same text `size` times."""
    return text(np.zeros(size, dtype=np.int64), [term])


def number(values: Ints, unit: int = 1) -> pd.Series:
    """Whole numbers of `unit`ths as float64; BLANK becomes missing."""
    return pd.Series(np.where(values == BLANK, np.nan, np.asarray(values) / unit))


def numerals(values: Ints, unit: int = 1) -> pd.Series:
    """The numbers as text without trailing zeros: `12`, `7.5`; BLANK gives a blank text."""
    found, codes = np.unique(values, return_inverse=True)
    terms = ["" if value == BLANK else f"{value // unit}" if value % unit == 0 else f"{value / unit:g}" for value in found.tolist()]
    return text(codes.astype(np.int64), terms)


def dtc(days: Ints, minutes: Ints | None = None) -> pd.Series:
    """ISO 8601 texts of days since 1970-01-01, with a time where `minutes` (of the day) has one; BLANK days give a blank text."""
    clock = np.full(len(days), BLANK, dtype=np.int64) if minutes is None else minutes
    key = np.where(days == BLANK, BLANK, days * 2000 + np.where(clock == BLANK, 1999, clock))
    found, codes = np.unique(key, return_inverse=True)
    dates = np.datetime_as_string((np.where(found == BLANK, 0, found) // 2000).astype("datetime64[D]"))
    terms = [
        "" if value == BLANK else day if value % 2000 == 1999 else f"{day}T{value % 2000 // 60:02d}:{value % 2000 % 60:02d}"
        for value, day in zip(found.tolist(), dates.tolist(), strict=True)
    ]
    return text(codes.astype(np.int64), terms)


def study_day(days: Ints, reference: Ints) -> Ints:
    """Study days: no day 0; BLANK where either date is blank."""
    difference = days - reference
    return np.where((days == BLANK) | (reference == BLANK), BLANK, difference + (difference >= 0))


def frame(columns: Mapping[str, pd.Series | str], size: int) -> pd.DataFrame:
    """A frame of these columns in their order; a single text is on every record."""
    return pd.DataFrame(
        {name: constant(column, size) if isinstance(column, str) else column.reset_index(drop=True) for name, column in columns.items()}
    )


def sequence(subject: Ints) -> pd.Series:
    """--SEQ: 1, 2, 3 … within each subject; the records of a subject are together."""
    places = np.arange(len(subject), dtype=np.int64)
    starts = np.r_[True, subject[1:] != subject[:-1]] if len(subject) else np.zeros(0, dtype=bool)
    return pd.Series((places - np.maximum.accumulate(np.where(starts, places, 0)) + 1).astype(np.float64))


def day_of(iso: str) -> int:
    """An ISO date as days since 1970-01-01."""
    return int(np.datetime64(iso, "D").astype(np.int64))


def where(flags: Flags, codes: Ints | int) -> Ints:
    """`codes` where the flag holds, BLANK elsewhere."""
    return np.where(flags, codes, BLANK)
