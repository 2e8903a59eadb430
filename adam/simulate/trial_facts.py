"""The study facts a simulation is made from: the `simulation:` section of a study, read with clear errors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from adam.core.errors import Problem, SpecError, suggestion
from adam.simulate.draws import Ints, Weights, knots
from adam.specification.located import mark_of
from adam.specification.study import Study

NOT_SUCCESS, SUCCESS, UNSEEN = 1, 0, 2
"""Categories of Week 8: IGA treatment success, observed without it, not observed."""


class TrialFacts:
    """Study facts by dotted name. Lists by arm stand in the order of `arms:`, lists by study in the order of `studies:`."""

    def __init__(self, study: Study) -> None:
        self.study, self.tree = study, study.simulation
        if not self.tree:
            raise SpecError([Problem(mark_of(study.simulation), "", "the study has no 'simulation:' section to simulate from", "spec-missing-key")])
        self.arms: list[str] = [str(arm) for arm in self.get("arms")]
        self.studies: list[str] = [str(name) for name in self.get("studies")]

    def get(self, name: str) -> Any:  # noqa: ANN401  (facts can be anything)
        """The fact with this name; `a.b` is key (or place, from 0, of list) `b` of `a`.

        Raises:
            SpecError: there is no such fact.
        """
        value: Any = self.tree
        for part in name.split("."):
            if isinstance(value, list) and part.isdecimal() and int(part) < len(value):
                value = value[int(part)]
                continue
            if not isinstance(value, Mapping) or part not in value:
                known = list(value) if isinstance(value, Mapping) else []
                message = f"simulation has no '{name}'{suggestion(part, known)}"
                raise SpecError([Problem(mark_of(value), "simulation", message, "spec-missing-key")])
            value = value[part]
        return value

    def whole(self, name: str) -> int:
        """A fact that is a whole number."""
        value = self.get(name)
        if not isinstance(value, int):
            message = f"'{name}' wants a whole number, not {value!r}"
            raise SpecError([Problem(mark_of(value), "simulation", message, "spec-wrong-type")])
        return int(value)

    def by_arm(self, name: str) -> dict[int, Weights]:
        """A list of weights for each arm."""
        return dict(enumerate([[int(n) for n in weights] for weights in self.get(name)]))

    def by_study_arm(self, name: str) -> dict[int, Weights]:
        """A list of weights for each study and arm; the cell is `study * 10 + arm`."""
        rows = self.get(name)
        return {s * 10 + a: [int(n) for n in weights] for s, study in enumerate(self.studies) for a, weights in enumerate(rows[study])}

    def table(self, name: str, unit: int = 1) -> tuple[Ints, Ints]:
        """A table of quantiles, values in `unit`ths."""
        return knots(self.get(name), unit)

    def column(self, name: str) -> Ints:
        """A list of whole numbers."""
        return np.array([int(value) for value in self.get(name)], dtype=np.int64)
