"""Report the source records that match no row of the table of a parameter family, and so are in no parameter."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from adam.core.errors import Finding, Severity
from adam.core.kinds import ValueKind, true
from adam.core.numerals import written
from adam.engine.issues import SHOWN, keys_of, printed
from adam.engine.view import Data, View
from adam.expressions.evaluate import Evaluation
from adam.planning.values.creations import UnmatchedRecords


def unmatched_rows(dataset: str, source: UnmatchedRecords, data: Data, allowed: np.ndarray) -> Iterator[Finding]:
    """A warning with the distinct values of such records, and how many records have each; none if every record matches."""
    view = View(data, source.records.dataset, (source.records,), source.references)
    evaluation = Evaluation(view)
    selected = allowed[view.subject]
    if source.where is not None:
        selected = selected & true(evaluation.column(source.where, ValueKind.CONDITION)).to_numpy()
    for condition in source.taken:
        taken = true(evaluation.column(condition, ValueKind.CONDITION)).to_numpy() if condition is not None else True
        selected = selected & ~np.asarray(taken)
    columns = {name: evaluation.column(expr, source.table.kinds[name]) for name, expr in source.match.items()}
    rows = pd.DataFrame({name: source.table.column(name) for name in columns}).drop_duplicates()
    found = pd.DataFrame(columns).merge(rows, on=list(columns), how="left", indicator=True)
    outside = selected & (found["_merge"] == "left_only").to_numpy()
    if not outside.any():
        return
    unmatched = pd.DataFrame(columns)[outside]
    groups = unmatched.groupby(list(columns), dropna=False, sort=False)
    first, counts = np.zeros(len(outside), dtype=bool), groups.ngroup().value_counts()
    numbers = groups.ngroup().drop_duplicates()  # on the first record with each combination of values
    first[numbers.index[:SHOWN]] = True
    values = tuple(
        {**{name: printed(columns[name].iloc[row]) for name in columns}, "records": written(float(counts[number]))}
        for row, number in numbers.iloc[:SHOWN].items()
    )
    message = f"{source.family}: records of {source.records.dataset} match no row of table {source.table.name}, so they are in no parameter"
    cure = "Add rows, or write others: ignore"
    keys = keys_of(view, first)
    yield Finding("issue", Severity.WARNING, dataset, f"{message} ({cure})", int(outside.sum()), keys, source.mark, "PARAMCD", values=values)
