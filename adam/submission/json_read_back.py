"""Comparison of a Dataset-JSON file with what was written to it, to the last bit.

Dates and times are parsed here independently of the code that wrote them.
"""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from adam.core.errors import ExportError
from adam.submission.formats import require_same

if TYPE_CHECKING:
    from adam.planning.values import ResolvedDataset, ResolvedVariable

CHUNK = 50_000
ISO = {"date": "%Y-%m-%d", "datetime": "%Y-%m-%dT%H:%M:%S"}


def compare(path: Path, metadata: dict[str, Any], frame: pd.DataFrame, dataset: ResolvedDataset, file: str) -> None:
    """Compare a file with the frame and the metadata it was made from.

    Args:
        path: the file.
        metadata: everything in it except the records.
        frame: the records, as `adam.submission.write` describes them.
        dataset: the resolved dataset.
        file: the name of the file in messages.

    Raises:
        ExportError: the file is not JSON, or anything differs: a key of the metadata, the number of records, a value of a variable.
    """
    actual = _parsed(path.read_text(encoding="utf-8"), file)
    rows = actual.pop("rows", None)
    if rows is None:
        raise ExportError(f"{file} does not read back as it was written: it has no rows")
    _require_shape(file, rows, frame, dataset)
    require_same(file, [*_different_keys(actual, metadata), *_different_variables(rows, frame, dataset)])


def compare_lines(path: Path, metadata: dict[str, Any], frame: pd.DataFrame, dataset: ResolvedDataset, file: str) -> None:
    """Like `compare`, for a file with the metadata as its first line and a record in each further line; it is never in memory as a whole.

    Raises:
        ExportError: a line is not JSON, or anything differs.
    """
    with path.open(encoding="utf-8", newline="\n") as lines:
        differences = _different_keys(_parsed(next(lines, ""), file), metadata)
        start = 0
        while rows := [_parsed(line, file) for line in islice(lines, CHUNK)]:
            part = frame.iloc[start : start + len(rows)]
            _require_shape(file, rows, part, dataset)
            differences += [name for name in _different_variables(rows, part, dataset) if name not in differences]
            start += len(rows)
    if start != len(frame):
        raise ExportError(f"{file} does not read back as it was written: {len(frame)} records were written, {start} were read")
    require_same(file, differences)


def _parsed(line: str, file: str) -> Any:  # noqa: ANN401  (JSON)
    try:
        return json.loads(line)
    except ValueError as error:
        raise ExportError(f"{file} does not read back as it was written: {error}") from None


def _require_shape(file: str, rows: list[list[Any]], frame: pd.DataFrame, dataset: ResolvedDataset) -> None:
    """Refuse rows that are not as many as the records, or not as wide as the dataset."""
    width = len(dataset.variables)
    if len(rows) != len(frame) or any(len(row) != width for row in rows):
        raise ExportError(f"{file} does not read back as it was written: {len(frame)} records of {width} variables were written, others were read")


def _different_keys(actual: dict[str, Any], metadata: dict[str, Any]) -> list[str]:
    return [key for key in {**metadata, **actual} if actual.get(key) != metadata.get(key)]


def _different_variables(rows: list[list[Any]], frame: pd.DataFrame, dataset: ResolvedDataset) -> list[str]:
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(dataset.variables)
    return [each.name for each, read in zip(dataset.variables.values(), columns, strict=True) if not _is_same(read, frame[each.name], each)]


def _is_same(read: tuple[Any, ...], written: pd.Series, variable: ResolvedVariable) -> bool:
    """Whether the values of a column are those of the frame; only null is missing."""
    kind = variable.type or "text"
    if kind == "text":
        return list(read) == written.tolist()
    missing = written.isna().to_numpy()
    nulls = np.array([value is None for value in read], dtype=bool)
    if not np.array_equal(nulls, missing):
        return False
    known = pd.Series([value for value in read if value is not None], dtype="object")
    expected = written[~missing]
    if kind in ISO:
        times = pd.to_datetime(known, format=ISO[kind], errors="coerce").to_numpy(dtype="datetime64[s]")
        return bool(np.array_equal(times, expected.to_numpy(dtype="datetime64[s]")))
    if kind == "time":
        known = pd.to_timedelta(known, errors="coerce").dt.total_seconds()
    return bool(np.array_equal(known.to_numpy(dtype="float64"), expected.to_numpy(dtype="float64")))
