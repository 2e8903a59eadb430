"""Dataset-JSON 1.1: the metadata of all columns, dates as ISO 8601 text with the SAS type as target type, one record per line.

A file `.json` is one JSON object. A file `.ndjson` has the metadata as its first line and each record as a line of its own, so a program
can read a large file record by record (the NDJSON format of Dataset-JSON 1.1).

The identifiers are those of define.xml, so a reader finds the definition of each column there.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from adam import __version__
from adam.core.errors import ExportError
from adam.submission import json_records
from adam.submission.define.document import metadata_oid, study_oid
from adam.submission.formats import column_mismatch, register
from adam.submission.json_read_back import compare_head, compare_records, compare_tail
from adam.submission.new_file import NewFile, WrittenFile, new_file
from adam.submission.record_files import add_records

if TYPE_CHECKING:
    from adam.planning.values import ResolvedDataset, ResolvedStudy, ResolvedVariable
    from adam.submission.combinations import Combinations

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
    with json_file(dataset, path, created, records=records, study=study) as file:
        add_records(parts, dataset, [file])
    return file.written


@contextmanager
def json_file(
    dataset: ResolvedDataset, path: Path, created: datetime.datetime, *, records: int, study: ResolvedStudy | None = None
) -> Iterator[JsonFile]:
    """A file to which a block adds records; it replaces `path` if the block succeeds, and is removed if it fails. See `write_parts`."""
    with new_file(path) as new:
        file = JsonFile(new, dataset, _metadata(records, dataset, created, study), lines=path.suffix.lower() == LINES)
        yield file
        file.finish()


class JsonFile:
    """A Dataset-JSON file under construction, a `RecordFile`."""

    written: WrittenFile

    def __init__(self, file: NewFile, dataset: ResolvedDataset, metadata: dict[str, Any], *, lines: bool) -> None:
        """Args: the file, the dataset, everything in the file except the records, and whether it is NDJSON."""
        self._file, self._dataset, self._lines, self._stated, self._records = file, dataset, lines, metadata["records"], 0
        compare_head(file.append([_head(metadata, lines)]), metadata, file.name, lines=lines)

    def begin(self, part: pd.DataFrame) -> None:
        """Check the next records.

        Raises:
            ExportError: their columns are not the variables of the dataset.
        """
        if mismatch := column_mismatch(part, self._dataset):
            raise ExportError(mismatch)

    def add(self, block: Sequence[Combinations]) -> None:
        """Write the next records, read them back and compare them.

        Raises:
            ExportError: JSON cannot hold them, or they do not read back as they were written.
        """
        start, between, end = (b"", "\n", b"\n") if self._lines else (b",\n" if self._records else b"\n", ",\n", b"")
        encoded = json_records.encode_records(block, self._dataset.name, between)
        raw = self._file.append(chain([start], encoded.data(), [end]))
        compare_records(raw, encoded.borders(), block, self._file.name, self._records, lines=self._lines)
        self._records += len(block[0].codes)

    def finish(self) -> None:
        """Write the end and save the file.

        Raises:
            ExportError: the metadata states another number of records, or the end does not read back as it was written.
        """
        if self._records != self._stated:
            raise ExportError(f"{self._file.name}: the metadata states {self._stated} records, but there are {self._records}")
        compare_tail(self._file.append([b"" if self._lines else b"\n ]\n}\n"]), self._file.name, lines=self._lines)
        self.written = WrittenFile(self._records, self._file.finish())


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
