"""The rank of a value among the records of a group."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from adam.catalog.contract import Contract
from adam.catalog.derivation import AnyValue, Group, Number, along
from adam.catalog.derivations.sequences import group_text
from adam.catalog.prose import Prose
from adam.core.kinds import is_missing


def _method(arguments: Any, prose: Prose) -> str:  # noqa: ANN401
    of, records = prose.part(arguments.of), f"the records of {group_text(arguments, prose)}{prose.where(arguments.where)}"
    first = prose.lowest(last=arguments.descending)
    after = "the next rank follows" if arguments.dense else "ranks after equal values are left out"
    return f"The rank of {of} among {records}: 1 is the {first} value, equal values have one rank, and {after}. Missing if {of} is missing."


@along(Contract(_method, several=True))
def rank(of: AnyValue, group: Group, *, descending: bool = False, dense: bool = False) -> Number:
    """Return the rank of a value among the records of the subject and its group: 1 is the lowest, with `descending: true` the highest.

    Equal values have the same rank, the lowest of their places: 1, 2, 2, 4. With `dense: true` no rank is left out: 1, 2, 2, 3.

    Missing: missing where the value is missing or blank, or the record does not match `where`; such records do not count.
    Errors: a dataset with one record per subject is refused, because each rank is 1. There is no rank among subjects.
    Source: SAS PROC RANK (ties = low, dense); R's dplyr min_rank, dense_rank.

    YAML:
        AVALRANK: {rank: {of: AVAL, within: [PARAMCD], descending: true}}

    >>> rank(pd.Series([5.0, 7.0, 7.0, 9.0, None]), Group(np.array([0, 0, 0, 0, 0]), 1)).tolist()
    [1.0, 2.0, 2.0, 4.0, nan]
    """
    rows = np.flatnonzero((group.number >= 0) & ~is_missing(of).to_numpy())
    codes, _ = pd.factorize(of.iloc[rows], sort=True)
    codes = -codes if descending else codes
    order = np.lexsort((codes, group.number[rows]))
    number, value = group.number[rows][order], codes[order]
    starts = np.r_[True, number[1:] != number[:-1]] if len(rows) else np.zeros(0, dtype=bool)
    new = starts | np.r_[True, value[1:] != value[:-1]] if len(rows) else starts
    places = np.cumsum(new) if dense else np.arange(len(rows)) + 1
    before = np.maximum.accumulate(np.where(starts, places - 1, 0)) if len(rows) else places
    held = np.maximum.accumulate(np.where(new, places, 0)) if len(rows) else places
    result = np.full(len(of), np.nan)
    result[rows[order]] = held - before
    return pd.Series(result, index=of.index)
