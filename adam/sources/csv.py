"""Comma-separated files in UTF-8 or Windows-1252; the first line has the names of the variables.

A CSV file does not show which of its variables are numbers. SDTM defines them (`core/sdtm.yaml`): --SEQ, --STRESN, --DY, AGE, VISITNUM ...
Every other variable is text, whatever its values look like.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
from pyarrow import csv as arrow

from adam.core.errors import SourceError
from adam.core.sdtm import is_numeric
from adam.sources.encoding import decoded_text
from adam.sources.formats import Layout, Note, Records, layout_of, readable, register
from adam.sources.numbers import numbers_of_text

FIRST = 2**20
"""The number of bytes that are searched for the end of the first line."""
BLOCK = 2**24
"""The number of bytes of a window."""
MANY = 2
"""The number of lines from which a file is read by windows."""


def layout(path: Path, encoding: str = "") -> Layout:
    """The layout of a CSV file: its first line.

    Raises:
        SourceError: that line is blank, or the text is not in its encoding.
    """
    with readable(path), path.open("rb") as file:
        start = file.read(FIRST)
    if encoding or not re.search(rb"[\r\n]", start):
        start, _ = _bytes(path, encoding)
    line = re.split(rb"[\r\n]", start.removeprefix(codecs.BOM_UTF8), maxsplit=1)[0]
    with readable(path, UnicodeDecodeError, csv.Error):
        names = next(csv.reader([decoded_text(line.decode("latin-1"))]), [])
    if not names:
        raise SourceError(f"{path.name}: The first line is blank; it must have the names of the variables. Export the file again.")
    found = layout_of(path, [(name, "number" if is_numeric(name.strip().upper()) else "text", "") for name in names], encoding=encoding)
    return replace(found, record_size=len(start) / max(len(start.splitlines()), 1))


def records(path: Path, layout: Layout, columns: Sequence[str], limit: int = 0) -> Records:  # noqa: ARG001
    """The records of a CSV file.

    Raises:
        SourceError: a quote is not closed, a record has more or fewer values than there are names, or a number is not valid.
    """
    raw, latin = _bytes(path, layout.encoding)
    if b'"' in raw:
        _check_quotes(path, raw, len(layout.names))
    try:
        table = arrow.read_csv(io.BytesIO(raw), **_options(layout, columns, latin=latin))
    except pa.ArrowException as error:
        _check_quotes(path, raw, len(layout.names))  # its message has the line
        raise SourceError(f"{path.name}: The file cannot be read: {error}. Export it again.") from error
    return _records(table, path, layout, columns, latin=latin)


def windows(path: Path, layout: Layout, columns: Sequence[str], size: int) -> Iterator[Records]:  # noqa: ARG001
    """The records of a CSV file by windows of some bytes.

    A file in a declared encoding, or whose last line does not end as those of pyarrow, is one window.

    Raises:
        SourceError: as for `records`.
    """
    about = None if layout.encoding else _about(path)
    if about is None:
        yield records(path, layout, columns)
        return
    latin, quoted = about
    if quoted:
        with readable(path), path.open(encoding="latin-1", newline="") as file:
            _check_values(path, file, len(layout.names))
    try:
        with readable(path), arrow.open_csv(path, **_options(layout, columns, latin=latin, block=BLOCK)) as batches:
            for batch in batches:
                yield _records(pa.Table.from_batches([batch]), path, layout, columns, latin=latin)
    except pa.ArrowException as error:
        raise SourceError(f"{path.name}: The file cannot be read: {error}. Export it again.") from error


def _options(layout: Layout, columns: Sequence[str], *, latin: bool, block: int | None = None) -> dict[str, Any]:
    """How pyarrow reads some of the variables, all of them as text."""
    places = _places(layout)
    wanted = [places[layout.names[name]] for name in columns]
    encoding = "latin-1" if latin else "utf8"
    return {
        "read_options": arrow.ReadOptions(encoding=encoding, skip_rows=1, column_names=list(places.values()), block_size=block),
        "parse_options": arrow.ParseOptions(newlines_in_values=True),
        "convert_options": arrow.ConvertOptions(include_columns=wanted, column_types=dict.fromkeys(wanted, pa.string()), strings_can_be_null=False),
    }


def _places(layout: Layout) -> dict[str, str]:
    """The name that each column has while it is read."""
    return {own: f"f{number}" for number, own in enumerate(layout.names.values())}


def _records(table: pa.Table, path: Path, layout: Layout, columns: Sequence[str], *, latin: bool) -> Records:
    places, notes = _places(layout), list[Note]()
    frame = pd.DataFrame({name: table.column(places[layout.names[name]]).to_pandas().astype("str") for name in columns})
    for name in columns:
        if layout.variables[name] == "number":
            frame[name], found = numbers_of_text(frame[name], path)
            notes += found
    return Records(frame, latin, tuple(notes))


def _about(path: Path) -> tuple[bool, bool] | None:
    """Whether the text of a file is not UTF-8, and whether it has quotes; None if it has no record, or does not end with the end of a line."""
    decoder, latin, quoted, lines, end = codecs.getincrementaldecoder("utf-8")(), False, False, 0, b""
    with readable(path), path.open("rb") as file:
        while piece := file.read(BLOCK):
            lines, quoted, end = lines + piece.count(b"\n"), quoted or b'"' in piece, piece[-1:]
            try:
                decoder.decode(b"" if latin else piece)
            except UnicodeDecodeError:
                latin = True
    return None if lines < MANY or end != b"\n" else (latin, quoted)  # after the end of a line no character is incomplete


def _bytes(path: Path, encoding: str) -> tuple[bytes, bool]:
    """The bytes of a file without byte order mark and with line ends that pyarrow reads; and whether they are not UTF-8.

    Raises:
        SourceError: it cannot be read, or is not in the encoding the study states.
    """
    with readable(path):
        raw = path.read_bytes()
    if encoding:
        try:
            raw = raw.decode(encoding).encode("utf-8")
        except UnicodeError as error:
            raise SourceError(
                f"{path.name}: The text is not in {encoding}: {error}. Correct its encoding (sources: DOMAIN: encoding: NAME)."
            ) from None
    raw = raw.removeprefix(codecs.BOM_UTF8)
    if b"\n" not in raw:  # lines that end as those of old Macintosh files
        raw = raw.replace(b"\r", b"\n")
    if not raw.endswith(b"\n"):
        raw += b"\n"
    return raw, not _is_utf8(raw)


def _check_quotes(path: Path, raw: bytes, width: int) -> None:
    """Refuse a quote that is not closed, and a record with more or fewer values than there are names.

    Raises:
        SourceError: with the line where the record starts.
    """
    _check_values(path, io.StringIO(raw.decode("latin-1"), newline=""), width)


def _check_values(path: Path, lines: Iterable[str], width: int) -> None:
    """As `_check_quotes`, for the lines of a file."""
    reader = csv.reader(lines, strict=True)
    start = 1
    try:
        for row in reader:
            if row and len(row) != width:
                cure = "Put text with a comma or a quote in quotes." if len(row) > width else "Complete the line, or close its quote."
                raise SourceError(f"{path.name}:{start}: The record has {len(row)} values for {width} variables. {cure}")
            start = reader.line_num + 1
    except csv.Error as error:
        what = "A quote that opens in the record of this line is not closed, or is followed by more text"
        raise SourceError(f"{path.name}:{start}: {what} ({error}). Close it, and double a quote inside of quoted text.") from None


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


register(".csv", layout, records, "a CSV file", windows=windows)
