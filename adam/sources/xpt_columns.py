"""The records of a transport file as columns, decoded from its bytes at once: ReadStat makes a Python object of every value.

Each distinct text is decoded once. A file with a NUL in a text is left to ReadStat.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from adam.core.coded_columns import coded_column
from adam.sources.formats import Layout, Note, Records
from adam.sources.numbers import refuse_large
from adam.sources.xpt_bytes import CARD, Body, Field, fields_of, notes_of_codes

PIECE = 200_000
"""The number of records that are decoded at once."""
BLOCK = 2_000
"""The number of records that are taken apart at once: they fit in the cache of a processor."""
BLANK = ord(" ")
MANTISSA = np.uint64((1 << 56) - 1)
PERIOD = ord(".")
MISSING = np.isin(np.arange(256), [PERIOD, ord("_"), *range(ord("A"), ord("Z") + 1)])
"""Whether a number whose other bytes are 0 is missing, by its first byte."""


@dataclass(frozen=True, eq=False)
class Table:
    """Some variables of the records of a transport file, which has nothing that only ReadStat reads as far as its header shows."""

    path: Path
    body: Body
    encoding: str
    fields: Mapping[str, Field]
    count: int

    def decoded(self, first: int, end: int) -> Records | None:
        """The records of a range, and notes on special missing values; None if a text has a NUL.

        Text is UTF-8 unless a text of the range is not, or the study declares an encoding: then each byte is a character, and the text is
        still to be decoded.
        """
        parts: dict[str, list[Any]] = {name: [] for name in self.fields}
        for start in range(first, end, PIECE):
            for name, piece in _gathered(self._bytes(start, min(start + PIECE, end)), self.fields).items():
                parts[name].append(_from_ibm(piece) if self.fields[name].numeric else _encoded(piece))
        texts = _decoded({name: [distinct for _, distinct in parts[name]] for name, field in self.fields.items() if not field.numeric}, self.encoding)
        return None if texts is None else _joined(self.path, self.fields, parts, texts, end - first)

    def _bytes(self, first: int, end: int) -> np.ndarray:
        """The bytes of the records of a range; only their pages are mapped, so that a large file does not count as memory of the process."""
        return np.memmap(self.path, np.uint8, "r", offset=self.body.start + first * self.body.width, shape=(end - first, self.body.width))


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
    if not size or len(fields) != len(layout.names) or any(field.place + field.width > body.width for field in fields):
        return None
    order = dict(zip(layout.names.values(), fields, strict=True))
    chosen = {name: order[layout.names[name]] for name in columns}
    if any(field.numeric == (layout.variables[name] == "text") for name, field in chosen.items()):
        return None
    everything = np.memmap(path, dtype=np.uint8, mode="r", offset=body.start, shape=(size, body.width))
    return Table(path, body, layout.encoding, chosen, _filled(everything))


def decoded_records(path: Path, layout: Layout, columns: Sequence[str], body: Body) -> Records | None:
    """All records with some of the variables, as `Table.decoded`; None if ReadStat must read them."""
    table = open_table(path, layout, columns, body)
    return None if table is None else table.decoded(0, table.count)


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
        found[name] = pd.Series(np.concatenate(values) if values else np.zeros(0), name=name)
        refuse_large(found[name], path)
        notes += notes_of_codes(name, np.concatenate([codes for _, codes in pieces]) if pieces else np.zeros(0, dtype=np.uint8))
    return Records(pd.DataFrame(found, index=pd.RangeIndex(size)), texts.undecoded, tuple(notes))


def _gathered(raw: np.ndarray, fields: Mapping[str, Field]) -> dict[str, np.ndarray]:
    """The bytes of each variable side by side; a few records at a time, so that a record is read from memory only once."""
    found = {name: np.empty((len(raw), field.width), dtype=np.uint8) for name, field in fields.items()}
    for start in range(0, len(raw), BLOCK):
        block = np.asarray(raw[start : start + BLOCK])
        for name, field in fields.items():
            found[name][start : start + BLOCK] = block[:, field.place : field.place + field.width]
    return found


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
    encoded = pa.Array.from_buffers(pa.binary(width), size, [None, pa.py_buffer(piece)]).dictionary_encode()
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
