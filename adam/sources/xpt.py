"""SAS transport files, versions 5 and 8. ReadStat reads a second member as records and accepts a truncated file: both are refused here."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import pandas as pd

from adam.core.errors import SourceError
from adam.sources import readstat
from adam.sources.file_hash import digest_of
from adam.sources.formats import Hashed, Layout, Records, readable, register
from adam.sources.xpt_bytes import CARD, MEMBER, OBSERVATIONS, Body, located, notes_on_bytes, second_dataset
from adam.sources.xpt_columns import Table, open_table

FUNCTION = "read_xport"
WINDOW = 200_000
"""The number of records that are read at once."""
SEARCHED = 2**18
"""The number of bytes of a file that are searched at once."""


def layout(path: Path, encoding: str = "") -> Layout:
    """The layout of a transport file; the header has no number of records."""
    found = readstat.layout(FUNCTION, path, encoding)
    return replace(found, record_size=sum(each.length or 0 for each in found.attributes.values()))


def records(path: Path, layout: Layout, columns: Sequence[str], limit: int = 0) -> Records:
    """The records of a transport file.

    Raises:
        SourceError: the file is damaged, truncated, or has a second dataset.
    """
    if limit:
        return readstat.records(FUNCTION, path, layout, columns, limit)
    table = _table(path, layout, columns)
    if table is None:
        hashed = Hashed(digest_of(path), alone=False)
    else:
        plain = next(table.windows(max(table.count, 1)))  # a window has at least one place, also if all records are blank
        if plain.records is not None:
            return plain.records
        hashed = Hashed(plain.sha256, alone=False)
    body = locate_records(path, _has_text(layout))
    found = _all_records(path, layout, columns, body)
    return found._replace(notes=(*found.notes, *notes_on_bytes(path, body, layout, columns, len(found.frame))), hashed=hashed)


def _has_text(layout: Layout) -> bool:
    return any(kind == "text" for kind in layout.variables.values())


def _table(path: Path, layout: Layout, columns: Sequence[str]) -> Table | None:
    """The records of a transport file to be decoded; None if ReadStat must read them.

    Raises:
        SourceError: as for `records`. Another dataset is searched for when the records are read, but its error is the first one.
    """
    try:
        return open_table(path, layout, columns, locate_records(path, _has_text(layout), alone=False))
    except SourceError:
        locate_records(path, _has_text(layout))
        raise


def _all_records(path: Path, layout: Layout, columns: Sequence[str], body: Body) -> Records:
    """All records; a large file, or one that is not padded with blanks, is read by windows."""
    if body.padded or (body.end - body.start) // body.width > WINDOW:
        return _by_windows(path, layout, columns, body)
    return readstat.records(FUNCTION, path, layout, columns, 0)


def windows(path: Path, layout: Layout, columns: Sequence[str], size: int) -> Iterator[Records]:
    """The records of a transport file by windows. A window whose text has a NUL is left to ReadStat.

    Raises:
        SourceError: as for `records`.
    """
    table = _table(path, layout, columns)
    if table is None:
        yield records(path, layout, columns)
        return
    alone = True
    try:
        for start, end, found, sha256 in table.windows(size):
            alone = alone and found is not None
            each = _window(path, layout, columns, table.body, start, end) if found is None else found
            yield each._replace(hashed=Hashed(sha256, alone)) if sha256 else each
    except SourceError:
        locate_records(path, _has_text(layout))  # the bytes of a second dataset, read as records, may be what was refused
        raise


def _window(path: Path, layout: Layout, columns: Sequence[str], body: Body, start: int, end: int) -> Records:
    """Some records as ReadStat reads them, with the notes on their bytes."""
    with tempfile.TemporaryDirectory() as folder, readable(path), path.open("rb") as file:
        header, window = file.read(body.start), Path(folder) / path.name
        file.seek(body.start + start * body.width)
        window.write_bytes(header + file.read((end - start) * body.width) + b"x" * body.width)
        found = readstat.records(FUNCTION, window, layout, columns, end - start)
        return found._replace(notes=(*found.notes, *notes_on_bytes(window, body, layout, columns, end - start)))


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


def locate_records(path: Path, has_text: bool, *, alone: bool = True) -> Body:
    """Where the records of a transport file start and end, and the length of a record.

    The last card is padded with blanks, by some programs with NUL bytes; if records have text, a record of NUL bytes is padding.

    Args:
        path: the file.
        has_text: its records have text.
        alone: search the file for a second dataset.

    Raises:
        SourceError: the file is damaged, truncated, or has a second dataset.
    """
    width = sum(readstat.metadata(FUNCTION, path).variable_storage_width.values())
    with readable(path), path.open("rb") as file:
        size = file.seek(0, 2)
        start = _find(file, OBSERVATIONS, 0) + CARD
        if start < CARD:
            raise SourceError(f"{path.name}: The file is damaged: it has no OBS header record. Export it again.")
        if (alone or not width) and _find(file, MEMBER, start) >= 0:
            raise second_dataset(path)
        last = _read(file, max(start, size - max(CARD, width)), max(CARD, width))
    return located(path, start, size, last, width, has_text=has_text)


def _read(file: BinaryIO, start: int, size: int) -> bytes:
    file.seek(start)
    return file.read(size)


def _find(file: BinaryIO, text: bytes, start: int) -> int:
    """Where a text is in a file from a place on, -1 if it is not; a large file is read in pieces, which overlap."""
    file.seek(start)
    before = b""
    while piece := file.read(SEARCHED):
        found = (before + piece).find(text)
        if found >= 0:
            return start - len(before) + found
        start, before = start + len(piece), piece[-len(text) + 1 :]
    return -1


register(".xpt", layout, records, "a SAS transport file (XPORT)", windows=windows, hashes=True)
