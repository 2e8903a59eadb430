"""Bytes that were read back as distinct pieces: a reader decodes each piece once, whatever the number of records that have it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest

import numpy as np
import pyarrow as pa


def distinct_pieces(
    raw: bytes | memoryview, borders: np.ndarray, records: int, suggested: Sequence[np.ndarray] = ()
) -> Iterator[tuple[pa.Array, np.ndarray]]:
    """For each piece of a record the distinct ones of all records, and the number of the piece of each record.

    Args:
        raw: the bytes of the records.
        borders: where the pieces begin, record by record, and the end: increasing numbers from 0 to the number of bytes.
        records: the number of records, which have the same number of pieces.
        suggested: for some of the first pieces of a record, a number for each record. They are the numbers of the pieces if each number has
            one piece in all records; several numbers may then have equal pieces. Otherwise they have no effect.
    """
    found = pa.Array.from_buffers(pa.large_binary(), len(borders) - 1, [None, pa.py_buffer(borders), pa.py_buffer(raw)]).dictionary_encode()
    for place, numbers in zip_longest(found.indices.to_numpy().reshape(records, -1).T, suggested):
        codes = np.ascontiguousarray(place)
        if numbers is not None and len(numbers) == records:
            of_numbers = np.zeros(numbers.max(initial=0) + 1, dtype=codes.dtype)
            of_numbers[numbers] = codes
            if np.array_equal(of_numbers.take(numbers), codes):
                yield found.dictionary.take(pa.array(of_numbers)), numbers
                continue
        present = np.zeros(len(found.dictionary), dtype=bool)
        present[codes] = True
        yield found.dictionary.take(pa.array(np.flatnonzero(present))), (np.cumsum(present) - 1).take(codes)


def same_records(pieces: np.ndarray, expected: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """The pieces and the expected values that records have, as pairs of numbers: each pair once, if each expected value has one piece.

    Args:
        pieces: the number of the piece of each record.
        expected: the number of the value that is expected of each record.
        size: the number of these values.
    """
    if pieces is expected:
        return np.arange(size), np.arange(size)
    of_values = np.zeros(size, dtype=pieces.dtype)
    of_values[expected] = pieces
    return (of_values, np.arange(size)) if np.array_equal(of_values.take(expected), pieces) else (pieces, expected)
