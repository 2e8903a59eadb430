"""Checks of whether variables have values: on all records of a group or on none, and on at least one record."""

from __future__ import annotations

import numpy as np

from validation.check import Failure, Failures, check
from validation.delivery import DeliveredDataset


@check()
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


@check()
def some_value(delivered: DeliveredDataset) -> Failures:
    """A variable has no value on any record.

    One finding names all of them; define.xml comments on each. A variable with `allow_empty: true` is not named, nor one that is copied from
    another dataset, which is named there.
    """
    declared = delivered.declared.variables if delivered.declared is not None else {}
    expected = [name for name in delivered.variables if name not in declared or not (declared[name].allow_empty or declared[name].predecessor)]
    empty = [name for name in expected if delivered.missing(name).all()] if len(delivered.frame) else []
    if empty:
        yield Failure("", ", ".join(empty))
