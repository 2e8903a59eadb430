"""Dataset-JSON: what JSON allows and a dataset does not, and what Python reads that is not JSON."""

import json
from pathlib import Path

import pandas as pd
import pytest

from adam.core.errors import SourceError
from adam.sources import open_source

COLUMNS = [
    {"itemOID": "1", "name": "STUDYID", "label": "Study", "dataType": "string"},
    {"itemOID": "2", "name": "USUBJID", "label": "Subject", "dataType": "string"},
    {"itemOID": "3", "name": "AESEQ", "label": "Sequence", "dataType": "integer"},
    {"itemOID": "4", "name": "AEVAL", "label": "Value", "dataType": "decimal"},
    {"itemOID": "5", "name": "AEDT", "label": "Date", "dataType": "date", "targetDataType": "integer"},
]


def text(rows: str = '["S", "1", 1, null, null]', columns: object = COLUMNS, records: object = 1) -> str:
    return f'{{"datasetJSONVersion": "1.1.0", "records": {json.dumps(records)}, "columns": {json.dumps(columns)}, "rows": [{rows}]}}'


def read(folder: Path, body: str, name: str = "ae.json") -> pd.DataFrame:
    (folder / name).write_text(body, encoding="utf-8")
    return open_source(folder).read("AE", ["USUBJID", "AESEQ", "AEVAL", "AEDT"])


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (text(columns=None), "columns must be a list, but is null"),
        (text(columns="STUDYID"), 'columns must be a list, but is "STUDYID"'),
        (text(columns=[{**COLUMNS[0], "name": 5}]), "name of column 1 must be text, but is 5"),
        (text(columns=[{**COLUMNS[0], "label": ["a"]}]), r'label of column 1 must be text, but is \["a"\]'),
        (text(columns=[{**COLUMNS[0], "dataType": {}}]), "has the dataType {}"),
        (text(records="1"), 'records must be a whole number, but is "1"'),
        (text(records=True), "records must be a whole number, but is true"),
        (text(records=1.0), "records must be a whole number, but is 1.0"),
        (text()[:-1] + ', "rows": []}', "The key 'rows' occurs twice"),
        (text().replace('"label": "Study"', '"label": "Study", "label": "S"'), "The key 'label' occurs twice"),
        (text('["S", "1", NaN, null, null]'), "NaN is not valid JSON. Write null for a missing number"),
        (text('["S", "1", -Infinity, null, null]'), "-Infinity is not valid JSON"),
        (text("[" * 100_000 + "]" * 100_000), "its lists are nested too deeply"),
        (text(f'["S", "1", {"9" * 5000}, null, null]'), "has a whole number with thousands of digits"),
        (
            text('["S", "1", 9007199254740993, null, null]'),
            r"record 1: AESEQ is 9007199254740993, above 2\*\*53, where whole numbers are no longer exact",
        ),
        (text('["S", "1", 1e300, null, null]'), r"record 1: AESEQ is .*, above 2\*\*53"),
        (
            text('["S", "1", 1, "9007199254740993", null]'),
            r"record 1: AEVAL is 9007199254740993, above 2\*\*53, where whole numbers are no longer exact",
        ),
        (text('["S", "\\ud800", 1, null, null]'), r"record 1: USUBJID must be text without half of a surrogate pair, but is"),
        (text('["S", "1", 1, null, "2020-02-30"]'), 'AEDT must be a complete date, but is "2020-02-30"'),
        (text(columns=[*COLUMNS, COLUMNS[0]]), "has the variable STUDYID twice"),
    ],
)
def test_what_is_no_dataset_is_refused_by_name(tmp_path: Path, body: str, message: str) -> None:
    with pytest.raises(SourceError, match=rf"ae\.json: .*{message}"):
        read(tmp_path, body)


def test_the_same_of_a_file_of_lines(tmp_path: Path) -> None:
    head = text()[: text().index(', "rows"')] + "}"
    with pytest.raises(SourceError, match=r"ae\.ndjson: NaN is not valid JSON"):
        read(tmp_path, f'{head}\n["S", "1", NaN, null, null]\n', "ae.ndjson")


def test_values_and_dates(tmp_path: Path) -> None:
    found = read(tmp_path, text('["S", "1", 9007199254740992, "0.50", "2020-02-29"], ["S", "1", 2, null, null]', records=2))
    assert found["AESEQ"].tolist() == [2**53, 2]
    assert found["AEVAL"].fillna(-1).tolist() == [0.5, -1]
    assert found["AEDT"].tolist() == [pd.Timestamp("2020-02-29"), pd.NaT]


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ({"dataType": "datetime", "targetDataType": "integer"}, '"2020-02-29T10:30:00"', pd.Timestamp("2020-02-29T10:30")),
        ({"dataType": "time", "targetDataType": "integer"}, '"01:00:01"', 3601.0),
        ({"dataType": "integer", "displayFormat": "DATE9."}, "21915", pd.Timestamp("2020-01-01")),
        ({"dataType": "date"}, '"2020-02"', "2020-02"),  # not stored as a number: ISO 8601 text, as SDTM has it
    ],
)
def test_moments_by_their_type(tmp_path: Path, column: dict[str, str], value: str, expected: object) -> None:
    columns = [*COLUMNS[:4], {"name": "AEDT", "label": "Date", **column}]
    assert read(tmp_path, text(f'["S", "1", 1, null, {value}]', columns))["AEDT"].tolist() == [expected]
