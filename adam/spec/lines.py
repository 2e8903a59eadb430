"""YAML with places: every text, number, list and mapping knows its file, line and column.

LANGUAGE §11: only plain numbers, `true`/`false` and empty are special, so `NO`, `0123`, `12:30` and dates stay text.
A key given twice, an anchor, a tag and a comma that cut an expression are problems.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from adam.errors import NOWHERE, Mark, Problem


class Word(str):
    """A text as written; `mark` is where its first character stands."""

    mark: Mark = NOWHERE

    @classmethod
    def at(cls, text: str, mark: Mark) -> Word:
        """`text` standing at `mark`."""
        word = cls(text)
        word.mark = mark
        return word


class Dropped(Word):
    """`off` that takes away what a layer below gives."""


class Whole(int):
    """A whole number; `raw` is how it was written."""

    mark: Mark = NOWHERE
    raw: str = ""


class Real(float):
    """A decimal number; `raw` is how it was written (a format `8.2` is text)."""

    mark: Mark = NOWHERE
    raw: str = ""


class Map(dict[str, Any]):
    """A mapping whose keys are `Word`s; `mark` is the place of its key, or of its first key if it has none."""

    mark: Mark = NOWHERE


class Items(list[Any]):
    """A list; `mark` is where it starts."""

    mark: Mark = NOWHERE


def mark_of(value: object, default: Mark = NOWHERE) -> Mark:
    """Where a loaded value stands, or `default` for one that cannot know (`true`, empty)."""
    mark = getattr(value, "mark", NOWHERE)
    return mark if mark.file else default


def key_of(mapping: dict[str, Any], key: str) -> Mark:
    """Where `key` itself stands in `mapping`."""
    return next((mark_of(k) for k in mapping if k == key), mark_of(mapping))


def written(value: object) -> object:
    """The text of a number as it was written; anything else unchanged."""
    return Word.at(value.raw, value.mark) if isinstance(value, Whole | Real) else value


WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]*)")
REAL = re.compile(r"[-+]?(0|[1-9][0-9]*)?\.[0-9]+|[-+]?(0|[1-9][0-9]*)(\.[0-9]*)?[eE][-+]?[0-9]+")
COMMA = "a comma inside { } ends the text: put it in quotes"


class _Reader:
    """Turns the nodes of one file into values with marks, collecting problems."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def mark(self, node: Any) -> Mark:  # noqa: ANN401  (nodes of yaml have no types)
        return Mark(self.file, node.start_mark.line + 1, node.start_mark.column + 1)

    def problem(self, mark: Mark, message: str, code: str) -> None:
        self.problems.append(Problem(mark, "", message, code))

    def value(self, node: Any) -> Any:  # noqa: ANN401
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node)
        if isinstance(node, yaml.SequenceNode):
            items = Items(self.value(child) for child in node.value)
            items.mark = self.mark(node)
            return items
        return self.scalar(node)

    def scalar(self, node: Any) -> Any:  # noqa: ANN401
        mark, text, quoted = self.mark(node), node.value, node.style in ("'", '"')
        if node.style is None and text in ("", "~", "null"):
            return None
        if node.style is None and text in ("true", "false"):
            return text == "true"
        if node.style is None and (WHOLE.fullmatch(text) or REAL.fullmatch(text)):
            number = Whole(text) if WHOLE.fullmatch(text) else Real(text)
            number.mark, number.raw = mark, text
            return number
        return Word.at(text, mark.shifted(1) if quoted else mark)

    def mapping(self, node: Any) -> Map:  # noqa: ANN401
        result = Map()
        result.mark = self.mark(node)
        for key, value in node.value:
            name = Word.at(str(key.value), self.mark(key)) if isinstance(key, yaml.ScalarNode) else None
            if not name:
                self.problem(self.mark(key), "a key must be text", "yaml-key")
                continue
            if node.flow_style and self.cut(key, value):
                if not any(p.code == "yaml-comma" and p.mark.line == name.mark.line for p in self.problems):
                    self.problem(name.mark, f"{COMMA}; here it left the key '{name}'", "yaml-comma")
                continue
            if name in result:
                self.problem(name.mark, f"key '{name}' is given twice; first on line {key_of(result, name).line}", "yaml-duplicate-key")
                continue
            loaded = self.value(value)
            if isinstance(loaded, Map | Items) and not value.flow_style:
                loaded.mark = name.mark
            result[name] = loaded
        return result

    @staticmethod
    def cut(key: Any, value: Any) -> bool:  # noqa: ANN401
        """Whether a key of `{ }` is what a comma left over: it has no value, and no colon either."""
        empty = isinstance(value, yaml.ScalarNode) and value.value == "" and value.style is None
        return bool(empty and value.start_mark.index <= key.end_mark.index)


def _forbidden(text: str, file: str) -> Iterator[Problem]:
    """Anchors, aliases and tags: YAML that would make one place mean another."""
    for token in yaml.scan(text, Loader=yaml.SafeLoader):
        kind = {yaml.AnchorToken: "anchor (&)", yaml.AliasToken: "alias (*)", yaml.TagToken: "tag (!)"}.get(type(token))
        if kind:
            mark = Mark(file, token.start_mark.line + 1, token.start_mark.column + 1)
            yield Problem(mark, "", f"a YAML {kind} is not allowed; put text that begins with & * or ! in quotes", "yaml-anchor")


def _text(raw: bytes, file: str) -> tuple[str, list[Problem]]:
    try:
        return raw.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        mark = Mark(file, before.count(b"\n") + 1, error.start - (before.rfind(b"\n") + 1) + 1)
        return "", [Problem(mark, "", f"byte 0x{raw[error.start]:02X} is not UTF-8; save the file as UTF-8", "yaml-encoding")]


def _syntax(error: yaml.YAMLError, file: str) -> Problem:
    place = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    mark = Mark(file, place.line + 1, place.column + 1) if place else Mark(file)
    what = getattr(error, "problem", None) or str(error)
    return Problem(mark, "", f"not YAML: {what}{_hint(error, what)}", "yaml-syntax")


def _hint(error: yaml.YAMLError, what: str) -> str:
    """What a syntax error mostly comes from."""
    if "'\\t'" in what:
        return "; indent with spaces, not tabs"
    if "mapping values are not allowed" in what:
        return "; keys that belong together stand in one column, also in the lines before, and a text with ': ' in it needs quotes"
    context, opened = str(getattr(error, "context", "")), getattr(error, "context_mark", None)
    if "flow" in context and opened is not None:
        return (
            f"; what is opened at {opened.line + 1}:{opened.column + 1} is not closed, or a comma or quote inside it ends the text: put it in quotes"
        )
    return ""


def load(path: Path, file: str | None = None, raw: bytes | None = None) -> tuple[Map | None, list[Problem]]:
    """Read one YAML file into values with marks.

    Args:
        path: the file.
        file: the name it goes by in messages; the path itself if not given.
        raw: its bytes, if they were read.

    Returns:
        The mapping of the file, or None where it has none, and the problems met.
    """
    name = file or str(path)
    text, problems = _text(path.read_bytes() if raw is None else raw, name)
    if problems:
        return None, problems
    try:
        problems = list(_forbidden(text, name))
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        return None, [_syntax(error, name)]
    if problems:
        return None, problems
    if node is None:
        return None, [Problem(Mark(name), "", "the file is empty", "yaml-empty")]
    reader = _Reader(name)
    if not isinstance(node, yaml.MappingNode):
        return None, [Problem(reader.mark(node), "", "a specification file is a mapping (key: value)", "yaml-not-a-mapping")]
    value = reader.mapping(node)
    return value, reader.problems
