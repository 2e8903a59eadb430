"""The picture of the data dependencies: a row for each dataset with its source domains, and an arrow for each dataset it reads."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence

from adam.planning.values.reads import DatasetReads
from adam.submission.drawing import LINE, Arrow, Box, Drawing, Point
from adam.submission.guide.facts import joined

SOURCES_WIDTH, WIDTH, GAP, ROW_GAP = 150, 70, 46, 14
LETTERS = 26
"""How many letters fit into a line of a box with source domains."""


def dependency_picture(reads: Mapping[str, DatasetReads]) -> Drawing:
    """The datasets in rows, each in the column after the datasets before it that it reads.

    A dashed arrow leads from a later dataset to an earlier one, which also reads it.

    Args:
        reads: what each dataset reads, in the order of the datasets.
    """
    names = list(reads)
    columns: dict[str, int] = {}
    for name in names:
        columns[name] = 1 + max((columns[each] for each in reads[name].datasets if each in columns), default=-1)
    boxes, sources, rows = [], [], 2.0
    for name in names:
        lines = textwrap.wrap(", ".join(reads[name].domains), LETTERS) or ["no source domain"]
        height = max(30, LINE * len(lines) + 10)
        sources.append(Box(1, rows, SOURCES_WIDTH, height, tuple(lines), plain=True))
        left = SOURCES_WIDTH + GAP + columns[name] * (WIDTH + GAP)
        boxes.append(Box(left, rows + (height - 30) / 2, WIDTH, 30, (name,), f"#dataset_{name}"))
        rows += height + ROW_GAP
    by_name = dict(zip(names, boxes, strict=True))
    arrows = [Arrow((Point(1 + SOURCES_WIDTH, _middle(box) + 7), Point(box.x, _middle(box) + 7))) for box in boxes]
    pairs = [(source, name) for name in names for source in reads[name].datasets if source in by_name]
    arrows += [_arrow(by_name[source], by_name[name], names.index(source) > names.index(name), names.index(source)) for source, name in pairs]
    width = SOURCES_WIDTH + GAP + (1 + max(columns.values(), default=0)) * (WIDTH + GAP)
    return Drawing(width, rows - ROW_GAP + 3, [*sources, *boxes], arrows, _in_words(reads))


def _middle(box: Box) -> float:
    return box.y + box.height / 2


def _arrow(source: Box, target: Box, back: bool, place: int) -> Arrow:
    """From the right of the source along the gap next to it; to the left of a later dataset, or to the right of an earlier one."""
    start = Point(source.x + source.width, _middle(source) + (-8 if back else 0))
    lane = start.x + (14 if back else 22) + 3 * (place % 5)
    end = Point(target.x + target.width, _middle(target) + 9) if back else Point(target.x, _middle(target) - 7)
    return Arrow((start, Point(lane, start.y), Point(lane, end.y), end), dashed=back)


def _in_words(reads: Mapping[str, DatasetReads]) -> str:
    """The picture as sentences."""
    return " ".join(f"{name} reads {joined(_owners(each)) or 'no other data'}." for name, each in reads.items())


def _owners(reads: DatasetReads) -> Sequence[str]:
    return [*reads.domains, *reads.datasets]
