"""A file read by windows has the records of the file read at once, in every format."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from adam.core.errors import SourceError
from adam.sources import csv, sas7bdat, source, xpt
from adam.sources.formats import Records, format_of, layout_of
from adam.sources.parts import split
from adam.sources.source_folder import open_source
from tests.sources.test_parts_property import WRITERS

FRAME = pd.DataFrame(
    {
        "STUDYID": ["S"] * 7,
        "USUBJID": ["1", "1", "", "2", "3", "3", "4"],
        "AESEQ": [1.0, np.nan, -2.5, 1e9, 3.0, 4.0, 0.0],
        "AETERM": ["Cough", " lead", "", "µg/L", "two words", "é" * 9, "last"],
    }
)
COLUMNS = ["AETERM", "AESEQ", "USUBJID"]


def write_csv(frame: pd.DataFrame, path: Path) -> None:
    frame.to_csv(path, index=False)


def whole(windows: list[Records]) -> pd.DataFrame:
    return pd.concat([each.frame for each in windows], ignore_index=True)


def windows(path: Path, size: int) -> list[Records]:
    read = format_of(path)
    assert read.windows is not None
    return list(read.windows(path, read.layout(path), COLUMNS, size))


@pytest.mark.parametrize("size", [1, 3, 7, 8])
@pytest.mark.parametrize(("suffix", "write"), [*WRITERS.items(), (".csv", write_csv)])
def test_windows_together_are_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str, write: Callable[[pd.DataFrame, Path], None], size: int
) -> None:
    path = tmp_path / f"ae{suffix}"
    write(FRAME, path)
    monkeypatch.setattr(csv, "BLOCK", size * 32)
    found = windows(path, size)
    assert suffix == ".json" or (len(found) > 1) == (size < len(FRAME)) or suffix == ".csv"
    pd.testing.assert_frame_equal(whole(found), format_of(path).records(path, format_of(path).layout(path), COLUMNS).frame)


@pytest.mark.parametrize("suffix", WRITERS)
def test_a_file_without_records_is_one_window(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"ae{suffix}"
    WRITERS[suffix](FRAME[:0], path)
    (found,) = windows(path, 3)
    assert (len(found.frame), list(found.frame)) == (0, COLUMNS)


@pytest.mark.parametrize(
    "text",
    [
        'USUBJID,AESEQ,AETERM\n1,1,"two\nlines, quoted"\n2,2,"a ""quote"""\n3,3,\n',
        "\ufeffUSUBJID,AESEQ,AETERM\r\n1,1,a\r\n2,2,b\r\n",
        "USUBJID,AESEQ,AETERM\r1,1,a\r2,2,b\r",
        "USUBJID,AESEQ,AETERM\n1,1,a\n2,2,no end of the line",
        "USUBJID,AESEQ,AETERM\n",
        "USUBJID,AESEQ,AETERM\n1,1,a\n\n2,2,b\n",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_csv_by_windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, encoding: str) -> None:
    path = tmp_path / "ae.csv"
    path.write_bytes(text.encode(encoding))
    monkeypatch.setattr(csv, "BLOCK", 32)
    layout = csv.layout(path, "" if encoding == "utf-8" else encoding)
    found = list(csv.windows(path, layout, COLUMNS, 1))
    pd.testing.assert_frame_equal(whole(found), csv.records(path, layout, COLUMNS).frame)


def test_csv_text_is_to_be_decoded_in_every_window_or_in_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "ae.csv"
    path.write_bytes("USUBJID,AESEQ,AETERM\n1,1,plain\n2,2,more plain\n3,3,Fièvre\n".encode("latin-1"))
    monkeypatch.setattr(csv, "BLOCK", 32)
    found = list(csv.windows(path, csv.layout(path), COLUMNS, 1))
    assert (len(found) > 1, {each.undecoded for each in found}) == (True, {True})
    assert whole(found)["AETERM"].tolist() == ["plain", "more plain", "Fièvre"]


def test_windows_of_a_sas_data_file_are_read_by_offset(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "ae.sas7bdat"
    pyreadstat.write_xport(FRAME, str(path), file_format_version=5)
    real = pyreadstat.read_xport
    monkeypatch.setattr(pyreadstat, "read_sas7bdat", lambda path, **more: real(path, **{k: v for k, v in more.items() if k != "user_missing"}))
    layout = layout_of(path, [(name, "number" if name == "AESEQ" else "text", "") for name in FRAME], len(FRAME))
    found = list(sas7bdat.windows(path, layout, COLUMNS, 3))
    assert [len(each.frame) for each in found] == [3, 3, 1]
    pd.testing.assert_frame_equal(whole(found), sas7bdat.records(path, layout, COLUMNS).frame)


def test_a_window_with_a_nul_is_left_to_readstat_with_its_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pyreadstat.write_xport(FRAME, str(tmp_path / "ae.xpt"), file_format_version=5)
    path = tmp_path / "ae.xpt"
    path.write_bytes(path.read_bytes().replace(b"two words", b"two\0words"))
    found = list(xpt.windows(path, xpt.layout(path), COLUMNS, 2))
    assert [len(each.frame) for each in found] == [2, 2, 2, 1]
    assert whole(found)["AETERM"].fillna("").tolist() == ["Cough", " lead", "", "µg/L", "two", "é" * 9, "last"]
    ((note,),) = [each.notes for each in found if each.notes]
    assert (note.error, note.mask.tolist(), note.values.tolist() if note.values is not None else []) == (True, [True, False], ["two\\x00words", ""])


def test_an_error_of_a_window_names_the_record_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "dm.csv").write_text("STUDYID,USUBJID\nS,1\nS,2\n")
    pyreadstat.write_xport(
        pd.DataFrame({"STUDYID": ["S"] * 4, "USUBJID": ["1", "1", "2", "2"], "AESEQ": [1.0, 2.0, 1.0, 2.0**60]}),
        str(tmp_path / "ae.xpt"),
        file_format_version=5,
    )
    monkeypatch.setattr(source, "WINDOW", 1)
    with pytest.raises(SourceError, match=r"ae\.xpt: record 4: AESEQ is 1\.152921504606847e\+18, above 2\*\*53"):
        split(open_source(tmp_path), {"DM": [], "AE": []}, None, 1)


def test_special_missing_values_of_all_windows_are_one_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "dm.csv").write_text("STUDYID,USUBJID\nS,1\nS,2\n")
    path = tmp_path / "ae.xpt"
    frame = pd.DataFrame({"STUDYID": ["S"] * 4, "USUBJID": ["1", "1", "2", "2"], "AESEQ": [1.0, 2.0, 1.0, 2.0], "AGE": [5.0, 5.0, 7.0, 6.0]})
    pyreadstat.write_xport(frame, str(path), file_format_version=5)
    five, seven = bytes.fromhex("4150000000000000"), bytes.fromhex("4170000000000000")
    path.write_bytes(path.read_bytes().replace(five, b"A" + bytes(7)).replace(seven, b"B" + bytes(7)))
    monkeypatch.setattr(source, "WINDOW", 1)
    (found,) = split(open_source(tmp_path), {"DM": [], "AE": ["AGE"]}, None, 1).findings
    assert found.message == "ae.xpt: Special missing values were read as missing: .A (2), .B (1)"
    assert (found.count, [key["AESEQ"] for key in found.keys], found.values) == (3, ["1", "2", "1"], ({"AGE": ".A"}, {"AGE": ".A"}, {"AGE": ".B"}))
