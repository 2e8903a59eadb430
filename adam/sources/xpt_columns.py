"""The records of a transport file as columns, decoded from its bytes at once: ReadStat makes a Python object of every value.

Each distinct text is decoded once. A file with a NUL in a text is left to ReadStat.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from adam.core.coded_columns import coded_column
from adam.sources.formats import Hashed, Layout, Note, Records, readable
from adam.sources.numbers import refuse_large
from adam.sources.xpt_bytes import CARD, Body, Field, fields_of, notes_of_codes
from adam.sources.xpt_pass import OnePass

PIECE = 200_000
"""The number of records that are decoded at once."""
WHOLE = {1: pa.uint8(), 2: pa.uint16(), 4: pa.uint32(), 8: pa.uint64()}
"""The whole number of a width, which is encoded faster than bytes of that width."""
BLANK = ord(" ")
MANTISSA = np.uint64((1 << 56) - 1)
PERIOD = ord(".")
MISSING = np.isin(np.arange(256), [PERIOD, ord("_"), *range(ord("A"), ord("Z") + 1)])
"""Whether a number whose other bytes are 0 is missing, by its first byte."""


class Window(NamedTuple):
    """The records from `start` to `end`, None if a text has a NUL; with the last ones the sha256 of the file."""

    start: int
    end: int
    records: Records | None
    sha256: str


@dataclass(frozen=True, eq=False)
class Table:
    """Some variables of the records of a transport file, which has nothing that only ReadStat reads as far as its header shows."""

    path: Path
    body: Body
    encoding: str
    fields: Mapping[str, Field]
    count: int
    has_text: bool

    def windows(self, size: int) -> Iterator[Window]:
        """The records by windows of `size`, at least one, with notes on special missing values. The file is read and hashed once.

        Text is UTF-8 unless a text of the window is not, or the study declares an encoding: then each byte is a character, and the text is
        still to be decoded.

        Raises:
            SourceError: a number is above 2**53, the file has a second dataset, or it changed.
        """
        with readable(self.path), self.path.open("rb") as file:
            reading = OnePass(file, self.path, self.body, self.fields.values())
            for start in range(0, max(self.count, 1), size):
                end = min(start + size, self.count)
                parts: dict[str, list[Any]] = {name: [] for name in self.fields}
                for first in range(start, end, PIECE):
                    for (name, field), piece in zip(self.fields.items(), reading.next(min(PIECE, end - first)), strict=True):
                        parts[name].append(_numbers(piece) if field.numeric else _encoded(piece))
                sha256 = reading.finish(self.count, has_text=self.has_text) if end == self.count else ""
                yield Window(start, end, self._decoded(parts, end - start, sha256), sha256)

    def _decoded(self, parts: dict[str, list[Any]], size: int, sha256: str) -> Records | None:
        distinct = {name: [each for _, each in parts[name]] for name, field in self.fields.items() if not field.numeric}
        texts = _decoded(distinct, self.encoding)
        if texts is None:
            return None
        found = _joined(self.path, self.fields, parts, texts, size)
        return found._replace(hashed=Hashed(sha256, alone=True)) if sha256 else found


def open_table(path: Path, layout: Layout, columns: Sequence[str], body: Body) -> Table | None:
    """Some variables of the records of a transport file; None if the file is not as its header describes.

    Args:
        path: the file.
        layout: its layout.
        columns: the variables.
        body: where its records are.
    """
    with path.open("rb") as file:
        fields = fields_of(file.read(body.start), path)
    size = (body.end - body.start) // body.width
    if not size or len(fields) != len(layout.names) or any(not 0 < field.width <= body.width - field.place for field in fields):
        return None
    order = dict(zip(layout.names.values(), fields, strict=True))
    chosen = {name: order[layout.names[name]] for name in columns}
    if any(field.numeric == (layout.variables[name] == "text") for name, field in chosen.items()):
        return None
    everything = np.memmap(path, dtype=np.uint8, mode="r", offset=body.start, shape=(size, body.width))
    return Table(path, body, layout.encoding, chosen, _filled(everything), "text" in layout.variables.values())


def _joined(path: Path, fields: Mapping[str, Field], parts: dict[str, list[Any]], texts: Texts, size: int) -> Records:
    """The pieces of the columns as one frame, and notes on special missing values.

    Raises:
        SourceError: a number is above 2**53.
    """
    found: dict[str, pd.Series] = {}
    notes: list[Note] = []
    for name, field in fields.items():
        pieces = parts.pop(name)
        if not field.numeric:
            found[name] = coded_column([(codes, each) for (codes, _), each in zip(pieces, texts.distinct[name], strict=True)])
            continue
        values = [values for values, _ in pieces]
        found[name] = pd.Series(values[0] if len(values) == 1 else np.concatenate([np.zeros(0), *values]), name=name, copy=False)
        refuse_large(found[name], path)
        if any(len(codes) for _, codes in pieces):
            notes += notes_of_codes(name, np.concatenate([codes if len(codes) else np.zeros(len(own), dtype=np.uint8) for own, codes in pieces]))
    return Records(pd.DataFrame(found, index=pd.RangeIndex(size), copy=False), texts.undecoded, tuple(notes))


def _numbers(piece: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The numbers of a column and the letters of its special missing values. Each distinct number is decoded once."""
    if piece.shape[1] != 8:
        return _from_ibm(piece)
    codes, distinct = _encoded(piece)
    values, letters = _from_ibm(distinct)
    return values.take(codes), letters.take(codes) if letters.any() else np.zeros(0, dtype=np.uint8)


