"""What lies in a folder of source data: what is no source file of its suffix is refused, with what it looks like and what to do."""

import os
from pathlib import Path

import pytest

from adam.core.errors import SourceError
from adam.sources import open_source

DM = "STUDYID,USUBJID\nS,1\n"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("ae.xpt", b"**COMPRESSED** " * 5, "a SAS file of PROC CPORT.* XPORT engine"),
        ("ae.xpt", b"PK\x03\x04rest", "content is a ZIP archive or an Excel workbook"),
        ("ae.csv", b"PK\x03\x04rest", "is not a CSV file; its content is a ZIP archive or an Excel workbook"),
        ("ae.csv", b"HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!", r"its content is a SAS transport file. Name it ae\.xpt"),
        ("ae.csv", b"PAR1xxxx", r"its content is a Parquet file. Name it ae\.parquet"),
        ("ae.xpt", b"STUDYID,USUBJID\nS,1\n", "is not a SAS transport file .XPORT.: it does not begin with a LIBRARY header record"),
        ("ae.json", b"\x1f\x8b\x08\x00", "content is a gzip archive"),
        ("ae.csv", b"<html><body>Login</body></html>", "content is XML or HTML"),
        ("ae.csv", b"version https://git-lfs.github.com/spec/v1\n", "content is a pointer of Git LFS"),
        ("ae.csv", b"", r"is empty \(0 bytes\)"),
        ("ae.xpt", b"", r"is empty \(0 bytes\)"),
        ("ae.json", b"", r"is empty \(0 bytes\)"),
        ("ae.parquet", b"", r"is empty \(0 bytes\)"),
        ("ae.sas7bdat", b"", r"is empty \(0 bytes\)"),
        ("ae.csv", b"\n", "The first line is blank"),
        ("ae.csv", "STUDYID,USUBJID\n".encode("utf-16"), "text seems to be UTF-16. Save it as UTF-8"),
        ("ae.json", '{"records": 0}'.encode("utf-16"), "text seems to be UTF-16. Save it as UTF-8\\.$"),
        ("ae.json", b'{"records": "\xff"}', "byte 0xFF is not UTF-8"),
    ],
)  # fmt: skip
def test_a_file_of_another_format(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SourceError, match=rf"{name}: .*{message}"):
        open_source(tmp_path)


@pytest.mark.parametrize("name", [" ae.csv", "ae .csv", "a e.csv", "ae.csv ", "a\te.csv", "ae\udcff.csv", "ae\u200b.csv"])
def test_a_name_with_a_blank_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(DM)
    (tmp_path / "dm.csv").write_text(DM)
    with pytest.raises(SourceError) as caught:
        open_source(tmp_path)
    assert f"The name {ascii(name)} has a blank or a character that cannot be printed. Name the file after its domain, as in ae.csv" in str(
        caught.value
    )


@pytest.mark.parametrize("kind", ["folder", "pipe", "link to nothing"])
def test_what_is_no_file_is_refused(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "ae.xpt"
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to(tmp_path / "none.xpt")
    with pytest.raises(
        SourceError, match=rf"ae\.xpt: A source file is expected, but this is {'a folder' if kind == 'folder' else 'not a regular file'}"
    ):
        open_source(tmp_path)


@pytest.mark.parametrize(("first", "second"), [("ae.csv", "AE.csv"), ("ae.csv", "Ae.CSV"), ("ae.csv", "ae.json")])
def test_names_that_are_one_domain(tmp_path: Path, first: str, second: str) -> None:
    for name in (first, second):
        (tmp_path / name).write_text(DM)
    with pytest.raises(SourceError, match="are the same domain in two formats or spellings. Keep one"):
        open_source(tmp_path)
