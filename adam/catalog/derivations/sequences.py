"""Derivations along the records of a dataset, always within subject."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from adam.catalog.contract import Contract, Selection, always
from adam.catalog.derivation import Group, Number, Order, Text, along
from adam.catalog.prose import Prose, joined
from adam.core.coded_text import chosen_text
from adam.core.ordering import rows_in_order


def group_text(arguments: Any, prose: Prose) -> str:  # noqa: ANN401
    """The groups of a derivation along the dataset, in a sentence."""
    within = [prose.value(name) for name in arguments.within]
    return f"each subject{f' and {joined(within)}' if within else ''}"


def _flag_text(place: str) -> Callable[[Any, Prose], str]:
    def text(arguments: Any, prose: Prose) -> str:  # noqa: ANN401
        records = f"the {place} record of {group_text(arguments, prose)}{prose.where(arguments.where)}"
        return f'"Y" on {records}, in the order of {prose.order(arguments.order)}; otherwise blank.'

    return text


def _number_text(arguments: Any, prose: Prose) -> str:  # noqa: ANN401
    records = f"the records of {group_text(arguments, prose)}{prose.where(arguments.where)}"
    return f"The number of the record, counted from 1 among {records}, in the order of {prose.order(arguments.order)}."


FLAG_FIRST = Contract(_flag_text("first"), possible_terms=always("Y"), selection=lambda arguments: Selection.FIRST)
FLAG_LAST = Contract(_flag_text("last"), possible_terms=always("Y"), selection=lambda arguments: Selection.LAST)


def _ends(group: Group, order: np.ndarray, last: bool) -> pd.Series:
    rows = np.flatnonzero(group.number >= 0)
    number, place = group.number[rows], order[rows]
    ends = np.full(group.size, -1 if last else len(order))
    (np.maximum if last else np.minimum).at(ends, number, place)
    flagged = np.zeros(len(order), dtype=bool)
    flagged[rows] = place == ends[number]
    return chosen_text(flagged, "Y", "")


@along(FLAG_FIRST)
def flag_first(group: Group, order: Order) -> Text:
    """Return Y on the first matching record of each group, blank elsewhere.

    Missing: a missing or blank value in `within` is a group like any other; in `order` missing sorts first, as in SAS.
    Source: admiral derive_var_extreme_flag(mode = "first").

    YAML:
        AOCCFL: {flag_first: {where: TRTEMFL == "Y", order: [ASTDT, AESEQ]}}

    >>> flag_first(Group(np.array([0, 0, -1]), 1), np.array([1, 0, 2])).tolist()
    ['', 'Y', '']
    """
    return _ends(group, order, last=False)


@along(FLAG_LAST)
def flag_last(group: Group, order: Order) -> Text:
    """Return Y on the last matching record of each group, blank elsewhere.

    Missing: a missing or blank value in `within` is a group like any other; in `order` missing sorts first, as in SAS.
    Source: admiral derive_var_extreme_flag(mode = "last").

    YAML:
        ABLFL: {flag_last: {where: PREDOSE == "Y", within: [PARAMCD], order: [ADT, ADTM]}}

    >>> flag_last(Group(np.array([0, 0, -1]), 1), np.array([1, 0, 2])).tolist()
    ['Y', '', '']
    """
    return _ends(group, order, last=True)


@along(Contract(_number_text))
def sequence_number(group: Group, order: Order) -> Number:
    """Return 1, 2, 3, ... within each group.

    Missing: missing on a record that does not match `where`; a missing or blank value in `within` is a group like any other.
    Source: ADaMIG ASEQ; admiral derive_var_obs_number.

    YAML:
        ASEQ: {sequence_number: {order: [PARAMN, AVISITN, ADT]}}

    >>> sequence_number(Group(np.array([0, 0, 1]), 2), np.array([1, 0, 2])).tolist()
    [2.0, 1.0, 1.0]
    """
    rows = np.flatnonzero(group.number >= 0)
    rows = rows[rows_in_order([group.number[rows], order[rows]])]
    number = group.number[rows]
    starts = np.flatnonzero(np.r_[True, number[1:] != number[:-1]]) if len(rows) else np.zeros(0, dtype="int64")
    result = np.full(len(order), np.nan)
    result[rows] = np.arange(len(rows)) - np.repeat(starts, np.diff(np.r_[starts, len(rows)])) + 1.0
    return pd.Series(result)
