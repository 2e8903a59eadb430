"""A document as PDF: bookmarks, links, a header and page numbers. The same blocks and the same creation time give the same bytes."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, CondPageBreak, Flowable, Frame, PageTemplate, Paragraph

from adam.submission.document import Block, Cell, Contents, Heading, Items, Picture, Table, listed, parts_of, title_of
from adam.submission.document import Paragraph as TextBlock
from adam.submission.pdf.flowables import ContentsLine, DrawnPicture, page_form
from adam.submission.pdf.styles import (
    BODY,
    FONT,
    HEIGHT,
    LINE_COLOR,
    LINK_COLOR,
    MARGIN,
    SOFT,
    WIDTH,
    heading_style,
    item_style,
    printable,
    register_fonts,
    text_style,
)
from adam.submission.pdf.tables import as_table

RELATIVE = "rel:"
"""Marks the address of a file, so that reportlab does not read it as a place in the document."""
HEADING_ROOM, TEXT_ROOM = 100, 55
"""The room below which a heading or a paragraph moves to the next page, so that it does not stand apart from a table after it."""
TOTAL = "TotalPages"
NUMBER = 16
"""The width of the number of pages."""
BULLET = "\N{BULLET}"


def to_pdf(blocks: Sequence[Block], created: datetime.datetime) -> bytes:
    """The document as a PDF file.

    Args:
        blocks: the document; the first heading is its title, and headings are bookmarks.
        created: the creation time in the file.
    """
    register_fonts()
    file = io.BytesIO()
    document = _Document(file, title_of(blocks), created)
    document.build([flowable for block in blocks for flowable in _flowables(block, blocks)], canvasmaker=_Canvas)
    return file.getvalue()


def markup(cell: Cell) -> str:
    """A cell in the markup of reportlab."""
    return "".join(escape(printable(part), quote=False) if isinstance(part, str) else _link(part.text, part.address) for part in parts_of(cell))


def _link(text: str, address: str) -> str:
    target = address if address.startswith("#") else RELATIVE + address
    return f'<a href="{escape(target)}" color="{LINK_COLOR}">{escape(printable(text), quote=False)}</a>'


def _flowables(block: Block, blocks: Sequence[Block]) -> Iterator[Flowable]:
    match block:
        case Heading():
            yield CondPageBreak(HEADING_ROOM)
            yield _HeadingParagraph(block)
        case TextBlock(text):
            yield CondPageBreak(TEXT_ROOM)
            yield Paragraph(markup(text), text_style())
        case Items(entries):
            for entry in entries:
                yield Paragraph(markup(entry), item_style(), bulletText=BULLET)
        case Table(columns, rows, empty):
            yield as_table(columns, rows, markup) if rows else Paragraph(markup(empty), text_style())
        case Picture(drawing, caption):
            yield DrawnPicture(drawing)
            yield Paragraph(markup(caption), text_style())
        case Contents():
            yield from (ContentsLine(each.text, each.level, each.anchor) for each in listed(blocks))


class _HeadingParagraph(Paragraph):
    """A heading with its bookmark: the anchor of the heading, or its number in the document."""

    def __init__(self, heading: Heading) -> None:
        super().__init__(markup(heading.text), heading_style(heading.level))
        self.heading = heading

    def draw(self) -> None:
        canvas = self.canv
        key = self.heading.anchor or f"heading-{len(canvas.headings)}"
        canvas.bookmarkHorizontal(key, 0, self.height + 12)
        canvas.outline(self.heading.text, key, self.heading.level - 1)
        super().draw()


class _Document(BaseDocTemplate):
    """Pages with one frame, the title above it and the page number below it."""

    def __init__(self, file: io.BytesIO, title: str, created: datetime.datetime) -> None:
        about = {"title": title, "subject": title, "author": "adamsmith", "creator": "adamsmith", "lang": "en-US"}
        super().__init__(file, pagesize=(WIDTH, HEIGHT), invariant=1, **about)
        self.created = created
        frame = Frame(MARGIN, MARGIN, BODY, HEIGHT - 2 * MARGIN, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0)
        self.addPageTemplates(PageTemplate("page", [frame], onPage=_page))

    def beforeDocument(self) -> None:  # noqa: N802  (a method of reportlab)
        written = self.created.strftime("D:%Y%m%d%H%M%SZ")
        self.canv.setDateFormatter(lambda *_: written)
        self.canv.showOutline()


def _page(canvas: Canvas, document: _Document) -> None:
    """Draw the header and the footer of a page."""
    canvas.setFont(FONT, 7)
    canvas.setFillColor(SOFT)
    canvas.setStrokeColor(LINE_COLOR)
    if canvas.getPageNumber() > 1:
        canvas.drawString(MARGIN, HEIGHT - 34, printable(document.title))
        canvas.line(MARGIN, HEIGHT - 39, WIDTH - MARGIN, HEIGHT - 39)
    canvas.drawRightString(WIDTH - MARGIN - NUMBER, 30, f"Page {canvas.getPageNumber()} of ")
    canvas.doForm(TOTAL)


class _Canvas(Canvas):
    """A canvas that remembers the page of each heading; page numbers are forms, which may be defined after they are used."""

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401  (those of reportlab)
        super().__init__(*arguments, **options)
        self.headings: dict[str, int] = {}
        self.level = -1

    def outline(self, text: str, key: str, level: int) -> None:
        """Add a bookmark; a level is at most one below that of the bookmark before."""
        self.level = min(level, self.level + 1)
        self.addOutlineEntry(text, key, self.level, closed=1 if self.level > 0 else 0)
        self.headings[key] = self.getPageNumber()

    def linkURL(self, url: str, *arguments: Any, **options: Any) -> None:  # noqa: N802, ANN401
        super().linkURL(url.removeprefix(RELATIVE), *arguments, **options)

    def save(self) -> None:
        """Define the page numbers, then write the file."""
        self._number(TOTAL, f"{self.getPageNumber() - 1}", WIDTH - MARGIN - NUMBER, 30, 7)
        for anchor, page in self.headings.items():
            self._number(page_form(anchor), f"{page}", 0, 3, 8.5)
        super().save()

    def _number(self, form: str, text: str, x: float, y: float, size: float) -> None:
        """Define a form with a number; what is left of or below the origin would not be shown."""
        self.beginForm(form)
        self.setFont(FONT, size)
        self.setFillColor(SOFT)
        self.drawString(x, y, text)
        self.endForm()
