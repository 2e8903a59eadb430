"""The markers of curves: a path for each shape, of the same size."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from adam.report.svg import line, number

RADIUS = 2.25
DOT = 1.1
"""The radius of the marker of the total."""
Points = Sequence[tuple[float, float]]
_PLUS = ((-1, -3), (1, -3), (1, -1), (3, -1), (3, 1), (1, 1), (1, 3), (-1, 3), (-1, 1), (-3, 1), (-3, -1), (-1, -1))
_CROSS = ((-1, -2), (0, -1), (1, -2), (2, -1), (1, 0), (2, 1), (1, 2), (0, 1), (-1, 2), (-2, 1), (-1, 0), (-2, -1))
CIRCLES = {"o": RADIUS, ".": DOT}
SHAPES: Mapping[str, Points] = {
    "s": ((-1, -1), (1, -1), (1, 1), (-1, 1)),
    "^": ((0, -1), (1, 1), (-1, 1)),
    "v": ((0, 1), (1, -1), (-1, -1)),
    "D": ((0, -1.41), (1.41, 0), (0, 1.41), (-1.41, 0)),
    "P": tuple((x / 3, y / 3) for x, y in _PLUS),
    "X": tuple((x / 2, y / 2) for x, y in _CROSS),
    "*": tuple((radius * math.sin(math.pi * turn / 5), -radius * math.cos(math.pi * turn / 5)) for turn, radius in enumerate([1.0, 0.382] * 5)),
}
"""The corners of each shape, in units of its radius."""


def markers(shape: str, points: Iterable[tuple[float, float]]) -> str:
    """The path of a marker at each point."""
    if shape in CIRCLES:
        radius = CIRCLES[shape]
        size, across = number(radius), number(2 * radius)
        half = f"a{size} {size} 0 1 0"
        return "".join(f"M{number(x - radius)} {number(y)}{half} {across} 0{half} -{across} 0z" for x, y in points)
    return "".join(line([(x + RADIUS * across, y + RADIUS * down) for across, down in SHAPES[shape]]) + "z" for x, y in points)
