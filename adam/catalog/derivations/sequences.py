"""Derivations along the records of a dataset, always within subject."""

from __future__ import annotations

import numpy as np
import pandas as pd

from adam.catalog.derivation import Group, Number, Order, Text, along


def _ends(group: Group, order: np.ndarray, last: bool) -> pd.Series:
    rows = np.flatnonzero(group.number >= 0)
    rows = rows[np.argsort(order[rows], kind="stable")]
    chosen = np.full(group.size, -1)
    chosen[group.number[rows if last else rows[::-1]]] = rows if last else rows[::-1]
    result = np.full(len(order), "", dtype=object)
    result[chosen[chosen >= 0]] = "Y"
    return pd.Series(result, dtype="str")


@along
def flag_first(group: Group, order: Order) -> Text:
    """Y on the first fitting record of each group.

    Missing: a missing or blank value in `within` is a group like any other; in `order` missing sorts first, as in SAS.
    Source: admiral derive_var_extreme_flag(mode = "first"); DOMAIN §6 AOCC*.

    YAML:
        AOCCFL: {flag_first: {where: TRTEMFL == "Y", order: [ASTDT, AESEQ]}}

    >>> flag_first(Group(np.array([0, 0, -1]), 1), np.array([1, 0, 2])).tolist()
    ['', 'Y', '']
    """
    return _ends(group, order, last=False)


@along
def flag_last(group: Group, order: Order) -> Text:
    """Y on the last fitting record of each group.

    Missing: a missing or blank value in `within` is a group like any other; in `order` missing sorts first, as in SAS.
    Source: admiral derive_var_extreme_flag(mode = "last"); DOMAIN §5.3 ABLFL.

    YAML:
        ABLFL: {flag_last: {where: PREDOSE == "Y", within: [PARAMCD], order: [ADT, ADTM]}}

    >>> flag_last(Group(np.array([0, 0, -1]), 1), np.array([1, 0, 2])).tolist()
    ['Y', '', '']
    """
    return _ends(group, order, last=True)


@along
def sequence_number(group: Group, order: Order) -> Number:
    """1, 2, 3 ... within each group.

    Missing: missing on a record that does not match `where`; a missing or blank value in `within` is a group like any other.
    Source: ADaMIG ASEQ; admiral derive_var_obs_number.

    YAML:
        ASEQ: {sequence_number: {order: [PARAMN, AVISITN, ADT]}}

    >>> sequence_number(Group(np.array([0, 0, 1]), 2), np.array([1, 0, 2])).tolist()
    [2.0, 1.0, 1.0]
    """
    rows = np.flatnonzero(group.number >= 0)
    rows = rows[np.lexsort((order[rows], group.number[rows]))]
    number = group.number[rows]
    starts = np.flatnonzero(np.r_[True, number[1:] != number[:-1]]) if len(rows) else np.zeros(0, dtype="int64")
    result = np.full(len(order), np.nan)
    result[rows] = np.arange(len(rows)) - np.repeat(starts, np.diff(np.r_[starts, len(rows)])) + 1.0
    return pd.Series(result)
