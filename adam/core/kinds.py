"""The kinds of columns, and the missing value of each kind.

Missing text is blank, and blank is a value. The other kinds have their own missing value. In memory:

    text       pandas `str`, blank if missing
    number     float64, NaN
    date       datetime64[s] at midnight, NaT
    datetime   datetime64[s], NaT
    time       float64 seconds since midnight, NaN
    condition  pandas `boolean`, <NA> is unknown
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np
import pandas as pd

from adam.core.coded_columns import chosen_codes
from adam.core.coded_text import constant_text, is_coded


class ValueKind(StrEnum):
    """The kind of a column or value. ANY is compatible with every kind (the literal `missing`, or a column whose kind is unknown)."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    DATETIME = "datetime"
    TIME = "time"
    CONDITION = "condition"
    ANY = "any"

    @property
    def article(self) -> str:
        """The kind with its article, for messages."""
        return "any value" if self is ValueKind.ANY else f"a {self}"


OF_TYPE = {
    "text": ValueKind.TEXT,
    "integer": ValueKind.NUMBER,
    "float": ValueKind.NUMBER,
    "date": ValueKind.DATE,
    "datetime": ValueKind.DATETIME,
    "time": ValueKind.TIME,
}
DTYPES = {
    ValueKind.TEXT: "str",
    ValueKind.NUMBER: "float64",
    ValueKind.DATE: "datetime64[s]",
    ValueKind.DATETIME: "datetime64[s]",
    ValueKind.TIME: "float64",
    ValueKind.CONDITION: "boolean",
}


def is_compatible(actual: ValueKind, expected: ValueKind) -> bool:
    """Whether a value of one kind is valid where another kind is expected."""
    return actual is expected or ValueKind.ANY in (actual, expected)


def missing_column(kind: ValueKind, index: pd.Index) -> pd.Series:
    """A column of a kind whose values are all blank or missing.

    >>> missing_column(ValueKind.TEXT, pd.RangeIndex(2)).tolist()
    ['', '']
    """
    if kind is ValueKind.TEXT:
        return constant_text("", index)
    if kind is ValueKind.CONDITION:
        return pd.Series(pd.NA, index=index, dtype="boolean")
    if kind in (ValueKind.DATE, ValueKind.DATETIME):
        return pd.Series(np.datetime64("NaT", "s"), index=index, dtype="datetime64[s]")
    return pd.Series(np.nan, index=index, dtype="float64")


def missing_mask(column: pd.Series) -> np.ndarray:
    """Where a value is missing or blank."""
    if column.dtype == "str":
        return np.asarray(column.array == "", dtype=bool)
    return np.asarray(column.isna())


def is_missing(column: pd.Series) -> pd.Series:
    """True where a value is missing or blank, as plain bool."""
    return pd.Series(missing_mask(column), index=column.index, copy=False)


def is_true(condition: pd.Series) -> np.ndarray:
    """Where a condition is true; not where it is false or unknown."""
    return np.asarray(condition.array.to_numpy(dtype=bool, na_value=False))


def is_false(condition: pd.Series) -> np.ndarray:
    """Where a condition is false; not where it is true or unknown."""
    return np.asarray(~condition.array.to_numpy(dtype=bool, na_value=True))


def choose(mask: np.ndarray, column: pd.Series, otherwise: pd.Series) -> pd.Series:
    """The values of a column where a mask is true, and those of another one of the same kind elsewhere.

    >>> choose(np.array([True, False]), numbers(1, 2), numbers(3, 4)).tolist()
    [1.0, 4.0]
    """
    if is_coded(column) and is_coded(otherwise):
        return chosen_codes(mask, column, otherwise)
    if column.dtype == otherwise.dtype and isinstance(column.dtype, np.dtype):
        return pd.Series(np.where(mask, column.to_numpy(), otherwise.to_numpy()), index=column.index, copy=False)
    return otherwise.where(~mask, column)


def dates(*values: str) -> pd.Series:
    """A date column from ISO texts, blank for missing: for examples and tests.

    >>> dates("2019-03-20", "").isna().tolist()
    [False, True]
    """
    return pd.Series(pd.to_datetime([v or None for v in values], format="%Y-%m-%d").astype("datetime64[s]"))


def datetimes(*values: str) -> pd.Series:
    """A datetime column from ISO texts `YYYY-MM-DDThh:mm[:ss]`, blank for missing: for examples and tests.

    >>> datetimes("2019-03-20T09:30").tolist()
    [Timestamp('2019-03-20 09:30:00')]
    """
    return pd.Series(pd.to_datetime([v or None for v in values], format="ISO8601").astype("datetime64[s]"))


def texts(*values: str) -> pd.Series:
    """A text column: for examples and tests."""
    return pd.Series(list(values), dtype="str")


def numbers(*values: float | None) -> pd.Series:
    """A number column, None for missing: for examples and tests."""
    return pd.Series(list(values), dtype="float64")


def conditions(*values: bool | None) -> pd.Series:
    """A condition column, None for unknown: for examples and tests."""
    return pd.Series(list(values), dtype="boolean")
