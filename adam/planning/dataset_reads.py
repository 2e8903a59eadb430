"""What the datasets of a plan read, through intermediate values: the data dependencies of the reviewer's guide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from adam.planning.dependencies import RECORDS, WINDOW, Cell, Dependencies
from adam.planning.values.plan import Plan
from adam.planning.values.reads import DatasetReads
from adam.planning.values.steps import Step

Name = tuple[str, str]
"""A variable of a dataset or a domain; RECORDS are its records."""


def dataset_reads(plan: Plan) -> Mapping[str, DatasetReads]:
    """What each dataset of a plan reads: directly, or through temporary variables, prepared variables of a domain and windows.

    A prepared variable of a domain is replaced by what it is made of, so a dataset that reads EX.STDT reads EX.EXSTDTC.
    """
    direct, collected = direct_reads(Dependencies(plan))
    return {name: _reads(plan, name, direct, collected) for name in plan.datasets}


def direct_reads(dependencies: Dependencies) -> tuple[dict[Name, dict[Name, None]], set[Name]]:
    """What each variable reads directly, and the collected variables."""
    direct: dict[Name, dict[Name, None]] = {}
    collected: set[Name] = set()
    seen: set[tuple[int, frozenset[str]]] = set()
    steps: dict[int, list[Cell]] = {}
    objects: dict[int, Step] = {}
    for cell, step in dependencies.steps.items():
        steps.setdefault(id(step), []).append(cell)
        objects[id(step)] = step
    for number, cells in steps.items():
        for cell in cells:
            key = (number, frozenset(dependencies.domains(cell.records)))
            if cell.variable != RECORDS and key in seen:
                continue  # the same formula on records of the same domains reads variables of the same names
            seen.add(key)
            names = direct.setdefault((cell.records.dataset, cell.variable), {})
            for read in dependencies.reads(cell):
                name = (read.records.dataset, read.variable)
                if read.raw or (read not in dependencies.steps and read.variable not in (RECORDS, WINDOW)):
                    name = (read.records.dataset, f"{read.variable} as collected")
                    collected.add(name)
                names[name] = None
    return direct, collected


def _reads(plan: Plan, dataset: str, direct: Mapping[Name, Iterable[Name]], collected: set[Name]) -> DatasetReads:
    """What one dataset reads; the walk ends at collected variables and at other datasets."""
    domains: dict[str, dict[str, None]] = {}
    datasets: dict[str, dict[str, None]] = {}
    readers: dict[str, dict[str, None]] = {}
    kept = {*plan.layouts[dataset].variables, RECORDS, WINDOW}
    start = [name for name in direct if name[0] == dataset and name[1] in kept]
    for first in start:
        seen: set[Name] = set()
        stack = list(direct[first])
        while stack:
            name = stack.pop()
            if name in seen or (name[0] == dataset and name[1] in kept):
                continue
            seen.add(name)
            owner, variable = name
            if owner == dataset:  # a temporary variable
                stack += direct.get(name, ())
                continue
            if owner in plan.layouts:
                datasets.setdefault(owner, {}).update({variable: None} if variable not in (RECORDS, WINDOW) else {})
                readers.setdefault(owner, {})[first[1]] = None
                continue
            found = domains.setdefault(owner, {})
            if name in collected:
                found[variable.removesuffix(" as collected")] = None
            stack += direct.get(name, ())
    return DatasetReads(
        {owner: tuple(sorted(names)) for owner, names in sorted(domains.items())},
        {owner: tuple(sorted(names)) for owner, names in sorted(datasets.items())},
        {owner: tuple(names) for owner, names in readers.items()},
    )
