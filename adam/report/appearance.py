"""How a group looks in every picture of a study: a treatment has one colour and one marker, wherever it is met."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from adam.plan.values import TOTAL

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#AA4499", "#7A5C00", "#332288", "#882255", "#44746B")
"""Told apart by colour-blind readers too, and each at least 3 : 1 on white."""
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
GREY = "#4A4F57"


@dataclass(frozen=True)
class Appearance:
    """The colour of a group, its marker, and whether its lines are broken and its bars hatched."""

    colour: str
    marker: str
    broken: bool = False


def looks(groups: Sequence[str], treatments: Mapping[str, float]) -> dict[str, Appearance]:
    """The look of each group.

    A group that names a treatment has its colour and marker; one that names several, a sequence, has the colour of the last, the marker
    of the first, and is broken if they differ. Other groups take what the treatments left, in their order; the total is grey.

    >>> found = looks(["A", "A / B", "Total"], {"A": 1, "B": 2})
    >>> found["A"].colour, found["A / B"].colour, found["A / B"].broken
    ('#0072B2', '#D55E00', True)
    """
    ordered = sorted(treatments, key=lambda name: treatments[name])
    pattern = re.compile("|".join(re.escape(name) for name in sorted(ordered, key=len, reverse=True)) or "(?!)")
    found, others = {}, len(ordered)
    for group in groups:
        named = [ordered.index(name) for name in pattern.findall(group)]
        if group == TOTAL:
            found[group] = Appearance(GREY, ".")
        elif named:
            found[group] = Appearance(_of(COLOURS, named[-1]), _of(MARKERS, named[0]), len(set(named)) > 1)
        else:
            found[group] = Appearance(_of(COLOURS, others), _of(MARKERS, others), others >= len(COLOURS))
            others += 1
    return found


def _of(among: Sequence[str], place: int) -> str:
    return among[place % len(among)]
