"""What kind an expression gives, and whether its parts fit: found before any data are read."""

from __future__ import annotations

import datetime
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from adam.core.errors import suggestion
from adam.core.kinds import ValueKind, is_compatible
from adam.expressions.function import Function, Same, Wanted, Word
from adam.expressions.functions import FUNCTIONS
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

OPERATIONS: dict[str, Callable[[float, float], float]] = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}


@dataclass(frozen=True)
class Fault:
    """What is wrong with a part of an expression."""

    node: Node
    message: str
    code: str


class UnknownName(Exception):  # noqa: N818  (a finding of names, said as a fault of the expression)
    """A name nothing answers to; the message says what would."""

    def __init__(self, message: str, code: str = "spec-unknown-variable") -> None:
        self.code = code
        super().__init__(message)


class Scope(Protocol):
    """What names mean where an expression stands."""

    def kind(self, name: Name) -> ValueKind:
        """The kind of a name; raises `UnknownName`."""

    def values(self, name: Name) -> tuple[float | str, ...] | None:
        """The values of a list of the study; None if it is none."""

    def terms(self, name: Name | None) -> Mapping[str, float] | None:
        """The numbers of the codelist of a variable, or (None) of the variable whose formula this is."""


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
                return self.want(value, ValueKind.NUMBER, "'-' before a value")
            case Negation(value=value):
                return self.want(value, ValueKind.CONDITION, "'not'")
            case Both(op=op, values=values):
                for value in values:
                    self.want(value, ValueKind.CONDITION, f"'{op}'")
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
        raise AssertionError(f"no such node: {node!r}")

    def name(self, node: Name) -> ValueKind:
        try:
            return self.scope.kind(node)
        except UnknownName as error:
            return self.fault(node, str(error), error.code)

    def want(self, node: Node, wanted: ValueKind, by: str) -> ValueKind:
        given = self.kind(node)
        if not is_compatible(given, wanted):
            self.fault(node, f"{by} wants {wanted.article}; {node} is {given.article}")
        return wanted

    def comparison(self, node: Comparison) -> ValueKind:
        if isinstance(node.left, Missing) or isinstance(node.right, Missing):
            return self.fault(node, "nothing is compared with missing; write missing(X)")
        left, right = self.kind(node.left), self.kind(node.right)
        for side in (node.left, node.right):
            if isinstance(side, Name) and self.scope.values(side) is not None:
                return self.fault(side, f"{side} is a list of values; write in for == and not in for !=")
        left, right = self.dated(node.left, left, right), self.dated(node.right, right, left)
        if not is_compatible(left, right):
            self.fault(node, f"'{node.op}' compares {left.article} with {right.article}: {node}")
        elif ValueKind.CONDITION in (left, right):
            self.fault(node, f"a condition is not compared: {node}")
        return ValueKind.CONDITION

    @staticmethod
    def dated(node: Node, own: ValueKind, other: ValueKind) -> ValueKind:
        """A literal that is an ISO date counts as date beside a date."""
        dated = other is ValueKind.DATE and isinstance(node, Literal) and isinstance(node.value, str) and is_date(node.value)
        return ValueKind.DATE if dated else own

    def membership(self, node: Membership) -> ValueKind:
        given = self.kind(node.value)
        if isinstance(node.among, Name):
            self.name(node.among)
            among = self.scope.values(node.among)
            if among is None:
                self.fault(node.among, f"{node.among} is no list of values")
            values = among or ()
        else:
            values = tuple(literal.value for literal in node.among)
        for value in values:
            kind = ValueKind.TEXT if isinstance(value, str) else ValueKind.NUMBER
            if not is_compatible(given, kind):
                self.fault(node, f"'in' looks for {kind.article} among values of {given.article}: {node}")
                break
        return ValueKind.CONDITION

    @staticmethod
    def unknown(op: str, left: ValueKind, right: ValueKind) -> ValueKind:
        """The kind of a sum or difference with a variable of data not looked at yet: it may be a date or a number."""
        if op == "-" and right is ValueKind.DATE:
            return ValueKind.NUMBER
        if op == "+" and ValueKind.DATE in (left, right):
            return ValueKind.DATE
        return ValueKind.NUMBER if (op, left) == ("-", ValueKind.NUMBER) else ValueKind.ANY

    def whole(self, *sides: Node) -> None:
        """Note a literal number of days with decimals beside a date."""
        for side in sides:
            days = _constant(side)
            if days is not None and not days.is_integer():
                self.fault(side, f"a date takes whole days; {side} has decimals. Write a whole number of days.", "spec-wrong-value")

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
                return self.fault(side, f"'{node.op}' wants numbers; {side} is {kind.article}")
        return ValueKind.NUMBER

    def call(self, node: Call) -> ValueKind:
        if node.function in ("codelist_number", "codelist_term"):
            return self.codelist(node)
        function = FUNCTIONS.get(node.function)
        if function is None:
            known = [*FUNCTIONS, "codelist_number", "codelist_term"]
            return self.fault(node, f"unknown function '{node.function}'{suggestion(node.function, known)}", "expr-unknown-function")
        count, most = len(node.arguments), len(function.wants)
        if count < function.least or (count > most and not function.variadic):
            wanted = _count(function)
            return self.fault(node, f"{node.function} takes {wanted}; here {'is' if count == 1 else 'are'} {count}", "expr-arguments")
        return self.arguments(node, function)

    def arguments(self, node: Call, function: Function) -> ValueKind:
        shared = ValueKind.ANY
        for position, argument in enumerate(node.arguments):
            wanted = function.wanted(position)
            kind = self.argument(argument, wanted, node.function)
            refused = function.refused(position, argument.value) if isinstance(argument, Literal) and isinstance(wanted, str) else ""
            if refused:
                self.fault(argument, refused, "expr-arguments")
            if function.gives is None and (wanted == Same or len(wanted) > 1) and not isinstance(wanted, str):
                if not is_compatible(kind, shared):
                    self.fault(argument, f"{node.function} joins {shared.article} with {kind.article}: {argument}")
                shared = kind if shared is ValueKind.ANY else shared
        return function.gives or shared

    def argument(self, node: Node, wanted: Wanted, by: str) -> ValueKind:
        if isinstance(wanted, str):
            text = wanted == Word
            fit = isinstance(node, Literal) and (isinstance(node.value, str) if text else isinstance(node.value, float) and node.value.is_integer())
            if not fit:
                self.fault(node, f"{by} wants {wanted} here, written out; {node} is none")
            return ValueKind.ANY
        given = self.kind(node)
        if ValueKind.ANY in wanted or given is ValueKind.ANY or given in wanted:
            return given
        what = " or ".join(kind.article for kind in wanted)
        return self.fault(node, f"{by} wants {what}; {node} is {given.article}")

    def codelist(self, node: Call) -> ValueKind:
        if len(node.arguments) != 1:
            return self.fault(node, f"{node.function} takes one variable; here are {len(node.arguments)}", "expr-arguments")
        (argument,) = node.arguments
        if node.function == "codelist_term":
            self.want(argument, ValueKind.NUMBER, "codelist_term")
            if not self.scope.terms(None):
                self.fault(node, "codelist_term needs a codelist with numbers on this variable", "spec-unknown-codelist")
            return ValueKind.TEXT
        if not isinstance(argument, Name):
            return self.fault(node, f"codelist_number takes a variable; {argument} is none")
        if self.name(argument) is not ValueKind.ANY and not self.scope.terms(argument):
            self.fault(
                argument,
                f"{argument} has no codelist with numbers; its codelist: wants terms with number:, or is TRT, which treatments: makes",
                "spec-unknown-codelist",
            )
        return ValueKind.NUMBER


