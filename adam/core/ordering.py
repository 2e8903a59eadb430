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


def by_subject(frame: pd.DataFrame) -> pd.DataFrame:
    """Records in the order of their subjects, those of a subject in the order in which they are.

    A finding shows its first records in this order, so that they are the same however the subjects are cut into parts.

    >>> by_subject(pd.DataFrame({"USUBJID": ["2", "1", "2"], "X": [1, 2, 3]}))["X"].tolist()
    [2, 1, 3]
    """
    names = [name for name in ("STUDYID", "USUBJID") if name in frame]
    if not names or len(frame) < 2 or pd.MultiIndex.from_frame(frame[names]).is_monotonic_increasing:
        return frame
    return frame.sort_values(names, kind="stable")


def placed(column: pd.Series, descending: bool = False, missing_last: bool = False) -> np.ndarray:
    """The place of each value in an order; missing and blank come first (as in SAS), last if it descends or if that is asked for.

    >>> placed(pd.Series([2.0, None, 1.0]), missing_last=True).tolist()
    [1, 2, 0]
    """
    found = codes(column)
    if descending:
        return -found
    return np.where(found < 0, found.max(initial=-1) + 1, found) if missing_last else found
