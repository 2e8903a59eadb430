"""SAS transport files, versions 5 and 8. ReadStat reads a second member as records and accepts a truncated file: both are refused here."""

from __future__ import annotations

import mmap
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from adam.core.errors import SourceError
from adam.sources import readstat
from adam.sources.formats import Layout, Records, readable, register
from adam.sources.xpt_bytes import CARD, Body, notes_on_bytes
from adam.sources.xpt_columns import decoded_records

FUNCTION = "read_xport"
OBSERVATIONS = b"HEADER RECORD*******OBS"
MEMBER = b"HEADER RECORD*******MEM"
WINDOW = 200_000
"""The number of records that are read at once."""
PADDING = b" \t\n\r\x0b\f\0"


def layout(path: Path, encoding: str = "") -> Layout:
    """The layout of a transport file; the header has no number of records."""
    return readstat.layout(FUNCTION, path, encoding)


def records(path: Path, layout: Layout, columns: Sequence[str], limit: int = 0) -> Records:
    """The records of a transport file.

    Raises:
        SourceError: the file is damaged, truncated, or has a second dataset.
    """
    if limit:
        return readstat.records(FUNCTION, path, layout, columns, limit)
    body = locate_records(path, any(kind == "text" for kind in layout.variables.values()))
    plain = decoded_records(path, layout, columns, body)
    if plain is not None:
        return plain
    found = _all_records(path, layout, columns, body)
    return found._replace(notes=(*found.notes, *notes_on_bytes(path, body, layout, columns, len(found.frame))))


def _all_records(path: Path, layout: Layout, columns: Sequence[str], body: Body) -> Records:
    """All records; a large file, or one that is not padded with blanks, is read by windows."""
    if body.padded or (body.end - body.start) // body.width > WINDOW:
        return _by_windows(path, layout, columns, body)
    return readstat.records(FUNCTION, path, layout, columns, 0)


def _by_windows(path: Path, layout: Layout, columns: Sequence[str], body: Body) -> Records:
    """The records, read from copies of the header with a part of the records each, because ReadStat's lists need much more memory than columns.

    One more record follows each window, so that blank records at its end are not read as padding; those at the end of the file are.
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
    if not pieces or (len({each.undecoded for each in pieces}) > 1 and not layout.encoding):  # a file has one encoding
        return readstat.records(FUNCTION, path, layout, columns, 0)
    return Records(pd.concat([each.frame for each in pieces], ignore_index=True).iloc[:end], pieces[0].undecoded)


def locate_records(path: Path, has_text: bool) -> Body:
    """Where the records of a transport file start and end, and the length of a record.

    The last card is padded with blanks, by some programs with NUL bytes; if records have text, a record of NUL bytes is padding.

    Raises:
        SourceError: the file is damaged, truncated, or has a second dataset.
    """
    width = sum(readstat.metadata(FUNCTION, path).variable_storage_width.values())
    with readable(path, ValueError), path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        if data.find(OBSERVATIONS) < 0:
            raise SourceError(f"{path.name}: The file is damaged: it has no OBS header record. Export it again.")
        start = data.find(OBSERVATIONS) + CARD
        if data.find(MEMBER, start) >= 0:
            raise SourceError(
                f"{path.name}: The file has more than one dataset; a transport file of a submission has one. Export each dataset to its own file."
            )
        left = (len(data) - start) % width
        if len(data) % CARD or data[len(data) - left :].strip(PADDING):
            raise SourceError(f"{path.name}: The file is truncated: its last record is not complete. Copy or export it again.")
        tail = data[max(start, len(data) - CARD) :]
        nul = len(tail) - len(tail.rstrip(b"\0"))
        end = len(data) - left
        if has_text:
            end = min(end, start - (start - (len(data) - nul)) // width * width)
        return Body(start, end, width, padded=nul > 0 and (len(data) - end) > 0)


register(".xpt", layout, records, "a SAS transport file (XPORT)")