def _constant(node: Node) -> float | None:
    """The number a part without names is, as far as it is made of literals and the four operations."""
    if isinstance(node, Literal) and isinstance(node.value, float):
        return node.value
    if isinstance(node, Negative):
        inner = _constant(node.value)
        return None if inner is None else -inner
    if isinstance(node, Arithmetic) and node.op in OPERATIONS:
        left, right = _constant(node.left), _constant(node.right)
        return None if left is None or right is None or (node.op == "/" and right == 0) else OPERATIONS[node.op](left, right)
    return None


def _count(function: Function) -> str:
    most = len(function.wants)
    if function.variadic:
        return f"at least {function.least} value{'s' if function.least > 1 else ''}"
    least = "" if function.least == most else f"{function.least} to "
    return f"{least}{most} value{'s' if most > 1 else ''}"


def kind_of(expr: Expr, scope: Scope) -> tuple[ValueKind, list[Fault]]:
    """The kind an expression gives, and every fault in it."""
    checker = _Checker(scope)
    kind = checker.kind(expr.root)
    possible = getattr(scope, "possible", None)  # what a scope without codelists need not have
    never = impossible(expr, possible) if possible is not None and not checker.faults else ()
    return kind, [*checker.faults, *(Fault(each.node, each.message, each.code) for each in never)]
