"""A Dataset-JSON file that does not read back as it was written never takes its place."""

import json
from pathlib import Path

import pandas as pd
import pytest

from adam.core.errors import ExportError
from adam.submission import json as writer
from adam.submission.json_read_back import compare
from tests.submission.test_json import TIMED, TIMES, written

SPOILED = {
    "ADTM": ('"1959-12-31T23:59:59"', '"1959-12-31T23:59:58"'),
    "ATM": ('"01:01:01"', '"01:01:02"'),
    "ADY": (",-1,", ",-2,"),
    "AVAL": ("0.30000000000000004", "0.3"),
    "NOTE": ("café", "cafe"),
    "label": ('"label": "Times"', '"label": "Time"'),
    "columns": ('"label": "Datetime"', '"label": "Date"'),
}


def again(path: Path, text: str) -> None:
    """Compare a file of another text with what was to be written."""
    metadata = {key: value for key, value in json.loads(path.read_text(encoding="utf-8")).items() if key != "rows"}
    path.write_text(text, encoding="utf-8")
    compare(path, metadata, TIMES, TIMED, "adt.json")


@pytest.mark.parametrize("what", SPOILED)
def test_a_file_that_differs_is_reported(tmp_path: Path, what: str) -> None:
    path = tmp_path / "adt.json"
    written(path)
    text = path.read_text(encoding="utf-8")
    again(path, text)
    assert text.count(SPOILED[what][0]) == 1
    with pytest.raises(ExportError, match=f"adt.json does not read back as it was written. These differ: {what}. Check"):
        again(path, text.replace(*SPOILED[what]))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda text: text[:-5], "does not read back as it was written: "),
        (lambda text: text.replace("null", '""', 1), "does not read back as it was written. These differ: ADTM"),
        (lambda text: text.replace('["1"', '[null,"1"', 1), "2 records of 6 variables were written"),
    ],
)
def test_a_file_that_is_cut_or_has_other_cells(tmp_path: Path, change: object, message: str) -> None:
    path = tmp_path / "adt.json"
    written(path)
    with pytest.raises(ExportError, match=message):
        again(path, change(path.read_text(encoding="utf-8")))


def test_the_old_file_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "adt.json"
    path.write_text("the file of yesterday")
    rows = writer._rows
    monkeypatch.setattr(writer, "_rows", lambda frame, dataset: list(rows(frame, dataset))[:-1])
    with pytest.raises(ExportError, match="2 records of 6 variables were written, others were read"):
        written(path)
    assert (path.read_text(), len(list(tmp_path.iterdir()))) == ("the file of yesterday", 1)


def test_no_records(tmp_path: Path) -> None:
    assert written(tmp_path / "adt.json", pd.DataFrame(TIMES.iloc[:0]))["rows"] == []
