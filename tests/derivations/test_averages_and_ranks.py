"""Counts, means, medians and ranks, worked out by hand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adam.catalog.derivation import Group
from adam.catalog.derivations.averages import count, mean, median
from adam.catalog.derivations.rank import rank
from adam.core.kinds import dates, numbers, texts

GROUP = Group(np.array([0, 0, 0, 1, 1, -1, 2]), 4)
VALUES = numbers(0.1, 0.2, 0.9, 7, None, 100, None)


def listed(column: pd.Series) -> list[object]:
    return [None if pd.isna(value) else value for value in column.tolist()]


def test_values_over_a_group() -> None:
    assert listed(count(VALUES, GROUP)) == [3, 1, 0, 0]
    assert listed(mean(VALUES, GROUP).column) == [0.4, 7, None, None]
    assert listed(median(VALUES, GROUP).column) == [0.2, 7, None, None]


def test_the_records_without_a_value_are_noted() -> None:
    (issue,) = mean(VALUES, GROUP).issues
    assert issue.text.format(*issue.counts) == "The mean leaves out 2 of 6 records that have no value"
    assert issue.mask.tolist() == [False, True, True, False]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, [2, 2, 1, 4, None, 1, None]),
        ({"dense": True}, [2, 2, 1, 3, None, 1, None]),
        ({"descending": True}, [2, 2, 4, 1, None, 1, None]),
        ({"descending": True, "dense": True}, [2, 2, 3, 1, None, 1, None]),
    ],
)
def test_ranks_in_two_groups(options: dict[str, bool], expected: list[object]) -> None:
    # the first group has 5, 5, 3, 8 and a missing value, the second 1; the last record is in none
    values, group = numbers(5, 5, 3, 8, None, 1, 9), Group(np.array([0, 0, 0, 0, 0, 1, -1]), 2)
    assert listed(rank(values, group, **options)) == expected


def test_ranks_of_texts_and_dates() -> None:
    group = Group(np.array([0, 0, 0]), 1)
    assert listed(rank(texts("B", "", "A"), group)) == [2, None, 1]
    assert listed(rank(dates("2024-03-01", "2024-01-01", ""), group)) == [2, 1, None]
    assert listed(rank(numbers(), Group(np.zeros(0, dtype="int64"), 0))) == []


RECORDS = st.lists(st.tuples(st.integers(-1, 2), st.one_of(st.none(), st.integers(0, 4))), max_size=12)


@given(RECORDS, st.booleans(), st.booleans())
def test_a_rank_is_one_more_than_what_comes_before(records: list[tuple[int, int | None]], descending: bool, dense: bool) -> None:
    values = numbers(*(value for _, value in records))
    found = listed(rank(values, Group(np.array([group for group, _ in records], dtype="int64"), 3), descending=descending, dense=dense))
    for (group, value), got in zip(records, found, strict=True):
        others = [other for each, other in records if each == group and other is not None]
        before = [other for other in others if value is not None and (other > value if descending else other < value)]
        expected = len(set(before) if dense else before) + 1
        assert got == (expected if group >= 0 and value is not None else None)


@given(RECORDS)
def test_a_median_is_that_of_numpy(records: list[tuple[int, int | None]]) -> None:
    values = numbers(*(value for _, value in records))
    found = listed(median(values, Group(np.array([group for group, _ in records], dtype="int64"), 3)).column)
    for group in range(3):
        mine = [value for each, value in records if each == group and value is not None]
        assert found[group] == (np.median(mine) if mine else None)
