"""The kind of the result of an expression, and its errors of kind, found before any data are read."""

from __future__ import annotations

import datetime
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from adam.core.errors import did_you_mean
from adam.core.kinds import ValueKind, is_compatible
from adam.expressions.function import Expected, Function, Same, TextConstant
from adam.expressions.functions import FUNCTIONS
from adam.expressions.other_languages import in_this_language
from adam.expressions.possible import impossible
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
)

TIMES = ' Use the derivation duration for the time between datetimes, and add_time(x, n, "hours") for a later one.'
JOINED = " Use concat(a, b) to join texts."
INSTEAD = {
    ("text", ValueKind.DATETIME): "datetime_text(x)",
    ("text", ValueKind.TIME): "time_text(x)",
    ("text", ValueKind.CONDITION): 'if_else(condition, "Y", "N")',
}
"""For a function and a kind it does not accept, the function that does."""
ORDERS = ("desc", "missing_last")
"""What only order lists have."""
OPERATIONS: dict[str, Callable[[float, float], float]] = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}


@dataclass(frozen=True)
class Fault:
    """An error in a part of an expression: a complete sentence, and its code."""

    node: Node
    message: str
    code: str


class UnknownName(Exception):  # noqa: N818  (it becomes a fault of the expression)
    """A name that is not defined; the message suggests the nearest one that is."""

    def __init__(self, message: str, code: str = "spec-unknown-variable") -> None:
        self.code = code
        super().__init__(message)


class Scope(Protocol):
    """The meaning of the names of an expression."""

    def kind(self, name: Name) -> ValueKind:
        """The kind of a name; raises `UnknownName`."""

    def values(self, name: Name) -> tuple[float | str, ...] | None:
        """The values of a list of the study; None if the name is not a list."""

    def terms(self, name: Name | None) -> Mapping[str, float] | None:
        """The number of each term of a variable's codelist; with None of the variable that the formula defines."""


def is_date(value: object) -> bool:
    """Whether a text is a complete ISO date."""
    try:
        datetime.date.fromisoformat(str(value))
    except ValueError:
        return False
    return len(str(value)) == 10


