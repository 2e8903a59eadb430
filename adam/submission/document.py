"""A document as a list of blocks, written as Markdown, as one HTML page or as a PDF (`adam.submission.pdf`). Its texts are never markup."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, NamedTuple

from adam.core.templates import render
from adam.submission.drawing import Drawing, to_svg

TEMPLATE = Path(__file__).with_name("document.html.jinja")
MARKUP = re.compile(r"([\\`*_\[\]<>#|~&])")


class Link(NamedTuple):
    """A text that links to an address: `#anchor` in the same document, or a file relative to its folder."""

    text: str
    address: str


Part = str | Link
Cell = Part | tuple[Part, ...]
"""A text, a link, or several of them one after another."""


@dataclass(frozen=True)
class Heading:
    """A heading; level 1 is the title. Links in the document use the anchor."""

    text: str
    level: int = 2
    anchor: str = ""
    kind: ClassVar[str] = "heading"


@dataclass(frozen=True)
class Paragraph:
    """One or more sentences."""

    text: Cell
    kind: ClassVar[str] = "paragraph"


@dataclass(frozen=True)
class Items:
    """A list of entries that have no order."""

    entries: Sequence[Cell]
    kind: ClassVar[str] = "items"


@dataclass(frozen=True)
class Table:
    """Rows of cells under named columns. A table without rows is shown as the text `empty`."""

    columns: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]
    empty: str = "None."
    kind: ClassVar[str] = "table"


@dataclass(frozen=True)
class Picture:
    """A drawing with a caption."""

    drawing: Drawing
    caption: str
    kind: ClassVar[str] = "picture"


@dataclass(frozen=True)
class Contents:
    """The headings of the document of level 2 and 3 that have an anchor, each with a link."""

    kind: ClassVar[str] = "contents"


Block = Heading | Paragraph | Items | Table | Picture | Contents


def parts_of(cell: Cell) -> tuple[Part, ...]:
    """The texts and links of a cell, in their order."""
    return (cell,) if isinstance(cell, str | Link) else cell


def plain_text(cell: Cell) -> str:
    """A cell without its links."""
    return "".join(part if isinstance(part, str) else part.text for part in parts_of(cell))


def title_of(blocks: Sequence[Block]) -> str:
    """The text of the first heading."""
    return next((block.text for block in blocks if isinstance(block, Heading)), "")


def listed(blocks: Sequence[Block]) -> list[Heading]:
    """The headings that `Contents` lists."""
    return [block for block in blocks if isinstance(block, Heading) and block.level in (2, 3) and block.anchor]


def to_html(blocks: Sequence[Block]) -> str:
    """The document as one HTML page that loads no other file.

    >>> "<p>a &lt; b</p>" in to_html([Paragraph("a < b")])
    True
    """
    return render(TEMPLATE, title=title_of(blocks), blocks=blocks, listed=listed(blocks), parts=parts_of, plain=plain_text, svg=to_svg) + "\n"


def to_markdown(blocks: Sequence[Block]) -> str:
    r"""The document as Markdown.

    >>> print(to_markdown([Heading("A_B", 1), Table(("X",), [["a|b"]])]))
    # A\_B
    <BLANKLINE>
    | X |
    |---|
    | a\|b |
    <BLANKLINE>
    """
    return "\n\n".join(_markdown(block, blocks) for block in blocks) + "\n"


def _markdown(block: Block, blocks: Sequence[Block]) -> str:
    match block:
        case Heading(text, level):
            return f"{'#' * level} {_escaped(text)}"
        case Paragraph(text):
            return _markdown_cell(text)
        case Items(entries):
            return "\n".join(f"- {_markdown_cell(entry)}" for entry in entries)
        case Picture(drawing, caption):
            return f"{_escaped(caption)}\n\n{_escaped(drawing.text)}"
        case Contents():
            return "\n".join(f"{'  ' * (each.level - 2)}- {_escaped(each.text)}" for each in listed(blocks))
        case Table(columns, rows, empty):
            if not rows:
                return _escaped(empty)
            head = [f"| {' | '.join(map(_escaped, columns))} |", f"|{'---|' * len(columns)}"]
            return "\n".join([*head, *(f"| {' | '.join(_markdown_cell(cell) for cell in row)} |" for row in rows)])


def _markdown_cell(cell: Cell) -> str:
    return "".join(_escaped(part) if isinstance(part, str) else f"[{_escaped(part.text)}]({part.address})" for part in parts_of(cell))


def _escaped(text: str) -> str:
    """A text without markup; a space at its start or end is kept, because a link can follow."""
    inner = " ".join(text.split())
    spaced = f"{' ' if text[:1].isspace() else ''}{inner}{' ' if inner and text[-1:].isspace() else ''}"
    return MARKUP.sub(r"\\\1", spaced)
