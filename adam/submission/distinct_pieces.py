"""Bytes that were read back as distinct pieces: a reader decodes each piece once, whatever the number of records that have it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa


def distinct_pieces(raw: bytes | memoryview, borders: np.ndarray, records: int) -> Iterator[tuple[pa.Array, np.ndarray]]:
    """For each piece of a record the distinct ones of all records, and the number of the piece of each record.

    Args:
        raw: the bytes of the records.
        borders: where the pieces begin, record by record, and the end: increasing numbers from 0 to the number of bytes.
        records: the number of records, which have the same number of pieces.
    """
    found = pa.Array.from_buffers(pa.large_binary(), len(borders) - 1, [None, pa.py_buffer(borders), pa.py_buffer(raw)]).dictionary_encode()
    for codes in found.indices.to_numpy().reshape(records, -1).T.astype(np.intp, order="C"):
        present = np.zeros(len(found.dictionary), dtype=bool)
        present[codes] = True
        yield found.dictionary.take(pa.array(np.flatnonzero(present))), (np.cumsum(present) - 1).take(codes)