class _Checker:
    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.faults: list[Fault] = []

    def fault(self, node: Node, message: str, code: str = "spec-wrong-kind") -> ValueKind:
        self.faults.append(Fault(node, message, code))
        return ValueKind.ANY

    def kind(self, node: Node) -> ValueKind:
        match node:
            case Name():
                return self.name(node)
            case Literal(value=value):
                return ValueKind.TEXT if isinstance(value, str) else ValueKind.NUMBER
            case Missing():
                return ValueKind.ANY
            case Negative(value=value):
                return self.require(value, ValueKind.NUMBER, "'-'")
            case Negation(value=value):
                return self.require(value, ValueKind.CONDITION, "'not'")
            case Both(op=op, values=values):
                for value in values:
                    self.require(value, ValueKind.CONDITION, f"'{op}'")
                return ValueKind.CONDITION
        return self.joined(node)

    def joined(self, node: Node) -> ValueKind:
        match node:
            case Comparison():
                return self.comparison(node)
            case Membership():
                return self.membership(node)
            case Arithmetic():
                return self.arithmetic(node)
            case Call():
                return self.call(node)
        raise AssertionError(f"unknown node: {node!r}")

    def name(self, node: Name) -> ValueKind:
        try:
            return self.scope.kind(node)
        except UnknownName as error:
            return self.fault(node, str(error), error.code)

    def require(self, node: Node, expected: ValueKind, by: str) -> ValueKind:
        """The kind that an operator or function requires of a part; a fault if the part has another."""
        actual = self.kind(node)
        if not is_compatible(actual, expected):
            self.fault(node, f"{by} requires {expected.article}, but {node} is {actual.article}.")
        return expected

    def comparison(self, node: Comparison) -> ValueKind:
        if isinstance(node.left, Missing) or isinstance(node.right, Missing):
            other = node.right if isinstance(node.left, Missing) else node.left
            return self.fault(node, f"A value cannot be compared with missing. Write missing({other}) or not missing({other}).")
        left, right = self.kind(node.left), self.kind(node.right)
        for side in (node.left, node.right):
            if isinstance(side, Name) and self.scope.values(side) is not None:
                return self.fault(side, f"{side} is a list of values, so '{node.op}' cannot compare with it. Write 'in' or 'not in'.")
        left, right = self.dated(node.left, left, right), self.dated(node.right, right, left)
        if not is_compatible(left, right):
            self.fault(node, f"'{node.op}' cannot compare {left.article} with {right.article}: {node}. Compare values of one kind.")
        elif ValueKind.CONDITION in (left, right):
            self.fault(node, f"A condition cannot be compared: {node}. Write the condition alone, or with 'not' before it.")
        return ValueKind.CONDITION

    @staticmethod
    def dated(node: Node, own: ValueKind, other: ValueKind) -> ValueKind:
        """The kind of a side of a comparison: a literal ISO date that is compared with a date is a date."""
        dated = other is ValueKind.DATE and isinstance(node, Literal) and isinstance(node.value, str) and is_date(node.value)
        return ValueKind.DATE if dated else own

    def membership(self, node: Membership) -> ValueKind:
        actual = self.kind(node.value)
        if isinstance(node.among, Name):
            self.name(node.among)
            among = self.scope.values(node.among)
            if among is None:
                self.fault(node.among, f"{node.among} is not a list of values. Write a list, in (1, 2), or the name of a list of constants:.")
            values = among or ()
        else:
            values = tuple(literal.value for literal in node.among)
        for value in values:
            kind = ValueKind.TEXT if isinstance(value, str) else ValueKind.NUMBER
            if not is_compatible(actual, kind):
                self.fault(node, f"'in' cannot compare {actual.article} with {kind.article}: {node}. List values of one kind.")
                break
        return ValueKind.CONDITION

    @staticmethod
    def unknown(op: str, left: ValueKind, right: ValueKind) -> ValueKind:
        """The kind of a sum or difference with a variable whose kind only the data show: it is a date or a number."""
        if op == "-" and right is ValueKind.DATE:
            return ValueKind.NUMBER
        if op == "+" and ValueKind.DATE in (left, right):
            return ValueKind.DATE
        return ValueKind.NUMBER if (op, left) == ("-", ValueKind.NUMBER) else ValueKind.ANY

    def whole(self, *sides: Node) -> None:
        """Report a constant number of days with decimals that is added to or subtracted from a date."""
        for side in sides:
            days = _constant(side)
            if days is not None and not days.is_integer():
                self.fault(side, f"{side} is not a whole number. Only whole days can be added to or subtracted from a date.", "spec-wrong-value")

    def arithmetic(self, node: Arithmetic) -> ValueKind:
        left, right = self.kind(node.left), self.kind(node.right)
        dates = (left is ValueKind.DATE) + (right is ValueKind.DATE)
        if ValueKind.ANY in (left, right) and node.op in "+-" and {left, right} <= {ValueKind.ANY, ValueKind.DATE, ValueKind.NUMBER}:
            return self.unknown(node.op, left, right)
        if dates and node.op in "+-":
            self.whole(node.left, node.right)
            if left is ValueKind.DATE and is_compatible(right, ValueKind.NUMBER):
                return ValueKind.DATE
            if dates == 2 and node.op == "-":
                return ValueKind.NUMBER
            if right is ValueKind.DATE and is_compatible(left, ValueKind.NUMBER) and node.op == "+":
                return ValueKind.DATE
        for side, kind in ((node.left, left), (node.right, right)):
            if not is_compatible(kind, ValueKind.NUMBER):
                hint = TIMES if kind is ValueKind.DATETIME and node.op in "+-" else JOINED if kind is ValueKind.TEXT and node.op == "+" else ""
                return self.fault(side, f"'{node.op}' requires numbers, but {side} is {kind.article}.{hint}")
        return ValueKind.NUMBER

    def call(self, node: Call) -> ValueKind:
        if node.function in ("codelist_number", "codelist_term"):
            return self.codelist(node)
        function = FUNCTIONS.get(node.function)
        if function is None:
            return self.fault(node, _no_function(node.function), "expr-unknown-function")
        count, most = len(node.arguments), len(function.expects)
        if count < function.least or (count > most and not function.variadic):
            return self.fault(node, f"Function {node.function} requires {function.count}, but it has {count}.", "expr-arguments")
        return self.arguments(node, function)

    def arguments(self, node: Call, function: Function) -> ValueKind:
        shared = ValueKind.ANY
        for position, argument in enumerate(node.arguments):
            expected = function.expected(position)
            kind = self.argument(argument, expected, node.function)
            refused = function.refused(position, argument.value) if isinstance(argument, Literal) else ""
            if refused:
                self.fault(argument, refused, "expr-arguments")
            if function.returns is None and (expected == Same or len(expected) > 1) and not isinstance(expected, str):
                if not is_compatible(kind, shared):
                    message = f"Function {node.function} requires values of one kind, but {argument} is {kind.article} after {shared.article}."
                    self.fault(argument, message)
                shared = kind if shared is ValueKind.ANY else shared
        return function.returns or shared

    def argument(self, node: Node, expected: Expected, by: str) -> ValueKind:
        if isinstance(expected, str):
            value = node.value if isinstance(node, Literal) else None
            valid = isinstance(value, str) if expected == TextConstant else isinstance(value, float) and value.is_integer()
            if not valid:
                self.fault(node, f"Function {by} requires {expected} here, not {node}.")
            return ValueKind.ANY
        actual = self.kind(node)
        if ValueKind.ANY in expected or actual is ValueKind.ANY or actual in expected:
            return actual
        kinds = " or ".join(kind.article for kind in expected)
        instead = INSTEAD.get((by, actual), "")
        return self.fault(node, f"Function {by} requires {kinds}, but {node} is {actual.article}.{instead and f' Use {instead}.'}")

    def codelist(self, node: Call) -> ValueKind:
        if len(node.arguments) != 1:
            return self.fault(node, f"Function {node.function} requires 1 value, but it has {len(node.arguments)}.", "expr-arguments")
        (argument,) = node.arguments
        if node.function == "codelist_term":
            self.require(argument, ValueKind.NUMBER, "Function codelist_term")
            if not self.scope.terms(None):
                message = "Function codelist_term requires a codelist with numbers. Add to the variable a codelist: whose terms have a number:."
                self.fault(node, message, "spec-unknown-codelist")
            return ValueKind.TEXT
        if not isinstance(argument, Name):
            return self.fault(node, f"Function codelist_number requires a variable, not {argument}.")
        if self.name(argument) is not ValueKind.ANY and not self.scope.terms(argument):
            message = f"{argument} has no codelist with numbers. Give each term of its codelist a number:, or use TRT, the codelist of treatments:."
            self.fault(argument, message, "spec-unknown-codelist")
        return ValueKind.NUMBER


