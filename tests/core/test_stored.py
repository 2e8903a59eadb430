"""Records in parts: what is written is read back as it was, by part and whole."""

import pickle
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adam.core.stored import StoredRecords, write_records

FRAME = pd.DataFrame(
    {
        "USUBJID": pd.Series(["S-1", "", "Zürich \U0001f600", None], dtype="str"),
        "AVAL": [1.5, np.nan, -0.0, np.inf],
        "ADT": pd.Series(["2021-01-31", None, "1582-01-01", "9999-12-31"], dtype="datetime64[s]"),
        "ADTM": pd.Series(["2021-01-31T12:00:00.123456", None, None, None], dtype="datetime64[us]"),
        "N": pd.Series([1, 2, 3, 2**62]),
        "SMALL": pd.Series([1, 2, 3, 255], dtype="uint8"),
        "FLAG": pd.Series([True, None, False, True], dtype="boolean"),
        "KNOWN": pd.Series([True, False, False, True], dtype="boolean"),
        "MASK": [True, False, True, True],
        "PARAM": pd.Series(["b", "a", None, "b"], dtype=pd.CategoricalDtype(pd.Index(["b", "a", "unused"], dtype="str"))),
        "GRADE": pd.Series(["low", "high", "low", "low"], dtype=pd.CategoricalDtype(pd.Index(["low", "high"], dtype="str"), ordered=True)),
    }
)


def halves(folder: Path) -> StoredRecords:
    return StoredRecords.joined([write_records(FRAME[:1], folder / "1.arrow"), write_records(FRAME[1:], folder / "2.arrow")])


def test_a_file_is_read_back_with_every_dtype(tmp_path: Path) -> None:
    stored = write_records(FRAME, tmp_path / "1.arrow")
    assert (stored.count, stored.columns, stored.sizes) == (4, tuple(FRAME), (4,))
    for found in (stored, StoredRecords.on_disk([tmp_path / "1.arrow"]), pickle.loads(pickle.dumps(stored))):
        pd.testing.assert_frame_equal(found.read(), FRAME, check_index_type="exact")
        (part,) = found.parts()
        pd.testing.assert_frame_equal(part, FRAME, check_index_type="exact")


def test_parts_have_their_own_index_and_the_whole_one(tmp_path: Path) -> None:
    stored = halves(tmp_path)
    first, second = stored.parts(["AVAL", "USUBJID"])
    assert list(second) == ["AVAL", "USUBJID"]
    assert [list(part.index) for part in (first, second)] == [[0], [0, 1, 2]]
    pd.testing.assert_frame_equal(second, FRAME[["AVAL", "USUBJID"]][1:].reset_index(drop=True))
    pd.testing.assert_frame_equal(stored.read(), FRAME, check_index_type="exact")
    pd.testing.assert_frame_equal(stored.read(["ADT"]), FRAME[["ADT"]])
    assert stored.read([]).index.equals(pd.RangeIndex(4))


def test_records_in_memory_are_one_part() -> None:
    stored = StoredRecords.in_memory(FRAME[::2])
    (part,) = stored.parts()
    pd.testing.assert_frame_equal(part, FRAME[::2].reset_index(drop=True), check_index_type="exact")
    pd.testing.assert_frame_equal(stored.read(["N"]), FRAME[["N"]][::2].reset_index(drop=True))
    mixed = StoredRecords.joined([stored, StoredRecords.in_memory(FRAME[1::2])])
    assert (mixed.count, mixed.sizes, mixed.read(["N"])["N"].tolist()) == (4, (2, 2), [1, 3, 2, 2**62])
    assert (stored.column("N").tolist(), mixed.column("N").tolist()) == ([1, 3], [1, 3, 2, 2**62])


