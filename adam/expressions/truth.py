"""Where a condition is true and where it is false, as two masks: a record in neither is unknown."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any

import numpy as np
import pandas as pd

Truth = tuple[np.ndarray, np.ndarray]
"""The records in which a condition is true, and those in which it is false."""
OPERATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
FEW = 16
"""The number of values up to which comparing with each of them costs less than a table of them."""


def compared(op: str, left: Any, right: Any) -> Truth:  # noqa: ANN401
    """Return where a comparison is true and where it is false; one side at least is a column. It is unknown where a number or date is missing."""
    left, right = _dated(left, right), _dated(right, left)
    text = any(isinstance(side, pd.Series) and side.dtype == "str" for side in (left, right))
    yes = np.asarray(OPERATIONS[op](_values(left), _values(right)), dtype=bool)
    if text:
        return yes, ~yes
    unknown = reduce(operator.or_, [_is_missing(side) for side in (left, right)])
    return yes & ~unknown if op == "!=" else yes, ~(yes | unknown)


def is_among(column: pd.Series, among: Sequence[float | str]) -> Truth:
    """Return where a column has one of the values and where it has another one; it is unknown where a number or date is missing."""
    if column.dtype == "str":
        yes = np.asarray(column.array.isin(list(among)), dtype=bool)
        return yes, ~yes
    if column.dtype == "float64" and 0 < len(among) <= FEW and not any(isinstance(value, str) for value in among):
        values = column.to_numpy()
        yes = reduce(operator.or_, [values == value for value in among])
    else:
        yes = column.isin(list(among)).to_numpy(dtype=bool)
    unknown = _is_missing(column)
    return yes & ~unknown, ~(yes | unknown)


def _values(side: Any) -> Any:  # noqa: ANN401
    """The values of a column, without its index."""
    if not isinstance(side, pd.Series):
        return side
    return side.to_numpy() if isinstance(side.dtype, np.dtype) else side.array


def _is_missing(side: Any) -> Any:  # noqa: ANN401  (a mask, or whether a single value is missing)
    if isinstance(side, pd.Series):
        return np.isnan(side.to_numpy()) if side.dtype.kind in "fM" and isinstance(side.dtype, np.dtype) else side.isna().to_numpy()
    return bool(pd.isna(side))


def is_date(value: Any) -> bool:  # noqa: ANN401
    """Return whether a column, or a single value, is a date or datetime."""
    return isinstance(value, np.datetime64) or (isinstance(value, pd.Series) and value.dtype.kind == "M")


def _dated(value: Any, other: Any) -> Any:  # noqa: ANN401
    """A side of a comparison: a text that is compared with a date is a date."""
    return np.datetime64(value, "s") if isinstance(value, str) and is_date(other) else value
