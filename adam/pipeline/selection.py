"""Select the records of a comparison by a condition of the specification language."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Never

import numpy as np
import pandas as pd

from adam.comparison.table import DATE, DAY, EPOCH, NUMBER, TEXT, UNKNOWN, Column, Table
from adam.core.errors import UsageError, did_you_mean
from adam.core.kinds import ValueKind
from adam.core.sdtm import is_numeric
from adam.expressions.check import UnknownName, kind_of
from adam.expressions.evaluate import Columns, Evaluation
from adam.expressions.parse import ExpressionError, parse
from adam.expressions.tree import Expr, Name

KINDS = {TEXT: ValueKind.TEXT, NUMBER: ValueKind.NUMBER, DATE: ValueKind.DATE, "datetime": ValueKind.DATETIME, "time": ValueKind.TIME}


@dataclass(frozen=True)
class _Variables:
    """The variables of a table as names of an expression."""

    kinds: dict[str, ValueKind]

    def kind(self, name: Name) -> ValueKind:
        if str(name) not in self.kinds:
            raise UnknownName(f"The dataset has no variable {name}{did_you_mean(str(name), self.kinds)}")
        return self.kinds[str(name)]

    def values(self, name: Name) -> None:
        """A dataset has no lists."""

    def terms(self, name: Name | None) -> None:
        """A dataset has no codelists."""


@dataclass(frozen=True)
class Selection:
    """A condition; blank for all records."""

    text: str
    _expression: list[Expr] = field(default_factory=list, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.text.strip():
            try:
                self._expression.append(parse(self.text))
            except ExpressionError as error:
                self._refuse(str(error))

    def apply(self, dataset: str, side: str, table: Table) -> Table:
        """The table with the records for which the condition is true.

        Raises:
            UsageError: the condition is not valid, or names a variable that the dataset lacks.
        """
        if not self._expression:
            return table
        expression = self._expression[0]
        kinds = {name: KINDS[self._kind(name, column)] for name, column in table.columns.items()}
        kind, faults = kind_of(expression, _Variables(kinds))
        if faults:
            self._refuse(f"{dataset} of {side}: {faults[0].message}")
        if kind is not ValueKind.CONDITION:
            self._refuse(f"It must be a condition, such as AVISITN > 0, but is {kind.article}.")
        used = {str(name): _column(table.columns[str(name)], self._kind(str(name), table.columns[str(name)])) for name in expression.names}
        found = Evaluation(Columns(used, pd.RangeIndex(table.records))).column(expression, ValueKind.CONDITION)
        return table.select(found.fillna(False).to_numpy(dtype=bool))

    def _kind(self, name: str, column: Column) -> str:
        """The kind of a column; in a file without types SDTM defines which are numbers."""
        return column.kind or (NUMBER if is_numeric(name) else TEXT)

    def _refuse(self, message: str) -> Never:
        raise UsageError(f"--where '{self.text}' is not valid: {message}")


def _column(column: Column, kind: str) -> pd.Series:
    """A column in the form that expressions read."""
    if column.kind == UNKNOWN and kind == NUMBER:
        return pd.to_numeric(column.values, errors="coerce").astype("float64")
    if kind in (DATE, "datetime"):
        known = column.values.notna().to_numpy()
        seconds = np.where(known, column.values.to_numpy() * (DAY if kind == DATE else 1), 0).astype("int64").astype("timedelta64[s]")
        return pd.Series(EPOCH + seconds).where(known).astype("datetime64[s]")
    return column.values
