"""Where a source is cut into parts: consecutive subjects in the order of STUDYID and USUBJID; and the records of each part as they are read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from adam.core.stored import StoredRecords, write_records
from adam.core.subject_places import subject_places


@dataclass(frozen=True, eq=False)
class Cut:
    """The subjects of DM in order, and how many of them are in a part."""

    subjects: pd.MultiIndex
    size: int

    @property
    def count(self) -> int:
        """The number of parts, at least one."""
        return max(1, -(-len(self.subjects) // self.size))

    def places(self, frame: pd.DataFrame) -> np.ndarray:
        """The place of each record's subject among the subjects; -1 if it is not one of them."""
        return subject_places(frame, self.subjects)

    def parts(self, places: np.ndarray) -> np.ndarray:
        """The part of each record; a record of an unknown subject is in the first one."""
        return np.asarray(np.maximum(places, 0) // self.size)

    def ordered(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The records by subject, those of a subject in the order in which they are."""
        places = self.places(frame)
        return frame if is_sorted(places) else frame.iloc[np.argsort(places, kind="stable")].reset_index(drop=True)


def is_sorted(places: np.ndarray) -> bool:
    """Whether no place is before the one that precedes it."""
    return bool((places[1:] >= places[:-1]).all())


@dataclass
class Pieces:
    """The records of a domain by part, in the order of its files; each piece is written to a folder, or kept in memory without one."""

    cut: Cut
    scratch: Path | None
    name: str
    pieces: list[list[StoredRecords]] = field(init=False)
    last: list[int] = field(init=False)
    in_order: bool = True
    written: int = 0
    empty: pd.DataFrame | None = None

    def __post_init__(self) -> None:
        self.pieces = [[] for _ in range(self.cut.count)]
        self.last = [-1] * self.cut.count

    def add(self, frame: pd.DataFrame) -> None:
        """Add consecutive records."""
        self.empty = frame[:0] if self.empty is None else self.empty
        places = self.cut.places(frame)
        parts = self.cut.parts(places)
        for number in np.unique(parts):
            chosen = parts == number
            mine = places[chosen]
            self.in_order = self.in_order and is_sorted(np.append(self.last[number], mine))
            self.last[number] = int(mine[-1])
            self.pieces[number].append(self.keep(frame if len(mine) == len(frame) else frame[chosen]))

    def keep(self, frame: pd.DataFrame) -> StoredRecords:
        """The records of a frame, written to the next file of the folder."""
        if self.scratch is None:
            return StoredRecords.in_memory(frame)
        self.written += 1
        return write_records(frame, self.scratch / f"{self.name}.{self.written}.arrow")

    def part(self, number: int) -> StoredRecords:
        """The records of a part."""
        if self.empty is None:
            raise ValueError("no records were added")
        return StoredRecords.joined(self.pieces[number]) if self.pieces[number] else StoredRecords.in_memory(self.empty)

    def joined(self) -> StoredRecords:
        """The records of all parts."""
        return StoredRecords.joined(self.part(number) for number in range(self.cut.count))

    def frames(self) -> Iterator[pd.DataFrame]:
        """The records of each part by subject."""
        for number in range(self.cut.count):
            yield self.cut.ordered(self.part(number).read())

    def remove(self) -> None:
        """Remove the files that were written."""
        if self.scratch is not None:
            for number in range(1, self.written + 1):
                (self.scratch / f"{self.name}.{number}.arrow").unlink()
