"""The text of the files of a new specification, with the lines that a person must check."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

MARK = "# CHECK:"
WIDTH = 120


def one_line(text: str) -> str:
    r"""A text for a comment.

    >>> one_line("a\n b")
    'a b'
    """
    return " ".join(text.split())


def literal(text: str) -> str:
    """A text as a literal of an expression.

    >>> literal("Placebo")
    '"Placebo"'
    """
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def listed(names: Iterable[str]) -> str:
    """Names as a list of YAML.

    >>> listed(["AGE", "SEX"])
    '[AGE, SEX]'
    """
    return f"[{', '.join(names)}]"


@dataclass
class Draft:
    """A file that is written line by line."""

    name: str
    lines: list[str] = field(default_factory=list)

    def add(self, *lines: str) -> None:
        """Add lines."""
        self.lines += lines

    def check(self, line: str, why: str) -> None:
        """Add a line that a person must check, with the reason next to it, or above it where the line is long."""
        if len(line) + len(MARK) + len(why) + 3 > WIDTH:
            indent = " " * (len(line) - len(line.lstrip()))
            self.lines += [f"{indent}{MARK} {why}", line]
        else:
            self.lines.append(f"{line}  {MARK} {why}")

    @property
    def text(self) -> str:
        """The content of the file."""
        return "\n".join(self.lines) + "\n"

    @property
    def checks(self) -> list[tuple[int, str]]:
        """The line and the reason of everything to check."""
        return [(number, line.split(MARK, 1)[1].strip()) for number, line in enumerate(self.lines, 1) if MARK in line]
