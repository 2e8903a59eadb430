"""Messages of checks in plain words: conditions and arguments as a reader without the language would say them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import singledispatch

from pydantic import BaseModel

from adam.expressions.parse import parse
from adam.expressions.tree import Arithmetic, Both, Call, Comparison, Expr, Literal, Membership, Name, Negation, Negative, Node
from validation.check import CheckKind, CountOf, OrderKey

PLAIN = re.compile(r"[\w.-]+")
SIGNS = {"==": "is", "!=": "is not"}
STRENGTH = {"+": 1, "-": 1, "*": 2, "/": 2, "**": 3}
"""Which of two operations is worked out first."""


def sentence(known: CheckKind, arguments: BaseModel) -> str:
    """What a failure of a line says: the words of its check, then its arguments.

    What the check is about comes first and bare (the argument of its own name, `expect` or `has`), its `where` next, the others by their names.
    """
    fields = type(arguments).model_fields
    given = {name: getattr(arguments, name) for name, field in fields.items() if getattr(arguments, name) != field.default}
    told = {name: value for name, value in given.items() if name != known.gathers}
    head = next((name for name in (known.name, "expect", "has") if name in told), "")
    parts = [words(told.pop(head))] if head else []
    order = sorted(told, key=lambda name: name != "where")
    parts += [f"{name.replace('_', ' ')} {words(told[name])}" for name in order]
    parts += [f"{name} being {words(each)}" for name, each in given.get(known.gathers, {}).items()]
    return f"{known.message}: {', '.join(parts)}"


def in_words(condition: str) -> str:
    """A condition as it is written, in words."""
    return words(parse(condition))


def words(value: object) -> str:
    """A condition, a list, a number ... in words.

    >>> words(parse('TRTEMFL == "Y" and not missing(ASTDT) and TRTA != ""'))
    'TRTEMFL is Y and ASTDT is not missing and TRTA is not blank'
    >>> words(parse('PARAMCD in ("IGA", "EASI") or (AVAL > 2 and DTYPE == "NRI")'))
    'PARAMCD is one of IGA, EASI or (AVAL > 2 and DTYPE is NRI)'
    >>> words(parse("ADURN == AENDT - (ASTDT - 1)")), words({"PARAMCD": ["IGATS"], "AVISITN": [2, 4]})
    ('ADURN is AENDT - (ASTDT - 1)', 'PARAMCD IGATS and AVISITN 2, 4')
    """
    if isinstance(value, Expr):
        return _node(value.root)
    if isinstance(value, OrderKey):
        return f"{value.name} from high to low" if value.descending else value.name
    if isinstance(value, CountOf):
        return value.dataset + (f" where {words(value.where)}" if value.where is not None else "")
    if isinstance(value, Mapping):
        return " and ".join(f"{words(name)} {words(each)}" for name, each in value.items())
    if isinstance(value, list | tuple):
        bare = all(isinstance(each, str | int | float | OrderKey) or (isinstance(each, Expr) and each.bare is not None) for each in value)
        return (", " if bare else "; ").join(words(each) for each in value)
    if isinstance(value, float):
        return f"{value:g}"
    if not isinstance(value, str):
        return str(value)
    return "blank" if value == "" else value if PLAIN.fullmatch(value) else f'"{value}"'


@singledispatch
def _node(node: Node) -> str:
    return str(node)


@_node.register
def _literal(node: Literal) -> str:
    return words(node.value)


@_node.register
def _negative(node: Negative) -> str:
    return f"-{_inner(node.value, 2)}"


@_node.register
def _arithmetic(node: Arithmetic) -> str:
    strength = STRENGTH[node.op]
    return f"{_inner(node.left, strength)} {node.op} {_inner(node.right, strength + (node.op in '-/'))}"


def _inner(node: Node, strength: int) -> str:
    """A part of a calculation, in brackets where it would be read otherwise."""
    weaker = isinstance(node, Arithmetic) and STRENGTH[node.op] < strength
    return f"({_node(node)})" if weaker else _node(node)


@_node.register
def _comparison(node: Comparison) -> str:
    return f"{_node(node.left)} {SIGNS.get(node.op, node.op)} {_node(node.right)}"


@_node.register
def _membership(node: Membership) -> str:
    among = str(node.among) if isinstance(node.among, Name) else ", ".join(map(_node, node.among))
    return f"{_node(node.value)} is {'none' if node.negated else 'one'} of {among}"


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
