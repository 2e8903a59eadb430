"""Columns of several sets of records that one step computed: they are cut out when they are read, and read as a whole where they can be."""

import numpy as np
import pandas as pd

from adam.engine.tables import Columns, Piece, Table, whole

AVAL = pd.Series([10.0, 20.0, 30.0, 40.0])


def test_a_piece_is_what_one_set_has() -> None:
    columns = Columns({"AVAL": Piece(AVAL, 1, 3), "ADY": pd.Series([1.0, 2.0])})
    assert columns["AVAL"].tolist() == [20, 30]
    assert list(columns["AVAL"].index) == [0, 1]
    assert columns.get("ADY").tolist() == [1, 2]
    assert columns.get("CHG") is None


def test_sets_in_the_order_of_the_step_share_its_column() -> None:
    def table(start: int, stop: int) -> Table:
        return Table(np.arange(stop - start), Columns({"AVAL": Piece(AVAL, start, stop)}))

    first, none, second = table(0, 1), table(1, 1), table(1, 4)
    assert whole([first, none, second], "AVAL") is AVAL
    found = whole([second], "AVAL")
    assert found is not None and found.tolist() == [20, 30, 40]
    assert whole([second, first], "AVAL") is None
    assert whole([first, Table(np.zeros(1, dtype="int64"), Columns({"AVAL": pd.Series([9.0])}))], "AVAL") is None
