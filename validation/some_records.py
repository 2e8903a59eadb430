"""Some records of a dataset: what is evaluated on them only, because the others cannot need it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from adam.expressions.evaluate import Evaluation
from adam.expressions.tree import Expr, Name
from adam.expressions.truth import Truth

if TYPE_CHECKING:
    from validation.records import Records


class SomeRecords:
    """The records of a dataset at some positions."""

    def __init__(self, records: Records, rows: np.ndarray) -> None:
        self.records, self.rows = records, rows

    @property
    def index(self) -> pd.Index:
        """The records, numbered."""
        return pd.RangeIndex(len(self.rows))

    def __getitem__(self, variable: str) -> pd.Series:
        """Return a variable of the dataset."""
        return self._taken(self.records.frame[variable])

    def column(self, name: Name) -> pd.Series | float | str | np.datetime64:
        """Return the column of a name."""
        found = self.records.column(name)
        return self._taken(found) if isinstance(found, pd.Series) else found

    def _taken(self, column: pd.Series) -> pd.Series:
        return pd.Series(column.array.take(self.rows), copy=False)

    def values(self, name: Name) -> tuple[float | str, ...] | None:
        """Return the values of a list of the study."""
        return self.records.values(name)

    def terms(self, name: Name | None) -> Mapping[str, float] | None:
        """Return the numbers of a variable's codelist."""
        return self.records.terms(name)

    def evaluated(self, expr: Expr) -> pd.Series:
        """Return the column of an expression."""
        return Evaluation(self).column(expr)

    def truth(self, condition: Expr) -> Truth:
        """Return which of these records a condition is true in, and which it is false in."""
        return Evaluation(self).truth(condition.root)

    def on_all(self, mask: np.ndarray) -> np.ndarray:
        """Return a mask of these records as one of all records."""
        found = np.zeros(len(self.records.index), dtype=bool)
        found[self.rows] = mask
        return found
