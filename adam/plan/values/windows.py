"""The analysis windows of a dataset, bound."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from adam.core.errors import NOWHERE, Mark
from adam.expressions.tree import Expr, Name
from adam.plan.values.references import Reference


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
    """The windows of a dataset: the table, the expressions, what their names refer to, and the start of each period."""

    name: str
    table: tuple[AnalysisWindow, ...]
    day: Expr
    date: Expr
    references: Mapping[Name, Reference]
    starts: Mapping[int, Name] = field(default_factory=dict)
    mark: Mark = NOWHERE
