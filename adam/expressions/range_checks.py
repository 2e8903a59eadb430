"""Comparisons with constants as the range checks of Define-XML."""

from __future__ import annotations

from dataclasses import dataclass

from adam.expressions.tree import Comparison, Expr, Literal, Membership, Name, Node

COMPARATORS = {"==": "EQ", "!=": "NE", "<": "LT", "<=": "LE", ">": "GT", ">=": "GE"}


@dataclass(frozen=True)
class RangeCheck:
    """One comparison of a variable with one value, or with several (`IN`, `NOTIN`), with the comparator of ODM."""

    variable: str
    comparator: str
    values: tuple[str, ...]


def own_variables(*expressions: Expr | None) -> tuple[str, ...]:
    """The variables without a dataset before their name in some expressions, each once."""
    found = [str(name) for expr in expressions if expr is not None for name in expr.names if len(name.parts) == 1]
    return tuple(dict.fromkeys(found))


def range_check_of(node: Node) -> RangeCheck | None:
    """The comparison of a variable with constants; None of anything else: an `or`, a function, a blank, another dataset.

    >>> from adam.expressions.parse import parse
    >>> range_check_of(parse("AVISITN in (2, 4)").root)
    RangeCheck(variable='AVISITN', comparator='IN', values=('2', '4'))
    >>> range_check_of(parse("missing(AVAL)").root) is None
    True
    """
    literals: tuple[Literal, ...]
    if isinstance(node, Comparison) and isinstance(node.left, Name) and isinstance(node.right, Literal):
        variable, comparator, literals = node.left, COMPARATORS[node.op], (node.right,)
    elif isinstance(node, Membership) and isinstance(node.value, Name) and isinstance(node.among, tuple):
        variable, comparator, literals = node.value, "NOTIN" if node.negated else "IN", node.among
    else:
        return None
    values = tuple(_text(literal) for literal in literals)
    return RangeCheck(variable.last, comparator, values) if len(variable.parts) == 1 and all(values) else None


def _text(literal: Literal) -> str:
    return literal.value if isinstance(literal.value, str) else f"{literal.value:.15g}"
