"""EASI items that add up: areas and signs of four regions for a given total."""

from __future__ import annotations

import numpy as np

from adam.core.errors import DerivationError
from adam.simulate.draws import Draws, Flags, Ints

WEIGHTS = np.array([1, 2, 3, 4], dtype=np.int64)
"""Tenths a point of area times sign counts for: head and neck, upper limbs, trunk, lower limbs (age 8 and over)."""
AREA_BORDERS = np.array([10, 100, 300, 500, 700, 900], dtype=np.int64)
"""Tenths of a percent of a region from which the area score is 1, 2, … 6; anything less than 1 % still counts as 1 if it bears signs."""
MOST = 12
"""Four signs of at most 3 points."""


def items(total: Ints, bsa: Ints, spread: Ints, face: Flags, draws: Draws) -> tuple[Ints, Ints]:
    """Areas and signs whose weighted sum is the total.

    Args:
        total: EASI in tenths.
        bsa: affected body surface in tenths of a percent.
        spread: percent of the mean involvement each region of the subject has, by assessment and region.
        face: whether the face is involved.
        draws: where the draws come from.

    Returns:
        Area scores by assessment and region (0 to 6), signs by assessment, region and sign (0 to 3).
    """
    area = _areas(total, bsa, spread)
    sums = _sums(total, area, face, draws)
    area[:, 0], sums[:, 0] = _head(total, area, sums)
    bad = (area * sums * WEIGHTS).sum(axis=1) != total
    for value in np.unique(total[bad]).tolist():  # the few that the head cannot complete
        here = bad & (total == value)
        area[here], sums[here] = _even(value)
    area[sums == 0] = 0
    return area, _signs(sums, draws)


def _areas(total: Ints, bsa: Ints, spread: Ints) -> Ints:
    area = np.searchsorted(AREA_BORDERS, bsa[:, None] * spread // 100, side="right")
    area[:, 0] = 1
    for _ in range(6):  # room for the total, signs not all at their most
        tight = (area[:, 1:] * WEIGHTS[1:]).sum(axis=1) * MOST * 3 // 4 < total - MOST
        area[:, 1:] += tight[:, None] & (area[:, 1:] < 6)
    for region in (3, 2, 1) * 6:  # and no region whose least would be too much
        much = (area[:, 1:] * WEIGHTS[1:]).sum(axis=1) > total
        area[:, region] -= much & (area[:, region] > 0)
    return area


def _sums(total: Ints, area: Ints, face: Flags, draws: Draws) -> Ints:
    """The four signs of each region added; the head takes what remains."""
    weight = area * WEIGHTS
    mean = total * 100 // np.maximum(weight.sum(axis=1), 1)
    sums = np.clip(mean[:, None] * (80 + draws.below(41, area.shape)) // 10_000, 1, MOST)
    sums = np.where(area > 0, sums, 0)
    wish = np.where(face, np.minimum(mean // 100 + 1, 6), np.where(draws.below(100, len(total)) < 65, 0, 2))
    wish = np.minimum(wish, total)
    sums[:, 0] = 0
    rest = total - (sums * weight).sum(axis=1)
    for turn, region in enumerate((3, 2, 1) * MOST):
        step = weight[:, region]
        goal = wish if turn < 2 * MOST else 0 * wish  # a wish that no steps meet is dropped in the end
        less = (rest < goal) & (sums[:, region] > 1)
        more = (rest - step >= np.where(rest > MOST, 0, goal)) & (rest > MOST // 2) & (sums[:, region] < MOST) & (step > 0)
        change = more.astype(np.int64) - less
        sums[:, region] += change
        rest -= change * step
    for region in (3, 2, 1):  # the last resort of small totals: a region without disease
        gone = (rest < 0) & (sums[:, region] > 0)
        rest += np.where(gone, sums[:, region] * weight[:, region], 0)
        sums[:, region] = np.where(gone, 0, sums[:, region])
    return sums


def _head(total: Ints, area: Ints, sums: Ints) -> tuple[Ints, Ints]:
    """Area and signs of the head: the smallest area that divides what remains."""
    rest = total - (sums[:, 1:] * area[:, 1:] * WEIGHTS[1:]).sum(axis=1)
    size = _size(rest)
    return size, rest // np.maximum(size, 1)


def _even(total: int) -> tuple[Ints, Ints]:
    """Areas and sums with the same area everywhere but on the head.

    Raises:
        DerivationError: there is no such total.
    """
    for area in range(1, 7):
        each = min(MOST, total // (9 * area))
        upper = min(MOST, (total - 7 * area * each) // (2 * area))
        rest = total - 7 * area * each - 2 * area * upper
        if rest <= MOST:
            return np.array([1, area, area, area]), np.array([rest, upper, each, each])
    raise DerivationError(f"no EASI items add up to {total} tenths")


def _size(rest: Ints) -> Ints:
    """The smallest area score of the head that gives `rest`; 0 if none does."""
    size = np.zeros(len(rest), dtype=np.int64)
    for a in range(6, 0, -1):
        size = np.where((rest % a == 0) & (rest // a <= MOST) & (rest > 0), a, size)
    return size


def _signs(sums: Ints, draws: Draws) -> Ints:
    """A sum as four signs of nearly the same severity, the stronger ones turned by subject."""
    first = draws.below(4, sums.shape)
    place = (np.arange(4) - first[:, :, None]) % 4
    return np.asarray(sums[:, :, None] // 4 + (place < (sums % 4)[:, :, None]), dtype=np.int64)
