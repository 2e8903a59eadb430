"""Derivations over the records of a source (LANGUAGE §6 B): several groups, none, ties, missing values."""

import numpy as np
import pandas as pd
import pytest

from adam.catalog.derivation import Action, Group
from adam.catalog.derivations.latest_date import latest_date
from adam.catalog.derivations.lookups import exists, first, last, single, sum_
from adam.catalog.derivations.majority import majority
from adam.core.kinds import conditions, dates, numbers, texts

NOBODY = Group(np.array([], dtype="int64"), 2)


def group(*numbers, size):
    return Group(np.array(numbers), size)


def day(column):
    return ["" if pd.isna(value) else value.date().isoformat() for value in column]


def test_only_takes_the_first_of_several_and_says_so():
    result = single(texts("b", "x", "a", "y"), group(0, -1, 0, 2, size=3))
    assert result.column.tolist() == ["b", "", "y"]
    (issue,) = result.issues
    assert issue.action is Action.ERROR
    assert issue.mask.tolist() == [True, False, False]


def test_only_takes_the_first_in_an_order_and_says_so():
    result = single(texts("b", "x", "a", "y"), group(0, -1, 0, 2, size=3), order=np.array([5, 0, 3, 1]))
    assert result.column.tolist() == ["a", "", "y"]
    assert [issue.mask.tolist() for issue in result.issues] == [[True, False, False]]


def test_only_of_a_missing_value_is_that_value():
    np.testing.assert_equal(single(numbers(None, 2), group(0, 1, size=2)).column.tolist(), [np.nan, 2])


def test_without_order_the_lowest_and_highest_that_is_not_missing():
    of, of_group = numbers(None, 5, 3, 1, None), group(0, 0, 0, -1, 1, size=3)
    np.testing.assert_equal(first(of, of_group).tolist(), [3, np.nan, np.nan])
    np.testing.assert_equal(last(of, of_group).tolist(), [5, np.nan, np.nan])


def test_case_41_the_earliest_time_of_a_day_is_the_lowest_text():
    of = texts("", "2019-03-20T09:30", "2019-03-20T08:15")
    assert first(of, group(0, 0, 0, size=1)).tolist() == ["2019-03-20T08:15"]
    assert last(of, group(0, 0, 0, size=1)).tolist() == ["2019-03-20T09:30"]


def test_with_order_the_value_of_that_record_missing_or_not():
    of, order = texts("a", "", "c", "z"), np.array([1, 0, 2, 3])
    assert first(of, group(0, 0, 0, -1, size=1), order=order).tolist() == [""]
    assert last(of, group(0, 0, 0, -1, size=1), order=order).tolist() == ["c"]


def test_dates_stay_dates():
    result = last(dates("2019-01-02", "2019-01-03", ""), group(0, 0, 1, size=3))
    assert result.dtype == "datetime64[s]"
    assert day(result) == ["2019-01-03", "", ""]


def test_total_skips_missing_and_is_missing_without_a_value():
    np.testing.assert_equal(sum_(numbers(1, 2, None, None, 9), group(0, 0, 0, 1, -1, size=3)).column.tolist(), [3, np.nan, np.nan])


def test_a_total_of_zero_is_zero():
    assert sum_(numbers(0, 0), group(0, 0, size=1)).column.tolist() == [0]


def test_any_needs_one_record_that_surely_fits():
    fits = conditions(False, True, None, False, True)
    assert exists(fits, group(0, 0, 1, 2, -1, size=4)).tolist() == ["Y", "", "", ""]


@pytest.mark.parametrize("function", [first, last, lambda of, records: sum_(of, records).column])
def test_no_records_at_all(function):
    assert function(numbers(), NOBODY).isna().tolist() == [True, True]


def test_no_records_at_all_for_texts_and_flags():
    assert single(texts(), NOBODY).column.tolist() == ["", ""]
    assert exists(conditions(), NOBODY).tolist() == ["", ""]
    assert majority(texts(), dates(), dates(), NOBODY).column.tolist() == ["", ""]
    assert latest_date([(texts(), NOBODY)]).isna().all()


