"""Groups and orders as numbers: what `within:` and `order:` become."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from adam.catalog.derivation import Group
from adam.core.ordering import rows_in_order, without_gaps


def groups(columns: Sequence[np.ndarray], eligible: np.ndarray) -> Group:
    """Records with equal numbers in every column are a group; one that is not eligible is in none."""
    number, combined = np.full(len(eligible), -1), np.zeros(int(eligible.sum()), dtype="int64")
    size = 0
    for column in columns:
        chosen = column[eligible]
        combined, size = without_gaps(combined * (int(chosen.max(initial=0)) + 1) + chosen)
    number[eligible] = combined
    return Group(number, size)


def ranks(keys: Sequence[np.ndarray]) -> np.ndarray:
    """The place of each record in the order of the keys (each the places of one column), the first key deciding first.

    Records equal in every key keep their order.
    """
    if not keys:
        raise ValueError("an order has at least one key")
    order = rows_in_order(keys)
    place = np.empty(len(order), dtype="int64")
    place[order] = np.arange(len(order))
    return place


def first_of(keys: Sequence[np.ndarray], group: Group, last: bool = False) -> np.ndarray:
    """The records that come first (or last) in their group; several where all keys are equal.

    >>> first_of([np.array([1, 1, 2])], Group(np.array([0, 0, 0]), 1)).tolist()
    [True, True, False]
    """
    mine = group.number >= 0
    for key in keys if group.size else ():
        place = key if last else -key
        best = np.full(group.size, np.iinfo("int64").min)
        np.maximum.at(best, group.number[mine], place[mine])
        mine = mine & (place == best[group.number])
    return mine


def within_codes(columns: Sequence[pd.Series]) -> list[np.ndarray]:
    """The columns of `within:` as numbers; missing and blank are a value like any other, so such records are a group.

    >>> within_codes([pd.Series([1.0, None, 1.0])])[0].tolist()
    [0, 1, 0]
    """
    return [pd.factorize(column, use_na_sentinel=False)[0] for column in columns]
