"""Checks of values within groups of records: one value for another, and values that one record may have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from validation.across import Across
from validation.check import Failure, Failures, check
from validation.delivery import DeliveredDataset
from validation.matching import marked
from validation.name_patterns import fill_places, matches
from validation.sentences import condition_phrase


def _mapped(delivered: DeliveredDataset, arguments: Any) -> Iterator[list[str]]:  # noqa: ANN401  (its model is created)
    """Each variable with each one it maps to, and what they are mapped within."""
    within = getattr(arguments, "within", [])
    if not all(delivered.has(around) for around in within):
        return
    for name, digits in matches(arguments.each, delivered.variables):
        yield from ([*within, name, other] for other, _ in matches(fill_places(arguments.to, digits), delivered.variables))


@check(across=Across(combinations=_mapped))
def maps(delivered: DeliveredDataset, each: str, to: str, within: list[str] = [], both: bool = False, blank: bool = False) -> Failures:  # noqa: B006
    """A value maps to several values of another variable.

    Each value of `each`, within one combination of `within`, has at most one value of `to`; with `both` also the reverse. Records in which one
    of the two is missing are skipped; with `blank` a missing `to` is a value too.
    """
    if not all(delivered.has(around) for around in within):
        return
    for name, digits in matches(each, delivered.variables):
        for other, _ in matches(fill_places(to, digits), delivered.variables):
            for one, several in [(name, other), (other, name)] if both else [(name, other)]:
                mask = _several(delivered, within, one, several, blank)
                if mask.any():
                    around = f" within {', '.join(within)}" if within else ""
                    yield Failure(one, f"one {one} has several values of {several}{around}", mask)


def _several(delivered: DeliveredDataset, within: list[str], one: str, several: str, blank: bool) -> np.ndarray:
    """Return the records whose value of `one` has several values of another variable."""
    codes, group = delivered.codes(several) + 1, delivered.group([*within, one]) if within else delivered.codes(one) + 1
    width = int(codes.max(initial=0)) + 1
    pairs = group.astype("int64") * width + codes
    size = (int(group.max(initial=-1)) + 1) * width
    distinct = np.flatnonzero(marked(pairs, size)) if size <= 4 * len(pairs) else pd.unique(pairs)
    values = np.bincount((distinct if blank else distinct[distinct % width > 0]) // width, minlength=size // width)
    if values.max(initial=0) <= 1:
        return np.zeros(len(group), dtype=bool)
    return ~delivered.missing(one) & (~delivered.missing(several) | blank) & (values > 1)[group]


@check(across=Across(within="by"))
def once(delivered: DeliveredDataset, by: list[str], where: str = "") -> Failures:
    """Several records share values that only one record may have.

    `where` selects the records; a variable of `by` that the dataset lacks is left out, except the first.
    """
    selected = delivered.outcome(where) if where else None
    if not delivered.has(by[0]) or (where and selected is None):
        return
    names = [name for name in by if delivered.has(name)]
    mine = selected[0] if selected is not None else np.ones(len(delivered.frame), dtype=bool)
    group = pd.Series(delivered.group(names))[mine]
    mask = np.zeros(len(delivered.frame), dtype=bool)
    mask[group[group.duplicated(keep=False)].index] = True
    if mask.any():
        condition = f" where {condition_phrase(where)}" if where else ""
        yield Failure("" if where else by[0], f"expected one record for each {', '.join(names)}{condition}", mask)
