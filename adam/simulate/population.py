"""The simulated subjects: variables by subject, and by subject and visit."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from adam.simulate.columns import BLANK
from adam.simulate.draws import Flags, Ints

Array = npt.NDArray[Any]


class Population:
    """Variables by name: arrays by subject, or by subject and visit. Texts are not kept here, but their places in a list of terms."""

    def __init__(self, size: int, visits: int, values: dict[str, Array] | None = None) -> None:
        self.size, self.visits = size, visits
        self.values: dict[str, Array] = values or {}

    def __getitem__(self, name: str) -> Array:
        return self.values[name]

    def __setitem__(self, name: str, value: Array) -> None:
        self.values[name] = value

    def integers(self, name: str) -> Ints:
        """A variable as whole numbers; BLANK where no step of the study gives one."""
        return np.asarray(self.values.get(name, np.full(self.size, BLANK)), dtype=np.int64)

    def flags(self, name: str) -> Flags:
        """A variable as truth values; false where no step of the study gives one."""
        return np.asarray(self.values.get(name, np.zeros(self.size)), dtype=np.bool_)

    def by_visit(self, name: str) -> Array | None:
        """The variable, if it is one by subject and visit."""
        found = self.values.get(name)
        return found if found is not None and found.ndim == 2 else None

    def ordered(self, order: Ints) -> Population:
        """The same subjects in another order, or some of them."""
        return Population(len(order), self.visits, {name: value[order] for name, value in self.values.items()})

    def update(self, rows: Ints, part: Population) -> None:
        """Take over what has become of the subjects in `rows`."""
        for name, value in part.values.items():
            if name not in self.values or self.values[name].ndim != value.ndim:
                blank = False if value.dtype == np.bool_ else BLANK
                self.values[name] = np.full((self.size, *value.shape[1:]), blank, dtype=value.dtype)
            elif self.values[name].dtype != value.dtype:
                self.values[name] = self.values[name].astype(np.int64)
            else:
                self.values[name] = self.values[name].copy()
            self.values[name][rows] = value
