"""Records are sorted by digits of numbers as Python sorts their values: missing and blank first or last, and equal records stay in their order."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cmp_to_key

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adam.core.coded_text import coded
from adam.core.kinds import dates, numbers, texts
from adam.core.ordering import placed, rows_in_order, without_gaps

NUMBERS = st.none() | st.sampled_from([-0.0, 0.0, 1.0, -1.0, float("inf"), float("-inf"), 1e300]) | st.floats(allow_nan=False)
TEXTS = st.sampled_from(["", "a", "A", "Z", "é", "~", "aa", "\U0001f600", "\uffff"])
DAYS = st.none() | st.integers(0, 150_000).map(lambda days: date(1650, 1, 1) + timedelta(days))
KEYS = {"number": NUMBERS, "text": TEXTS, "day": DAYS}
RECORDS = st.lists(st.fixed_dictionaries(KEYS), max_size=12)
ORDER = st.lists(st.tuples(st.sampled_from(list(KEYS)), st.booleans(), st.booleans()), min_size=1, max_size=4)
WHOLE = st.integers(-(2**61), 2**61 - 1) | st.integers(-3, 3) | st.sampled_from([2**16 - 1, 2**16, 2**16 + 1, 2**32, -(2**16)])


def in_order(records: list[dict[str, object]], order: list[tuple[str, bool, bool]]) -> list[int]:
    """The rows as Python sorts them by one key after another, the first one deciding first."""

    def compared(first: int, second: int) -> int:
        for name, descending, missing_last in order:
            left, right = records[first][name], records[second][name]
            empty = [each in (None, "") for each in (left, right)]
            if any(empty):
                if all(empty):
                    continue
                return (-1 if empty[0] else 1) * (-1 if missing_last or descending else 1)
            if left != right:
                return (-1 if left < right else 1) * (-1 if descending else 1)  # type: ignore[operator]
        return 0

    return sorted(range(len(records)), key=cmp_to_key(compared))


@settings(max_examples=150, deadline=None)
@given(RECORDS, ORDER, st.booleans())
def test_records_are_in_the_order_of_their_values(records: list[dict[str, object]], order: list[tuple[str, bool, bool]], as_codes: bool) -> None:
    columns = {
        "number": numbers(*(each["number"] for each in records)),  # type: ignore[misc]
        "text": texts(*(each["text"] for each in records)),  # type: ignore[misc]
        "day": dates(*("" if each["day"] is None else str(each["day"]) for each in records)),
    }
    if as_codes:
        columns["text"] = pd.Series(coded(columns["text"].array, always=True))
    keys = [placed(columns[name], descending, missing_last) for name, descending, missing_last in order]
    assert rows_in_order(keys).tolist() == in_order(records, order)


@settings(max_examples=150, deadline=None)
@given(st.integers(1, 3).flatmap(lambda count: st.lists(st.tuples(*[WHOLE] * count), min_size=0, max_size=12)), st.booleans())
def test_numbers_far_apart_are_in_their_order(rows: list[tuple[int, ...]], twice: bool) -> None:
    rows = [*rows, *rows] if twice else rows
    keys = [np.array(key, dtype="int64") for key in zip(*rows, strict=True)] or [np.zeros(0, dtype="int64")]
    assert rows_in_order(keys).tolist() == sorted(range(len(rows)), key=rows.__getitem__)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 40) | st.integers(0, 2**62), max_size=12))
def test_numbers_without_gaps_keep_their_order(values: list[int]) -> None:
    found, count = without_gaps(np.array(values, dtype="int64"))
    distinct = sorted(set(values))
    assert (found.tolist(), count) == ([distinct.index(value) for value in values], len(distinct))


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ([65536, 65535, 0, 65536], [2, 1, 0, 3]),  # 65536 has a second digit
        ([1, -1, 0], [1, 2, 0]),
        ([2, 2, 2], [0, 1, 2]),
        ([7], [0]),
        ([], []),
    ],
)
def test_rows_in_order_worked_out_by_hand(key: list[int], expected: list[int]) -> None:
    assert rows_in_order([np.array(key, dtype="int64")]).tolist() == expected


def test_keys_of_32_bits_are_put_together() -> None:
    """70,000 times 70,000 pairs of places are more than 32 bits have."""
    first, second = np.array([69_999, 40_000, 0], dtype="int32"), np.array([0, 0, 69_999], dtype="int32")
    assert rows_in_order([first, second]).tolist() == [2, 1, 0]
