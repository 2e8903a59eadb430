"""Findings on records that are read in several pieces: the number of records is summed, the first records are those of the whole."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd

from adam.core.errors import Finding, Severity
from adam.sources.formats import Note
from adam.sources.keys import SHOWN, finding, key_of


@dataclass
class FindingSum:
    """A finding of several pieces: its first piece, the number of records, and the first records by their place in the file."""

    first: Finding | None = None
    count: int = 0
    shown: list[tuple[int, dict[str, str], dict[str, str] | None]] = field(default_factory=list)

    def add(self, piece: Finding, places: np.ndarray) -> None:
        """Add a finding on some records; `places` has the places of its records, at least of those that it shows, in their order."""
        self.first = self.first or piece
        self.count += piece.count
        values = piece.values or (None,) * len(piece.keys)
        self.shown = sorted([*self.shown, *zip(places[:SHOWN].tolist(), piece.keys, values, strict=False)], key=lambda each: each[0])[:SHOWN]

    def finding(self) -> Finding | None:
        """The finding on the records of all pieces; None without any."""
        if self.first is None:
            return None
        values = tuple(values for _, _, values in self.shown if values is not None)
        return replace(self.first, count=self.count, keys=tuple(keys for _, keys, _ in self.shown), values=values)


@dataclass
class NoteSums:
    """The notes on the records of a file that is read by windows, as findings in the order in which the whole file has them."""

    path: Path
    domain: str
    sums: dict[tuple[int, int, int, str], FindingSum] = field(default_factory=dict)
    counters: dict[tuple[int, int, int, str], Counter[str]] = field(default_factory=dict)

    def add(self, step: int, note: Note, frame: pd.DataFrame, start: int) -> None:
        """Add a note on the records of a window.

        Args:
            step: the number of the step of reading, in which there is one note on a variable for each rank.
            note: the note.
            frame: the records of the window.
            start: the place of its first record in the file.
        """
        column = frame.columns.get_loc(note.variable) if note.variable in frame.columns else len(frame.columns)
        entry = (step, int(column), note.rank, note.variable)
        severity = Severity.ERROR if note.error else Severity.WARNING
        key = key_of(self.domain, frame.columns)
        piece = finding(self.domain, f"{self.path.name}: {note.message}", frame, note.mask, key, severity, note.variable, note.values)
        self.sums.setdefault(entry, FindingSum()).add(piece, start + np.flatnonzero(note.mask))
        if note.counted and note.values is not None:
            self.counters.setdefault(entry, Counter()).update(note.values[note.mask].value_counts().to_dict())

    def findings(self) -> list[Finding]:
        """The findings on all windows."""
        found = []
        for entry in sorted(self.sums):
            whole = self.sums[entry].finding()
            if whole is not None:
                listed = ", ".join(f"{value} ({count})" for value, count in sorted(self.counters.get(entry, {}).items()))
                found.append(replace(whole, message=f"{whole.message}: {listed}") if listed else whole)
        return found
