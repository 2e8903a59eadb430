"""What the names in a formula refer to: variables of the subjects, of their visits or of records, and facts of the study."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from adam.simulation.draws import FOREMOST, MILLION, Draws, Ints
from adam.simulation.population import Array, Population
from adam.simulation.trial_facts import TrialFacts

CONSTANTS = {"million": MILLION, "foremost": FOREMOST}
"""Named numbers: one million, and a bonus that puts a subject before all others."""


@dataclass(frozen=True)
class Scope:
    """The context of a formula: each subject; with `columns`, each subject at these visits; with `column`, one visit of a loop.

    `local` has the variables of records; `subject` and `visit` among them connect each record with its subject and visit.
    """

    facts: TrialFacts
    draws: Draws
    population: Population
    columns: tuple[int, ...] | None = None
    column: int | None = None
    step: int = 0
    local: Mapping[str, Any] = field(default_factory=dict)

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the values of a formula."""
        if "subject" in self.local:
            return (len(self.local["subject"]),)
        return (self.population.size,) if self.columns is None else (self.population.size, len(self.columns))

    def over(self, places: list[int]) -> Scope:
        """The same subjects, for each of these visits at once."""
        return replace(self, columns=tuple(places), column=None)

    def inside(self, column: int, step: int) -> Scope:
        """The same subjects at one visit of a loop."""
        return replace(self, columns=None, column=column, step=step)

    def among(self, part: Population) -> Scope:
        """The same context for other subjects."""
        return replace(self, population=part)

    def variable(self, name: str) -> object:
        """The variable with this name, in a shape for this context; None if there is none."""
        if name in self.local:
            return self.local[name]
        if name in CONSTANTS:
            return CONSTANTS[name]
        if name in ("visit", "step"):
            return self._place(name)
        value = self.population.values.get(name)
        return None if value is None else self._in_shape(value)

    def at(self, name: str, visits: Any) -> object:  # noqa: ANN401  (a place or places)
        """The variable by visit with this name at other visits; None if there is none."""
        table = self.population.by_visit(name)
        if table is None:
            return None
        if "subject" in self.local:
            return table[self.local["subject"], visits]
        if isinstance(visits, np.ndarray) and self.columns is not None:
            return np.take_along_axis(table, np.broadcast_to(visits, self.shape), axis=1)
        rows = np.arange(self.population.size)
        column = table[rows, visits]
        return column if self.columns is None else column[:, None]

    def _place(self, name: str) -> int | Ints | None:
        if self.columns is not None:
            places = self.columns if name == "visit" else range(len(self.columns))
            return np.array([places], dtype=np.int64)
        return None if self.column is None else self.column if name == "visit" else self.step

    def _in_shape(self, value: Array) -> Array | None:
        if "subject" in self.local:
            return value[self.local["subject"]] if value.ndim == 1 else value[self.local["subject"], self.local["visit"]]
        if value.ndim == 1:
            return value if self.columns is None else value[:, None]
        if self.columns is not None:
            return value[:, list(self.columns)]
        return None if self.column is None else value[:, self.column]
