"""Expressions as English: conditions and values as a method text has them, with constants resolved."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from adam.core.kinds import ValueKind
from adam.expressions.functions import FUNCTIONS
from adam.expressions.tree import (
    Arithmetic,
    Both,
    Call,
    Comparison,
    Expr,
    Literal,
    Membership,
    Missing,
    Name,
    Negation,
    Negative,
    Node,
)

LISTED = 40
"""How many values of a list a text shows."""
PLAIN = re.compile(r"[A-Za-z0-9_.-]+")
ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
BINDS = {"+": 1, "-": 1, "*": 2, "/": 2, "**": 3}
"""How tightly an operator binds."""


@dataclass(frozen=True)
class Prose:
    """Renders the expressions of one formula.

    Args:
        constants: the constants of the study, for STUDY.X.
        names: how to show a name that is not shown as it is written (SRC.X as the variable of its domain).
        kind: the kind of the variable, which decides between "blank" and "missing", "earliest" and "lowest".
        records: the records a summary reads, in the plural ("EX records").
        families: for each argument with xx, the variable of each period.
        inputs: for each input of a record rule, how to show its names.
    """

    constants: Mapping[str, object] = field(default_factory=dict)
    names: Mapping[Name, str] = field(default_factory=dict)
    kind: ValueKind = ValueKind.TEXT
    records: str = "records"
    families: Mapping[str, Mapping[int, Name]] = field(default_factory=dict)
    inputs: Mapping[str, Mapping[Name, str]] = field(default_factory=dict)

    def of_input(self, name: str) -> Prose:
        """The same for the expressions of one input, where SRC.X is the variable of its domain."""
        return replace(self, names={**self.names, **self.inputs.get(name, {})})

    @property
    def nothing(self) -> str:
        """How a text calls no value of the variable."""
        return "blank" if self.kind in (ValueKind.TEXT, ValueKind.ANY) else "missing"

    @property
    def record(self) -> str:
        """The records a summary reads, in the singular: "EX record"."""
        return re.sub(r"\brecords\b", "record", self.records, count=1)

    def lowest(self, last: bool = False) -> str:
        """The superlative of a value of this kind."""
        if self.kind in (ValueKind.DATE, ValueKind.DATETIME, ValueKind.TIME):
            return "latest" if last else "earliest"
        if self.kind is ValueKind.NUMBER:
            return "highest" if last else "lowest"
        return "alphabetically last" if last else "alphabetically first"

    def where(self, condition: Expr | None) -> str:
        """` where ...` of a condition; nothing without one."""
        return f" where {self.condition(condition)}" if condition is not None else ""

    def order(self, keys: Sequence[object]) -> str:
        """An order list: `ADT, descending AESEQ`."""
        return ", ".join(self._key(key) for key in keys)

    def _key(self, key: object) -> str:
        name = self.part(getattr(key, "value"))  # noqa: B009  (an order key of the derivations, which this module does not import)
        if getattr(key, "descending", False):
            return f"descending {name}"
        return f"{name} (missing last)" if getattr(key, "missing_last", False) else name

    def term(self, text: str) -> str:
        """A literal text, or `blank`.

        >>> Prose().term("Y"), Prose().term("")
        ('"Y"', 'blank')
        """
        return f'"{text}"' if text else "blank"

    def condition(self, expr: Expr | Node) -> str:
        """A condition as English.

        >>> from adam.expressions.parse import parse
        >>> Prose({"SITES": ["01", "02"]}).condition(parse('not missing(TRTSDT) and (AGE >= 18 or SITEID in STUDY.SITES)'))
        'TRTSDT is not missing and (AGE >= 18 or SITEID is one of 01, 02)'
        """
        return self._condition(expr.root if isinstance(expr, Expr) else expr, negated=False)

    def value(self, expr: Expr | Node) -> str:
        """A value as English.

        >>> from adam.expressions.parse import parse
        >>> Prose().value(parse("(AVAL - BASE) / BASE * 100")), Prose().value(parse("date(EX.EXSTDTC)"))
        ('(AVAL - BASE) / BASE * 100', 'the date of EX.EXSTDTC')
        """
        return self._value(expr.root if isinstance(expr, Expr) else expr)

    def part(self, expr: Expr | Node) -> str:
        """A value as English, inside a longer phrase: in brackets where it would be ambiguous.

        >>> from adam.expressions.parse import parse
        >>> Prose().part(parse("if_else(A > 1, B, C)"))
        '(B if A > 1; otherwise C)'
        """
        return self._inner(expr.root if isinstance(expr, Expr) else expr)

    def _inner(self, node: Node) -> str:
        text = self._value(node)
        return f"({text})" if isinstance(node, Call) and not (node.function in FUNCTIONS and FUNCTIONS[node.function].brief) else text

    def _condition(self, node: Node, negated: bool) -> str:
        match node:
            case Negation(value=value) if not isinstance(value, Both):
                return self._condition(value, not negated)
            case Negation(value=value):
                return self._condition(value, negated=False) if negated else f"not ({self._condition(value, negated=False)})"
            case Both(op=op, values=values):
                text = f" {op} ".join(self._part(value, op) for value in values)
                return f"not ({text})" if negated else text
            case Comparison():
                return self._comparison(OPPOSITE[node.op] if negated else node.op, node.left, node.right)
            case Membership():
                return self._membership(node, negated != node.negated)
            case Call(function=function, arguments=arguments):
                return self._called(function, arguments, negated)
        return f"not {self._value(node)}" if negated else self._value(node)

    def _part(self, node: Node, op: str) -> str:
        text = self._condition(node, negated=False)
        return f"({text})" if isinstance(node, Both) and node.op != op else text

    def _comparison(self, op: str, left: Node, right: Node) -> str:
        shown, subject = self._inner(right), self._inner(left)
        if op not in ("==", "!="):
            return f"{subject} {op} {shown}"
        text = isinstance(self._resolved(right), str) or isinstance(right, Literal | Missing)
        verb = {"==": "is" if text else "=", "!=": "is not" if text else "differs from"}[op]
        return f"{subject} {verb} {shown}"

    def _membership(self, node: Membership, negated: bool) -> str:
        values = [each.value for each in node.among] if isinstance(node.among, tuple) else self._listed(node.among)
        one = f"is {'not ' if negated else ''}{self._literal(values[0])}" if len(values) == 1 else ""
        return f"{self._inner(node.value)} {one or ('is none of ' if negated else 'is one of ') + self.listed(values)}"

    def _listed(self, name: Name) -> list[object]:
        value = self.constants.get(name.last)
        return list(value) if isinstance(value, list | tuple | Mapping) else [value if value is not None else str(name)]

    def listed(self, values: Sequence[object]) -> str:
        """A list of literal values: plain codes as they are, other texts in quotes."""
        plain = all(not isinstance(each, str) or PLAIN.fullmatch(each) for each in values)
        shown = [str(each) if plain and isinstance(each, str) else self._literal(each) for each in values[:LISTED]]
        return ", ".join(shown) + (f", ... ({len(values)} in all)" if len(values) > LISTED else "")

    def _called(self, function: str, arguments: tuple[Node, ...], negated: bool) -> str:
        texts = [self._inner(each) for each in arguments]
        known = FUNCTIONS.get(function)
        if known is not None and known.negated:
            return (known.negated if negated else known.phrase).format(*texts, rest=" or ".join(texts[1:]))
        return f"{'not ' if negated else ''}{self._phrase(function, arguments)}"

    def _value(self, node: Node) -> str:
        match node:
            case Name():
                value = self._resolved(node)
                return self._literal(value) if value is not None else self.names.get(node, str(node))
            case Literal(value=value):
                return self._literal(value)
            case Missing():
                return "missing"
            case Negative(value=value):
                return f"-{self._operand(value, 3)}"
            case Arithmetic(op=op, left=left, right=right):
                return f"{self._operand(left, BINDS[op])} {op} {self._operand(right, BINDS[op] + 1)}"
            case Call(function=function, arguments=arguments):
                return self._phrase(function, arguments)
        return self._condition(node, negated=False)

    def _resolved(self, node: Node) -> object:
        """The value of STUDY.X where it is a single one."""
        value = self.constants.get(node.last) if isinstance(node, Name) and node.owner == "STUDY" else None
        return value if isinstance(value, str | int | float) and not isinstance(value, bool) else None

    def _operand(self, node: Node, binds: int) -> str:
        text = self._value(node)
        wrapped = BINDS[node.op] < binds if isinstance(node, Arithmetic) else isinstance(node, Call | Negative)
        return f"({text})" if wrapped else text

    def _phrase(self, function: str, arguments: tuple[Node, ...]) -> str:
        if function == "if_else":
            condition, *values = arguments
            shown = [*(self._inner(each) for each in values), self.nothing]
            return f"{shown[0]} if {self.condition(condition)}; otherwise {shown[1]}"
        texts = [self._inner(each) for each in arguments]
        if function in ("min", "max"):
            return f"the {self.lowest(function == 'max') if self.kind is not ValueKind.TEXT else function} of {', '.join(texts)}"
        if function == "round":
            decimals = int(float(texts[1])) if len(texts) > 1 else 0
            return f"{self._value(arguments[0])}, rounded to {f'{decimals} decimal' + 's' * (decimals != 1) if decimals else 'a whole number'}"
        if function == "scan":
            return f"{'the last part' if texts[1] == '-1' else f'part {texts[1]}'} of {texts[0]} separated by {texts[2]}"
        if function == "concat":
            return " followed by ".join(texts)
        if function == "substr":
            count = f"the {texts[2]} characters" if len(texts) > 2 else "the characters"
            return f"{count} of {texts[0]} from position {texts[1]}"
        phrase = FUNCTIONS[function].phrase if function in FUNCTIONS else ""
        return phrase.format(*texts, all=", ".join(texts)) if phrase else f"{function}({', '.join(texts)})"

    @staticmethod
    def _literal(value: object) -> str:
        if isinstance(value, str):
            return "blank" if value == "" else value if ISO_DATE.fullmatch(value) else f'"{value}"'
        return f"{value:.15g}" if isinstance(value, float) else str(value)


def sentence(text: str) -> str:
    """A text with a capital first letter and a full stop.

    >>> sentence('the date of EX.EXSTDTC')
    'The date of EX.EXSTDTC.'
    """
    text = text.strip()
    first = text.split(" ")[0]
    capital = first[:1].upper() if first.isalpha() and first.islower() else first[:1]
    return f"{capital}{text[1:]}{'' if text.endswith('.') else '.'}" if text else text


def joined(texts: Sequence[str]) -> str:
    """A list in a sentence.

    >>> joined(["A", "B", "C"])
    'A, B and C'
    """
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} and {texts[-1]}"
