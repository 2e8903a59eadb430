"""Formulas in whole numbers over variables of subjects: the expressions of the specification language, with draws among their functions.

A division gives a whole number, so it is written `floor(a / b)`. Every part of a formula is evaluated, in the order of the text, so
the number of draws does not depend on the values.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from functools import cache, reduce
from typing import Any, NoReturn

import numpy as np

from adam.core.errors import NOWHERE, Problem, SpecError, suggestion
from adam.core.located import mark_of
from adam.expressions.parse import ExpressionError, parse
from adam.expressions.tree import Arithmetic, Both, Call, Comparison, Expr, Literal, Membership, Missing, Name, Negation, Negative, Node
from adam.simulation.columns import BLANK
from adam.simulation.functions import FUNCTIONS
from adam.simulation.scope import Scope

OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "==": operator.eq, "!=": operator.ne,
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "and": operator.and_, "or": operator.or_,
}  # fmt: skip


def evaluate(text: object, scope: Scope) -> Any:  # noqa: ANN401  (a number or an array of numbers or truth values)
    """The value of a formula for the subjects, visits or records of `scope`.

    Raises:
        SpecError: the text is not an expression, or a name in it is unknown.
    """
    return _Evaluation(text, scope).value(_parse(text).root)


def values(text: object, scope: Scope) -> Any:  # noqa: ANN401
    """The value of a formula as an array: one value for each subject, visit or record of `scope`."""
    return np.broadcast_to(np.asarray(evaluate(text, scope)), scope.shape).copy()


def _parse(text: object) -> Expr:
    try:
        return _parse_once(str(text))
    except ExpressionError as error:
        message = f"'{text}' is not a valid formula: {error}"
        raise SpecError([Problem(mark_of(text).shifted(error.column), "simulation", message, error.code)]) from None


@cache
def _parse_once(text: str) -> Expr:
    return parse(text)


class _Evaluation:
    def __init__(self, text: object, scope: Scope) -> None:
        self.text, self.scope = text, scope

    def fail(self, node: Node, message: str, code: str) -> NoReturn:
        mark = mark_of(self.text)
        raise SpecError(
            [Problem(mark.shifted(node.column) if mark is not NOWHERE else mark, "simulation", f"{message} The formula is: {self.text}", code)]
        )

    def value(self, node: Node) -> Any:  # noqa: ANN401
        evaluation: Callable[[Any], Any] = getattr(self, f"on_{type(node).__name__.lower()}")
        return evaluation(node)

    def on_literal(self, node: Literal) -> int | str:
        if isinstance(node.value, str):
            return node.value
        if node.value != int(node.value):
            self.fail(node, f"{node} is not a whole number; write the formula in a smaller unit, such as tenths.", "expr-number")
        return int(node.value)

    def on_missing(self, _: Missing) -> int:
        return BLANK

    def on_name(self, node: Name) -> Any:  # noqa: ANN401
        if len(node.parts) > 1:
            return self.scope.facts.get(str(node))
        found = self.scope.variable(node.last)
        if found is None:
            self._unknown(node)
        return found

    def _unknown(self, node: Name) -> NoReturn:
        known = [*self.scope.population.values, *self.scope.local]
        if self.scope.population.by_visit(node.last) is not None:
            self.fail(node, f"'{node}' has a value for each visit. Write at({node}, VISIT), or use it in a step with 'visits:'.", "spec-wrong-kind")
        self.fail(node, f"No earlier step gives '{node}'{suggestion(node.last, known)}.", "spec-unknown-variable")

    def on_negative(self, node: Negative) -> Any:  # noqa: ANN401
        return -self.value(node.value)

    def on_negation(self, node: Negation) -> Any:  # noqa: ANN401
        return np.logical_not(self.value(node.value))

    def on_arithmetic(self, node: Arithmetic) -> Any:  # noqa: ANN401
        if node.op not in OPERATORS:
            self.fail(node, f"A formula of a simulation has whole numbers only, so '{node.op}' must be written as floor(a / b).", "expr-not-allowed")
        return OPERATORS[node.op](_number(self.value(node.left)), _number(self.value(node.right)))

    def on_comparison(self, node: Comparison) -> Any:  # noqa: ANN401
        return OPERATORS[node.op](self.value(node.left), self.value(node.right))

    def on_membership(self, node: Membership) -> Any:  # noqa: ANN401
        if isinstance(node.among, Name):
            self.fail(node, f"'{node.among}' is not a list of values; write them as in (1, 2).", "expr-not-allowed")
        found = np.isin(self.value(node.value), [self.value(term) for term in node.among])
        return ~found if node.negated else found

    def on_both(self, node: Both) -> Any:  # noqa: ANN401
        return reduce(OPERATORS[node.op], [np.asarray(self.value(value), dtype=np.bool_) for value in node.values])

    def on_call(self, node: Call) -> Any:  # noqa: ANN401
        if node.function == "floor" and len(node.arguments) == 1 and isinstance(node.arguments[0], Arithmetic) and node.arguments[0].op == "/":
            return _number(self.value(node.arguments[0].left)) // _number(self.value(node.arguments[0].right))
        if node.function == "at":
            return self._at(node)
        if node.function not in FUNCTIONS:
            self.fail(
                node, f"There is no function '{node.function}'{suggestion(node.function, [*FUNCTIONS, 'at', 'floor'])}.", "expr-unknown-function"
            )
        arguments = [self.value(argument) for argument in node.arguments]
        try:
            return FUNCTIONS[node.function](self.scope, *arguments)
        except (TypeError, IndexError, ValueError) as error:
            self.fail(node, f"{node.function} cannot be evaluated: {error}.", "expr-arguments")

    def _at(self, node: Call) -> Any:  # noqa: ANN401
        if len(node.arguments) != 2 or not isinstance(node.arguments[0], Name):
            self.fail(node, 'at needs a variable by visit and a visit, such as at(score, "DAY 1").', "expr-arguments")
        place = self.value(node.arguments[1])
        found = self.scope.at(node.arguments[0].last, self.scope.facts.visit(place, self.text) if isinstance(place, str) else place)
        if found is None:
            self.fail(node, f"'{node.arguments[0]}' is not a variable by visit.", "spec-unknown-variable")
        return found


def _number(value: Any) -> Any:  # noqa: ANN401
    """A number for arithmetic; true is 1 and false is 0."""
    return value.astype(np.int64) if isinstance(value, np.ndarray) and value.dtype == np.bool_ else int(value) if isinstance(value, bool) else value
