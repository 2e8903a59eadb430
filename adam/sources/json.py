"""Dataset-JSON 1.1, as one document (`.json`) or with one line for each record (`.ndjson`).

Text is text; integer, float, double and decimal are numbers, or dates if their displayFormat is a date format. A date, datetime or time
is ISO 8601 text, as in SDTM, unless `targetDataType` is integer: then it is a date, datetime or time.
"""

from __future__ import annotations

import itertools
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from adam.core.errors import SourceError
from adam.sources.formats import SHOWN, Layout, Note, Records, StoredAttributes, layout_of, readable, register
from adam.sources.moments import EPOCH, MOMENTS, kind_of_format
from adam.sources.numbers import EXACT, numbers_of_text, too_large

NUMBERS = ("integer", "float", "double", "decimal")
TEXTS = ("string", "URI", "date", "datetime", "time")
LINES = ".ndjson"
NEEDED = ("datasetJSONVersion", "records", "columns")


def layout(path: Path, encoding: str = "") -> Layout:
    """The layout of a file of Dataset-JSON; of one with a line for each record only the first line is read.

    Raises:
        SourceError: the file is not Dataset-JSON 1.1, or a column is neither text nor number.
    """
    about = _about(path)
    variables = [(each["name"], _kind(each, path), each["label"] or "") for each in about["columns"]]
    found = layout_of(path, variables, about["records"], encoding)
    known = {each["name"].strip().upper(): each for each in about["columns"]}
    lengths = {name: each["length"] for name, each in known.items() if found.variables[name] == "text" and type(each.get("length")) is int}
    formats = {name: str(each["displayFormat"]) for name, each in known.items() if found.variables[name] == "number" and "displayFormat" in each}
    attributes = {
        name: StoredAttributes(each["label"] or "", lengths.get(name), str(each.get("displayFormat") or "")) for name, each in known.items()
    }
    return replace(
        found, lengths=lengths, formats=formats, dataset=_dataset(about), attributes=attributes, dataset_label=str(about.get("label") or "")
    )


def records(path: Path, layout: Layout, columns: Sequence[str], limit: int = 0) -> Records:
    """The records of a file of Dataset-JSON.

    Raises:
        SourceError: the number of records or of values in a record is wrong, or a value has another type than its column.
    """
    about, rows = _about(path), _rows(path)
    _check_count(len(rows), about, path)
    return _records(rows, about, path, layout, columns, limit)


def windows(path: Path, layout: Layout, columns: Sequence[str], size: int) -> Iterator[Records]:
    """The records by windows, if each is a line; a document is one window.

    Raises:
        SourceError: as for `records`.
    """
    if path.suffix.lower() != LINES:
        yield records(path, layout, columns)
        return
    about, count = _about(path), 0
    with readable(path, UnicodeDecodeError), path.open(encoding="utf-8-sig") as file:
        file.readline()
        filled = (line for line in file if line.strip())
        while lines := list(itertools.islice(filled, size)):
            yield _records(_parsed_lines(lines, path), about, path, layout, columns)
            count += len(lines)
    _check_count(count, about, path)
    if not count:
        yield _records([], about, path, layout, columns)


def _check_count(count: int, about: Mapping[str, Any], path: Path) -> None:
    if count != about["records"]:
        raise SourceError(f"{path.name}: The file announces {about['records']} records and has {count}. Export it again.")


def _records(rows: list[list[Any]], about: Mapping[str, Any], path: Path, layout: Layout, columns: Sequence[str], limit: int = 0) -> Records:
    """Some records with some of the columns."""
    sizes = np.fromiter(map(len, rows), dtype="int64", count=len(rows))
    broken = np.flatnonzero(sizes != len(about["columns"]))
    if len(broken):
        what = f"The record has {sizes[broken[0]]} values for {len(about['columns'])} columns"
        raise SourceError(f"{path.name}: record {broken[0] + 1}: {what}. Export the file again.")
    rows = rows[:limit] if limit else rows
    values = dict(zip((each["name"] for each in about["columns"]), zip(*rows, strict=True), strict=True)) if rows else {}
    known = {each["name"]: each for each in about["columns"]}
    frame, notes = {}, []
    for name in columns:
        frame[name], found = _column(name, values.get(layout.names[name], ()), known[layout.names[name]], path)
        notes += found
    return Records(pd.DataFrame(frame), notes=tuple(notes))


