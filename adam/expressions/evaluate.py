"""The value of an expression on records. Text is never missing, and a comparison with a missing value is unknown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import pandas as pd

from adam.core.coded_text import constant_text, text_column
from adam.core.kinds import DTYPES, ValueKind, is_false, is_true, missing_column, missing_mask
from adam.expressions import calculate
from adam.expressions.functions import FUNCTIONS, Function, WithIssue
from adam.expressions.tree import (
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
    walk,
)
from adam.expressions.truth import Truth, compared, is_among, is_date

NO_NUMBER = "the value has no number in the codelist; the result is missing"
NO_TERM = "the number has no term in the codelist; the result is blank"
SHOWN = 8
"""The largest number of columns shown with an issue."""


class Records(Protocol):
    """The records an expression is evaluated on."""

    @property
    def index(self) -> pd.Index:
        """The index of every column."""

    def column(self, name: Name) -> pd.Series | Sequence[pd.Series] | float | str | np.datetime64:
        """The column of a name; several for a set of items, a single value for a constant."""

    def values(self, name: Name) -> tuple[float | str, ...] | None:
        """The values of a list of the study."""

    def terms(self, name: Name | None) -> Mapping[str, float] | None:
        """The number of each term of a variable's codelist; with None of the variable that the formula defines."""


class Columns:
    """Records as a mapping of names to columns."""

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
        """Columns have no lists."""

    def terms(self, name: Name | None) -> None:
        """Columns have no codelists."""


@dataclass(frozen=True)
class EvaluationIssue:
    """An issue met while an expression is evaluated: its text, its records, and the columns that the part with the issue reads."""

    text: str
    mask: np.ndarray
    values: Mapping[str, pd.Series] = field(default_factory=dict)


