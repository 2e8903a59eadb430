"""The items of a weighted index that add up to its total: areas and signs of regions, as a clinician scores them.

The index is the sum over the regions of the weight, times the score of the area, times the sum of the signs, in tenths. The first region has
weight 1 and gets what the other regions leave of the total.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from adam.core.errors import DerivationError
from adam.simulation.calendar import Calendar, values_at
from adam.simulation.draws import Draws, Flags, Ints
from adam.simulation.formula import values
from adam.simulation.scope import Scope


class Index:
    """An index of the study, as `assessments: index:` describes it: texts and codes of its items, weights, and the variables it reads."""

    def __init__(self, block: Mapping[str, Any]) -> None:
        self.block = block
        self.code, self.label, self.category, self.area = (str(block[key]) for key in ("code", "label", "category", "area_sign"))
        self.not_done_code = str(block["not_done_code"])
        self.regions, self.signs, self.sign_terms, self.area_terms = (
            tuple(str(term) for term in block[key]) for key in ("regions", "signs", "sign_terms", "area_terms")
        )
        self.weights = np.array([int(weight) for weight in block["weights"]], dtype=np.int64)
        self.borders = np.array([int(border) for border in block["area_borders"]], dtype=np.int64)
        self.highest_area = len(self.area_terms) - 1
        self.most = len(self.signs) * (len(self.sign_terms) - 1)
        self.others = tuple(range(len(self.regions) - 1, 0, -1))

    def values(self, scope: Scope, calendar: Calendar, full: Flags) -> Ints:
        """All values of the index by visit and test: signs and area of each region, region scores and total in tenths; 0 where not `full`."""
        people, draws = scope.population, scope.draws
        spread = np.stack([int(least) + draws.below(int(width), people.size) for least, width in self.block["spread"]], axis=1)
        subject = calendar.subject[full]
        total, involved = (values_at(calendar, people[str(self.block[key])])[full] for key in ("value", "involved_area"))
        first = values(self.block.get("first_region", "1 == 1"), scope).astype(np.bool_)[subject]
        area, sign = self.items(total, involved, spread[subject], first, draws)
        cells = np.concatenate([sign, area[:, :, None]], axis=2).reshape(len(area), -1)
        region = area * sign.sum(axis=2) * self.weights
        found = np.concatenate([cells, region, region.sum(axis=1)[:, None]], axis=1)
        result = np.zeros((len(full), found.shape[1]), dtype=np.int64)
        result[np.flatnonzero(full)] = found
        return result

    def items(self, total: Ints, involved: Ints, spread: Ints, first: Flags, draws: Draws) -> tuple[Ints, Ints]:
        """Areas and signs whose weighted sum is the total.

        Args:
            total: the index in tenths.
            involved: the involved area in tenths of a percent.
            spread: percent of the mean involvement each region of the subject has, by assessment and region.
            first: whether the first region is involved.
            draws: the stream to draw from.

        Returns:
            Area scores by assessment and region, signs by assessment, region and sign.
        """
        area = self._areas(total, involved, spread)
        sums = self._sums(total, area, first, draws)
        area[:, 0], sums[:, 0] = self._first(total, area, sums)
        different = (area * sums * self.weights).sum(axis=1) != total
        for value in np.unique(total[different]).tolist():  # the few totals that the first region cannot complete
            here = different & (total == value)
            area[here], sums[here] = self._even(value)
        area[sums == 0] = 0
        return area, self._signs(sums, draws)

    def _areas(self, total: Ints, involved: Ints, spread: Ints) -> Ints:
        """Area scores by the borders of involvement; less than the lowest border is 1 if there are signs."""
        area = np.searchsorted(self.borders, involved[:, None] * spread // 100, side="right")
        area[:, 0] = 1
        for _ in range(self.highest_area):  # large enough for the total without the highest signs
            tight = (area[:, 1:] * self.weights[1:]).sum(axis=1) * self.most * 3 // 4 < total - self.most
            area[:, 1:] += tight[:, None] & (area[:, 1:] < self.highest_area)
        for region in self.others * self.highest_area:  # small enough for the lowest signs
            much = (area[:, 1:] * self.weights[1:]).sum(axis=1) > total
            area[:, region] -= much & (area[:, region] > 0)
        return area

    def _sums(self, total: Ints, area: Ints, first: Flags, draws: Draws) -> Ints:
        """The sum of the signs of each region; the first region gets what remains."""
        most, weight = self.most, area * self.weights
        mean = total * 100 // np.maximum(weight.sum(axis=1), 1)
        sums = np.clip(mean[:, None] * (80 + draws.below(41, area.shape)) // 10_000, 1, most)
        sums = np.where(area > 0, sums, 0)
        never, rarely = (int(number) for number in self.block.get("first_region_spared", [65, 2]))
        goal = np.where(first, np.minimum(mean // 100 + 1, most // 2), np.where(draws.below(100, len(total)) < never, 0, rarely))
        goal = np.minimum(goal, total)
        sums[:, 0] = 0
        rest = total - (sums * weight).sum(axis=1)
        for turn, region in enumerate(self.others * most):
            step = weight[:, region]
            target = goal if turn < 2 * most else 0 * goal  # at the end the goal is dropped if no step reaches it
            less = (rest < target) & (sums[:, region] > 1)
            more = (rest - step >= np.where(rest > most, 0, target)) & (rest > most // 2) & (sums[:, region] < most) & (step > 0)
            change = more.astype(np.int64) - less
            sums[:, region] += change
            rest -= change * step
        for region in self.others:  # small totals: a region without disease
            gone = (rest < 0) & (sums[:, region] > 0)
            rest += np.where(gone, sums[:, region] * weight[:, region], 0)
            sums[:, region] = np.where(gone, 0, sums[:, region])
        return sums

    def _first(self, total: Ints, area: Ints, sums: Ints) -> tuple[Ints, Ints]:
        """Area and signs of the first region: the smallest area that divides what remains; 0 if none does."""
        rest = total - (sums[:, 1:] * area[:, 1:] * self.weights[1:]).sum(axis=1)
        size = np.zeros(len(rest), dtype=np.int64)
        for a in range(self.highest_area, 0, -1):
            size = np.where((rest % a == 0) & (rest // a <= self.most) & (rest > 0), a, size)
        return size, rest // np.maximum(size, 1)

    def _even(self, total: int) -> tuple[Ints, Ints]:
        """Areas and sums with the same area in all regions but the first.

        Raises:
            DerivationError: no items have this total.
        """
        all_others, later, second = int(self.weights[1:].sum()), int(self.weights[2:].sum()), int(self.weights[1:2].sum())
        for area in range(1, self.highest_area + 1):
            each = min(self.most, total // max(all_others * area, 1))
            upper = min(self.most, (total - later * area * each) // max(second * area, 1))
            rest = total - later * area * each - second * area * upper
            if rest <= self.most:
                count = len(self.regions)
                return np.array([1, *[area] * (count - 1)]), np.array([rest, upper, *[each] * count][:count])
        raise DerivationError(f"No items of {self.category} add up to {total} tenths. Correct the tables of the index in 'simulation:'.")

    def _signs(self, sums: Ints, draws: Draws) -> Ints:
        """Each sum as signs of nearly equal severity; which sign is stronger differs by subject."""
        count = len(self.signs)
        first = draws.below(count, sums.shape)
        place = (np.arange(count) - first[:, :, None]) % count
        return np.asarray(sums[:, :, None] // count + (place < (sums % count)[:, :, None]), dtype=np.int64)
