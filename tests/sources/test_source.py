"""Source files: formats, split domains, SUPP--, encodings, and only the columns asked for."""

from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

from adam.core.errors import SourceError
from adam.sources import open_source, xpt


def csv(folder: Path, name: str, text: str) -> None:
    (folder / f"{name}.csv").write_text(text, encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    csv(tmp_path, "dm", "STUDYID,USUBJID,AGE,ARM\nS,1, 34 , A \nS,2,,\n")
    csv(tmp_path, "ae", "STUDYID,USUBJID,AESEQ,AETERM\nS,1,3,Cough\nS,1,10,Rash\nS,2,1,Fall\n")
    return tmp_path


def test_text_is_stripped_and_numbers_are_numbers(folder: Path) -> None:
    frame = open_source(folder).read("DM", ["AGE", "ARM"])
    assert frame["ARM"].tolist() == ["A", ""]
    assert frame["AGE"].iloc[0] == 34
    assert frame["AGE"].isna().tolist() == [False, True]


@pytest.mark.parametrize("value", ["3", "3.0", "03.00"])
def test_qualifiers_find_their_record_by_number_however_it_is_written(folder: Path, value: str) -> None:
    csv(folder, "suppae", f"STUDYID,USUBJID,IDVAR,IDVARVAL,QNAM,QVAL\nS,1,AESEQ,{value},AETRTEM,Y\n")
    frame = open_source(folder).read("AE", ["AETERM", "AETRTEM"])
    assert frame["AETRTEM"].tolist() == ["Y", "", ""]


def test_case_52_a_blank_idvar_is_of_the_subject(folder: Path) -> None:
    csv(folder, "suppdm", "STUDYID,USUBJID,IDVAR,IDVARVAL,QNAM,QVAL\nS,2,,,RACE1,ASIAN\n")
    assert open_source(folder).read("DM", ["RACE1"])["RACE1"].tolist() == ["", "ASIAN"]


def test_case_54_a_qualifier_twice_is_refused(folder: Path) -> None:
    csv(folder, "suppdm", "STUDYID,USUBJID,IDVAR,IDVARVAL,QNAM,QVAL\nS,2,,,RACE1,ASIAN\nS,2,,,RACE1,WHITE\n")
    with pytest.raises(SourceError, match="has the same QNAM twice"):
        open_source(folder).read("DM", ["RACE1"])


def test_case_55_a_qualifier_named_like_a_variable_is_refused(folder: Path) -> None:
    csv(folder, "suppdm", "STUDYID,USUBJID,IDVAR,IDVARVAL,QNAM,QVAL\nS,2,,,ARM,X\nS,2,,,RACE1,X\n")
    with pytest.raises(SourceError, match="QNAM ARM is also a variable of DM"):
        open_source(folder).read("DM", ["RACE1"])


def test_an_orphan_is_left_out_and_told(folder: Path) -> None:
    csv(folder, "suppae", "STUDYID,USUBJID,IDVAR,IDVARVAL,QNAM,QVAL\nS,1,AESEQ,99,AETRTEM,Y\n")
    source = open_source(folder)
    assert source.read("AE", ["AETRTEM"])["AETRTEM"].tolist() == ["", "", ""]
    assert [finding.count for finding in source.findings] == [1]


def test_split_files_are_one_domain(folder: Path) -> None:
    csv(folder, "qsgi", "STUDYID,USUBJID,QSSEQ,QSTESTCD\nS,1,1,A\n")
    csv(folder, "qsmm", "STUDYID,USUBJID,QSSEQ,QSTESTCD\nS,1,2,B\n")
    assert open_source(folder).read("QS", ["QSTESTCD"])["QSTESTCD"].tolist() == ["A", "B"]


def test_a_domain_in_two_formats_is_refused(folder: Path) -> None:
    pyreadstat.write_xport(pd.DataFrame({"STUDYID": ["S"], "USUBJID": ["1"]}), str(folder / "dm.xpt"), file_format_version=5)
    with pytest.raises(SourceError, match="same domain in two formats"):
        open_source(folder)


def test_a_text_that_is_no_number_is_an_error_with_its_place(folder: Path) -> None:
    csv(folder, "ex", "STUDYID,USUBJID,EXSEQ\nS,1,one\n")
    with pytest.raises(SourceError, match=r"ex\.csv: record 1: EXSEQ must be a number, but is 'one'"):
        open_source(folder).read("EX", [])


def test_windows_1252_is_read_and_told(tmp_path: Path) -> None:
    (tmp_path / "dm.csv").write_bytes("STUDYID,USUBJID,ARM\nS,1,Crème\n".encode("windows-1252"))
    source = open_source(tmp_path)
    assert source.read("DM", ["ARM"])["ARM"].tolist() == ["Crème"]
    assert "windows-1252" in source.findings[0].message


def test_only_the_columns_asked_for_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    frame = pd.DataFrame({"STUDYID": ["S"], "USUBJID": ["1"], "ARM": ["A"], "AGE": [3.0]})
    pyreadstat.write_xport(frame, str(tmp_path / "dm.xpt"), file_format_version=5)
    asked = []
    real = xpt.open_table
    monkeypatch.setattr(xpt, "open_table", lambda path, layout, columns, body: asked.append(columns) or real(path, layout, columns, body))
    open_source(tmp_path).read("DM", ["AGE"])
    assert asked == [["STUDYID", "USUBJID", "AGE"]]


def test_the_number_of_records_is_estimated_without_reading_them(tmp_path: Path) -> None:
    csv(tmp_path, "qsgi", "STUDYID,USUBJID,QSSEQ,QSTESTCD\n" + "S,1,1,A\n" * 1000)
    csv(tmp_path, "qsmm", "STUDYID,USUBJID,QSSEQ,QSTESTCD\n")
    frame = pd.DataFrame({"STUDYID": ["S"] * 500, "USUBJID": ["1"] * 500, "AESEQ": [1.0] * 500})
    pyreadstat.write_xport(frame, str(tmp_path / "ae.xpt"), file_format_version=5)
    frame.to_parquet(tmp_path / "lb.parquet")
    source = open_source(tmp_path)
    assert 1000 <= source.estimated_records("QS") <= 1010
    assert 500 <= source.estimated_records("AE") <= 700  # with the header
    assert source.estimated_records("LB") == 500
