"""Combinations are written only if they have the values of the records: a combination or a number of one that is wrong is found."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adam.core.coded_text import as_codes
from adam.core.errors import ExportError
from adam.submission.combinations import Combinations
from adam.submission.distinct_pieces import same_records
from adam.submission.same_values import require_values, written_values
from tests.submission.test_combinations import DATASET, VALUES, combinations_of, frame

FEW = frame([("x", "b", 0.0, "2020-02-29", "c"), ("x", "b", 0.0, "2020-02-29", "d"), ("y", "", np.nan, "NaT", "c")])
CODED = pd.concat([FEW] * 50, ignore_index=True).apply(as_codes)


def with_term(name: str, place: int, term: object) -> Callable[[Combinations], Combinations]:
    """A function that changes a distinct value of a column."""

    def change(each: Combinations) -> Combinations:
        terms = {column.variable.name: column.terms.copy() for column in each.columns}
        if name in terms:
            terms[name][place] = term
        return replace(each, columns=tuple(replace(column, terms=terms[column.variable.name]) for column in each.columns))

    return change


@given(rows=VALUES, coded=st.booleans())
def test_the_values_of_the_records_are_accepted(rows: list[tuple], coded: bool) -> None:
    own = frame(rows).apply(as_codes) if coded else frame(rows)
    require_values(combinations_of(own, DATASET), written_values(own, DATASET), DATASET)


@pytest.mark.parametrize("own", [FEW, CODED])
@pytest.mark.parametrize(
    ("name", "term"), [("A", "z"), ("A", None), ("N", -0.0), ("N", np.nextafter(0.0, 1.0)), ("D", np.datetime64("2020-03-01")), ("C", "")]
)
def test_another_value_is_found(own: pd.DataFrame, name: str, term: object) -> None:
    wrong = [with_term(name, 0, term)(each) for each in combinations_of(own, DATASET)]
    with pytest.raises(ExportError, match=f"ADX: the values that would be written are not those of the records: {name}$"):
        require_values(wrong, written_values(own, DATASET), DATASET)


@pytest.mark.parametrize("own", [FEW, CODED])
@pytest.mark.parametrize("record", [0, 1, 2])
def test_another_combination_of_one_record_is_found(own: pd.DataFrame, record: int) -> None:
    found = combinations_of(own, DATASET)
    codes = found[0].codes.copy()
    codes[record] = (codes[record] + 1) % len(found[0])
    with pytest.raises(ExportError, match="ADX: the values that would be written are not those of the records: "):
        require_values([replace(found[0], codes=codes), *found[1:]], written_values(own, DATASET), DATASET)


def test_a_variable_that_is_missing_is_found() -> None:
    found = combinations_of(FEW, DATASET)
    with pytest.raises(ExportError, match="ADX: the variables that would be written are not those of the dataset"):
        require_values([*found[:-1], replace(found[-1], columns=found[-1].columns[:-1])], written_values(FEW, DATASET), DATASET)


def test_each_expected_value_is_compared_with_its_piece() -> None:
    """Four records. Expected values 0 and 2 have the piece 1, value 1 has the piece 0."""
    pieces, expected = same_records(np.array([1, 0, 1, 1]), np.array([0, 1, 2, 0]), 3)
    assert (pieces.tolist(), expected.tolist()) == ([1, 0, 1], [0, 1, 2])


def test_each_record_is_compared_if_a_value_has_two_pieces() -> None:
    """The last record has another piece than the first one, which has the same expected value."""
    pieces, expected = same_records(np.array([1, 0, 1, 0]), np.array([0, 1, 2, 0]), 3)
    assert (pieces.tolist(), expected.tolist()) == ([1, 0, 1, 0], [0, 1, 2, 0])
