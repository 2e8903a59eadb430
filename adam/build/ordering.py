"""Groups and orders as numbers: what `within:` and `order:` become."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from adam.derive.registry import Group
from adam.expr.kinds import is_missing


def codes(column: pd.Series) -> np.ndarray:
    """A number for each value, in the order of the values; -1 for missing and blank, which so sort first, as in SAS.

    >>> codes(pd.Series(["b", "", "a"], dtype="str")).tolist()
    [1, -1, 0]
    """
    found, uniques = pd.factorize(column, sort=True)
    if column.dtype == "str" and len(uniques) and uniques[0] == "":
        found = found - 1
    return np.asarray(found, dtype="int64")


def groups(columns: Sequence[np.ndarray], eligible: np.ndarray) -> Group:
    """Records with equal numbers in every column are a group; one that is not eligible, or has -1 somewhere, is in none."""
    eligible = eligible.copy()
    combined = np.zeros(len(eligible), dtype="int64")
    for column in columns:
        eligible &= column >= 0
        width = int(column.max(initial=0)) + 1
        _, combined = np.unique(combined * width + np.where(column >= 0, column, 0), return_inverse=True)
    number = np.full(len(eligible), -1)
    if eligible.any():
        distinct, number[eligible] = np.unique(combined[eligible], return_inverse=True)
        return Group(number, len(distinct))
    return Group(number, 0)


def ranks(keys: Sequence[tuple[pd.Series, bool]]) -> np.ndarray:
    """The place of each record in the order of the keys (a column, and whether it descends), the first key deciding first.

    Records equal in every key keep their order.
    """
    if not keys:
        raise ValueError("an order has at least one key")
    numbers = [-codes(column) if descending else codes(column) for column, descending in keys]
    order = np.lexsort(numbers[::-1])
    place = np.empty(len(order), dtype="int64")
    place[order] = np.arange(len(order))
    return place


def sorted_rows(columns: Sequence[pd.Series]) -> np.ndarray:
    """The rows in the order of the columns, missing first."""
    return np.lexsort([codes(column) for column in columns][::-1])


def within_codes(columns: Sequence[pd.Series]) -> list[np.ndarray]:
    """The columns of `within:` as numbers, -1 where a value is missing or blank."""
    return [np.where(is_missing(column).to_numpy(), -1, pd.factorize(column)[0]) for column in columns]