def of_one(words, starts, ends):
    return majority(texts(*words), dates(*starts), dates(*ends), Group(np.zeros(len(words), dtype="int64"), 1)).column.tolist()


def test_majority_counts_days_over_all_records_of_a_value():
    # A: 2 + 2 days, B: 3 days
    starts, ends = ["2019-03-01", "2019-03-03", "2019-03-06"], ["2019-03-02", "2019-03-05", "2019-03-07"]
    assert of_one(["A", "B", "A"], starts, ends) == ["A"]


def test_majority_counts_a_day_once():
    # A twice the same two days, B three days
    starts, ends = ["2019-03-01", "2019-03-01", "2019-03-03"], ["2019-03-02", "2019-03-02", "2019-03-05"]
    assert of_one(["A", "A", "B"], starts, ends) == ["B"]


@pytest.mark.parametrize(("words", "expected"), [(["A", "B"], "B"), (["B", "A"], "A")])
def test_a_tie_goes_to_the_value_that_starts_first_wherever_it_stands(words, expected):
    assert of_one(words, ["2019-03-03", "2019-03-01"], ["2019-03-04", "2019-03-02"]) == [expected]


def test_a_record_without_start_or_without_value_does_not_count():
    assert of_one(["A", "", "B"], ["", "2019-03-01", "2019-03-01"], ["2019-09-01", "2019-09-01", "2019-03-01"]) == ["B"]


def test_a_record_without_end_counts_its_start():
    assert of_one(["A", "B"], ["2019-03-01", "2019-03-02"], ["", "2019-03-03"]) == ["B"]
    assert of_one(["A"], ["2019-03-01"], [""]) == ["A"]


def test_majority_of_a_tie_on_one_day_follows_the_order():
    columns = texts("A", "B"), dates("2019-03-20", "2019-03-20"), dates("2019-03-21", "2019-03-21"), group(0, 0, size=1)
    assert majority(*columns).column.tolist() == ["A"]
    assert majority(*columns, order=np.array([1, 0])).column.tolist() == ["B"]


def test_majority_of_each_subject_and_of_nobody():
    words, starts, ends = texts("A", "B", "C"), dates("2019-03-01", "2019-03-01", "2019-03-01"), dates("2019-03-02", "2019-03-05", "2019-03-01")
    assert majority(words, starts, ends, group(0, -1, 2, size=3)).column.tolist() == ["A", "", "C"]


def test_the_latest_complete_date_over_sources():
    visits = (texts("2019-03-20T09:30", "2019-05", "2019-13-01", ""), group(0, 0, 0, 1, size=3))
    ends = (dates("2019-03-25", "2019-04-01"), group(0, 2, size=3))
    assert day(latest_date([visits, ends])) == ["2019-03-25", "", "2019-04-01"]


def test_a_date_after_the_bound_is_ignored_and_the_day_itself_counts():
    source = (texts("2019-03-20", "2019-04-01", "2019-04-02"), group(0, 1, 1, size=2))
    assert day(latest_date([source], up_to=dates("2019-04-01", "2019-04-01"))) == ["2019-03-20", "2019-04-01"]
    assert day(latest_date([source], up_to=dates("", ""))) == ["2019-03-20", "2019-04-02"]


def test_the_days_of_a_value_count_once_and_an_end_in_9999_is_counted_like_any_other() -> None:
    of = texts("A", "A", "A", "B", "C", "D")
    start = dates("2019-01-01", "2019-01-02", "2019-01-20", "2019-01-01", "2019-02-01", "2019-02-01")
    end = dates("2019-01-10", "2019-01-05", "2019-01-20", "2019-01-11", "9999-12-31", "9999-12-31")
    found = majority(of, start, end, Group(np.array([0, 0, 0, 0, 1, 1]), 2))
    assert found.column.tolist() == ["A", "C"]  # 10 + 1 days of A and 11 of B: the one that starts first, then the first record
