"""The records that a summary, or a derivation along a dataset, reads for one record."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from adam.core.kinds import ValueKind, is_true
from adam.engine.joined_records import JoinedRecords
from adam.engine.ordering import groups, within_codes
from adam.engine.view import Data, View
from adam.expressions.evaluate import Evaluation
from adam.planning.values.formulas import Formula
from adam.planning.values.record_sets import RecordSet

Place = tuple[RecordSet, int]
"""A set of records and a row of it."""


def read_records(formula: Formula, data: Data, sets: Sequence[RecordSet], records: RecordSet, row: int) -> list[Place] | None:
    """The records that a formula reads for one record, those that its `where` selects; None if it reads that record alone.

    Args:
        formula: of a step.
        data: the records of the run.
        sets: those of the step, which are one group of records for a derivation along the dataset.
        records: the set of the record.
        row: its row there.
    """
    call = formula.call
    if call is None or not (call.along or call.joined):
        return None
    view = View(data, records.dataset, sets, formula.references, formula.terms)
    place = row + sum(len(data.tables[each]) for each in sets[: list(sets).index(records)])
    if call.along:
        return _along(formula, view, sets, place)
    found: list[Place] = []
    for path, read in call.joined.items():
        found += _joined(formula, view, read, place, conditional=not path)
    return found


def _along(formula: Formula, view: View, sets: Sequence[RecordSet], place: int) -> list[Place]:
    assert formula.call is not None
    evaluation = Evaluation(view)
    within = [evaluation.column(expr) for expr in formula.call.within]
    group = groups([view.subject, *within_codes(within)], np.ones(len(view), dtype=bool))
    rows = np.flatnonzero((group.number == group.number[place]) & _where(formula, evaluation, len(view)))
    return list(_places(view.data, sets, rows))


def _joined(formula: Formula, view: View, read: Sequence[RecordSet], place: int, *, conditional: bool) -> list[Place]:
    joined = JoinedRecords(view, read, formula.references)
    chosen = joined.group == joined.unit[place]
    if conditional:
        chosen &= _where(formula, Evaluation(joined), len(joined.index))
    return list(_places(view.data, read, joined.read[chosen]))


def _where(formula: Formula, evaluation: Evaluation, size: int) -> np.ndarray:
    assert formula.call is not None
    condition = formula.call.arguments.get("where")
    if condition is None:
        return np.ones(size, dtype=bool)
    return np.asarray(is_true(evaluation.column(condition, ValueKind.CONDITION)))


def _places(data: Data, sets: Sequence[RecordSet], rows: np.ndarray) -> list[Place]:
    """The set and the row there of rows that are numbered through several sets."""
    ends = np.cumsum([len(data.tables[each]) for each in sets])
    found = []
    for row in rows:
        which = int(np.searchsorted(ends, row, side="right"))
        found.append((sets[which], int(row - (ends[which - 1] if which else 0))))
    return found
