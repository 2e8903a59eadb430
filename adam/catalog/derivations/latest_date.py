"""The last date that several sources have of a subject."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from adam.catalog.contract import Contract
from adam.catalog.derivation import Date, Each, summary
from adam.catalog.prose import Prose
from adam.core import iso


def _method(arguments: Any, prose: Prose) -> str:  # noqa: ANN401
    sources = ", ".join(prose.value(each) for each in arguments.of)
    limit = f" Dates after {prose.value(arguments.up_to)} are ignored." if arguments.up_to is not None else ""
    return f"The latest complete date of {sources}{prose.where(arguments.where)}.{limit}"


@summary(Contract(_method))
def latest_date(of: Each, *, up_to: Date | None = None) -> Date:
    """Return the last complete date of several sources; dates after `up_to` are ignored.

    Missing: missing where no source has a complete date. `up_to` missing ignores nothing.
    Source: admiral derive_vars_extreme_event.

    YAML:
        LASTDTC: {latest_date: {of: [AE.AESTDTC, EX.EXENDTC], up_to: STUDY.CUTOFF}}

    >>> from adam.catalog.derivation import Group
    >>> from adam.core.kinds import texts
    >>> latest_date([(texts("2019-01-02", "2019-03"), Group(np.array([0, 0]), 1))]).dt.strftime("%F").tolist()
    ['2019-01-02']
    """
    best = np.full(of[0][1].size, np.datetime64("NaT", "s"))
    limit = None if up_to is None else up_to.to_numpy().astype("datetime64[s]")
    for column, group in of:
        date = (iso.complete_date(column) if column.dtype == "str" else column).to_numpy().astype("datetime64[s]")
        rows = np.flatnonzero((group.number >= 0) & ~np.isnat(date))
        if limit is not None:
            rows = rows[~(date[rows] > limit[group.number[rows]])]
        latest = np.full(group.size, np.datetime64("NaT", "s"))
        np.maximum.at(latest.view("int64"), group.number[rows], date[rows].view("int64"))  # as a number, a missing date is the smallest
        best = np.fmax(best, latest)
    return pd.Series(best)
