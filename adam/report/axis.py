"""The ticks of an axis: round numbers, and their texts."""

from __future__ import annotations

import math
from itertools import count

PARTS = 9
"""An axis has at most this many parts between ticks."""
FACTORS = (1, 2, 2.5, 5)
LARGE = 1e10
"""Numbers from here on are written with an exponent."""


def round_ticks(low: float, high: float, *, whole: bool = False) -> dict[float, str]:
    """The round numbers of a range, and the text of each; none if the range is empty.

    Args:
        low: the lower end.
        high: the upper end.
        whole: only whole numbers.

    >>> round_ticks(0, 1.6)
    {0.0: '0.0', 0.2: '0.2', 0.4: '0.4', 0.6: '0.6', 0.8: '0.8', 1.0: '1.0', 1.2: '1.2', 1.4: '1.4', 1.6: '1.6'}
    >>> list(round_ticks(-3, 18)), list(round_ticks(0, 2.1, whole=True))
    ([-2.5, 0.0, 2.5, 5.0, 7.5, 10.0, 12.5, 15.0, 17.5], [0.0, 1.0, 2.0])
    """
    least = high / PARTS - low / PARTS
    if not 0 < least < math.inf:
        return {}
    step, decimals = _step(least, whole)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    values = [round(place * step, decimals) + 0.0 for place in range(first, last + 1)]
    large = max(abs(value) for value in values) >= LARGE
    return {value: f"{value:g}" if large else f"{value:.{max(decimals, 0)}f}" for value in values}


def _step(least: float, whole: bool) -> tuple[float, int]:
    """The smallest round step that is not below the least one, and the decimals of its multiples."""
    for power in count(math.floor(math.log10(least))):
        for factor in FACTORS:
            decimals = (1 if factor == 2.5 else 0) - power
            step = float(f"{factor}e{power}")
            if step >= least * (1 - 1e-9) and not (whole and decimals > 0):
                return step, decimals
    raise AssertionError("a step is found in some power")
