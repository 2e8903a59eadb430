"""Records of a group that are equal in order although they differ in the value that is used."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd


def differing(group: np.ndarray, values: Sequence[pd.Series]) -> np.ndarray:
    """The records of a group whose records differ in one of the values; missing and blank are a value.

    >>> differing(np.array([0, 0, 1, 1]), [pd.Series([1.0, 2.0, 3.0, 3.0])]).tolist()
    [True, True, False, False]
    """
    found = np.zeros(len(group), dtype=bool)
    if not len(group):
        return found
    size = int(group.max()) + 1
    for column in values:
        codes = pd.factorize(column, use_na_sentinel=False)[0]
        lowest, highest = np.full(size, len(codes)), np.full(size, -1)
        np.minimum.at(lowest, group, codes)
        np.maximum.at(highest, group, codes)
        found |= (lowest != highest)[group]
    return found


def last_ones(group: np.ndarray, order: Sequence[pd.Series]) -> np.ndarray:
    """The records that come last in their group; several where all of `order` is equal. Missing and blank come first.

    >>> last_ones(np.array([0, 0, 1, 1]), [pd.Series([1.0, 2.0, 3.0, 3.0])]).tolist()
    [False, True, True, True]
    """
    size = int(group.max(initial=-1)) + 1
    mine = np.ones(len(group), dtype=bool)
    for column in order:
        place = column.rank(method="dense", na_option="top").to_numpy()
        highest = np.full(size, -np.inf)
        np.maximum.at(highest, group[mine], place[mine])
        mine &= place == highest[group]
    return mine