def _filled(raw: np.ndarray) -> int:
    """The number of records without the blank ones at the end, which are padding."""
    stop, count = len(raw), CARD
    while stop:
        start = max(0, stop - count)
        filled = np.flatnonzero((raw[start:stop] != BLANK).any(axis=1))
        if len(filled):
            return start + int(filled[-1]) + 1
        stop, count = start, PIECE
    return 0


def _from_ibm(piece: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Numbers of the mainframe as float64, and the letter of each special missing value, 0 in the other records.

    A number has up to 8 bytes: sign, exponent of 16, and a fraction of up to 56 bits, cut to the 53 of a double as ReadStat cuts it.

    >>> piece = np.frombuffer(bytes.fromhex("4110000000000000C2640000000000002E00000000000000"), dtype=np.uint8)
    >>> _from_ibm(piece.reshape(3, 8))[0]
    array([   1., -100.,   nan])
    """
    wide = piece if piece.shape[1] == 8 else np.pad(piece, ((0, 0), (0, 8 - piece.shape[1])))
    words = np.ascontiguousarray(wide).view(">u8").ravel().astype(np.uint64)
    fraction = words & MANTISSA
    for bit in (53, 54, 55):  # a fraction of 54 to 56 bits loses 1 to 3 bits
        fraction &= ~np.where(fraction >> np.uint64(bit) != 0, np.uint64((1 << (bit - 52)) - 1), np.uint64(0))
    first = (words >> np.uint64(56)).astype(np.int32)
    values = np.ldexp(fraction.astype("float64"), 4 * (first & 0x7F) - 312)
    values = np.where(first >= 0x80, -values, values)
    empty = fraction == 0
    codes = np.zeros(len(values), dtype=np.uint8)
    if empty.any():
        missing = empty & ((words & MANTISSA) == 0) & MISSING[first]
        values[missing] = np.nan
        special = missing & (first != PERIOD)
        codes[special] = first[special]
    return values, codes


def _encoded(piece: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The number of each text of a column among its distinct texts, and their bytes."""
    size, width = piece.shape
    encoded = pa.Array.from_buffers(WHOLE.get(width) or pa.binary(width), size, [None, pa.py_buffer(piece)]).dictionary_encode()
    distinct = encoded.dictionary
    places = np.frombuffer(distinct.buffers()[1], dtype=np.uint8, count=len(distinct) * width)
    return encoded.indices.to_numpy(), places.reshape(len(distinct), width)


class Texts(NamedTuple):
    """The distinct texts of each piece of the columns, and whether each of their characters is a byte still to be decoded."""

    distinct: Mapping[str, list[pa.Array]]
    undecoded: bool


def _decoded(pieces: Mapping[str, list[np.ndarray]], encoding: str) -> Texts | None:
    """The texts of bytes; None if a byte is NUL."""
    every = [piece for each in pieces.values() for piece in each]
    if any(piece.size and piece.min() == 0 for piece in every):
        return None
    undecoded = bool(encoding) or not all(_is_utf8(piece) for piece in every)
    read = "latin-1" if undecoded else "utf-8"
    return Texts({name: [_texts(piece, read) for piece in each] for name, each in pieces.items()}, undecoded)


def _is_utf8(piece: np.ndarray) -> bool:
    """Whether each text is valid UTF-8 on its own: a character does not go on in the next text."""
    try:
        for text in piece[(piece > 127).any(axis=1)]:
            text.tobytes().decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _texts(piece: np.ndarray, encoding: str) -> pa.Array:
    """Texts without trailing blanks."""
    width = piece.shape[1]
    filled = piece != BLANK
    lengths = np.where(filled.any(axis=1), width - filled[:, ::-1].argmax(axis=1), 0)
    data = piece[np.arange(width) < lengths[:, None]]
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype("int64")
    if piece.size and piece.max() > 127:
        raw = data.tobytes()
        return pa.array([raw[start:end].decode(encoding) for start, end in itertools.pairwise(offsets.tolist())], pa.large_string())
    return pa.Array.from_buffers(pa.large_string(), len(piece), [None, pa.py_buffer(offsets), pa.py_buffer(data)])
