"""Conditions in R. `&`, `|` and `!` of R know three values as ours do, and a comparison with NA is NA; blank text is ""."""

from __future__ import annotations

from adam.core.kinds import ValueKind
from adam.expressions.translation import CASES, SEARCHES, Translation, Untranslatable, number_text
from adam.expressions.tree import Both, Call, Comparison, Literal, Membership, Name, Negation, Negative, Node


class ToR(Translation):
    """Translates expressions whose variables are columns read by haven: text without NA, numbers, Date, and POSIXct in UTC."""

    def condition(self, node: Node) -> str:
        """A condition: TRUE, FALSE or NA.

        Raises:
            Untranslatable: R cannot evaluate a part of it as ours does.
        """
        match node:
            case Negation(value=value):
                return f"!({self.condition(value)})"
            case Both(op=op, values=values):
                texts = [self.condition(value) for value in values]
                sign = "&" if op == "and" else "|"
                return f" {sign} ".join(f"({text})" if isinstance(value, Both) else text for text, value in zip(texts, values, strict=True))
            case Comparison():
                return self._comparison(node)
            case Membership():
                return self._membership(node)
            case Call(function="missing", arguments=(value,)):
                text = self.value(value)
                return f'{text} == ""' if self.kind(value) is ValueKind.TEXT else f"is.na({text})"
            case Call(function=function, arguments=arguments) if function in SEARCHES:
                return self._search(function, arguments)
        raise Untranslatable(node)

    def value(self, node: Node) -> str:
        """A number or a text."""
        match node:
            case Name(owner=""):
                return str(node)
            case Name() | Literal():
                return r_literal(self.constant(node) if isinstance(node, Name) else node.value)
            case Negative(value=value) if self.kind(value) is ValueKind.NUMBER:
                return f"-{self.value(value)}"
            case Call(function=function, arguments=(value,)) if function in CASES:
                return f"{'toupper' if function == 'upper' else 'tolower'}({self.value(value)})"
        raise Untranslatable(node)

    def _comparison(self, node: Comparison) -> str:
        kind = self.compared(node)
        left, right = (self._side(side, kind) for side in (node.left, node.right))
        return f"{left} {node.op} {right}"

    def _side(self, node: Node, kind: ValueKind) -> str:
        text = self.literal(node)
        if kind is ValueKind.DATE and isinstance(text, str):
            return f'as.Date("{self.moment(text, node):%Y-%m-%d}")'
        if kind is ValueKind.DATETIME and isinstance(text, str):
            return f'as.POSIXct("{self.moment(text, node):%Y-%m-%d %H:%M:%S}", tz = "UTC")'
        return self.value(node)

    def _membership(self, node: Membership) -> str:
        kind, text = self.kind(node.value), self.value(node.value)
        listed = f"{text} %in% c({', '.join(r_literal(value) for value in self.among(node))})"
        if kind is ValueKind.NUMBER:
            return f"ifelse(is.na({text}), NA, {'!' if node.negated else ''}({listed}))"
        if kind is not ValueKind.TEXT:
            raise Untranslatable(node)
        return f"!({listed})" if node.negated else listed

    def _search(self, function: str, arguments: tuple[Node, ...]) -> str:
        value, *rest = arguments
        texts = [r_literal(part.value) for part in rest if isinstance(part, Literal)]
        ways = {"startswith": "startsWith({0}, {1})", "endswith": "endsWith({0}, {1})", "contains": "grepl({1}, {0}, fixed = TRUE)"}
        return f"({' | '.join(ways[function].format(self.value(value), text) for text in texts)})"


def r_literal(value: float | str) -> str:
    """A number or a text in R, in ASCII.

    >>> r_literal("5 % (a)"), r_literal(0.75)
    ('"5 % (a)"', '0.75')
    """
    if isinstance(value, float | int):
        return number_text(float(value))
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return (
        '"' + "".join(each if " " <= each <= "~" else f"\\u{ord(each):04x}" if ord(each) < 2**16 else f"\\U{ord(each):08x}" for each in escaped) + '"'
    )
