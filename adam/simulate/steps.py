"""The steps that make a population: each gives the subjects one variable, by a formula, a table of frequencies, a share or quantiles."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from adam.simulate.columns import BLANK
from adam.simulate.draws import Flags, Ints, knots
from adam.simulate.enrolment import place_at_sites
from adam.simulate.formula import values
from adam.simulate.population import Array
from adam.simulate.scope import Scope

EACH = "each "


def run(scope: Scope, steps: Sequence[Mapping[str, Any]]) -> None:
    """Take the steps in their order; the population of `scope` is given their variables.

    A step is a name and how it is made: a formula, or a mapping with `levels`, `share`, `quantiles`, `reassign`, `exact_mean` or `visits`.
    The steps `for_subjects` and `for_visits` contain steps; `sites` places the subjects at the sites of the study.

    Raises:
        SpecError: a step cannot be taken as it is written.
    """
    for entry in steps:
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
        message = f"The step '{name}' is made by none of {', '.join(KINDS)} or visits. Write a formula, or one of these with its table."
        scope.facts.fail(how, message, "spec-unknown-key")
    where = np.ones(scope.shape, dtype=np.bool_) if "where" not in how else values(how["where"], scope).astype(np.bool_)
    result = KINDS[kind](scope, how, where)
    if result is None:
        return
    before = _previous(scope, name, how, result)
    _store(scope, name, np.where(where, result, before))


def _previous(scope: Scope, name: str, how: Mapping[str, Any], result: Array) -> Any:  # noqa: ANN401
    """What the variable is where the step does not apply: `otherwise`, its value so far, or nothing yet (0)."""
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


def cells(scope: Scope, table: Any, by: Sequence[object], where: Flags) -> tuple[Ints, dict[int, Any]]:  # noqa: ANN401
    """The cells of a table: for each subject the number of its cell (-1 outside of `where`), and the entry of the table for each number.

    `by` has one formula for each level of the table, the place in its list from 0; `each X` repeats the same table for every value of X.
    """
    cell = np.full(scope.shape, -1, dtype=np.int64)
    entries: dict[int, Any] = {}
    dimensions = [(str(text).startswith(EACH), values(str(text).removeprefix(EACH), scope)) for text in by]
    for mask, entry in _walk(table, dimensions, where):
        cell[mask] = len(entries)
        entries[len(entries)] = entry
    return cell, entries


def _walk(table: Any, dimensions: list[tuple[bool, Array]], mask: Flags) -> Iterator[tuple[Flags, Any]]:  # noqa: ANN401
    if not mask.any():
        return
    if not dimensions:
        yield mask, table
        return
    (repeated, found), *further = dimensions
    entries = list(table.values()) if isinstance(table, Mapping) else table
    pairs = [(value, table) for value in np.unique(found[mask]).tolist()] if repeated else list(enumerate(entries))
    for value, entry in pairs:
        yield from _walk(entry, further, mask & (found == value))


def _tables(scope: Scope, how: Mapping[str, Any], kind: str, where: Flags) -> tuple[Ints, dict[int, Any]]:
    return cells(scope, scope.facts.get(str(how[kind])), how.get("by", []), where)


def _levels(scope: Scope, how: Mapping[str, Any], where: Flags) -> Array:
    """Places in a list of weights; the first places go to the highest scores of each cell."""
    score = values(how["score"], scope)
    cell, tables = _tables(scope, how, "levels", where)
    return scope.draws.levels(cell, {key: [int(weight) for weight in weights] for key, weights in tables.items()}, score)


def _share(scope: Scope, how: Mapping[str, Any], where: Flags) -> Array:
    """True for a share of each cell, the highest scores among those that may have it."""
    score = values(how["score"], scope)
    among = values(how["among"], scope).astype(np.bool_) if "among" in how else None
    cell, tables = _tables(scope, how, "share", where)
    return scope.draws.share(cell, {key: [int(part) for part in share] for key, share in tables.items()}, score, among)


def _quantiles(scope: Scope, how: Mapping[str, Any], where: Flags) -> Array:
    """Values of a table of quantiles in `unit`ths; the highest scores of each cell get the highest values."""
    score = values(how["score"], scope)
    cell, tables = _tables(scope, how, "quantiles", where)
    return scope.draws.values(cell, {key: knots(table, int(how.get("unit", 1))) for key, table in tables.items()}, score)


def _reassign(scope: Scope, how: Mapping[str, Any], where: Flags) -> Array:
    """The values of each cell dealt out anew so that none is above its subject's limit: the lowest limits draw first from what is low enough."""
    found, limit = values(how["reassign"], scope), values(how["at_most"], scope)
    cell, _ = cells(scope, None, how.get("by", []), where)
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
    """With exact counts, values in `unit`ths shared out by weight so that each cell has the mean of the table; else no change."""
    if not scope.draws.exact:
        return None
    weight = values(how["weight"], scope)
    cell, means = _tables(scope, how, "exact_mean", where)
    result = values(how["value"], scope)
    for number, mean in means.items():
        inside = np.flatnonzero((cell == number) & (weight > 0))
        total = round(float(mean) * int(how.get("unit", 1))) * int((cell == number).sum())
        if len(inside) == 0:
            continue
        weights = weight[inside]
        parts = weights * total // int(weights.sum())
        parts[np.argsort(-weights, kind="stable")[: total - int(parts.sum())]] += 1
        result[inside] = np.maximum(parts, 1)
    return result


def _by_visit(scope: Scope, name: str, how: Mapping[str, Any]) -> None:
    """A variable by visit, at the visits given; elsewhere it keeps its value, or has none yet."""
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
    """Steps for some subjects only, or for each group of them on its own; draws are made for these alone."""
    population = scope.population
    where = values(block["where"], scope).astype(np.bool_) if "where" in block else np.ones(population.size, dtype=np.bool_)
    each = [values(text, scope) for text in block.get("each", [])]
    groups = [mask for mask, _ in _walk(None, [(True, value) for value in each], where)]
    for mask in groups or [where]:  # with nobody in it the steps still give their variables
        rows = np.flatnonzero(mask)
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
