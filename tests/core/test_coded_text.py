"""Text as codes gives what the text array of pandas gives, whatever is done with it."""

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adam.core.coded_columns import is_bare
from adam.core.coded_text import as_codes, chosen_text, coded, constant_text, is_coded, text_column
from adam.core.ordering import codes
from adam.core.stored import StoredRecords, write_records

SIZE = 200
PLAIN = pd.Series([["a", "b", "Cc", "", " x ", "é"][number * number % 6] for number in range(SIZE)], dtype="str")
WITH_MISSING = PLAIN.mask(pd.Series(np.arange(SIZE) % 7 == 3))
EVEN = pd.Series(np.arange(SIZE) % 2 == 0)
OPERATIONS: dict[str, Callable[[pd.Series], Any]] = {
    "equal": lambda text: text == "a",
    "equal to an absent text": lambda text: text == "absent",
    "unlike an absent text": lambda text: text != "absent",
    "unequal": lambda text: text != "",
    "less": lambda text: text < "b",
    "equal to a column": lambda text: text == text.str.strip(),
    "unequal to a column": lambda text: text != text.str.upper(),
    "less than a column": lambda text: text < text.str.upper(),
    "isin": lambda text: text.isin(["a", "q"]),
    "strip": lambda text: text.str.strip(),
    "upper": lambda text: text.str.upper(),
    "len": lambda text: text.str.len(),
    "contains": lambda text: text.str.contains("c", regex=False),
    "fullmatch": lambda text: text.str.fullmatch("[a-c]+"),
    "slice": lambda text: text.str.slice(0, 1),
    "replace": lambda text: text.str.replace("a", "b"),
    "split": lambda text: text.str.split("c"),
    "plus a text": lambda text: text + "x",
    "plus a column": lambda text: text + text,
    "where": lambda text: text.where(EVEN, ""),
    "where a column": lambda text: text.where(EVEN, text.str.upper()),
    "mask": lambda text: text.mask(EVEN, "new"),
    "where, missing": lambda text: text.where(EVEN),
    "fillna": lambda text: text.fillna("none"),
    "fillna, blank": lambda text: text.fillna(""),
    "isna": lambda text: text.isna(),
    "concat": lambda text: pd.concat([text, text.str.upper()]),
    "concat with plain text": lambda text: pd.concat([pd.Series(["p"], dtype="str"), text]),
    "rows": lambda text: text.iloc[[5, 1, 1]],
    "slice of rows": lambda text: text.iloc[5:150],
    "every second": lambda text: text.iloc[::-2],
    "selected": lambda text: text[EVEN],
    "one value": lambda text: text.iloc[4],
    "reindex": lambda text: text.reindex(range(SIZE + 5)),
    "no rows": lambda text: text.head(0),
    "sort": lambda text: text.sort_values(kind="stable"),
    "factorize": lambda text: pd.factorize(text)[0],
    "factorize, sorted": lambda text: pd.factorize(text, sort=True)[0],
    "factorize, missing too": lambda text: pd.factorize(text, use_na_sentinel=False)[0],
    "uniques": lambda text: pd.Series(pd.factorize(text)[1]),
    "unique": lambda text: text.unique(),
    "nunique": lambda text: text.nunique(),
    "duplicated": lambda text: text.duplicated(),
    "drop_duplicates": lambda text: text.drop_duplicates(),
    "value_counts": lambda text: text.value_counts().sort_index(),
    "list": lambda text: pd.Series(text.tolist()),
    "objects": lambda text: text.astype(object),
    "category": lambda text: text.astype("category"),
    "map": lambda text: text.map({"a": 1.0}),
    "groupby": lambda text: pd.Series(np.arange(SIZE)).groupby(text).sum(),
    "first of groups": lambda text: text.groupby(np.arange(SIZE) // 7).first(),
    "merge": lambda text: text.to_frame("x").merge(pd.DataFrame({"x": ["a", "b"], "y": [1, 2]}), how="left"),
    "multi-index": lambda text: pd.MultiIndex.from_arrays([text, text]).to_frame(index=False),
    "rank": lambda text: text.rank(),
    "shift": lambda text: text.shift(),
    "min": lambda text: text.dropna().min(),
    "pickle": lambda text: pickle.loads(pickle.dumps(text)),
    "copy": lambda text: text.copy(),
    "take, the last one": lambda text: pd.Series(text.array.take(np.array([0, -1]))),
    "take, missing": lambda text: pd.Series(text.array.take(np.tile([0, -1, 2], 9), allow_fill=True)),
    "take, filled": lambda text: pd.Series(text.array.take(np.tile([0, -1, 2], 9), allow_fill=True, fill_value="z")),
}


def assert_same(one: Any, two: Any) -> None:
    if isinstance(one, pd.Series):
        pd.testing.assert_series_equal(one, two)
    elif isinstance(one, pd.DataFrame):
        pd.testing.assert_frame_equal(one, two)
    elif isinstance(one, np.ndarray):
        np.testing.assert_array_equal(one, two)
    elif hasattr(one, "tolist"):
        assert str(one.tolist()) == str(two.tolist())
    else:
        assert one == two


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
@pytest.mark.parametrize("plain", [PLAIN, WITH_MISSING], ids=["no text missing", "texts missing"])
def test_an_operation_gives_what_plain_text_gives(operation: Callable[[pd.Series], Any], plain: pd.Series) -> None:
    text = as_codes(plain)
    assert is_coded(text)
    assert_same(operation(plain), operation(text))
    pd.testing.assert_series_equal(plain, text)  # and nothing was changed


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from(["", "a", "b", "ab", None]), min_size=130, max_size=140), st.data())
def test_values_are_assigned_as_in_plain_text(values: list[str | None], data: st.DataObject) -> None:
    plain = pd.Series(values, dtype="str")
    text = as_codes(plain)
    rows = np.array(data.draw(st.lists(st.integers(0, len(values) - 1), max_size=9, unique=True)), dtype="int64")
    new = data.draw(st.sampled_from(["a", "new", "", None]))
    one, two = plain.copy(), text.copy()
    one.iloc[rows], two.iloc[rows] = new, new
    pd.testing.assert_series_equal(one, two)
    mask = np.zeros(len(values), dtype=bool)
    mask[rows] = True
    others = pd.Series(["x", *values[1:]], dtype="str")
    pd.testing.assert_series_equal(one.mask(mask, others), two.mask(mask, as_codes(others)))
    pd.testing.assert_series_equal(plain, text)  # a copy does not change what it is a copy of


