"""Report the source records that match no row of the table of a parameter family, and so are in no parameter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple, Self

import numpy as np
import pandas as pd

from adam.catalog.derivation import Action
from adam.core.errors import Finding, Severity
from adam.core.kinds import ValueKind, is_true
from adam.core.numerals import written
from adam.engine.issues import keys_of, printed
from adam.engine.notes import RANKS, SHOWN, Note, Place, first_rows
from adam.engine.view import Data, View
from adam.expressions.evaluate import Evaluation
from adam.planning.values.creations import UnmatchedRecords


def unmatched_rows(dataset: str, source: UnmatchedRecords, data: Data, allowed: np.ndarray) -> Iterator[Note]:
    """A note with the distinct values of such records, and how many records have each; none if every record matches."""
    view = View(data, source.records.dataset, (source.records,), source.references)
    evaluation = Evaluation(view)
    selected = allowed[view.subject]
    if source.where is not None:
        selected = selected & is_true(evaluation.column(source.where, ValueKind.CONDITION))
    for condition in source.taken:
        taken = is_true(evaluation.column(condition, ValueKind.CONDITION)) if condition is not None else True
        selected = selected & ~np.asarray(taken)
    columns = {name: evaluation.column(expr, source.table.kinds[name]) for name, expr in source.match.items()}
    rows = pd.DataFrame({name: source.table.column(name) for name in columns}).drop_duplicates()
    found = pd.DataFrame(columns).merge(rows, on=list(columns), how="left", indicator=True)
    outside = selected & (found["_merge"] == "left_only").to_numpy()
    if not outside.any():
        return
    numbers = pd.DataFrame(columns)[outside].groupby(list(columns), dropna=False, sort=False).ngroup()
    counts, concerned = numbers.value_counts(), first_rows(outside, view.subject, None)
    first = concerned[~numbers[concerned].duplicated().to_numpy()]  # the first record with each combination of values
    message = f"{source.family}: records of {source.records.dataset} match no row of table {source.table.name}, so they are in no parameter"
    place = Place(
        dataset=dataset, variable="PARAMCD", rank=RANKS[Action.WARN], text=f"{message} (Add rows, or write others: ignore)", mark=source.mark
    )
    yield UnmatchedRowsNote(
        place,
        tuple(
            Combination({name: printed(column.iloc[row]) for name, column in columns.items()}, key, int(counts[numbers[row]]), int(view.subject[row]))
            for row, key in zip(first, keys_of(view, first), strict=True)
        ),
    )


class Combination(NamedTuple):
    """Records with the same values: how many, and the key and the subject of the first one."""

    values: dict[str, str]
    key: dict[str, str]
    records: int
    subject: int


@dataclass(frozen=True)
class UnmatchedRowsNote(Note):
    """The records that match no row, by their values, in the order of the subjects."""

    combinations: tuple[Combination, ...]

    def closed(self) -> Self:
        """The note without the numbers of the subjects."""
        return replace(self, combinations=tuple(each._replace(subject=0) for each in self.combinations))

    def joined(self, other: Self) -> Self:
        """The records of both."""
        found: dict[tuple[str, ...], Combination] = {}
        for each in sorted((*self.combinations, *other.combinations), key=lambda each: each.subject):
            values = tuple(each.values.values())
            found[values] = found[values]._replace(records=found[values].records + each.records) if values in found else each
        return replace(self, combinations=tuple(found.values()))

    def findings(self) -> Iterator[Finding]:
        """One finding with the first combinations."""
        place, shown = self.place, self.combinations[:SHOWN]
        values = tuple({**each.values, "records": written(float(each.records))} for each in shown)
        count, keys = sum(each.records for each in self.combinations), tuple(each.key for each in shown)
        yield Finding("issue", Severity.WARNING, place.dataset, place.text, count, keys, place.mark, place.variable, values=values)
