"""Dataset-JSON 1.1: the schema, the metadata of the columns, and values that read back as they were written."""

import json
from pathlib import Path

import jsonschema
import numpy as np
import pandas as pd
import pytest

from adam.core.errors import ExportError
from adam.planning.values import ResolvedDataset
from adam.sources import json as source
from adam.submission import write as write_any
from adam.submission.define.document import define_xml
from adam.submission.json import write
from tests.submission.example_datasets import DATASETS, FRAMES, PROFILES, STUDY, SUBJECTS, WHEN, texts, variable

SCHEMA = json.loads((Path(__file__).parents[1] / "schemas" / "dataset.schema.json").read_text())
TIMED = ResolvedDataset(
    name="ADT",
    class_="BASIC DATA STRUCTURE",
    label="Times",
    key=("USUBJID", "ADTM"),
    variables={
        "USUBJID": variable("USUBJID", "Subject", length=6),
        "ADTM": variable("ADTM", "Datetime", type="datetime", format="DATETIME20."),
        "ATM": variable("ATM", "Time", type="time", format="TIME8."),
        "ADY": variable("ADY", "Day", type="integer", format="8."),
        "AVAL": variable("AVAL", "Value", type="float"),
        "NOTE": variable("NOTE", "Note", length=40),
    },
)
TIMES = pd.DataFrame(
    {
        "USUBJID": texts("1", "2"),
        "ADTM": pd.Series(["1959-12-31T23:59:59", None], dtype="datetime64[s]"),
        "ATM": [3661.0, np.nan],
        "ADY": [-1.0, np.nan],
        "AVAL": [0.1 + 0.2, np.nan],
        "NOTE": texts('a "],[" \\ café\u2028', ""),
    }
)


def written(path: Path, frame: pd.DataFrame = TIMES, dataset: ResolvedDataset = TIMED) -> dict:
    write(frame, dataset, path, WHEN, study=STUDY)
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ["ADX", "ADY"])
def test_the_schema_holds(tmp_path: Path, name: str) -> None:
    body = written(tmp_path / "x.json", FRAMES[name], DATASETS[name])
    jsonschema.validate(body, SCHEMA)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**body, "isReferenceData": False}, SCHEMA)


def test_the_metadata(tmp_path: Path) -> None:
    body = written(tmp_path / "adx.json", FRAMES["ADX"], SUBJECTS)
    assert (body["datasetJSONVersion"], body["datasetJSONCreationDateTime"]) == ("1.1.0", "2021-01-15T09:30:00")
    assert (body["name"], body["label"], body["records"], body["itemGroupOID"]) == ("ADX", "Subjects", 2, "IG.ADX")
    assert (body["studyOID"], body["metaDataVersionOID"], body["metaDataRef"]) == ("ST.S-1", "MDV.S-1", "../adam/define.xml")
    columns = {each["name"]: each for each in body["columns"]}
    assert columns["USUBJID"] == {
        "itemOID": "IT.ADX.USUBJID",
        "name": "USUBJID",
        "label": "Unique Subject Identifier",
        "dataType": "string",
        "length": 6,
        "keySequence": 1,
    }
    assert {key: columns["TRTSDT"][key] for key in ("dataType", "targetDataType", "displayFormat")} == {
        "dataType": "date",
        "targetDataType": "integer",
        "displayFormat": "DATE9.",
    }
    assert body["rows"] == [["S-1-01", "F", "<65", 1, "2020-02-29", 1.125, "D"], ["S-1-02", "", ">=65", 2, None, None, ""]]


def test_its_identifiers_are_those_of_the_define(tmp_path: Path) -> None:
    body = written(tmp_path / "adx.json", FRAMES["ADX"], SUBJECTS)
    define = define_xml(STUDY, DATASETS, PROFILES, WHEN).decode()
    for oid in (body["studyOID"], body["metaDataVersionOID"], body["itemGroupOID"], *(each["itemOID"] for each in body["columns"])):
        assert f'OID="{oid}"' in define


def test_moments_numbers_and_text(tmp_path: Path) -> None:
    body = written(tmp_path / "adt.json")
    jsonschema.validate(body, SCHEMA)
    assert body["rows"][0] == ["1", "1959-12-31T23:59:59", "01:01:01", -1, 0.1 + 0.2, 'a "],[" \\ café\u2028']
    assert body["rows"][1] == ["2", None, None, None, None, ""]


def test_it_is_read_as_sas_has_it(tmp_path: Path) -> None:
    written(tmp_path / "adt.json")
    layout = source.layout(tmp_path / "adt.json")
    assert dict(layout.variables) == {"USUBJID": "text", "ADTM": "datetime", "ATM": "time", "ADY": "number", "AVAL": "number", "NOTE": "text"}
    assert (layout.records, layout.labels["ADTM"]) == (2, "Datetime")
    frame, *_ = source.records(tmp_path / "adt.json", layout, list(layout.variables))
    assert frame["ADTM"].tolist() == [pd.Timestamp("1959-12-31T23:59:59"), pd.NaT]
    assert frame["ATM"].fillna(0).tolist() == [3661.0, 0]
    assert frame["AVAL"].fillna(0).tolist() == [0.1 + 0.2, 0]
    assert frame["NOTE"].tolist() == ['a "],[" \\ café\u2028', ""]


def test_no_records(tmp_path: Path) -> None:
    body = written(tmp_path / "adt.json", TIMES.iloc[:0])
    assert (body["records"], body["rows"]) == (0, [])
    frame, *_ = source.records(tmp_path / "adt.json", source.layout(tmp_path / "adt.json"), ["USUBJID", "ADTM", "AVAL"])
    assert [str(dtype) for dtype in frame.dtypes] == ["str", "datetime64[s]", "float64"]


def test_more_records_than_a_chunk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adam.submission.blocks.BLOCK", 2)
    frame = pd.concat([TIMES] * 3, ignore_index=True).iloc[:5]
    assert [row[0] for row in written(tmp_path / "adt.json", frame)["rows"]] == ["1", "2", "1", "2", "1"]


def test_the_suffix_picks_it_and_the_bytes_are_the_same(tmp_path: Path) -> None:
    for name in ("a.json", "b.json"):
        write_any(TIMES, TIMED, tmp_path / name, WHEN)
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    assert json.loads((tmp_path / "a.json").read_text())["columns"][5]["length"] == TIMED.variables["NOTE"].length


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [("ADY", 1.5, r"ADT\.ADY: the type is integer"), ("AVAL", np.inf, "infinite"), ("ATM", 86400.0, "outside one day")],
)
def test_what_it_cannot_hold(tmp_path: Path, name: str, value: float, message: str) -> None:
    with pytest.raises(ExportError, match=message):
        write(TIMES.assign(**{name: [value, np.nan]}), TIMED, tmp_path / "adt.json", WHEN)
