"""Conditions in SAS, where missing is smaller than every number and there are two truth values.

A condition becomes the test that it is true, with `not` moved inwards: so a comparison with a missing number, which is unknown here, is not
selected in either way it is read.
"""

from __future__ import annotations

from adam.core.kinds import ValueKind
from adam.expressions.translation import CASES, OPPOSITE, SEARCHES, Translation, Untranslatable, number_text
from adam.expressions.tree import Both, Call, Comparison, Literal, Membership, Name, Negation, Negative, Node

OPERATORS = {"==": "=", "!=": "ne", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
WAYS = {
    "startswith": "find({0}, {1}) = 1",
    "endswith": "substrn({0}, lengthn({0}) - {2}, {3}) = {1}",
    "contains": "find({0}, {1}) > 0",
}


class ToSas(Translation):
    """Translates expressions for a WHERE statement or an assignment of a DATA step."""

    def condition(self, node: Node, negated: bool = False) -> str:
        """The test that a condition is true, or with `negated` that it is false.

        Raises:
            Untranslatable: SAS cannot evaluate a part of it as ours does.
        """
        match node:
            case Negation(value=value):
                return self.condition(value, not negated)
            case Both(op=op, values=values):
                word = "and" if (op == "and") != negated else "or"
                return f" {word} ".join(self._inside(value, negated, word) for value in values)
            case Comparison():
                return self._comparison(node, OPPOSITE[node.op] if negated else node.op)
            case Membership():
                return self._membership(node, node.negated != negated)
            case Call(function="missing", arguments=(value,)):
                return f"{'not ' if negated else ''}missing({self.value(value)})"
            case Call(function=function, arguments=arguments) if function in SEARCHES:
                return self._search(function, arguments, negated)
        raise Untranslatable(node)

    def value(self, node: Node) -> str:
        """A number or a text."""
        match node:
            case Name(owner=""):
                return str(node)
            case Name() | Literal():
                return sas_literal(self.constant(node) if isinstance(node, Name) else node.value, node)
            case Negative(value=value) if self.kind(value) is ValueKind.NUMBER:
                return f"-{self.value(value)}"
            case Call(function=function, arguments=(value,)) if function in CASES:
                return f"{'upcase' if function == 'upper' else 'lowcase'}({self.value(value)})"
        raise Untranslatable(node)

    def _inside(self, node: Node, negated: bool, word: str) -> str:
        text = self.condition(node, negated)
        return f"({text})" if f" {'or' if word == 'and' else 'and'} " in text else text

    def _comparison(self, node: Comparison, op: str) -> str:
        kind = self.compared(node)
        left, right = (self._side(side, kind) for side in (node.left, node.right))
        test = f"{left} {OPERATORS[op]} {right}"
        if kind is ValueKind.TEXT:
            return test
        unknown = [self.value(side) for side in (node.left, node.right) if self.literal(side) is None]
        if op in ("==", ">", ">=") and self.literal(node.right) is not None:
            return test  # false for a missing value in SAS, too
        return " and ".join([*(f"not missing({each})" for each in dict.fromkeys(unknown)), test])

    def _side(self, node: Node, kind: ValueKind) -> str:
        text = self.literal(node)
        if kind in (ValueKind.DATE, ValueKind.DATETIME) and isinstance(text, str):
            moment = self.moment(text, node)
            day = f"{moment:%d}{MONTHS[moment.month - 1]}{moment:%Y}"
            return f"'{day}'d" if kind is ValueKind.DATE else f"'{day}:{moment:%H:%M:%S}'dt"
        return self.value(node)

    def _membership(self, node: Membership, negated: bool) -> str:
        kind, text = self.kind(node.value), self.value(node.value)
        if kind not in (ValueKind.TEXT, ValueKind.NUMBER):
            raise Untranslatable(node)
        test = f"{text} {'not in' if negated else 'in'} ({', '.join(sas_literal(value, node) for value in self.among(node))})"
        return f"not missing({text}) and {test}" if negated and kind is ValueKind.NUMBER else test

    def _search(self, function: str, arguments: tuple[Node, ...], negated: bool) -> str:
        value, *rest = arguments
        texts = [part for part in rest if isinstance(part, Literal)]
        tests = [
            WAYS[function].format(self.value(value), sas_literal(part.value, part), len(str(part.value)) - 1, len(str(part.value))) for part in texts
        ]
        return f"not ({' or '.join(tests)})" if negated else f"({' or '.join(tests)})"


MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")


def sas_literal(value: float | str, node: Node | None = None) -> str:
    """A number or a text in SAS. Texts have single quotes, so `&` and `%` in them are no macro calls.

    Raises:
        Untranslatable: a text has a character that is not printable ASCII.

    >>> sas_literal("Crohn's 5%"), sas_literal(12.0)
    ("'Crohn''s 5%'", '12')
    """
    if isinstance(value, float | int):
        return number_text(float(value))
    if not (value.isascii() and (value.isprintable() or not value)):
        raise Untranslatable(
            node or Literal(value), f"The programs in SAS have ASCII text only, not {ascii(value)}. Use a variable with a number instead."
        )
    return "'" + value.replace("'", "''") + "'"
