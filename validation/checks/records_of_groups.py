"""Checks of whether variables have values: on all records of a group or on none, and on at least one record."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from validation.across import Across
from validation.check import Failure, Failures, check
from validation.delivery import DeliveredDataset


def _used(delivered: DeliveredDataset, of: str, within: str) -> tuple[frozenset[object], frozenset[object]]:
    """The groups with a record that has a value, and those with a record that lacks it."""
    if not (delivered.has(of) and delivered.has(within)):
        return frozenset(), frozenset()
    names, missing = np.array([None, *delivered.distinct_values(within)], dtype=object), delivered.missing(of)
    codes = delivered.codes(within) + 1
    return frozenset(names[np.unique(codes[~missing])]), frozenset(names[np.unique(codes[missing])])


def _is_consistent(groups: Sequence[tuple[frozenset[object], frozenset[object]]]) -> bool:
    """Whether no group has both, in any parts."""
    return frozenset().union(*(used for used, _ in groups)).isdisjoint(frozenset().union(*(lacking for _, lacking in groups)))


@check(across=Across(summary=_used, settled=_is_consistent))
def all_or_none(delivered: DeliveredDataset, of: str, within: str) -> Failures:
    """A variable has a value on some records of a group, but not on all of them.

    The groups are the values of `within`; records without a value of it are a group, too.
    """
    if delivered.has(of) and delivered.has(within):
        missing, group = delivered.missing(of), delivered.codes(within) + 1
        used = np.bincount(group, weights=~missing) > 0
        mask = missing & used[group]
        if mask.any():
            yield Failure(of, f"{of} is used for a value of {within}, and is missing on some of its records", mask)


def _filled(delivered: DeliveredDataset) -> tuple[int, frozenset[str]]:
    """How many records there are, and which variables have a value on one of them."""
    return len(delivered.frame), frozenset(name for name in delivered.variables if not delivered.missing(name).all())


def _never_filled(delivered: DeliveredDataset, summaries: Sequence[tuple[int, frozenset[str]]]) -> Failures:
    """The variables without a value in any part."""
    declared = delivered.declared.variables if delivered.declared is not None else {}
    expected = [name for name in delivered.variables if name not in declared or not (declared[name].allow_empty or declared[name].predecessor)]
    filled = frozenset().union(*(names for _, names in summaries))
    empty = [name for name in expected if name not in filled] if any(count for count, _ in summaries) else []
    if empty:
        yield Failure("", ", ".join(empty))


@check(across=Across(summary=_filled, merged=_never_filled))
def some_value(delivered: DeliveredDataset) -> Failures:
    """A variable has no value on any record.

    One finding names all of them; define.xml comments on each. A variable with `allow_empty: true` is not named, nor one that is copied from
    another dataset, which is named there.
    """
    yield from _never_filled(delivered, [_filled(delivered)])
