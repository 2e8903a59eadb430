"""The places of values in an order: missing and blank come first, as in SAS."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from adam.core.coded_columns import places_in_order
from adam.core.coded_text import as_codes

LARGEST = 2**62
"""The largest number that the numbers of several keys are put together in."""
DIGIT = 16
"""The number of bits of a digit in which records are sorted."""
SPARSE = 8
"""How many times as large as their number numbers can be for a table with a place for each."""


def codes(column: pd.Series) -> np.ndarray:
    """A number for each value, in the order of the values; -1 for missing and blank, which so sort first, as in SAS. There can be gaps.

    >>> codes(pd.Series(["b", "", "a"], dtype="str")).tolist()
    [1, -1, 0]
    """
    places = places_in_order(as_codes(column))
    if places is not None:
        return places
    found, uniques = pd.factorize(column, sort=True)
    if column.dtype == "str" and len(uniques) and uniques[0] == "":
        found = np.maximum(found - 1, -1)
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
    return directed(codes(column), descending, missing_last)


def directed(places: np.ndarray, descending: bool = False, missing_last: bool = False) -> np.ndarray:
    """The `codes` of a column in an order that descends, or has missing and blank last."""
    if descending:
        return -places
    return np.where(places < 0, places.max(initial=-1) + 1, places) if missing_last else places


def rows_in_order(keys: Sequence[np.ndarray]) -> np.ndarray:
    """The rows in the order of the keys (each with a number for each row), the first key deciding first; equal rows as they are.

    Keys whose numbers fit in one number are one key: each key needs a sort of all rows.

    >>> rows_in_order([np.array([1, 0, 1]), np.array([1, 2, 0])]).tolist()
    [1, 2, 0]
    """
    together: list[tuple[np.ndarray, int]] = []
    for key in keys:
        low = int(key.min(initial=0))
        width = int(key.max(initial=0)) - low + 1
        places = np.subtract(key, low, dtype="int64")  # codes of texts have 32 bits, too few for several keys together
        if together and together[-1][1] * width < LARGEST:
            number, room = together.pop()
            together.append((number * width + places, room * width))
        else:
            together.append((places, width))
    if len(together) == 1 and (together[0][0][1:] >= together[0][0][:-1]).all():
        return np.arange(len(together[0][0]))
    return np.lexsort([digit for number, width in reversed(together) for digit in _digits(number, width)])


def _digits(numbers: np.ndarray, width: int) -> Iterator[np.ndarray]:
    """Numbers from 0 on, all less than a width, as digits of 16 bits, the last one first: such digits are sorted by counting them."""
    for place in range(0, max((width - 1).bit_length(), 1), DIGIT):
        yield (numbers >> place).astype("uint16")


def without_gaps(numbers: np.ndarray) -> tuple[np.ndarray, int]:
    """Whole numbers from 0 on numbered in their order, and how many there are.

    >>> numbers, count = without_gaps(np.array([7, 2, 7]))
    >>> numbers.tolist(), count
    ([1, 0, 1], 2)
    """
    top = int(numbers.max(initial=-1)) + 1
    if top > SPARSE * len(numbers):
        order = rows_in_order([numbers])
        ordered, found = numbers[order], np.empty(len(numbers), dtype="int64")
        places = np.cumsum(ordered != np.append(-1, ordered[:-1])) - 1
        found[order] = places
        return found, int(places[-1]) + 1
    present = np.zeros(top, dtype=bool)
    present[numbers] = True
    places = np.cumsum(present)
    return places[numbers] - 1, int(places[-1]) if top else 0
