"""SAS transport files, version 5: declared lengths, labels, formats and SAS dates. Each file is read back before it replaces the old one.

pyreadstat writes the header, from one record of the declared lengths; the four times in it are then set to the creation time. The records
are encoded here, slice by slice, because pyreadstat needs all records in one frame. Values that the format would change silently are
refused first (`xpt_limits`).
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pyreadstat

from adam.core.errors import ExportError
from adam.submission import xpt_read_back, xpt_records
from adam.submission.formats import register, temporary_file
from adam.submission.xpt_limits import require_visible_end, require_writable
from adam.submission.xpt_records import Columns, to_sas_columns

if TYPE_CHECKING:
    from adam.planning.values import ResolvedDataset

MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
TIMES = (144, 160, 464, 480)
"""Offsets of the times in the header: created and modified, of the library and of the member."""
CARD = 80
SLICE = 65_536
"""Records encoded and read back at once: enough to use whole arrays, few enough to need little memory."""


def write(frame: pd.DataFrame, dataset: ResolvedDataset, path: Path, created: datetime.datetime, *, non_ascii: str = "error") -> None:
    """Write a dataset. The file is read back and compared value by value before it replaces `path`.

    Args:
        frame: the records, as `adam.submission.write` describes them.
        dataset: the resolved dataset.
        path: the file to write.
        created: the creation time in the header, with a two-digit year and the month in English.
        non_ascii: `keep` writes UTF-8; with any other policy text that is not ASCII is refused.

    Raises:
        ExportError: the format cannot hold a value, name, label, length or format, or the file does not read back as it was written.
    """
    write_parts([frame], dataset, path, created, non_ascii=non_ascii)


def write_parts(parts: Iterable[pd.DataFrame], dataset: ResolvedDataset, path: Path, created: datetime.datetime, *, non_ascii: str = "error") -> int:
    """Write a dataset from several frames, in order. The bytes are those of the joined frame, but only one part is in memory at a time.

    Args:
        parts: one or more frames, each as `write` takes it; a part may have no records.
        dataset: the resolved dataset.
        path: the file to write.
        created: the creation time in the header.
        non_ascii: as for `write`.

    Returns:
        The number of records.

    Raises:
        ExportError: as for `write`; the error reports the first part that cannot be written.
    """
    widths = _widths(dataset)
    try:
        with temporary_file(path) as temporary:
            return _write(_slices(parts, dataset, widths, non_ascii), dataset, temporary, created, widths)
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, UnicodeDecodeError) as error:
        raise ExportError(f"{path.name}: {error}") from error


def read_back(frame: pd.DataFrame, dataset: ResolvedDataset, path: Path) -> None:
    """Read a file and compare it with its frame and dataset: records, values, names, labels, lengths, formats.

    Raises:
        ExportError: anything differs; a number must be the same to the last bit.
    """
    widths = {name: width or 1 for name, width in _widths(dataset).items()}
    for first in range(0, max(len(frame), 1), SLICE):
        columns = to_sas_columns(frame.iloc[first : first + SLICE], dataset)
        xpt_read_back.compare(columns, dataset, path, widths, first, more=first + SLICE < len(frame))


def _widths(dataset: ResolvedDataset) -> dict[str, int | None]:
    """The bytes of each text variable."""
    return {name: variable.length for name, variable in dataset.variables.items() if variable.type == "text"}


def _slices(parts: Iterable[pd.DataFrame], dataset: ResolvedDataset, widths: Mapping[str, int | None], non_ascii: str) -> Iterator[Columns]:
    """The records of all parts, checked against the limits of the format; at least one slice for each part."""
    last = None
    for frame in parts:
        require_writable(frame, dataset, widths, non_ascii)
        last = frame.tail(1) if len(frame) else last
        for first in range(0, max(len(frame), 1), SLICE):
            yield to_sas_columns(frame.iloc[first : first + SLICE], dataset)
        del frame  # free its memory before the next part is made
    if last is not None:
        require_visible_end(last, dataset)


def _write(slices: Iterator[Columns], dataset: ResolvedDataset, path: Path, created: datetime.datetime, widths: Mapping[str, int | None]) -> int:
    """Write all slices; read each one back after the next is written, and the last one when the file is complete."""
    unchecked = next(slices)
    sizes = {name: width or 1 for name, width in widths.items()}
    header = _header(dataset, path, created, sizes)
    before = 0
    with path.open("wb") as file:
        file.write(header)
        file.write(xpt_records.encode_records(unchecked, sizes) if _size(unchecked) else b"")
        for columns in slices:
            if not _size(columns):
                continue
            file.write(xpt_records.encode_records(columns, sizes))
            file.flush()
            if _size(unchecked):
                xpt_read_back.compare(unchecked, dataset, path, sizes, before, more=True)
            before, unchecked = before + _size(unchecked), columns
        file.write(b" " * (-file.tell() % CARD))
        file.flush()
        os.fsync(file.fileno())
    xpt_read_back.compare(unchecked, dataset, path, sizes, before)
    return before + _size(unchecked)


def _size(columns: Columns) -> int:
    return len(next(iter(columns.values())))


def _header(dataset: ResolvedDataset, path: Path, created: datetime.datetime, widths: Mapping[str, int]) -> bytes:
    """All bytes before the first record. pyreadstat writes them to `path`, which is overwritten afterwards."""
    variables = dataset.variables.values()
    pyreadstat.write_xport(
        pd.DataFrame({name: ["x" * widths[name]] if name in widths else [0.0] for name in dataset.variables}),
        str(path),
        file_format_version=5,
        table_name=dataset.name,
        file_label=dataset.label,
        column_labels={variable.name: variable.label for variable in variables},
        variable_format={variable.name: variable.format for variable in variables if variable.format},
    )
    header = bytearray(path.read_bytes()[: xpt_read_back.header_size(len(variables))])
    stamp = f"{created.day:02d}{MONTHS[created.month - 1]}{created.year % 100:02d}:{created:%H:%M:%S}".encode("ascii")
    for offset in TIMES:
        header[offset : offset + len(stamp)] = stamp
    return bytes(header)


register(".xpt", write)
