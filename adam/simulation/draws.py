"""Random draws in whole numbers only, so that a seed gives the same study on any machine.

Every number comes from `Generator(PCG64).integers`; no float, whose last bit may differ between machines, decides anything. One set of facts
serves two modes: by default a table of counts is a set of frequencies to draw from; with `exact` it is the counts themselves, apportioned by
largest remainder where a cell has another size. A draw decides *how many* records of a cell get a level; *which* of them get it follows a score,
so that variables are correlated.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from zlib import crc32

import numpy as np
import numpy.typing as npt

from adam.core.errors import DerivationError

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Weights = Sequence[int]

MILLION = 1_000_000
FOREMOST = 10**12
"""A bonus that puts a record before all others, whatever their scores."""


def apportion(weights: Weights, total: int) -> Ints:
    """`total` apportioned by `weights` in whole numbers; the largest remainders are rounded up.

    >>> apportion([250, 500, 499], 10).tolist()
    [2, 4, 4]
    """
    parts = np.asarray(weights, dtype=np.int64)
    whole = int(parts.sum())
    if whole <= 0:
        raise DerivationError(f"The weights must have a sum above 0; they are {list(weights)}. Correct them in 'simulation:'.")
    shares = parts * total // whole
    remainder = parts * total % whole
    first = np.argsort(-remainder, kind="stable")[: total - int(shares.sum())]
    shares[first] += 1
    return shares


def knots(table: Mapping[str, float], unit: int = 1) -> tuple[Ints, Ints]:
    """A table of quantiles (`{permille: value}`) as two arrays: parts per million, and values in `unit`ths."""
    at = np.array([round(float(key) * 1000) for key in table], dtype=np.int64)
    values = np.array([round(float(value) * unit) for value in table.values()], dtype=np.int64)
    if len(at) < 2 or at[0] != 0 or at[-1] != MILLION or np.any(np.diff(at) <= 0):
        raise DerivationError(f"The keys of a table of quantiles must rise from 0 to 1000; the table is {dict(table)}. Correct it in 'simulation:'.")
    return at, values


def quantile(points: Ints, at: Ints, values: Ints) -> Ints:
    """The values at `points` (parts per million) of a table of quantiles, interpolated in whole numbers."""
    i = np.clip(np.searchsorted(at, points, side="right") - 1, 0, len(at) - 2)
    width = at[i + 1] - at[i]
    return np.asarray(values[i] + ((points - at[i]) * (values[i + 1] - values[i]) * 2 + width) // (2 * width), dtype=np.int64)


class Draws:
    """A stream of draws. With `exact` counts are apportioned where the default mode draws them."""

    def __init__(self, seed: int, exact: bool, key: tuple[int, ...] = ()) -> None:
        self.seed, self.exact, self.key = seed, exact, key
        self.generator = np.random.Generator(np.random.PCG64(np.random.SeedSequence(entropy=seed, spawn_key=key)))

    def stream(self, name: str) -> Draws:
        """Another stream of the same seed; the draws of one stream do not change those of another."""
        return Draws(self.seed, self.exact, (*self.key, crc32(name.encode()), 0))

    def below(self, bound: int | Ints, size: int | tuple[int, ...] | None = None) -> Ints:
        """Whole numbers from 0 to `bound` - 1."""
        return np.asarray(self.generator.integers(0, bound, size=size), dtype=np.int64)

    def noise(self, size: int | tuple[int, ...]) -> Ints:
        """Whole numbers from 0 to 999999: parts per million."""
        return self.below(MILLION, size)

    def happens(self, permille: int | Ints, size: int | tuple[int, ...]) -> Flags:
        """True with a probability in permille, each independently; never apportioned."""
        return np.asarray(self.below(1000, size) < permille, dtype=np.bool_)

    def pick(self, weights: Weights, size: int | tuple[int, ...]) -> Ints:
        """Positions in `weights`, each drawn independently with its frequency; never apportioned."""
        edges = np.cumsum(np.asarray(weights, dtype=np.int64))
        return np.asarray(np.searchsorted(edges, self.below(int(edges[-1]), size), side="right"), dtype=np.int64)

    def counts(self, weights: Weights, total: int) -> Ints:
        """How many of `total` records get each level: apportioned if `exact`, else drawn."""
        if self.exact or total == 0:
            return apportion(weights, total)
        return np.bincount(self.pick(weights, total), minlength=len(weights)).astype(np.int64)

    def levels(self, cell: Sequence[Hashable] | npt.NDArray[np.generic], tables: Mapping[int, Weights], score: Ints) -> Ints:
        """A level for every record: in each cell the first levels go to the highest scores."""
        cells = np.asarray(cell)
        result = np.zeros(len(cells), dtype=np.int64)
        for value, weights in tables.items():
            inside = np.flatnonzero(cells == value)
            best = inside[np.argsort(-score[inside], kind="stable")]
            result[best] = np.repeat(np.arange(len(weights)), self.counts(weights, len(inside)))
        return result

    def share(self, cell: npt.NDArray[np.generic], shares: Mapping[int, Weights], score: Ints, among: Flags | None = None) -> Flags:
        """Flags for a share (`part, whole`) of each cell: the records with the highest scores `among` those that can have it.

        Raises:
            DerivationError: with `exact`, a cell has the size of the share and too few records that can have it.
        """
        result = np.zeros(len(cell), dtype=np.bool_)
        may = np.ones(len(cell), dtype=np.bool_) if among is None else among
        for value, (part, whole) in shares.items():
            here = cell == value
            inside = np.flatnonzero(here & may)
            size = int(here.sum())
            expected = int(self.counts([part, whole - part], size)[0])
            if self.exact and size == whole and expected > len(inside):
                raise DerivationError(f"A share must have {expected} of {whole} records, but only {len(inside)} can have it. Correct its step.")
            best = inside[np.argsort(-score[inside], kind="stable")]
            result[best[:expected]] = True
        return result

    def values(self, cell: npt.NDArray[np.generic], tables: Mapping[int, tuple[Ints, Ints]], score: Ints) -> Ints:
        """A value for every record from its cell's table of quantiles; the highest scores get the highest values.

        With `exact` the quantiles are evenly spread from the lowest to the highest, so that every draw has the mean and the median of the table.
        """
        result = np.zeros(len(cell), dtype=np.int64)
        for value, (at, table) in tables.items():
            inside = np.flatnonzero(cell == value)
            n = len(inside)
            points = np.arange(n, dtype=np.int64) * MILLION // max(n - 1, 1) if self.exact else np.sort(self.noise(n))
            result[inside[np.argsort(score[inside], kind="stable")]] = quantile(points, at, table)
        return result
