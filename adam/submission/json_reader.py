"""A reader of the records of a Dataset-JSON file by the grammar of JSON: it shares no code with the writer.

A record is `[value,value,...]` in a line of its own. The lines are cut into values at commas outside quotes. Each distinct value is then
read by the JSON parser of Python. This is the only way to read the line: every byte is either a bracket, comma or line break that was
found in its place, or a part of a text that the parser accepts as one value.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa

GROUP = 1_000
"""Records that are cut at once: few enough to stay in the cache of a processor."""
QUOTE, COMMA, NEWLINE, BACKSLASH, OPEN, CLOSE = b'",\n\\[]'


class UnreadableError(Exception):
    """The bytes are not records of JSON."""


@dataclass(frozen=True)
class Records:
    """Some records: the distinct values in them, and for each column the number of the value of each record."""

    values: list[Any]
    codes: np.ndarray


def read_records(raw: bytes, size: int, columns: int, between: bytes) -> Records:
    """Read some records.

    Args:
        raw: the records, one or more.
        size: their number.
        columns: the values of each.
        between: the bytes between two records: a line break, for an array of records after a comma.

    Raises:
        UnreadableError: the bytes are not so many records of so many values, or a value is not text, a number or null.
    """
    borders = _borders(raw, size, columns, between)
    pieces = pa.Array.from_buffers(pa.large_binary(), borders.size - 1, [None, pa.py_buffer(borders), pa.py_buffer(raw)]).dictionary_encode()
    codes = pieces.indices.to_numpy().reshape(size, columns + 1)
    return Records(_values(pieces.dictionary.to_pylist()), np.ascontiguousarray(codes[:, :-1].T))


def _borders(raw: bytes, size: int, columns: int, between: bytes) -> np.ndarray:
    """Where the pieces of the records begin: the values, each after a bracket or comma, and the end of each record, from its bracket on.

    Raises:
        UnreadableError: a bracket, comma or line break is not in its place.
    """
    data = np.frombuffer(raw, dtype=np.uint8)
    breaks = np.flatnonzero(data == NEWLINE)
    if len(breaks) != size - 1:
        raise UnreadableError(f"{size} records were written, {len(breaks) + 1} were read")
    starts = np.concatenate([[0], breaks + 1])
    ends = np.concatenate([breaks + 1 - len(between), [len(raw)]])
    commas = np.concatenate([_outer_commas(data, first, last) for first, last in _groups(starts, len(raw))])
    if between.startswith(b","):  # a comma follows each record but the last
        commas = np.append(commas, len(raw))
    wrong = UnreadableError(f"{size} records of {columns} variables were written, others were read")
    if len(commas) != size * (columns - 1 + between.startswith(b",")):
        raise wrong
    cuts = commas.reshape(size, -1)
    if between.startswith(b","):
        cuts, last = cuts[:, :-1], cuts[:, -1]
        if (last != ends).any():
            raise wrong
    if (data[starts] != OPEN).any() or (data[ends - 1] != CLOSE).any() or ((cuts <= starts[:, None]) | (cuts >= ends[:, None] - 1)).any():
        raise wrong
    borders = np.empty(size * (columns + 1) + 1, dtype=np.int64)
    rows = borders[:-1].reshape(size, columns + 1)
    rows[:, 0], rows[:, 1:-1], rows[:, -1], borders[-1] = starts, cuts, ends - 1, len(raw)
    return borders


def _groups(starts: np.ndarray, end: int) -> Iterator[tuple[int, int]]:
    """The first byte of some records and of the next ones, for all records; no text extends over a line break."""
    borders = [*starts[::GROUP].tolist(), end]
    yield from pairwise(borders)


def _outer_commas(data: np.ndarray, first: int, last: int) -> np.ndarray:
    """The places of the commas outside quotes: after an even number of quotes, those after a backslash left out."""
    data = data[first:last]
    quote = data == QUOTE
    slashes = np.flatnonzero(data == BACKSLASH)
    if len(slashes):
        quote[_escaped(slashes, len(data))] = False
    places = np.flatnonzero(quote | (data == COMMA))
    quotes = quote[places]
    inside = (np.cumsum(quotes, dtype=np.int32) & 1).astype(bool)
    return first + places[~(quotes | inside)]


def _escaped(slashes: np.ndarray, size: int) -> np.ndarray:
    """The places that follow a backslash which is not escaped itself: in a run of backslashes every second one is escaped."""
    first = np.concatenate([[True], np.diff(slashes) != 1])
    runs = slashes[first][np.cumsum(first) - 1]
    after = slashes[(slashes - runs) % 2 == 0] + 1
    return after[after < size]


def _values(pieces: list[bytes]) -> list[Any]:
    """The value of each piece without its first byte, a bracket or comma; None for the end of a record.

    Raises:
        UnreadableError: a piece is not one value.
    """
    texts = [b"null" if piece.startswith(b"]") else piece[1:] for piece in pieces]
    try:
        # a line break is not valid in a JSON text, so no text can go on in the next one
        values = json.loads((b"[" + b",\n".join(texts) + b"]").decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise UnreadableError(str(error)) from None
    if len(values) != len(texts) or any(type(value) not in (str, int, float, type(None)) for value in values):
        raise UnreadableError("a value is not text, a number or null")
    return list(values)