class Evaluation:
    """Evaluates expressions on records; `issues` are those of the records for which a part is used."""

    def __init__(self, records: Records) -> None:
        self.records = records
        self.issues: list[EvaluationIssue] = []
        self.reach: np.ndarray | None = None
        self._missing_is_handled = False

    @contextmanager
    def reaching(self, mask: np.ndarray) -> Iterator[None]:
        """Within this context issues are reported only for the records of the mask: the value of the others is not used."""
        before, self.reach = self.reach, mask if self.reach is None else mask & self.reach
        try:
            yield
        finally:
            self.reach = before

    def note(self, found: WithIssue, node: Node) -> pd.Series:
        """The column of a part; its issue, if it has one, is kept with the values that the part reads."""
        mask = found.mask if self.reach is None else found.mask & self.reach
        if mask.any() and not (self._missing_is_handled and found.lost):
            names = dict.fromkeys(each for each in walk(node) if isinstance(each, Name))
            columns = {str(name): self.records.column(name) for name in names if self.records.values(name) is None}
            shown = [(name, column) for name, column in columns.items() if isinstance(column, pd.Series)]
            self.issues.append(EvaluationIssue(found.text, mask, dict(shown[:SHOWN])))
        return found.column

    def column(self, expr: Expr, kind: ValueKind | None = None) -> pd.Series:
        """The column of an expression; of `kind` if the expression has no kind of its own (the literal `missing`)."""
        return self.series(self.node(expr.root), kind)

    def series(self, value: Any, kind: ValueKind | None = None) -> pd.Series:  # noqa: ANN401  (a column or a single value)
        if isinstance(value, pd.Series):
            return value
        if value is None:
            return missing_column(kind or ValueKind.NUMBER, self.records.index)
        if kind is ValueKind.DATE and isinstance(value, str):
            value = np.datetime64(value, "s")
        if isinstance(value, np.datetime64):
            return pd.Series(np.full(len(self.records.index), value.astype("datetime64[s]")), index=self.records.index)
        if isinstance(value, str):
            return constant_text(value, self.records.index)
        return pd.Series(value, index=self.records.index, dtype=DTYPES[ValueKind.NUMBER])

    def node(self, node: Node) -> Any:  # noqa: ANN401
        match node:
            case Name():
                return self.records.column(node)
            case Literal(value=value):
                return value
            case Missing():
                return None
            case Negative(value=value):
                return -self.series(self.node(value)) + 0.0
            case Negation() | Both() | Comparison() | Membership():
                yes, no = self.truth(node)
                return pd.Series(pd.arrays.BooleanArray(yes, ~(yes | no)), index=self.records.index, copy=False)
        return self.joined(node)

    def joined(self, node: Node) -> pd.Series:
        match node:
            case Arithmetic(op=op, left=left, right=right):
                return self.arithmetic(node, op, self.node(left), self.node(right))
            case Call():
                return self.call(node)
        raise AssertionError(f"unknown node: {node!r}")

    def holds(self, expr: Expr) -> np.ndarray:
        """The records in which a condition is true."""
        return self.truth(expr.root)[0]

    def truth(self, node: Node) -> Truth:
        """The records in which a condition is true, and those in which it is false; an unknown one is neither."""
        match node:
            case Negation(value=value):
                yes, no = self.truth(value)
                return no, yes
            case Both(op=op, values=values):
                return self.both(op, values)
            case Comparison(op=op, left=left, right=right):
                first, second = self.node(left), self.node(right)
                constant = not isinstance(first, pd.Series) and not isinstance(second, pd.Series)
                return compared(op, self.series(first) if constant else first, second)
            case Membership(value=value):
                among = self.records.values(node.among) if isinstance(node.among, Name) else tuple(literal.value for literal in node.among)
                assert among is not None, "the check of names accepts only lists"
                yes, no = is_among(self.series(self.node(value)), among)
                return (no, yes) if node.negated else (yes, no)
        column = self.series(self.node(node), ValueKind.CONDITION)
        return is_true(column), is_false(column)

    def both(self, op: str, values: tuple[Node, ...]) -> Truth:
        """The conditions joined by `and` or `or`: unknown is neither true nor false."""
        yes, no = self.truth(values[0])
        for value in values[1:]:
            with self.reaching(~no if op == "and" else ~yes):
                holds, fails = self.truth(value)
            yes, no = (yes & holds, no | fails) if op == "and" else (yes | holds, no & fails)
        return yes, no

    def arithmetic(self, node: Node, op: str, left: Any, right: Any) -> pd.Series:  # noqa: ANN401
        if left is None or right is None:
            other = right if left is None else left
            return missing_column(ValueKind.DATE if is_date(other) else ValueKind.NUMBER, self.records.index)
        dates = is_date(left), is_date(right)
        left, right = self.series(left), self.series(right)
        if dates == (True, True):
            return calculate.between(left, right)
        if any(dates):
            for found in calculate.shifted(op, left if dates[0] else right, right if dates[0] else left):
                column = self.note(found, node)
            return column
        return self.note(calculate.numbers(op, left, right), node)

    def call(self, node: Call) -> pd.Series:
        if node.function == "codelist_number":
            (name,) = node.arguments
            assert isinstance(name, Name)
            return self.mapped(node, self.series(self.node(name)), dict(self.records.terms(name) or {}))
        if node.function == "codelist_term":
            numbers = {number: term for term, number in (self.records.terms(None) or {}).items()}
            return self.mapped(node, self.series(self.node(node.arguments[0])), numbers)
        function = FUNCTIONS[node.function]
        values: list[Any] = []
        for position, argument in enumerate(node.arguments):
            if isinstance(function.expected(position), str):
                assert isinstance(argument, Literal)
                values.append(int(argument.value) if isinstance(argument.value, float) else argument.value)
                continue
            value = self.argument(node, position, values)
            values += value if isinstance(value, list | tuple) else [value]
        result = function.run(*self.columns(values, function))
        return self.note(result, node) if isinstance(result, WithIssue) else result

    def mapped(self, node: Call, column: pd.Series, terms: Mapping[Any, Any]) -> pd.Series:
        """The number of each term, or the term of each number, in a codelist; a value without one is an issue."""
        result = _mapped(column, terms)
        lacking = ~missing_mask(column) & missing_mask(result)
        return self.note(WithIssue(result, NO_NUMBER if node.function == "codelist_number" else NO_TERM, lacking), node)

    def argument(self, call: Call, position: int, before: list[Any]) -> Any:  # noqa: ANN401
        """An argument; its issues only for the records that use it, and not those that `missing` or `coalesce` handles."""
        last = position == len(call.arguments) - 1
        handled = self._missing_is_handled
        self._missing_is_handled = handled or call.function == "missing" or (call.function == "coalesce" and not last)
        try:
            with self.reaching(self._used(call.function, position, before)):
                return self.node(call.arguments[position])
        finally:
            self._missing_is_handled = handled

    def _used(self, function: str, position: int, before: list[Any]) -> np.ndarray:
        """The records for which a function uses an argument, from the values of the arguments before it."""
        everywhere = np.ones(len(self.records.index), dtype=bool)
        if function == "if_else" and position > 0:
            condition = self.series(before[0], ValueKind.CONDITION)
            return is_true(condition) if position == 1 else is_false(condition)
        if function == "coalesce":
            for value in before:
                everywhere &= missing_mask(self.series(value))
        return everywhere

    def columns(self, values: list[Any], function: Function) -> list[Any]:
        """The arguments as columns; the literal `missing` has the kind that is expected, or that of the other arguments."""
        columns = [value for value in values if isinstance(value, pd.Series)]
        kind = ValueKind.TEXT if any(column.dtype == "str" for column in columns) or any(isinstance(v, str) for v in values) else ValueKind.NUMBER
        kind = ValueKind.DATE if any(is_date(value) for value in values) else kind
        expects = [function.expected(position) for position in range(len(values))]
        shared = function.returns is None
        own = [kind if shared or isinstance(each, str) or ValueKind.ANY in each else each[0] for each in expects]
        return [
            value if isinstance(each, str) else self.series(value, one if value is None else kind)
            for value, each, one in zip(values, expects, own, strict=True)
        ]


def _mapped(column: pd.Series, terms: Mapping[Any, Any]) -> pd.Series:
    """The number of each term, or the term of each number."""
    codes, uniques = pd.factorize(column)
    if column.dtype == "str":
        found: np.ndarray = np.array([*(terms.get(value, np.nan) for value in uniques), np.nan], dtype="float64")
        return pd.Series(found[codes], index=column.index)
    return text_column([*(terms.get(value, "") for value in uniques), ""], codes, column.index)
