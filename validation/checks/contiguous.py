"""A check of the intervals of a subject: each begins the day after the previous one ends."""

from __future__ import annotations

import numpy as np
import pandas as pd

from validation.argument_types import Condition, VariableName, Variables
from validation.check import check
from validation.checks.subject_records import grouped
from validation.records import Records

DAY = np.timedelta64(1, "D")


@check("Expected each interval from {start} to {end} of a subject to begin the day after the previous one ends[ within {within}][ where {where}]")
def contiguous(
    records: Records,
    start: VariableName,
    end: VariableName,
    within: Variables = [],  # noqa: B006
    where: Condition | None = None,
) -> np.ndarray:
    """The intervals of a subject have a gap between them, or overlap.

    The intervals of each group are in the order of `start`; each one begins the day after the latest earlier `end`, or one unit after it if
    the variables are numbers. Records without `start` or `end` are skipped.

    YAML:
        X-11: {contiguous: {start: ASTDT, end: AENDT, within: [PARAMCD]}, severity: warning}
    """
    frame = records.frame
    table = pd.DataFrame({"group": grouped(records, within), "start": frame[start], "end": frame[end]})
    known = records.selected(where) & table[["start", "end"]].notna().all(axis=1).to_numpy()
    ordered = table[known].sort_values(["group", "start", "end"], kind="stable")
    latest = ordered.groupby("group")["end"].cummax().groupby(ordered["group"]).shift()
    expected = latest + (1 if latest.dtype.kind == "f" else DAY)
    failed = np.zeros(len(frame), dtype=bool)
    failed[ordered.index[(latest.notna() & (ordered["start"] != expected)).to_numpy(dtype=bool)]] = True
    return failed
