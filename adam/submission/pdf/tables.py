"""Tables of a PDF: as wide as the page, broken over pages between and in rows, with text wrapped in its cell."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable, LongTable, Paragraph, TableStyle

from adam.submission.document import Cell, plain_text
from adam.submission.pdf.styles import BODY, BOLD, CELL_SIZE, FILL, FONT, INK, LINE_COLOR, cell_style

PADDING = 3
GLYPH = CELL_SIZE * 0.6
"""About the width of a letter."""
WORD, TEXT = 16, 70
"""Longer words and texts do not make a column wider."""


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
    words = [max(min(WORD, len(word)) for text in column for word in [*text.split(), ""]) for column in columns]
    lengths = [max(min(TEXT, len(text)) for text in column) for column in columns]
    least = [(word + 1) * GLYPH + 2 * PADDING for word in words]
    scale = min(1.0, BODY / sum(least))
    least = [width * scale for width in least]
    more = [max(0, length - word) for length, word in zip(lengths, words, strict=True)]
    rest = (BODY - sum(least)) / (sum(more) or len(more))
    return [width + rest * (extra if sum(more) else 1) for width, extra in zip(least, more, strict=True)]


def _cell(cell: Cell, width: float, markup: Callable[[Cell], str]) -> str | Paragraph:
    """A short text as it is, which is much faster; any other as a paragraph."""
    if isinstance(cell, str) and "\n" not in cell and len(cell) < 40 and stringWidth(cell, FONT, CELL_SIZE) < width - 2 * PADDING:
        return cell
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
