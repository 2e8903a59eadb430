"""Transport files: special missing values, NUL bytes, short numbers, padding, variables given twice, and formats of dates."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from adam.core.errors import SourceError
from adam.sources import Source, open_source, xpt
from adam.sources.moments import kind_of_format
from adam.sources.readstat import _column
from tests.right_or_refused.small_study import ADSL, small_study

AGE_40 = bytes.fromhex("4228000000000000")
"""40 as a number of IBM."""


def written(path: Path, version: int = 5, formats: dict[str, str] | None = None, **columns: list[object]) -> Path:
    frame = pd.DataFrame({name: pd.Series(values, dtype="str" if isinstance(values[0], str) else "float64") for name, values in columns.items()})
    pyreadstat.write_xport(frame, str(path), file_format_version=version, table_name="AE", variable_format=formats or {})
    return path


def ages(path: Path, version: int, *marks: bytes) -> Source:
    """Subjects of age 40, each with other bytes in its place."""
    count = len(marks)
    written(path, version, STUDYID=["S"] * count, USUBJID=[str(n) for n in range(count)], AEVAL=[40.0] * count, AETERM=["x"] * count)
    raw = path.read_bytes()
    start = raw.index(b"HEADER RECORD*******OBS")
    body = raw[start:]
    for mark in marks:
        body = body.replace(AGE_40, mark, 1) if mark != AGE_40 else body.replace(AGE_40, b"keepkeep", 1)
    path.write_bytes(raw[:start] + body.replace(b"keepkeep", AGE_40))
    return open_source(path.parent)


@pytest.mark.parametrize("version", [5, 8])
def test_special_missing_values_are_missing_and_counted(tmp_path: Path, version: int) -> None:
    rest = b"\0" * 7
    source = ages(tmp_path / "ae.xpt", version, b"A" + rest, AGE_40, b"Z" + rest, b"." + rest, b"_" + rest, b"A" + rest)
    assert source.read("AE", ["AEVAL"])["AEVAL"].fillna(-1).tolist() == [-1, 40, -1, -1, -1, -1]
    (finding,) = source.findings
    assert (str(finding.severity), finding.variable, finding.count) == ("warning", "AEVAL", 4)
    assert "Special missing values were read as missing: .A (2), .Z (1), ._ (1)" in finding.message
    assert [each["AEVAL"] for each in finding.values] == [".A", ".Z", "._", ".A"]


def test_special_missing_values_of_a_large_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xpt, "WINDOW", 2)
    monkeypatch.setattr("adam.sources.xpt_bytes.PIECE", 2)
    source = ages(tmp_path / "ae.xpt", 5, AGE_40, AGE_40, AGE_40, AGE_40, b"B" + b"\0" * 7)
    source.read("AE", ["AEVAL"])
    assert [(each.count, each.keys[0]["USUBJID"]) for each in source.findings] == [(1, "4")]


def test_special_missing_values_as_pyreadstat_gives_them_of_a_sas_data_file() -> None:
    column, letters = _column([1.0, "A", None, "_"], "number")
    assert letters is not None
    assert (column.fillna(-1).tolist(), letters.tolist()) == ([1.0, -1, -1, -1], ["", ".A", "", "._"])


@pytest.mark.parametrize("version", [5, 8])
def test_text_cut_at_a_nul_is_an_error_with_all_of_it(tmp_path: Path, version: int) -> None:
    path = written(tmp_path / "ae.xpt", version, STUDYID=["S", "S"], USUBJID=["1", "2"], AETERM=["Cough dry", "Nausea"])
    path.write_bytes(path.read_bytes().replace(b"Cough dry", b"Cough\0dry").replace(b"Nausea   ", b"Nausea\0\0\0"))
    source = open_source(tmp_path)
    assert source.read("AE", ["AETERM"])["AETERM"].tolist()[1] == "Nausea"  # padded with NUL: nothing is lost
    assert [(str(each.severity), each.count, each.values) for each in source.findings] == [("error", 1, ({"AETERM": "Cough\\x00dry"},))]


def short(path: Path, width: int) -> Path:
    """A file with a number stored in fewer than 8 bytes, made by hand from one of pyreadstat: the descriptor and the records are cut."""
    written(path, STUDYID=["S"], USUBJID=["1"], AESEQ=[3.0], AETERM=["x" * 20])
    raw = bytearray(path.read_bytes())
    names = raw.index(b"HEADER RECORD*******NAMESTR") + 80
    raw[names + 2 * 140 + 4 : names + 2 * 140 + 6] = width.to_bytes(2, "big")
    place = 2 + width
    raw[names + 3 * 140 + 84 : names + 3 * 140 + 88] = place.to_bytes(4, "big")
    body = raw.index(b"HEADER RECORD*******OBS") + 80
    record = b"S1" + bytes.fromhex("4130000000000000")[:width] + b"x" * 20 + b"S2" + bytes.fromhex("4220000000000000")[:width] + b"y" * 20
    path.write_bytes(bytes(raw[:body]) + record + b" " * (-len(record) % 80))
    return path


@pytest.mark.parametrize("width", [3, 4, 7])
def test_numbers_of_fewer_than_8_bytes(tmp_path: Path, width: int) -> None:
    short(tmp_path / "ae.xpt", width)
    source = open_source(tmp_path)
    assert source.read("AE", ["AESEQ", "AETERM"])[["AESEQ", "AETERM"]].values.tolist() == [[3.0, "x" * 20], [32.0, "y" * 20]]
    assert source.findings == []


@pytest.mark.parametrize("length", [1, 5, 27, 33])
def test_a_last_card_padded_with_nul(tmp_path: Path, length: int) -> None:
    """Whatever the length of a record: also where whole records of NUL fit into the padding."""
    path = written(tmp_path / "ae.xpt", STUDYID=["S", "S"], USUBJID=["1", "2"], AESEQ=[1.0, 0.0], AETERM=["x" * length, "y" * length])
    raw = path.read_bytes()
    end = raw.index(b"HEADER RECORD*******OBS") + 80 + 2 * (2 + 8 + length)
    assert raw[end:].strip() == b""
    path.write_bytes(raw[:end] + b"\0" * (len(raw) - end))
    source = open_source(tmp_path)
    assert source.read("AE", ["AESEQ", "AETERM"])[["AESEQ", "AETERM"]].values.tolist() == [[1.0, "x" * length], [0.0, "y" * length]]
    assert source.findings == []


def test_a_variable_that_is_there_twice_is_refused(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path / "ae.xpt", STUDYID=["S"], USUBJID=["1"], AETERM=["x"], AELLT=["y"])
    path.write_bytes(path.read_bytes().replace(b"AELLT   ", b"AETERM  "))
    with pytest.raises(SourceError, match=r"ae\.xpt: The file has the variable AETERM twice"):
        open_source(tmp_path)
    assert capfd.readouterr() == ("", "")


def test_a_number_above_the_exact_ones_is_refused(tmp_path: Path) -> None:
    written(tmp_path / "ae.xpt", STUDYID=["S", "S"], USUBJID=["1", "2"], AEVAL=[1.0, 2.0**54])
    with pytest.raises(SourceError, match=r"ae\.xpt: record 2: AEVAL is .*, above 2\*\*53"):
        open_source(tmp_path).read("AE", ["AEVAL"])


@pytest.mark.parametrize(
    ("written_format", "kind"),
    [
        ("DATE9.", "date"), ("date", "date"), ("YYMMDD10.", "date"), ("YYMMDDN8.", "date"), ("DDMMYYS10", "date"), ("E8601DA.", "date"),
        ("IS8601DA10.", "date"), ("MONYY7.", "date"), ("WORDDATE", "date"), ("DATETIME20.", "datetime"), ("DATETIME22.3", "datetime"),
        ("E8601DT19.", "datetime"), ("DATEAMPM.", "datetime"), ("DTDATE9.", "datetime"), ("TIME5.", "time"), ("TIME8", "time"), ("HHMM.", "time"),
        ("E8601TM8.", "time"), ("TOD8.", "time"), ("8.2", "number"), ("BEST12.", "number"), ("", "number"), ("Z3.", "number"),
        ("COMMA10.2", "number"),
        ("DOLLAR8.", "number"), ("YESNO.", "number"), ("DATEFMT.", "number"), ("PERCENT8.", "number"),
    ],
)  # fmt: skip
def test_formats_of_moments(written_format: str, kind: str) -> None:
    assert kind_of_format(written_format) == kind


def test_numbers_with_a_format_of_moments(tmp_path: Path) -> None:
    formats = {"ADT": "DATE9.", "ADTM": "DATETIME20.", "ATM": "TIME8.", "AVAL": "8.2"}
    moments = {"ADT": [21915.0, np.nan], "ADTM": [21915 * 86400.0 + 3601, np.nan], "ATM": [3601.0, np.nan], "AVAL": [21915.0, np.nan]}
    written(tmp_path / "adrs.xpt", formats=formats, STUDYID=["S", "S"], USUBJID=["1", "2"], **moments)  # type: ignore[arg-type]
    source = open_source(tmp_path)
    assert [source.headers["ADRS"].variables[name] for name in formats] == ["date", "datetime", "time", "number"]
    frame = source.read("ADRS", list(formats))
    assert frame["ADT"].tolist() == [pd.Timestamp("2020-01-01"), pd.NaT]
    assert frame["ADTM"].tolist() == [pd.Timestamp("2020-01-01T01:00:01"), pd.NaT]
    assert frame["ATM"].fillna(-1).tolist() == [3601, -1]
    assert frame["AVAL"].fillna(-1).tolist() == [21915, -1]
    assert source.findings == []


def test_numbers_that_are_no_moments_are_findings(tmp_path: Path) -> None:
    written(tmp_path / "adrs.xpt", formats={"ADT": "DATE9."}, STUDYID=["S"] * 3, USUBJID=["1", "2", "3"], ADT=[21915.5, 1e9, 21915.0])
    source = open_source(tmp_path)
    assert source.read("ADRS", ["ADT"])["ADT"].tolist() == [pd.Timestamp("2020-01-01"), pd.NaT, pd.Timestamp("2020-01-01")]
    found = [(str(each.severity), each.count, each.values[0]["ADT"]) for each in source.findings]
    assert found == [("error", 1, "1000000000.0"), ("warning", 1, "21915.5")]


def test_a_date_of_a_source_is_a_date_of_a_dataset(tmp_path: Path) -> None:
    study = small_study(tmp_path, {"adsl": ADSL + "  DTHDT: {first: ADRS.ADT}\n"})
    written(study.sdtm / "adrs.xpt", formats={"ADT": "DATE9."}, STUDYID=["S1", "S1"], USUBJID=["S1-1", "S1-1"], ADT=[21916.0, 21915.0])
    ran = study.build()
    assert ran.exit_code == 0, ran.text
    assert ran.records("ADSL", "DTHDT") == [21915, None]


@pytest.mark.parametrize(
    ("formula", "expected"), [("ADRS.ADT - STUDY.START", [1, -14]), ("STUDY.START - ADRS.ADT", [-1, 14]), ("ADRS.ADT + 1", [21917, 21902])]
)
def test_arithmetic_with_a_date_of_a_source(tmp_path: Path, formula: str, expected: list[int]) -> None:
    """The plan without data cannot know that ADT is a date."""
    kind = "date" if "+" in formula else "integer"
    specs = "dataset: ADX\nclass: OCCURRENCE DATA STRUCTURE\nlabel: X\nkey: [STUDYID, USUBJID]\nrecords: {from: ADRS}\n"
    specs += "variables:\n  STUDYID, USUBJID: ADSL\n"
    specs += f"  AN: {{type: {kind}, label: Number, value: {formula}}}\n"
    study = small_study(tmp_path, {"adx": specs}, study="constants: {START: 2020-01-01}\nsources: {ADRS: {optional: true}}\n")
    written(study.sdtm / "adrs.xpt", formats={"ADT": "DATE9."}, STUDYID=["S1", "S1"], USUBJID=["S1-1", "S1-2"], ADT=[21916.0, 21901.0])
    ran = study.build()
    assert ran.exit_code == 0, ran.text
    assert ran.records("ADX", "AN") == expected
