"""The course of a value: lowest and previous values before a record, and events that a later record confirms."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adam.catalog.derivation import Group
from adam.catalog.derivations.course import Limit, confirmed, nadir, previous
from adam.core.kinds import dates


def one_group(size: int) -> tuple[Group, np.ndarray]:
    return Group(np.zeros(size, dtype="int64"), 1), np.arange(size)


def test_the_lowest_value_before_a_record() -> None:
    # 60, then 40, none, 55, 38 in this order; the records are shuffled
    of, order = pd.Series([55.0, 60.0, 38.0, np.nan, 40.0]), np.array([3, 0, 4, 2, 1])
    assert nadir(of, Group(np.zeros(5, dtype="int64"), 1), order).tolist() == pytest.approx([40, np.nan, 40, 40, 60], nan_ok=True)


def test_records_that_do_not_match_get_a_nadir_but_are_none() -> None:
    group, order = one_group(3)
    found = nadir(pd.Series([50.0, 10.0, 20.0]), group, order, where=pd.Series([True, False, True], dtype="boolean"))
    assert found.tolist() == pytest.approx([np.nan, 50, 50], nan_ok=True)


def test_each_group_has_its_own_course() -> None:
    group = Group(np.array([0, 1, 0, 1, -1]), 2)
    assert nadir(pd.Series([5.0, 9.0, 6.0, 8.0, 1.0]), group, np.arange(5)).tolist() == pytest.approx([np.nan, np.nan, 5, 9, np.nan], nan_ok=True)


def test_the_value_before_is_that_of_the_record_before_even_if_missing() -> None:
    group, order = one_group(3)
    assert previous(pd.Series([1.0, np.nan, 3.0]), group, order).tolist() == pytest.approx([np.nan, 1, np.nan], nan_ok=True)
    assert previous(pd.Series(["A", "B", "C"], dtype="str"), group, order).tolist() == ["", "A", "B"]
    where = pd.Series([True, False, True], dtype="boolean")
    assert previous(dates("2024-01-01", "2024-02-01", "2024-03-01"), group, order, where).dt.strftime("%m").tolist()[1:] == ["01", "01"]


RESPONSES = {
    # assessments four weeks apart unless the text says otherwise; which complete responses are confirmed
    "CR CR": "Y.",
    "CR PD": "..",
    "CR NE CR": "Y..",
    "CR NE NE CR": "....",  # one NE is allowed
    "CR PR CR": "...",  # nothing but CR and NE may be in between
    "PR CR CR": ".Y.",
    "CR CR CR": "YY.",
}


@pytest.mark.parametrize(("course", "expected"), RESPONSES.items())
def test_confirmed_complete_responses(course: str, expected: str) -> None:
    response = pd.Series(course.split(), dtype="str")
    group, order = one_group(len(response))
    day = pd.Series(np.datetime64("2024-01-01", "s") + np.arange(len(response)) * np.timedelta64(28, "D"))
    limit = Limit.model_construct(when=(response == "NE").astype("boolean"), count=1)
    between = response.isin(["CR", "NE"]).astype("boolean")
    found = confirmed((response == "CR").astype("boolean"), day, group, order, days=28, between=between, at_most=[limit])
    assert "".join(found.replace("", ".")) == expected


def test_a_confirmation_that_comes_too_early_does_not_end_the_search() -> None:
    # CR on 1 January, again after 14 and after 30 days: the second is too early for the first, the third is 16 days after the second
    day, group_and_order = dates("2024-01-01", "2024-01-15", "2024-01-31"), one_group(3)
    assert confirmed(pd.Series([True, True, True], dtype="boolean"), day, *group_and_order, days=28).tolist() == ["Y", "", ""]


RECORDS = st.lists(st.tuples(st.integers(0, 2), st.booleans(), st.booleans(), st.booleans(), st.booleans(), st.integers(0, 60)), max_size=12)


@given(RECORDS, st.integers(0, 2), st.integers(0, 40))
def test_confirmed_is_what_its_definition_says(drawn: list[tuple[int, bool, bool, bool, bool, int]], count: int, days: int) -> None:
    columns = [np.array(column) for column in zip(*drawn, strict=True)] or [np.zeros(0, dtype="int64")] * 6
    number, when, later, between, limited, day = columns
    size = len(number)
    flags = [pd.Series(each.astype(bool)).astype("boolean") for each in (when, later, between, limited)]
    date = pd.Series(np.datetime64("2024-01-01", "s") + day.astype("int64") * np.timedelta64(86400, "s"))
    limit = Limit.model_construct(when=flags[3], count=count)
    group = Group(number.astype("int64"), 3)
    found = confirmed(flags[0], date, group, np.arange(size), days=days, later=flags[1], between=flags[2], at_most=[limit])
    expected = []
    for i in range(size):
        others = [j for j in range(i + 1, size) if number[j] == number[i]]
        ways = [others[:place] for place, j in enumerate(others) if later[j] and day[j] - day[i] >= days]
        good = [inner for inner in ways if all(between[k] for k in inner) and sum(bool(limited[k]) for k in inner) <= count]
        expected.append("Y" if when[i] and good else "")
    assert found.tolist() == expected
