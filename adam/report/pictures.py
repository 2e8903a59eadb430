"""The pictures of a report: curves over visits, and bars of groups with the published numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.ticker import MaxNLocator

from adam.report.appearance import Appearance
from adam.report.svg import FAINT, INK, POINTS, as_svg, legend, picture_style, printable

WIDTH = 360
LEFT, RIGHT, TOP = 30, 10, 8
PLOT = 190
LINE = 13.5
FOOT = 34
BAR = 11
ACROSS = 62
MOST = 100
DIGIT = 4.8
"""The width of a digit at the end of a bar, in points."""


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
    foot = FOOT + LINE * sum(label.count("\n") + 1 for label in labels)
    with picture_style(name):
        figure, axes = _figure(TOP + PLOT + foot, LEFT, foot)
        handles: list[Line2D | Patch] = []
        for curve in curves:
            own = appearances[curve.group]
            dash = (0, (4, 2)) if own.broken else "-"
            handles += axes.plot(curve.x, curve.y, color=own.color, marker=own.marker, markersize=4.5, linewidth=1.6, linestyle=dash, clip_on=False)
        _set_value_range(axes, curves, percent)
        _set_ticks(axes, ticks)
        axes.set_xlabel(printable(axis), labelpad=2)
        axes.grid(axis="y", color=FAINT, linewidth=0.6)
        axes.set_axisbelow(True)
        legend(figure, handles, labels)
        return as_svg(figure, title)


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
    published = any(bar.published is not None for row in rows.values() for bar in row.values())
    foot = 20 + LINE * (sum(label.count("\n") + 1 for label in labels) + published)
    headings = {row: wrapped(row) for row in rows}
    height = sum(BAR * len(rows[row]) + LINE * (text.count("\n") + 1) + 6 for row, text in headings.items())
    with picture_style(name):
        figure, axes = _figure(TOP + height + foot, 10, foot)
        axes.set_ylim(height, 0)
        _set_bar_range(axes, [bar for row in rows.values() for bar in row.values()], percent)
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        _blocks(axes, rows, headings, groups, appearances)
        legend(figure, [*_patches(groups, appearances), *([_stroke()] if published else [])], [*labels, *(["published"] if published else [])])
        return as_svg(figure, title)


def wrapped(text: str) -> str:
    """A text of a picture, broken into lines of its width."""
    return "\n".join(wrap(printable(text), ACROSS, break_long_words=True)) or " "


def _figure(height: float, left: float, foot: float) -> tuple[Figure, Axes]:
    """A figure of the common width, with axes that leave room on the left and at the bottom; all sizes are in points."""
    figure = Figure(figsize=(WIDTH / POINTS, height / POINTS), dpi=POINTS)
    axes = figure.add_axes((left / WIDTH, foot / height, (WIDTH - left - RIGHT) / WIDTH, (height - foot - TOP) / height))
    axes.tick_params(length=3, width=0.6)
    return figure, axes


def _set_value_range(axes: Axes, curves: Sequence[Curve], percent: bool) -> None:
    values = np.array([value for curve in curves for value in curve.y])
    values = values[~np.isnan(values)]
    low, high = (min(0.0, float(values.min())), float(values.max())) if len(values) else (0.0, 1.0)
    top = (high + (high - low) * 0.08) or 1.0
    axes.set_ylim(low, min(top, MOST) if percent else top)

    if not percent and _whole(values):
        axes.yaxis.set_major_locator(_whole_ticks())


def _set_bar_range(axes: Axes, bars: Sequence[Bar], percent: bool) -> None:
    """The range of the values of bars, with room for the text at the end of each; the ticks of percentages end at 100."""
    room = [(len(printable(bar.text)) * DIGIT + 8) / (WIDTH - 10 - RIGHT) for bar in bars]
    end = max((bar.end / (1 - min(own, 0.5)) for bar, own in zip(bars, room, strict=True)), default=0.0) or 1.0
    axes.set_xlim(0, end)
    if percent:
        axes.set_xticks([tick for tick in axes.get_xticks() if 0 <= tick <= min(end, MOST)])
    elif _whole(np.array([bar.end for bar in bars])):
        axes.xaxis.set_major_locator(_whole_ticks())


def _whole(values: np.ndarray) -> bool:
    """Whether all values are whole numbers, such as counts."""
    return bool((values == np.floor(values)).all())


def _whole_ticks() -> MaxNLocator:
    return MaxNLocator("auto", steps=[1, 2, 2.5, 5, 10], integer=True)


def _set_ticks(axes: Axes, ticks: Mapping[float, str]) -> None:
    """Label the positions that have room for their text; the others have only a tick."""
    places = sorted(ticks)
    span = places[-1] - places[0] if len(places) > 1 else 1.0
    shown: dict[float, str] = {}
    end = -np.inf
    for place in places:
        room = (len(ticks[place]) * 5.5 + 4) / (WIDTH - LEFT - RIGHT) * span / 2
        if place - room >= end:
            shown[place], end = printable(ticks[place]), place + room
    axes.set_xticks(list(shown), list(shown.values()))
    axes.set_xticks([place for place in places if place not in shown], minor=True)
    axes.tick_params(which="minor", length=2, width=0.6)
    axes.set_xlim(places[0] - span * 0.02, places[-1] + span * 0.02)


def _blocks(
    axes: Axes, rows: Mapping[str, Mapping[str, Bar]], headings: Mapping[str, str], groups: Sequence[str], appearances: Mapping[str, Appearance]
) -> None:
    top = 0.0
    gap = axes.get_xlim()[1] * 0.012
    for row, bars in rows.items():
        axes.text(0, top + 2, headings[row], va="top", fontsize=8.5)
        top += LINE * (headings[row].count("\n") + 1)
        for group in (group for group in groups if group in bars):
            bar, middle = bars[group], top + BAR / 2
            length = 0.0 if np.isnan(bar.value) else bar.value
            axes.add_patch(_patch(appearances[group], (0, top + 1), length, BAR - 2))
            if bar.published is not None:
                axes.plot([bar.published, bar.published], [top + 0.2, top + BAR - 0.2], color=INK, linewidth=1.6)
            axes.text(max(length, bar.published or 0) + gap, middle, printable(bar.text), va="center", fontsize=7.5)
            top += BAR
        top += 6


def _patch(appearance: Appearance, corner: tuple[float, float], width: float, height: float) -> Patch:
    return Rectangle(
        corner, width, height, facecolor=appearance.color, edgecolor="white" if appearance.broken else "none", linewidth=0, hatch=_hatch(appearance)
    )


def _patches(groups: Sequence[str], appearances: Mapping[str, Appearance]) -> list[Line2D | Patch]:
    return [_patch(appearances[group], (0, 0), 1, 1) for group in groups]


def _hatch(appearance: Appearance) -> str | None:
    return "////" if appearance.broken else None


def _stroke() -> Line2D:
    return Line2D([], [], color=INK, marker="|", markersize=8, markeredgewidth=1.6, linestyle="none")
