"""An expression and columns to a column. Missing values follow LANGUAGE §8: text is never missing, comparison with missing is unknown."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
import pandas as pd

from adam.expr.functions import FUNCTIONS, WithIssue
from adam.expr.kinds import DTYPES, Kind, nothing
from adam.expr.tree import (
    Arithmetic,
    Both,
    Call,
    Comparison,
    Expr,
    Literal,
    Membership,
    Missing,
    Name,
    Negation,
    Negative,
    Node,
)

OPERATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "**": operator.pow,
}
DAY = np.timedelta64(86400, "s")


class Records(Protocol):
    """The records an expression is worked out on."""

    @property
    def index(self) -> pd.Index:
        """The index of every column."""

    def column(self, name: Name) -> pd.Series | Sequence[pd.Series] | float | str | np.datetime64:
        """The column of a name; several for a set of items, a single value for a constant."""

    def values(self, name: Name) -> tuple[float | str, ...] | None:
        """The values of a list of the study."""

    def terms(self, name: Name | None) -> Mapping[str, float] | None:
        """The numbers of a variable's codelist, or (None) of this variable's."""


class Columns:
    """Records that are nothing but columns by name."""

    def __init__(self, columns: Mapping[str, pd.Series], index: pd.Index) -> None:
        self.columns = columns
        self._index = index

    @property
    def index(self) -> pd.Index:
        """The index of every column."""
        return self._index

    def column(self, name: Name) -> pd.Series:
        """The column of that name."""
        return self.columns[str(name)]

    def values(self, name: Name) -> None:
        """There are no lists here."""

    def terms(self, name: Name | None) -> None:
        """There are no codelists here."""


class Evaluation:
    """Works out expressions on records; `issues` gathers what was met on the way: a text and a mask."""

    def __init__(self, records: Records) -> None:
        self.records = records
        self.issues: list[tuple[str, np.ndarray]] = []

    def column(self, expr: Expr, kind: Kind | None = None) -> pd.Series:
        """The column an expression gives, of `kind` where it says nothing of its own (the literal `missing`)."""
        value = self.node(expr.root)
        if value is None:
            return nothing(kind or Kind.NUMBER, self.records.index)
        return self.series(value, kind)

    def series(self, value: Any, kind: Kind | None = None) -> pd.Series:  # noqa: ANN401  (a column or a single value)
        if isinstance(value, pd.Series):
            return value
        if value is None:
            return nothing(kind or Kind.NUMBER, self.records.index)
        if kind is Kind.DATE and isinstance(value, str):
            value = np.datetime64(value, "s")
        if isinstance(value, np.datetime64):
            return pd.Series(np.full(len(self.records.index), value.astype("datetime64[s]")), index=self.records.index)
        dtype = DTYPES[Kind.TEXT if isinstance(value, str) else Kind.NUMBER]
        return pd.Series(value, index=self.records.index, dtype=dtype)

    def node(self, node: Node) -> Any:  # noqa: ANN401
        match node:
            case Name():
                return self.records.column(node)
            case Literal(value=value):
                return value
            case Missing():
                return None
            case Negative(value=value):
                return -self.series(self.node(value))
            case Negation(value=value):
                return ~self.condition(value)
            case Both(op=op, values=values):
                return self.both(op, values)
        return self.joined(node)

    def joined(self, node: Node) -> pd.Series:
        match node:
            case Comparison(op=op, left=left, right=right):
                return self.comparison(op, self.node(left), self.node(right))
            case Membership():
                return self.membership(node)
            case Arithmetic(op=op, left=left, right=right):
                return self.arithmetic(op, self.node(left), self.node(right))
            case Call():
                return self.call(node)
        raise AssertionError(f"no such node: {node!r}")

    def condition(self, node: Node) -> pd.Series:
        value = self.node(node)
        return nothing(Kind.CONDITION, self.records.index) if value is None else self.series(value)

    def both(self, op: str, values: tuple[Node, ...]) -> pd.Series:
        result = self.condition(values[0])
        for value in values[1:]:
            result = result & self.condition(value) if op == "and" else result | self.condition(value)
        return result

    def comparison(self, op: str, left: Any, right: Any) -> pd.Series:  # noqa: ANN401
        if not isinstance(left, pd.Series) and not isinstance(right, pd.Series):
            left = self.series(left)
        left, right = _dated(left, right), _dated(right, left)
        result = OPERATIONS[op](left, right)
        column = left if isinstance(left, pd.Series) else right
        if column.dtype == "str":
            return result.astype("boolean")
        unknown = np.zeros(len(column), dtype=bool)
        for side in (left, right):
            unknown |= side.isna().to_numpy() if isinstance(side, pd.Series) else bool(pd.isna(side))
        return pd.Series(pd.arrays.BooleanArray(result.to_numpy(dtype=bool), unknown), index=column.index)

    def membership(self, node: Membership) -> pd.Series:
        column = self.series(self.node(node.value))
        among = self.records.values(node.among) if isinstance(node.among, Name) else tuple(literal.value for literal in node.among)
        assert among is not None, "the check of names lets only lists through"
        result = column.isin(list(among)).astype("boolean")
        if column.dtype != "str":
            result = result.mask(column.isna())
        return ~result if node.negated else result

    def arithmetic(self, op: str, left: Any, right: Any) -> pd.Series:  # noqa: ANN401
        if left is None or right is None:
            other = right if left is None else left
            return nothing(Kind.DATE if _is_date(other) else Kind.NUMBER, self.records.index)
        dates = _is_date(left), _is_date(right)
        left = self.series(left) if not isinstance(right, pd.Series) else left
        if op == "/":
            bottom = self.series(right)
            return self.series(left) / bottom.where(bottom != 0)
        if dates == (True, True):
            return (self.series(left) - self.series(right)) / DAY
        if any(dates):
            days = self.series(right if dates[0] else left)
            start = self.series(left if dates[0] else right)
            shift = pd.Series((days * 86400).to_numpy().astype("timedelta64[s]"), index=days.index).mask(days.isna())
            return OPERATIONS[op](start, shift)
        result = OPERATIONS[op](left, right)
        return result.where(np.isfinite(result.to_numpy()))

    def call(self, node: Call) -> pd.Series:
        if node.function == "codelist_number":
            (name,) = node.arguments
            assert isinstance(name, Name)
            return _mapped(self.series(self.node(name)), dict(self.records.terms(name) or {}))
        if node.function == "codelist_term":
            numbers = {number: term for term, number in (self.records.terms(None) or {}).items()}
            return _mapped(self.series(self.node(node.arguments[0])), numbers)
        function = FUNCTIONS[node.function]
        values: list[Any] = []
        for position, argument in enumerate(node.arguments):
            if isinstance(function.wanted(position), str):
                assert isinstance(argument, Literal)
                values.append(int(argument.value) if isinstance(argument.value, float) else argument.value)
                continue
            value = self.node(argument)
            values += value if isinstance(value, list | tuple) else [value]
        result = function.run(*self.columns(values, function.wants))
        if isinstance(result, WithIssue):
            self.issues.append((result.text, result.mask))
            return result.column
        return result

    def columns(self, values: list[Any], wants: tuple[Any, ...]) -> list[Any]:
        """The arguments as columns; the literal `missing` takes the kind of its neighbours."""
        given = [value for value in values if isinstance(value, pd.Series)]
        kind = Kind.TEXT if any(column.dtype == "str" for column in given) or any(isinstance(v, str) for v in values) else Kind.NUMBER
        kind = Kind.DATE if any(_is_date(value) for value in values) else kind
        literal = [isinstance(wants[min(position, len(wants) - 1)], str) for position in range(len(values))]
        return [value if plain else self.series(value, kind) for value, plain in zip(values, literal, strict=True)]


def _is_date(value: Any) -> bool:  # noqa: ANN401
    return isinstance(value, np.datetime64) or (isinstance(value, pd.Series) and value.dtype.kind == "M")


def _dated(value: Any, other: Any) -> Any:  # noqa: ANN401
    """A literal text beside a date is a date."""
    return np.datetime64(value, "s") if isinstance(value, str) and _is_date(other) else value


def _mapped(column: pd.Series, terms: Mapping[Any, Any]) -> pd.Series:
    """Each value's counterpart: numbers of terms, or terms of numbers."""
    codes, uniques = pd.factorize(column)
    if column.dtype == "str":
        found: np.ndarray = np.array([*(terms.get(value, np.nan) for value in uniques), np.nan], dtype="float64")
        return pd.Series(found[codes], index=column.index)
    words = np.array([*(terms.get(value, "") for value in uniques), ""], dtype=object)
    return pd.Series(words[codes], index=column.index, dtype="str")
