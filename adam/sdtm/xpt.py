"""SAS transport files, versions 5 and 8. ReadStat reads a second member as records, and a file cut short in silence: both are refused here."""

from __future__ import annotations

import mmap
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from adam.errors import SourceError
from adam.sdtm import readstat
from adam.sdtm.formats import Layout, readable, register

FUNCTION = "read_xport"
CARD = 80
OBSERVATIONS = b"HEADER RECORD*******OBS"
MEMBER = b"HEADER RECORD*******MEM"
WINDOW = 200_000
"""Records read at once."""


def layout(path: Path) -> Layout:
    """The layout of a transport file; it does not say how many records there are."""
    return readstat.layout(FUNCTION, path)


def records(path: Path, layout: Layout, columns: Sequence[str], limit: int = 0) -> tuple[pd.DataFrame, bool]:
    """The records of a transport file.

    Raises:
        SourceError: the file is damaged, cut short, or holds a second dataset.
    """
    if not limit:
        start, width = _intact(path)
        if (path.stat().st_size - start) // width > WINDOW:
            return _by_windows(path, layout, columns, start, width)
    return readstat.records(FUNCTION, path, layout, columns, limit)


def _by_windows(path: Path, layout: Layout, columns: Sequence[str], start: int, width: int) -> tuple[pd.DataFrame, bool]:
    """The records, read from copies of the header and so many records each: ReadStat's own lists take many times the memory of the columns.

    Behind a window stands one more record, lest blank ones at its end be taken for padding; those at the end of the file are.
    """
    pieces, read, end = [], 0, 0
    with tempfile.TemporaryDirectory() as folder, readable(path), path.open("rb") as file:
        header, window = file.read(start), Path(folder) / path.name
        while count := len(cut := file.read(WINDOW * width)) // width:
            window.write_bytes(header + cut[: count * width] + b"x" * width)
            pieces.append(readstat.records(FUNCTION, window, layout, columns, count))
            filled = -(-len(cut.rstrip(b" ")) // width)
            end = read + filled if filled else end
            read += count
    if len({latin for _, latin in pieces}) > 1:  # one encoding for the whole of a file
        return readstat.records(FUNCTION, path, layout, columns, 0)
    return pd.concat([frame for frame, _ in pieces], ignore_index=True).iloc[:end], pieces[0][1]


def _intact(path: Path) -> tuple[int, int]:
    """Where the records start, and how long one is."""
    width = sum(readstat.metadata(FUNCTION, path).variable_storage_width.values())
    with readable(path, ValueError), path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        start = data.find(OBSERVATIONS) + CARD
        if data.find(MEMBER, start) >= 0:
            raise SourceError(f"{path.name}: holds more than one dataset; a transport file of a submission holds one")
        left = (len(data) - start) % width
        if len(data) % CARD or data[len(data) - left :].strip():
            raise SourceError(f"{path.name}: is cut short: the last record is not whole")
    return start, width


register(".xpt", layout, records)
