"""The functions of a simulation's formulas: draws, choices among values, tables of the study, and days."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any

import numpy as np

from adam.simulation.columns import BLANK, day_of
from adam.simulation.scope import Scope

Function = Callable[..., Any]


def noise(scope: Scope) -> Any:  # noqa: ANN401  (an array, here and below)
    """Draws from 0 to 999999."""
    return scope.draws.noise(scope.shape)


def below(scope: Scope, bound: Any) -> Any:  # noqa: ANN401
    """Draws from 0 to `bound` - 1."""
    return scope.draws.below(bound, scope.shape)


def happens(scope: Scope, permille: Any) -> Any:  # noqa: ANN401
    """True with this probability, in permille."""
    return scope.draws.happens(permille, scope.shape)


def pick(scope: Scope, weights: Any) -> Any:  # noqa: ANN401
    """Places in a list of weights, each drawn with its frequency."""
    found = list(weights.values()) if isinstance(weights, Mapping) else weights
    return scope.draws.pick([int(weight) for weight in found], scope.shape)


def if_else(_: Scope, condition: Any, then: Any, otherwise: Any) -> Any:  # noqa: ANN401
    """`then` where the condition holds, else `otherwise`."""
    return np.where(condition, then, otherwise)


def choose(_: Scope, place: Any, *options: Any) -> Any:  # noqa: ANN401
    """The option at a place, from 0."""
    return np.choose(np.asarray(place, dtype=np.int64), np.broadcast_arrays(*options, place)[:-1])


def look_up(_: Scope, table: Any, *places: Any) -> Any:  # noqa: ANN401
    """The number in a list of the study at a place, from 0; in a list of lists at two places."""
    first = np.asarray(places[0], dtype=np.int64)
    if len(places) == 1:
        return np.array([int(value) for value in table], dtype=np.int64)[first]
    rows = [[int(value) for value in row] for row in table]
    starts = np.cumsum([0, *map(len, rows)])
    return np.concatenate([np.array(row, dtype=np.int64) for row in rows])[starts[first] + np.asarray(places[1], dtype=np.int64)]


def missing(_: Scope, value: Any) -> Any:  # noqa: ANN401
    """True where there is no value."""
    return np.asarray(value) == BLANK


def day(_: Scope, date: Any) -> int:  # noqa: ANN401
    """The day of an ISO date."""
    return day_of(str(date))


def place(scope: Scope, visit: Any) -> int:  # noqa: ANN401
    """The place of a visit among the visits of the study, from 0."""
    return scope.facts.visit(str(visit))


def working_day(_: Scope, days: Any) -> Any:  # noqa: ANN401
    """Saturday becomes Friday, Sunday Monday."""
    weekday = (days + 3) % 7
    return days - (weekday == 5) + (weekday == 6)


def years_before(_: Scope, days: Any, years: Any) -> Any:  # noqa: ANN401
    """The same day of an earlier year; the 29th to 31st become the 28th."""
    months = days.astype("datetime64[D]").astype("datetime64[M]")
    within = days.astype("datetime64[D]") - months.astype("datetime64[D]")
    start = (months - np.asarray(years).astype("timedelta64[M]") * 12).astype("datetime64[D]")
    return start.astype(np.int64) + np.minimum(within.astype(np.int64), 27)


def least(_: Scope, *values: Any) -> Any:  # noqa: ANN401
    """The smallest of the values."""
    return reduce(np.minimum, values)


def most(_: Scope, *values: Any) -> Any:  # noqa: ANN401
    """The largest of the values."""
    return reduce(np.maximum, values)


def clip(_: Scope, value: Any, low: Any, high: Any) -> Any:  # noqa: ANN401
    """The value, moved to the nearer border if it is outside of `low` to `high`."""
    return np.minimum(np.maximum(value, low), high)


FUNCTIONS: dict[str, Function] = {
    "noise": noise, "below": below, "happens": happens, "pick": pick, "if_else": if_else, "choose": choose, "look_up": look_up,
    "missing": missing, "day": day, "place": place, "working_day": working_day, "years_before": years_before,
    "min": least, "max": most, "clip": clip,
}  # fmt: skip
