"""CSV files: quotes, line ends, byte order marks, rows of another length, and numbers a double cannot hold."""

from pathlib import Path

import pytest

from adam.core.errors import SourceError
from adam.sources import Source, open_source

HEAD = "STUDYID,USUBJID,AESEQ,AETERM\n"


def source(folder: Path, text: str | bytes, name: str = "ae.csv", encodings: dict[str, str] | None = None) -> Source:
    (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return open_source(folder, encodings)


def terms(folder: Path, text: str | bytes, encodings: dict[str, str] | None = None) -> list[str]:
    return list(source(folder, text, encodings=encodings).read("AE", ["AETERM"])["AETERM"])


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        ('S,1,1,"Cough\nS,1,2,Headache\nS,1,3,Nausea\n', 2),  # to the end of the file
        ('S,1,1,Cough\nS,1,2,"Headache\nS,1,3,"Nausea"\n', 3),  # to a quote that closes another text
        ('S,1,1,Cough\n"S,1,2,Headache\nS,1,3,Nausea', 3),  # in the first variable, without an end of the last line
        ('S,1,1,"Cough, dry""\nS,1,2,Headache\n', 2),
        ('S,1,1,"Cough" dry\n', 2),  # text behind a closing quote
        ('S,1,1,"two\nlines"\nS,1,2,"Headache\n', 4),  # lines are counted in the file, not records
    ],
)
def test_a_quote_that_is_not_closed_is_refused_with_its_line(tmp_path: Path, rows: str, line: int) -> None:
    with pytest.raises(SourceError, match=rf"ae\.csv:{line}: A quote that opens in the record of this line is not closed"):
        source(tmp_path, HEAD + rows).read("AE", ["AETERM"])


def test_quotes_that_are_right(tmp_path: Path) -> None:
    rows = 'S,1,1,"Cough, ""dry"""\nS,1,2,5" wound\nS,1,3,"two\nlines"\nS,1,4,""\n'
    assert terms(tmp_path, HEAD + rows) == ['Cough, "dry"', '5" wound', "two\nlines", ""]


@pytest.mark.parametrize(("row", "count"), [("S,1,2", 3), ("S,1,2,Cough,dry", 5), ("S,1,2,Cough,", 5), ('S,1,2,"Cough",""', 5)])
def test_a_row_of_another_length_is_refused_with_its_line(tmp_path: Path, row: str, count: int) -> None:
    with pytest.raises(SourceError, match=rf"ae\.csv:3: The record has {count} values for 4 variables"):
        source(tmp_path, f"{HEAD}S,1,1,Cough\n{row}\nS,1,3,Cough\n").read("AE", ["AETERM"])


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_line_ends_and_byte_order_mark(tmp_path: Path, end: str, mark: bytes) -> None:
    text = (HEAD + 'S,1,1,Cough\nS,1,2,"a, b"\n').replace("\n", end)
    assert terms(tmp_path, mark + text.encode()) == ["Cough", "a, b"]


def test_a_byte_order_mark_before_windows_1252(tmp_path: Path) -> None:
    found = source(tmp_path, b"\xef\xbb\xbf" + (HEAD + "S,1,1,Fièvre\n").encode("windows-1252"))
    assert found.read("AE", ["STUDYID", "AETERM"]).values.tolist() == [["1", 1.0, "S", "Fièvre"]]
    assert [(each.variable, each.values) for each in found.findings] == [("AETERM", ({"AETERM": "Fièvre"},))]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le"])
def test_utf_16_is_refused_unless_it_is_stated(tmp_path: Path, encoding: str) -> None:
    text = (HEAD + "S,1,1,Fièvre\n").encode(encoding)
    with pytest.raises(SourceError, match=r"ae\.csv: The text seems to be UTF-16. Save it as UTF-8, or declare its encoding"):
        source(tmp_path, text)
    assert terms(tmp_path, text, {"AE": encoding}) == ["Fièvre"]


@pytest.mark.parametrize(
    "number", ["9007199254740993", "-9007199254740993", "9007199254740993.0", "9.007199254740993e15", "1e20", "1e400", "9" * 5000]
)
def test_a_number_above_the_exact_ones_is_refused_by_name(tmp_path: Path, number: str) -> None:
    with pytest.raises(SourceError, match=r"ae\.csv: record 2: AESEQ is .*, above 2\*\*53"):
        source(tmp_path, f"{HEAD}S,1,9007199254740992,Cough\nS,1,{number},Cough\n").read("AE", ["AESEQ"])


def test_more_digits_than_a_number_holds_are_a_finding(tmp_path: Path) -> None:
    head = "STUDYID,USUBJID,VSSEQ,VSSTRESN\n"
    rows = [
        "0.1",
        "0.1000000000000000055511151231257827021181583404541015625",
        "0.30000000000000004",
        "0.10000000000000001",
        "0.12345678901234567891",
        "1e-400",
    ]
    found = source(tmp_path, head + "".join(f"S,1,{n},{text}\n" for n, text in enumerate(rows, 1)), "vs.csv")
    assert found.read("VS", ["VSSTRESN"])["VSSTRESN"].tolist() == [0.1, 0.1, 0.1 + 0.2, 0.1, 0.12345678901234568, 0.0]
    (finding,) = found.findings
    assert (finding.variable, finding.count) == ("VSSTRESN", 2)
    assert finding.values == ({"VSSTRESN": "0.12345678901234567891"}, {"VSSTRESN": "1e-400"})


@pytest.mark.parametrize(
    ("names", "said"),
    [("USUBJID,AESEQ,usubjid", "The file has the variable USUBJID twice"), ("USUBJID,AESEQ,USUBJID ", "The file has the variable USUBJID twice")],
)
def test_a_name_that_is_there_twice_is_refused(tmp_path: Path, names: str, said: str) -> None:
    with pytest.raises(SourceError, match=rf"ae\.csv: {said}"):
        source(tmp_path, f"{names}\n1,2,3\n")


def test_a_nul_in_text_is_an_error_with_its_value(tmp_path: Path) -> None:
    found = source(tmp_path, HEAD + "S,1,1,Cou\0gh\n")
    found.read("AE", ["AETERM"])
    assert [(str(each.severity), each.values) for each in found.findings] == [("error", ({"AETERM": "Cou\\x00gh"},))]


@pytest.mark.parametrize("text", [HEAD, HEAD.strip(), HEAD + "\n\n", HEAD.replace("\n", "\r")])
def test_names_without_records(tmp_path: Path, text: str) -> None:
    frame = source(tmp_path, text).read("AE", ["AETERM"])
    assert [str(dtype) for dtype in frame.dtypes] == ["str", "str", "float64", "str"]
    assert len(frame) == 0