def _parsed(path: Path, text: str) -> Any:  # noqa: ANN401
    """Parse JSON strictly: NaN and duplicate keys, which Python accepts, are refused.

    Raises:
        SourceError: the text is not JSON.
    """

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        duplicates = [key for key, count in Counter(key for key, _ in found).items() if count > 1]
        if duplicates:
            raise SourceError(f"{path.name}: The key {duplicates[0]!r} occurs twice in one object. Keep one.")
        return dict(found)

    def constant(name: str) -> None:
        raise SourceError(f"{path.name}: {name} is not valid JSON. Write null for a missing number.")

    try:
        return json.loads(text, object_pairs_hook=pairs, parse_constant=constant)
    except json.JSONDecodeError as error:
        early = error.msg.startswith("Unterminated") or (error.pos >= len(text.rstrip()) - 1 and not error.msg.startswith("Extra"))
        if early and text.lstrip()[:1] in ("{", "["):
            raise SourceError(
                f"{path.name}: The file is not valid JSON: it ends too early and may be truncated ({error}). Copy or export it again."
            ) from error
        raise SourceError(f"{path.name}: The file is not valid JSON: {error}. Export it again as Dataset-JSON.") from error
    except RecursionError:
        raise SourceError(f"{path.name}: The file is not Dataset-JSON: its lists are nested too deeply. A record must be a list of values.") from None
    except ValueError:  # Python does not read whole numbers of more than 4,300 digits
        raise SourceError(
            f"{path.name}: The file has a whole number with thousands of digits, which a variable cannot hold. Correct the value."
        ) from None


def _text(path: Path, *, first: bool = False) -> str:
    try:
        with readable(path), path.open(encoding="utf-8-sig") as file:
            return file.readline() if first else file.read()
    except UnicodeDecodeError as error:
        byte = error.object[error.start]
        raise SourceError(f"{path.name}: The file cannot be read: byte 0x{byte:02X} is not UTF-8, which JSON requires. Save it as UTF-8.") from None


def _about(path: Path) -> dict[str, Any]:
    """The metadata of a file, with all required keys."""
    found = _parsed(path, _text(path, first=path.suffix.lower() == LINES))
    lacking = [key for key in NEEDED if not isinstance(found, dict) or key not in found]
    if lacking:
        raise SourceError(f"{path.name}: The file is not Dataset-JSON 1.1: it has no {', '.join(lacking)}. Export it again.")
    if not str(found["datasetJSONVersion"]).startswith("1.1"):
        raise SourceError(f"{path.name}: The file is Dataset-JSON {found['datasetJSONVersion']}; only version 1.1 is supported. Export it as 1.1.")
    if type(found["records"]) is not int:
        raise SourceError(f"{path.name}: records must be a whole number, but is {_shown(found['records'])}. Export the file again.")
    _check_columns(found["columns"], path)
    for text in (text for each in (found, *found["columns"]) for text in each.values() if isinstance(text, str)):
        if not _is_text(text):
            raise SourceError(f"{path.name}: {_shown(text)} has half of a surrogate pair, which is not a character. Correct it in the file.")
    return dict(found)


def _dataset(about: Mapping[str, Any]) -> str:
    """The dataset name in a file; without one that in its itemGroupOID, as in IG.AE."""
    oid = str(about.get("itemGroupOID") or "")
    return str(about.get("name") or (oid.removeprefix("IG.") if oid.startswith("IG.") else ""))


def _check_columns(columns: object, path: Path) -> None:
    if not isinstance(columns, list):
        raise SourceError(f"{path.name}: columns must be a list, but is {_shown(columns)}. Export the file again.")
    for number, column in enumerate(columns, 1):
        if not isinstance(column, dict) or not {"name", "label", "dataType"} <= set(column):
            raise SourceError(f"{path.name}: Column {number} must have name, label and dataType. Export the file again.")
        for key in ("name", "label", "dataType", "targetDataType", "displayFormat"):
            if not isinstance(column.get(key) or "", str):
                raise SourceError(f"{path.name}: {key} of column {number} must be text, but is {_shown(column[key])}. Export the file again.")


