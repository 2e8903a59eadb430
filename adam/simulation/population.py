"""The simulated subjects: variables by subject, and by subject and visit."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from adam.core.errors import NOWHERE, Problem, SpecError, suggestion
from adam.simulation.columns import BLANK
from adam.simulation.draws import Ints

Array = npt.NDArray[Any]


class Population:
    """Variables by name: arrays by subject, or by subject and visit. A text is its place in a list of terms."""

    def __init__(self, size: int, visits: int, values: dict[str, Array] | None = None) -> None:
        self.size, self.visits = size, visits
        self.values: dict[str, Array] = values or {}

    def __getitem__(self, name: str) -> Array:
        if name not in self.values:
            message = f"No step gives '{name}', which the simulation needs{suggestion(name, self.values)}. Add it under 'simulation: steps:'."
            raise SpecError([Problem(NOWHERE, "simulation", message, "spec-unknown-variable")])
        return self.values[name]

    def __setitem__(self, name: str, value: Array) -> None:
        self.values[name] = value

    def by_visit(self, name: str) -> Array | None:
        """The variable if it has a value for each visit, else None."""
        found = self.values.get(name)
        return found if found is not None and found.ndim == 2 else None

    def take(self, order: Ints) -> Population:
        """The same subjects in another order, or some of them."""
        return Population(len(order), self.visits, {name: value[order] for name, value in self.values.items()})

    def update(self, rows: Ints, part: Population) -> None:
        """Replace the variables of the subjects in `rows` by those of `part`."""
        for name, value in part.values.items():
            if name not in self.values or self.values[name].ndim != value.ndim:
                blank = False if value.dtype == np.bool_ else BLANK
                self.values[name] = np.full((self.size, *value.shape[1:]), blank, dtype=value.dtype)
            elif self.values[name].dtype != value.dtype:
                self.values[name] = self.values[name].astype(np.int64)
            else:
                self.values[name] = self.values[name].copy()
            self.values[name][rows] = value
