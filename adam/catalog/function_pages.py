"""The reference page of the functions of expressions, generated from their documentation, and what `adam functions` prints."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator

from adam.core.errors import UsageError, suggestion
from adam.core.kinds import ValueKind
from adam.expressions.functions import FUNCTIONS, Expected, Function

WIDTH = 98
NOTES = re.compile(r"^(Missing|Example): ", re.MULTILINE)


def summaries() -> dict[str, str]:
    """Every function with the first line of its documentation."""
    return {name: known.summary for name, known in sorted(FUNCTIONS.items())}


def described(name: str) -> str:
    """The arguments and the documentation of one function.

    Raises:
        UsageError: no function has the name.
    """
    known = FUNCTIONS.get(name)
    if known is None:
        raise UsageError(f"there is no function '{name}'{suggestion(name, FUNCTIONS)}")
    return f"{known.signature}: {_kinds(known)}\n\n{known.documentation}"


def examples(known: Function) -> list[tuple[str, str]]:
    """The examples of a function: an expression, and its value as text."""
    _, *notes = NOTES.split(known.documentation)
    written = [note.strip() for label, note in zip(notes[::2], notes[1::2], strict=True) if label == "Example"]
    return [(expression, value) for expression, _, value in (each.partition(" → ") for each in written)]


def functions_page() -> str:
    """The page of all functions, as Markdown: `docs/functions.md`."""
    parts = ["# Functions", "", "The functions of [expressions](language.md#expressions). Generated from the code;"]
    parts += ["`adam functions NAME` prints one. Numbers are decimal: results have 15 significant digits.", ""]
    for _, known in sorted(FUNCTIONS.items()):
        parts += _section(known)
    return "\n".join(parts).rstrip() + "\n"


def _section(known: Function) -> Iterator[str]:
    """A heading, the result, the kinds, the missing values and the examples."""
    yield from (f"## {known.name}", "", f"`{known.signature}`: {_kinds(known)}", "")
    body, *notes = NOTES.split(known.documentation)
    for paragraph in body.strip().split("\n\n"):
        yield from (*_wrapped(" ".join(paragraph.split())), "")
    for label, note in zip(notes[::2], notes[1::2], strict=True):
        if label == "Missing":
            yield from (*_wrapped(f"- **Missing**: {' '.join(note.split())}", "  "), "")
    shown = examples(known)
    if shown:
        yield from ("```text", *(f"{expression} → {value}" for expression, value in shown), "```", "")


def _kinds(known: Function) -> str:
    """The kinds of the arguments and of the result."""
    taken = [_kind(each) for each in known.expects]
    result = known.returns if known.returns is not None else "the kind of the values"
    return f"{', '.join(taken)} → {result}"


def _kind(expected: Expected) -> str:
    if isinstance(expected, str):
        return expected.removeprefix("a ")
    return "any" if ValueKind.ANY in expected else " or ".join(expected)


def _wrapped(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(text, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
