"""The domains of a run: take them in, select their records, note what the study warns of."""

from __future__ import annotations

import numpy as np
import pandas as pd

from adam.core.kinds import ValueKind, is_true
from adam.engine.issues import columns_read, notes_of
from adam.engine.located import located
from adam.engine.notes import Note
from adam.engine.source_dates import date_notes
from adam.engine.tables import Subjects, Table
from adam.engine.view import Data, View
from adam.expressions.evaluate import Evaluation
from adam.planning.values.record_sets import collected
from adam.planning.values.sources import SourceDomain


def load(source: SourceDomain, frame: pd.DataFrame | None, data: Data, subjects: Subjects) -> list[Note]:
    """Take a domain in: its subjects, and the records the study reads; with the notes on its condition and its dates."""
    records = collected(source.name)
    if frame is None:
        data.tables[records] = Table(np.zeros(0, dtype="int64"))
        return []
    table = Table(subjects.numbers(frame), collected={name: frame[name].reset_index(drop=True) for name in frame})
    data.tables[records] = table
    with located(source.mark, source.name, "where"):
        notes = _select(source, table, data)
    return [*notes, *date_notes(source, table, View(data, source.name, (records,)))]


def _select(source: SourceDomain, table: Table, data: Data) -> list[Note]:
    """Drop the records of a domain that its `where` does not select."""
    condition = source.where
    if condition is None:
        return []
    view = View(data, source.name, (collected(source.name),), condition.references)
    evaluation = Evaluation(view)
    selected = is_true(evaluation.column(condition.expr, ValueKind.CONDITION))
    notes: list[Note] = []
    for met in evaluation.issues:
        notes += notes_of(source.name, "", met.text, met.mask, view, source.mark, values=met.values)
    if not source.allow_empty:
        data.matched.note(source.name, "", "where: of the source", condition.expr, selected, source.mark)
    table.subject = table.subject[selected]
    table.collected = {name: column[selected].reset_index(drop=True) for name, column in table.collected.items()}
    return notes


def warned(source: SourceDomain, data: Data) -> list[Note]:
    """What the study warns of in the records of a domain."""
    notes: list[Note] = []
    for text, condition in source.warnings.items():
        view = View(data, source.name, (collected(source.name),), condition.references)
        with located(source.mark, source.name, "issues"):
            mask = is_true(Evaluation(view).column(condition.expr, ValueKind.CONDITION))
        notes += notes_of(source.name, "", text, mask, view, source.mark, values=columns_read(view, condition.references))
    return notes
