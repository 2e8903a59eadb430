"""The values a part of an expression can have, by codelists and literals, and the comparisons that can never be true because of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from adam.core.errors import did_you_mean
from adam.core.kinds import DTYPES, ValueKind
from adam.expressions.functions import FUNCTIONS, Expected, WithIssue
from adam.expressions.pattern import Pattern
from adam.expressions.text_functions import titled
from adam.expressions.tree import Both, Call, Comparison, Expr, Literal, Membership, Missing, Name, Node, walk

SHOWN = 8
MOST = 1000
"""The largest number of values a joined text can have to be listed."""
CASED: dict[str, Callable[[str], str]] = {"upper": str.upper, "lower": str.lower, "title": titled}


@dataclass(frozen=True)
class Possible:
    """The values a variable can have besides missing and blank; `what` describes one, and `decodes` maps the decode of a value to the value."""

    what: str
    values: tuple[str | float, ...]
    decodes: Mapping[str, str] = field(default_factory=dict)

    def hint(self, value: str | float) -> str:
        """The end of a sentence about an unknown value: the valid values, and the nearest of them."""
        listed = ", ".join(shown(each) for each in self.values[:SHOWN]) + (", ..." if len(self.values) > SHOWN else "")
        texts = [each for each in self.values if isinstance(each, str)]
        if not isinstance(value, str):
            return f" ({listed})."
        plain = {each.upper(): each for each in texts}
        near = plain.get(value.strip().upper()) or self.decodes.get(value.strip().upper())
        meant = f". Did you mean '{near}'?" if near else did_you_mean(value, texts)
        return f" ({listed}){meant}"


PARTS: dict[str, tuple[Callable[[str, str], bool], str]] = {
    "startswith": (str.startswith, "starts with"),
    "endswith": (str.endswith, "ends with"),
    "contains": (str.__contains__, "contains"),
    "matches": (lambda value, pattern: Pattern(pattern).occurs_in(value), "matches"),
}
"""Whether a value has a part that a function looks for, and the verb of the function."""
Lookup = Callable[[Name], Possible | None]
"""The possible values of a name; None if it can have any value."""


def shown(value: str | float) -> str:
    """A value as messages show it."""
    return value if isinstance(value, str) else f"{value:.15g}"


@dataclass(frozen=True)
class Impossible:
    """A literal that is never equal to its other side, or a condition that can never be true, and the message about it."""

    node: Node
    message: str
    code: str = "spec-unknown-term"


def impossible(expr: Expr, lookup: Lookup) -> Iterator[Impossible]:
    """Every literal of an expression that its other side is never equal to, and every condition that is never true."""
    for node in walk(expr.root):
        if isinstance(node, Comparison) and node.op in ("==", "!="):
            yield from _compared(node, lookup)
        elif isinstance(node, Membership) and isinstance(node.among, tuple):
            yield from _member(node, node.among, lookup)
        elif isinstance(node, Both) and node.op == "and":
            yield from contradictions(node)
        elif isinstance(node, Call) and node.function in PARTS and node.arguments:
            yield from _part(node, lookup)


def _compared(node: Comparison, lookup: Lookup) -> Iterator[Impossible]:
    if isinstance(node.left, Literal) and isinstance(node.right, Literal):
        message = f"The comparison of two constants, {node.left} and {node.right}, always has the same result. Compare a variable."
        yield Impossible(node, message, "spec-constant")
        return
    if isinstance(node.left, Name) and node.left == node.right:
        yield Impossible(node, f"{node.left} is compared with itself, so the result is always the same. Compare another variable.", "spec-constant")
    for side, literal in ((node.left, node.right), (node.right, node.left)):
        if isinstance(literal, Literal):
            yield from _never(side, literal, lookup)


def contradictions(node: Both) -> Iterator[Impossible]:
    """Conditions that need two values of one variable at once: `X == "A" and X == "B"`, `X > 5 and X < 3`."""
    sets: dict[Name, frozenset[str | float]] = {}
    ranges: dict[Name, _Range] = {}
    for part in node.values:
        if isinstance(part, Membership) and isinstance(part.value, Name) and not part.negated and isinstance(part.among, tuple):
            sets[part.value] = sets.get(part.value, frozenset(each.value for each in part.among)) & {each.value for each in part.among}
        elif isinstance(part, Comparison) and isinstance(part.left, Name) and isinstance(part.right, Literal):
            value = part.right.value
            if part.op == "==":
                sets[part.left] = sets.get(part.left, frozenset([value])) & {value}
            if isinstance(value, float):
                ranges.setdefault(part.left, _Range()).narrow(part.op, value)
    never = {name for name, values in sets.items() if not values} | {name for name, each in ranges.items() if each.empty}
    for name in sorted(never, key=str):
        yield Impossible(node, f"{node} is never true: {name} would need two values at once. Write 'or', or correct a value.", "spec-constant")


@dataclass
class _Range:
    """The numbers that comparisons allow: from `low` to `high`, each with whether it is excluded."""

    low: tuple[float, bool] = (-math.inf, False)
    high: tuple[float, bool] = (math.inf, False)

    def narrow(self, op: str, value: float) -> None:
        if op in (">", ">=", "=="):
            self.low = max(self.low, (value, op == ">"))
        if op in ("<", "<=", "=="):
            high, without = self.high
            self.high = min((high, not without), (value, op != "<"))
            self.high = (self.high[0], not self.high[1])

    @property
    def empty(self) -> bool:
        return self.low[0] > self.high[0] or (self.low[0] == self.high[0] and (self.low[1] or self.high[1]))


def _member(node: Membership, among: tuple[Literal, ...], lookup: Lookup) -> Iterator[Impossible]:
    seen: set[str | float] = set()
    for literal in among:
        if literal.value in seen:
            yield Impossible(literal, f"{literal} is listed twice. Delete one of them.", "spec-duplicate-entry")
        seen.add(literal.value)
        yield from _never(node.value, literal, lookup)


def _never(side: Node, literal: Literal, lookup: Lookup) -> Iterator[Impossible]:
    value = literal.value
    if value == "":
        return
    if isinstance(value, str) and value != value.rstrip(" ") and _of_data(side):
        message = f"{side} is compared with {literal}, which ends with a blank. Text in the data has no blanks at its end, so this is never equal."
        yield Impossible(literal, f'{message} Write "{value.rstrip(" ")}".')
        return
    possible = lookup(side) if isinstance(side, Name) else None
    values = values_of(side, lookup)
    if isinstance(side, Name) and possible is not None and value not in possible.values:
        yield Impossible(literal, f"{side} is compared with {literal}, which is not {possible.what}{possible.hint(value)}")
    elif not isinstance(side, Name) and values is not None and value not in values:
        listed = ", ".join(sorted(shown(each) for each in values if each != ""))
        yield Impossible(literal, f"{side} is never {literal}. Its possible values are {listed or 'blank'}.")
    elif isinstance(side, Call) and isinstance(value, str) and side.function in CASED and CASED[side.function](value) != value:
        yield Impossible(literal, f'{side} is never {literal}. Write "{CASED[side.function](value)}".')


def _of_data(node: Node) -> bool:
    """Whether a part is the text of a variable as it is in the data."""
    if isinstance(node, Call) and node.function in CASED:
        return _of_data(node.arguments[0])
    return isinstance(node, Name) and node.owner != "STUDY"


def _part(node: Call, lookup: Lookup) -> Iterator[Impossible]:
    values = values_of(node.arguments[0], lookup)
    for literal in node.arguments[1:] if values is not None else ():
        if not isinstance(literal, Literal) or not isinstance(literal.value, str):
            continue
        has, verb = PARTS[node.function]
        if not any(has(each, literal.value) for each in values or () if isinstance(each, str)):
            listed = ", ".join(sorted(shown(each) for each in values or () if each != ""))
            yield Impossible(literal, f"{node.arguments[0]} never {verb} {literal}. Its possible values are {listed or 'blank'}.")


def values_of(node: Node, lookup: Lookup) -> frozenset[str | float] | None:
    """The values a part of an expression can have, including blank if it can be blank; None if they are not known."""
    match node:
        case Literal(value=value):
            return frozenset([value])
        case Missing():
            return frozenset([""])
        case Name():
            possible = lookup(node)
            return None if possible is None else frozenset([*possible.values, ""])
        case Call(function="if_else" | "coalesce"):
            chosen = [values_of(each, lookup) for each in results(node)]
            return None if None in chosen else frozenset([""]).union(*(each for each in chosen if each is not None))
        case Call(function="concat", arguments=arguments):
            return _joined([values_of(each, lookup) for each in arguments])
        case Call(arguments=(_, *constants)) if all(isinstance(each, Literal) for each in constants):
            return _calculated(node, lookup)
    return None


def _calculated(call: Call, lookup: Lookup) -> frozenset[str | float] | None:
    """The results of a function whose first argument has known values and whose others are constants: it is applied to each value."""
    function, values = FUNCTIONS.get(call.function), values_of(call.arguments[0], lookup)
    if function is None or values is None or function.special or function.returns not in (ValueKind.TEXT, ValueKind.NUMBER):
        return None
    constants = [each.value for each in call.arguments[1:] if isinstance(each, Literal)]
    kinds = function.expects[0]
    if not function.least <= len(call.arguments) or isinstance(kinds, str) or len(values) > MOST:
        return None
    texts = [each for each in values if isinstance(each, str)]
    kind = ValueKind.TEXT if len(texts) == len(values) else ValueKind.NUMBER
    if kind not in kinds or (kind is ValueKind.NUMBER and set(texts) - {""}):
        return None  # values of two kinds, or of a kind with a fault that is reported elsewhere
    found: set[str | float] = set()
    column = pd.Series([np.nan if kind is ValueKind.NUMBER and each == "" else each for each in sorted(values, key=str)], dtype=DTYPES[kind])
    result = function.run(column, *(_argument(each, function.expected(place), len(column)) for place, each in enumerate(constants, 1)))
    for each in (result.column if isinstance(result, WithIssue) else result).tolist():
        found.add("" if each != each else each)
    return frozenset(found)


def _argument(value: float | str, expected: Expected, size: int) -> object:
    """A constant as a function takes it: itself, or a column."""
    if isinstance(expected, str):
        return int(value) if isinstance(value, float) else value
    return pd.Series([value] * size, dtype="str" if isinstance(value, str) else "float64")


def results(node: Node) -> tuple[Node, ...]:
    """The parts that can be the value of an expression: the branches of if_else, the arguments of coalesce, else the expression itself."""
    if isinstance(node, Call) and node.function == "if_else":
        return node.arguments[1:]
    return node.arguments if isinstance(node, Call) and node.function == "coalesce" else (node,)


def _joined(parts: list[frozenset[str | float] | None]) -> frozenset[str | float] | None:
    found: frozenset[str | float] = frozenset([""])
    for part in parts:
        if part is None or len(found) * len(part) > MOST:
            return None
        found = frozenset(shown(one) + shown(other) for one in found for other in part)
    return found


def produced(node: Node, lookup: Lookup) -> Iterator[tuple[Node, frozenset[str | float]]]:
    """The parts that can be the value of an expression, each with the values it can have, if they are known."""
    inner = results(node)
    if inner != (node,):
        for part in inner:
            yield from produced(part, lookup)
        return
    values = values_of(node, lookup)
    if values is not None:
        yield node, values - {""}
