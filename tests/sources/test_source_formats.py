"""What the files of a source are: suffixes, split names, encodings, damage, and what a CSV or Parquet file means by a value."""

import hashlib
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from adam.core.errors import SourceError
from adam.core.sdtm import is_numeric
from adam.sources import open_source
from adam.sources.encoding import decoded_text

PILOT = Path(__file__).parents[2].parent / "shared" / "data" / "cdiscpilot01" / "sdtm"


def xpt(path: Path, version: int = 5, **columns: list) -> Path:
    frame = pd.DataFrame({name: pd.Series(values, dtype="str" if isinstance(values[0], str) else "float64") for name, values in columns.items()})
    name = path.stem.upper()
    pyreadstat.write_xport(frame, str(path), file_format_version=version, table_name=name, column_labels={"AETERM": "Term"})
    return path


def ae(path: Path, *terms: str, version: int = 5) -> Path:
    count = len(terms)
    return xpt(path, version, STUDYID=["S"] * count, USUBJID=["1"] * count, AESEQ=[float(i + 1) for i in range(count)], AETERM=list(terms))


@pytest.mark.parametrize("version", [5, 8])
def test_a_header_has_kinds_labels_and_capitals(tmp_path: Path, version: int) -> None:
    ae(tmp_path / "Ae.XPT", "Cough", version=version)
    header = open_source(tmp_path).headers["AE"]
    assert header.variables == {"STUDYID": "text", "USUBJID": "text", "AESEQ": "number", "AETERM": "text"}
    assert header.labels["AETERM"] == "Term"


def test_no_records_have_their_kinds(tmp_path: Path) -> None:
    frame = pd.DataFrame({"STUDYID": pd.Series(dtype="str"), "USUBJID": pd.Series(dtype="str"), "AESEQ": pd.Series(dtype="float64")})
    pyreadstat.write_xport(frame, str(tmp_path / "ae.xpt"), file_format_version=5)
    read = open_source(tmp_path).read("AE", [])
    assert [str(dtype) for dtype in read.dtypes] == ["str", "str", "float64"]


def test_dates_of_sas_are_dates(tmp_path: Path) -> None:
    frame = pd.DataFrame({"STUDYID": ["S"], "USUBJID": ["1"], "TRTSDT": [21628.0]})
    pyreadstat.write_xport(frame, str(tmp_path / "adsl.xpt"), file_format_version=5, variable_format={"TRTSDT": "DATE9."})
    assert open_source(tmp_path).read("ADSL", ["TRTSDT"])["TRTSDT"].tolist() == [pd.Timestamp("2019-03-20")]


def test_columns_come_in_the_order_asked_after_the_key(tmp_path: Path) -> None:
    ae(tmp_path / "ae.xpt", "Cough")
    assert list(open_source(tmp_path).read("AE", ["AETERM", "USUBJID"])) == ["STUDYID", "AESEQ", "AETERM", "USUBJID"]


def test_a_variable_that_is_not_there_is_no_blank(tmp_path: Path) -> None:
    ae(tmp_path / "ae.xpt", "Cough")
    with pytest.raises(KeyError, match="did you mean 'AETERM'"):
        open_source(tmp_path).read("AE", ["AETERMM"])


def test_four_letters_are_a_part_only_if_the_file_says_so(tmp_path: Path) -> None:
    xpt(tmp_path / "qsgi.xpt", DOMAIN=["QS"], STUDYID=["S"], USUBJID=["1"], QSSEQ=[1.0])
    xpt(tmp_path / "qs.xpt", DOMAIN=["QS"], STUDYID=["S"], USUBJID=["1"], QSSEQ=[2.0], QSCAT=["C"])
    xpt(tmp_path / "suppqsgi.xpt", STUDYID=["S"], RDOMAIN=["QS"], USUBJID=["1"], IDVAR=["QSSEQ"], IDVARVAL=["1"], QNAM=["X"], QVAL=["V"])
    xpt(tmp_path / "adae.xpt", STUDYID=["S"], USUBJID=["1"], AESEQ=[1.0])
    xpt(tmp_path / "apdm.xpt", STUDYID=["S"], DOMAIN=["APDM"], APID=["1"])
    source = open_source(tmp_path)
    assert sorted(source.headers) == ["ADAE", "APDM", "QS", "SUPPQS"]
    frame = source.read("QS", ["QSCAT", "X"])
    assert frame[["QSSEQ", "QSCAT", "X"]].values.tolist() == [[2.0, "C", ""], [1.0, "", "V"]]


def test_parts_that_disagree_on_a_kind_are_refused(tmp_path: Path) -> None:
    xpt(tmp_path / "qsgi.xpt", DOMAIN=["QS"], QSSTRESN=[1.0], QSSEQ=[1.0])
    xpt(tmp_path / "qsmm.xpt", DOMAIN=["QS"], QSSTRESN=["1"], QSSEQ=[1.0])
    with pytest.raises(SourceError, match="QSSTRESN has the type text, but number in another file of QS"):
        open_source(tmp_path)


