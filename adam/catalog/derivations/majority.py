"""The value that a subject has on most days."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from adam.catalog.contract import Contract
from adam.catalog.derivation import Date, Derived, Group, Issue, Order, Text, summary
from adam.catalog.prose import Prose
from adam.core.kinds import is_missing


def _method(arguments: Any, prose: Prose) -> str:  # noqa: ANN401
    of, start, end = prose.part(arguments.of), prose.part(arguments.start), prose.part(arguments.end)
    order = f", then to the first record in the order of {prose.order(arguments.order)}" if arguments.order else ""
    text = f"The value of {of} with the most distinct days from {start} to {end} among the {prose.records}{prose.where(arguments.where)}"
    return f"{text}. A tie goes to the value that starts first{order}."


@summary(Contract(_method, text_length=lambda arguments, length_of: length_of(arguments.of)))
def majority(of: Text, start: Date, end: Date, group: Group, *, order: Order | None = None) -> Text:
    """Return the value with the most distinct days from start to end; a tie goes to the earliest start, then to the first record in `order`.

    Without `order` the first record of the source decides, with a warning. A record with a blank value or without start does not count; a
    record without end, or with an end before its start, counts its start only.

    Units: calendar days.
    Missing: blank where nothing counts.
    Source: ADaMIG, TRTxxA, where the treatment received differs from the planned one.

    YAML:
        TRT01A: {majority: {of: EX.TRT, start: EX.P1STDT, end: EX.P1ENDT, order: [EX.STDT, EX.STTM, EX.EXSEQ]}}

    >>> from adam.core.kinds import dates, texts
    >>> majority(texts("A", "B"), dates("2019-01-01", "2019-01-03"), dates("2019-01-02", "2019-01-09"), Group(np.array([0, 0]), 1)).column.tolist()
    ['B']
    """
    rows = np.flatnonzero((group.number >= 0) & start.notna().to_numpy() & ~is_missing(of).to_numpy())
    begin = start.to_numpy()[rows].astype("datetime64[D]").astype("int64")
    stop = np.where(end.isna().to_numpy()[rows], begin, end.to_numpy()[rows].astype("datetime64[D]").astype("int64"))
    codes, terms = pd.factorize(of.iloc[rows])
    spans = pd.DataFrame({"group": group.number[rows], "of": codes, "begin": begin, "stop": np.maximum(stop, begin)})
    spans["row"] = rows if order is None else order[rows]
    spans = spans.sort_values(["group", "of", "begin"], kind="stable")
    same = [spans["group"], spans["of"]]
    counted = spans.groupby(same)["stop"].cummax().groupby(same).shift()  # the days up to here are counted: an end of 9999 costs nothing
    spans["days"] = (spans["stop"] - np.fmax(spans["begin"], counted + 1) + 1).clip(lower=0)
    counts = spans.groupby(["group", "of"]).agg(size=("days", "sum"), start=("begin", "min"), row=("row", "min")).reset_index()
    best = counts.sort_values(["group", "size", "start", "row"], ascending=[True, False, True, True]).drop_duplicates("group")
    result = np.full(group.size, "", dtype=object)
    result[best["group"].to_numpy()] = np.asarray(terms, dtype=object)[best["of"].to_numpy()]
    equal = counts.merge(best[["group", "size", "start"]], on=["group", "size", "start"]).groupby("group").size()
    tied = np.zeros(group.size, dtype=bool)
    tied[equal.index[equal > 1]] = order is None
    text = "Several values have the same number of days from the same start; the first in the source is used (add order to decide)"
    return Derived(pd.Series(result, dtype="str"), (Issue(text, tied),))
