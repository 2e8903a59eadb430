"""How the values of a column are distributed, in one line of a table: what is missing, and the range or terms of the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from adam.core.coded_text import distinct_of
from adam.core.stored import StoredRecords
from adam.planning.values import Codelist, ResolvedVariable

FEW = 10
"""Text with at most this many distinct values is listed with counts."""
BINS = 20
HEIGHT = 20
WIDTH = 5
NumberFormat = Callable[[float], str]


@dataclass(frozen=True)
class Distribution:
    """The distribution of a column.

    Args:
        records: the number of records.
        missing: how many of them are missing.
        distinct: the number of distinct values.
        terms: the values with their counts, if the column is text with few distinct values.
        most: the most frequent value and its count, if the column is text with many distinct values.
        low: the smallest number or date.
        middle: the median.
        high: the largest number or date.
        bins: the counts of values in equal parts from `low` to `high`.
    """

    records: int
    missing: int
    distinct: int = 0
    terms: tuple[tuple[str, int], ...] = ()
    most: tuple[str, int] | None = None
    low: str = ""
    middle: str = ""
    high: str = ""
    bins: tuple[int, ...] = ()

    @property
    def missing_percent(self) -> str:
        """The percentage of missing records, with one decimal; blank if there are no records."""
        return f"{100 * self.missing / self.records:.1f}" if self.records else ""

    @property
    def width(self) -> int:
        """The width of the histogram in its own units."""
        return WIDTH * len(self.bins)

    @property
    def path(self) -> str:
        """The histogram as an SVG path of height `HEIGHT`; a bin with any value is visible."""
        most = max(self.bins, default=0) or 1
        tops = [HEIGHT - (max(1, round(count / most * HEIGHT)) if count else 0) for count in self.bins]
        return f"M0 {HEIGHT}" + "".join(f"V{top}H{(place + 1) * WIDTH}" for place, top in enumerate(tops)) + f"V{HEIGHT}Z"


def distinct(records: StoredRecords, names: Sequence[str]) -> pd.DataFrame:
    """Each combination of values of some variables once, in the order of the records."""
    pieces = [part.drop_duplicates() for part in records.parts(names)]
    return pd.concat(pieces, ignore_index=True).drop_duplicates(ignore_index=True) if len(pieces) > 1 else pieces[0]


def describe_column(column: pd.Series, variable: ResolvedVariable | None = None, codelist: Codelist | None = None) -> Distribution:
    """The distribution of a column of a finished dataset.

    Args:
        column: text (blank is missing), numbers, dates or datetimes.
        variable: its type decides whether numbers are times (seconds since midnight).
        codelist: the order of the terms; without it the most frequent term is first.

    >>> describe_column(pd.Series(["Y", "", "Y"], dtype="str")).terms
    (('Y', 2),)
    >>> result = describe_column(pd.Series([1.0, 2.0, 4.0, None]))
    >>> result.missing, result.low, result.middle, result.high
    (1, '1', '2', '4')
    """
    if column.dtype == "str":
        return _of_text(column, codelist)
    if column.dtype.kind == "M":
        moments = column.to_numpy()
        seconds = np.where(np.isnat(moments), np.nan, moments.astype("datetime64[s]").astype("int64"))
        return _of_numbers(seconds, _date if variable is None or variable.type != "datetime" else _datetime)
    plain = isinstance(column.dtype, np.dtype)
    numbers = column.to_numpy().astype("float64", copy=False) if plain else column.to_numpy(dtype="float64", na_value=np.nan)
    return _of_numbers(numbers, _time if variable is not None and variable.type == "time" else format_number)


def _of_text(column: pd.Series, codelist: Codelist | None) -> Distribution:
    codes, texts, _ = distinct_of(column)
    counts = np.bincount(codes if codes.min(initial=0) >= 0 else codes[codes >= 0], minlength=len(texts))
    present = [(str(texts[code]), int(counts[code])) for code in np.flatnonzero(counts) if texts[code] != ""]
    missing = len(column) - sum(count for _, count in present)
    listed = sorted(present, key=lambda each: (-each[1], each[0]))
    if len(listed) > FEW:
        return Distribution(len(column), missing, len(listed), most=listed[0])
    if codelist is not None:
        order = {term: place for place, term in enumerate(codelist.terms)}
        listed.sort(key=lambda each: order.get(each[0], len(order)))
    return Distribution(len(column), missing, len(listed), tuple(listed))


def _of_numbers(values: np.ndarray, text: NumberFormat) -> Distribution:
    """The distribution of numbers, NaN where missing, from the distinct ones."""
    distinct, counts = _counted(values)
    if not len(distinct):
        return Distribution(len(values), len(values))
    upto = counts.cumsum()
    known = int(upto[-1])
    places = np.searchsorted(upto, [(known - 1) // 2, known // 2], side="right")
    low, middle, high = (text(float(each)) for each in (distinct[0], distinct[places].mean(), distinct[-1]))
    return Distribution(len(values), len(values) - known, len(distinct), low=low, middle=middle, high=high, bins=_bins(distinct, counts))


def _counted(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The distinct numbers in ascending order, without NaN, and how many there are of each."""
    found = pa.array(values).value_counts()
    numbers, places = np.unique(found.field(0).to_numpy(), return_inverse=True)
    counts = np.bincount(places, weights=found.field(1).to_numpy(), minlength=len(numbers)).astype("int64")
    known = ~np.isnan(numbers)
    return numbers[known], counts[known]


def _bins(distinct: np.ndarray, counts: np.ndarray) -> tuple[int, ...]:
    """The counts of values in equal parts from the smallest to the largest finite value; one part if all are the same."""
    finite = np.isfinite(distinct)
    half, counts = distinct[finite] / 2, counts[finite]  # the difference of two finite numbers may overflow
    if not len(half) or half.min() == half.max():
        return (int(counts.sum()),)
    places = ((half - half.min()) / (half.max() - half.min()) * BINS).astype("int64").clip(0, BINS - 1)
    return tuple(np.bincount(places, weights=counts, minlength=BINS).astype("int64").tolist())


def format_number(value: float) -> str:
    """A number for readers: at most six digits, no trailing zeros.

    >>> format_number(251881.0), format_number(7.25), format_number(1 / 3)
    ('251881', '7.25', '0.333333')
    """
    return str(int(value)) if np.isfinite(value) and value == round(value) and abs(value) < 1e15 else f"{value:.6g}"


def _date(seconds: float) -> str:
    return str(np.datetime64(int(seconds), "s").astype("datetime64[D]"))


def _datetime(seconds: float) -> str:
    return str(np.datetime64(int(seconds), "s").astype("datetime64[m]")).replace("T", " ")


def _time(seconds: float) -> str:
    return f"{int(seconds) // 3600:02}:{int(seconds) % 3600 // 60:02}"
