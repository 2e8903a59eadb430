"""Create the records of several parameters in one call of their rule, as if each parameter of a subject were a subject of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from adam.catalog.derivation import Issue
from adam.catalog.record_rule import NewRecords
from adam.engine.create_records import Issues, create_records, found_by, named_issues, table_of
from adam.engine.joint_inputs import read_together
from adam.engine.notes import Note
from adam.engine.tables import Columns, Piece, Table
from adam.engine.unmatched_rows import unmatched_rows
from adam.engine.view import Data, View
from adam.planning.values.steps import CreateRecords, CreateTogether


def create_together(step: CreateTogether, data: Data, allowed: np.ndarray) -> list[Note]:
    """Create the records of a step for some subjects and put them among the tables; the notes are those of each parameter."""
    steps, first = step.steps, step.steps[0]
    read = read_together(steps, data)
    if read is None:
        return [note.of_item(number) for number, each in enumerate(steps) for note in create_records(each, data, allowed)]
    (creation,) = first.creations
    new = creation.rule.create(creation.arguments, creation.context, read.inputs.records)
    notes = list(_notes(steps, new, read.inputs.views, named_issues(read.inputs), read.part, allowed))
    part, subject = np.divmod(new.subject, data.subjects)
    order = np.argsort(part, kind="stable")
    new = _sorted(replace(new, subject=subject), order)
    kept = allowed[new.subject]
    table = table_of(creation, new, read.inputs.views, kept)
    bounds = np.searchsorted(part[order][kept], np.arange(len(steps) + 1))
    for number, each in enumerate(steps):
        data.tables[each.target] = _slice(table, int(bounds[number]), int(bounds[number + 1]))
        unmatched = [note for source in each.unmatched for note in unmatched_rows(each.target.dataset, source, data, allowed)]
        notes += [note.of_item(number) for note in unmatched]
    return notes


def _sorted(new: NewRecords, order: np.ndarray) -> NewRecords:
    """New records in an order."""
    if (order[1:] > order[:-1]).all():
        return new
    return replace(
        new,
        subject=new.subject[order],
        given={name: column.iloc[order].reset_index(drop=True) for name, column in new.given.items()},
        row=None if new.row is None else new.row[order],
        rows_of={name: rows[order] for name, rows in new.rows_of.items()},
    )


def _slice(table: Table, start: int, stop: int) -> Table:
    """Some records of a table that follow one another; their columns stay pieces of its columns."""
    columns = Columns({name: Piece(column, start, stop) for name, column in table.columns.items()})
    rows = {domain: found[start:stop] for domain, found in table.rows.items()}
    origins = [(sets, found[start:stop]) for sets, found in table.origins]
    return Table(
        table.subject[start:stop], columns, rows=rows, rows_of={key: found[start:stop] for key, found in table.rows_of.items()}, origins=origins
    )


def _notes(
    steps: tuple[CreateRecords, ...], new: NewRecords, views: Mapping[str, View], issues: Issues, part: np.ndarray, allowed: np.ndarray
) -> list[Note]:
    """What the rule and the expressions report, parameter by parameter."""
    masks = [*(mask for _, mask in new.issues), *(issue.mask for _, issue in issues), *(each.mask for each in new.ambiguities)]
    concerned = np.unique(part[np.logical_or.reduce(masks)]) if masks else ()
    found: list[Note] = []
    for number in concerned:
        mine, (creation,) = part == number, steps[number].creations
        of_rule = replace(
            new,
            issues=tuple((text, mask & mine) for text, mask in new.issues),
            ambiguities=tuple(replace(each, mask=each.mask & mine) for each in new.ambiguities),
        )
        of_expressions: list[tuple[str, Issue]] = [(name, replace(issue, mask=issue.mask & mine)) for name, issue in issues]
        notes = found_by(creation, steps[number].target.dataset, of_rule, views, tuple(of_expressions), allowed)
        found += [note.of_item(int(number)) for note in notes]
    return found
