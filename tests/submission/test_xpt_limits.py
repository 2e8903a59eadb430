"""What an XPT file cannot hold is refused with the records; what it holds comes back to the last bit."""

import datetime
import os
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adam.core.errors import ExportError
from adam.planning.values import ResolvedDataset, ResolvedVariable
from adam.submission import write
from adam.submission.new_file import NewFile
from adam.submission.xpt import read_back
from tests.submission import ts140

WHEN = datetime.datetime(2021, 3, 5, 4, 6, 7)
ID = ResolvedVariable(name="USUBJID", label="Unique Subject Identifier", type="text", length=4)


def text(*values: str | None) -> pd.Series:
    return pd.Series(values, dtype="str")


def dataset(*variables: ResolvedVariable, **attributes: object) -> ResolvedDataset:
    body = {"name": "ADX", "class_": "X", "label": "A Small Dataset", "key": ("USUBJID",), **attributes}
    return ResolvedDataset(**body, variables={variable.name: variable for variable in variables})


def one(column: pd.Series, **attributes: object) -> tuple[pd.DataFrame, ResolvedDataset]:
    """A dataset of two variables, the second with these attributes."""
    name = str(attributes.pop("name", "X"))
    ids = text(*(f"S-{i + 1}" for i in range(len(column))))
    variable = ResolvedVariable.model_construct(**{"name": name, "label": "Label", "type": "text", "length": 5, "format": "", **attributes})
    return pd.DataFrame({"USUBJID": ids, name: column}), dataset(ID, variable)


def second(value: str) -> pd.Series:
    return pd.Series([value], dtype="datetime64[s]")


REFUSED = [
    (text("a", None), {}, "X: text is missing where it should be blank; 1 record; first: USUBJID=S-2"),
    (text("a", "éééx", "éééx"), {}, "X: text is longer than the declared 5 bytes; 2 records; first: USUBJID=S-2, USUBJID=S-3"),
    (text("é"), {}, "X: text is not ASCII; 1 record"),
    (text("a "), {}, "X: text ends with a blank"),
    (text("a\x00b"), {}, "X: text holds a NUL"),
    (text("a"), {"length": 201}, "X: the length 201 is not 1 to 200 bytes"),
    (text("a"), {"length": None}, "X: the length None is not"),
    (pd.Series([1.0]), {}, "X: the type is text, but the column has the dtype float64"),
    (text("1"), {"type": "float"}, "X: the type is float, but the column has the dtype str"),
    (pd.Series([np.inf]), {"type": "float"}, "X: a number is infinite or too large"),
    (pd.Series([-7.3e75]), {"type": "float"}, "X: a number is infinite or too large"),
    (pd.Series([5e-79]), {"type": "float"}, "X: a number is too small"),
    (pd.Series([2.0**53 + 2]), {"type": "integer"}, r"X: a whole number is above 2\*\*53"),
    (second("2020-01-01T12:00:00"), {"type": "date", "format": "DATE9."}, "X: a date has a time of day"),
    (second("2020-01-01"), {"type": "date"}, "X: a date has no format, so readers would show it as a number"),
    (pd.Series([1.0]), {"type": "float", "format": "VERYLONGX8."}, "X: 'VERYLONGX8.' is not a SAS format"),
    (pd.Series([1.0]), {"type": "float", "format": "best12."}, "X: 'best12.' is not a SAS format"),
    (pd.Series([1.0]), {"type": "float", "format": "DATE9"}, "X: 'DATE9' is not a SAS format"),
    (pd.Series([1.0]), {"type": "float", "format": "."}, "X: '.' is not a SAS format"),
    (pd.Series([1.0]), {"type": "float", "format": "$20."}, "the format .20. is for text, and the variable is of type float"),
    (text("a"), {"format": "8."}, "the format 8. is for numbers, and the variable is text"),
    (text("a"), {"name": "TOOLONGNAME"}, "TOOLONGNAME: the name is not"),
    (text("a"), {"name": "lower"}, "lower: the name is not"),
    (text("a"), {"label": "x" * 41}, "X: the label '.*' is not 1 to 40"),
    (text("a"), {"label": "≥"}, "X: the label '≥' is not"),
    (text("a"), {"label": ""}, "X: the label '' is not"),
]


@pytest.mark.parametrize(("column", "attributes", "message"), REFUSED)
def test_refused(tmp_path: Path, column: pd.Series, attributes: dict, message: str) -> None:
    with pytest.raises(ExportError, match=message):
        write(*one(column, **attributes), tmp_path / "adx.xpt", WHEN)
    assert list(tmp_path.iterdir()) == []


