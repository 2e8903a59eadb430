"""Comparison of a Dataset-JSON file with what was written to it: the same metadata, the same values to the last bit."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from adam.core.errors import ExportError
from adam.submission.distinct_pieces import same_records
from adam.submission.formats import require_same
from adam.submission.json_reader import Pieces, UnreadableError, read_records

if TYPE_CHECKING:
    from adam.submission.combinations import Combinations, Terms

DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", re.ASCII)
TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d):([0-5]\d)", re.ASCII)


def compare_head(raw: bytes | memoryview, metadata: dict[str, Any], file: str, *, lines: bool) -> None:
    """Compare what a file has before its records with the metadata.

    Args:
        raw: the bytes before the first record.
        metadata: everything in the file except the records.
        file: the name of the file in messages.
        lines: the file has each record in a line of its own (`.ndjson`); otherwise the records are the array `rows` of one object.

    Raises:
        ExportError: it is not JSON, or a key differs.
    """
    raw = bytes(raw)
    try:
        if lines and (raw[-1:] != b"\n" or raw.count(b"\n") != 1):
            raise UnreadableError("the metadata is not the first line")
        actual = json.loads(raw.decode("utf-8") + ("" if lines else "]}"))
    except (ValueError, RecursionError, UnreadableError) as error:
        raise _unreadable(file, error) from None
    if not lines and actual.pop("rows", None) != []:
        raise _unreadable(file, UnreadableError("it has no rows"))
    require_same(file, [key for key in {**metadata, **actual} if actual.get(key) != metadata.get(key)])


def compare_records(raw: bytes | memoryview, borders: np.ndarray, block: Sequence[Combinations], file: str, first: int, *, lines: bool) -> None:
    """Compare the bytes of some records with the values of these records.

    Args:
        raw: the bytes, with the line break (after a comma, if there are records before these) in front of the records of an array, or the
            line break after those of a file of lines.
        borders: where the writer suggests to cut the records; it need not be right. A piece has the values of a combination.
        block: the values of the records that were written, one or more, from `combined_blocks`.
        file: the name of the file in messages.
        first: the number of records before these.
        lines: as for `compare_head`.

    Raises:
        ExportError: anything differs; a number must be the same to the last bit.
    """
    where = f"{file}, from record {first + 1}," if first else file
    start, end = (b"", b"\n") if lines else (b",\n" if first else b"\n", b"")
    cut = Pieces(borders, tuple(len(each.columns) for each in block), tuple(each.codes for each in block))
    own = memoryview(raw)[len(start) : len(raw) - len(end)]
    try:
        if bytes(raw[: len(start)]) != start or bytes(raw[len(raw) - len(end) :]) != end:
            raise UnreadableError("the records are not separated")
        columns = iter(read_records(own, len(block[0].codes), sum(cut.counts), b"\n" if lines else b",\n", cut))
    except UnreadableError as error:
        raise _unreadable(where, error) from None
    different = []
    for combinations in block:
        codes = None
        for column, found in zip(combinations.columns, columns, strict=False):
            if found.codes is not codes:  # those of a piece have the same
                codes = found.codes
                read, expected = same_records(codes, combinations.codes, len(combinations))
            written = column.terms.take(column.places).take(expected)
            if not _is_same(found.values, read, written, column.variable.type or "text"):
                different.append(column.variable.name)
    require_same(where, different)


def compare_tail(raw: bytes | memoryview, file: str, *, lines: bool) -> None:
    """Check what a file has after its last record: the end of the array and of the object, or nothing.

    Raises:
        ExportError: it is anything else.
    """
    if bytes(raw) if lines else bytes(raw).split() != [b"]", b"}"]:
        raise _unreadable(file, UnreadableError("it does not end after its records"))


def _unreadable(file: str, error: Exception) -> ExportError:
    return ExportError(f"{file} does not read back as it was written: {error}")


def _is_same(values: Sequence[Any], codes: np.ndarray, written: Terms, kind: str) -> bool:
    """Whether values of a column are those that were written; only null is missing, and no text.

    Args:
        values: distinct values that were read.
        codes: the number of each value among them.
        written: the values.
        kind: the type of the variable.
    """
    if kind == "text":
        read = [values[code] for code in codes.tolist()]
        return None not in read and read == written.tolist()
    converted, valid = CONVERTERS[kind](values)
    if not valid.all():
        return False
    read = converted[codes]
    if kind in ("date", "datetime"):
        return bool(np.array_equal(read.view(np.int64), written.astype("datetime64[s]").view(np.int64)))
    same = (read == written) & ((np.signbit(read) == np.signbit(written)) | (kind != "float"))
    return bool((same | (np.isnan(read) & np.isnan(written))).all())


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
    "float": _floats,
    "integer": _converter(_integer),
    "time": _converter(_seconds),
    "date": _moments(DATE),
    "datetime": _moments(MOMENT),
}
