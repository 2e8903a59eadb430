"""The facts of a study that a simulation draws from: the `simulation:` section of its YAML, read with clear errors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

from adam.core.errors import Problem, SpecError, suggestion
from adam.core.located import mark_of
from adam.simulation.section import sections
from adam.specification.study import Study


class TrialFacts:
    """The facts of a study by dotted name: `visits.names` is the entry `names` of the section `visits`."""

    def __init__(self, study: Study) -> None:
        if not study.simulation:
            message = "The study has no 'simulation:' section, so there is nothing to simulate from. Add one, as docs/simulation.md shows."
            raise SpecError([Problem(mark_of(study.simulation), "", message, "spec-missing-key")])
        self.tree = sections(study.simulation)
        self.arms: list[str] = self.texts("arms")
        self.studies: list[str] = self.texts("studies")
        self.visits: list[str] = self.texts("visits.names")

    def get(self, name: str) -> Any:  # noqa: ANN401  (facts can be anything)
        """The fact with this name.

        Raises:
            SpecError: there is no such fact.
        """
        value: Any = self.tree
        for part in name.split("."):
            if not isinstance(value, Mapping):
                self.fail(value, f"'simulation:' has no '{name}': '{part}' is looked for in {value!r}. Make this a block with it.", "spec-wrong-type")
            value = value[part]
        return value

    def optional(self, name: str, default: Any = None) -> Any:  # noqa: ANN401
        """The fact with this name, or `default` if the study does not have it."""
        value: Any = self.tree
        for part in name.split("."):
            if not isinstance(value, Mapping) or part not in value:
                return default
            value = value[part]
        return value

    def integer(self, name: str) -> int:
        """A fact that is a whole number.

        Raises:
            SpecError: it is something else.
        """
        value = self.get(name)
        if not isinstance(value, int):
            self.fail(value, f"'simulation: {name}' must be a whole number, such as 12; it is {value!r}.", "spec-wrong-type")
        return int(value)

    def texts(self, name: str) -> list[str]:
        """A list of texts, or the keys of a mapping.

        Raises:
            SpecError: it is neither.
        """
        value = self.get(name)
        if not isinstance(value, list | Mapping):
            self.fail(value, f"'simulation: {name}' must be a list of texts; it is {value!r}.", "spec-wrong-type")
        return [str(entry) for entry in value]

    def position(self, term: object, name: str) -> int:
        """The place of a term in a list of texts, or among the keys of a mapping, from 0.

        Raises:
            SpecError: the list does not have it.
        """
        known = self.texts(name)
        if str(term) not in known:
            message = f"'{term}' is not in 'simulation: {name}:'{suggestion(str(term), known)}. Correct it, or add it to the list."
            self.fail(term, message, "spec-unknown-term")
        return known.index(str(term))

    def visit(self, name: str, mark_from: object = None) -> int:
        """The place of a visit in `visits.names`, from 0.

        Raises:
            SpecError: the study has no such visit.
        """
        if name not in self.visits:
            message = f"'{name}' is not a visit of the study{suggestion(name, self.visits)}. 'simulation: visits: names:' lists the visits."
            self.fail(mark_from or name, message, "spec-unknown-term")
        return self.visits.index(name)

    def places(self, visits: object) -> list[int]:
        """The places of visits: `all`, one name, a list of names, or a range `{from: FIRST, to: LAST}`."""
        if visits == "all":
            return list(range(len(self.visits)))
        if isinstance(visits, Mapping):
            first, last = (self.visit(str(visits.get(key, "")), visits) for key in ("from", "to"))
            return list(range(first, last + 1))
        names = visits if isinstance(visits, list) else [visits]
        return [self.visit(str(name), visits) for name in names]

    def fail(self, value: object, message: str, code: str) -> NoReturn:
        """Report an error of the facts at the place of `value`."""
        raise SpecError([Problem(mark_of(value), "simulation", message, code)])
