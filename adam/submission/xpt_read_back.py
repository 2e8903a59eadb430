"""Comparison of a transport file with what was written to it: pyreadstat must read the same values, to the last bit."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyreadstat

from adam.core.errors import ExportError
from adam.core.identifiers import FORMAT
from adam.submission.formats import require_same
from adam.submission.xpt_records import NUMBER, Column, Columns

if TYPE_CHECKING:
    from adam.planning.values import ResolvedDataset, ResolvedVariable


def compare(columns: Columns, dataset: ResolvedDataset, path: Path, widths: Mapping[str, int], first: int = 0, *, more: bool = False) -> None:
    """Compare the records of a file from number `first` on with the expected ones, and the header with the dataset.

    pyreadstat skips records one by one, which is slow. So it reads a copy that holds only the header and these records.

    Args:
        columns: the expected records, from `to_sas_columns`.
        dataset: the resolved dataset.
        path: the file.
        widths: the bytes of each text variable.
        first: the number of records before these.
        more: whether other records follow; if not, the file must end after these.

    Raises:
        ExportError: anything differs; a number must be the same to the last bit.
    """
    if first == 0 and not more:
        _compare(columns, dataset, path, path.name, widths)
        return
    size = len(next(iter(columns.values())))
    width = sum(widths.get(name, NUMBER) for name in columns)
    with tempfile.TemporaryDirectory() as folder:
        window = Path(folder) / path.name
        with path.open("rb") as file, window.open("wb") as copy:
            copy.write(file.read(header_size(len(columns))))
            file.seek(first * width, 1)
            copy.write(file.read(size * width) + b"x" * width if more else file.read())
        _compare(columns, dataset, window, f"{path.name}, from record {first + 1},", widths, extra=more)


def header_size(variables: int) -> int:
    """Bytes before the first record: eight cards, 140 bytes for each variable filled up to whole cards, one card."""
    return 640 + -(-variables * 140 // 80) * 80 + 80


def _compare(columns: Columns, dataset: ResolvedDataset, path: Path, file: str, widths: Mapping[str, int], *, extra: bool = False) -> None:
    values, meta = pyreadstat.read_xport(str(path), disable_datetime_conversion=True, output_format="dict")
    size, read = len(next(iter(columns.values()))), min((len(each) for each in values.values()), default=0) - extra
    if meta.column_names != list(dataset.variables) or read != size:
        raise ExportError(
            f"{file} does not read back as it was written: {size} records of {len(columns)} variables were written, "
            f"{read} records of {len(meta.column_names)} variables were read"
        )
    differences = [] if (meta.table_name, meta.file_label) == (dataset.name, dataset.label) else ["name or label of the dataset"]
    for name, variable in dataset.variables.items():
        attributes = _differences(variable, meta, widths.get(name, NUMBER), values[name][:size], columns[name])
        differences += [f"{name} ({attribute})" for attribute in attributes]
    require_same(file, differences)


def _is_same(read: list[Any], written: Column) -> bool:
    if isinstance(written, np.ndarray):
        return np.array_equal(np.array(read, dtype="float64"), written, equal_nan=True)
    return bool(pa.array(read, type=written.type).equals(written))


def _differences(variable: ResolvedVariable, meta: Any, width: int, read: list[Any], written: Column) -> Iterator[str]:  # noqa: ANN401
    name = variable.name
    if (meta.readstat_variable_types[name] == "string") != (variable.type == "text"):
        yield "type"
    elif not _is_same(read, written):
        yield "values"
    if (meta.column_names_to_labels[name] or "") != variable.label:
        yield "label"
    if meta.variable_storage_width[name] != width:
        yield "length"
    if _format_parts(meta.original_variable_types[name] or "") != _format_parts(variable.format):
        yield "format"


def _format_parts(text: str) -> tuple[str, int, int]:
    """Name, width and decimals of a format: `8.`, `8.0` and `8` are the same format."""
    parts = FORMAT.fullmatch(text)
    return (parts[1], int(parts[2] or 0), int(parts[3] or 0)) if parts else (text, 0, 0)
