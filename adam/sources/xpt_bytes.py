"""The bytes of the records of a transport file: special missing values and text with a NUL, which ReadStat does not report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from adam.core.errors import SourceError
from adam.sources.formats import Layout, Note
from adam.sources.readstat import special_missing

CARD = 80
NAMES = b"HEADER RECORD*******NAM"
OBSERVATIONS = b"HEADER RECORD*******OBS"
MEMBER = b"HEADER RECORD*******MEM"
NUMERIC = 1
PADDING = b" \t\n\r\x0b\f\0"
PIECE = 200_000
"""The number of records that are examined at once."""
SHOWN = 100
"""The number of values of a note that are decoded."""


@dataclass(frozen=True)
class Body:
    """Where the records of a transport file start and end, and the length of a record; `padded` if NUL bytes follow."""

    start: int
    end: int
    width: int
    padded: bool = False


@dataclass(frozen=True)
class Field:
    """The position of a variable in a record."""

    name: str
    numeric: bool
    place: int
    width: int


def located(path: Path, start: int, size: int, last: bytes, width: int, *, has_text: bool) -> Body:
    """Where the records of a file are.

    Args:
        path: the file.
        start: where the first record starts.
        size: the number of bytes of the file.
        last: its last bytes after `start`, at least those of a card and of a record.
        width: the length of a record.
        has_text: records have text: a record of NUL bytes is padding.

    Raises:
        SourceError: the file is truncated.
    """
    left = (size - start) % width
    if size % CARD or last[len(last) - left :].strip(PADDING):
        raise SourceError(f"{path.name}: The file is truncated: its last record is not complete. Copy or export it again.")
    tail = last[-min(CARD, size - start) :] if size > start else b""
    nul = len(tail) - len(tail.rstrip(b"\0"))
    end = size - left
    if has_text:
        end = min(end, start - (start - (size - nul)) // width * width)
    return Body(start, end, width, padded=nul > 0 and (size - end) > 0)


def second_dataset(path: Path) -> SourceError:
    """The error for a file with a second dataset."""
    what = "The file has more than one dataset; a transport file of a submission has one. Export each dataset to its own file."
    return SourceError(f"{path.name}: {what}")


def fields_of(header: bytes, path: Path) -> list[Field]:
    """The variables of a file, from its descriptors of 140 bytes each (136 on VAX): type, length, name and position."""
    start = header.find(NAMES)
    member = start - 4 * CARD  # the card of the member; it ends with the size of a descriptor
    try:
        size, count = int(header[member + 74 : member + 78]), int(header[start + 48 : start + 58])
    except ValueError:
        raise SourceError(f"{path.name}: The file is damaged: its header has no number of variables. Export it again.") from None
    found = []
    for number in range(count):
        entry = header[start + CARD + number * size :][:size]
        if len(entry) < size:
            raise SourceError(f"{path.name}: The file is damaged: its header announces {count} variables and describes fewer. Export it again.")
        name = entry[8:16].decode("latin-1").strip(" \0")
        found.append(Field(name, _whole(entry, 0, 2) == NUMERIC, _whole(entry, 84, 4), _whole(entry, 4, 2)))
    return found


def _whole(entry: bytes, start: int, size: int) -> int:
    return int.from_bytes(entry[start : start + size], "big")


def notes_on_bytes(path: Path, body: Body, layout: Layout, columns: Sequence[str], count: int) -> list[Note]:
    """Notes on the special missing values and on NUL bytes in the text of some variables.

    Args:
        path: the file.
        body: where its records are.
        layout: its layout.
        columns: the variables.
        count: the number of records that were read.
    """
    with path.open("rb") as file:
        fields = fields_of(file.read(body.start), path)
    if len(fields) != len(layout.names) or any(field.place + field.width > body.width for field in fields):
        raise SourceError(f"{path.name}: The file is damaged: its header does not match the length of its records. Export it again.")
    order = dict(zip(layout.names.values(), fields, strict=True))
    if not count:
        return []
    raw = np.memmap(path, dtype=np.uint8, mode="r", offset=body.start, shape=(count, body.width))
    notes: list[Note] = []
    for name in columns:
        field = order[layout.names[name]]
        notes += _notes_on_numbers(name, raw, field) if field.numeric else _notes_on_text(name, raw, field)
    return notes


def _pieces(raw: np.ndarray, field: Field) -> Iterator[np.ndarray]:
    for start in range(0, len(raw), PIECE):
        yield np.ascontiguousarray(raw[start : start + PIECE, field.place : field.place + field.width])


def _notes_on_numbers(name: str, raw: np.ndarray, field: Field) -> list[Note]:
    """A note on special missing values: only their first byte is not 0, and it is an underscore or a letter."""
    found = []
    for piece in _pieces(raw, field):
        first = piece[:, 0]
        special = (((first >= ord("A")) & (first <= ord("Z"))) | (first == ord("_"))) & (piece[:, 1:] == 0).all(axis=1)
        found.append(np.where(special, first, 0))
    return notes_of_codes(name, np.concatenate(found))


def notes_of_codes(name: str, codes: np.ndarray) -> list[Note]:
    """A note on special missing values, by the letter of each record; 0 where there is none."""
    if not codes.any():
        return []
    letters = pd.Series(np.where(codes > 0, "." + pd.Series(codes.astype("uint32")).map(chr), ""), dtype="str")
    return [special_missing(name, letters)]


def _notes_on_text(name: str, raw: np.ndarray, field: Field) -> list[Note]:
    """A note on text with a NUL: ReadStat ends a text at its first NUL and drops what follows."""
    cut, texts = np.zeros(len(raw), dtype=bool), pd.Series("", index=range(len(raw)), dtype="str")
    start = 0
    for piece in _pieces(raw, field):
        if not piece.all():
            behind = np.logical_or.accumulate(piece == 0, axis=1)
            cut[start : start + len(piece)] = (behind & (piece != 0) & (piece != ord(" "))).any(axis=1)
        start += len(piece)
    if not cut.any():
        return []
    for row in np.flatnonzero(cut)[:SHOWN]:
        texts.iloc[row] = bytes(raw[row, field.place : field.place + field.width]).decode("latin-1").rstrip(" ").replace("\0", "\\x00")
    return [Note(name, "The text has a NUL character; what follows it was not read. Remove it from the source", cut, texts, error=True)]
