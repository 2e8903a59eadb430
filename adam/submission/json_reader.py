"""A reader of the records of a Dataset-JSON file by the grammar of JSON: it shares no code with the writer.

A record is `[value,value,...]` in a line of its own. The lines are cut into pieces, each from the bracket or comma before its values on.
Each distinct piece is then read by the JSON parser of Python. This is the only way to read the line: every byte is a bracket, comma or line
break in its place, or a part of a text that the parser accepts as so many values.

The places of the pieces therefore need no trust. The writer suggests them: a piece has the values of neighboring columns that repeat
together, so few pieces are distinct. If a suggested piece is not so many values, the lines are cut at the commas outside quotes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Any

import numpy as np

from adam.submission.distinct_pieces import distinct_pieces

GROUP = 1_000
"""Records that are cut at once: few enough to stay in the cache of a processor."""
QUOTE, COMMA, NEWLINE, BACKSLASH, OPEN, CLOSE = b'",\n\\[]'


class UnreadableError(Exception):
    """The bytes are not records of JSON."""


@dataclass(frozen=True)
class Pieces:
    """How records are cut.

    Args:
        borders: where the pieces begin, record by record, and the end. The last piece of a record is its end, from its bracket on.
        counts: the number of values of each other piece of a record.
        numbers: numbers for these pieces of each record, see `distinct_pieces`.
    """

    borders: np.ndarray
    counts: tuple[int, ...]
    numbers: tuple[np.ndarray, ...] = ()


@dataclass(frozen=True)
class Column:
    """The values of a column in the distinct pieces, and for each record the number of its piece."""

    values: Sequence[Any]
    codes: np.ndarray


def read_records(raw: bytes | memoryview, size: int, columns: int, between: bytes, suggested: Pieces | None = None) -> list[Column]:
    """Read some records.

    Args:
        raw: the records, one or more.
        size: their number.
        columns: the values of each.
        between: the bytes between two records: a line break, for an array of records after a comma.
        suggested: how to cut the records.

    Raises:
        UnreadableError: the bytes are not so many records of so many values, or a value is not text, a number or null.
    """
    if suggested is not None and sum(suggested.counts) == columns:
        try:
            return _read(raw, size, between, suggested)
        except UnreadableError:
            pass
    return _read(raw, size, between, Pieces(_borders(raw, size, columns, between), (1,) * columns))


def _read(raw: bytes | memoryview, size: int, between: bytes, cut: Pieces) -> list[Column]:
    """Read records that are cut.

    Raises:
        UnreadableError: a piece is not so many values after a bracket or comma, or not the end of a record.
    """
    borders, width = cut.borders, len(cut.counts) + 1
    if len(borders) != size * width + 1 or borders[0] != 0 or borders[-1] != len(raw) or (np.diff(borders) < 1).any():
        raise UnreadableError("the pieces are not those of the records")
    columns = []
    *pieces, (ends, last) = distinct_pieces(raw, borders, size, cut.numbers)
    for number, (count, (distinct, codes)) in enumerate(zip(cut.counts, pieces, strict=True)):
        columns += [Column(values, codes) for values in _values(distinct.to_pylist(), count, b"," if number else b"[")]
    if ends.to_pylist() != [b"]" + between, b"]"][-size:] or last[:-1].any():
        raise UnreadableError("the records are not separated")
    return columns


def _borders(raw: bytes | memoryview, size: int, columns: int, between: bytes) -> np.ndarray:
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


def _values(pieces: list[bytes], count: int, before: bytes) -> list[tuple[Any, ...]]:
    """The values of each piece as columns.

    Raises:
        UnreadableError: a piece is not so many values after a bracket or comma.
    """
    text = b"[[" + b"],\n[".join([piece[1:] for piece in pieces]) + b"]]"
    if {piece[:1] for piece in pieces} != {before} or text.count(b"\n") != len(pieces) - 1:
        raise UnreadableError("a value does not follow a bracket or comma")
    try:  # no piece has a line break, and a JSON text cannot have one, so none goes on in the next piece
        lists = json.loads(text.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise UnreadableError(str(error)) from None
    if {type(each) for each in lists} != {list} or not {type(value) for value in chain.from_iterable(lists)} <= {str, int, float, type(None)}:
        raise UnreadableError("a value is not text, a number or null")
    if len(lists) != len(pieces) or {len(each) for each in lists} != {count}:
        raise UnreadableError("a piece has more or fewer values")
    return list(zip(*lists, strict=True))
