"""The records while they are being made: who they are of, where they come from, and their columns so far."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from adam.core.coded_text import CodedText
from adam.core.errors import SourceError
from adam.core.kinds import DTYPES, ValueKind, missing_column
from adam.core.subject_places import subject_places
from adam.planning.values.record_sets import RecordSet

SUBJECT_KEY = ["STUDYID", "USUBJID"]


def taken(column: pd.Series, rows: np.ndarray) -> pd.Series:
    """The values at `rows`, on a new RangeIndex; blank or missing at -1.

    >>> taken(pd.Series(["a", "b"], dtype="str"), np.array([1, -1, 0])).tolist()
    ['b', '', 'a']
    """
    if rows.min(initial=0) >= 0:
        return pd.Series(column.array.take(rows), index=pd.RangeIndex(len(rows)), copy=False)
    values = column.array.take(rows, allow_fill=True)
    return pd.Series(values.fillna("") if column.dtype == "str" else values, index=pd.RangeIndex(len(rows)), copy=False)


class Gathered:
    """A column that has the values of another one at some rows (-1 for none); they are copied when they are read."""

    def __init__(self, whole: pd.Series, rows: np.ndarray) -> None:
        self.whole, self.rows = whole, rows
        self._values: pd.Series | None = None

    @property
    def dtype(self) -> Any:  # noqa: ANN401  (a dtype of pandas)
        """The dtype of the values."""
        return self.whole.dtype

    def values(self) -> pd.Series:
        """The values, on a new RangeIndex."""
        if self._values is None:
            self._values = taken(self.whole, self.rows)
        return self._values


class Piece(NamedTuple):
    """A part of a longer column."""

    whole: pd.Series | Gathered
    start: int
    stop: int

    def column(self) -> pd.Series:
        """The longer column."""
        return self.whole.values() if isinstance(self.whole, Gathered) else self.whole

    def cut(self) -> pd.Series:
        """The values of the part, on a new RangeIndex."""
        values = self.column().iloc[self.start : self.stop]
        values.index = pd.RangeIndex(len(values))
        return values


class Columns(dict[str, Any]):
    """Columns by name. A step computes a variable for many sets of records at once; what one of them has is cut out when it is read."""

    def __getitem__(self, name: str) -> pd.Series:
        found = super().__getitem__(name)
        return found.cut() if isinstance(found, Piece) else found

    def get(self, name: str, default: Any = None) -> Any:  # noqa: ANN401  (as that of a dict)
        """The column, or the default."""
        return self[name] if name in self else default  # noqa: SIM401  (this is get)

    def kind(self, name: str) -> Any:  # noqa: ANN401  (a dtype of pandas)
        """The dtype of a column."""
        found = super().__getitem__(name)
        return found.whole.dtype if isinstance(found, Piece) else found.dtype

    def piece(self, name: str) -> Piece | None:
        """The piece that a column is; None if it is a whole column."""
        found = super().get(name)
        return found if isinstance(found, Piece) else None


def merged(columns: Iterable[pd.Series | Piece]) -> list[pd.Series | Piece]:
    """Columns in their order, where pieces that follow one another in the column they are of are one."""
    found: list[pd.Series | Piece] = []
    for column in columns:
        last = found[-1] if found else None
        if isinstance(last, Piece) and isinstance(column, Piece) and last.whole is column.whole and last.stop == column.start:
            found[-1] = Piece(last.whole, last.start, column.stop)
        else:
            found.append(column)
    return found


def joined(columns: Iterable[pd.Series | Piece]) -> pd.Series:
    """Columns one after another, on a new RangeIndex."""
    parts = [_part(column) for column in merged(columns)]
    if len(parts) == 1:
        ((column, start, stop),) = parts
        return column if stop - start == len(column) else Piece(column, start, stop).cut()
    dtype = parts[0][0].dtype
    if any(column.dtype != dtype for column, _, _ in parts):
        return pd.concat([Piece(*part).cut() for part in parts], ignore_index=True)
    plain = isinstance(dtype, np.dtype)
    arrays = [(column.to_numpy() if plain else column.array)[start:stop] for column, start, stop in parts]
    if plain:
        values = np.concatenate(arrays)
    else:  # text is codes if a part of it is
        kind = CodedText if any(isinstance(each, CodedText) for each in arrays) else type(arrays[0])
        values = kind._concat_same_type(arrays)  # noqa: SLF001
    return pd.Series(values, index=pd.RangeIndex(len(values)), copy=False)


def is_divided(columns: Sequence[pd.Series | Piece]) -> bool:
    """Whether columns one after another are several whole columns, so that with these in one column no other one is needed."""
    runs = merged(columns)
    gathered = any(isinstance(run, Piece) and isinstance(run.whole, Gathered) for run in runs)
    if len(runs) == 1 or gathered or len({_part(run)[0].dtype for run in runs}) > 1:
        return False
    used: dict[int, int] = {}
    size: dict[int, int] = {}
    for whole, start, stop in map(_part, runs):
        used[id(whole)], size[id(whole)] = used.get(id(whole), 0) + stop - start, len(whole)
    return used == size


def pieces_of(whole: pd.Series, columns: Sequence[pd.Series | Piece]) -> list[Piece]:
    """The pieces of a column that have the lengths of some columns."""
    ends = np.cumsum([stop - start for _, start, stop in map(_part, columns)]).tolist()
    return [Piece(whole, start, stop) for start, stop in itertools.pairwise([0, *ends])]


def _part(column: pd.Series | Piece) -> tuple[pd.Series, int, int]:
    return (column.column(), column.start, column.stop) if isinstance(column, Piece) else (column, 0, len(column))


@dataclass
class Table:
    """A set of records: the subject of each (a number), its columns, and for each source domain the row it comes from (-1 for none).

    `rows_of` has the rows of those variables of a domain that come from another record of it. `collected` holds the columns of a domain
    as collected; a prepared variable of the same name is in `columns`. `origins` are sets of records that a record rule read, each with
    the row there that a record is made from (-1 for none).
    """

    subject: np.ndarray
    columns: Columns = field(default_factory=Columns)
    collected: dict[str, pd.Series] = field(default_factory=dict)
    rows: dict[str, np.ndarray] = field(default_factory=dict)
    rows_of: dict[tuple[str, str], np.ndarray] = field(default_factory=dict)
    window: pd.Series | None = None
    origins: list[tuple[tuple[RecordSet, ...], np.ndarray]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.subject)

    def source_rows(self, domain: str, variable: str) -> np.ndarray:
        """The row of a domain that each record has a variable from; -1 for none."""
        found = self.rows_of.get((domain, variable), self.rows.get(domain))
        return np.full(len(self), -1) if found is None else found

    def has(self, name: str) -> bool:
        """Whether a variable is computed, or was collected."""
        return name in self.columns or name in self.collected


class Subjects:
    """Every subject of the demography domain, numbered; and which record of a one-record owner is whose."""

    def __init__(self, demography: pd.DataFrame) -> None:
        self.frame = demography[SUBJECT_KEY].reset_index(drop=True)
        self.keys = pd.MultiIndex.from_frame(self.frame)
        if not self.keys.is_unique:
            raise SourceError("demography has several records of one subject")

    def __len__(self) -> int:
        return len(self.frame)

    def numbers(self, frame: pd.DataFrame) -> np.ndarray:
        """The number of each record's subject.

        Raises:
            SourceError: a record is of a subject demography does not know.
        """
        found = subject_places(frame, self.keys)
        if (found < 0).any():
            raise SourceError(f"{int((found < 0).sum())} records of subjects that demography does not know")
        return found


def positions(table: Table, subjects: int) -> np.ndarray:
    """For each subject the number of its one record in a table, or -1."""
    found = np.full(subjects, -1)
    found[table.subject] = np.arange(len(table))
    return found


def cast(column: pd.Series, kind: ValueKind) -> pd.Series:
    """A column in the one dtype its kind has; a column that holds nothing becomes nothing of that kind."""
    if kind is ValueKind.ANY or column.dtype == DTYPES[kind]:
        return column
    if column.isna().all():
        return missing_column(kind, column.index)
    return column.astype(DTYPES[kind])
