"""How a group looks in every picture of a study: a treatment has one color and one marker, wherever it is met."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from adam.plan.values import TOTAL

COLORS = ("#0072B2", "#D55E00", "#009E73", "#AA4499", "#7A5C00", "#332288", "#882255", "#44746B")
"""Told apart by color-blind readers too, and each at least 3 : 1 on white."""
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
GRAY = "#4A4F57"


@dataclass(frozen=True)
class Appearance:
    """The color of a group, its marker, and whether its lines are broken and its bars hatched."""

    color: str
    marker: str
    broken: bool = False


def assign_appearances(groups: Sequence[str], treatments: Mapping[str, float]) -> dict[str, Appearance]:
    """The look of each group.

    A group that names a treatment has its color and marker; one that names several, a sequence, has the color of the last, the marker
    of the first, and is broken if they differ. Other groups take what the treatments left, in their order; the total is grey.

    >>> found = assign_appearances(["A", "A / B", "Total"], {"A": 1, "B": 2})
    >>> found["A"].color, found["A / B"].color, found["A / B"].broken
    ('#0072B2', '#D55E00', True)
    """
    ordered = sorted(treatments, key=lambda name: treatments[name])
    pattern = re.compile("|".join(re.escape(name) for name in sorted(ordered, key=len, reverse=True)) or "(?!)")
    found, others = {}, len(ordered)
    for group in groups:
        named = [ordered.index(name) for name in pattern.findall(group)]
        if group == TOTAL:
            found[group] = Appearance(GRAY, ".")
        elif named:
            found[group] = Appearance(_of(COLORS, named[-1]), _of(MARKERS, named[0]), len(set(named)) > 1)
        else:
            found[group] = Appearance(_of(COLORS, others), _of(MARKERS, others), others >= len(COLORS))
            others += 1
    return found


def _of(among: Sequence[str], place: int) -> str:
    return among[place % len(among)]
