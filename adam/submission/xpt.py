"""SAS transport files, version 5: declared lengths, labels, formats, dates as SAS has them; read back before they stand.

The header is pyreadstat's, made with one record as long as declared; it would take the time of the clock, so the four times are set.
The records are ours, by slices: pyreadstat needs the whole of them as one frame, and many times as long. Everything the format would lose
silently is refused before.
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
from adam.submission.formats import register
from adam.submission.xpt_limits import require_visible_end, require_writable

if TYPE_CHECKING:
    from adam.plan.values import ResolvedDataset

MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
TIMES = (144, 160, 464, 480)
"""Where the header has its times: the library's and the member's, created and modified."""
CARD = 80
SLICE = 65_536
"""Records encoded and read back at once: enough for the arrays to pay, few enough to stay small."""


def write(
    frame: pd.DataFrame,
    dataset: ResolvedDataset,
    path: Path,
    created: datetime.datetime,
    *,
    non_ascii: str = "error",
    lengths: Mapping[str, int] | None = None,
) -> None:
    """Write a dataset; the file is read back and compared value by value before it takes its place.

    Args:
        frame: the records, as `adam.submission.write` describes them.
        dataset: resolved.
        path: where the file goes.
        created: the moment the header bears, as it reads; years as two digits, months in English.
        non_ascii: `keep` writes UTF-8; with any other policy text that is not ASCII is refused.
        lengths: bytes of text variables, instead of the declared ones.

    Raises:
        ExportError: a value, name, label, length or format the format cannot hold, or a file that does not read back as it was.
    """
    write_parts([frame], dataset, path, created, non_ascii=non_ascii, lengths=lengths)


def write_parts(
    parts: Iterable[pd.DataFrame],
    dataset: ResolvedDataset,
    path: Path,
    created: datetime.datetime,
    *,
    non_ascii: str = "error",
    lengths: Mapping[str, int] | None = None,
) -> int:
    """Write a dataset whose records come in parts, one after the other: the bytes are those of the whole, only one part is in memory.

    Args:
        parts: frames as `write` takes them, one or more; a part may have no records.
        dataset: resolved.
        path: where the file goes.
        created: the moment the header bears.
        non_ascii: as for `write`.
        lengths: as for `write`.

    Returns:
        How many records there are.

    Raises:
        ExportError: as for `write`; of several parts at fault the first is told.
    """
    widths = _widths(dataset, lengths)
    temporary = path.with_name(f"{path.name}.tmp")
    try:
        count = _write(_slices(parts, dataset, widths, non_ascii), dataset, temporary, created, widths)
        temporary.replace(path)
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, UnicodeDecodeError) as error:
        raise ExportError(f"{path.name}: {error}") from error
    finally:
        temporary.unlink(missing_ok=True)
    return count


def read_back(frame: pd.DataFrame, dataset: ResolvedDataset, path: Path, *, lengths: Mapping[str, int] | None = None) -> None:
    """Read a file and compare it with what it should hold: records, values, names, labels, lengths, formats.

    Raises:
        ExportError: anything differs; a number must be the same to the last bit.
    """
    widths = {name: width or 1 for name, width in _widths(dataset, lengths).items()}
    for first in range(0, max(len(frame), 1), SLICE):
        columns = xpt_records.to_sas_columns(frame.iloc[first : first + SLICE], dataset)
        xpt_read_back.compare(columns, dataset, path, widths, first, more=first + SLICE < len(frame))


def _widths(dataset: ResolvedDataset, lengths: Mapping[str, int] | None) -> dict[str, int | None]:
    """Bytes of each text variable."""
    given = lengths or {}
    return {name: given.get(name, variable.length) for name, variable in dataset.variables.items() if variable.type == "text"}


def _slices(
    parts: Iterable[pd.DataFrame], dataset: ResolvedDataset, widths: Mapping[str, int | None], non_ascii: str
) -> Iterator[xpt_records.Columns]:
    """The records of all parts, nothing in them that a file cannot hold; at least one slice for each part."""
    last = None
    for frame in parts:
        require_writable(frame, dataset, widths, non_ascii)
        last = frame.tail(1) if len(frame) else last
        for first in range(0, max(len(frame), 1), SLICE):
            yield xpt_records.to_sas_columns(frame.iloc[first : first + SLICE], dataset)
        del frame  # before the next one is made
    if last is not None:
        require_visible_end(last, dataset)


def _write(
    slices: Iterator[xpt_records.Columns], dataset: ResolvedDataset, path: Path, created: datetime.datetime, widths: Mapping[str, int | None]
) -> int:
    """Write slices and read back each when the next is behind it, the last when the file is whole."""
    held = next(slices)
    sizes = {name: width or 1 for name, width in widths.items()}
    header = _header(dataset, path, created, sizes)
    before = 0
    with path.open("wb") as file:
        file.write(header)
        file.write(xpt_records.encode_records(held, sizes) if _size(held) else b"")
        for columns in slices:
            if not _size(columns):
                continue
            file.write(xpt_records.encode_records(columns, sizes))
            file.flush()
            if _size(held):
                xpt_read_back.compare(held, dataset, path, sizes, before, more=True)
            before, held = before + _size(held), columns
        file.write(b" " * (-file.tell() % CARD))
        file.flush()
        os.fsync(file.fileno())
    xpt_read_back.compare(held, dataset, path, sizes, before)
    return before + _size(held)


def _size(columns: xpt_records.Columns) -> int:
    return len(next(iter(columns.values())))


def _header(dataset: ResolvedDataset, path: Path, created: datetime.datetime, widths: Mapping[str, int]) -> bytes:
    """All before the first record; made in the place of the file."""
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
