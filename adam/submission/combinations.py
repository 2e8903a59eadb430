"""Neighboring columns of some records by the distinct combinations of their values: the bytes of a combination are made once, then copied.

The values of a subject, a parameter or a visit repeat in each of its records, so most neighboring columns have few combinations.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from adam.submission.text_terms import NO_TEXT, distinct_texts

if TYPE_CHECKING:
    import pandas as pd

    from adam.planning.values import ResolvedVariable

PAIRS = 4
"""Two columns are combined if they could have at most so many pairs of values for each record: their pairs are marked in a table."""
FEW = 32
"""A column is combined with those before it if this makes at most one value more to encode for so many records."""
TOGETHER = 2_048
"""The records whose bytes are copied at once: few enough to stay in the cache of a processor."""
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
    """The bytes of some records. A record is a piece for each of several groups of neighboring columns.

    Args:
        pieces: the distinct pieces of each group.
        codes: for each group the number of the piece of each record.
    """

    pieces: Sequence[pa.Array]
    codes: Sequence[np.ndarray]

    def data(self) -> Iterator[memoryview]:
        """The bytes of the records, of some records at a time."""
        firsts = np.cumsum([0, *map(len, self.pieces)])
        whole = pa.concat_arrays(self.pieces)
        for start in range(0, len(self.codes[0]), TOGETHER):
            own = [codes[start : start + TOGETHER] for codes in self.codes]
            places = np.empty((len(own[0]), len(own)), dtype=np.int64)
            for number, (codes, first) in enumerate(zip(own, firsts, strict=False)):
                np.add(codes, first, out=places[:, number])
            _, offsets, data = whole.take(pa.array(places.ravel())).buffers()
            yield memoryview(data)[: np.frombuffer(offsets, dtype=np.int64)[places.size]]

    def borders(self) -> np.ndarray:
        """Where each piece begins, record by record, and the end."""
        borders = np.zeros(len(self.codes[0]) * len(self.codes) + 1, dtype=np.int64)
        sizes = borders[1:].reshape(len(self.codes[0]), -1)
        for number, (piece, codes) in enumerate(zip(self.pieces, self.codes, strict=True)):
            sizes[:, number] = np.diff(np.frombuffer(piece.buffers()[1], dtype=np.int64)[piece.offset :][: len(piece) + 1]).take(codes)
        return np.cumsum(borders, out=borders)


def find_combinations(columns: Iterable[ColumnValues]) -> list[Combinations]:
    """The columns of one or more records in order, each in the same combinations as those before it if that saves work."""
    groups: list[_Group] = []
    for values in columns:
        added = groups[-1].add(values) if groups else _Group(values, *values.distinct(values.numbers))
        if added:
            groups.append(added)
    return [Combinations(tuple(group.columns), group.codes) for group in groups]


@dataclass(frozen=True)
class ColumnValues:
    """A column of some records: the code of each text and the texts, or the bits of each number. 0.0 and -0.0 have other bits."""

    variable: ResolvedVariable
    numbers: np.ndarray
    texts: np.ndarray | None
    dtype: np.dtype

    def block(self, rows: slice) -> ColumnValues:
        """The values of some of the records."""
        return ColumnValues(self.variable, self.numbers[rows], self.texts, self.dtype)

    def distinct(self, numbers: np.ndarray) -> tuple[Terms, np.ndarray]:
        """The distinct values of some of the numbers, and which of them each is."""
        if self.texts is None:
            encoded = pa.array(numbers).dictionary_encode()
            return encoded.dictionary.to_numpy().view(self.dtype), encoded.indices.to_numpy()
        present, places = _present(numbers, len(self.texts) + 1)  # the last one is that of a missing text, which has the code -1
        return (self.texts if present[-1] < len(self.texts) else np.append(self.texts, NO_TEXT))[present], places.take(numbers)


def column_values(column: pd.Series, variable: ResolvedVariable) -> ColumnValues:
    """The values of a variable in some records."""
    if variable.type == "text":
        texts, codes = distinct_texts(column)
        return ColumnValues(variable, codes, texts, texts.dtype)
    is_moment = variable.type in ("date", "datetime")
    values = np.ascontiguousarray(column.to_numpy() if is_moment else column.to_numpy(dtype="float64", na_value=np.nan))
    return ColumnValues(variable, values.view(np.int64), None, values.dtype)


class _Group:
    """Combinations to which columns are added."""

    def __init__(self, values: ColumnValues, terms: Terms, codes: np.ndarray) -> None:
        self.columns = [Column(values.variable, terms, np.arange(len(terms)))]
        self._number(codes, len(terms))

    def _number(self, codes: np.ndarray, size: int) -> None:
        self.codes, self._size = codes.astype(np.intp, copy=False), size  # numpy finds places of its own type several times as fast
        self._records = np.empty(size, dtype=np.intp)  # one of each combination
        self._records[self.codes] = np.arange(len(codes))

    def add(self, values: ColumnValues) -> _Group | None:
        """Add a column if that saves work; otherwise return a group with this column only."""
        own = values.numbers.take(self._records)
        if np.array_equal(own.take(self.codes), values.numbers):  # most columns have one value in each combination
            terms, places = values.distinct(own)
            if not self._saves_work(self._size, terms):
                return _Group(values, terms, places.take(self.codes))
            self.columns.append(Column(values.variable, terms, places))
            return None
        terms, codes = values.distinct(values.numbers)
        return None if self._joined(values.variable, terms, codes) else _Group(values, terms, codes)

    def _saves_work(self, size: int, terms: Terms) -> bool:
        """Whether a column may be added if there are then so many combinations."""
        count = len(self.columns)
        return size * (count + 1) <= self._size * count + len(terms) + len(self.codes) // FEW

    def _joined(self, variable: ResolvedVariable, terms: Terms, codes: np.ndarray) -> bool:
        """Whether a column was added that has several values in a combination; not if the combinations become too many."""
        pairs = self._size * len(terms)
        if pairs > PAIRS * len(codes):
            return False
        both = self.codes * len(terms) + codes
        distinct, numbers = _present(both, pairs)
        if not self._saves_work(len(distinct), terms):
            return False
        before, own = np.divmod(distinct, len(terms))
        self.columns = [*(Column(each.variable, each.terms, each.places[before]) for each in self.columns), Column(variable, terms, own)]
        self._number(numbers.take(both), len(distinct))
        return True


def _present(codes: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """The codes below `size` that a record has, and the number of each code among them."""
    present = np.zeros(size, dtype=bool)
    present[codes.astype(np.intp, copy=False)] = True
    distinct = np.flatnonzero(present)
    numbers = np.empty(size, dtype=np.intp)
    numbers[distinct] = np.arange(len(distinct))
    return distinct, numbers
