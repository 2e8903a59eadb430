"""Comparison of a Dataset-JSON file with what was written to it: the same metadata, the same values to the last bit."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from adam.core.errors import ExportError
from adam.submission.formats import require_same
from adam.submission.json_reader import Column, Pieces, UnreadableError, read_records
from adam.submission.text_terms import same_texts

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


def compare_records(raw: bytes, cut: Pieces, frame: pd.DataFrame, dataset: ResolvedDataset, file: str, first: int, *, lines: bool) -> None:
    """Compare the bytes of some records with these records.

    Args:
        raw: the bytes, with the line break (after a comma, if there are records before these) in front of the records of an array, or the
            line break after those of a file of lines.
        cut: how the writer suggests to cut the records; it need not be right.
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
        own = memoryview(raw)[len(start) : len(raw) - len(end)]
        columns = read_records(own, len(frame), len(dataset.variables), b"\n" if lines else b",\n", cut)
    except UnreadableError as error:
        raise _unreadable(where, error) from None
    variables = zip(columns, dataset.variables.values(), strict=True)
    require_same(where, [variable.name for column, variable in variables if not _is_same(column, frame[variable.name], variable)])


def compare_tail(raw: bytes, file: str, *, lines: bool) -> None:
    """Check what a file has after its last record: the end of the array and of the object, or nothing.

    Raises:
        ExportError: it is anything else.
    """
    if raw if lines else raw.split() != [b"]", b"}"]:
        raise _unreadable(file, UnreadableError("it does not end after its records"))


def _unreadable(file: str, error: Exception) -> ExportError:
    return ExportError(f"{file} does not read back as it was written: {error}")


def _is_same(column: Column, written: pd.Series, variable: ResolvedVariable) -> bool:
    """Whether the values of a column are those that were written; only null is missing."""
    kind, codes = variable.type or "text", column.codes
    converted, valid = CONVERTERS[kind](column.values)
    if kind == "text":  # a value of another type is null
        return same_texts(converted, codes, written)
    if not valid.all():
        return False
    read = converted[codes]
    if kind in ("date", "datetime"):
        return bool(np.array_equal(read.view(np.int64), written.to_numpy(dtype="datetime64[s]").view(np.int64)))
    expected = written.to_numpy(dtype="float64", na_value=np.nan)
    if np.array_equal(read.view(np.int64), expected.view(np.int64)):
        return True
    same = (read == expected) & ((np.signbit(read) == np.signbit(expected)) | (kind != "float"))
    return bool((same | (np.isnan(read) & np.isnan(expected))).all())


def _texts(values: Sequence[Any]) -> tuple[list[str | None], None]:
    return [value if isinstance(value, str) else None for value in values], None


def _converter(read: Callable[[Any], float | None]) -> Callable[[Sequence[Any]], tuple[np.ndarray, np.ndarray]]:
    """A function that converts values to numbers, and returns which of them are missing or have a valid form."""

    def convert(values: Sequence[Any]) -> tuple[np.ndarray, np.ndarray]:
        converted = [np.nan if value is None else read(value) for value in values]
        valid = np.array([each is not None for each in converted], dtype=bool)
        return np.array([np.nan if each is None else each for each in converted], dtype="float64"), valid

    return convert


def _moments(form: re.Pattern[str]) -> Callable[[Sequence[Any]], tuple[np.ndarray, np.ndarray]]:
    """A function that converts dates or datetimes; one of another form is not valid, nor are any if one is no day of the calendar."""

    def convert(values: Sequence[Any]) -> tuple[np.ndarray, np.ndarray]:
        valid = np.array([value is None or (isinstance(value, str) and form.fullmatch(value) is not None) for value in values], dtype=bool)
        read = ["NaT" if value is None or not known else value for value, known in zip(values, valid.tolist(), strict=True)]
        try:
            return np.array(read, dtype="datetime64[s]"), valid
        except ValueError:
            return np.full(len(read), "NaT", dtype="datetime64[s]"), np.zeros(len(read), dtype=bool)

    return convert


def _floats(values: Sequence[Any]) -> tuple[np.ndarray, np.ndarray]:
    read = np.array([value if isinstance(value, float) else np.nan for value in values], dtype="float64")
    return read, np.isfinite(read) | np.array([value is None for value in values], dtype=bool)


def _integer(value: object) -> float | None:
    return float(value) if isinstance(value, int) and abs(value) < 2**1023 and int(float(value)) == value else None


def _seconds(value: object) -> float | None:
    parts = TIME.fullmatch(value) if isinstance(value, str) else None
    return float(int(parts[1]) * 3600 + int(parts[2]) * 60 + int(parts[3])) if parts else None


CONVERTERS: dict[str, Callable[[Sequence[Any]], tuple[Any, Any]]] = {
    "text": _texts,
    "float": _floats,
    "integer": _converter(_integer),
    "time": _converter(_seconds),
    "date": _moments(DATE),
    "datetime": _moments(MOMENT),
}
