"""Reading a Dataset-JSON file back: what stands in it must be what was to be written, to the last bit.

The texts of dates and times are taken apart here by a reader of its own, not by what wrote them.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from adam.core.errors import ExportError

if TYPE_CHECKING:
    from adam.plan.values import ResolvedDataset, ResolvedVariable

ISO = {"date": "%Y-%m-%d", "datetime": "%Y-%m-%dT%H:%M:%S"}


def compare(path: Path, metadata: dict[str, Any], frame: pd.DataFrame, dataset: ResolvedDataset, name: str) -> None:
    """Compare a file with the frame and the metadata it was made of.

    Args:
        path: the file.
        metadata: all of it but the records.
        frame: the records, as `adam.submission.write` describes them.
        dataset: resolved.
        name: what a message calls the file.

    Raises:
        ExportError: it is no JSON, or anything differs: a key of the metadata, the number of records, a value of a variable.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ExportError(f"{name}: does not read back: {error}") from None
    rows = found.pop("rows", None)
    differing = [key for key in {**metadata, **found} if found.get(key) != metadata.get(key)]
    width = len(dataset.variables)
    if rows is None or len(rows) != len(frame) or any(len(row) != width for row in rows):
        raise ExportError(f"{name}: {len(frame)} records of {width} variables were written, and others read back")
    columns = list(zip(*rows, strict=True)) if rows else [()] * width
    differing += [each.name for each, read in zip(dataset.variables.values(), columns, strict=True) if not _same(read, frame[each.name], each)]
    if differing:
        raise ExportError(f"{name}: does not read back as it was written: {', '.join(differing)}")


def _same(read: tuple[Any, ...], wrote: pd.Series, variable: ResolvedVariable) -> bool:
    """Whether the values of a column are those of the frame; null is missing, and nothing else is."""
    kind = variable.type or "text"
    if kind == "text":
        return list(read) == wrote.tolist()
    missing = wrote.isna().to_numpy()
    nulls = np.array([value is None for value in read], dtype=bool)
    if not np.array_equal(nulls, missing):
        return False
    known = pd.Series([value for value in read if value is not None], dtype="object")
    wanted = wrote[~missing]
    if kind in ISO:
        moments = pd.to_datetime(known, format=ISO[kind], errors="coerce").to_numpy(dtype="datetime64[s]")
        return bool(np.array_equal(moments, wanted.to_numpy(dtype="datetime64[s]")))
    if kind == "time":
        known = pd.to_timedelta(known, errors="coerce").dt.total_seconds()
    return bool(np.array_equal(known.to_numpy(dtype="float64"), wanted.to_numpy(dtype="float64")))
