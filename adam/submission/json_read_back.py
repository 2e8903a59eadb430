"""Comparison of a Dataset-JSON file with what was written to it: the same metadata, the same values to the last bit."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from adam.core.errors import ExportError
from adam.submission.formats import require_same
from adam.submission.json_reader import UnreadableError, read_columns, read_values
from adam.submission.text_terms import text_array

if TYPE_CHECKING:
    import pandas as pd

    from adam.planning.values import ResolvedDataset, ResolvedVariable

DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", re.ASCII)
TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d):([0-5]\d)", re.ASCII)


def compare_head(raw: bytes, metadata: dict[str, Any], file: str, *, lines: bool) -> None:
    """Compare what a file has before its records with the metadata.

    Args:
        raw: the bytes before the first record.
        metadata: everything in the file except the records.
        file: the name of the file in messages.
        lines: the file has each record in a line of its own (`.ndjson`); otherwise the records are the array `rows` of one object.

    Raises:
        ExportError: it is not JSON, or a key differs.
    """
    try:
        if lines and (raw[-1:] != b"\n" or raw.count(b"\n") != 1):
            raise UnreadableError("the metadata is not the first line")
        actual = json.loads(raw.decode("utf-8") + ("" if lines else "]}"))
    except (ValueError, RecursionError, UnreadableError) as error:
        raise _unreadable(file, error) from None
    if not lines and actual.pop("rows", None) != []:
        raise _unreadable(file, UnreadableError("it has no rows"))
    require_same(file, [key for key in {**metadata, **actual} if actual.get(key) != metadata.get(key)])


def compare_records(raw: bytes, frame: pd.DataFrame, dataset: ResolvedDataset, file: str, first: int, *, lines: bool) -> None:
    """Compare the bytes of some records with these records.

    Args:
        raw: the bytes, with the line break (after a comma, if there are records before these) in front of the records of an array, or the
            line break after those of a file of lines.
        frame: the records that were written, one or more.
        dataset: the resolved dataset.
        file: the name of the file in messages.
        first: the number of records before these.
        lines: as for `compare_head`.

    Raises:
        ExportError: anything differs; a number must be the same to the last bit.
    """
    where = f"{file}, from record {first + 1}," if first else file
    start, end = (b"", b"\n") if lines else (b",\n" if first else b"\n", b"")
    try:
        if not (raw.startswith(start) and raw.endswith(end)):
            raise UnreadableError("the records are not separated")
        columns = read_columns(raw[len(start) : len(raw) - len(end)], len(frame), len(dataset.variables), b"\n" if lines else b",\n")
    except UnreadableError as error:
        raise _unreadable(where, error) from None
    variables = zip(dataset.variables.values(), columns, strict=True)
    require_same(where, [variable.name for variable, read in variables if not _is_same(read, frame[variable.name], variable)])


def compare_tail(raw: bytes, file: str, *, lines: bool) -> None:
    """Check what a file has after its last record: the end of the array and of the object, or nothing.

    Raises:
        ExportError: it is anything else.
    """
    if raw if lines else raw.split() != [b"]", b"}"]:
        raise _unreadable(file, UnreadableError("it does not end after its records"))


def _unreadable(file: str, error: Exception) -> ExportError:
    return ExportError(f"{file} does not read back as it was written: {error}")


def _is_same(read: pa.DictionaryArray, written: pd.Series, variable: ResolvedVariable) -> bool:
    """Whether the values of a column are those that were written; only null is missing."""
    try:
        values = read_values(read.dictionary)
        if variable.type == "text":
            return all(isinstance(value, str) for value in values) and _texts(values, read.indices).equals(text_array(written))
        codes = read.indices.to_numpy()
        if variable.type in ("date", "datetime"):
            moments = np.array([_moment(value, variable.type) for value in values], dtype="datetime64[s]")[codes]
            return bool(np.array_equal(moments.view(np.int64), written.to_numpy(dtype="datetime64[s]").view(np.int64)))
        numbers = np.array([NUMBERS[variable.type or ""](value) for value in values], dtype="float64")[codes]
    except (UnreadableError, ValueError):
        return False
    expected = written.to_numpy(dtype="float64", na_value=np.nan)
    same = (numbers == expected) & ((np.signbit(numbers) == np.signbit(expected)) | (variable.type != "float"))
    return bool((same | (np.isnan(numbers) & np.isnan(expected))).all())


def _texts(values: list[str], codes: pa.Array) -> pa.Array:
    return pa.array(values, type=pa.large_string()).take(codes)


def _moment(value: object, kind: str) -> str:
    """A date or datetime as numpy reads it.

    Raises:
        ValueError: the value has another form, or is no day of the calendar.
    """
    if value is None:
        return "NaT"
    if not isinstance(value, str) or not (DATE if kind == "date" else MOMENT).fullmatch(value):
        raise ValueError(value)
    return datetime.datetime.fromisoformat(value).isoformat()


def _float(value: object) -> float:
    if value is None:
        return np.nan
    if not isinstance(value, float) or not np.isfinite(value):
        raise ValueError(value)
    return value


def _integer(value: object) -> float:
    if value is None:
        return np.nan
    if not isinstance(value, int) or int(float(value)) != value:
        raise ValueError(value)
    return float(value)


def _seconds(value: object) -> float:
    if value is None:
        return np.nan
    parts = TIME.fullmatch(value) if isinstance(value, str) else None
    if parts is None:
        raise ValueError(value)
    return float(int(parts[1]) * 3600 + int(parts[2]) * 60 + int(parts[3]))


NUMBERS: dict[str, Callable[[object], float]] = {"float": _float, "integer": _integer, "time": _seconds}
