"""YAML with places: every text, number, list and mapping has its file, line and column.

Only plain numbers, `true`, `false` and empty values are not text, so `NO`, `0123`, `12:30` and dates are text.
A repeated key, an anchor, a tag, and a comma that cuts an expression are problems.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from adam.core.errors import NOWHERE, Mark, Problem
from adam.core.numerals import UNWRITABLE, number_of, refusal
from adam.core.yaml_syntax import Events, TooDeepError, contents, decoded, forbidden, problem_of


class LocatedStr(str):
    """A text; `mark` is the place of its first character."""

    mark: Mark = NOWHERE

    @classmethod
    def at(cls, text: str, mark: Mark) -> LocatedStr:
        """`text` with the place `mark`."""
        located = cls(text)
        located.mark = mark
        return located


class RemovesLower(LocatedStr):
    """An `off` that removes `below`, the value of a layer below."""

    below: object = None

    @classmethod
    def over(cls, below: object, text: str, mark: Mark) -> RemovesLower:
        """`text` with the place `mark`, over the value `below` of a layer below."""
        removes = cls(text)
        removes.below, removes.mark = below, mark
        return removes


class LocatedInt(int):
    """A whole number; `raw` is its text."""

    mark: Mark = NOWHERE
    raw: str = ""


class LocatedFloat(float):
    """A decimal number; `raw` is its text, for keys whose value is text (`format: 8.2`)."""

    mark: Mark = NOWHERE
    raw: str = ""


class LocatedMap(dict[str, Any]):
    """A mapping with keys that are `LocatedStr`; `mark` is the place of its own key, or of its first key if it has none."""

    mark: Mark = NOWHERE

    @classmethod
    def at(cls, entries: Mapping[str, Any], mark: Mark) -> LocatedMap:
        """`entries` with the place `mark`."""
        block = cls(entries)
        block.mark = mark
        return block


class LocatedList(list[Any]):
    """A list; `mark` is the place of its start."""

    mark: Mark = NOWHERE


def mark_of(value: object, default: Mark = NOWHERE) -> Mark:
    """The place of a value; `default` for a value without a place (`true`, empty)."""
    mark = getattr(value, "mark", NOWHERE)
    return mark if mark.file else default


def key_of(mapping: dict[str, Any], key: str) -> Mark:
    """The place of `key` in `mapping`."""
    return next((mark_of(k) for k in mapping if k == key), mark_of(mapping))


def as_text(value: object) -> object:
    """The text of a number; any other value unchanged."""
    return LocatedStr.at(value.raw, value.mark) if isinstance(value, LocatedInt | LocatedFloat) else value


WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]*)")
REAL = re.compile(r"[-+]?(0|[1-9][0-9]*)?\.[0-9]+|[-+]?(0|[1-9][0-9]*)(\.[0-9]*)?[eE][-+]?[0-9]+")
COLON = re.compile(r"\s*:")
COMMENT = re.compile(r"[ \t]+#(.?)")
ENDS_OPEN = re.compile(r"(?:[-+*/<>=,(]|\b(?:and|or|not|in))$")
"""The end of a text that must continue: an operator, a comma, `and`, `or`, `not` or `in`."""


def unfinished(text: str) -> bool:
    """Whether a text is incomplete: a parenthesis or a quote is open, or an operator is last.

    >>> unfinished("(A + B"), unfinished("A +"), unfinished('X == "lot'), unfinished("A + B"), unfinished("Investigator's")
    (True, True, True, False, False)
    """
    return text.count("(") > text.count(")") or text.count('"') % 2 == 1 or ENDS_OPEN.search(text.rstrip()) is not None


def shortened(text: str) -> str:
    """A text as messages show it: no more than its first 40 characters.

    >>> shortened("9" * 50)
    '9999999999999999999999999999999999999999...'
    """
    return text if len(text) <= 40 else f"{text[:40]}..."


class _Reader:
    """Turns the events of one file into values with places, and collects their problems."""

    def __init__(self, file: str, text: str) -> None:
        self.file, self.text = file, text
        self.events = Events(text)
        self.problems: list[Problem] = []

    def mark(self, event: Any) -> Mark:  # noqa: ANN401  (events of yaml have no types)
        start = event.start_mark
        return Mark(self.file, start.line + 1, start.column + 1)

    def problem(self, mark: Mark, message: str, code: str) -> None:
        self.problems.append(Problem(mark, "", message, code))

    def value(self, event: Any) -> Any:  # noqa: ANN401
        if isinstance(event, yaml.ScalarEvent):
            return self.scalar(event)
        if isinstance(event, yaml.MappingStartEvent):
            return self.mapping(event)
        if isinstance(event, yaml.SequenceStartEvent):
            items = LocatedList()
            items.mark = self.mark(event)
            while not isinstance(each := self.events.next(), yaml.SequenceEndEvent):
                items.append(self.value(each))
            return items
        return None  # an alias, which makes the file unreadable

    def scalar(self, event: Any) -> Any:  # noqa: ANN401
        mark, text, style = self.mark(event), event.value, event.style
        if not style and text in ("", "~", "null"):
            return None
        if not style and text in ("true", "false"):
            return text == "true"
        if not style and (WHOLE.fullmatch(text) or REAL.fullmatch(text)):
            return self.number(text, mark)
        text = self.printable(text, mark)
        if not style:
            self.commented(event, mark)
        return LocatedStr.at(text, mark.shifted(1) if style in ("'", '"') else mark)

    def number(self, text: str, mark: Mark) -> LocatedInt | LocatedFloat:
        """A number with its text; 0, and a problem, if a double cannot represent it."""
        value = number_of(text)
        is_number = value == value
        if not is_number:
            self.problem(mark, f"{refusal(text)}. Put it in quotes if it is a text.", "yaml-number")
        number = (LocatedInt if WHOLE.fullmatch(text) else LocatedFloat)(text if is_number else "0")
        number.mark, number.raw = mark, text
        return number

    def printable(self, text: str, mark: Mark) -> str:
        """A text without control characters and UTF-16 surrogates (from escapes in quotes), which are reported: a file cannot contain them."""
        found = UNWRITABLE.search(text)
        if found is None:
            return text
        self.problem(mark, f"The text has the character U+{ord(found.group()):04X}, which cannot be written to a file. Delete it.", "yaml-character")
        return UNWRITABLE.sub("", text)

    def commented(self, event: Any, mark: Mark) -> None:  # noqa: ANN401
        """Report a text that ` #` cuts: it is incomplete before the comment, or the comment starts with a digit, such as an item number."""
        comment = COMMENT.match(self.text, event.end_mark.index)
        if comment and (unfinished(event.value) or comment[1].isdigit()):
            text = shortened(event.value)
            message = f"' #' starts a comment, so the text ends after '{text}'. Put the text in quotes, or complete it before the comment."
            self.problem(mark, message, "yaml-comment")

    def mapping(self, start: Any) -> LocatedMap:  # noqa: ANN401
        result = LocatedMap()
        result.mark = self.mark(start)
        while not isinstance(key := self.events.next(), yaml.MappingEndEvent):
            self.events.skip(key)
            value = self.events.next()
            name = self.key(start, key, value, result)
            if name is None:
                self.events.skip(value)
                continue
            loaded = self.value(value)
            if isinstance(loaded, LocatedMap | LocatedList) and not value.flow_style:
                loaded.mark = name.mark
            result[name] = loaded
        return result

    def key(self, start: Any, key: Any, value: Any, known: LocatedMap) -> LocatedStr | None:  # noqa: ANN401
        """The key of an entry of a mapping; None, and a problem, if it is not a new text."""
        mark = self.mark(key)
        name = LocatedStr.at(str(key.value), mark) if isinstance(key, yaml.ScalarEvent) else None
        if name is None or (not name and not key.style):
            self.problem(mark, "A key must be a text. Write it as one: KEY: value.", "yaml-key")
            return None
        self.printable(name, mark)
        if start.flow_style and self.cut(key, value):
            if not any(p.code == "yaml-comma" and p.mark.line == mark.line for p in self.problems):
                self.problem(mark, f"A comma inside {{ }} ends a text, so '{name}' was read as a key. Put the text in quotes.", "yaml-comma")
            return None
        if name in known:
            message = f"Key '{name}' is repeated; it is first on line {key_of(known, name).line}. Delete one of them."
            self.problem(mark, message, "yaml-duplicate-key")
            return None
        return name

    def cut(self, key: Any, value: Any) -> bool:  # noqa: ANN401
        """Whether a key of `{ }` is the rest of a text that a comma ended: it has neither a value nor a colon."""
        empty = isinstance(value, yaml.ScalarEvent) and value.value == "" and not value.style
        return bool(empty and not COLON.match(self.text, key.end_mark.index))


def load(path: Path, file: str | None = None, raw: bytes | None = None) -> tuple[LocatedMap | None, list[Problem]]:
    """Read one YAML file as values with places.

    Args:
        path: the file.
        file: the name of the file in messages; the path if it is not given.
        raw: its bytes, if they are read already.

    Returns:
        The mapping of the file, or None if it has none, and its problems.
    """
    value, problems = _parsed(file or str(path), contents(path) if raw is None else raw)
    return None if value is None else _copied(value), list(problems)


@lru_cache(maxsize=64)
def _parsed(name: str, raw: bytes) -> tuple[LocatedMap | None, tuple[Problem, ...]]:
    """The mapping of a file with these bytes, and its problems. A process reads the files of the standard layers once for all its studies."""
    text, problems = decoded(raw, name)
    if problems:
        return None, tuple(problems)
    reader = _Reader(name, text)
    try:
        root = reader.events.root()
        found = reader.value(root)
        reader.events.finish(text)
    except (TooDeepError, yaml.YAMLError) as error:
        return None, (problem_of(error, text, name),)
    if reader.events.marked and (problems := list(forbidden(text, name))):
        return None, tuple(problems)
    if root is None:
        return None, (Problem(Mark(name, 1, 1), "", "The file is empty. Write the blocks of the study in it, or delete the file.", "yaml-empty"),)
    if not isinstance(found, LocatedMap):
        message = "A specification file must be a mapping of keys and values, such as study: ABC-123."
        return None, (Problem(reader.mark(root), "", message, "yaml-not-a-mapping"),)
    return found, tuple(reader.problems)


def _copied(value: Any) -> Any:  # noqa: ANN401
    """A value whose mappings and lists can change without a change of `value`."""
    copy: LocatedMap | LocatedList
    if isinstance(value, LocatedMap):
        copy = LocatedMap({key: _copied(each) if isinstance(each, dict | list) else each for key, each in value.items()})
    elif isinstance(value, LocatedList):
        copy = LocatedList([_copied(each) if isinstance(each, dict | list) else each for each in value])
    else:
        return value
    copy.mark = value.mark
    return copy