def test_a_name_in_two_spellings_is_refused(tmp_path: Path) -> None:
    ae(tmp_path / "ae.xpt", "Cough")
    (tmp_path / "AE.csv").write_text("STUDYID,USUBJID\n")
    with pytest.raises(SourceError, match="same domain"):
        open_source(tmp_path)


@pytest.mark.parametrize("name", ["nothing", "notes.txt"])
def test_a_folder_without_data_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "notes.txt").write_text("x")
    with pytest.raises(SourceError, match="does not exist" if name == "nothing" else "no source files"):
        open_source(tmp_path / name if name == "nothing" else tmp_path)


def test_utf8_and_windows_1252_in_one_file(tmp_path: Path) -> None:
    path = ae(tmp_path / "ae.xpt", "Fièvre", "Zürich", "Cough")
    path.write_bytes(path.read_bytes().replace("ü".encode(), b"\xfc").replace(b"Z\xfcrich", b"Z\xfcrich "))
    source = open_source(tmp_path)
    assert source.read("AE", ["AETERM"])["AETERM"].tolist() == ["Fièvre", "Zürich", "Cough"]
    finding = source.findings[0]
    assert (finding.dataset, finding.variable, finding.count, finding.keys[0]["AESEQ"]) == ("AE", "AETERM", 1, "2")
    assert source.read("AE", ["AESEQ"]).shape == (3, 3)
    assert len(source.findings) == 1


def test_a_byte_of_neither_encoding_is_refused(tmp_path: Path) -> None:
    path = ae(tmp_path / "ae.xpt", "Cough", "éa")
    path.write_bytes(path.read_bytes().replace("éa".encode(), b"\x81ab"))
    with pytest.raises(SourceError, match="record 2: AETERM has the byte 0x81"):
        open_source(tmp_path).read("AE", ["AETERM"])


def test_a_label_in_windows_1252(tmp_path: Path) -> None:
    path = ae(tmp_path / "ae.xpt", "Cough")
    path.write_bytes(path.read_bytes().replace(b"Term", b"T\xe9rm"))
    assert open_source(tmp_path).headers["AE"].labels["AETERM"] == "Térm"
    assert decoded_text("T\xe9rm") == "Térm"


def test_a_file_of_two_datasets_is_refused(tmp_path: Path) -> None:
    path = ae(tmp_path / "ae.xpt", "Cough")
    raw = path.read_bytes()
    path.write_bytes(raw + raw[240:])
    with pytest.raises(SourceError, match=r"ae\.xpt: The file has more than one dataset"):
        open_source(tmp_path).read("AE", [])


@pytest.mark.parametrize("lost", [1, 80])
def test_a_file_cut_short_is_refused(tmp_path: Path, lost: int) -> None:
    path = ae(tmp_path / "ae.xpt", *("a long text that fills more than a card of the file, as texts do " * 2).split(), "x" * 100)
    source = open_source(tmp_path)
    path.write_bytes(path.read_bytes()[:-lost])
    with pytest.raises(SourceError, match=r"ae\.xpt"):
        source.read("AE", [])


@pytest.mark.parametrize("suffix", [".xpt", ".csv", ".parquet"])
def test_a_file_that_is_gone_or_is_none(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"ae{suffix}"
    if suffix == ".xpt":
        ae(path, "Cough")
    elif suffix == ".csv":
        path.write_text("STUDYID,USUBJID\nS,1\n")
    else:
        pd.DataFrame({"STUDYID": ["S"], "USUBJID": ["1"]}).to_parquet(path)
    source = open_source(tmp_path)
    path.unlink()
    with pytest.raises(SourceError, match=rf"ae\{suffix}: The file cannot be read"):
        source.read("AE", [])
    path.write_bytes(b"\x00,\x00" if suffix == ".csv" else b"no such thing")
    with pytest.raises(SourceError, match=rf"ae\{suffix}"):
        open_source(tmp_path)


def test_sas7bdat_is_read_in_the_encoding_it_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adam.sources.source_folder.check_file", lambda *_: None)
    own, asked = ae(tmp_path / "ae.xpt", "Cough").rename(tmp_path / "ae.sas7bdat"), []
    real = pyreadstat.read_xport
    monkeypatch.setattr(
        pyreadstat,
        "read_sas7bdat",
        lambda path, **options: asked.append(options) or real(path, **{k: v for k, v in options.items() if k != "user_missing"}),
    )
    assert open_source(own.parent).read("AE", ["AETERM"])["AETERM"].tolist() == ["Cough"]
    assert all("encoding" not in options and options["disable_datetime_conversion"] for options in asked)


@pytest.mark.parametrize("name", ["AESEQ", "QSSTRESN", "AGE", "VISITNUM", "EXDOSE", "AESTDY", "AEPTCD", "MHLLTCD", "AEBDSYCD"])
def test_numbers_of_sdtm(name: str) -> None:
    assert is_numeric(name)


@pytest.mark.parametrize("name", ["USUBJID", "SITEID", "QSTESTCD", "QSSTRESC", "AGEU", "EPOCH", "VISIT", "STUDY"])
def test_text_of_sdtm(name: str) -> None:
    assert not is_numeric(name)


def test_csv_text_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "dm.csv").write_bytes(b'\xef\xbb\xbfSTUDYID,usubjid,SITEID,AGE\r\nS,"1, a",007,12.50\r\nS,NA,"two\nlines",\r\n')
    frame = open_source(tmp_path).read("DM", ["SITEID", "AGE"])
    assert frame[["USUBJID", "SITEID"]].values.tolist() == [["1, a", "007"], ["NA", "two\nlines"]]
    np.testing.assert_array_equal(frame["AGE"].to_numpy(), [12.5, np.nan])


