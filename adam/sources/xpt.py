"""SAS transport files, versions 5 and 8. ReadStat reads a second member as records, and a file cut short in silence: both are refused here."""

from __future__ import annotations

import mmap
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from adam.core.errors import SourceError
from adam.sources import readstat
from adam.sources.formats import Layout, Records, readable, register
from adam.sources.xpt_bytes import CARD, Body, oddities

FUNCTION = "read_xport"
OBSERVATIONS = b"HEADER RECORD*******OBS"
MEMBER = b"HEADER RECORD*******MEM"
WINDOW = 200_000
"""Records read at once."""
PADDING = b" \t\n\r\x0b\f\0"


def layout(path: Path, encoding: str = "") -> Layout:
    """The layout of a transport file; it does not say how many records there are."""
    return readstat.layout(FUNCTION, path, encoding)


def records(path: Path, layout: Layout, columns: Sequence[str], limit: int = 0) -> Records:
    """The records of a transport file.

    Raises:
        SourceError: the file is damaged, cut short, or holds a second dataset.
    """
    if limit:
        return readstat.records(FUNCTION, path, layout, columns, limit)
    body = intact(path, any(kind == "text" for kind in layout.variables.values()))
    found = _whole(path, layout, columns, body)
    return found._replace(notes=(*found.notes, *oddities(path, body, layout, columns, len(found.frame))))


def _whole(path: Path, layout: Layout, columns: Sequence[str], body: Body) -> Records:
    """All records; those of a large file, or of one that is padded with other than blanks, by windows."""
    if body.padded or (body.end - body.start) // body.width > WINDOW:
        return _by_windows(path, layout, columns, body)
    return readstat.records(FUNCTION, path, layout, columns, 0)


def _by_windows(path: Path, layout: Layout, columns: Sequence[str], body: Body) -> Records:
    """The records, read from copies of the header and so many records each: ReadStat's own lists take many times the memory of the columns.

    Behind a window stands one more record, lest blank ones at its end be taken for padding; those at the end of the file are.
    """
    pieces, read, end, width = [], 0, 0, body.width
    with tempfile.TemporaryDirectory() as folder, readable(path), path.open("rb") as file:
        header, window = file.read(body.start), Path(folder) / path.name
        while count := len(cut := file.read(min(WINDOW * width, body.end - body.start - read * width))) // width:
            window.write_bytes(header + cut[: count * width] + b"x" * width)
            pieces.append(readstat.records(FUNCTION, window, layout, columns, count))
            filled = -(-len(cut.rstrip(b" ")) // width)
            end = read + filled if filled else end
            read += count
    if not pieces or (len({each.undecoded for each in pieces}) > 1 and not layout.encoding):  # one encoding for the whole of a file
        return readstat.records(FUNCTION, path, layout, columns, 0)
    return Records(pd.concat([each.frame for each in pieces], ignore_index=True).iloc[:end], pieces[0].undecoded)


def intact(path: Path, has_text: bool) -> Body:
    """Where the records of a transport file start and end, and how long one is.

    The last card is padded with blanks, by some programs with NUL bytes; a record of NUL bytes alone is padding where records have text.

    Raises:
        SourceError: the file is damaged, cut short, or holds a second dataset.
    """
    width = sum(readstat.metadata(FUNCTION, path).variable_storage_width.values())
    with readable(path, ValueError), path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        if data.find(OBSERVATIONS) < 0:
            raise SourceError(f"{path.name}: is damaged: there is no OBS header record; export it again")
        start = data.find(OBSERVATIONS) + CARD
        if data.find(MEMBER, start) >= 0:
            raise SourceError(f"{path.name}: holds more than one dataset; a transport file of a submission holds one")
        left = (len(data) - start) % width
        if len(data) % CARD or data[len(data) - left :].strip(PADDING):
            raise SourceError(f"{path.name}: is cut short: the last record is not whole")
        tail = data[max(start, len(data) - CARD) :]
        nul = len(tail) - len(tail.rstrip(b"\0"))
        end = len(data) - left
        if has_text:
            end = min(end, start - (start - (len(data) - nul)) // width * width)
        return Body(start, end, width, padded=nul > 0 and (len(data) - end) > 0)


register(".xpt", layout, records, "a SAS transport file (XPORT)")
