"""Blocks of the study facts: a missing key is a specification error with its place and cure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

from adam.core.errors import Problem, SpecError, suggestion
from adam.core.located import LocatedList, LocatedMap, mark_of


class Section(LocatedMap):
    """A block of the facts; `path` is its name below `simulation:`."""

    path: str = ""

    def __missing__(self, key: str) -> NoReturn:
        name = f"{self.path}.{key}".removeprefix(".")
        message = f"'simulation:' has no '{name}'{suggestion(str(key), map(str, self))}. Add it there."
        raise SpecError([Problem(mark_of(self), "simulation", message, "spec-missing-key")])


def sections(value: Any, path: str = "") -> Any:  # noqa: ANN401  (facts can be anything)
    """The same facts with a `Section` for each block."""
    if isinstance(value, Mapping):
        block = Section({key: sections(entry, f"{path}.{key}".removeprefix(".")) for key, entry in value.items()})
        block.mark, block.path = mark_of(value), path
        return block
    if isinstance(value, list):
        entries = LocatedList(sections(entry, path) for entry in value)
        entries.mark = mark_of(value)
        return entries
    return value
