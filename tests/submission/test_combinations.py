"""Neighboring columns by the combinations of their values: the bytes of the records are those of each column after the other."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adam.core.coded_text import as_codes
from adam.planning.values import ResolvedDataset, ResolvedVariable
from adam.submission import combinations
from adam.submission.combinations import Combinations, EncodedRecords, column_values, find_combinations

VARIABLES = {
    name: ResolvedVariable(name=name, label=name, type=kind)
    for name, kind in {"A": "text", "B": "text", "N": "float", "D": "date", "C": "text"}.items()
}
DATASET = ResolvedDataset(name="ADX", class_="X", label="X", key=("A",), variables=VARIABLES)
VALUES = st.lists(
    st.tuples(
        st.sampled_from("xyz"), st.sampled_from(["", "b"]), st.sampled_from([0.0, -0.0, 1.5, np.nan]), st.sampled_from(["2020-02-29", "NaT"]),
        st.text(max_size=2),
    ),
    min_size=1,
    max_size=80,
)  # fmt: skip


def frame(rows: list[tuple]) -> pd.DataFrame:
    columns = dict(zip(VARIABLES, zip(*rows, strict=True), strict=True))
    dtypes = {"N": "float64", "D": "datetime64[s]"}
    return pd.DataFrame({name: pd.Series(list(values), dtype=dtypes.get(name, "str")) for name, values in columns.items()})


def combinations_of(own: pd.DataFrame, dataset: ResolvedDataset) -> list[Combinations]:
    return find_combinations(column_values(own[name], variable) for name, variable in dataset.variables.items())


@given(rows=VALUES, coded=st.booleans())
def test_the_combinations_have_the_values_of_the_records(rows: list[tuple], coded: bool) -> None:
    own = frame(rows)
    found = combinations_of(own.apply(as_codes) if coded else own, DATASET)
    columns = [(each, column) for each in found for column in each.columns]
    assert [column.variable.name for _, column in columns] == list("ABNDC")
    for each, column in columns:
        name, places = column.variable.name, column.places[each.codes]
        if column.variable.type == "text":
            assert column.terms[places].tolist() == own[name].tolist()
        else:
            assert column.terms[places].tobytes() == own[name].to_numpy().tobytes()
        assert set(each.codes.tolist()) == set(range(len(each)))


def test_columns_that_repeat_together_are_combined() -> None:
    """Two texts that decide each other, and a number that differs in each of 64 records: it is encoded 64 times, which three columns need not."""
    rows = [("xy"[n // 32], "bc"[n // 32], float(n), "2020-02-29", "c") for n in range(64)]
    found = combinations_of(frame(rows), DATASET)
    assert [[column.variable.name for column in each.columns] for each in found] == [["A", "B"], ["N"], ["D", "C"]]
    assert [len(each) for each in found] == [2, 64, 1]


@pytest.mark.parametrize("together", [1, 2, 3, 100])
def test_pieces_are_copied_in_the_order_of_the_records(monkeypatch: pytest.MonkeyPatch, together: int) -> None:
    monkeypatch.setattr(combinations, "TOGETHER", together)
    pieces = [pa.array(each, pa.large_string()) for each in (["one", "other"], ["+"], [".", ""])]
    encoded = EncodedRecords(pieces, [np.array([0, 0, 1]), np.array([0, 0, 0]), np.array([0, 0, 1])])
    assert b"".join(encoded.data()) == b"one+.one+.other+"
    assert encoded.borders().tolist() == [0, 3, 4, 5, 8, 9, 10, 15, 16, 16]


def test_a_missing_text_is_null() -> None:
    own = pd.DataFrame({"A": pd.Series(["x", None], dtype="str")})
    (found,) = combinations_of(own, DATASET.model_copy(update={"variables": {"A": VARIABLES["A"]}}))
    assert found.columns[0].terms[found.codes].tolist() == ["x", None]
