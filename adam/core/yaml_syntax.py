"""Reads the text of a YAML file as nodes: encoding, size, syntax, depth, and the parts of YAML that are not allowed."""

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


def composed(raw: bytes, file: str) -> tuple[Any, str, list[Problem]]:
    """The root node of a file, its text, and its problems if it has no root node.

    Args:
        raw: the bytes of the file.
        file: the name of the file in messages.
    """
    text, problems = _text(raw, file)
    if problems:
        return None, text, problems
    try:
        problems = [*_forbidden(text, file)]
        if problems:
            return None, text, problems
        return yaml.compose(text, Loader=LOADER), text, []
    except yaml.YAMLError as error:
        return None, text, [_syntax(text, error, file)]


def _text(raw: bytes, file: str) -> tuple[str, list[Problem]]:
    if len(raw) > LARGEST:
        message = f"The file has more than {LARGEST:,} bytes, the limit of a specification file. Move it out of the folder if it is another file."
        return "", [Problem(Mark(file, 1, 1), "", message, "yaml-size")]
    try:
        return raw.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        mark = Mark(file, before.count(b"\n") + 1, error.start - (before.rfind(b"\n") + 1) + 1)
        return "", [Problem(mark, "", f"Byte 0x{raw[error.start]:02X} is not UTF-8. Save the file as UTF-8.", "yaml-encoding")]


def _forbidden(text: str, file: str) -> Iterator[Problem]:
    """Anchors, aliases and tags, with which the text of one place is defined in another; and blocks that are nested too deeply."""
    depth = 0
    marked = False
    for event in yaml.parse(text, Loader=LOADER):
        marked = marked or isinstance(event, yaml.AliasEvent) or bool(getattr(event, "anchor", None) or getattr(event, "tag", None))
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            start: Any = event.start_mark
            mark = Mark(file, start.line + 1, start.column + 1)
            yield Problem(mark, "", TOO_DEEP, "yaml-depth")
            return
    for token in yaml.scan(text, Loader=yaml.SafeLoader) if marked else ():
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
