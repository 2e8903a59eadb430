"""Expressions as English: conditions and values as a method text has them, with constants resolved."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from adam.catalog.phrases import BINDS, DATED, ISO_DATE, LATER, NUMERIC, OF_RECORDS, OPPOSITE, PLAIN, SPECIAL
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

LISTED = 200
"""How many values of a list a text shows."""


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
        kinds: the kinds of the names, as far as they are known: dates are before and after, numbers less and greater.
        terms: the codelists whose numbers the formula uses, by the name of the variable; None is the variable itself.
    """

    constants: Mapping[str, object] = field(default_factory=dict)
    names: Mapping[Name, str] = field(default_factory=dict)
    kind: ValueKind = ValueKind.TEXT
    records: str = "records"
    families: Mapping[str, Mapping[int, Name]] = field(default_factory=dict)
    inputs: Mapping[str, Mapping[Name, str]] = field(default_factory=dict)
    kinds: Mapping[Name, ValueKind] = field(default_factory=dict)
    terms: Mapping[Name | None, Mapping[str, float]] = field(default_factory=dict)

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
        'TRTSDT is not missing and (AGE is at least 18 or SITEID is one of 01, 02)'
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
        '(B if A is greater than 1; otherwise C)'
        """
        return self._inner(expr.root if isinstance(expr, Expr) else expr)

    def _inner(self, node: Node) -> str:
        text = self._value(node)
        if isinstance(node, Name):
            return f"({text})" if " where " in text else text
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
        """A comparison as a phrase; a literal on the left goes to the right."""
        if isinstance(left, Literal) and not isinstance(right, Literal):
            left, right, op = right, left, {"<": ">", "<=": ">=", ">": "<", ">=": "<="}.get(op, op)
        shown, subject = self._inner(right), self._inner(left)
        if op not in ("==", "!="):
            return f"{subject} {self._verb(op, left, right)} {shown}"
        exact = self._resolved(right) is not None or isinstance(right, Literal | Missing)
        verb = {"==": "is" if exact else "equals", "!=": "is not" if exact else "differs from"}[op]
        return f"{subject} {verb} {shown}"

    def verb(self, op: str, left: Expr) -> str:
        """The phrase of a comparison of a value: `is before` of a date, `is less than` of a number.

        >>> from adam.expressions.parse import parse
        >>> Prose().verb("<", parse("AVAL")), Prose().verb("<", parse("date(X)"))
        ('is less than', 'is before')
        """
        return self._verb(op, left.root, left.root)

    def _verb(self, op: str, left: Node, right: Node) -> str:
        return (LATER if DATED & {self.kind_of(left), self.kind_of(right)} else NUMERIC)[op]

    def kind_of(self, node: Node) -> ValueKind:
        """The kind of a value, as far as it is known."""
        match node:
            case Name():
                value = self._resolved(node)
                return self.kind_of(Literal(value)) if isinstance(value, str | float | int) else self.kinds.get(node, ValueKind.ANY)
            case Literal(value=value):
                return ValueKind.NUMBER if not isinstance(value, str) else ValueKind.DATE if ISO_DATE.fullmatch(value) else ValueKind.TEXT
            case Arithmetic(left=left, right=right):
                return ValueKind.NUMBER if self.kind_of(right) in DATED or self.kind_of(left) not in DATED else self.kind_of(left)
            case Call(function=function, arguments=arguments):
                returns = FUNCTIONS[function].returns if function in FUNCTIONS else None
                shared = (self.kind_of(each) for each in arguments[function == "if_else" :])
                return returns or next((kind for kind in shared if kind is not ValueKind.ANY), ValueKind.ANY)
        return ValueKind.ANY

    def _membership(self, node: Membership, negated: bool) -> str:
        """`is one of USA, CAN`, `is blank or "N"`, `is neither blank nor one of 1, 2`."""
        values = [each.value for each in node.among] if isinstance(node.among, tuple) else self._listed(node.among)
        subject, others = self._inner(node.value), [value for value in values if value != ""]
        if len(others) < len(values) and others:
            some = self._literal(others[0]) if len(others) == 1 else f"one of {self.listed(others)}"
            return f"{subject} is {f'neither blank nor {some}' if negated else f'blank or {some}'}"
        if len(values) == 1:
            return f"{subject} is {'not ' if negated else ''}{self._literal(values[0])}"
        return f"{subject} is {'not ' if negated else ''}one of {self.listed(values)}"

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
            case Arithmetic():
                return self._arithmetic(node)
            case Call(function=function, arguments=arguments):
                return self._phrase(function, arguments)
        return self._condition(node, negated=False)

    def _resolved(self, node: Node) -> str | int | float | None:
        """The value of STUDY.X where it is a single one."""
        value = self.constants.get(node.last) if isinstance(node, Name) and node.owner == "STUDY" else None
        return value if isinstance(value, str | int | float) and not isinstance(value, bool) else None

    def _arithmetic(self, node: Arithmetic) -> str:
        """A formula as a reader writes it; a number of days after a date has its unit."""
        left, right = self._operand(node.left, BINDS[node.op]), self._operand(node.right, BINDS[node.op] + 1)
        if node.op == "**":
            return f"{left}^{right}"
        number = node.right.value if isinstance(node.right, Literal) else self._resolved(node.right)
        days = node.op in "+-" and self.kind_of(node.left) is ValueKind.DATE and isinstance(number, int | float)
        return f"{left} {node.op} {right}{(' day' if number == 1 else ' days') if days else ''}"

    def _operand(self, node: Node, binds: int) -> str:
        text = self._inner(node) if isinstance(node, Name) else self._value(node)
        wrapped = BINDS[node.op] < binds if isinstance(node, Arithmetic) else isinstance(node, Call | Negative)
        return f"({text})" if wrapped else text

    def _phrase(self, function: str, arguments: tuple[Node, ...]) -> str:
        """The result of a function as a phrase: by its phrase, or by its entry in `SPECIAL`."""
        if len(arguments) == 1 and function in OF_RECORDS:
            return OF_RECORDS[function](self, arguments)
        if function in SPECIAL:
            return SPECIAL[function](self, arguments)
        texts = [self._inner(each) for each in arguments]
        return FUNCTIONS[function].phrase.format(*texts, all=joined(texts))

    def inner(self, node: Node) -> str:
        """A value inside a longer phrase, for the phrases of functions."""
        return self._inner(node)

    def plain(self, node: Node) -> str:
        """A value without brackets, for the phrases of functions."""
        return self._value(node)

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