def test_every_violation_is_reported_at_once(tmp_path: Path) -> None:
    with pytest.raises(ExportError) as caught:
        write(*one(text("too long", "é"), label=""), tmp_path / "adx.xpt", WHEN)
    assert len(str(caught.value).splitlines()) == 3


@pytest.mark.parametrize(
    ("columns", "message"),
    [(["USUBJID"], "X is missing"), (["X", "USUBJID"], "the order is not the same"), (["USUBJID", "X", "Y"], "Y is not a variable of the dataset")],
)
def test_columns_that_are_not_the_variables(tmp_path: Path, columns: list[str], message: str) -> None:
    frame = pd.DataFrame({name: text("a") for name in columns})
    with pytest.raises(ExportError, match=message):
        write(frame, one(text("a"))[1], tmp_path / "adx.xpt", WHEN)


def test_a_blank_last_record_is_refused_only_without_a_number(tmp_path: Path) -> None:
    blank = pd.DataFrame({"USUBJID": text("a", "")})
    with pytest.raises(ExportError, match="last record is blank"):
        write(blank, dataset(ID), tmp_path / "adx.xpt", WHEN)
    number = ResolvedVariable(name="AVAL", label="Value", type="float")
    write(blank.assign(AVAL=np.nan), dataset(ID, number), tmp_path / "adx.xpt", WHEN)
    assert len(pyreadstat.read_xport(str(tmp_path / "adx.xpt"))[0]) == 2


def test_keep_writes_utf8_within_its_bytes_and_transliterate_does_not(tmp_path: Path) -> None:
    frame, own = one(text("éé"))
    write(frame, own, tmp_path / "adx.xpt", WHEN, non_ascii="keep")
    assert pyreadstat.read_xport(str(tmp_path / "adx.xpt"))[0]["X"].tolist() == ["éé"]
    with pytest.raises(ExportError, match="not ASCII"):
        write(frame, own, tmp_path / "other.xpt", WHEN, non_ascii="transliterate")


def test_text_may_have_exactly_the_declared_length(tmp_path: Path) -> None:
    write(*one(text("longer than 5"), length=13), tmp_path / "adx.xpt", WHEN)
    assert [variable["length"] for variable in ts140.read(tmp_path / "adx.xpt").variables] == [4, 13]


def test_blank_text_keeps_its_length_and_times_are_seconds(tmp_path: Path) -> None:
    time = ResolvedVariable(name="ATM", label="Time", type="time", format="TIME8.")
    frame = pd.DataFrame({"USUBJID": text("a", "b"), "ATM": [34200.0, np.nan], "X": text("", "")})
    own = dataset(ID, time, ResolvedVariable(name="X", label="Blank", type="text", length=17, format="$17."))
    write(frame, own, tmp_path / "adx.xpt", WHEN)
    member = ts140.read(tmp_path / "adx.xpt")
    assert [variable["length"] for variable in member.variables] == [4, 8, 17]
    assert [variable["format"] for variable in member.variables] == [("", 0, 0), ("TIME", 8, 0), ("$", 17, 0)]
    assert ts140.ibm(member.data[4:12]) == 34200
    assert len(member.data) == 80


def test_dates_before_1960_are_negative(tmp_path: Path) -> None:
    frame, own = one(second("1959-12-31"), type="date", format="DATE9.", length=None)
    write(frame, own, tmp_path / "adx.xpt", WHEN)
    assert pyreadstat.read_xport(str(tmp_path / "adx.xpt"), disable_datetime_conversion=True)[0]["X"].tolist() == [-1.0]


def test_the_same_bytes_at_any_time_and_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, zone in (("one", "UTC"), ("two", "Asia/Tokyo")):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        write(*one(text("a", "b")), tmp_path / f"{name}.xpt", WHEN)
    monkeypatch.undo()
    time.tzset()
    raw = (tmp_path / "one.xpt").read_bytes()
    assert raw == (tmp_path / "two.xpt").read_bytes()
    assert [raw[offset : offset + 16] for offset in (144, 160, 464, 480)] == [b"05MAR21:04:06:07"] * 4