def test_some_columns_are_chosen_without_reading(tmp_path: Path) -> None:
    chosen = halves(tmp_path).chosen(["ADT", "USUBJID"])
    assert (chosen.columns, chosen.count) == (("ADT", "USUBJID"), 4)
    pd.testing.assert_frame_equal(chosen.read(), FRAME[["ADT", "USUBJID"]])
    with pytest.raises(KeyError, match="there is no column AVAL"):
        chosen.read(["AVAL"])
    with pytest.raises(ValueError, match="two parts have different columns"):
        StoredRecords.joined([chosen, halves(tmp_path)])


def test_parts_without_records_keep_their_columns(tmp_path: Path) -> None:
    stored = StoredRecords.joined([write_records(FRAME[:0], tmp_path / "1.arrow"), write_records(FRAME, tmp_path / "2.arrow")])
    pd.testing.assert_frame_equal(stored.read(), FRAME)
    pd.testing.assert_frame_equal(next(stored.parts()), FRAME[:0], check_index_type="exact")
    empty = write_records(FRAME[[]], tmp_path / "3.arrow")
    assert (empty.count, empty.columns, len(empty.read())) == (4, (), 4)
    assert (StoredRecords.on_disk([tmp_path / "3.arrow"]).count, StoredRecords.in_memory(FRAME[[]]).count) == (4, 4)


def test_categories_of_parts_are_united(tmp_path: Path) -> None:
    parts = [pd.DataFrame({"PARAM": pd.Series(values, dtype="str").astype("category")}) for values in (["b", "b"], ["a", "b"])]
    stored = StoredRecords.joined([write_records(part, tmp_path / f"{number}.arrow") for number, part in enumerate(parts)])
    found = stored.read()["PARAM"]
    assert (found.tolist(), list(found.cat.categories)) == (["b", "b", "a", "b"], ["b", "a"])


def test_a_column_that_was_not_chosen_is_no_column() -> None:
    stored = StoredRecords.in_memory(pd.DataFrame({"A": [1.0], "B": [2.0]}))
    assert stored.chosen(["B"]).column("B").tolist() == [2.0]
    with pytest.raises(KeyError, match="there is no column B; there are A"):
        stored.chosen(["A"]).column("B")


def test_wrong_uses_are_refused(tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="there is no column WEIGHT; there are USUBJID"):
        StoredRecords.in_memory(FRAME).read(["WEIGHT"])
    with pytest.raises(ValueError, match="have no columns"):
        StoredRecords.joined([])
    with pytest.raises(ValueError, match="two parts have different columns: N and AVAL"):
        StoredRecords.joined([StoredRecords.in_memory(FRAME[["N"]]), StoredRecords.in_memory(FRAME[["AVAL"]])])
    with pytest.raises(TypeError, match="OTHER has the dtype object, which cannot be stored"):
        write_records(pd.DataFrame({"OTHER": pd.Series([1, "a"], dtype=object)}), tmp_path / "1.arrow")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no file that is always full")
def test_a_full_disk_is_an_error_that_names_the_file() -> None:
    with pytest.raises(OSError, match=r"No space left on device: '/dev/full'"):
        write_records(FRAME, Path("/dev/full"))


@given(
    texts=st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=5), max_size=12),
    numbers=st.lists(st.floats(width=64), min_size=12, max_size=12),
    cut=st.integers(0, 12),
)
def test_any_cut_is_read_back(tmp_path_factory: pytest.TempPathFactory, texts: list[str], numbers: list[float], cut: int) -> None:
    folder = tmp_path_factory.mktemp("parts")
    frame = pd.DataFrame({"TEXT": pd.Series(texts, dtype="str"), "NUMBER": pd.Series(numbers[: len(texts)], dtype="float64")})
    stored = StoredRecords.joined([write_records(frame[:cut], folder / "1"), write_records(frame[cut:], folder / "2")])
    found = stored.read()
    pd.testing.assert_frame_equal(found, frame, check_index_type="exact")
    assert found["NUMBER"].to_numpy().view("int64").tolist() == frame["NUMBER"].to_numpy().view("int64").tolist()
