"""Dataset-JSON 1.1, whole (`.json`) or a line for each record (`.ndjson`).

Text is text; integer, float, double and decimal are numbers. A date, datetime or time is its ISO 8601 text, as SDTM has it, but with
`targetDataType` integer it is the number SAS has: days or seconds since 1960-01-01, seconds since midnight.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from adam.errors import SourceError
from adam.sdtm.formats import PLAIN, Layout, layout_of, readable, register

NUMBERS = ("integer", "float", "double", "decimal")
TEXTS = ("string", "URI", "date", "datetime", "time")
MOMENTS = ("date", "datetime", "time")
LINES = ".ndjson"
EXACT = 2**53
SAS_EPOCH = np.datetime64("1960-01-01T00:00:00", "s")


def layout(path: Path) -> Layout:
    """The layout of a file of Dataset-JSON; of one with a line for each record only the first line is read.

    Raises:
        SourceError: it is not Dataset-JSON 1.1, or has a column that is neither text nor number.
    """
    about = _about(path)
    found = layout_of(path, [(each["name"], _kind(each, path), each["label"]) for each in about["columns"]], about["records"])
    known = {each["name"].strip().upper(): each for each in about["columns"]}
    lengths = {name: each["length"] for name, each in known.items() if found.variables[name] == "text" and type(each.get("length")) is int}
    formats = {name: str(each["displayFormat"]) for name, each in known.items() if found.variables[name] == "number" and "displayFormat" in each}
    return replace(found, lengths=lengths, formats=formats)


def records(path: Path, layout: Layout, columns: Sequence[str], limit: int = 0) -> tuple[pd.DataFrame, bool]:
    """The records of a file of Dataset-JSON.

    Raises:
        SourceError: it has more or fewer records than it says, a record with more or fewer values, or a value of another type.
    """
    about, rows = _about(path), _rows(path)
    if len(rows) != about["records"]:
        raise SourceError(f"{path.name}: says {about['records']} records and has {len(rows)}")
    sizes = np.fromiter(map(len, rows), dtype="int64", count=len(rows))
    wrong = np.flatnonzero(sizes != len(about["columns"]))
    if len(wrong):
        raise SourceError(f"{path.name}: record {wrong[0] + 1}: {sizes[wrong[0]]} values for {len(about['columns'])} columns")
    rows = rows[:limit] if limit else rows
    values = dict(zip((each["name"] for each in about["columns"]), zip(*rows, strict=True), strict=True)) if rows else {}
    known = {each["name"]: each for each in about["columns"]}
    frame = pd.DataFrame({name: _column(values.get(layout.names[name], ()), known[layout.names[name]], path) for name in columns})
    return frame, False


def _parsed(path: Path, text: str) -> Any:  # noqa: ANN401
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise SourceError(f"{path.name}: is no JSON: {error}") from error


def _text(path: Path, *, first: bool = False) -> str:
    with readable(path, UnicodeDecodeError), path.open(encoding="utf-8-sig") as file:
        return file.readline() if first else file.read()


def _about(path: Path) -> dict[str, Any]:
    """The metadata of a file, with what they must have."""
    found = _parsed(path, _text(path, first=path.suffix.lower() == LINES))
    needed = ("datasetJSONVersion", "records", "columns")
    lacking = [key for key in needed if not isinstance(found, dict) or key not in found]
    if lacking:
        raise SourceError(f"{path.name}: is no Dataset-JSON 1.1: it has no {', '.join(lacking)}")
    if not str(found["datasetJSONVersion"]).startswith("1.1"):
        raise SourceError(f"{path.name}: is Dataset-JSON {found['datasetJSONVersion']}; 1.1 is read")
    for number, column in enumerate(found["columns"], 1):
        if not isinstance(column, dict) or not {"name", "label", "dataType"} <= set(column):
            raise SourceError(f"{path.name}: column {number} lacks name, label or dataType")
    return found


def _rows(path: Path) -> list[list[Any]]:
    if path.suffix.lower() != LINES:
        rows = _parsed(path, _text(path)).get("rows", [])
    else:
        lines = _text(path).split("\n")[1:]
        rows = _parsed(path, f"[{','.join(line for line in lines if line.strip())}]")
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise SourceError(f"{path.name}: rows is no list of records")
    return rows


def _kind(column: Mapping[str, Any], path: Path) -> str:
    if column["dataType"] in NUMBERS or column.get("targetDataType") in ("integer", "decimal"):
        return "number"
    if column["dataType"] in TEXTS:
        return "text"
    raise SourceError(f"{path.name}: {column['name']} is of type {column['dataType']}; a variable is text, a number or a date")


def _column(values: Sequence[Any], column: Mapping[str, Any], path: Path) -> pd.Series:
    """The values of a column; null is blank or missing."""
    series = pd.Series(list(values), dtype=object)
    missing = series.isna().to_numpy(dtype=bool)
    written = column["dataType"] in (*TEXTS, "decimal")
    allowed = {str} if written else {int, float}
    fits = series.map(type).isin(allowed).to_numpy(dtype=bool) | missing
    _refuse(~fits, series, column, path, f"is {column['dataType']}")
    if written:
        series = series.where(~missing, "").astype("str")
    if _kind(column, path) == "text":
        return series
    if column["dataType"] in MOMENTS:
        return _moments(series.str.strip(), column, path)
    if written:
        series = series.str.strip()
        _refuse(~series.str.fullmatch(PLAIN).to_numpy(dtype=bool) & (series != "").to_numpy(), series, column, path, "is a number")
        missing = (series == "").to_numpy()
    _refuse(series.where(~missing, 0).map(lambda value: isinstance(value, int) and abs(value) > EXACT), series, column, path, "is above 2**53:")
    return pd.Series(np.where(missing, np.nan, series.where(~missing, 0).to_numpy(dtype="float64")), dtype="float64")


def _moments(text: pd.Series, column: Mapping[str, Any], path: Path) -> pd.Series:
    """The numbers SAS has for ISO 8601 texts."""
    kind = column["dataType"]
    form, prefix = {"date": ("%Y-%m-%d", ""), "datetime": ("%Y-%m-%dT%H:%M:%S", ""), "time": ("%Y-%m-%dT%H:%M:%S", "1960-01-01T")}[kind]
    known = (text != "").to_numpy()
    found = pd.to_datetime((prefix + text).where(known), format=form, errors="coerce").astype("datetime64[s]")
    _refuse(known & found.isna().to_numpy(), text, column, path, f"is a complete {kind}")
    seconds = (found - SAS_EPOCH) / np.timedelta64(1, "s")
    return seconds / 86400 if kind == "date" else seconds


def _refuse(bad: pd.Series | np.ndarray, values: pd.Series, column: Mapping[str, Any], path: Path, what: str) -> None:
    wrong = np.flatnonzero(np.asarray(bad, dtype=bool))
    if len(wrong):
        raise SourceError(f"{path.name}: record {wrong[0] + 1}: {column['name']} {what}; {json.dumps(values.iloc[wrong[0]])} does not fit")


register(".json", layout, records)
register(LINES, layout, records)
