"""Dataset-JSON 1.1: all metadata of the columns, dates as ISO 8601 with the type SAS would have, one record a line.

Its identifiers are those of define.xml, so that a column finds its definition there.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from adam import __version__
from adam.core.errors import ExportError
from adam.submission import json_read_back
from adam.submission.define import metadata_oid, study_oid
from adam.submission.formats import register

if TYPE_CHECKING:
    from adam.plan.values import ResolvedDataset, ResolvedStudy, ResolvedVariable

VERSION = "1.1.0"
DEFINE = "../adam/define.xml"
"""Where define.xml is, seen from a file of the folder `dataset-json` (DESIGN §5)."""
TYPES = {"text": "string", "integer": "integer", "float": "float", "date": "date", "datetime": "datetime", "time": "time"}
DAY = 86400
CHUNK = 50_000


def write(
    frame: pd.DataFrame,
    dataset: ResolvedDataset,
    path: Path,
    created: datetime.datetime,
    *,
    non_ascii: str = "keep",  # noqa: ARG001
    lengths: Mapping[str, int] | None = None,
    study: ResolvedStudy | None = None,
) -> None:
    """Write a dataset as Dataset-JSON in UTF-8; a missing number or date is null, blank text is "".

    The file is read back and compared value by value before it takes its place.

    Args:
        frame: the records, as `adam.submission.write` describes them.
        dataset: resolved.
        path: where the file goes.
        created: the moment the file bears.
        non_ascii: means nothing here; JSON holds any text.
        lengths: bytes of text variables, instead of the declared ones.
        study: its identifiers, and the reference to define.xml; left out without one.

    Raises:
        ExportError: the columns are not the variables, a number is infinite, one of type integer is not whole, or the file does not read
            back as it was.
    """
    if [str(name) for name in frame.columns] != list(dataset.variables):
        raise ExportError(f"{path.name}: the columns are not the variables of {dataset.name}")
    metadata = _metadata(len(frame), dataset, created, lengths or {}, study)
    head = json.dumps(metadata, ensure_ascii=False, indent=1).rstrip("\n}")
    temporary = path.with_name(f"{path.name}.tmp")
    try:
        _write(temporary, head, frame, dataset)
        json_read_back.compare(temporary, metadata, frame, dataset, path.name)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _write(path: Path, head: str, frame: pd.DataFrame, dataset: ResolvedDataset) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(f'{head},\n "rows": [')
        for number, start in enumerate(range(0, len(frame), CHUNK)):
            lines = ",\n".join(_rows(frame.iloc[start : start + CHUNK], dataset))
            file.write(f"{',' if number else ''}\n{lines}")
        file.write("\n ]\n}\n")


def _metadata(
    records: int, dataset: ResolvedDataset, created: datetime.datetime, lengths: Mapping[str, int], study: ResolvedStudy | None
) -> dict[str, Any]:
    moment = created.isoformat(timespec="seconds")
    of_study = {}
    if study is not None:
        oid = study_oid(study)
        of_study = {"fileOID": f"{oid}.{dataset.name}", "studyOID": oid, "metaDataVersionOID": metadata_oid(study), "metaDataRef": DEFINE}
    return {
        "datasetJSONCreationDateTime": moment,
        "datasetJSONVersion": VERSION,
        **of_study,
        "dbLastModifiedDateTime": moment,
        "originator": "adamsmith",
        "sourceSystem": {"name": "adamsmith", "version": __version__},
        "itemGroupOID": f"IG.{dataset.name}",
        "records": records,
        "name": dataset.name,
        "label": dataset.label,
        "columns": [_column(dataset, variable, lengths) for variable in dataset.variables.values()],
    }


def _column(dataset: ResolvedDataset, variable: ResolvedVariable, lengths: Mapping[str, int]) -> dict[str, Any]:
    kind = variable.type or "text"
    made: dict[str, Any] = {
        "itemOID": f"IT.{dataset.name}.{variable.name}",
        "name": variable.name,
        "label": variable.label,
        "dataType": TYPES[kind],
    }
    if kind in ("date", "datetime", "time"):
        made["targetDataType"] = "integer"
    if kind == "text":
        made["length"] = lengths.get(variable.name, variable.length)
    if variable.format:
        made["displayFormat"] = variable.format
    if variable.name in dataset.key:
        made["keySequence"] = dataset.key.index(variable.name) + 1
    return made


def _rows(frame: pd.DataFrame, dataset: ResolvedDataset) -> Iterator[str]:
    """Each record as a line of JSON."""
    columns = [_values(frame[name], variable, dataset.name) for name, variable in dataset.variables.items()]
    encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode
    return map(encode, zip(*columns, strict=True))


def _values(column: pd.Series, variable: ResolvedVariable, dataset: str) -> list[Any]:
    """The values of a column as JSON has them; None for a missing number or date."""
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
        raise ExportError(f"{name}: a number is infinite, which JSON cannot hold")
    if variable.type == "float":
        return numbers
    if (known != np.floor(known)).any():
        raise ExportError(f"{name}: is of type {variable.type}, and a value is not whole")
    whole = known.astype("int64")
    if variable.type == "integer":
        return whole
    if ((whole < 0) | (whole >= DAY)).any():
        raise ExportError(f"{name}: a time is not within a day")
    moments = np.datetime64("1960-01-01T00:00:00", "s") + whole.astype("timedelta64[s]")
    return np.array([text[11:] for text in np.datetime_as_string(moments, unit="s")], dtype=object)


register(".json", write)
