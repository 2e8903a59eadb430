"""A drawing of boxes and arrows as a value. Coordinates are in points from the upper left corner; it is shown as SVG or in a PDF."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import NamedTuple

FONT_SIZE = 9
LINE = 12
HEAD = 5
"""The length of the head of an arrow."""


class Point(NamedTuple):
    """A point: to the right, and down."""

    x: float
    y: float


@dataclass(frozen=True)
class Box:
    """A rectangle with lines of text in it. `address` is what it links to; a `plain` box has a lighter fill."""

    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...]
    address: str = ""
    plain: bool = False

    def baselines(self) -> Iterator[tuple[str, Point]]:
        """Each line of text with the middle of its baseline."""
        first = self.y + (self.height - LINE * len(self.lines)) / 2 + LINE * 0.75
        for number, line in enumerate(self.lines):
            yield line, Point(self.x + self.width / 2, first + LINE * number)


@dataclass(frozen=True)
class Arrow:
    """A line along points, with a head at the last one; the last part is horizontal."""

    points: tuple[Point, ...]
    dashed: bool = False

    @property
    def head(self) -> tuple[Point, Point, Point]:
        """The corners of the head."""
        before, end = self.points[-2:]
        back = end.x - HEAD if end.x > before.x else end.x + HEAD
        return end, Point(back, end.y - HEAD / 2), Point(back, end.y + HEAD / 2)


@dataclass(frozen=True)
class Drawing:
    """Boxes and arrows; `text` describes what they show."""

    width: float
    height: float
    boxes: Sequence[Box]
    arrows: Sequence[Arrow]
    text: str


def to_svg(drawing: Drawing) -> str:
    """The drawing as an SVG element that needs no style of the page.

    >>> to_svg(Drawing(10, 5, [Box(0, 0, 10, 5, ("A<B",))], [], "One box"))[:62]
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 5" rol'
    """
    size = f'viewBox="0 0 {drawing.width:g} {drawing.height:g}" role="img" style="width:100%;max-width:{drawing.width * 1.25:g}px"'
    style = f'font-family="system-ui, sans-serif" font-size="{FONT_SIZE}" text-anchor="middle"'
    body = [*map(_arrow, drawing.arrows), *map(_box, drawing.boxes)]
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} {style}><title>{escape(drawing.text)}</title>{"".join(body)}</svg>'


def _box(box: Box) -> str:
    fill = "#f4f6f8" if box.plain else "#dbe8f4"
    shape = f'<rect x="{box.x:g}" y="{box.y:g}" width="{box.width:g}" height="{box.height:g}" rx="3" fill="{fill}" stroke="#5b7286"/>'
    weight = "" if box.plain else ' font-weight="bold"'
    texts = [f'<text x="{at.x:g}" y="{at.y:g}" fill="#1d2733"{weight}>{escape(line)}</text>' for line, at in box.baselines()]
    whole = shape + "".join(texts)
    return f'<a href="{escape(box.address)}">{whole}</a>' if box.address else whole


def _arrow(arrow: Arrow) -> str:
    dash = ' stroke-dasharray="4 2"' if arrow.dashed else ""
    line = f'<polyline points="{_points(arrow.points)}" fill="none" stroke="#5b7286"{dash}/>'
    return f'{line}<polygon points="{_points(arrow.head)}" fill="#5b7286"/>'


def _points(points: Sequence[Point]) -> str:
    return " ".join(f"{point.x:g},{point.y:g}" for point in points)
