"""A condition as alternatives: selections of records by comparisons that must all be true, as a where clause of Define-XML has them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import product

from adam.expressions.range_checks import RangeCheck, range_check_of
from adam.expressions.tree import Both, Call, Comparison, Expr, Literal, Membership, Name, Negation, Node

MOST = 8
"""The largest number of alternatives; a condition with more is not split."""
OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
Terms = Callable[[str], tuple[str, ...]]
"""All values other than blank that a variable can have; none if they are not known."""


@dataclass(frozen=True)
class Alternative:
    """One selection of records: the comparisons that a where clause can express, and the conditions that it cannot."""

    checks: tuple[RangeCheck, ...]
    unexpressed: tuple[Node, ...] = ()


def alternatives(condition: Expr | None, constants: Mapping[str, object], terms: Terms = lambda _: ()) -> tuple[Alternative, ...]:
    """The selections whose records together are those of a condition; one without comparisons for all records.

    `not` is moved inwards, which keeps unknown comparisons unknown; `or` makes alternatives, or a list of values of one variable. A comparison
    with blank is a list of the other values, where they are known.

    Args:
        condition: it reads the variables of one dataset; None selects all records.
        constants: the constants of the study, for STUDY.X.
        terms: the possible values of a text variable.

    >>> from adam.expressions.parse import parse
    >>> for each in alternatives(parse('A == 1 and not (B == "x" or missing(C))'), {}):
    ...     print(each.checks, *each.unexpressed)
    (RangeCheck(variable='A', comparator='EQ', values=('1',)), RangeCheck(variable='B', comparator='NE', values=('x',))) not missing(C)
    >>> [[check.variable for check in each.checks] for each in alternatives(parse("A == 1 and (B == 2 or C == 3)"), {})]
    [['A', 'B'], ['A', 'C']]
    """
    if condition is None:
        return (Alternative(()),)
    found = []
    for parts in _split(_resolved(condition.root, constants), False):
        checks = [(part, range_check_of(part) or _of_blank(part, terms)) for part in parts]
        left_out = tuple(part for part, check in checks if check is None)
        found.append(Alternative(tuple(check for _, check in checks if check is not None), left_out))
    return tuple(found)


def _split(node: Node, negated: bool) -> list[tuple[Node, ...]]:
    """The alternatives of a condition, each as the parts that must all be true."""
    match node:
        case Negation(value=value):
            return _split(value, not negated)
        case Comparison(op=op, left=left, right=right) if negated:
            return [(Comparison(OPPOSITE[op], left, right, column=node.column),)]
        case Membership(value=value, among=among) if negated:
            return [(Membership(value, among, not node.negated, column=node.column),)]
        case Both(op=op, values=values):
            parts = [_split(value, negated) for value in values]
            if (op == "or") != negated:
                found = [alternative for part in parts for alternative in part]
                one = _one_list(found)
                found = [(one,)] if one is not None else found
            else:
                found = [tuple(part for each in chosen for part in each) for chosen in product(*parts)]
            return found if len(found) <= MOST else [(Negation(node) if negated else node,)]
    return [(Negation(node) if negated else node,)]


def _one_list(found: list[tuple[Node, ...]]) -> Node | None:
    """`X in (a, b)` for `X == a or X == b`; None for other alternatives."""
    name: Name | None = None
    values: list[Literal] = []
    for parts in found:
        match parts:
            case (Comparison(op="==", left=Name() as left, right=Literal() as right),) if name in (None, left):
                name, values = left, [*values, right]
            case (Membership(value=Name() as left, among=tuple() as among, negated=False),) if name in (None, left):
                name, values = left, [*values, *among]
            case _:
                return None
    return Membership(name, tuple(dict.fromkeys(values)), negated=False) if name is not None else None


def _of_blank(node: Node, terms: Terms) -> RangeCheck | None:
    """The list of all other values for a comparison with blank."""
    match node:
        case Comparison(op="==" | "!=", left=Name() as name, right=Literal(value="")):
            filled = node.op == "!="
        case Call(function="missing", arguments=(Name() as name,)):
            filled = False
        case Negation(value=Call(function="missing", arguments=(Name() as name,))):
            filled = True
        case _:
            return None
    values = terms(name.last) if not name.owner else ()
    return RangeCheck(name.last, "IN" if filled else "NOTIN", values) if values else None


def _resolved(node: Node, constants: Mapping[str, object]) -> Node:
    """A condition with the values of STUDY.X in the place of their names."""
    match node:
        case Name(owner="STUDY"):
            value = constants.get(node.last)
            return Literal(value, column=node.column) if isinstance(value, float | str) else node
        case Membership(value=value, among=Name() as among) if isinstance(listed := constants.get(among.last), tuple):
            return Membership(_resolved(value, constants), tuple(Literal(each) for each in listed), node.negated, column=node.column)
        case Comparison(op=op, left=left, right=right):
            return Comparison(op, _resolved(left, constants), _resolved(right, constants), column=node.column)
        case Both(op=op, values=values):
            return Both(op, tuple(_resolved(value, constants) for value in values), column=node.column)
        case Negation(value=value):
            return Negation(_resolved(value, constants), column=node.column)
        case Call(function=function, arguments=arguments):
            return Call(function, tuple(_resolved(each, constants) for each in arguments), column=node.column)
    return node
