"""The places of values in an order: missing and blank come first, as in SAS."""

from __future__ import annotations

import numpy as np
import pandas as pd


def codes(column: pd.Series) -> np.ndarray:
    """A number for each value, in the order of the values; -1 for missing and blank, which so sort first, as in SAS.

    >>> codes(pd.Series(["b", "", "a"], dtype="str")).tolist()
    [1, -1, 0]
    """
    found, uniques = pd.factorize(column, sort=True)
    if column.dtype == "str" and len(uniques) and uniques[0] == "":
        found = found - 1
    return np.asarray(found, dtype="int64")


def placed(column: pd.Series, descending: bool = False, missing_last: bool = False) -> np.ndarray:
    """The place of each value in an order; missing and blank come first (as in SAS), last if it descends or if that is asked for.

    >>> placed(pd.Series([2.0, None, 1.0]), missing_last=True).tolist()
    [1, 2, 0]
    """
    found = codes(column)
    if descending:
        return -found
    return np.where(found < 0, found.max(initial=-1) + 1, found) if missing_last else found
