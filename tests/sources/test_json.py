"""Dataset-JSON as a source: what its types mean, and the damage it can have."""

import json
from pathlib import Path

import pandas as pd
import pytest

from adam.core.errors import SourceError
from adam.sources import open_source

COLUMNS = [
    {"itemOID": "IT.STUDYID", "name": "STUDYID", "label": "Study", "dataType": "string"},
    {"itemOID": "IT.USUBJID", "name": "USUBJID", "label": "Subject", "dataType": "string"},
    {"itemOID": "IT.AESEQ", "name": "AESEQ", "label": "Sequence", "dataType": "integer"},
    {"itemOID": "IT.AESTDTC", "name": "AESTDTC", "label": "Start", "dataType": "date"},
    {"itemOID": "IT.AEDOSE", "name": "AEDOSE", "label": "Dose", "dataType": "decimal", "targetDataType": "decimal"},
]
ROWS: list[list[object]] = [["S", "1", 1, "2020-02", "0.50"], ["S", "1", 2, None, None]]


def package(folder: Path, rows: list[list[object]] = ROWS, suffix: str = ".json", **more: object) -> Path:
    body = {"datasetJSONVersion": "1.1.0", "records": len(rows), "name": "AE", "label": "Adverse Events", "columns": COLUMNS, **more}
    lines = [{**body, "rows": rows}] if suffix == ".json" else [body, *rows]
    (folder / f"ae{suffix}").write_text("\n".join(json.dumps(each) for each in lines))
    return folder


@pytest.mark.parametrize("suffix", [".json", ".ndjson"])
def test_a_domain(tmp_path: Path, suffix: str) -> None:
    source = open_source(package(tmp_path, suffix=suffix))
    assert source.headers["AE"].variables == {"STUDYID": "text", "USUBJID": "text", "AESEQ": "number", "AESTDTC": "text", "AEDOSE": "number"}
    assert (source.headers["AE"].labels["AESTDTC"], source.headers["AE"].records) == ("Start", 2)
    frame = source.read("AE", ["AESTDTC", "AEDOSE"])
    assert frame["AESTDTC"].tolist() == ["2020-02", ""]  # a partial date stays what it is
    assert frame["AEDOSE"].fillna(-1).tolist() == [0.5, -1]
    assert [str(dtype) for dtype in frame.dtypes] == ["str", "str", "float64", "str", "float64"]


def test_the_manifest_beside_it_is_no_domain(tmp_path: Path) -> None:
    (package(tmp_path) / "manifest.json").write_text("{}")
    assert list(open_source(tmp_path).headers) == ["AE"]


@pytest.mark.parametrize(
    ("rows", "more", "message"),
    [
        (ROWS, {"records": 3}, r"ae\.json: The file announces 3 records and has 2"),
        ([["S", "1", 1, "2020"]], {}, r"ae\.json: record 1: The record has 4 values for 5 columns"),
        ([ROWS[0], ["S", 1, 2, None, None]], {}, r"ae\.json: record 2: USUBJID must be string, but is 1"),
        ([["S", "1", "1", None, None]], {}, 'record 1: AESEQ must be integer, but is "1"'),
        ([["S", "1", True, None, None]], {}, "record 1: AESEQ must be integer, but is true"),
        ([["S", "1", 2**53 + 1, None, None]], {}, r"record 1: AESEQ is .*, above 2\*\*53"),
        ([["S", "1", 1, None, "half"]], {}, "record 1: AEDOSE must be a number, but is 'half'"),
        (ROWS, {"datasetJSONVersion": "1.0.0"}, r"is Dataset-JSON 1\.0\.0; only version 1\.1 is supported"),
        (ROWS, {"columns": [{"name": "USUBJID"}]}, "Column 1 must have name, label and dataType"),
        (ROWS, {"columns": [*COLUMNS[:4], {**COLUMNS[4], "dataType": "boolean", "targetDataType": None}]}, "AEDOSE has the dataType boolean"),
    ],
)
def test_damage_is_told(tmp_path: Path, rows: list[list[object]], more: dict[str, object], message: str) -> None:
    with pytest.raises(SourceError, match=message):
        open_source(package(tmp_path, rows, **more)).read("AE", ["USUBJID", "AESEQ", "AEDOSE"])


@pytest.mark.parametrize(
    ("text", "message"), [("{", "not valid JSON"), ("[]", r"not Dataset-JSON 1\.1"), ('{"records": 1}', "datasetJSONVersion, columns")]
)
def test_other_files_are_refused(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "ae.json").write_text(text)
    with pytest.raises(SourceError, match=message):
        open_source(tmp_path)


def test_a_date_stored_as_a_number_is_a_date_and_complete(tmp_path: Path) -> None:
    columns = [*COLUMNS[:3], {**COLUMNS[3], "targetDataType": "integer"}, COLUMNS[4]]
    source = open_source(package(tmp_path, [["S", "1", 1, "1960-01-31", None]], columns=columns))
    assert source.read("AE", ["AESTDTC"])["AESTDTC"].tolist() == [pd.Timestamp("1960-01-31")]
    with pytest.raises(SourceError, match=r'AESTDTC must be a complete date, but is "2020-02"'):
        open_source(package(tmp_path, columns=columns)).read("AE", ["AESTDTC"])
