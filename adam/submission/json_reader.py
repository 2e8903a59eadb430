"""A reader of the records of a Dataset-JSON file by the grammar of JSON: it shares no code with the writer.

A record is `[value,value,...]` in a line of its own. The lines are cut into values at commas outside quotes. Each distinct value is then
read by the JSON parser of Python. This is the only way to read the line: every byte is either a bracket, comma or line break that was
found in its place, or a part of a text that the parser accepts as one value.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pyarrow as pa

QUOTE, COMMA, NEWLINE, BACKSLASH, OPEN, CLOSE = b'",\n\\[]'


class UnreadableError(Exception):
    """The bytes are not records of JSON."""


def read_columns(raw: bytes, size: int, columns: int, between: bytes) -> list[pa.DictionaryArray]:
    """The values of some records as JSON texts, by column.

    Args:
        raw: the records, one or more.
        size: their number.
        columns: the values of each.
        between: the bytes between two records: a line break, for an array of records after a comma.

    Raises:
        UnreadableError: the bytes are not so many records of so many values.
    """
    data = np.frombuffer(raw, dtype=np.uint8)
    breaks = np.flatnonzero(data == NEWLINE)
    if len(breaks) != size - 1:
        raise UnreadableError(f"{size} records were written, {len(breaks) + 1} were read")
    starts = np.concatenate([[0], breaks + 1])
    ends = np.concatenate([breaks + 1 - len(between), [len(raw)]])
    commas = _outer_commas(data)
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
    borders = np.empty((size, columns, 2), dtype=np.int64)
    borders[:, 0, 0], borders[:, 1:, 0] = starts + 1, cuts + 1
    borders[:, :-1, 1], borders[:, -1, 1] = cuts, ends - 1
    pieces = pa.Array.from_buffers(pa.large_binary(), borders.size - 1, [None, pa.py_buffer(borders), pa.py_buffer(raw)])
    places = np.arange(0, borders.size, 2 * columns)
    return [pieces.take(pa.array(places + 2 * number)).dictionary_encode() for number in range(columns)]


def _outer_commas(data: np.ndarray) -> np.ndarray:
    """The places of the commas outside quotes: after an even number of quotes, those after a backslash left out."""
    quote = data == QUOTE
    slashes = np.flatnonzero(data == BACKSLASH)
    if len(slashes):
        quote[_escaped(slashes, len(data))] = False
    places = np.flatnonzero(quote | (data == COMMA))
    quotes = quote[places]
    return places[~quotes & (np.cumsum(quotes, dtype=np.int32) % 2 == 0)]


def _escaped(slashes: np.ndarray, size: int) -> np.ndarray:
    """The places that follow a backslash which is not escaped itself: in a run of backslashes every second one is escaped."""
    first = np.concatenate([[True], np.diff(slashes) != 1])
    runs = slashes[first][np.cumsum(first) - 1]
    after = slashes[(slashes - runs) % 2 == 0] + 1
    return after[after < size]


def read_values(texts: pa.Array) -> list[Any]:
    """The values of JSON texts: text, numbers, None; no array, object, True or False.

    Raises:
        UnreadableError: a text is not one value.
    """
    try:
        # a line break is not valid in a JSON text, so no text can go on in the next one
        values = json.loads((b"[" + b",\n".join(texts.to_pylist()) + b"]").decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise UnreadableError(str(error)) from None
    if len(values) != len(texts) or any(type(value) not in (str, int, float, type(None)) for value in values):
        raise UnreadableError("a value is not text, a number or null")
    return list(values)
