"""How two plans differ: what was added, removed or changed, and every variable that a change reaches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from adam.planning.as_json import PlanJson
from adam.planning.as_text import written
from adam.planning.dependencies import RECORDS, WINDOW, Cell, Dependencies
from adam.planning.values import ResolvedDataset, ResolvedParameter, ResolvedVariable
from adam.planning.values.plan import Plan
from adam.planning.values.record_sets import RecordSet, collected

DATASET = ("class_", "label", "structure", "key", "sort", "subjects", "allow_empty")
PARAMETER = ("label", "number", "category", "category_number", "range", "integer", "codelist", "windowed", "kept")
VARIABLE = ("label", "type", "length", "format", "codelist", "core", "origin", "comment")


Details = Mapping[str, tuple[Any, Any]]
"""For each attribute the old and the new value."""


class Change(StrEnum):
    """What happened to a dataset, a parameter or a variable."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True)
class Entry:
    """One dataset, domain, parameter or variable that differs; `details` has for each attribute the old and the new value."""

    change: Change
    what: str
    name: str
    details: Details = field(default_factory=dict)

    def lines(self) -> Iterator[str]:
        """The entry as text."""
        yield f"{self.change} {self.what} {self.name}"
        for key, (old, new) in self.details.items():
            yield f"    {key}: {_shown(old)} → {_shown(new)}"


@dataclass(frozen=True)
class Difference:
    """The entries that differ, and the variables that read them, directly or through others."""

    entries: tuple[Entry, ...]
    reached: tuple[str, ...]

    def lines(self) -> Iterator[str]:
        """The difference as text."""
        if not self.entries:
            yield "The plans are the same."
            return
        for entry in self.entries:
            yield from entry.lines()
        yield f"{len(self.reached)} other variables read what differs{':' if self.reached else '.'}"
        yield from (f"    {name}" for name in self.reached)

    def as_json(self) -> dict[str, Any]:
        """The difference for programs."""
        entries = [
            {
                "change": str(entry.change),
                "what": entry.what,
                "name": entry.name,
                "details": {key: {"old": old, "new": new} for key, (old, new) in entry.details.items()},
            }
            for entry in self.entries
        ]
        return {"differences": entries, "reached": list(self.reached)}


def difference(old: Plan, new: Plan) -> Difference:
    """How a new plan differs from an old one.

    Args:
        old: the plan as it was.
        new: the plan as it is.
    """
    before, after = _Contents(old), _Contents(new)
    entries = list(_attributes(before, after))
    cells = {cell for cell in {*before.cells, *after.cells} if before.cells.get(cell) != after.cells.get(cell)}
    entries += _bound_differently(before, after, cells, {entry.name for entry in entries})
    return Difference(tuple(entries), tuple(_reached(cells, after)))


