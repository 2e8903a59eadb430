"""Random draws made of whole numbers only, so that a seed gives the same study on any machine.

Every number comes from `Generator(PCG64).integers`; nothing is decided by a float whose last bit may differ. One set of facts serves two modes:
a table of counts is a set of frequencies to draw from, or, with `exact`, the counts themselves (shared out by largest remainder where a cell
has another size). What is drawn is *how many* records of a cell get which level; *which* of them get it follows a score, so that
variables move together.
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
LAST = 10**12
"""A score bonus that puts a record first (or, taken away, last) whatever else counts."""


def apportion(weights: Weights, total: int) -> Ints:
    """`total` shared out by `weights`, whole numbers only; the largest remainders are rounded up.

    >>> apportion([250, 500, 499], 10).tolist()
    [2, 4, 4]
    """
    parts = np.asarray(weights, dtype=np.int64)
    whole = int(parts.sum())
    if whole <= 0:
        raise DerivationError(f"nothing can be shared out by the weights {list(weights)}")
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
        raise DerivationError(f"a table of quantiles wants rising keys from 0 to 1000: {dict(table)}")
    return at, values


def quantile(points: Ints, at: Ints, values: Ints) -> Ints:
    """The values at `points` (parts per million) of a table of quantiles, interpolated in whole numbers."""
    i = np.clip(np.searchsorted(at, points, side="right") - 1, 0, len(at) - 2)
    width = at[i + 1] - at[i]
    return np.asarray(values[i] + ((points - at[i]) * (values[i + 1] - values[i]) * 2 + width) // (2 * width), dtype=np.int64)


class Draws:
    """A stream of draws. `exact` shares counts out where the default mode draws them."""

    def __init__(self, seed: int, exact: bool, key: tuple[int, ...] = ()) -> None:
        self.seed, self.exact, self.key = seed, exact, key
        self.generator = np.random.Generator(np.random.PCG64(np.random.SeedSequence(entropy=seed, spawn_key=key)))

    def stream(self, name: str) -> Draws:
        """Another stream of the same seed; what one draws never changes what another gives."""
        return Draws(self.seed, self.exact, (*self.key, crc32(name.encode()), 0))

    def below(self, bound: int | Ints, size: int | tuple[int, ...] | None = None) -> Ints:
        """Whole numbers from 0 to `bound` - 1."""
        return np.asarray(self.generator.integers(0, bound, size=size), dtype=np.int64)

    def noise(self, size: int | tuple[int, ...]) -> Ints:
        """Whole numbers from 0 to 999999: parts per million."""
        return self.below(MILLION, size)

    def happens(self, permille: int | Ints, size: int | tuple[int, ...]) -> Flags:
        """True with a probability given in permille, each on its own; never shared out."""
        return np.asarray(self.below(1000, size) < permille, dtype=np.bool_)

    def pick(self, weights: Weights, size: int | tuple[int, ...]) -> Ints:
        """Positions in `weights`, each drawn on its own with its frequency; never shared out."""
        edges = np.cumsum(np.asarray(weights, dtype=np.int64))
        return np.asarray(np.searchsorted(edges, self.below(int(edges[-1]), size), side="right"), dtype=np.int64)

    def counts(self, weights: Weights, total: int) -> Ints:
        """How many of `total` records get each level: shared out if `exact`, else drawn."""
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

    def taken(self, cell: npt.NDArray[np.generic], shares: Mapping[int, Weights], score: Ints, among: Flags | None = None) -> Flags:
        """The records a share (`part, whole`) of each cell falls on: the highest scores `among` those that may have it.

        Raises:
            DerivationError: `exact`, the cell has the size the share speaks of, and too few records may have it.
        """
        result = np.zeros(len(cell), dtype=np.bool_)
        may = np.ones(len(cell), dtype=np.bool_) if among is None else among
        for value, (part, whole) in shares.items():
            here = cell == value
            inside = np.flatnonzero(here & may)
            size = int(here.sum())
            wanted = int(self.counts([part, whole - part], size)[0])
            if self.exact and size == whole and wanted > len(inside):
                raise DerivationError(f"{wanted} of cell {value} are wanted and only {len(inside)} may have it")
            best = inside[np.argsort(-score[inside], kind="stable")]
            result[best[:wanted]] = True
        return result

    def values(self, cell: npt.NDArray[np.generic], tables: Mapping[int, tuple[Ints, Ints]], score: Ints) -> Ints:
        """A value for every record from its cell's table of quantiles; the highest scores get the highest values.

        With `exact` the quantiles are evenly spread from the lowest to the highest, so that every draw has the table's mean and median.
        """
        result = np.zeros(len(cell), dtype=np.int64)
        for value, (at, table) in tables.items():
            inside = np.flatnonzero(cell == value)
            n = len(inside)
            points = np.arange(n, dtype=np.int64) * MILLION // max(n - 1, 1) if self.exact else np.sort(self.noise(n))
            result[inside[np.argsort(score[inside], kind="stable")]] = quantile(points, at, table)
        return result
