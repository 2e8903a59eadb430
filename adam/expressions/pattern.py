"""Regular expressions whose time grows with the length of the text only, whatever the pattern.

A pattern becomes an automaton (Thompson 1968), and a text is read once with the set of the states it can be in. So there is no
backtracking, and nothing to repeat twice. Backreferences and assertions cannot be read so, and are refused.
"""

from __future__ import annotations

from dataclasses import dataclass, field

SETS = {
    "d": frozenset("0123456789"),
    "w": frozenset("0123456789_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    "s": frozenset(" \t\n\r\f\v"),
}
"""What `\\d`, `\\w` and `\\s` stand for: ASCII characters only."""
SPECIAL = frozenset("\\.^$*+?{}[]()|/- \"'&~#@%=<>!:;,`_")
LARGEST = 2000
"""The largest number of states of an automaton."""
MOST = 200
"""The largest number in a repetition such as {3,10}."""
DEEPEST = 20
"""The largest number of nested groups."""


class PatternError(ValueError):
    """A pattern that cannot be read, as a sentence with the place in the pattern."""


@dataclass(frozen=True)
class Characters:
    """One character: of a set, of some ranges, or with `negated` none of them."""

    members: frozenset[str] = frozenset()
    ranges: tuple[tuple[str, str], ...] = ()
    negated: bool = False

    def has(self, character: str) -> bool:
        """Whether the character is one of them."""
        return (character in self.members or any(low <= character <= high for low, high in self.ranges)) is not self.negated


@dataclass
class State:
    """A state: with `one` it reads a character and goes to the first of `to`; otherwise it goes to all of them, under a condition."""

    to: list[int] = field(default_factory=list)
    one: Characters | None = None
    edge: str = ""
    """`^` or `$`: only at that end of the text."""


class Pattern:
    """A regular expression, ready to be searched in texts.

    Raises:
        PatternError: the text is not a pattern of this kind.

    >>> Pattern("^(WEEK|DAY) [0-9]+$").occurs_in("DAY 15"), Pattern("a{2,3}b").occurs_in("xab")
    (True, False)
    """

    def __init__(self, text: str) -> None:
        self.states: list[State] = [State()]
        self.text, self.start = text, 0
        self.start = self._built(_Reader(text).whole(), 0)
        self.steps: dict[tuple[frozenset[int], str], frozenset[int]] = {}

    def occurs_in(self, text: str) -> bool:
        """Whether the pattern matches some part of a text."""
        now = self._closed({self.start}, at_start=True)
        for character in text:
            if 0 in now:
                return True
            key = (now, character)
            if key not in self.steps:
                self.steps[key] = self._closed({*self._after(now, character), self.start})
            now = self.steps[key]
        return 0 in self._closed(set(now), at_start=not text, at_end=True)

    def _after(self, now: frozenset[int], character: str) -> set[int]:
        read = ((self.states[each].one, self.states[each].to) for each in now)
        return {to[0] for one, to in read if one is not None and one.has(character)}

    def _closed(self, states: set[int], *, at_start: bool = False, at_end: bool = False) -> frozenset[int]:
        """The states and all that are reached from them without reading a character."""
        found, left = set(states), list(states)
        while left:
            state = self.states[left.pop()]
            allowed = state.edge == "" or (at_start and state.edge == "^") or (at_end and state.edge == "$")
            if state.one is None and allowed:
                new = [each for each in state.to if each not in found]
                found.update(new)
                left += new
        return frozenset(found)

    def _state(self, state: State) -> int:
        if len(self.states) >= LARGEST:
            raise PatternError(f"The pattern is too large. Use smaller numbers in {{ }}: a pattern may repeat {LARGEST} characters in all.")
        self.states.append(state)
        return len(self.states) - 1

    def _built(self, part: Part, after: int) -> int:
        """The first state of a part that is followed by the state `after`."""
        if part.kind == "one":
            return self._state(State([after], one=part.one))
        if part.kind == "edge":
            return self._state(State([after], edge=part.edge))
        if part.kind == "or":
            return self._state(State([self._built(each, after) for each in part.parts]))
        if part.kind == "repeat":
            return self._repeated(part, after)
        for each in reversed(part.parts):
            after = self._built(each, after)
        return after

    def _repeated(self, part: Part, after: int) -> int:
        (inner,) = part.parts
        if part.high is None:
            start = self._state(State())
            self.states[start].to = [self._built(inner, start), after]
        else:
            start = after
            for _ in range(part.high - part.low):
                start = self._state(State([self._built(inner, start), after]))
        for _ in range(part.low):
            start = self._built(inner, start)
        return start


@dataclass(frozen=True)
class Part:
    """A part of a pattern: `one` character, an `edge`, a `repeat`, `or`, or several in a row."""

    kind: str
    parts: tuple[Part, ...] = ()
    one: Characters | None = None
    edge: str = ""
    low: int = 0
    high: int | None = None


REPEATS: dict[str, tuple[int, int | None]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}


class _Reader:
    """Reads the parts of a pattern."""

    def __init__(self, text: str) -> None:
        self.text, self.at, self.depth = text, 0, 0

    def whole(self) -> Part:
        if not self.text:
            raise PatternError("The pattern is empty, so every text matches it. Write the characters to search for.")
        part = self.choice()
        if self.at < len(self.text):
            self.fail("A ')' has no '('. Write \\\\) for the character")
        return part

    def fail(self, message: str) -> None:
        raise PatternError(f"{message} (character {min(self.at, len(self.text) - 1) + 1} of the pattern).")

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def choice(self) -> Part:
        parts = [self.row()]
        while self.peek() == "|":
            self.at += 1
            parts.append(self.row())
        return parts[0] if len(parts) == 1 else Part("or", tuple(parts))

    def row(self) -> Part:
        parts: list[Part] = []
        while self.peek() not in ("", "|", ")"):
            parts.append(self.repeated(self.single()))
        return Part("row", tuple(parts))

    def repeated(self, part: Part) -> Part:
        sign = self.peek()
        if sign not in ("*", "+", "?", "{") or sign == "":
            return part
        if part.kind == "edge":
            self.fail("A repetition has nothing to repeat")
        low, high = REPEATS[sign] if sign in REPEATS else self.numbers()
        self.at += 1
        if self.peek() in ("*", "+", "?", "{") and self.peek():
            self.fail("Two repetitions follow each other. Put the first in ( ), or delete one")
        return Part("repeat", (part,), low=low, high=high)

    def numbers(self) -> tuple[int, int | None]:
        end = self.text.find("}", self.at)
        low, comma, high = (self.text[self.at + 1 : end] if end > 0 else "").partition(",")
        if not (low.isascii() and low.isdigit() and (not high or (high.isascii() and high.isdigit()))):
            self.fail("A repetition is {3}, {3,} or {3,5}. Write \\\\{ for the character")
        least, most = int(low), int(high) if high else None if comma else int(low)
        if max(least, most or 0) > MOST or (most is not None and most < least):
            self.fail(f"A repetition is from a lower to a higher number, at most {MOST}")
        self.at = end
        return least, most

    def single(self) -> Part:
        sign = self.peek()
        if sign in ("*", "+", "?", "{"):
            self.fail(f"'{sign}' has nothing to repeat. Write \\\\{sign} for the character")
        if sign == "(":
            return self.group()
        if sign == "[":
            return Part("one", one=self.members())
        self.at += 1
        if sign in ("^", "$"):
            return Part("edge", edge=sign)
        if sign == ".":
            return Part("one", one=Characters(negated=True))
        return Part("one", one=self.escaped() if sign == "\\" else Characters(frozenset(sign)))

    def group(self) -> Part:
        self.at += 3 if self.text.startswith("(?:", self.at) else 1
        self.depth += 1
        if self.depth > DEEPEST:
            self.fail(f"The pattern nests more than {DEEPEST} groups")
        if self.peek() == "?":
            self.fail("A group that starts with (? is not supported, except (?:")
        part = self.choice()
        if self.peek() != ")":
            self.fail("A '(' is not closed")
        self.at += 1
        self.depth -= 1
        return part

    def escaped(self) -> Characters:
        sign = self.peek()
        self.at += 1
        if sign.lower() in SETS and sign:
            return Characters(SETS[sign.lower()], negated=sign.isupper())
        if sign not in SPECIAL or not sign:
            self.at -= 1
            self.fail(f"\\\\{sign} is not supported. A pattern has \\\\d, \\\\w, \\\\s and escaped signs such as \\\\.")
        return Characters(frozenset(sign))

    def members(self) -> Characters:
        self.at += 1
        negated = self.peek() == "^"
        self.at += negated
        singles: set[str] = set()
        ranges: list[tuple[str, str]] = []
        while self.peek() != "]" or not (singles or ranges):
            if not self.peek() or self.peek() == "]":
                self.fail("A '[' is not closed or is empty")
            low = self.member(singles)
            if low and self.peek() == "-" and self.text[self.at + 1 : self.at + 2] not in ("]", ""):
                self.at += 1
                high = self.member(singles)
                if not high or high < low:
                    self.fail("A range in [ ] is from a lower to a higher character, such as a-z")
                ranges.append((low, high))
            else:
                singles.update(low)
        self.at += 1
        return Characters(frozenset(singles), tuple(ranges), negated)

    def member(self, singles: set[str]) -> str:
        """The next character of a set; nothing where it is a set of its own, such as a digit, which is added."""
        sign = self.peek()
        self.at += 1
        if sign == "[":
            self.fail("A '[' inside [ ] is not supported. Write \\\\[ for the character")
        if sign != "\\":
            return sign
        found = self.escaped()
        if found.negated:
            self.fail("A set such as \\\\D inside [ ] is not supported")
        if len(found.members) == 1:
            return next(iter(found.members))
        singles.update(found.members)
        return ""
