"""Conditions as the range checks of Define-XML: comparisons with constants that must all be true."""

from __future__ import annotations

from dataclasses import dataclass

from adam.expressions.tree import Both, Comparison, Expr, Literal, Membership, Name, Node

COMPARATORS = {"==": "EQ", "!=": "NE", "<": "LT", "<=": "LE", ">": "GT", ">=": "GE"}


@dataclass(frozen=True)
class RangeCheck:
    """One comparison of a variable with one value, or with several (`IN`, `NOTIN`), with the comparator of ODM."""

    variable: str
    comparator: str
    values: tuple[str, ...]


def range_checks(condition: Expr | None) -> tuple[RangeCheck, ...] | None:
    """The comparisons of a condition; None if it has anything else: an `or`, a function, a blank, another dataset.

    >>> from adam.expressions.parse import parse
    >>> range_checks(parse('PARAMCD == "A" and AVISITN in (2, 4)'))
    (RangeCheck(variable='PARAMCD', comparator='EQ', values=('A',)), RangeCheck(variable='AVISITN', comparator='IN', values=('2', '4')))
    >>> range_checks(parse("missing(AVAL)")) is None
    True
    """
    if condition is None:
        return ()
    root = condition.root
    parts = root.values if isinstance(root, Both) and root.op == "and" else (root,)
    found = [_range_check(part) for part in parts]
    return tuple(each for each in found if each is not None) if all(found) else None


def own_variables(*expressions: Expr | None) -> tuple[str, ...]:
    """The variables without a dataset before their name in some expressions, each once."""
    found = [str(name) for expr in expressions if expr is not None for name in expr.names if len(name.parts) == 1]
    return tuple(dict.fromkeys(found))


def _range_check(node: Node) -> RangeCheck | None:
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
