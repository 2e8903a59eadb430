"""The steps of a simulation: each gives the subjects one variable, by a formula, a table of frequencies, a share or quantiles."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from adam.simulation.cells import as_list, groups, numbers, table_cells
from adam.simulation.columns import BLANK
from adam.simulation.draws import Flags, knots
from adam.simulation.enrolment import place_at_sites
from adam.simulation.formula import values
from adam.simulation.population import Array
from adam.simulation.scope import Scope


def run(scope: Scope, steps: object) -> None:
    """Run the steps in their order and add their variables to the population of `scope`.

    A step is a name with a formula, or a mapping with `levels`, `share`, `quantiles`, `reassign`, `exact_mean` or `visits`.
    The steps `for_subjects` and `for_visits` contain steps; `sites` places the subjects at the sites of the study.

    Raises:
        SpecError: a step or a table it names is not valid.
    """
    for entry in as_list(steps):
        if not isinstance(entry, Mapping):
            scope.facts.fail(entry, f"A step must be 'name: formula' or 'name: {{...}}'; it is {entry!r}.", "spec-wrong-type")
        for name, how in entry.items():
            if name in BLOCKS:
                BLOCKS[name](scope, how)
            else:
                _assign(scope, str(name), how)


def _assign(scope: Scope, name: str, how: object) -> None:
    if not isinstance(how, Mapping):
        _store(scope, name, values(how, scope))
        return
    if "visits" in how:
        _by_visit(scope, name, how)
        return
    kind = next((key for key in how if key in KINDS), None)
    if kind is None:
        message = f"The step '{name}' has none of the keys {', '.join(KINDS)} or visits. Write a formula, or one of these keys with its table."
        scope.facts.fail(how, message, "spec-unknown-key")
    where = np.ones(scope.shape, dtype=np.bool_) if "where" not in how else values(how["where"], scope).astype(np.bool_)
    result = KINDS[kind](scope, how, where)
    if result is None:
        return
    before = _previous(scope, name, how, result)
    _store(scope, name, np.where(where, result, before))


def _previous(scope: Scope, name: str, how: Mapping[str, Any], result: Array) -> Any:  # noqa: ANN401
    """The values where the step does not apply: `otherwise`, its value so far, or nothing yet (0)."""
    if "otherwise" in how:
        return values(how["otherwise"], scope)
    found = scope.variable(name)
    return np.zeros(scope.shape, dtype=result.dtype) if found is None else found


def _store(scope: Scope, name: str, value: Array) -> None:
    population = scope.population
    table = population.by_visit(name)
    if scope.column is not None and table is not None:
        if table.dtype != value.dtype:
            table = table.astype(np.int64)
        table = table.copy()
        table[:, scope.column] = value
        population[name] = table
    else:
        population[name] = value


def _levels(scope: Scope, how: Mapping[str, Any], where: Flags) -> Array:
    """Places in a list of weights; the first places go to the highest scores of each cell."""
    score = values(how["score"], scope)
    cell, weights = numbers(scope, how, "levels", where)
    return scope.draws.levels(cell, weights, score)


def _share(scope: Scope, how: Mapping[str, Any], where: Flags) -> Array:
    """True for a share of each cell, the highest scores `among` those that can have it."""
    score = values(how["score"], scope)
    among = values(how["among"], scope).astype(np.bool_) if "among" in how else None
    cell, shares = numbers(scope, how, "share", where, count=2)
    return scope.draws.share(cell, shares, score, among)


def _quantiles(scope: Scope, how: Mapping[str, Any], where: Flags) -> Array:
    """Values of a table of quantiles in `unit`ths; the highest scores of each cell get the highest values."""
    score = values(how["score"], scope)
    cells = table_cells(scope, how, "quantiles", where)
    for entry in cells.entries.values():
        if not isinstance(entry, Mapping):
            message = f"'{how['quantiles']}' must give a table of quantiles, such as {{0: 1, 500: 2.5, 1000: 10}}, for each cell; it gives {entry!r}."
            scope.facts.fail(how["quantiles"], message, "spec-wrong-type")
    tables = {key: knots(table, int(how.get("unit", 1))) for key, table in cells.entries.items()}
    return scope.draws.values(cells.number, tables, score)


def _reassign(scope: Scope, how: Mapping[str, Any], where: Flags) -> Array:
    """The values of each cell in a new order, none above the limit of its subject: the lowest limits draw first."""
    found, limit = values(how["reassign"], scope), values(how["at_most"], scope)
    cell = groups(scope, how.get("by", []), where).number
    result = np.zeros(len(found), dtype=np.int64)
    for number in range(int(cell.max(initial=-1)) + 1):
        inside = np.flatnonzero(cell == number)
        pool = np.sort(found[inside])
        for most in np.unique(limit[inside]):
            here = inside[limit[inside] == most]
            enough = max(int(np.searchsorted(pool, most, side="right")), len(here))
            chosen = np.argsort(scope.draws.noise(enough), kind="stable")[: len(here)]
            result[here] = np.minimum(pool[chosen], most)
            pool = np.delete(pool, chosen)
    return result


def _exact_mean(scope: Scope, how: Mapping[str, Any], where: Flags) -> Array | None:
    """With exact counts, values in `unit`ths apportioned by weight so that each cell has the mean of the table; without, no change."""
    if not scope.draws.exact:
        return None
    weight = values(how["weight"], scope)
    cells = table_cells(scope, how, "exact_mean", where)
    result = values(how["value"], scope)
    for number, mean in cells.entries.items():
        inside = np.flatnonzero((cells.number == number) & (weight > 0))
        total = round(float(mean) * int(how.get("unit", 1))) * int((cells.number == number).sum())
        if len(inside) == 0:
            continue
        weights = weight[inside]
        parts = weights * total // int(weights.sum())
        parts[np.argsort(-weights, kind="stable")[: total - int(parts.sum())]] += 1
        result[inside] = np.maximum(parts, 1)
    return result


def _by_visit(scope: Scope, name: str, how: Mapping[str, Any]) -> None:
    """A variable by visit, at these visits; at others it keeps its value, or is missing."""
    places = scope.facts.places(how["visits"])
    result = values(how["formula"], scope.over(places))
    population = scope.population
    table = population.by_visit(name)
    if table is None:
        blank: Any = False if result.dtype == np.bool_ else BLANK
        table = np.full((population.size, population.visits), blank, dtype=result.dtype)
    table = table.copy()
    table[:, places] = result
    population[name] = table


KINDS: dict[str, Callable[[Scope, Mapping[str, Any], Flags], Array | None]] = {
    "levels": _levels, "share": _share, "quantiles": _quantiles, "reassign": _reassign, "exact_mean": _exact_mean,
}  # fmt: skip


def _for_subjects(scope: Scope, block: Mapping[str, Any]) -> None:
    """Steps for some subjects, or for each group of subjects separately; only these subjects draw."""
    population = scope.population
    where = values(block["where"], scope).astype(np.bool_) if "where" in block else np.ones(population.size, dtype=np.bool_)
    cell = groups(scope, block.get("each", []), where).number
    for number in range(max(int(cell.max(initial=-1)) + 1, 1)):  # with no subject the steps still give their variables
        rows = np.flatnonzero(cell == number)
        part = population.take(rows)
        run(scope.among(part), block["steps"])
        population.update(rows, part)


def _for_visits(scope: Scope, block: Mapping[str, Any]) -> None:
    """Steps for one visit after the other; the name of a variable by visit means its value at the visit."""
    for step, place in enumerate(scope.facts.places(block["visits"])):
        run(scope.inside(place, step), block["steps"])


BLOCKS: dict[str, Callable[[Scope, Mapping[str, Any]], None]] = {
    "for_subjects": _for_subjects, "for_visits": _for_visits, "sites": place_at_sites,
}  # fmt: skip
