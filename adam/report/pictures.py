"""The pictures of a report: curves over visits, and bars of groups beside the published numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

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


@dataclass(frozen=True)
class Curve:
    """A curve of one group: its places on the axis and its values, NaN where there is none."""

    group: str
    x: tuple[float, ...]
    y: tuple[float, ...]


@dataclass(frozen=True)
class Bar:
    """One bar: its length, what is written at its end, and the published number if there is one."""

    value: float
    said: str
    published: float | None = None


def draw_curves(
    name: str, title: str, lines: Sequence[Curve], ticks: Mapping[float, str], axis: str, percent: bool, look: Mapping[str, Appearance]
) -> str:
    """A curve for each group.

    Args:
        name: makes the picture's ids; another one for each picture of a page.
        title: for those who cannot see it.
        lines: the curves, in the order of the legend.
        ticks: what is written at which place of the axis; left out where there is no room.
        axis: what the places are.
        percent: the values are percentages, so the axis ends at 100 at most.
        look: of each group.
    """
    labels = [wrapped(line.group) for line in lines]
    foot = FOOT + LINE * sum(label.count("\n") + 1 for label in labels)
    with picture_style(name):
        figure, axes = _framed(TOP + PLOT + foot, LEFT, foot)
        handles: list[Line2D | Patch] = []
        for line in lines:
            own = look[line.group]
            dash = (0, (4, 2)) if own.broken else "-"
            handles += axes.plot(line.x, line.y, color=own.color, marker=own.marker, markersize=4.5, linewidth=1.6, linestyle=dash, clip_on=False)
        _upright(axes, lines, percent)
        _ticks(axes, ticks)
        axes.set_xlabel(printable(axis), labelpad=2)
        axes.grid(axis="y", color=FAINT, linewidth=0.6)
        axes.set_axisbelow(True)
        legend(figure, handles, labels)
        return as_svg(figure, title)


def draw_bars(name: str, title: str, rows: Mapping[str, Mapping[str, Bar]], percent: bool, look: Mapping[str, Appearance]) -> str:
    """A block of bars for each row, one bar for each of its groups, and a stroke where the published number is.

    Args:
        name: makes the picture's ids.
        title: for those who cannot see it.
        rows: the bars of each row by group.
        percent: the values are percentages, so the axis ends at 100 at most.
        look: of each group, in the order of the legend; groups no row has are left out.
    """
    groups = [group for group in look if any(group in row for row in rows.values())]
    labels = [wrapped(group) for group in groups]
    published = any(bar.published is not None for row in rows.values() for bar in row.values())
    foot = 20 + LINE * (sum(label.count("\n") + 1 for label in labels) + published)
    headed = {row: wrapped(row) for row in rows}
    height = sum(BAR * len(rows[row]) + LINE * (text.count("\n") + 1) + 6 for row, text in headed.items())
    with picture_style(name):
        figure, axes = _framed(TOP + height + foot, 10, foot)
        axes.set_ylim(height, 0)
        ends = [end for row in rows.values() for bar in row.values() for end in (bar.value, bar.published or 0) if not np.isnan(end)]
        axes.set_xlim(0, min(max(ends, default=0) * 1.16 or 1, MOST * 1.08 if percent else np.inf))
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        _blocks(axes, rows, headed, groups, look)
        legend(figure, [*_patches(groups, look), *([_stroke()] if published else [])], [*labels, *(["published"] if published else [])])
        return as_svg(figure, title)


def wrapped(text: str) -> str:
    """A text of a picture in lines that fit its width."""
    return "\n".join(wrap(printable(text), ACROSS, break_long_words=True)) or " "


def _framed(height: float, left: float, foot: float) -> tuple[Figure, Axes]:
    """A figure of the width all have, with axes that leave room for what stands beside and below; in points."""
    figure = Figure(figsize=(WIDTH / POINTS, height / POINTS), dpi=POINTS)
    axes = figure.add_axes((left / WIDTH, foot / height, (WIDTH - left - RIGHT) / WIDTH, (height - foot - TOP) / height))
    axes.tick_params(length=3, width=0.6)
    return figure, axes


def _upright(axes: Axes, lines: Sequence[Curve], percent: bool) -> None:
    values = np.array([value for line in lines for value in line.y])
    values = values[~np.isnan(values)]
    low, high = (min(0.0, float(values.min())), float(values.max())) if len(values) else (0.0, 1.0)
    top = (high + (high - low) * 0.08) or 1.0
    axes.set_ylim(low, min(top, MOST) if percent else top)


def _ticks(axes: Axes, ticks: Mapping[float, str]) -> None:
    """The places that have room for what is written there; the others have a tick alone."""
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
    axes: Axes, rows: Mapping[str, Mapping[str, Bar]], headed: Mapping[str, str], groups: Sequence[str], look: Mapping[str, Appearance]
) -> None:
    at = 0.0
    gap = axes.get_xlim()[1] * 0.012
    for row, found in rows.items():
        axes.text(0, at + 2, headed[row], va="top", fontsize=8.5)
        at += LINE * (headed[row].count("\n") + 1)
        for group in (group for group in groups if group in found):
            bar, middle = found[group], at + BAR / 2
            length = 0.0 if np.isnan(bar.value) else bar.value
            axes.add_patch(_patch(look[group], (0, at + 1), length, BAR - 2))
            if bar.published is not None:
                axes.plot([bar.published, bar.published], [at + 0.2, at + BAR - 0.2], color=INK, linewidth=1.6)
            axes.text(max(length, bar.published or 0) + gap, middle, printable(bar.said), va="center", fontsize=7.5)
            at += BAR
        at += 6


def _patch(look: Appearance, corner: tuple[float, float], width: float, height: float) -> Patch:
    return Rectangle(corner, width, height, facecolor=look.color, edgecolor="white" if look.broken else "none", linewidth=0, hatch=_hatch(look))


def _patches(groups: Sequence[str], look: Mapping[str, Appearance]) -> list[Line2D | Patch]:
    return [_patch(look[group], (0, 0), 1, 1) for group in groups]


def _hatch(look: Appearance) -> str | None:
    return "////" if look.broken else None


def _stroke() -> Line2D:
    return Line2D([], [], color=INK, marker="|", markersize=8, markeredgewidth=1.6, linestyle="none")
