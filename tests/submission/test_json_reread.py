"""A Dataset-JSON file that does not read back as it was written never takes its place."""

from pathlib import Path

import pandas as pd
import pytest

from adam.core.errors import ExportError
from tests.submission.changed_bytes import spoil
from tests.submission.test_json import TIMES, written

SPOILED = {
    "ADTM": ('"1959-12-31T23:59:59"', '"1959-12-31T23:59:58"'),
    "ATM": ('"01:01:01"', '"01:01:02"'),
    "ADY": (",-1,", ",-2,"),
    "AVAL": ("0.30000000000000004", "0.3"),
    "NOTE": ("café", "cafe"),
    "label": ('"label": "Times"', '"label": "Time"'),
    "columns": ('"label": "Datetime"', '"label": "Date"'),
}


@pytest.mark.parametrize("what", SPOILED)
def test_a_file_that_differs_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    written(tmp_path / "adt.json")
    assert (tmp_path / "adt.json").read_text(encoding="utf-8").count(SPOILED[what][0]) == 1
    spoil(monkeypatch, *SPOILED[what])
    with pytest.raises(ExportError, match=f"adt.json does not read back as it was written. These differ: {what}. Check"):
        written(tmp_path / "adt.json")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('\n["2"', '["2"', "2 records were written, 1 were read"),
        ("null", '""', "These differ: ADTM"),
        ('["1"', '[null,"1"', "2 records of 6 variables were written, others were read"),
        ('""]', '"",""]', "2 records of 6 variables were written, others were read"),
        ('""]', '""', "2 records of 6 variables were written, others were read"),
        ('["2"', '"2"', "2 records of 6 variables were written, others were read"),
        (',\n["2"', ' \n["2"', "2 records of 6 variables were written, others were read"),
        (",-1,", ",-1.0,", "These differ: ADY"),
        (",-1,", ",[-1],", "a value is not text, a number or null"),
        (",-1,", ",true,", "a value is not text, a number or null"),
        ('"1"', "1", "These differ: USUBJID"),
        ("0.30000000000000004", "NaN", "These differ: AVAL"),
        ("T23:59:59", " 23:59:59", "These differ: ADTM"),
        ("1959-12-31", "1959-12-32", "These differ: ADTM"),
        ('"01:01:01"', "3661", "These differ: ATM"),
        ("\n ]\n}", "\n ]\n]", "it does not end after its records"),
        ('"rows"', '"row"', "it has no rows"),
        ('"rows": [', '"rows": [[]', "it has no rows"),
        ('"name": "ADT"', '"name": "ADT', "does not read back as it was written: "),
    ],
)
def test_a_file_that_is_cut_or_has_other_cells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str, message: str) -> None:
    path = tmp_path / "adt.json"
    path.write_text("the file of yesterday")
    spoil(monkeypatch, old, new)
    with pytest.raises(ExportError, match=message):
        written(path)
    assert (path.read_text(), len(list(tmp_path.iterdir()))) == ("the file of yesterday", 1)


def test_no_records(tmp_path: Path) -> None:
    assert written(tmp_path / "adt.json", pd.DataFrame(TIMES.iloc[:0]))["rows"] == []