@pytest.mark.parametrize("value", ["inf", "nan", "NA", ".", "0x1F", "1_000"])
def test_csv_words_that_python_takes_for_numbers(tmp_path: Path, value: str) -> None:
    (tmp_path / "dm.csv").write_text(f"STUDYID,USUBJID,AGE\nS,1,40\nS,2,{value}\n")
    with pytest.raises(SourceError, match=r"dm\.csv: record 2: AGE must be a number, but is '.*'"):
        open_source(tmp_path).read("DM", ["AGE"])


@pytest.mark.parametrize("record", ["S,1", "S,1,40,more"])
def test_csv_records_of_another_length_are_refused(tmp_path: Path, record: str) -> None:
    (tmp_path / "dm.csv").write_text(f"STUDYID,USUBJID,AGE\n{record}\n")
    with pytest.raises(SourceError, match=r"dm\.csv:2: The record has [24] values for 3 variables"):
        open_source(tmp_path).read("DM", ["AGE"])


@pytest.mark.parametrize(("names", "said"), [("USUBJID,usubjid", "has the variable USUBJID twice"), ("USUBJID;AGE", "not a valid variable name")])
def test_csv_names_that_are_none(tmp_path: Path, names: str, said: str) -> None:
    (tmp_path / "dm.csv").write_text(f"{names}\n")
    with pytest.raises(SourceError, match=said):
        open_source(tmp_path)


def test_parquet(tmp_path: Path) -> None:
    terms = pd.Series(["Cough", None], dtype="category")
    pd.DataFrame({"STUDYID": ["S", "S"], "USUBJID": ["1", "1"], "AESEQ": [1, 2], "AETERM": terms}).to_parquet(tmp_path / "ae.parquet")
    source = open_source(tmp_path)
    assert source.headers["AE"].records == 2
    frame = source.read("AE", ["AETERM"])
    assert frame["AETERM"].tolist() == ["Cough", ""]
    assert str(frame["AESEQ"].dtype) == "float64"


@pytest.mark.parametrize("values", [pd.to_datetime(["2020-01-01"], utc=True), pd.to_timedelta(["1D"]), [True]])
def test_parquet_moments_with_a_zone_and_truth_values_are_refused(tmp_path: Path, values: object) -> None:
    pd.DataFrame({"USUBJID": ["1"], "AESTDTC": values}).to_parquet(tmp_path / "ae.parquet")
    with pytest.raises(SourceError, match=r"ae\.parquet: AESTDTC has the type"):
        open_source(tmp_path)


def test_digests_are_of_the_files_read(tmp_path: Path) -> None:
    path = ae(tmp_path / "ae.xpt", "Cough")
    xpt(tmp_path / "dm.xpt", STUDYID=["S"], USUBJID=["1"])
    source = open_source(tmp_path)
    source.read("AE", [])
    assert source.digests() == {"ae.xpt": hashlib.sha256(path.read_bytes()).hexdigest()}


@pytest.mark.skipif(not PILOT.is_dir(), reason="the pilot's data are not here")
def test_the_pilot_is_read_whole() -> None:
    source = open_source(PILOT)
    frames = {name: source.read(name, [*header.variables, *header.qualifiers]) for name, header in source.headers.items()}
    assert source.check(frames) == []
    assert [(finding.dataset, finding.variable, finding.count) for finding in source.findings] == [("TS", "TSVAL", 2)]
    assert (len(frames["QS"]), len(frames["DM"]), len(source.headers["QS"].files)) == (562 + 1524, 306, 2)
    assert [int((frames["DM"][name] != "").sum()) for name in source.headers["DM"].qualifiers] != [0]