def _no_function(name: str) -> str:
    """The message for an unknown function: what it is called here, where it can be used, or the nearest name."""
    if name in ORDERS:
        return f"{name}(X) is for the entries of order lists only, as the outermost function."
    return in_this_language(name).strip() or f"There is no function '{name}'{did_you_mean(name, FUNCTIONS)}"


def _constant(node: Node) -> float | None:
    """The number of a part that has only literals and the four operations; None for any other part."""
    if isinstance(node, Literal) and isinstance(node.value, float):
        return node.value
    if isinstance(node, Negative):
        inner = _constant(node.value)
        return None if inner is None else -inner
    if isinstance(node, Arithmetic) and node.op in OPERATIONS:
        left, right = _constant(node.left), _constant(node.right)
        return None if left is None or right is None or (node.op == "/" and right == 0) else OPERATIONS[node.op](left, right)
    return None


def kind_of(expr: Expr, scope: Scope) -> tuple[ValueKind, list[Fault]]:
    """The kind of an expression, and all of its errors."""
    checker = _Checker(scope)
    kind = checker.kind(expr.root)
    possible = getattr(scope, "possible", None)  # what a scope without codelists need not have
    never = impossible(expr, possible) if possible is not None and not checker.faults else ()
    return kind, [*checker.faults, *(Fault(each.node, each.message, each.code) for each in never)]
