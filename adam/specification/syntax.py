"""The text of a YAML file to its nodes: encoding, size, syntax, depth, and what the language leaves out of YAML."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from adam.core.errors import Mark, Problem

LARGEST = 20_000_000
"""Bytes of a specification file; a larger one is something else."""
DEEPEST = 40
"""Blocks inside each other; no line of the language comes near it."""
TOO_DEEP = f"Blocks are nested more than {DEEPEST} deep here. Close the brackets, or check the indentation."
LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
"""The parser of libyaml where PyYAML has it: ten times as fast. Messages are always those of PyYAML's own."""


def contents(path: Path) -> bytes:
    """The bytes of a file, of one that is too large so many that it shows."""
    with path.open("rb") as file:
        return file.read(LARGEST + 1)


def composed(raw: bytes, file: str) -> tuple[Any, str, list[Problem]]:
    """The root node of a file, its text, and the problems that keep it from having one.

    Args:
        raw: the bytes of the file.
        file: the name it goes by in messages.
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
        message = f"The file has more than {LARGEST:,} bytes, the most a specification file has. Move what is not a specification out of the folder."
        return "", [Problem(Mark(file, 1, 1), "", message, "yaml-size")]
    try:
        return raw.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        mark = Mark(file, before.count(b"\n") + 1, error.start - (before.rfind(b"\n") + 1) + 1)
        return "", [Problem(mark, "", f"byte 0x{raw[error.start]:02X} is not UTF-8; save the file as UTF-8", "yaml-encoding")]


def _forbidden(text: str, file: str) -> Iterator[Problem]:
    """Anchors, aliases and tags: YAML that would make one place mean another; and blocks that are nested without end."""
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
            yield Problem(mark, "", f"a YAML {kind} is not allowed; put text that begins with & * or ! in quotes", "yaml-anchor")


def _syntax(text: str, error: yaml.YAMLError, file: str) -> Problem:
    """What is wrong, as PyYAML's own parser says it, which says more than libyaml, but needs time in the square of the nesting."""
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
        message = f"The character U+{ord(text[len(before)]):04X} is not allowed in YAML; delete it." if len(before) < len(text) else str(error)
        return Problem(mark, "", message, "yaml-character")
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
