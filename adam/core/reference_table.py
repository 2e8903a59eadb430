"""A reference table: facts without subjects, such as reference ranges, queries or parameters, in a file next to the specification."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from adam.core.errors import NOWHERE, Mark
from adam.core.kinds import DTYPES, ValueKind, missing_column
from adam.core.numerals import written

Cell = str | float | np.datetime64
"""A text, blank if there is none; a number, NaN if there is none; a date or datetime, NaT if there is none."""


@dataclass(frozen=True, eq=False)
class ReferenceTable:
    """A table of the study as a value: the cells of each column from the first row to the last, and the kind of each column.

    `file` is its path as the specification writes it, and `mark` the line that does. `used` is false if the study lists it, and no line
    reads it.
    """

    name: str
    file: str
    columns: Mapping[str, tuple[Cell, ...]]
    kinds: Mapping[str, ValueKind]
    mark: Mark = NOWHERE
    used: bool = True

    def __len__(self) -> int:
        """The number of rows."""
        return len(next(iter(self.columns.values()), ()))

    def __str__(self) -> str:
        """The name, as formulas are printed with it."""
        return self.name

    @property
    def digest(self) -> str:
        """A text that is equal for tables with the same columns and cells."""
        content = repr([(name, str(self.kinds[name]), [*map(shown, cells)]) for name, cells in self.columns.items()])
        return hashlib.sha256(content.encode()).hexdigest()[:16]

    def column(self, name: str) -> pd.Series:
        """A column on the rows of the table."""
        kind = self.kinds[name]
        if not len(self):
            return missing_column(kind, pd.RangeIndex(0))
        return pd.Series(list(self.columns[name]), dtype=DTYPES[kind])

    def texts(self, name: str) -> tuple[str, ...]:
        """The texts of a column that are not blank, each once."""
        return tuple(dict.fromkeys(text for text in self.columns[name] if isinstance(text, str) and text))

    def rows(self, names: Sequence[str]) -> list[tuple[Cell, ...]]:
        """The cells of some columns, row by row."""
        return list(zip(*(self.columns[name] for name in names), strict=True))

    def duplicates(self, names: Sequence[str]) -> tuple[Cell, ...] | None:
        """The cells of some columns that two rows share; None if no two rows do."""
        seen: set[tuple[str, ...]] = set()
        for row in self.rows(names):
            key = tuple(map(shown, row))
            if key in seen:
                return row
            seen.add(key)
        return None


def shown(cell: Cell) -> str:
    """A cell as messages show it; blank if there is none.

    >>> shown(3.0), shown("A"), shown(float("nan"))
    ('3', 'A', '')
    """
    if isinstance(cell, str):
        return cell
    if isinstance(cell, np.datetime64):
        return "" if np.isnat(cell) else str(cell).removesuffix("T00:00:00")
    return "" if cell != cell else written(cell)
