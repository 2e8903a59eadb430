"""The tree of an expression. Every node has its column in the text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from adam.core.errors import NOWHERE, Mark


@dataclass(frozen=True)
class Node:
    """A part of an expression; `column` counts characters from the start of the text."""

    column: int = field(default=0, kw_only=True, compare=False)


@dataclass(frozen=True)
class Name(Node):
    """`X`, `AE.X` or `ADEFF.IGA.X`."""

    parts: tuple[str, ...]

    def __str__(self) -> str:
        return ".".join(self.parts)

    @property
    def last(self) -> str:
        """The name of the variable."""
        return self.parts[-1]

    @property
    def owner(self) -> str:
        """The dataset or domain before the variable; blank if there is none."""
        return self.parts[0] if len(self.parts) > 1 else ""


@dataclass(frozen=True)
class Literal(Node):
    """A number or a text."""

    value: float | str

    def __str__(self) -> str:
        if isinstance(self.value, str):
            return f'"{self.value}"'
        return str(int(self.value)) if self.value == int(self.value) else str(self.value)


@dataclass(frozen=True)
class Missing(Node):
    """The literal `missing`."""

    def __str__(self) -> str:
        return "missing"


@dataclass(frozen=True)
class Negative(Node):
    """`-x`."""

    value: Node

    def __str__(self) -> str:
        return f"-{self.value}"


@dataclass(frozen=True)
class Arithmetic(Node):
    """`left op right` with op one of + - * / **."""

    op: str
    left: Node
    right: Node

    def __str__(self) -> str:
        return f"({self.left} {self.op} {self.right})"


@dataclass(frozen=True)
class Comparison(Node):
    """`left op right` with op one of == != < <= > >=."""

    op: str
    left: Node
    right: Node

    def __str__(self) -> str:
        return f"{self.left} {self.op} {self.right}"


@dataclass(frozen=True)
class Membership(Node):
    """`value in (a, b)` or `value in STUDY.LIST`."""

    value: Node
    among: tuple[Literal, ...] | Name
    negated: bool

    def __str__(self) -> str:
        among = str(self.among) if isinstance(self.among, Name) else f"({', '.join(map(str, self.among))})"
        return f"{self.value} {'not in' if self.negated else 'in'} {among}"


@dataclass(frozen=True)
class Both(Node):
    """`a and b and ...` or `a or b or ...`."""

    op: str
    values: tuple[Node, ...]

    def __str__(self) -> str:
        return "(" + f" {self.op} ".join(map(str, self.values)) + ")"


@dataclass(frozen=True)
class Negation(Node):
    """`not a`."""

    value: Node

    def __str__(self) -> str:
        return f"not {self.value}"


@dataclass(frozen=True)
class Call(Node):
    """`function(a, b)`."""

    function: str
    arguments: tuple[Node, ...]

    def __str__(self) -> str:
        return f"{self.function}({', '.join(map(str, self.arguments))})"


@dataclass(frozen=True)
class Expr:
    """An expression: its text, its place in the file, and its tree."""

    text: str
    root: Node
    mark: Mark = field(default=NOWHERE, compare=False)

    def __str__(self) -> str:
        return self.text

    def place(self, node: Node) -> Mark:
        """The place of `node` in the file."""
        return self.mark.shifted(node.column) if self.mark.line else self.mark

    @property
    def names(self) -> tuple[Name, ...]:
        """The names in the order of the text, each once."""
        return tuple(dict.fromkeys(node for node in walk(self.root) if isinstance(node, Name)))

    @property
    def bare(self) -> Name | None:
        """The name of an expression that is only a name; None of any other."""
        return self.root if isinstance(self.root, Name) else None


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below `node`."""
    match node:
        case Negative(value=value) | Negation(value=value):
            return (value,)
        case Arithmetic(left=left, right=right) | Comparison(left=left, right=right):
            return (left, right)
        case Membership(value=value, among=among):
            return (value, among) if isinstance(among, Name) else (value, *among)
        case Both(values=values):
            return values
        case Call(arguments=arguments):
            return arguments
    return ()


def walk(node: Node) -> Iterator[Node]:
    """`node` and everything below it, in the order of the text."""
    yield node
    for child in children(node):
        yield from walk(child)
