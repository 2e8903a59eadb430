"""Aggregates over the records of a group, in the expressions of `summary`: `mean(AVAL)`, `last(AVALC)`, `exists(AVALC == "Y")`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import pandas as pd

from adam.catalog.derivation import OrderKey
from adam.catalog.record_rule import InputRecords
from adam.catalog.record_rules.grouped import Groups, chosen, order_places
from adam.catalog.record_rules.ties import differing
from adam.core import decimals
from adam.core.kinds import ValueKind, is_missing, is_true
from adam.expressions.tree import Call, Expr, Name, Node, walk

COUNTS = ("n", "nmiss")
NUMBERS = ("sum", "mean", "median", "sd")
SIZED = ("min", "max")
ORDERED = ("first", "last")
AGGREGATES = (*COUNTS, *NUMBERS, *SIZED, *ORDERED, "exists")
"""With one argument they read the records of a group. With several, `min`, `max`, `sum`, `mean` and `n` read their arguments, as anywhere."""
REQUIRED = dict.fromkeys(NUMBERS, ValueKind.NUMBER) | {"exists": ValueKind.CONDITION}
"""The kind that an aggregate requires of its argument."""


@dataclass(frozen=True)
class Aggregate:
    """An aggregate of an expression: its function, and the expression of a record."""

    function: str
    of: Expr


@dataclass(frozen=True)
class GroupExpression:
    """An expression of a group: with a name in place of each aggregate, and the aggregates by that name."""

    outer: Expr
    aggregates: Mapping[str, Aggregate]

    @property
    def columns(self) -> dict[str, Expr]:
        """The columns that the aggregates read."""
        return {name: each.of for name, each in self.aggregates.items()}

    @property
    def numbers(self) -> tuple[str, ...]:
        """The aggregates that are numbers whatever they read."""
        return tuple(name for name, each in self.aggregates.items() if each.function in (*COUNTS, *NUMBERS))

    @property
    def supplied(self) -> dict[str, str]:
        """The aggregates that have the kind of the column they read."""
        return {name: name for name, each in self.aggregates.items() if each.function not in (*COUNTS, *NUMBERS)}

    @property
    def kinds(self) -> dict[str, ValueKind]:
        """The kinds that the aggregates require of their columns."""
        return {name: REQUIRED[each.function] for name, each in self.aggregates.items() if each.function in REQUIRED}

    @property
    def outside(self) -> list[Name]:
        """The names that are read outside an aggregate."""
        return [name for name in self.outer.names if str(name) not in self.aggregates]


def is_aggregate(node: Node) -> bool:
    """Whether a part of an expression reads the records of a group."""
    return isinstance(node, Call) and node.function in AGGREGATES and len(node.arguments) == 1


def group_expression(expr: Expr) -> GroupExpression:
    """An expression of a group in its parts.

    `min` and `max` keep their function around the name, so that the plan checks the kind of what they read.

    >>> from adam.expressions.parse import parse
    >>> found = group_expression(parse("100 * sum(AVAL) / n(AVAL)"))
    >>> sorted(found.aggregates), [str(each.of) for each in found.aggregates.values()]
    (['n(AVAL)', 'sum(AVAL)'], ['AVAL', 'AVAL'])
    """
    aggregates: dict[str, Aggregate] = {}

    def replaced(node: Node) -> Node:
        if isinstance(node, Call) and is_aggregate(node):
            name = Name((str(node),), column=node.column)
            aggregates[str(node)] = Aggregate(node.function, Expr(str(node.arguments[0]), node.arguments[0], expr.mark))
            return replace(node, arguments=(name,)) if node.function in SIZED else name
        changed: dict[str, Any] = {}
        for field in fields(node):
            value = getattr(node, field.name)
            if isinstance(value, Node):
                changed[field.name] = replaced(value)
            elif isinstance(value, tuple) and value and all(isinstance(each, Node) for each in value):
                changed[field.name] = tuple(replaced(each) for each in value)
        return replace(node, **changed) if changed else node

    return GroupExpression(Expr(expr.text, replaced(expr.root), expr.mark), aggregates)


def nested(aggregate: Aggregate) -> bool:
    """Whether an aggregate reads another one."""
    return any(is_aggregate(node) for node in walk(aggregate.of.root))


def aggregated(function: str, column: pd.Series, groups: Groups) -> pd.Series:
    """The value of each group, missing where it has none; `column` has the values of the records of the groups. Not for first and last.

    >>> groups = Groups(np.arange(3), np.array([0, 0, 1]), np.array([0, 2]))
    >>> aggregated("mean", pd.Series([0.1, 0.2, np.nan]), groups).tolist()
    [0.15, nan]
    """
    number, size = groups.number, groups.size
    if function in COUNTS:
        counted = is_missing(column).to_numpy(dtype=bool) ^ (function == "n")
        return pd.Series(np.bincount(number[counted], minlength=size).astype("float64"))
    if function == "exists":
        return pd.Series(np.bincount(number[is_true(column)], minlength=size) > 0, dtype="boolean")
    if function in ("sum", "mean"):
        values = column.to_numpy(dtype="float64")
        sums, counts = decimals.group_sums(values, number, size)
        return pd.Series(decimals.over(sums, counts) if function == "mean" else np.where(counts > 0, sums, np.nan))
    by = column.reset_index(drop=True).groupby(number)
    if function in SIZED:
        return (by.min() if function == "min" else by.max()).reindex(range(size))
    found = by.median() if function == "median" else by.std(ddof=1)
    return pd.Series(decimals.significant(found.reindex(range(size)).to_numpy(dtype="float64")))


@dataclass(frozen=True)
class Ordered:
    """The records of groups in an order: the place of the first and the last one of each, and of those that `order` leaves equal to it."""

    base: InputRecords
    groups: Groups
    order: Sequence[OrderKey]
    key: Sequence[str]

    def chosen(self, column: pd.Series, last: bool) -> tuple[pd.Series, np.ndarray]:
        """The value of the first or last record of each group, and which records of the input are equal in order and differ in it."""
        decided = order_places(self.base, self.order, self.groups.rows)
        places, tied = chosen(self.base, self.groups, decided, self.key, last)
        mask = np.zeros(len(self.base), dtype=bool)
        mask[self.groups.rows[tied]] = differing(self.groups.number[tied], [column.iloc[tied]])
        return column.iloc[places].reset_index(drop=True), mask
