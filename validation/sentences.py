"""Sentences of checks: templates, conditions and arguments in plain English."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import singledispatch
from string import Formatter
from typing import Any

from pydantic import BaseModel

from adam.expressions.parse import parse
from adam.expressions.tree import Arithmetic, Both, Call, Comparison, Expr, Literal, Membership, Name, Negation, Negative, Node
from adam.planning.values import ResolvedParameter, ResolvedVariable
from validation.argument_types import CountOf, OrderKey
from validation.check import CheckFunction

PLAIN = re.compile(r"[\w.-]+")
SIGNS = {"==": "=", "!=": "is not"}
STRENGTH = {"+": 1, "-": 1, "*": 2, "/": 2, "**": 3}
"""The precedence of the operations."""


class _Template(Formatter):
    """The template of a message: an argument in braces becomes plain English."""

    def format_field(self, value: Any, format_spec: str) -> str:  # noqa: ANN401  (an argument can be anything)
        """Return an argument in plain English; with `that`, a condition that contains a verb follows "that"."""
        text = phrase(value)
        return f"that {text}" if format_spec == "that" and " is " in text else text


OPTIONAL = re.compile(r"\[([^][]*\{(\w+)[^][]*)\]")
"""A part of a template that is left out if its argument is not set."""


def sentence(known: CheckFunction, arguments: BaseModel) -> str:
    """Return what a failure of a check with these arguments states: its template with the arguments in plain English."""
    given = {name: getattr(arguments, name, field.default) for name, field in type(arguments).model_fields.items()}
    kept = OPTIONAL.sub(lambda part: part[1] if given[part[2]] not in (None, "", [], ()) else "", known.message)
    return _Template().vformat(kept, (), given)


def condition_phrase(condition: str) -> str:
    """Return a condition of the specification in plain English."""
    return phrase(parse(condition))


def phrase(value: object) -> str:
    """Return a condition, a list, a number … in plain English.

    >>> phrase(parse('TRTEMFL == "Y" and not missing(ASTDT) and TRTA != ""'))
    'TRTEMFL = Y and ASTDT is not missing and TRTA is not blank'
    >>> phrase(parse('PARAMCD in ("IGA", "EASI") or (AVAL > 2 and DTYPE == "NRI")'))
    'PARAMCD is one of IGA, EASI or (AVAL > 2 and DTYPE = NRI)'
    >>> phrase(parse("ADURN == AENDT - (ASTDT - 1)")), phrase({"PARAMCD": ["IGATS"], "AVISITN": [2, 4]})
    ('ADURN = AENDT - (ASTDT - 1)', 'PARAMCD IGATS, AVISITN 2, 4')
    """
    return _phrase(value)


@singledispatch
def _phrase(value: object) -> str:
    return str(value)


@_phrase.register
def _text(value: str) -> str:
    return "blank" if value == "" else value if PLAIN.fullmatch(value) else f'"{value}"'


@_phrase.register
def _number(value: float) -> str:
    return f"{value:g}"


@_phrase.register
def _expression(value: Expr) -> str:
    return _node(value.root)


@_phrase.register
def _order_key(value: OrderKey) -> str:
    return f"{value.name} from high to low" if value.descending else value.name


@_phrase.register(ResolvedVariable)
@_phrase.register(ResolvedParameter)
def _named(value: ResolvedVariable | ResolvedParameter) -> str:
    return value.name


@_phrase.register
def _count(value: CountOf) -> str:
    return value.dataset + (f" where {phrase(value.where)}" if value.where is not None else "")


@_phrase.register(list)
@_phrase.register(tuple)
def _list(value: Sequence[object]) -> str:
    bare = all(isinstance(each, str | int | float | OrderKey) or (isinstance(each, Expr) and each.bare is not None) for each in value)
    return (", " if bare else "; ").join(phrase(each) for each in value)


@_phrase.register(dict)
def _mapping(value: Mapping[object, object]) -> str:
    return ", ".join(f"{phrase(name)} {phrase(each)}" for name, each in value.items())


@singledispatch
def _node(node: Node) -> str:
    return str(node)


@_node.register
def _literal(node: Literal) -> str:
    return phrase(node.value)


@_node.register
def _negative(node: Negative) -> str:
    return f"-{_inner(node.value, 2)}"


@_node.register
def _arithmetic(node: Arithmetic) -> str:
    strength = STRENGTH[node.op]
    return f"{_inner(node.left, strength)} {node.op} {_inner(node.right, strength + (node.op in '-/'))}"


def _inner(node: Node, strength: int) -> str:
    """A part of a calculation, in parentheses where they are needed."""
    weaker = isinstance(node, Arithmetic) and STRENGTH[node.op] < strength
    return f"({_node(node)})" if weaker else _node(node)


@_node.register
def _comparison(node: Comparison) -> str:
    blank = isinstance(node.right, Literal) and node.right.value == ""
    sign = "is" if blank and node.op == "==" else SIGNS.get(node.op, node.op)
    return f"{_node(node.left)} {sign} {_node(node.right)}"


@_node.register
def _membership(node: Membership) -> str:
    among = str(node.among) if isinstance(node.among, Name) else ", ".join(map(_node, node.among))
    return f"{_node(node.value)} is {'not ' if node.negated else ''}one of {among}"


@_node.register
def _both(node: Both) -> str:
    return f" {node.op} ".join(f"({_node(each)})" if isinstance(each, Both) else _node(each) for each in node.values)


@_node.register
def _negation(node: Negation) -> str:
    if isinstance(node.value, Call) and node.value.function == "missing":
        return f"{_node(node.value.arguments[0])} is not missing"
    return f"not ({_node(node.value)})"


@_node.register
def _call(node: Call) -> str:
    if node.function == "missing":
        return f"{_node(node.arguments[0])} is missing"
    return f"{node.function}({', '.join(map(_node, node.arguments))})"
