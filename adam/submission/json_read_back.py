"""Comparison of a Dataset-JSON file with what was written to it, to the last bit.

Dates and times are parsed here independently of the code that wrote them.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from adam.core.errors import ExportError
from adam.submission.formats import require_same

if TYPE_CHECKING:
    from adam.planning.values import ResolvedDataset, ResolvedVariable

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
    try:
        actual = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ExportError(f"{file} does not read back as it was written: {error}") from None
    rows = actual.pop("rows", None)
    width = len(dataset.variables)
    if rows is None or len(rows) != len(frame) or any(len(row) != width for row in rows):
        raise ExportError(f"{file} does not read back as it was written: {len(frame)} records of {width} variables were written, others were read")
    columns = list(zip(*rows, strict=True)) if rows else [()] * width
    differences = [key for key in {**metadata, **actual} if actual.get(key) != metadata.get(key)]
    differences += [each.name for each, read in zip(dataset.variables.values(), columns, strict=True) if not _is_same(read, frame[each.name], each)]
    require_same(file, differences)


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
