"""SUPP-- and its parent: which record a qualifier belongs to, and what becomes of the others."""

from pathlib import Path

import pytest

from adam.core.errors import SourceError
from adam.sources import Source, open_source

NAMES = "STUDYID,RDOMAIN,USUBJID,IDVAR,IDVARVAL,QNAM,QVAL\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "ae.csv").write_text("STUDYID,USUBJID,AESEQ,AESPID,AETERM\nS,1,1234567,007,Cough\nS,1,1234568,7,Rash\nS,2,1,1.0,Fall\n")
    return tmp_path


def source(folder: Path, *records: str) -> Source:
    (folder / "suppae.csv").write_text(NAMES + "".join(f"{record}\n" for record in records))
    return open_source(folder)


def test_qualifiers_are_names_of_the_parent(folder: Path) -> None:
    found = source(folder, "S,AE,1,AESEQ,1,B,x", "S,AE,1,AESEQ,1,A,x", "S,AE,2,AESEQ,1,B,x")
    assert found.headers["AE"].qualifiers == ("A", "B")
    assert found.headers["SUPPAE"].qualifiers == ()


def test_large_sequence_numbers_are_told_apart(folder: Path) -> None:
    found = source(folder, "S,AE,1,AESEQ,1234568,X,here")
    assert found.read("AE", ["X"])["X"].tolist() == ["", "here", ""]


@pytest.mark.parametrize(("value", "expected"), [("007", ["v", "", ""]), ("7", ["", "v", ""]), ("7.0", ["", "v", ""])])
def test_text_identifiers_are_text(folder: Path, value: str, expected: list[str]) -> None:
    assert source(folder, f"S,AE,1,AESPID,{value},X,v").read("AE", ["X"])["X"].tolist() == expected


def test_a_whole_number_matches_its_text_with_a_point(folder: Path) -> None:
    assert source(folder, "S,AE,2,AESPID,1,X,v").read("AE", ["X"])["X"].tolist() == ["", "", "v"]


def test_several_identifiers_in_one_file(folder: Path) -> None:
    found = source(folder, "S,AE,1,AESEQ,1234567,X,by seq", "S,AE,1,AESPID,7,X,by id", "S,AE,2,,,X,by subject", "S,AE,1,,,Y,both")
    frame = found.read("AE", ["Y", "X"])
    assert frame["X"].tolist() == ["by seq", "by id", "by subject"]
    assert frame["Y"].tolist() == ["both", "both", ""]
    assert list(frame) == ["STUDYID", "USUBJID", "AESEQ", "Y", "X"]
    assert found.findings == []


@pytest.mark.parametrize(
    "records",
    [
        ("S,AE,1,AESEQ,1234567,X,a", "S,AE,1,AESEQ,1234567.0,X,a"),
        ("S,AE,1,AESEQ,1234567,X,a", "S,AE,1,,,X,b"),
        ("S,AE,1,AESEQ,1234567,X,a", "S,AE,1,AESPID,007,X,b"),
        ("S,AE,1,,1,X,a", "S,AE,1,,2,X,b"),
    ],
)
def test_case_54_a_qualifier_twice_for_one_record_however_it_is_reached(folder: Path, records: tuple[str, str]) -> None:
    with pytest.raises(SourceError, match="refused: SUPPAE: A record of AE has the same QNAM twice; 2 records; first: STUDYID=S") as caught:
        source(folder, *records).read("AE", ["AETERM"])
    assert [key["IDVAR"] for key in caught.value.findings[0].keys] == [record.split(",")[3] for record in records]


def test_every_record_without_a_parent_is_counted(folder: Path) -> None:
    orphans = ["S,AE,1,AESEQ,99,X,v", "S,AE,9,,,X,v", "S,AE,1,NOVAR,1,X,v", "S,CM,1,AESEQ,1234567,X,v", "S,AE,1,AESEQ,one,X,v", "S,AE,1,AESEQ,,X,v"]
    found = source(folder, *orphans, "S,AE,2,AESEQ,1,X,kept", "S,AE,2,AESEQ,1,,nameless")
    assert found.read("AE", ["X"])["X"].tolist() == ["", "", "kept"]
    assert [finding.count for finding in found.findings] == [6, 1]
    assert [key["IDVARVAL"] for key in found.findings[0].keys] == ["99", "", "1", "1234567", "one", ""]


