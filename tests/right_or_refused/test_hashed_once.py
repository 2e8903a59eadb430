"""A transport file is hashed while it is decoded, and again only if it may have changed since."""

import hashlib
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat
import pytest

from adam.core.errors import SourceError
from adam.sources import file_hash, open_source, xpt, xpt_pass
from adam.sources.source import Source

CHANGED = r"ae\.xpt: The file changed while it was read"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    terms = pd.DataFrame({"STUDYID": ["S1"] * 3, "USUBJID": ["S1-1"] * 3, "AESEQ": [1.0, 2.0, 3.0], "AETERM": ["Cough", "Rash", "Cough"]})
    pyreadstat.write_xport(terms, str(tmp_path / "ae.xpt"), table_name="AE", file_format_version=5)
    return tmp_path / "ae.xpt"


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The files that are hashed separately; a file is old enough at once."""
    found: list[str] = []
    real = file_hash.digest_of
    monkeypatch.setattr(file_hash, "digest_of", lambda path: found.append(path.name) or real(path))
    monkeypatch.setattr(file_hash, "SETTLED", 0)
    yield found


def read(path: Path) -> Source:
    time.sleep(0.05)  # the times of a file have steps
    source = open_source(path.parent)
    assert source.read("AE", ["AETERM"])["AETERM"].tolist() == ["Cough", "Rash", "Cough"]
    return source


def edit(path: Path, old: bytes = b"Rash ", new: bytes = b"Itch ") -> None:
    """Change a value, and set the time of the last modification back."""
    before = path.stat()
    time.sleep(0.05)
    with path.open("r+b") as file:
        raw = file.read()
        file.seek(0)
        file.write(raw.replace(old, new))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)


def test_an_untouched_file_is_not_hashed_again(path: Path, hashed: list[str]) -> None:
    assert read(path).digests() == {"ae.xpt": hashlib.sha256(path.read_bytes()).hexdigest()}
    assert hashed == []


def test_a_file_written_just_before_is_hashed_again(path: Path, hashed: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_hash, "SETTLED", 3_600_000_000_000)
    assert read(path).digests() == {"ae.xpt": hashlib.sha256(path.read_bytes()).hexdigest()}
    assert hashed == ["ae.xpt"]


def test_another_value_of_the_same_size_and_time_is_found(path: Path, hashed: list[str]) -> None:
    source = read(path)
    edit(path)
    with pytest.raises(SourceError, match=CHANGED):
        source.digests()
    assert hashed == ["ae.xpt"]


def test_the_same_bytes_in_another_file_are_the_same(path: Path, hashed: list[str]) -> None:
    source = read(path)
    copy = path.with_name("copy")
    copy.write_bytes(path.read_bytes())
    copy.replace(path)
    assert source.digests() == {"ae.xpt": hashlib.sha256(path.read_bytes()).hexdigest()}
    assert hashed == ["ae.xpt"]


def test_a_file_that_is_read_again_must_be_the_same(path: Path, hashed: list[str]) -> None:
    source = read(path)
    edit(path)
    with pytest.raises(SourceError, match=CHANGED):
        source.read("AE", ["AETERM"])
    assert hashed == []  # the second pass has its own hash


def test_a_file_touched_between_two_readings_is_hashed_again(path: Path, hashed: list[str]) -> None:
    source = read(path)
    edit(path, b"Rash ", b"Rash ")
    source.read("AE", ["AETERM"])
    edit(path)
    with pytest.raises(SourceError, match=CHANGED):
        source.digests()
    assert hashed == ["ae.xpt"]


def test_text_that_readstat_reads_is_hashed_again(path: Path, hashed: list[str]) -> None:
    raw = path.read_bytes().replace(b"Rash ", b"Rash\0")
    path.write_bytes(raw)
    assert read(path).digests() == {"ae.xpt": hashlib.sha256(raw).hexdigest()}
    assert hashed == ["ae.xpt"]


@pytest.mark.parametrize("block", [1, 2, 1000])
def test_windows_have_the_hash_of_the_file(path: Path, hashed: list[str], monkeypatch: pytest.MonkeyPatch, block: int) -> None:
    monkeypatch.setattr(xpt_pass, "BLOCK", block)
    monkeypatch.setattr("adam.sources.source.WINDOW", 2)
    source = open_source(path.parent)
    assert [len(frame) for frame in source.windows(source.headers["AE"], path, ["AETERM"])] == [2, 1]
    assert source.digests() == {"ae.xpt": hashlib.sha256(path.read_bytes()).hexdigest()}
    assert hashed == []


@pytest.mark.parametrize("block", [1, 2, 3, 1000])
@pytest.mark.parametrize("place", range(0, 120, 7))
def test_a_second_dataset_is_found_wherever_it_starts(path: Path, monkeypatch: pytest.MonkeyPatch, block: int, place: int) -> None:
    """Also where its first card starts in one block and ends in the next."""
    monkeypatch.setattr(xpt_pass, "BLOCK", block)
    raw = bytearray(path.read_bytes().rstrip(b" "))
    raw += b" " * (-len(raw) % 80 + 240)
    start = len(raw) - 240 + place
    raw[start : start + 23] = b"HEADER RECORD*******MEM"
    path.write_bytes(raw)
    with pytest.raises(SourceError, match=r"ae\.xpt: The file has more than one dataset"):
        open_source(path.parent).read("AE", ["AETERM"])


def test_a_second_dataset_is_the_error_where_its_bytes_are_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The cards of a second dataset, read as numbers, are above 2**53."""
    monkeypatch.setattr("adam.sources.source.WINDOW", 2)
    raw = path.read_bytes()
    path.write_bytes(raw + raw[raw.index(b"HEADER RECORD*******MEM") :])
    source = open_source(path.parent)
    with pytest.raises(SourceError, match=r"ae\.xpt: The file has more than one dataset"):
        list(source.windows(source.headers["AE"], path, ["AETERM", "AESEQ"]))


def test_a_file_replaced_before_its_records_are_read_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The header, which was read before, is that of another file: here a variable has another name."""
    other, real = path.read_bytes().replace(b"AETERM  ", b"AEOTHER "), xpt.open_table

    def open_table(*arguments: Any) -> Any:
        table = real(*arguments)
        path.with_suffix(".new").write_bytes(other)
        path.with_suffix(".new").replace(path)
        return table

    source = open_source(path.parent)
    monkeypatch.setattr(xpt, "open_table", open_table)
    with pytest.raises(SourceError, match=CHANGED):
        source.read("AE", ["AETERM"])
