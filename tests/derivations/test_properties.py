"""What holds of every derivation: documented, and of no subject but its own."""

import inspect

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from adam.catalog.derivation import Group
from adam.catalog.derivations import DERIVATIONS
from adam.catalog.derivations.lookups import first, last, single, sum_
from adam.catalog.derivations.majority import majority
from adam.catalog.derivations.sequences import flag_first, flag_last, sequence_number
from adam.core import iso
from adam.core.kinds import dates, numbers, texts
from tests.derivations.example import TABLES


@pytest.mark.parametrize("name", sorted(DERIVATIONS))
def test_documented(name: str) -> None:
    text = inspect.getdoc(DERIVATIONS[name].function) or ""
    assert all(part in text for part in ("Missing:", "Source:", "YAML:", ">>>"))
    line = text.split("YAML:")[1].split(">>>")[0].strip()
    (block,) = yaml.safe_load(line).values()
    known = DERIVATIONS[name]
    raw = block[name]
    known.model.model_validate(raw if isinstance(raw, dict) else {known.first: raw}, context={"constants": {"FUPDAYS": 30}, "tables": TABLES})


def grouped(subjects: list[int]) -> Group:
    distinct, number = np.unique(subjects, return_inverse=True)
    return Group(number, len(distinct))


records = st.lists(st.tuples(st.integers(0, 3), st.one_of(st.none(), st.integers(0, 9)), st.integers(0, 99)), min_size=1, max_size=20)


@settings(max_examples=60, deadline=None)
@given(records)
def test_a_summary_knows_no_other_subject(rows: list[tuple[int, int | None, int]]) -> None:
    subjects = [row[0] for row in rows]
    for function in (first, last, lambda of, records: sum_(of, records).column):
        whole = function(numbers(*(row[1] for row in rows)), grouped(subjects))
        for position, subject in enumerate(sorted(set(subjects))):
            own = [row[1] for row in rows if row[0] == subject]
            alone = function(numbers(*own), grouped([0] * len(own)))
            np.testing.assert_equal(whole.iloc[position], alone.iloc[0])


@settings(max_examples=60, deadline=None)
@given(records)
def test_along_knows_no_other_subject(rows: list[tuple[int, int | None, int]]) -> None:
    subjects = np.array([row[0] for row in rows])
    order = np.argsort(np.argsort([row[2] for row in rows], kind="stable"))
    for function in (flag_first, flag_last, sequence_number):
        whole = function(grouped(subjects.tolist()), order)
        for subject in set(subjects.tolist()):
            mine = subjects == subject
            alone = function(Group(np.zeros(mine.sum(), dtype=int), 1), np.argsort(np.argsort(order[mine])))
            assert whole[mine].tolist() == alone.tolist()


@settings(max_examples=200, deadline=None)
@given(st.integers(1900, 2100), st.integers(1, 12), st.integers(1, 28), st.integers(1, 3))
def test_bounds_of_a_partial_date_hold_what_is_known(year: int, month: int, day: int, known: int) -> None:
    text = "-".join([f"{year:04d}", f"{month:02d}", f"{day:02d}"][:known])
    low, high = iso.first_date(texts(text)).iloc[0], iso.last_date(texts(text)).iloc[0]
    assert low <= high
    assert {low.year, high.year} == {year}
    assert known < 2 or {low.month, high.month} == {month}
    assert known < 3 or low == high


def test_only_tells_of_several() -> None:
    found = single(numbers(5, 6, 7), Group(np.array([0, 0, 1]), 2))
    assert found.column.tolist() == [5, 7]
    assert found.issues[0].mask.tolist() == [True, False]


def test_case_33_three_days_of_a_wrong_kit_change_nothing() -> None:
    group = Group(np.array([0, 0]), 1)
    found = majority(texts("Wrong", "Right"), dates("2019-03-20", "2019-03-23"), dates("2019-03-22", "2019-05-14"), group)
    assert found.column.tolist() == ["Right"]


def test_a_tie_of_days_goes_to_the_first() -> None:
    group = Group(np.array([0, 0]), 1)
    assert majority(texts("B", "A"), dates("2019-03-20", "2019-03-22"), dates("2019-03-21", "2019-03-23"), group).column.tolist() == ["B"]