def test_reading_twice_warns_once(folder: Path) -> None:
    found = source(folder, "S,AE,9,,,X,v")
    found.read("AE", ["X"])
    found.read("AE", ["AETERM"])
    assert len(found.findings) == 1


def test_the_identifier_is_read_but_not_given(folder: Path) -> None:
    assert list(source(folder, "S,AE,1,AESPID,7,X,v").read("AE", ["X"])) == ["STUDYID", "USUBJID", "AESEQ", "X"]


def test_a_file_without_qval_is_refused(folder: Path) -> None:
    (folder / "suppae.csv").write_text("STUDYID,USUBJID,IDVAR,IDVARVAL,QNAM\nS,1,,,X\n")
    with pytest.raises(SourceError, match=r"suppae\.csv: The file has no QVAL"):
        open_source(folder).read("AE", ["X"])


def test_a_missing_number_matches_no_missing_identifier(folder: Path) -> None:
    (folder / "ae.csv").write_text("STUDYID,USUBJID,AESEQ,VISITNUM\nS,1,1,\nS,1,2,3\n")
    found = source(folder, "S,AE,1,VISITNUM,,X,v", "S,AE,1,VISITNUM,3.0,Y,v")
    assert found.read("AE", ["X", "Y"])[["X", "Y"]].values.tolist() == [["", ""], ["", "v"]]
    assert [finding.count for finding in found.findings] == [1]


def visits(folder: Path, numbers: list[float], *records: str) -> Source:
    """The visits of a subject, and their qualifiers by VISITNUM."""
    rows = "".join(f"S,SV,1,{number!r},v\n" for number in numbers)
    (folder / "sv.csv").write_text(f"STUDYID,DOMAIN,USUBJID,VISITNUM,SVTERM\n{rows}")
    lines = "".join(f"S,SV,1,{record}\n" for record in records)
    (folder / "suppsv.csv").write_text(f"STUDYID,RDOMAIN,USUBJID,IDVAR,IDVARVAL,QNAM,QVAL\n{lines}")
    return open_source(folder)


@pytest.mark.parametrize("written", ["3.3", "3.30", "+3.3", "33e-1"])
def test_a_number_is_found_by_its_value(tmp_path: Path, written: str) -> None:
    found = visits(tmp_path, [3.3, 3.4], f"VISITNUM,{written},X,a")
    assert found.read("SV", ["X"])["X"].tolist() == ["a", ""]
    assert found.findings == []


def test_numbers_that_differ_in_the_last_place_are_two(tmp_path: Path) -> None:
    found = visits(tmp_path, [3.3, 3.3000000000000003], "VISITNUM,3.3,X,a", "VISITNUM,3.3000000000000003,X,b")
    assert found.read("SV", ["X"])["X"].tolist() == ["a", "b"]
    assert found.findings == []


def test_a_number_as_sas_prints_it_is_found_with_a_warning(tmp_path: Path) -> None:
    found = visits(tmp_path, [3.3000000000000003, 4.0], "VISITNUM,3.3,X,a", "VISITNUM,3.31,X,b")
    assert found.read("SV", ["X"])["X"].tolist() == ["a", ""]
    said = [(each.message, each.count, each.values) for each in found.findings]
    assert ("IDVARVAL equals the number in SV to 15 digits only; the record was added to that record", 1, ({"IDVARVAL": "3.3"},)) in said
    assert any("has no parent record in SV" in message and values == ({"QVAL": "b"},) for message, _, values in said)


def test_a_value_of_no_variable_is_a_finding(tmp_path: Path) -> None:
    found = visits(tmp_path, [1.0, 2.0], ",2,X,a")
    assert found.read("SV", ["X"])["X"].tolist() == ["a", "a"]  # a blank IDVAR is every record of the subject
    assert [(each.message, each.values) for each in found.findings] == [
        ("The record has IDVARVAL but no IDVAR; it was added to every record of its subject in SV", ({"IDVARVAL": "2"},))
    ]
