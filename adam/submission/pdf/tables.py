"""Tables of a PDF: as wide as the page, broken over pages between and in rows, with text wrapped in its cell."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable, LongTable, Paragraph, TableStyle

from adam.submission.document import Cell, plain_text
from adam.submission.pdf.styles import BODY, BOLD, CELL_SIZE, FILL, FONT, INK, LINE_COLOR, cell_style, printable

PADDING = 3
GLYPH = CELL_SIZE * 0.6
"""About the width of a letter."""
WORD, TEXT = 110, 70
"""The widest word in points and the longest text in letters that make a column wider."""


def as_table(columns: Sequence[str], rows: Sequence[Sequence[Cell]], markup: Callable[[Cell], str]) -> Flowable:
    """A table whose columns share the width of the page by the length of their texts.

    Args:
        columns: the names of the columns.
        rows: at least one row.
        markup: returns a cell in the markup of reportlab.
    """
    widths = column_widths([list(columns), *([plain_text(cell) for cell in row] for row in rows)])
    head = [Paragraph(markup(name), cell_style(bold=True)) for name in columns]
    body = [[_cell(cell, width, markup) for cell, width in zip(row, widths, strict=True)] for row in rows]
    return LongTable([head, *body], widths, repeatRows=1, splitByRow=1, splitInRow=1, style=_style(), spaceAfter=8)


def column_widths(texts: Sequence[Sequence[str]]) -> list[float]:
    """The widths of columns in points: each has room for its longest word, the remaining width goes to those with the longest texts.

    Args:
        texts: the rows, with the names of the columns first.
    """
    columns = list(zip(*texts, strict=True))
    least = [_widest_word(column) + 2 * PADDING + 1 for column in columns]
    scale = min(1.0, BODY / sum(least))
    least = [width * scale for width in least]
    more = [max(0.0, max(min(TEXT, len(text)) for text in column) * GLYPH - width) for column, width in zip(columns, least, strict=True)]
    rest = BODY - sum(least)
    return [width + (rest * extra / sum(more) if sum(more) else rest / len(more)) for width, extra in zip(least, more, strict=True)]


def _widest_word(column: Sequence[str]) -> float:
    """The width of the name of a column, or of the widest word in it."""
    head, *body = column
    words = {word for text in body for word in text.split()}
    most = max(map(len, words), default=0)
    widths = [stringWidth(word, FONT, CELL_SIZE) for word in words if len(word) > most - 3]  # a shorter word can be wider
    return min(WORD, max([*widths, *(stringWidth(word, BOLD, CELL_SIZE) for word in head.split()), 1.0]))


def _cell(cell: Cell, width: float, markup: Callable[[Cell], str]) -> str | Paragraph:
    """A short text as it is, which is much faster; any other as a paragraph."""
    if isinstance(cell, str) and "\n" not in cell and len(cell) < 40 and stringWidth(cell, FONT, CELL_SIZE) < width - 2 * PADDING:
        return printable(cell)
    return Paragraph(markup(cell), cell_style())


def _style() -> TableStyle:
    return TableStyle(
        [
            ("FONT", (0, 1), (-1, -1), FONT, CELL_SIZE, 9),
            ("FONT", (0, 0), (-1, 0), BOLD, CELL_SIZE, 9),
            ("TEXTCOLOR", (0, 0), (-1, -1), INK),
            ("BACKGROUND", (0, 0), (-1, 0), FILL),
            ("GRID", (0, 0), (-1, -1), 0.4, LINE_COLOR),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), PADDING),
            ("RIGHTPADDING", (0, 0), (-1, -1), PADDING),
            ("TOPPADDING", (0, 0), (-1, -1), 2),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
        ]
    )
