"""Counts, means and medians over the records of one source."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from adam.catalog.contract import Contract
from adam.catalog.derivation import Action, AnyValue, Derived, Group, Issue, Number, summary
from adam.catalog.derivations.lookups import group_text
from adam.catalog.prose import Prose
from adam.core import decimals
from adam.core.kinds import is_missing


def _method(what: str) -> Callable[[Any, Prose], str]:
    def text(arguments: Any, prose: Prose) -> str:  # noqa: ANN401
        return f"The {what} of {prose.value(arguments.of)} over the {prose.records}{group_text(arguments, prose)}; missing values are left out."

    return text


def _count_text(arguments: Any, prose: Prose) -> str:  # noqa: ANN401
    return f"The number of {prose.records}{group_text(arguments, prose)} on which {prose.value(arguments.of)} is not missing."


def _without(values: np.ndarray, group: Group, what: str) -> Issue:
    """The note of the records without a value, on their groups."""
    mine = group.number >= 0
    bad = np.bincount(group.number[mine & np.isnan(values)], minlength=group.size)
    text = f"The {what} leaves out {{}} of {{}} records that have no value"
    return Issue(text, bad > 0, Action.NOTE, counts=(int(bad.sum()), int(mine.sum())))


@summary(Contract(_count_text))
def count(of: AnyValue, group: Group) -> Number:
    """Return the number of records that have a value of `of`.

    Missing: 0 without a record; a record whose value is missing or blank does not count.
    Source: admiral derive_var_merged_summary with n().

    YAML:
        NDOSE: {count: {of: EX.EXSEQ, where: EX.EXDOSE > 0}}

    >>> count(pd.Series(["A", "", "B"], dtype="str"), Group(np.array([0, 0, 0]), 2)).tolist()
    [2.0, 0.0]
    """
    mine = (group.number >= 0) & ~is_missing(of).to_numpy()
    return pd.Series(np.bincount(group.number[mine], minlength=group.size).astype("float64"))


@summary(Contract(_method("mean")))
def mean(of: Number, group: Group) -> Number:
    """Return the mean of the values that are not missing, in decimal arithmetic.

    Missing: missing where a group has no value. A note reports how many records have none.
    Source: admiral derive_var_merged_summary with mean().

    YAML:
        MEANDOSE: {mean: {of: EX.EXDOSE, where: EX.EXDOSE > 0}}

    >>> mean(pd.Series([0.1, 0.2, None]), Group(np.array([0, 0, 1]), 2)).column.tolist()
    [0.15, nan]
    """
    values = of.to_numpy(dtype="float64")
    return Derived(pd.Series(decimals.group_means(values, group.number, group.size)), (_without(values, group, "mean"),))


@summary(Contract(_method("median")))
def median(of: Number, group: Group) -> Number:
    """Return the median of the values that are not missing: the middle one, or the mean of the two in the middle.

    Missing: missing where a group has no value. A note reports how many records have none.
    Source: admiral derive_var_merged_summary with median().

    YAML:
        MEDDOSE: {median: EX.EXDOSE}

    >>> median(pd.Series([5.0, 0.1, 0.2, None]), Group(np.array([0, 1, 1, 1]), 2)).column.tolist()
    [5.0, 0.15]
    """
    values = of.to_numpy(dtype="float64")
    rows = np.flatnonzero((group.number >= 0) & ~np.isnan(values))
    rows = rows[np.lexsort((values[rows], group.number[rows]))]
    counts = np.bincount(group.number[rows], minlength=group.size)
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]]).astype("int64")
    some = np.flatnonzero(counts)
    ordered, result = values[rows], np.full(group.size, np.nan)
    low, high = ordered[starts[some] + (counts[some] - 1) // 2], ordered[starts[some] + counts[some] // 2]
    result[some] = np.where(low == high, low, decimals.over(decimals.plus(low, high), 2.0))
    return Derived(pd.Series(result), (_without(values, group, "median"),))
