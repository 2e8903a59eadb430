"""A condition as comparisons that must all hold, as far as it is nothing more: what Define-XML can say of which records are meant."""

from __future__ import annotations

from dataclasses import dataclass

from adam.expressions.tree import Both, Comparison, Expr, Literal, Membership, Name, Node

COMPARATORS = {"==": "EQ", "!=": "NE", "<": "LT", "<=": "LE", ">": "GT", ">=": "GE"}


@dataclass(frozen=True)
class Clause:
    """One comparison of a variable with one value, or with several (`IN`, `NOTIN`), in the words of ODM."""

    variable: str
    comparator: str
    values: tuple[str, ...]


def clauses(condition: Expr | None) -> tuple[Clause, ...] | None:
    """The comparisons a condition is; None where it is more than that: an `or`, a function, a blank, another dataset.

    >>> from adam.expressions.parse import parse
    >>> clauses(parse('PARAMCD == "A" and AVISITN in (2, 4)'))
    (Clause(variable='PARAMCD', comparator='EQ', values=('A',)), Clause(variable='AVISITN', comparator='IN', values=('2', '4')))
    >>> clauses(parse("missing(AVAL)")) is None
    True
    """
    if condition is None:
        return ()
    root = condition.root
    parts = root.values if isinstance(root, Both) and root.op == "and" else (root,)
    found = [_clause(part) for part in parts]
    return tuple(each for each in found if each is not None) if all(found) else None


def names(*expressions: Expr | None) -> tuple[str, ...]:
    """The variables of the dataset itself that some expressions name, each once."""
    found = [str(name) for expr in expressions if expr is not None for name in expr.names if len(name.parts) == 1]
    return tuple(dict.fromkeys(found))


def _clause(node: Node) -> Clause | None:
    literals: tuple[Literal, ...]
    if isinstance(node, Comparison) and isinstance(node.left, Name) and isinstance(node.right, Literal):
        variable, comparator, literals = node.left, COMPARATORS[node.op], (node.right,)
    elif isinstance(node, Membership) and isinstance(node.value, Name) and isinstance(node.among, tuple):
        variable, comparator, literals = node.value, "NOTIN" if node.negated else "IN", node.among
    else:
        return None
    values = tuple(_text(literal) for literal in literals)
    return Clause(variable.last, comparator, values) if len(variable.parts) == 1 and all(values) else None


def _text(literal: Literal) -> str:
    return literal.value if isinstance(literal.value, str) else f"{literal.value:.15g}"