def test_months_are_english_whatever_the_locale(tmp_path: Path) -> None:
    code = f"""
import locale, datetime, sys
from pathlib import Path
try: locale.setlocale(locale.LC_ALL, 'de_DE.UTF-8')
except locale.Error: pass
from tests.submission.test_xpt_limits import one, text
from adam.submission import write
write(*one(text("a")), Path({str(tmp_path)!r}) / "adx.xpt", datetime.datetime(2021, 5, 1))
"""
    subprocess.run([sys.executable, "-c", code], check=True, env={**os.environ, "LC_ALL": "C"}, cwd=Path(__file__).parents[2])
    assert ts140.read(tmp_path / "adx.xpt").created == "01MAY21:00:00:00"


SPOILED = {
    "values": (b"S-1 abcde", b"S-1 abcdX"),
    "label": (b"Label", b"Labex"),
    "name or label of the dataset": (b"A Small Dataset", b"A Small Datasex"),
}


@pytest.mark.parametrize("what", SPOILED)
def test_a_file_that_differs_does_not_read_back(tmp_path: Path, what: str) -> None:
    frame, own = one(text("abcde"))
    path = tmp_path / "adx.xpt"
    write(frame, own, path, WHEN)
    read_back(frame, own, path)
    raw = path.read_bytes()
    assert raw.count(SPOILED[what][0]) == 1
    path.write_bytes(raw.replace(*SPOILED[what]))
    with pytest.raises(ExportError, match=what):
        read_back(frame, own, path)


@pytest.mark.parametrize(("attributes", "what"), [({"length": 6}, "length"), ({"format": "$9."}, "format")])
def test_attributes_are_compared_too(tmp_path: Path, attributes: dict, what: str) -> None:
    frame, own = one(text("abcde"))
    write(frame, own, tmp_path / "adx.xpt", WHEN)
    with pytest.raises(ExportError, match=rf"X \({what}\)"):
        read_back(*one(text("abcde"), **attributes), tmp_path / "adx.xpt")


def test_a_file_that_does_not_read_back_never_takes_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "adx.xpt"
    path.write_text("the file of yesterday")
    real = NewFile.append

    def lossy(self: NewFile, pieces: Iterable[bytes]) -> bytes:
        found = bytes(real(self, pieces))
        return found[: len(found) // 2] if found.startswith(b"S-1") else found

    monkeypatch.setattr(NewFile, "append", lossy)
    with pytest.raises(ExportError, match="adx.xpt does not read back as it was written: 2 records were written, 1 were read"):
        write(*one(text("a", "b")), path, WHEN)
    assert (path.read_text(), len(list(tmp_path.iterdir()))) == ("the file of yesterday", 1)


def test_an_unknown_format_of_file(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"'\.folder' is not an export format\. Use one of \.csv, \.json, \.ndjson, \.xpt"):
        write(*one(text("a")), tmp_path / "adx.folder", WHEN)


numbers = st.one_of(
    st.just(np.nan),
    st.just(-0.0),
    st.floats(-(2.0**53), 2.0**53).filter(lambda x: x == 0 or abs(x) > 5.4e-79),
    st.sampled_from([0.1, 1 / 3, 5.4e-79]),
)
days = st.one_of(st.none(), st.dates(datetime.date(1900, 1, 1), datetime.date(2100, 1, 1)))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(st.text(st.characters(codec="ascii", min_codepoint=33), max_size=9), numbers, days), max_size=6))
def test_what_is_written_is_read(tmp_path: Path, rows: list) -> None:
    variables = [
        ResolvedVariable(name="T", label="Text", type="text", length=9),
        ResolvedVariable(name="N", label="Number", type="float", format="BEST12."),
        ResolvedVariable(name="D", label="Date", type="date", format="E8601DA."),
    ]
    dates = pd.Series([np.datetime64("NaT") if row[2] is None else np.datetime64(row[2]) for row in rows], dtype="datetime64[s]")
    frame = pd.DataFrame({"T": text(*(row[0] for row in rows)), "N": pd.Series([row[1] for row in rows], dtype="float64"), "D": dates})
    write(frame, dataset(*variables, key=("T",)), tmp_path / "adx.xpt", WHEN)
    back, _ = pyreadstat.read_xport(str(tmp_path / "adx.xpt"), disable_datetime_conversion=True)
    expected = [np.nan if row[2] is None else (row[2] - datetime.date(1960, 1, 1)).days for row in rows]
    assert back["T"].to_list() == [row[0] for row in rows]
    np.testing.assert_array_equal(back["N"].to_numpy(dtype="float64"), frame["N"].to_numpy())
    np.testing.assert_array_equal(back["D"].to_numpy(dtype="float64"), np.array(expected, dtype="float64"))
    assert len(ts140.read(tmp_path / "adx.xpt").data) == -(-25 * len(rows) // 80) * 80
