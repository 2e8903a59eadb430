"""A dataset in the form that is compared: text without trailing blanks, numbers and SAS dates as float64."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

EPOCH = np.datetime64("1960-01-01", "s")
DAY = 86400
TEXT, NUMBER, DATE, DATETIME, TIME, UNKNOWN = "text", "number", "date", "datetime", "time", ""


@dataclass(frozen=True, eq=False)
class Column:
    """A variable: its kind (blank if the file stores no types), values, and attributes; None for one that the file cannot store.

    `values` is `str`, "" where blank, or float64: a number, days since 1960-01-01 of a date, seconds of a datetime or time. `special` has
    the special missing values of SAS (`.A`), blank in the other records. `name` is the spelling in the file.
    """

    name: str
    kind: str
    values: pd.Series
    label: str | None = None
    length: int | None = None
    format: str | None = None
    special: pd.Series | None = None

    @property
    def is_text(self) -> bool:
        """Whether its values are text."""
        return self.values.dtype == "str"


@dataclass(frozen=True, eq=False)
class Table:
    """A dataset: where it is from, its label, and its columns in order, by name in capitals."""

    origin: str
    label: str | None
    columns: Mapping[str, Column]
    records: int
    notes: tuple[str, ...] = ()

    def select(self, mask: np.ndarray) -> Table:
        """The table with the records of a mask."""
        columns = {
            name: Column(
                each.name,
                each.kind,
                each.values[mask].reset_index(drop=True),
                each.label,
                each.length,
                each.format,
                None if each.special is None else each.special[mask].reset_index(drop=True),
            )
            for name, each in self.columns.items()
        }
        return Table(self.origin, self.label, columns, int(mask.sum()), self.notes)


def comparable_values(values: pd.Series, kind: str) -> pd.Series:
    """The values of a file as they are compared: trailing blanks removed, dates as the numbers of SAS.

    >>> comparable_values(pd.Series(["A  ", " B", None], dtype="str"), "text").tolist()
    ['A', ' B', '']
    >>> comparable_values(pd.Series(pd.to_datetime(["1960-01-02", None])), "date").tolist()
    [1.0, nan]
    """
    if kind in (TEXT, UNKNOWN):
        return values.astype("str").fillna("").str.rstrip(" ").reset_index(drop=True)
    if values.dtype.kind == "M":
        seconds = (values.astype("datetime64[s]") - EPOCH) / np.timedelta64(1, "s")
        return (seconds / DAY if kind == DATE else seconds).astype("float64").reset_index(drop=True)
    return values.astype("float64").reset_index(drop=True)
