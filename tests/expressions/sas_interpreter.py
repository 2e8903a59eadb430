"""Evaluates the conditions that `ToSas` writes, by the rules of SAS: two truth values, missing is smaller than every number, texts are padded."""

import datetime
import re

TOKEN = re.compile(r"\s*('(?:[^']|'')*'(?:dt|d)?|[<>]=?|=|\(|\)|,|-|\+|\d+(?:\.\d+)?(?:e[+-]?\d+)?|[A-Za-z_]\w*)")
NUMBERED = {name: number for number, name in enumerate(["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"], 1)}
EPOCH = datetime.datetime(1960, 1, 1)
MISSING = float("-inf")


class SasCondition:
    """A condition of SAS; `holds` evaluates it on one record, where a missing number is None and a missing text is blank."""

    def __init__(self, text: str) -> None:
        self.tokens: list[str] = []
        place = 0
        while place < len(text.rstrip()):
            match = TOKEN.match(text, place)
            assert match, f"not SAS: {text[place:]!r}"
            self.tokens.append(match[1])
            place = match.end()

    def holds(self, record):
        self.record, self.place = record, 0
        result = self.either()
        assert self.place == len(self.tokens), f"not SAS: {self.tokens[self.place :]}"
        return bool(result)

    def next(self, *expected):
        """The next token if it is one of those expected."""
        if self.place < len(self.tokens) and self.tokens[self.place].lower() in expected:
            self.place += 1
            return self.tokens[self.place - 1].lower()
        return None

    def need(self, *expected):
        found = self.next(*expected)
        assert found, f"expected {expected}, not {self.tokens[self.place :]}"
        return found

    def either(self):
        result = self.both()
        while self.next("or"):
            other = self.both()
            result = result or other
        return result

    def both(self):
        result = self.comparison()
        while self.next("and"):
            other = self.comparison()
            result = result and other
        return result

    def comparison(self):
        left = self.sum()
        negated = bool(self.next("not"))
        if negated or (self.place < len(self.tokens) and self.tokens[self.place].lower() == "in"):
            self.need("in")
            self.need("(")
            values = [self.sum()]
            while self.next(","):
                values.append(self.sum())
            self.need(")")
            return (ordered(left) in map(ordered, values)) != negated
        operator = self.next("=", "ne", "<", "<=", ">", ">=")
        if operator is None:
            return left
        a, b = ordered(left), ordered(self.sum())
        return {"=": a == b, "ne": a != b, "<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[operator]

    def sum(self):
        result = self.prefix()
        while sign := self.next("+", "-"):
            other = self.prefix()
            result += other if sign == "+" else -other
        return result

    def prefix(self):
        if self.next("not"):
            return not self.prefix()
        if self.next("-"):
            value = self.prefix()
            return None if value is None else -value
        if self.next("("):
            result = self.either()
            self.need(")")
            return result
        token = self.tokens[self.place]
        self.place += 1
        if token.startswith("'"):
            return literal(token)
        if token[0].isdigit():
            return float(token)
        return self.call(token.lower()) if self.next("(") else self.record[token]

    def call(self, name):
        arguments = [self.sum()]
        while self.next(","):
            arguments.append(self.sum())
        self.need(")")
        return FUNCTIONS[name](*arguments)


def ordered(value):
    """A value that compares as SAS compares: missing first, texts without trailing blanks."""
    return MISSING if value is None else value.rstrip(" ") if isinstance(value, str) else value


def literal(token):
    body, _, kind = token[1:].rpartition("'")
    if kind:
        day, _, time = body.partition(":")
        moment = datetime.datetime(int(day[5:]), NUMBERED[day[2:5]], int(day[:2]))
        seconds = sum(int(part) * factor for part, factor in zip(time.split(":"), (3600, 60, 1), strict=True)) if time else 0
        return float((moment - EPOCH).days) if kind == "d" else (moment - EPOCH).total_seconds() + seconds
    return body.replace("''", "'")


def substrn(text, start, length):
    """The characters of the positions start to start + length - 1 that the text has."""
    low, high = int(start), int(start) + int(length)
    return "".join(sign for position, sign in enumerate(text, 1) if low <= position < high)


FUNCTIONS = {
    "missing": lambda value: value is None or value == "",
    "find": lambda text, part: text.find(part) + 1,
    "substrn": substrn,
    "lengthn": len,
    "upcase": str.upper,
    "lowcase": str.lower,
}
