"""The analysis windows of a dataset, bound."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from adam.core.errors import NOWHERE, Mark
from adam.core.kinds import ValueKind
from adam.expressions.tree import Expr, Name
from adam.planning.values.formulas import Formula
from adam.planning.values.references import Reference


@dataclass(frozen=True)
class AnalysisWindow:
    """One window: a visit with its number, and the days, or the condition, that decide it. `low` may be the start of the period."""

    name: str
    number: float
    period: int | None = None
    target: int | None = None
    low: int | Literal["period"] | None = None
    high: int | None = None
    where: Expr | None = None


@dataclass(frozen=True, eq=False)
class Windows:
    """The windows of a dataset: the table, the expressions, what their names refer to, and the start of each period.

    The day of a record is counted from `reference` to `date`; there is no day 0. A record that `where` does not select has no window.
    `range` is the form of AWRANGE: with the unit, or short.
    """

    name: str
    table: tuple[AnalysisWindow, ...]
    date: Expr
    reference: Expr
    references: Mapping[Name, Reference]
    where: Expr | None = None
    starts: Mapping[int, Name] = field(default_factory=dict)
    range: Literal["unit", "short"] = "unit"
    mark: Mark = NOWHERE


@dataclass(frozen=True, eq=False)
class DatedWindows:
    """The windows of a date of a subject: a record that has nothing but its date.

    `formulas` are those of the variables that the windows read on such a record; a variable without a formula is blank, of its kind.
    """

    windows: Windows
    formulas: Mapping[str, Formula | ValueKind]
