"""Dataset-JSON 1.1: the metadata of all columns, dates as ISO 8601 text with the SAS type as target type, one record per line.

A file `.json` is one JSON object. A file `.ndjson` has the metadata as its first line and each record as a line of its own, so a program
can read a large file record by record (the NDJSON format of Dataset-JSON 1.1).

The identifiers are those of define.xml, so a reader finds the definition of each column there.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from adam import __version__
from adam.core.errors import ExportError
from adam.submission import json_read_back
from adam.submission.define.document import metadata_oid, study_oid
from adam.submission.formats import column_mismatch, register, temporary_file

if TYPE_CHECKING:
    from adam.planning.values import ResolvedDataset, ResolvedStudy, ResolvedVariable

VERSION = "1.1.0"
DEFINE = "../adam/define.xml"
"""The path of define.xml, relative to a file in the folder `dataset-json`."""
TYPES = {"text": "string", "integer": "integer", "float": "float", "date": "date", "datetime": "datetime", "time": "time"}
DAY = 86400
CHUNK = 50_000
LINES = ".ndjson"


def write(
    frame: pd.DataFrame,
    dataset: ResolvedDataset,
    path: Path,
    created: datetime.datetime,
    *,
    non_ascii: str = "keep",  # noqa: ARG001
    study: ResolvedStudy | None = None,
) -> None:
    """Write a dataset as Dataset-JSON in UTF-8, as NDJSON if the path ends with `.ndjson`. A missing number or date is null, text "".

    The file is read back and compared value by value before it replaces `path`.

    Args:
        frame: the records, as `adam.submission.write` describes them.
        dataset: the resolved dataset.
        path: the file to write.
        created: the creation time in the file.
        non_ascii: has no effect, because JSON holds any text.
        study: gives the identifiers of the study and the reference to define.xml; without it both are left out.

    Raises:
        ExportError: the columns are not the variables, a number is infinite, a value of type integer is not whole, or the file does not
            read back as it was written.
    """
    if mismatch := column_mismatch(frame, dataset):
        raise ExportError(f"{path.name}: {mismatch}")
    metadata = _metadata(len(frame), dataset, created, study)
    is_lines = path.suffix.lower() == LINES
    with temporary_file(path) as temporary:
        (_write_lines if is_lines else _write)(temporary, metadata, frame, dataset)
        (json_read_back.compare_lines if is_lines else json_read_back.compare)(temporary, metadata, frame, dataset, path.name)


def _write_lines(path: Path, metadata: dict[str, Any], frame: pd.DataFrame, dataset: ResolvedDataset) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(json.dumps(metadata, ensure_ascii=False, separators=(",", ":")) + "\n")
        for start in range(0, len(frame), CHUNK):
            file.writelines(f"{line}\n" for line in _rows(frame.iloc[start : start + CHUNK], dataset))


def _write(path: Path, metadata: dict[str, Any], frame: pd.DataFrame, dataset: ResolvedDataset) -> None:
    head = json.dumps(metadata, ensure_ascii=False, indent=1).rstrip("\n}")
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(f'{head},\n "rows": [')
        for number, start in enumerate(range(0, len(frame), CHUNK)):
            lines = ",\n".join(_rows(frame.iloc[start : start + CHUNK], dataset))
            file.write(f"{',' if number else ''}\n{lines}")
        file.write("\n ]\n}\n")


def _metadata(records: int, dataset: ResolvedDataset, created: datetime.datetime, study: ResolvedStudy | None) -> dict[str, Any]:
    time = created.isoformat(timespec="seconds")
    of_study = {}
    if study is not None:
        oid = study_oid(study)
        of_study = {"fileOID": f"{oid}.{dataset.name}", "studyOID": oid, "metaDataVersionOID": metadata_oid(study), "metaDataRef": DEFINE}
    return {
        "datasetJSONCreationDateTime": time,
        "datasetJSONVersion": VERSION,
        **of_study,
        "dbLastModifiedDateTime": time,
        "originator": "adamsmith",
        "sourceSystem": {"name": "adamsmith", "version": __version__},
        "itemGroupOID": f"IG.{dataset.name}",
        "records": records,
        "name": dataset.name,
        "label": dataset.label,
        "columns": [_column(dataset, variable) for variable in dataset.variables.values()],
    }


def _column(dataset: ResolvedDataset, variable: ResolvedVariable) -> dict[str, Any]:
    kind = variable.type or "text"
    column: dict[str, Any] = {
        "itemOID": f"IT.{dataset.name}.{variable.name}",
        "name": variable.name,
        "label": variable.label,
        "dataType": TYPES[kind],
    }
    if kind in ("date", "datetime", "time"):
        column["targetDataType"] = "integer"
    if kind == "text":
        column["length"] = variable.length
    if variable.format:
        column["displayFormat"] = variable.format
    if variable.name in dataset.key:
        column["keySequence"] = dataset.key.index(variable.name) + 1
    return column


def _rows(frame: pd.DataFrame, dataset: ResolvedDataset) -> Iterator[str]:
    """Each record as one line of JSON."""
    columns = [_values(frame[name], variable, dataset.name) for name, variable in dataset.variables.items()]
    encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode
    return map(encode, zip(*columns, strict=True))


def _values(column: pd.Series, variable: ResolvedVariable, dataset: str) -> list[Any]:
    """The values of a column as JSON holds them; None for a missing number or date."""
    if variable.type == "text":
        return column.tolist()
    missing = column.isna().to_numpy()
    if variable.type in ("date", "datetime"):
        shown = np.datetime_as_string(column.to_numpy(dtype="datetime64[s]"), unit="D" if variable.type == "date" else "s")
    else:
        numbers = column.to_numpy(dtype="float64", na_value=np.nan)
        shown = _numbers(numbers, missing, variable, dataset)
    values = shown.astype(object)
    values[missing] = None
    return values.tolist()


def _numbers(numbers: np.ndarray, missing: np.ndarray, variable: ResolvedVariable, dataset: str) -> np.ndarray:
    """Floats, whole numbers, or times of day as hh:mm:ss."""
    name, known = f"{dataset}.{variable.name}", np.where(missing, 0.0, numbers)
    if np.isinf(known).any():
        raise ExportError(f"{name}: a number is infinite, and JSON cannot hold it. Correct the source or the formula")
    if variable.type == "float":
        return numbers
    if (known != np.floor(known)).any():
        raise ExportError(f"{name}: the type is {variable.type}, but a value is not whole. Round it, or declare type: float")
    whole = known.astype("int64")
    if variable.type == "integer":
        return whole
    if ((whole < 0) | (whole >= DAY)).any():
        raise ExportError(f"{name}: a time is outside one day (00:00:00 to 23:59:59). Correct the source or the formula")
    times = np.datetime64("1960-01-01T00:00:00", "s") + whole.astype("timedelta64[s]")
    return np.array([text[11:] for text in np.datetime_as_string(times, unit="s")], dtype=object)


register(".json", write)
register(LINES, write)
