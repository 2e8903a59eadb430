"""A picture as an SVG element of a page: the same bytes on every run, text as text, no external references."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

INK = "#1C2430"
FAINT = "#D5DBE1"
EDGE = "#8A94A0"
FONT = 8.5
"""The size of text, in pixels of the picture."""
SVG = "http://www.w3.org/2000/svg"
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def printable(text: str) -> str:
    """A text with a replacement character for each character that XML does not allow."""
    return UNPRINTABLE.sub("\ufffd", text)


def number(value: float) -> str:
    """A coordinate with at most two decimals.

    >>> number(10.0), number(2 / 3), number(-0.001)
    ('10', '0.67', '0')
    """
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def line(points: Sequence[tuple[float, float]]) -> str:
    """The path of a line through some points."""
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points)


class Drawing:
    """The elements of a picture, in the order in which they are drawn. Lengths are pixels from the upper left corner.

    Args:
        name: the ids of the picture are made from it, so it is unique in a page.
        width: of the picture.
        height: of the picture.
    """

    def __init__(self, name: str, width: float, height: float) -> None:
        self.width, self.height = width, height
        self._prefix = f"p{hashlib.sha256(name.encode('utf-8', 'replace')).hexdigest()[:10]}"
        self._elements: list[str] = []
        self._hatches: dict[str, str] = {}

    def path(self, path: str, *, fill: str = "none", stroke: str = "none", width: float = 1.0, dashes: str = "") -> None:
        """Draw a path."""
        line = "" if stroke == "none" else f' stroke="{stroke}" stroke-width="{number(width)}"'
        dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
        self._elements.append(f'<path d="{path}" fill="{fill}"{line}{dashed}/>')

    def line(self, x1: float, y1: float, x2: float, y2: float, color: str, width: float) -> None:
        """Draw a straight line."""
        self.path(line([(x1, y1), (x2, y2)]), stroke=color, width=width)

    def rectangle(self, x: float, y: float, width: float, height: float, color: str, *, hatched: bool = False) -> None:
        """Draw a filled rectangle, with white hatches if it is `hatched`."""
        fill = self._hatch(color) if hatched else color
        self._elements.append(f'<rect x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}" fill="{fill}"/>')

    def text(self, x: float, baseline: float, text: str, *, size: float = FONT, anchor: str = "start") -> None:
        """Draw a text in one line; `anchor` is the part of it that is at `x`: start, middle or end."""
        own = f' font-size="{number(size)}"' if size != FONT else ""
        placed = f' text-anchor="{anchor}"' if anchor != "start" else ""
        self._elements.append(f'<text x="{number(x)}" y="{number(baseline)}"{own}{placed}>{escape(printable(text))}</text>')

    def svg(self, title: str) -> str:
        """The picture as an `svg` element; the title describes it to screen readers."""
        patterns = "".join(
            f'<pattern id="{name}" width="6" height="6" patternUnits="userSpaceOnUse"><rect width="6" height="6" fill="{color}"/>'
            '<path d="M-1 1L1 -1M-1 7L7 -1M5 7L7 5" stroke="#FFFFFF" stroke-width="0.7"/></pattern>'
            for color, name in self._hatches.items()
        )
        definitions = f"<defs>{patterns}</defs>" if patterns else ""
        label = quoteattr(printable(title))
        head = f'<svg xmlns="{SVG}" viewBox="0 0 {number(self.width)} {number(self.height)}" role="img" aria-label={label}'
        return "\n".join([f'{head} fill="{INK}" font-size="{FONT}" stroke-linejoin="round">{definitions}', *self._elements, "</svg>"])

    def _hatch(self, color: str) -> str:
        name = self._hatches.setdefault(color, f"{self._prefix}-{len(self._hatches)}")
        return f"url(#{name})"
