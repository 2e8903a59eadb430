"""The pictures of a report: curves over visits, and bars of groups with the published numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from textwrap import wrap

import numpy as np

from adam.report.appearance import Appearance
from adam.report.axis import round_ticks
from adam.report.markers import markers
from adam.report.svg import EDGE, FAINT, INK, Drawing, line, printable

WIDTH = 360
LEFT, RIGHT, TOP = 30, 10, 8
PLOT = 190
LINE = 13.5
FOOT = 34
BAR = 11
ACROSS = 62
MOST = 100
DIGIT = 4.8
"""The width of a digit at the end of a bar."""
TICK, UNDER = 3, 13
"""The length of a tick, and the distance from the axis to the baseline of the text under it."""
KEY, ENTRY = 22, 11.5
"""The width of a key of the legend, and the distance of its lines."""


@dataclass(frozen=True)
class Curve:
    """The curve of one group: its positions on the axis and its values, NaN for a missing value."""

    group: str
    x: tuple[float, ...]
    y: tuple[float, ...]


@dataclass(frozen=True)
class Bar:
    """One bar: its length, the text at its end, the published number if there is one, and the numerator and denominator of a percentage."""

    value: float
    label: str
    published: float | None = None
    fraction: str = ""

    @property
    def text(self) -> str:
        """The text at the end of the bar."""
        return f"{self.label} ({self.fraction})" if self.fraction and self.label else self.label

    @property
    def end(self) -> float:
        """The larger of the value and the published number; 0 for a missing value."""
        return max(0.0 if np.isnan(self.value) else self.value, self.published or 0.0)


def draw_curves(
    name: str,
    title: str,
    curves: Sequence[Curve],
    ticks: Mapping[float, str],
    axis: str,
    percent: bool,
    appearances: Mapping[str, Appearance],
) -> str:
    """A picture with a curve for each group, as SVG.

    Args:
        name: the ids of the picture are made from it, so it is unique in a page.
        title: the description for screen readers.
        curves: the curves, in the order of the legend.
        ticks: the texts at positions of the axis; those without room are left out.
        axis: the label of the axis.
        percent: whether the values are percentages, so that the axis ends at 100 at most.
        appearances: the appearance of each group.
    """
    labels = [wrapped(curve.group) for curve in curves]
    drawing = Drawing(name, WIDTH, TOP + PLOT + FOOT + LINE * sum(len(label) for label in labels))
    places = sorted(ticks)
    margin = 0.02 * (places[-1] - places[0] if len(places) > 1 else 1.0)
    across = _scale((places[0] - margin, places[-1] + margin), (LEFT, WIDTH - RIGHT))
    _draw_places(drawing, ticks, across, axis)
    up = _draw_values(drawing, curves, percent)
    for curve in curves:
        points = [(across(x), up(y)) for x, y in zip(curve.x, curve.y, strict=True)]
        _draw_curve(drawing, points, appearances[curve.group])

    def key(appearance: Appearance) -> Callable[[float], None]:
        return lambda y: _draw_curve(drawing, [(2, y - 3), (2 + KEY, y - 3)], appearance, [(2 + KEY / 2, y - 3)])

    _draw_legend(drawing, labels, [key(appearances[curve.group]) for curve in curves])
    return drawing.svg(title)


def draw_bars(name: str, title: str, rows: Mapping[str, Mapping[str, Bar]], percent: bool, appearances: Mapping[str, Appearance]) -> str:
    """A picture with a block of bars for each row, one bar for each group and a stroke at its published number, as SVG.

    Args:
        name: the ids of the picture are made from it, so it is unique in a page.
        title: the description for screen readers.
        rows: the bars of each row by group.
        percent: whether the values are percentages, so that the axis ends at 100 at most.
        appearances: the appearance of each group, in the order of the legend; groups without bars are left out.
    """
    groups = [group for group in appearances if any(group in row for row in rows.values())]
    labels = [wrapped(group) for group in groups]
    bars = [bar for row in rows.values() for bar in row.values()]
    published = any(bar.published is not None for bar in bars)
    headings = {row: wrapped(row) for row in rows}
    bottom = TOP + sum(BAR * len(rows[row]) + LINE * len(text) + 6 for row, text in headings.items())
    drawing = Drawing(name, WIDTH, bottom + 20 + LINE * (sum(len(label) for label in labels) + published))
    across = _draw_lengths(drawing, bars, percent, bottom)
    _draw_blocks(drawing, rows, headings, {group: appearances[group] for group in groups}, across)

    def key(appearance: Appearance) -> Callable[[float], None]:
        return lambda y: drawing.rectangle(2, y - 6, KEY, 6, appearance.color, hatched=appearance.broken)

    def stroke(y: float) -> None:
        drawing.line(2 + KEY / 2, y - 7, 2 + KEY / 2, y + 1, INK, 1.6)

    keys = [*(key(appearances[group]) for group in groups), *([stroke] if published else [])]
    _draw_legend(drawing, [*labels, *([["published"]] if published else [])], keys)
    return drawing.svg(title)


def wrapped(text: str) -> list[str]:
    """A text of a picture, broken into lines of its width."""
    return wrap(printable(text), ACROSS, break_long_words=True) or [" "]


def _scale(values: tuple[float, float], pixels: tuple[float, float]) -> Callable[[float], float]:
    """The place in the picture of each value of an axis."""
    factor = (pixels[1] - pixels[0]) / (values[1] - values[0])
    return lambda value: pixels[0] + (value - values[0]) * factor


def _draw_legend(drawing: Drawing, labels: Sequence[Sequence[str]], keys: Sequence[Callable[[float], None]]) -> None:
    """Draw the legend at the bottom, one entry for each group; a key is drawn at the baseline of the first line of its label."""
    y = drawing.height - 4 - ENTRY * (sum(len(label) for label in labels) - 1)
    for label, draw_key in zip(labels, keys, strict=True):
        draw_key(y)
        for each in label:
            drawing.text(8 + KEY, y, each)
            y += ENTRY


def _draw_curve(
    drawing: Drawing, points: Sequence[tuple[float, float]], appearance: Appearance, marked: Sequence[tuple[float, float]] | None = None
) -> None:
    """Draw a line with its markers (at `marked`, or at each point). It is interrupted at a missing value."""
    runs = [list(run) for known, run in groupby(points, key=lambda point: not np.isnan(point[1])) if known]
    path = "".join(line(run) for run in runs if len(run) > 1)
    if path:
        drawing.path(path, stroke=appearance.color, width=1.6, dashes="6.4 3.2" if appearance.broken else "")
    known = [point for run in runs for point in run] if marked is None else marked
    if known:
        drawing.path(markers(appearance.marker, known), fill=appearance.color, stroke=appearance.color)


def _draw_values(drawing: Drawing, curves: Sequence[Curve], percent: bool) -> Callable[[float], float]:
    """Draw the axis of the values of curves with its grid, and return the place of each value."""
    values = np.array([value for curve in curves for value in curve.y])
    values = values[~np.isnan(values)]
    low, high = (min(0.0, float(values.min())), float(values.max())) if len(values) else (0.0, 1.0)
    top = (high + (high - low) * 0.08) or 1.0
    top = 0.0 if top == low else top  # one negative value
    top = min(top, MOST) if percent else top
    up = _scale((low, top), (TOP + PLOT, TOP))
    for value, text in round_ticks(low, top, whole=not percent and _whole(values)).items():
        y = up(value)
        drawing.line(LEFT, y, WIDTH - RIGHT, y, FAINT, 0.6)
        drawing.line(LEFT - TICK, y, LEFT, y, INK, 0.6)
        drawing.text(LEFT - 6, y + 3, text, anchor="end")
    drawing.path(line([(LEFT, TOP), (LEFT, TOP + PLOT), (WIDTH - RIGHT, TOP + PLOT)]), stroke=EDGE, width=0.8)
    return up


def _draw_lengths(drawing: Drawing, bars: Sequence[Bar], percent: bool, bottom: float) -> Callable[[float], float]:
    """Draw the axis of the values of bars, with room for the text at the end of each, and return the place of each value."""
    room = [(len(printable(bar.text)) * DIGIT + 8) / (WIDTH - 10 - RIGHT) for bar in bars]
    end = max((bar.end / (1 - min(own, 0.5)) for bar, own in zip(bars, room, strict=True)), default=0.0) or 1.0
    across = _scale((0, end), (10, WIDTH - RIGHT))
    for value, text in round_ticks(0, end, whole=not percent and _whole(np.array([bar.end for bar in bars]))).items():
        if not percent or value <= MOST:
            drawing.line(across(value), bottom, across(value), bottom + TICK, INK, 0.6)
            drawing.text(across(value), bottom + UNDER, text, anchor="middle")
    drawing.line(10, bottom, WIDTH - RIGHT, bottom, EDGE, 0.8)
    return across


def _whole(values: np.ndarray) -> bool:
    """Whether all values are whole numbers, such as counts."""
    return bool((values == np.floor(values)).all())


def _draw_places(drawing: Drawing, ticks: Mapping[float, str], across: Callable[[float], float], axis: str) -> None:
    """Draw the positions of curves; the text of a position without room for it is left out."""
    bottom, end = TOP + PLOT, -np.inf
    for place in sorted(ticks):
        x, room = across(place), (len(ticks[place]) * 5.5 + 4) / 2
        shown = x - room >= end
        drawing.line(x, bottom, x, bottom + (TICK if shown else 2), INK, 0.6)
        if shown:
            drawing.text(x, bottom + UNDER, ticks[place], anchor="middle")
            end = x + room
    drawing.text((LEFT + WIDTH - RIGHT) / 2, bottom + UNDER + 11, axis, anchor="middle")


def _draw_blocks(
    drawing: Drawing,
    rows: Mapping[str, Mapping[str, Bar]],
    headings: Mapping[str, Sequence[str]],
    appearances: Mapping[str, Appearance],
    across: Callable[[float], float],
) -> None:
    top = float(TOP)
    for row, bars in rows.items():
        for number, text in enumerate(headings[row]):
            drawing.text(10, top + 8.5 + number * 11, text)
        top += LINE * len(headings[row])
        for group, appearance in ((group, each) for group, each in appearances.items() if group in bars):
            bar = bars[group]
            length = 0.0 if np.isnan(bar.value) else max(bar.value, 0.0)
            drawing.rectangle(10, top + 1, across(length) - 10, BAR - 2, appearance.color, hatched=appearance.broken)
            if bar.published is not None:
                drawing.line(across(bar.published), top - 0.6, across(bar.published), top + BAR + 0.6, INK, 1.6)
            drawing.text(across(max(length, bar.published or 0)) + 4, top + BAR / 2 + 1.95, printable(bar.text), size=7.5)
            top += BAR
        top += 6
