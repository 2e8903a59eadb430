"""What the programs of both languages have in common: names of files, comments and lines."""

from __future__ import annotations

from collections.abc import Iterator

from adam.core.ascii_text import to_ascii

WIDTH = 120
"""The length at which a line is broken; a single text can be longer."""
OPERATORS = ("and", "or", "&", "|")
"""A line is broken before one of these, or after a comma, where it can be."""


def file_name(display: str) -> str:
    """The name of the programs of a display, without suffix: small letters, digits and hyphens, as an agency allows.

    >>> file_name("TABLE_1")
    'table-1'
    """
    return display.lower().replace("_", "-")


def ascii_text(text: str) -> str:
    r"""A title or label in printable ASCII on one line; a character without an ASCII form is its code.

    >>> ascii_text("Café\n≥ 5 日")
    'Cafe >= 5 U+65E5'
    """
    return "".join(each if " " <= each <= "~" else f"U+{ord(each):04X}" for each in to_ascii(" ".join(text.split())))


def wrapped(text: str, indent: str = "    ", width: int = WIDTH) -> str:
    """A statement broken at spaces outside of quotes, so that its lines are not too long.

    >>> print(wrapped('where A = "x y" and B = 1', indent="  ", width=17))
    where A = "x y"
      and B = 1
    """
    start = len(text) - len(text.lstrip(" "))
    lines, line = [], [" " * start]
    for word in _words(text[start:]):
        if len(line) > 1 and sum(map(len, line)) + len(line) - 1 + len(word) > width:
            place = _break(line, word)
            lines.append(line[0] + " ".join(line[1:place]))
            line = [indent, *line[place:]]
        line.append(word)
    return "\n".join([*lines, line[0] + " ".join(line[1:])])


def _break(line: list[str], following: str) -> int:
    """The word before which a line is broken: the last one after a comma or at an operator, or the following one if there is none."""
    words = [*line, following]
    good = [place for place in range(2, len(words)) if words[place - 1].endswith(",") or words[place] in OPERATORS]
    return good[-1] if good and good[-1] > len(words) // 2 else len(line)


def _words(text: str) -> Iterator[str]:
    """The parts between spaces outside of quotes."""
    word, quote, escaped = "", "", False
    for sign in text:
        if sign == " " and not quote:
            yield word
            word = ""
            continue
        word += sign
        if quote and sign == quote and not escaped:
            quote = ""
        elif not quote and sign in "\"'":
            quote = sign
        escaped = sign == "\\" and not escaped
    yield word