class _Contents:
    """What a plan holds, in a form that can be compared."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.dependencies, self.json = plan, Dependencies(plan), PlanJson(plan)
        steps = {id(step): self.json.content(step) for step in self.dependencies.steps.values()}
        self.cells: dict[Cell, Any] = {cell: _without_marks(steps[id(step)]) for cell, step in self.dependencies.steps.items()}
        for name, source in plan.sources.items():
            self.cells[Cell(collected(name), RECORDS)] = {"where": self.json.expression(source.where)}
        for name, layout in plan.layouts.items():
            if layout.windows is not None:
                windows = self.json.windows(layout.windows)
                self.cells |= {cell: {**self.cells[cell], "table": windows} for cell in self.cells if _of_windows(cell, name)}

    def described(self) -> dict[tuple[str, str], dict[str, Any]]:
        """The attributes of every dataset, parameter and variable, by what it is and its name."""
        found: dict[tuple[str, str], dict[str, Any]] = {}
        for name, dataset in self.plan.datasets.items():
            found["dataset", name] = self._values(dataset, DATASET)
            for code, parameter in dataset.parameters.items():
                found["parameter", f"{name}.{code}"] = self._values(parameter, PARAMETER)
            for key, variable in dataset.variables.items():
                formula = written(variable.formula, variable.where)
                found["variable", f"{name}.{key}"] = {**self._values(variable, VARIABLE), "formula": formula}
            for key, variable in dataset.temporary.items():
                found["variable", f"{name}.{key}"] = {"formula": written(variable.formula, variable.where)}
        for name, source in self.plan.study.sources.items():
            if name in self.plan.sources:
                found["source", name] = {"where": str(source.where) if source.where is not None else ""}
                for key, variable in source.variables.items():
                    found["variable", f"{name}.{key}"] = {"formula": written(variable.formula, variable.where)}
        return found

    def _values(self, model: ResolvedDataset | ResolvedParameter | ResolvedVariable, names: Iterable[str]) -> dict[str, Any]:
        return {name.rstrip("_"): self.json.plain(getattr(model, name)) for name in names}


def _of_windows(cell: Cell, dataset: str) -> bool:
    return cell.records.dataset == dataset and cell.variable == WINDOW


def _without_marks(content: Any) -> Any:  # noqa: ANN401  (JSON is anything)
    """A step without the lines of the specification it comes from."""
    if isinstance(content, dict):
        return {key: _without_marks(each) for key, each in content.items() if key != "mark"}
    return [_without_marks(each) for each in content] if isinstance(content, list) else content


def _attributes(before: _Contents, after: _Contents) -> Iterator[Entry]:
    """The datasets, parameters and variables that were added or removed, or whose attributes or formula changed."""
    old, new = before.described(), after.described()
    for what, name in dict.fromkeys([*old, *new]):
        if (what, name) not in old:
            yield Entry(Change.ADDED, what, name)
        elif (what, name) not in new:
            yield Entry(Change.REMOVED, what, name)
        else:
            one, other = old[what, name], new[what, name]
            details = {key: (one.get(key), other.get(key)) for key in {**one, **other} if one.get(key) != other.get(key)}
            if details:
                yield Entry(Change.CHANGED, what, name, details)


def _bound_differently(before: _Contents, after: _Contents, cells: set[Cell], known: set[str]) -> Iterator[Entry]:
    """Entries for what changed only as it is bound: the formula of one parameter, a constant, a codelist, a record rule, a window."""
    found: dict[tuple[str, str], Details] = {}
    for cell in sorted(cells & set(before.cells) & set(after.cells)):
        owner, domain = cell.records.dataset, cell.records == collected(cell.records.dataset)
        if cell.variable == RECORDS and not domain:
            place = ("records of", str(cell.records))
        elif cell.variable == WINDOW:
            place = ("windows of", owner)
        elif f"{owner}.{cell.variable}" in known or cell.variable == RECORDS:
            continue
        else:
            place = ("variable", f"{cell.records}.{cell.variable}")
        found.setdefault(place, dict(_details(before.cells[cell], after.cells[cell])))
    yield from (Entry(Change.CHANGED, what, name, details) for (what, name), details in found.items())


def _details(old: Any, new: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, tuple[Any, Any]]]:  # noqa: ANN401  (JSON is anything)
    """The places where two values differ, with both values; of a formula that differs, only its text."""
    if isinstance(old, dict) and isinstance(new, dict):
        keys = ["formula"] if old.get("formula") != new.get("formula") else list(dict.fromkeys([*old, *new]))
        for key in keys:
            yield from _details(old.get(key), new.get(key), (*path, key))
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for number, (one, other) in enumerate(zip(old, new, strict=True), start=1):
            yield from _details(one, other, (*path, str(number)))
    elif old != new:
        yield " ".join(step for step in path if step not in ("references", "value")), (old, new)


def _reached(cells: set[Cell], after: _Contents) -> list[str]:
    """The variables of the new plan that read a changed, added or removed cell, directly or through others; not these themselves."""
    readers: dict[Cell, list[Cell]] = {}
    for cell in after.dependencies.steps:
        for read in after.dependencies.reads(cell):
            readers.setdefault(read, []).append(cell)
    stack, seen = list(cells), set(cells)
    while stack:
        for reader in readers.get(stack.pop(), ()):
            if reader not in seen:
                seen.add(reader)
                stack.append(reader)
    return _named(seen - cells, after.plan)


def _named(cells: set[Cell], plan: Plan) -> list[str]:
    """Cells as variables, those of several parameters once with the parameters; in the order of the plan's steps."""
    found: dict[tuple[str, str], list[RecordSet]] = {}
    for step in plan.steps:
        variable = getattr(step, "variable", "")
        for records in step.records:
            if variable and Cell(records, variable) in cells and not records.origin.temporary:
                found.setdefault((records.dataset, variable), []).append(records)
    names = []
    for (dataset, variable), sets in found.items():
        kept = plan.layouts[dataset].records if dataset in plan.layouts else ()
        parameters = list(dict.fromkeys(each.parameter for each in sets if each.parameter))
        some = f" on {', '.join(parameters)}" if parameters and not set(kept) <= set(sets) else ""
        names.append(f"{dataset}.{variable}{some}")
    return names


def _shown(value: object) -> str:
    if value in (None, "", [], {}):
        return "nothing"
    return ", ".join(map(_shown, value)) if isinstance(value, list) else str(value)