def test_what_is_kept_as_codes() -> None:
    """Codes remain where each text has two records on average: in selections, text functions and joined columns."""
    text = as_codes(PLAIN)
    assert all(map(is_coded, (text.copy(), text.iloc[10:100], text.str.upper(), text.where(EVEN, ""), pd.concat([text, text.str.upper()]))))
    assert not is_coded(text.head(3))
    assert not is_coded(as_codes(pd.Series(map(str, range(SIZE)), dtype="str")))
    assert not is_coded(as_codes(pd.Series(["a", "a"], dtype="str")))


def test_codes_are_stored_as_codes(tmp_path: Path) -> None:
    frame = pd.DataFrame({"A": as_codes(PLAIN), "B": as_codes(WITH_MISSING), "C": PLAIN})
    assert write_records(frame, tmp_path / "a").read().equals(frame)
    parts = StoredRecords.joined([write_records(frame.iloc[:100], tmp_path / "b"), write_records(frame.iloc[100:], tmp_path / "c")]).read()
    assert parts.equals(frame)
    assert [is_coded(parts[name]) for name in parts] == [True, True, False]


def test_columns_from_texts_and_places() -> None:
    places = np.tile([0, 1, -1, 2], 20)
    assert text_column(["a", "b", "a", ""], places).tolist() == ["a", "b", "", "a"] * 20  # a text may be there twice
    assert constant_text("x", pd.RangeIndex(3)).tolist() == ["x"] * 3
    assert constant_text("x", pd.RangeIndex(0)).tolist() == []
    assert chosen_text(np.array([True, False]), "Y", "N").tolist() == ["Y", "N"]
    assert chosen_text(np.array([True, False]), "Y", "N").dtype == "str"


@pytest.mark.parametrize(
    ("text", "bare"), [("VISIT 1", True), ("", True), (" VISIT", False), ("VISIT ", False), ("VIS\tIT", False), ("Fièvre", False), ("A\x7f", False)]
)
def test_bare_text_is_printable_ascii_without_blanks_at_its_ends(text: str, bare: bool) -> None:
    assert is_bare(text_column(["A", text, "", "~"], np.zeros(SIZE, dtype="int8"))) is bare


def test_text_that_is_not_codes_is_not_bare() -> None:
    assert not is_bare(pd.Series(["A"], dtype="str"))


def test_codes_in_order_have_a_gap_for_a_text_that_does_not_appear() -> None:
    assert codes(text_column(["b", "a", "c", ""], np.array([0, 2, 3, 0] * 4))).tolist() == [1, 2, -1, 1] * 4
    assert codes(text_column(["b", "a", "c"], np.array([0, 2, 2, 0] * 4))).tolist() == [1, 2, 2, 1] * 4


def test_missing_and_blank_have_one_code_also_in_text_that_is_not_codes() -> None:
    plain = pd.Series(["b", None, "", "a"], dtype="str")
    assert not is_coded(plain)
    assert codes(plain).tolist() == [1, -1, -1, 0]
    assert codes(pd.Series(coded(plain.array, always=True))).tolist() == [1, -1, -1, 0]


def test_what_was_found_of_a_text_is_forgotten_when_it_changes() -> None:
    column = as_codes(PLAIN)
    assert column.unique().tolist() == list(dict.fromkeys(PLAIN.tolist()))
    column[EVEN] = "new"
    assert column.unique().tolist() == list(dict.fromkeys(column.tolist()))
    column[EVEN] = None
    assert column.isna().tolist() == EVEN.tolist()
