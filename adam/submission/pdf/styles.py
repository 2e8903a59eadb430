"""The fonts and the styles of a PDF. DejaVu Sans comes with matplotlib and has Latin, Greek and Cyrillic letters."""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.fonts import addMapping
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.pdfmetrics import getFont, registerFont
from reportlab.pdfbase.ttfonts import TTFont

FONT, BOLD = "DejaVuSans", "DejaVuSans-Bold"
INK, SOFT, LINE_COLOR, FILL = HexColor("#1d2733"), HexColor("#5b7286"), HexColor("#c5d0da"), HexColor("#e3eaf1")
PLAIN_FILL, BOX_FILL = HexColor("#f4f6f8"), HexColor("#dbe8f4")
LINK_COLOR = "#0b5394"
WIDTH, HEIGHT = A4
MARGIN = 48
BODY = WIDTH - 2 * MARGIN
CELL_SIZE = 7


@cache
def register_fonts() -> None:
    """Register the fonts once in a process."""
    found = importlib.util.find_spec("matplotlib")
    assert found is not None and found.origin is not None, "matplotlib is a dependency of this package"
    folder = Path(found.origin).parent / "mpl-data" / "fonts" / "ttf"
    for name in (FONT, BOLD):
        font: Any = TTFont(name, str(folder / f"{name}.ttf"))
        font.stringWidth = cache(font.stringWidth)  # words repeat, and a table is measured for each of its pages
        registerFont(font)
    addMapping(FONT, 0, 0, FONT)
    addMapping(FONT, 1, 0, BOLD)


def printable(text: str) -> str:
    """A text with the code of each character that the font does not have, `U+65E5`, so that none is shown as an empty box."""
    if text.isascii():
        return text
    known = getFont(FONT).face.charToGlyph
    return "".join(each if ord(each) in known or each.isspace() else f"U+{ord(each):04X}" for each in text)


@cache
def heading_style(level: int) -> ParagraphStyle:
    """The style of a heading."""
    size, before = {1: (18, 0), 2: (13, 14), 3: (10.5, 10)}.get(level, (9, 8))
    spaces = {"leading": size * 1.25, "spaceBefore": before, "spaceAfter": 5}
    return ParagraphStyle(f"h{level}", fontName=BOLD, fontSize=size, textColor=INK, **spaces)


@cache
def text_style() -> ParagraphStyle:
    """The style of a paragraph."""
    return ParagraphStyle("text", fontName=FONT, fontSize=8.5, leading=12, spaceAfter=6, textColor=INK)


@cache
def item_style() -> ParagraphStyle:
    """The style of an entry of a list."""
    return ParagraphStyle("item", parent=text_style(), leftIndent=12, bulletIndent=2, bulletFontName=FONT, bulletFontSize=8.5, spaceAfter=3)


@cache
def cell_style(*, bold: bool = False) -> ParagraphStyle:
    """The style of a cell of a table."""
    return ParagraphStyle("cell", fontName=BOLD if bold else FONT, fontSize=CELL_SIZE, leading=9, textColor=INK)
