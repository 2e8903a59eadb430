"""YAML with places: every text, number, list and mapping knows its file, line and column.

LANGUAGE §11: only plain numbers, `true`/`false` and empty are special, so `NO`, `0123`, `12:30` and dates stay text.
A key given twice, an anchor, a tag and a comma that cut an expression are problems.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from adam.core.errors import NOWHERE, Mark, Problem
from adam.core.numerals import UNWRITABLE, number_of, refusal
from adam.specification.syntax import composed, contents


class LocatedStr(str):
    """A text as written; `mark` is where its first character stands."""

    mark: Mark = NOWHERE

    @classmethod
    def at(cls, text: str, mark: Mark) -> LocatedStr:
        """`text` standing at `mark`."""
        word = cls(text)
        word.mark = mark
        return word


class Dropped(LocatedStr):
    """`off` that removes what a layer below has: `below`."""

    below: object = None

    @classmethod
    def over(cls, below: object, text: str, mark: Mark) -> Dropped:
        """`text` at a place, over what a layer below has."""
        dropped = cls(text)
        dropped.below, dropped.mark = below, mark
        return dropped


class LocatedInt(int):
    """A whole number; `raw` is how it was written."""

    mark: Mark = NOWHERE
    raw: str = ""


class LocatedFloat(float):
    """A decimal number; `raw` is how it was written (a format `8.2` is text)."""

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
    """A list; `mark` is where it starts."""

    mark: Mark = NOWHERE


def mark_of(value: object, default: Mark = NOWHERE) -> Mark:
    """Where a loaded value stands, or `default` for one that cannot know (`true`, empty)."""
    mark = getattr(value, "mark", NOWHERE)
    return mark if mark.file else default


def key_of(mapping: dict[str, Any], key: str) -> Mark:
    """Where `key` itself stands in `mapping`."""
    return next((mark_of(k) for k in mapping if k == key), mark_of(mapping))


def as_text(value: object) -> object:
    """The text of a number as it was written; anything else unchanged."""
    return LocatedStr.at(value.raw, value.mark) if isinstance(value, LocatedInt | LocatedFloat) else value


WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]*)")
REAL = re.compile(r"[-+]?(0|[1-9][0-9]*)?\.[0-9]+|[-+]?(0|[1-9][0-9]*)(\.[0-9]*)?[eE][-+]?[0-9]+")
COLON = re.compile(r"\s*:")
COMMENT = re.compile(r"[ \t]+#(.?)")
ENDS_OPEN = re.compile(r"(?:[-+*/<>=,(]|\b(?:and|or|not|in))$")
"""How a text ends that has to go on: an operator, a comma, a word that joins."""
COMMA = "a comma inside { } ends the text: put it in quotes"


def unfinished(text: str) -> bool:
    """Whether a text cannot end where it does: a parenthesis or a quote is open, or an operator is last.

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
    """Turns the nodes of one file into values with marks, collecting problems."""

    def __init__(self, file: str, text: str) -> None:
        self.file, self.text = file, text
        self.problems: list[Problem] = []

    def mark(self, node: Any) -> Mark:  # noqa: ANN401  (nodes of yaml have no types)
        return Mark(self.file, node.start_mark.line + 1, node.start_mark.column + 1)

    def problem(self, mark: Mark, message: str, code: str) -> None:
        self.problems.append(Problem(mark, "", message, code))

    def value(self, node: Any) -> Any:  # noqa: ANN401
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node)
        if isinstance(node, yaml.SequenceNode):
            items = LocatedList(self.value(child) for child in node.value)
            items.mark = self.mark(node)
            return items
        return self.scalar(node)

    def scalar(self, node: Any) -> Any:  # noqa: ANN401
        mark, text, quoted = self.mark(node), node.value, node.style in ("'", '"')
        if not node.style and text in ("", "~", "null"):
            return None
        if not node.style and text in ("true", "false"):
            return text == "true"
        if not node.style and (WHOLE.fullmatch(text) or REAL.fullmatch(text)):
            return self.number(text, mark)
        text = self.printable(text, mark)
        if not node.style:
            self.commented(node, mark)
        return LocatedStr.at(text, mark.shifted(1) if quoted else mark)

    def number(self, text: str, mark: Mark) -> LocatedInt | LocatedFloat:
        """A number as it was written; 0, and a problem, if no double holds it."""
        held = number_of(text) == number_of(text)
        if not held:
            self.problem(mark, f"{refusal(text)}; put it in quotes if it is text", "yaml-number")
        number = (LocatedInt if WHOLE.fullmatch(text) else LocatedFloat)(text if held else "0")
        number.mark, number.raw = mark, text
        return number

    def printable(self, text: str, mark: Mark) -> str:
        """A text without characters no file can hold, which are noted: control characters and halves of pairs of UTF-16, from escapes in quotes."""
        found = UNWRITABLE.search(text)
        if found:
            self.problem(mark, f"The text has the character U+{ord(found.group()):04X}, which cannot be written. Delete it.", "yaml-character")
        return UNWRITABLE.sub("", text)

    def commented(self, node: Any, mark: Mark) -> None:  # noqa: ANN401
        """Note a text that ` #` cut short: it cannot end where the comment begins, or the comment looks like a number of something."""
        comment = COMMENT.match(self.text, node.end_mark.index)
        if comment and (unfinished(node.value) or comment[1].isdigit()):
            message = (
                f"' #' begins a comment, so the text ends after '{shortened(node.value)}'. Put the text in quotes, or finish it before the comment."
            )
            self.problem(mark, message, "yaml-comment")

    def mapping(self, node: Any) -> LocatedMap:  # noqa: ANN401
        result = LocatedMap()
        result.mark = self.mark(node)
        for key, value in node.value:
            name = LocatedStr.at(str(key.value), self.mark(key)) if isinstance(key, yaml.ScalarNode) else None
            if name is None or (not name and not key.style):
                self.problem(self.mark(key), "a key must be text", "yaml-key")
                continue
            self.printable(name, name.mark)
            if node.flow_style and self.cut(key, value):
                if not any(p.code == "yaml-comma" and p.mark.line == name.mark.line for p in self.problems):
                    self.problem(name.mark, f"{COMMA}; here it left the key '{name}'", "yaml-comma")
                continue
            if name in result:
                self.problem(name.mark, f"key '{name}' is given twice; first on line {key_of(result, name).line}", "yaml-duplicate-key")
                continue
            loaded = self.value(value)
            if isinstance(loaded, LocatedMap | LocatedList) and not value.flow_style:
                loaded.mark = name.mark
            result[name] = loaded
        return result

    def cut(self, key: Any, value: Any) -> bool:  # noqa: ANN401
        """Whether a key of `{ }` is what a comma left over: it has no value, and no colon either."""
        empty = isinstance(value, yaml.ScalarNode) and value.value == "" and not value.style
        return bool(empty and not COLON.match(self.text, key.end_mark.index))


def load(path: Path, file: str | None = None, raw: bytes | None = None) -> tuple[LocatedMap | None, list[Problem]]:
    """Read one YAML file into values with marks.

    Args:
        path: the file.
        file: the name it goes by in messages; the path itself if not given.
        raw: its bytes, if they were read.

    Returns:
        The mapping of the file, or None where it has none, and the problems met.
    """
    name = file or str(path)
    node, text, problems = composed(contents(path) if raw is None else raw, name)
    if problems:
        return None, problems
    if node is None:
        return None, [Problem(Mark(name, 1, 1), "", "the file is empty", "yaml-empty")]
    reader = _Reader(name, text)
    if not isinstance(node, yaml.MappingNode):
        return None, [Problem(reader.mark(node), "", "a specification file is a mapping (key: value)", "yaml-not-a-mapping")]
    value = reader.mapping(node)
    return value, reader.problems
