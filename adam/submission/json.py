"""Dataset-JSON 1.1: the metadata of all columns, dates as ISO 8601 text with the SAS type as target type, one record per line.

A file `.json` is one JSON object. A file `.ndjson` has the metadata as its first line and each record as a line of its own, so a program
can read a large file record by record (the NDJSON format of Dataset-JSON 1.1).

The identifiers are those of define.xml, so a reader finds the definition of each column there.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from adam import __version__
from adam.core.errors import ExportError
from adam.submission import json_records
from adam.submission.blocks import blocks_of
from adam.submission.define.document import metadata_oid, study_oid
from adam.submission.formats import column_mismatch, register
from adam.submission.json_read_back import compare_head, compare_records, compare_tail
from adam.submission.json_reader import Pieces
from adam.submission.new_file import WrittenFile, new_file

if TYPE_CHECKING:
    from adam.planning.values import ResolvedDataset, ResolvedStudy, ResolvedVariable

VERSION = "1.1.0"
DEFINE = "../adam/define.xml"
"""The path of define.xml, relative to a file in the folder `dataset-json`."""
TYPES = {"text": "string", "integer": "integer", "float": "float", "date": "date", "datetime": "datetime", "time": "time"}
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
        created: the creation time in the metadata.
        non_ascii: has no effect: JSON holds any text.
        study: adds the identifiers of define.xml.

    Raises:
        ExportError: JSON cannot hold a value, or the file does not read back as it was written.
    """
    write_parts([frame], dataset, path, created, study=study, records=len(frame))


def write_parts(
    parts: Iterable[pd.DataFrame],
    dataset: ResolvedDataset,
    path: Path,
    created: datetime.datetime,
    *,
    records: int,
    study: ResolvedStudy | None = None,
) -> WrittenFile:
    """Write a dataset from several frames, in order. The bytes are those of the joined frame, but only one part is in memory at a time.

    Args:
        parts: frames, each as `write` takes it; a part may have no records.
        dataset: the resolved dataset.
        path: the file to write.
        created: the creation time in the metadata.
        records: the number of records of all parts, which the metadata states.
        study: as for `write`.

    Returns:
        The number of records and the sha256 of the file.

    Raises:
        ExportError: as for `write`, or the parts have another number of records.
    """
    lines = path.suffix.lower() == LINES
    start, between, end = ("", "\n", "\n") if lines else ("\n", ",\n", "")
    metadata = _metadata(records, dataset, created, study)
    count = 0
    with new_file(path) as file:
        compare_head(file.append(_head(metadata, lines)), metadata, file.name, lines=lines)
        for frame in parts:
            if mismatch := column_mismatch(frame, dataset):
                raise ExportError(mismatch)
            for block in blocks_of(frame, dataset):
                encoded = json_records.encode_records(block, dataset, between)
                raw = file.append(f"{between if count and not lines else start}".encode(), encoded.data, end.encode())
                compare_records(raw, Pieces(encoded.borders, encoded.counts), block, dataset, file.name, count, lines=lines)
                count += len(block)
            del frame  # free its memory before the next part is made
        if count != records:
            raise ExportError(f"{file.name}: the metadata states {records} records, but there are {count}")
        compare_tail(file.append(b"" if lines else b"\n ]\n}\n"), file.name, lines=lines)
        digest = file.finish()
    return WrittenFile(count, digest)


def _head(metadata: dict[str, Any], lines: bool) -> bytes:
    """What a file has before its records."""
    if lines:
        text = json.dumps(metadata, ensure_ascii=False, separators=(",", ":")) + "\n"
    else:
        text = json.dumps(metadata, ensure_ascii=False, indent=1).removesuffix("\n}") + ',\n "rows": ['
    return text.encode("utf-8")


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


register(".json", write)
register(LINES, write)
