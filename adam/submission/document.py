"""A document as a list of blocks, shown as Markdown or as one page of HTML; what data or specifications put in is never markup."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass

STYLE = """body { font: 15px/1.5 system-ui, sans-serif; max-width: 75em; margin: 2em auto; padding: 0 1em; color: #1d2733; background: #fff; }
h1, h2 { border-bottom: 1px solid #c5d0da; } h2 { margin-top: 2em; } a { color: #0b5394; }
.wide { overflow-x: auto; margin: .8em 0; } table { border-collapse: collapse; width: 100%; } th { background: #e3eaf1; }
th, td { border: 1px solid #c5d0da; padding: .25em .5em; text-align: left; vertical-align: top; overflow-wrap: break-word; }
td:last-child { overflow-wrap: anywhere; min-width: 9em; }"""
"""A word is broken in the last column alone, which has the long texts: elsewhere a name would stand letter below letter."""
SPECIAL = re.compile(r"([\\`*_\[\]<>#|~&])")


@dataclass(frozen=True)
class Heading:
    """A heading; level 1 is the title. An anchor is what links of the page name."""

    text: str
    level: int = 2
    anchor: str = ""


@dataclass(frozen=True)
class Paragraph:
    """Some sentences."""

    text: str


@dataclass(frozen=True)
class Table:
    """Rows under names of columns. A cell that is `(text, address)` is a link; a table without rows is shown as `empty`."""

    columns: tuple[str, ...]
    rows: Sequence[Sequence[str | tuple[str, str]]]
    empty: str = "None."


Block = Heading | Paragraph | Table


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
            return "\n".join([*head, *(f"| {' | '.join(_cell(cell) for cell in row)} |" for row in rows)])


def _escaped(text: str) -> str:
    return SPECIAL.sub(r"\\\1", " ".join(text.split()))


def _cell(cell: str | tuple[str, str]) -> str:
    return _escaped(cell) if isinstance(cell, str) else f"[{_escaped(cell[0])}]({cell[1]})"


def to_html(blocks: Sequence[Block]) -> str:
    """The document as one page of HTML that fetches nothing.

    >>> "<p>a &lt; b</p>" in to_html([Paragraph("a < b")])
    True
    """
    title = next((block.text for block in blocks if isinstance(block, Heading)), "")
    head = f'<meta charset="utf-8">\n<title>{html.escape(title)}</title>\n<style>{STYLE}</style>'
    body = "\n".join(_html(block) for block in blocks)
    return f'<!DOCTYPE html>\n<html lang="en">\n<head>\n{head}\n</head>\n<body>\n{body}\n</body>\n</html>\n'


def _html(block: Block) -> str:
    match block:
        case Heading(text, level, anchor):
            mark = f' id="{html.escape(anchor)}"' if anchor else ""
            return f"<h{level}{mark}>{html.escape(text)}</h{level}>"
        case Paragraph(text):
            return f"<p>{html.escape(text)}</p>"
        case Table(columns, rows, empty):
            if not rows:
                return f"<p>{html.escape(empty)}</p>"
            head = "".join(f"<th>{html.escape(name)}</th>" for name in columns)
            lines = "\n".join(f"<tr>{''.join(f'<td>{_shown(cell)}</td>' for cell in row)}</tr>" for row in rows)
            return f'<div class="wide"><table>\n<tr>{head}</tr>\n{lines}\n</table></div>'


def _shown(cell: str | tuple[str, str]) -> str:
    if isinstance(cell, str):
        return html.escape(cell)
    return f'<a href="{html.escape(cell[1])}">{html.escape(cell[0])}</a>'
