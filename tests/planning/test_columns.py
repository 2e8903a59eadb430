"""Columns of several sets of records that one step computed: they are cut out when they are read, and read as a whole where they can be."""

import pandas as pd

from adam.engine.tables import Columns, Piece, runs

AVAL = pd.Series([10.0, 20.0, 30.0, 40.0])


def test_a_piece_is_what_one_set_has() -> None:
    columns = Columns({"AVAL": Piece(AVAL, 1, 3), "ADY": pd.Series([1.0, 2.0])})
    assert columns["AVAL"].tolist() == [20, 30]
    assert list(columns["AVAL"].index) == [0, 1]
    assert columns.get("ADY").tolist() == [1, 2]
    assert columns.get("CHG") is None


def test_sets_in_the_order_of_the_step_share_its_column() -> None:
    first, none, second = Piece(AVAL, 0, 1), Piece(AVAL, 1, 1), Piece(AVAL, 1, 4)
    (found,) = runs([first, none, second])
    assert found is AVAL
    (found,) = runs([second])
    assert found.tolist() == [20, 30, 40]
    assert list(found.index) == [0, 1, 2]


def test_sets_in_another_order_are_cut_where_the_order_breaks() -> None:
    first, middle, last = Piece(AVAL, 0, 1), Piece(AVAL, 1, 3), Piece(AVAL, 3, 4)
    alone, other = pd.Series([9.0]), Piece(AVAL.copy(), 1, 2)
    assert [found.tolist() for found in runs([last, first, middle])] == [[40], [10, 20, 30]]
    assert [found.tolist() for found in runs([first, alone, middle, last])] == [[10], [9], [20, 30, 40]]
    assert [found.tolist() for found in runs([first, other])] == [[10], [20]]
    assert runs([]) == []
