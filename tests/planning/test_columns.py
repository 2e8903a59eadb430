"""Columns of several sets of records that one step computed: they are cut out when they are read, and read as a whole where they can be."""

import numpy as np
import pandas as pd

from adam.engine.tables import Columns, Gathered, Piece, joined, merged

AVAL = pd.Series([10.0, 20.0, 30.0, 40.0])


def test_a_piece_is_what_one_set_has() -> None:
    columns = Columns({"AVAL": Piece(AVAL, 1, 3), "ADY": pd.Series([1.0, 2.0])})
    assert columns["AVAL"].tolist() == [20, 30]
    assert list(columns["AVAL"].index) == [0, 1]
    assert columns.get("ADY").tolist() == [1, 2]
    assert columns.get("CHG") is None


def test_sets_in_the_order_of_the_step_share_its_column() -> None:
    first, none, second = Piece(AVAL, 0, 1), Piece(AVAL, 1, 1), Piece(AVAL, 1, 4)
    assert joined([first, none, second]) is AVAL
    found = joined([second])
    assert found.tolist() == [20, 30, 40]
    assert list(found.index) == [0, 1, 2]


def test_sets_in_another_order_are_cut_where_the_order_breaks() -> None:
    first, middle, last = Piece(AVAL, 0, 1), Piece(AVAL, 1, 3), Piece(AVAL, 3, 4)
    alone, other = pd.Series([9.0]), Piece(AVAL.copy(), 1, 2)
    assert merged([last, first, middle]) == [last, Piece(AVAL, 0, 3)]
    assert joined([last, first, middle]).tolist() == [40, 10, 20, 30]
    assert joined([first, alone, middle, last]).tolist() == [10, 9, 20, 30, 40]
    assert joined([first, other]).tolist() == [10, 20]
    assert merged([]) == []


def test_pieces_of_text_and_of_dates_keep_their_dtype() -> None:
    text, day = pd.Series(["a", "", "b"], dtype="str"), pd.Series(pd.to_datetime(["2024-01-01", None, "2024-01-03"]).astype("datetime64[s]"))
    found = joined([Piece(text, 2, 3), Piece(text, 0, 1), pd.Series(["c"], dtype="str")])
    assert (found.tolist(), found.dtype) == (["b", "a", "c"], "str")
    assert joined([Piece(day, 2, 3), Piece(day, 0, 1)]).equals(pd.Series(pd.to_datetime(["2024-01-03", "2024-01-01"]).astype("datetime64[s]")))


def test_a_copy_of_another_column_is_read_as_the_values_at_its_rows() -> None:
    sex = Gathered(pd.Series(["F", "M"], dtype="str"), np.array([1, 1, -1, 0]))
    columns = Columns({"SEX": Piece(sex, 1, 4)})
    assert columns["SEX"].tolist() == ["M", "", "F"]
    assert columns.kind("SEX") == "str"
    assert joined([Piece(sex, 0, 2), Piece(sex, 2, 4)]).tolist() == ["M", "M", "", "F"]
    assert joined([Piece(sex, 3, 4), Piece(sex, 0, 2)]).tolist() == ["F", "M", "M"]