def _shown(value: object) -> str:
    text = json.dumps(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}..."


def _rows(path: Path) -> list[list[Any]]:
    if path.suffix.lower() != LINES:
        rows = _parsed(path, _text(path)).get("rows", [])
    else:
        return _parsed_lines([line for line in _text(path).split("\n")[1:] if line.strip()], path)
    return _checked_rows(rows, path)


def _parsed_lines(lines: list[str], path: Path) -> list[list[Any]]:
    return _checked_rows(_parsed(path, f"[{','.join(lines)}]"), path)


def _checked_rows(rows: object, path: Path) -> list[list[Any]]:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise SourceError(f"{path.name}: rows must be a list of records, each a list of values. Export the file again.")
    return rows


def _kind(column: Mapping[str, Any], path: Path) -> str:
    """The kind of a column. A date, datetime or time is ISO 8601 text, as in SDTM, unless it is stored as a number."""
    kind, target = column["dataType"], column.get("targetDataType")
    if kind in MOMENTS and target in ("integer", "decimal"):
        return str(kind)
    if kind in NUMBERS:
        return kind_of_format(column.get("displayFormat") or "")
    if target in ("integer", "decimal"):
        return "number"
    if kind in TEXTS:
        return "text"
    raise SourceError(f"{path.name}: {column['name']} has the dataType {kind}; a variable must be text, a number or a date. Correct the dataType.")


def _column(name: str, values: Sequence[Any], column: Mapping[str, Any], path: Path) -> tuple[pd.Series, list[Note]]:
    """The values of a column; null is blank or missing."""
    series = pd.Series(list(values), dtype=object, name=name)
    missing = series.isna().to_numpy(dtype=bool)
    written = column["dataType"] in (*TEXTS, "decimal")
    allowed = {str} if written else {int, float}
    valid = series.map(type).isin(allowed).to_numpy(dtype=bool) | missing
    _refuse(~valid, series, column, path, f"must be {column['dataType']}")
    if written:
        series = series.where(~missing, "")
        _refuse(~series.map(_is_text), series, column, path, "must be text without half of a surrogate pair")
        series = series.astype("str").rename(name)
    if _kind(column, path) == "text":
        return series, []
    if column["dataType"] in MOMENTS:
        return _moments(series.str.strip(), column, path), []
    if written:
        return numbers_of_text(series, path)
    large = np.flatnonzero(series.where(~missing, 0).map(lambda value: abs(value) > EXACT).to_numpy(dtype=bool))
    if len(large):
        raise too_large(path, int(large[0]), name, str(series.iloc[large[0]]))
    return pd.Series(np.where(missing, np.nan, series.where(~missing, 0).to_numpy(dtype="float64")), dtype="float64", name=name), []


def _is_text(value: str) -> bool:
    """Whether a text has only complete characters; JSON can escape half of a surrogate pair."""
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _moments(text: pd.Series, column: Mapping[str, Any], path: Path) -> pd.Series:
    """ISO 8601 texts as dates and datetimes, or as seconds since midnight for times."""
    kind = column["dataType"]
    form, prefix = {"date": ("%Y-%m-%d", ""), "datetime": ("%Y-%m-%dT%H:%M:%S", ""), "time": ("%Y-%m-%dT%H:%M:%S", "1960-01-01T")}[kind]
    known = (text != "").to_numpy()
    found = pd.to_datetime((prefix + text).where(known), format=form, errors="coerce").astype("datetime64[s]")
    _refuse(known & found.isna().to_numpy(), text, column, path, f"must be a complete {kind}")
    return (found - EPOCH) / np.timedelta64(1, "s") if kind == "time" else found


def _refuse(bad: pd.Series | np.ndarray, values: pd.Series, column: Mapping[str, Any], path: Path, what: str) -> None:
    records = np.flatnonzero(np.asarray(bad, dtype=bool))
    if len(records):
        value = _shown(values.iloc[records[0]])
        raise SourceError(f"{path.name}: record {records[0] + 1}: {column['name']} {what}, but is {value}. Correct the value.")


register(".json", layout, records, "a Dataset-JSON file", encoded=False, windows=windows)
register(LINES, layout, records, "a Dataset-JSON file", encoded=False, windows=windows)
