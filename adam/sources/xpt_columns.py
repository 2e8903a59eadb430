"""The records of a transport file as columns, decoded from its bytes at once: ReadStat makes a Python object of every value.

Only what is the same in every reading is decoded here: numbers, and text in ASCII without NUL. Any other file is left to ReadStat.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from adam.sources.formats import Layout
from adam.sources.numbers import refuse_large
from adam.sources.readstat import TEXT
from adam.sources.xpt_bytes import Body, Field, fields_of

PIECE = 200_000
"""The number of records that are decoded at once."""
BLANK = ord(" ")
MANTISSA = np.uint64((1 << 56) - 1)
MISSING = frozenset((ord("."), ord("_"), *range(ord("A"), ord("Z") + 1)))


def decoded_records(path: Path, layout: Layout, columns: Sequence[str], body: Body) -> pd.DataFrame | None:
    """The records with some of the variables; None if a text is not plain ASCII, or the file is not as its header describes.

    Args:
        path: the file.
        layout: its layout.
        columns: the variables.
        body: where its records are.
    """
    with path.open("rb") as file:
        fields = fields_of(file.read(body.start), path)
    if len(fields) != len(layout.names) or any(field.place + field.width > body.width for field in fields):
        return None
    order = dict(zip(layout.names.values(), fields, strict=True))
    size = (body.end - body.start) // body.width
    if not size:
        return None
    everything = np.memmap(path, dtype=np.uint8, mode="r", offset=body.start, shape=(size, body.width))
    raw = everything[: _filled(everything)]
    found: dict[str, pd.Series] = {}
    for name in columns:
        field = order[layout.names[name]]
        if field.numeric != (layout.variables[name] != "text"):
            return None
        column = _numbers(raw, field) if field.numeric else _texts(raw, field)
        if column is None:
            return None
        found[name] = column.rename(name)
        if field.numeric:
            refuse_large(found[name], path)
    return pd.DataFrame(found, index=pd.RangeIndex(len(raw)))


def _filled(raw: np.ndarray) -> int:
    """The number of records without the blank ones at the end, which are padding."""
    for stop in range(len(raw), 0, -PIECE):
        start = max(0, stop - PIECE)
        filled = np.flatnonzero((raw[start:stop] != BLANK).any(axis=1))
        if len(filled):
            return start + int(filled[-1]) + 1
    return 0


def _pieces(raw: np.ndarray, field: Field) -> Iterator[np.ndarray]:
    for start in range(0, len(raw), PIECE):
        yield np.ascontiguousarray(raw[start : start + PIECE, field.place : field.place + field.width])


def _numbers(raw: np.ndarray, field: Field) -> pd.Series:
    """Numbers of the IBM mainframe as float64; special missing values are NaN."""
    parts = [_from_ibm(piece) for piece in _pieces(raw, field)]
    return pd.Series(np.concatenate(parts) if parts else np.zeros(0), dtype="float64")


def _from_ibm(piece: np.ndarray) -> np.ndarray:
    """Numbers of up to 8 bytes each: sign, exponent of 16, and a fraction of up to 56 bits, cut to the 53 of a double as ReadStat cuts it.

    >>> _from_ibm(np.frombuffer(bytes.fromhex("4110000000000000 C2640000 00000000 2E00000000000000".replace(" ", "")), dtype=np.uint8).reshape(3, 8))
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
    empty = (words & MANTISSA) == 0
    if empty.any():
        values[empty & np.isin(first, list(MISSING))] = np.nan
    return values


def _texts(raw: np.ndarray, field: Field) -> pd.Series | None:
    """Texts without trailing blanks; None if a byte is not ASCII, or is NUL."""
    chunks = []
    for piece in _pieces(raw, field):
        if piece.size and (piece.max() > 127 or piece.min() == 0):
            return None
        filled = piece != BLANK
        lengths = np.where(filled.any(axis=1), field.width - filled[:, ::-1].argmax(axis=1), 0)
        data = piece[np.arange(field.width) < lengths[:, None]]
        offsets = np.concatenate([[0], np.cumsum(lengths)]).astype("int64")
        chunks.append(pa.Array.from_buffers(pa.large_string(), len(piece), [None, pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(data))]))
    return pd.Series(pd.arrays.ArrowStringArray(pa.chunked_array(chunks, type=pa.large_string()), dtype=TEXT))
