"""The cells of a table of the study facts: which entry of the table applies to which subjects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from adam.simulation.draws import Flags, Ints
from adam.simulation.formula import values
from adam.simulation.population import Array
from adam.simulation.scope import Scope

EACH = "each "
"""How a formula of `by` begins that repeats the same table for every value."""


@dataclass(frozen=True)
class Cells:
    """For each subject the number of its cell, -1 for none; and the entry of the table for each number."""

    number: Ints
    entries: dict[int, Any]


@dataclass(frozen=True)
class _Level:
    """One formula of `by` with its value for each subject."""

    text: str
    found: Array
    repeated: bool


def groups(scope: Scope, by: object, where: Flags) -> Cells:
    """The subjects `where` in groups with the same values of the formulas `by`, in the order of the values."""
    texts = [f"{EACH}{text}" for text in as_list(by)]
    return _cells(scope, None, _levels(scope, texts), where)


def table_cells(scope: Scope, how: Mapping[str, Any], kind: str, where: Flags) -> Cells:
    """The cells of the table a step names under `kind`. `by` has one formula for each level of the table: the place in its list, from 0.

    Raises:
        SpecError: a subject has no entry in the table.
    """
    return _cells(scope, scope.facts.get(str(how[kind])), _levels(scope, as_list(how.get("by", []))), where)


def numbers(scope: Scope, how: Mapping[str, Any], kind: str, where: Flags, count: int | None = None) -> tuple[Ints, dict[int, list[int]]]:
    """The cells of a table whose entries are lists of whole numbers, `count` of them if given.

    Raises:
        SpecError: an entry is something else.
    """
    cells = table_cells(scope, how, kind, where)
    for entry in cells.entries.values():
        whole = isinstance(entry, list) and all(isinstance(number, int) for number in entry)
        if not whole or (count is not None and len(entry) != count):
            expected = "a list of whole numbers" if count is None else f"a list of {count} whole numbers"
            message = f"'{how[kind]}' must give {expected} for each cell of 'by'; it gives {entry!r}. 'by' needs one formula for each level."
            scope.facts.fail(how[kind], message, "spec-wrong-type")
    return cells.number, {key: [int(number) for number in entry] for key, entry in cells.entries.items()}


def as_list(value: object) -> list[object]:
    """A list as it is, anything else as a list of one."""
    return list(value) if isinstance(value, list) else [value]


def _levels(scope: Scope, texts: list[Any]) -> list[_Level]:
    return [_Level(str(text), values(str(text).removeprefix(EACH), scope), str(text).startswith(EACH)) for text in texts]


def _cells(scope: Scope, table: object, levels: list[_Level], where: Flags) -> Cells:
    number = np.full(scope.shape, -1, dtype=np.int64)
    entries: dict[int, Any] = {}
    for mask, entry in _walk(scope, table, levels, where):
        number[mask] = len(entries)
        entries[len(entries)] = entry
    return Cells(number, entries)


def _walk(scope: Scope, table: Any, levels: list[_Level], mask: Flags) -> Iterator[tuple[Flags, Any]]:  # noqa: ANN401
    if not mask.any():
        return
    if not levels:
        yield mask, table
        return
    level, *further = levels
    for value, entry in _entries(scope, table, level, mask):
        yield from _walk(scope, entry, further, mask & (level.found == value))


def _entries(scope: Scope, table: Any, level: _Level, mask: Flags) -> list[tuple[int, Any]]:  # noqa: ANN401
    """The values of a level with what is below them in the table."""
    present = np.unique(level.found[mask]).tolist()
    if level.repeated:
        return [(value, table) for value in present]
    entries = list(table.values()) if isinstance(table, Mapping) else table
    if not isinstance(entries, list):
        scope.facts.fail(table, f"The table has fewer levels than 'by' has formulas: there is no level for '{level.text}'.", "spec-wrong-type")
    outside = [int(value) for value in present if not 0 <= value < len(entries)]
    if outside:
        message = f"'{level.text}' is {outside[0]} for some subjects, but the table has places 0 to {len(entries) - 1}. Limit the step with 'where'."
        scope.facts.fail(table, message, "spec-wrong-value")
    return list(enumerate(entries))
