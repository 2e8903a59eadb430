"""The color and marker of each group in the pictures of a study: a treatment has the same ones in every picture."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from adam.planning.values import TOTAL

COLORS = ("#0072B2", "#D55E00", "#009E73", "#AA4499", "#7A5C00", "#332288", "#882255", "#44746B")
"""Color-blind readers can tell them apart, and each has a contrast of at least 3 : 1 on white."""
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
GRAY = "#4A4F57"


@dataclass(frozen=True)
class Appearance:
    """The color and marker of a group. If it is `broken`, its lines are dashed and its bars are hatched."""

    color: str
    marker: str
    broken: bool = False


def assign_appearances(groups: Sequence[str], treatments: Mapping[str, float]) -> dict[str, Appearance]:
    """The appearance of each group.

    A group whose name contains a treatment has its color and marker. A sequence of treatments has the color of the last and the marker of
    the first, and is broken if they differ. Other groups get the remaining colors in order; the total is gray.

    >>> result = assign_appearances(["A", "A / B", "Total"], {"A": 1, "B": 2})
    >>> result["A"].color, result["A / B"].color, result["A / B"].broken
    ('#0072B2', '#D55E00', True)
    """
    ordered = sorted(treatments, key=lambda name: treatments[name])
    pattern = re.compile("|".join(re.escape(name) for name in sorted(ordered, key=len, reverse=True)) or "(?!)")
    result, others = {}, len(ordered)
    for group in groups:
        treated = [ordered.index(name) for name in pattern.findall(group)]
        if group == TOTAL:
            result[group] = Appearance(GRAY, ".")
        elif treated:
            result[group] = Appearance(_cycle(COLORS, treated[-1]), _cycle(MARKERS, treated[0]), len(set(treated)) > 1)
        else:
            result[group] = Appearance(_cycle(COLORS, others), _cycle(MARKERS, others), others >= len(COLORS))
            others += 1
    return result


def _cycle(values: Sequence[str], number: int) -> str:
    return values[number % len(values)]
