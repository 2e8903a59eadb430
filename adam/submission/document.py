"""A document as a list of headings, paragraphs and tables, written as Markdown or as one HTML page. Its texts are never markup."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from adam.core.templates import render

TEMPLATE = Path(__file__).with_name("document.html.jinja")
MARKUP = re.compile(r"([\\`*_\[\]<>#|~&])")


class Link(NamedTuple):
    """A cell that links to an address: `#anchor` in the same document, or a file in the same folder."""

    text: str
    address: str


Cell = str | Link


@dataclass(frozen=True)
class Heading:
    """A heading; level 1 is the title. Links in the document use the anchor."""

    text: str
    level: int = 2
    anchor: str = ""


@dataclass(frozen=True)
class Paragraph:
    """One or more sentences."""

    text: str


@dataclass(frozen=True)
class Table:
    """Rows of cells under named columns. A table without rows is shown as the text `empty`."""

    columns: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]
    empty: str = "None."


Block = Heading | Paragraph | Table


def to_html(blocks: Sequence[Block]) -> str:
    """The document as one HTML page that loads no other file.

    >>> "<p>a &lt; b</p>" in to_html([Paragraph("a < b")])
    True
    """
    title = next((block.text for block in blocks if isinstance(block, Heading)), "")
    return render(TEMPLATE, title=title, blocks=blocks) + "\n"


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
    return "\n\n".join(_markdown(block) for block in blocks) + "\n"


def _markdown(block: Block) -> str:
    match block:
        case Heading(text, level):
            return f"{'#' * level} {_escaped(text)}"
        case Paragraph(text):
            return _escaped(text)
        case Table(columns, rows, empty):
            if not rows:
                return _escaped(empty)
            head = [f"| {' | '.join(map(_escaped, columns))} |", f"|{'---|' * len(columns)}"]
            return "\n".join([*head, *(f"| {' | '.join(_markdown_cell(cell) for cell in row)} |" for row in rows)])


def _markdown_cell(cell: Cell) -> str:
    return _escaped(cell) if isinstance(cell, str) else f"[{_escaped(cell.text)}]({cell.address})"


def _escaped(text: str) -> str:
    return MARKUP.sub(r"\\\1", " ".join(text.split()))
