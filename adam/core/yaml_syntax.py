"""Reads the text of a YAML file as events: encoding, size, syntax, depth, and the parts of YAML that are not allowed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from adam.core.errors import Mark, Problem

LARGEST = 20_000_000
"""The largest number of bytes of a specification file."""
DEEPEST = 40
"""The largest depth of nested blocks; the language needs far fewer."""
TOO_DEEP = f"Blocks are nested more than {DEEPEST} levels deep. Close the brackets, or correct the indentation."
LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
"""The parser of libyaml if PyYAML has it, because it is ten times as fast. Messages are always those of PyYAML's own parser."""


def contents(path: Path) -> bytes:
    """The bytes of a file; of one that is too large only the first, one more than are allowed."""
    with path.open("rb") as file:
        return file.read(LARGEST + 1)


class TooDeepError(Exception):
    """A block is nested too deeply; `mark` is its place in the text."""

    def __init__(self, mark: Any) -> None:  # noqa: ANN401  (marks of yaml have no types)
        super().__init__(TOO_DEEP)
        self.mark = mark


class Events:
    """The events of a text, one after the other: a text is parsed only once, and no nodes are made of it.

    `marked`: an anchor, an alias or a tag was among them.
    """

    def __init__(self, text: str) -> None:
        self.loader = LOADER(text)
        self.depth, self.marked = 0, False

    def next(self) -> Any:  # noqa: ANN401  (events of yaml have no types)
        """The next event; None after the last.

        Raises:
            TooDeepError: the event starts a block that is nested too deeply.
            YAMLError: the text is not valid YAML.
        """
        event = self.loader.get_event()
        if isinstance(event, yaml.ScalarEvent):
            self.marked = self.marked or bool(event.anchor or event.tag)
        elif isinstance(event, yaml.CollectionStartEvent):
            self.marked = self.marked or bool(event.anchor or event.tag)
            self.depth += 1
            if self.depth > DEEPEST:
                raise TooDeepError(event.start_mark)
        elif isinstance(event, yaml.CollectionEndEvent):
            self.depth -= 1
        elif isinstance(event, yaml.AliasEvent):
            self.marked = True
        return event

    def root(self) -> Any:  # noqa: ANN401
        """The first event of the content of the text; None if it has none."""
        self.next()
        return self.next() if isinstance(self.next(), yaml.DocumentStartEvent) else None

    def skip(self, event: Any) -> None:  # noqa: ANN401
        """Read to the end of the block that an event starts."""
        outside = self.depth - 1
        while isinstance(event, yaml.CollectionStartEvent) and self.depth > outside:
            self.next()

    def finish(self, text: str) -> None:
        """Read what follows the content.

        Raises:
            YAMLError: the text has a second document.
        """
        several = False
        while (event := self.next()) is not None:
            several = several or isinstance(event, yaml.DocumentStartEvent)
        if several and not self.marked:
            yaml.compose(text, Loader=LOADER)


def problem_of(error: TooDeepError | yaml.YAMLError, text: str, file: str) -> Problem:
    """The problem of a text that cannot be read."""
    if isinstance(error, TooDeepError):
        return Problem(Mark(file, error.mark.line + 1, error.mark.column + 1), "", TOO_DEEP, "yaml-depth")
    return _syntax(text, error, file)


def decoded(raw: bytes, file: str) -> tuple[str, list[Problem]]:
    """The text of a file, and its problem if it has none."""
    if len(raw) > LARGEST:
        message = f"The file has more than {LARGEST:,} bytes, the limit of a specification file. Move it out of the folder if it is another file."
        return "", [Problem(Mark(file, 1, 1), "", message, "yaml-size")]
    try:
        return raw.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        mark = Mark(file, before.count(b"\n") + 1, error.start - (before.rfind(b"\n") + 1) + 1)
        return "", [Problem(mark, "", f"Byte 0x{raw[error.start]:02X} is not UTF-8. Save the file as UTF-8.", "yaml-encoding")]


def forbidden(text: str, file: str) -> Iterator[Problem]:
    """Anchors, aliases and tags, with which the text of one place is defined in another."""
    for token in yaml.scan(text, Loader=yaml.SafeLoader):
        kind = {yaml.AnchorToken: "anchor (&)", yaml.AliasToken: "alias (*)", yaml.TagToken: "tag (!)"}.get(type(token))
        if kind:
            mark = Mark(file, token.start_mark.line + 1, token.start_mark.column + 1)
            yield Problem(mark, "", f"A YAML {kind} is not allowed. Put a text that starts with & * or ! in quotes.", "yaml-anchor")


def _syntax(text: str, error: yaml.YAMLError, file: str) -> Problem:
    """The problem of a file with a syntax error. The message is that of PyYAML's own parser, which is clearer than libyaml's but slower."""
    if "nesting depth" in str(getattr(error, "problem", "")):
        place = getattr(error, "problem_mark", None)
        return Problem(Mark(file, place.line + 1, place.column + 1) if place else Mark(file), "", TOO_DEEP, "yaml-depth")
    try:
        for _ in yaml.parse(text, Loader=yaml.SafeLoader):
            pass
    except yaml.YAMLError as own:
        error = own
    if isinstance(error, yaml.reader.ReaderError):
        before = text[: int(error.position)]
        mark = Mark(file, before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1)
        message = f"The character U+{ord(text[len(before)]):04X} is not allowed in YAML. Delete it." if len(before) < len(text) else str(error)
        return Problem(mark, "", message, "yaml-character")
    place = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    mark = Mark(file, place.line + 1, place.column + 1) if place else Mark(file)
    what = getattr(error, "problem", None) or str(error)
    return Problem(mark, "", f"This is not valid YAML: {what}. {_cure(error, what)}", "yaml-syntax")


def _cure(error: yaml.YAMLError, what: str) -> str:
    """The usual correction of a syntax error."""
    if "'\\t'" in what:
        return "Indent with spaces, not tabs."
    if "mapping values are not allowed" in what:
        return "Start all keys of a block in one column, also in the lines before, and put a text that contains ': ' in quotes."
    context, opened = str(getattr(error, "context", "")), getattr(error, "context_mark", None)
    if "flow" in context and opened is not None:
        place = f"{opened.line + 1}:{opened.column + 1}"
        return f"Close the bracket that is opened at {place}, or put a text with a comma or a quote inside it in quotes."
    return "Correct the line, or put its text in quotes."
