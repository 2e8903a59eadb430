"""What the translations of conditions into R and SAS have in common: which expressions both languages can evaluate as ours do."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping

from adam.core.kinds import ValueKind
from adam.expressions.tree import Call, Comparison, Literal, Membership, Name, Negative, Node, children

SEARCHES = ("startswith", "endswith", "contains")
CASES = ("upper", "lower")
OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
COMPARED = (ValueKind.TEXT, ValueKind.NUMBER, ValueKind.DATE, ValueKind.DATETIME)
Kinds = Callable[[Name], ValueKind]
"""The kind of a variable."""


class Untranslatable(Exception):  # noqa: N818  (it becomes an error of the specification)
    """A part of an expression that R and SAS programs cannot have; the message states what to do."""

    def __init__(self, node: Node, why: str = "") -> None:
        self.node = node
        super().__init__(why or f"The programs in R and SAS cannot evaluate {node}. Compute it in a variable of the dataset, and use that here.")


class Translation:
    """The parts of a translation that do not depend on the language.

    Args:
        kinds: the kind of each variable.
        constants: the constants of the study, for STUDY.X.
    """

    def __init__(self, kinds: Kinds, constants: Mapping[str, object]) -> None:
        self.kinds, self.constants = kinds, constants

    def kind(self, node: Node) -> ValueKind:
        """The kind of a value."""
        match node:
            case Name(owner=""):
                return self.kinds(node)
            case Name(owner="STUDY"):
                return self.kind(Literal(self.constant(node)))
            case Literal(value=value):
                return ValueKind.TEXT if isinstance(value, str) else ValueKind.NUMBER
            case Negative():
                return ValueKind.NUMBER
            case Call(function=function) if function in CASES:
                return ValueKind.TEXT
        raise Untranslatable(node)

    def constant(self, name: Name) -> float | str:
        """The value of STUDY.X."""
        value = self.constants.get(name.last)
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise Untranslatable(name)
        return value if isinstance(value, str) else float(value)

    def among(self, node: Membership) -> tuple[float | str, ...]:
        """The values of a list."""
        if isinstance(node.among, tuple):
            return tuple(literal.value for literal in node.among)
        listed = self.constants.get(node.among.last)
        if not isinstance(listed, tuple | list):
            raise Untranslatable(node)
        return tuple(each if isinstance(each, str) else float(each) for each in listed)

    def compared(self, node: Comparison) -> ValueKind:
        """The kind in which two values are compared: a text that is compared with a date is a date."""
        left, right = self.kind(node.left), self.kind(node.right)
        dated = [kind for kind in (left, right) if kind in (ValueKind.DATE, ValueKind.DATETIME)]
        kind = dated[0] if dated else left
        same = {left, right} == {kind} or (dated and ValueKind.TEXT in (left, right) and any(isinstance(each, Literal) for each in children(node)))
        if not same or kind not in COMPARED:
            raise Untranslatable(node)
        return kind

    def moment(self, text: str, node: Node) -> datetime.datetime:
        """A literal date or datetime."""
        try:
            return datetime.datetime.fromisoformat(text)
        except ValueError:
            raise Untranslatable(node) from None

    def literal(self, node: Node) -> float | str | None:
        """The value of a literal or a constant of the study; None of anything else."""
        if isinstance(node, Literal):
            return node.value
        return self.constant(node) if isinstance(node, Name) and node.owner == "STUDY" else None


def number_text(value: float) -> str:
    """A number as both languages read it.

    >>> number_text(8.0), number_text(-0.5)
    ('8', '-0.5')
    """
    return str(int(value)) if value == int(value) and abs(value) < 2**53 else repr(value)
