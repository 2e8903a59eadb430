"""Reading a transport file back: what pyreadstat finds in it must be what was written, to the last bit."""

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
from adam.submission.xpt_records import NUMBER, Column, Columns

if TYPE_CHECKING:
    from adam.plan.values import ResolvedDataset, ResolvedVariable


def compare(columns: Columns, dataset: ResolvedDataset, path: Path, widths: Mapping[str, int], first: int = 0, *, more: bool = False) -> None:
    """Compare the records of a file from number `first` on with what they should be, and the header with its dataset.

    pyreadstat skips records one by one, so what is read is a copy of the header and of these records alone.

    Args:
        columns: the records as `xpt_records.to_sas_columns` gives them.
        dataset: resolved.
        path: the file.
        widths: bytes of each text variable.
        first: how many records stand before these.
        more: whether others follow; without, the file must end after these.

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
        _compare(columns, dataset, window, f"{path.name}, from record {first + 1}", widths, extra=more)


def header_size(variables: int) -> int:
    """Bytes before the first record: eight cards, 140 bytes for each variable in whole cards, one card."""
    return 640 + -(-variables * 140 // 80) * 80 + 80


def _compare(columns: Columns, dataset: ResolvedDataset, path: Path, what: str, widths: Mapping[str, int], *, extra: bool = False) -> None:
    found, meta = pyreadstat.read_xport(str(path), disable_datetime_conversion=True, output_format="dict")
    size, read = len(next(iter(columns.values()))), min((len(values) for values in found.values()), default=0) - extra
    if meta.column_names != list(dataset.variables) or read != size:
        raise ExportError(f"{what}: {size} records of {len(columns)} variables were written, {read} of {len(meta.column_names)} read back")
    differing = [] if (meta.table_name, meta.file_label) == (dataset.name, dataset.label) else ["name or label of the dataset"]
    for name, variable in dataset.variables.items():
        faults = _differing(variable, meta, widths.get(name, NUMBER), found[name][:size], columns[name])
        differing += [f"{name} ({fault})" for fault in faults]
    if differing:
        raise ExportError(f"{what}: does not read back as it was written: {', '.join(differing)}")


def _same(read: list[Any], wrote: Column) -> bool:
    if isinstance(wrote, np.ndarray):
        return np.array_equal(np.array(read, dtype="float64"), wrote, equal_nan=True)
    return bool(pa.array(read, type=wrote.type).equals(wrote))


def _differing(variable: ResolvedVariable, meta: Any, width: int, read: list[Any], wrote: Column) -> Iterator[str]:  # noqa: ANN401
    name = variable.name
    if (meta.readstat_variable_types[name] == "string") != (variable.type == "text"):
        yield "type"
    elif not _same(read, wrote):
        yield "values"
    if (meta.column_names_to_labels[name] or "") != variable.label:
        yield "label"
    if meta.variable_storage_width[name] != width:
        yield "length"
    if _format(meta.original_variable_types[name] or "") != _format(variable.format):
        yield "format"


def _format(text: str) -> tuple[str, int, int]:
    """Name, width and decimals, which are written in more than one way: `8.`, `8.0`, `8`."""
    parts = FORMAT.fullmatch(text)
    return (parts[1], int(parts[2] or 0), int(parts[3] or 0)) if parts else (text, 0, 0)
