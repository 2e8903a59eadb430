"""Neighboring columns of some records by the distinct combinations of their values: the bytes of a combination are made once, then copied.

The values of a subject, a parameter or a visit repeat in each of its records, so most neighboring columns have few combinations.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from adam.submission.text_terms import distinct_texts

if TYPE_CHECKING:
    import pandas as pd

    from adam.planning.values import ResolvedDataset, ResolvedVariable

PAIRS = 4
"""Two columns are combined if they could have at most so many pairs of values for each record: their pairs are marked in a table."""
FEW = 32
"""A column is combined with those before it if this makes at most one value more to encode for so many records."""
Terms: TypeAlias = npt.NDArray[np.float64] | npt.NDArray[np.datetime64] | npt.NDArray[np.object_]
"""Distinct values of a column: numbers with NaN, moments with NaT, or texts, with None if one is missing."""


@dataclass(frozen=True)
class Column:
    """A column of some combinations: its distinct values, and the number of the value of each combination."""

    variable: ResolvedVariable
    terms: Terms
    places: np.ndarray


@dataclass(frozen=True)
class Combinations:
    """Neighboring columns, and the number of the combination of each record. Each combination has a record."""

    columns: tuple[Column, ...]
    codes: np.ndarray

    def __len__(self) -> int:
        return len(self.columns[0].places)


@dataclass(frozen=True)
class EncodedRecords:
    """The bytes of some records.

    Args:
        data: the bytes.
        borders: where each piece begins, record by record, and the end. A piece has the values of some neighboring columns.
        counts: the number of columns of each piece of a record.
    """

    data: memoryview
    borders: np.ndarray
    counts: tuple[int, ...]


def find_combinations(frame: pd.DataFrame, dataset: ResolvedDataset) -> list[Combinations]:
    """The columns of one or more records in order, each in the same combinations as those before it if that saves work."""
    found: list[Combinations] = []
    for name, variable in dataset.variables.items():
        terms, codes = _distinct(frame[name], variable)
        joined = _joined(found[-1], variable, terms, codes) if found else None
        if joined:
            found[-1] = joined
        else:
            found.append(Combinations((Column(variable, terms, np.arange(len(terms))),), codes))
    return found


def copy_pieces(pieces: Sequence[pa.Array], combinations: Sequence[Combinations], end: pa.Array | None = None) -> EncodedRecords:
    """Copy the bytes of the combinations to the records.

    Args:
        pieces: the bytes of each combination, for each of `combinations`.
        combinations: all columns of the records.
        end: one value, the bytes after each record.
    """
    codes = [each.codes for each in combinations]
    places = np.empty((len(codes[0]), len(codes) + (end is not None)), dtype=np.int64)
    first = 0
    for number, (piece, own) in enumerate(zip(pieces, codes, strict=True)):
        np.add(own, first, out=places[:, number])
        first += len(piece)
    if end is not None:
        places[:, -1] = first
        pieces = [*pieces, end]
    copied = pa.concat_arrays(pieces).take(pa.array(places.ravel()))
    _, offsets, data = copied.buffers()
    borders = np.frombuffer(offsets, dtype=np.int64)[: len(copied) + 1]
    return EncodedRecords(memoryview(data)[: borders[-1]], borders, tuple(len(each.columns) for each in combinations))


def _distinct(column: pd.Series, variable: ResolvedVariable) -> tuple[Terms, np.ndarray]:
    """The distinct values of a column and the number of the value of each record. Numbers are distinct by their bits: 0.0 and -0.0 are two."""
    if variable.type == "text":
        texts, codes = distinct_texts(column)
        present, numbers = _present(codes, len(texts) + 1)  # the last one is that of a missing text, which has the code -1
        return (texts if present[-1] < len(texts) else np.append(texts, np.array([None], dtype=object)))[present], numbers.take(codes)
    is_moment = variable.type in ("date", "datetime")
    values = column.to_numpy() if is_moment else column.to_numpy(dtype="float64", na_value=np.nan)
    encoded = pa.array(np.ascontiguousarray(values).view(np.int64)).dictionary_encode()
    return encoded.dictionary.to_numpy().view(values.dtype), encoded.indices.to_numpy()


def _joined(group: Combinations, variable: ResolvedVariable, terms: Terms, codes: np.ndarray) -> Combinations | None:
    """The combinations with one more column; None if they are too many."""
    pairs, records = len(group) * len(terms), len(codes)
    if pairs > PAIRS * records:
        return None
    both = group.codes * np.int32(len(terms)) + codes
    distinct, numbers = _present(both, pairs)
    count = len(group.columns)
    if len(distinct) * (count + 1) > len(group) * count + len(terms) + records // FEW:
        return None
    before, own = np.divmod(distinct, len(terms))
    columns = (*(Column(each.variable, each.terms, each.places[before]) for each in group.columns), Column(variable, terms, own))
    return Combinations(columns, numbers.take(both))


def _present(codes: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """The codes below `size` that a record has, and the number of each code among them."""
    present = np.zeros(size, dtype=bool)
    present[codes.astype(np.intp)] = True  # numpy marks places of its own type three times as fast
    return np.flatnonzero(present), np.cumsum(present, dtype=np.int32) - 1
