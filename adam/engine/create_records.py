"""Create the records of a set: read the inputs of each creation, run its rule, put the records together."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from adam.catalog.derivation import Action, Issue
from adam.catalog.record_rule import InputKind, NewRecords
from adam.catalog.shared_rule import SharedRecordRule
from adam.core.kinds import ValueKind, is_true, missing_column
from adam.engine.inputs import Inputs, read_inputs
from adam.engine.issues import columns_read, notes_of, together
from adam.engine.notes import Note
from adam.engine.tables import Columns, Table, joined, taken
from adam.engine.unmatched_rows import unmatched_rows
from adam.engine.view import Data, View
from adam.expressions.evaluate import Evaluation
from adam.planning.values.creations import RecordCreation
from adam.planning.values.record_sets import RecordOrigin, RecordSet
from adam.planning.values.steps import CreateRecords


def create_records(step: CreateRecords, data: Data, allowed: np.ndarray) -> list[Note]:
    """Create the records of a step for some subjects and put them among the tables; the notes are returned."""
    owner = step.target.dataset
    if step.target.origin is RecordOrigin.EACH_SUBJECT:
        data.tables[step.target] = Table(np.flatnonzero(allowed))
        return []
    pieces: list[Table] = []
    notes: list[Note] = []
    seen: list[pd.MultiIndex] = []
    for creation in step.creations:
        new, views, issues = _created(creation, step, data, allowed)
        notes += found_by(creation, owner, new, views, issues, allowed)
        kept = allowed[new.subject] & _first_to_have(new, seen)
        pieces.append(table_of(creation, new, views, kept))
    data.tables[step.target] = _together(pieces)
    for source in step.unmatched:
        notes += unmatched_rows(owner, source, data, allowed)
    return notes


Issues = tuple[tuple[str, Issue], ...]
"""Issues, each with the name of the input whose records it is of."""


def found_by(creation: RecordCreation, owner: str, new: NewRecords, views: Mapping[str, View], issues: Issues, allowed: np.ndarray) -> list[Note]:
    """What the rule and the expressions of the specification report, on the subjects of the dataset."""
    notes: list[Note] = []
    first, view = next(iter(views.items()))
    read = columns_read(view, creation.inputs[first].references) if issues or new.issues else {}
    for text, mask in new.issues:
        notes += notes_of(owner, "", text, mask & allowed[view.subject], view, creation.mark, values=read)
    for name, issue in issues:
        mask = issue.mask & allowed[views[name].subject]
        notes += notes_of(owner, "", issue.text, mask, views[name], creation.mark, values=issue.values or (read if name == first else {}))
    for ambiguity in new.ambiguities:
        of = views[ambiguity.base] if ambiguity.base else view
        action = Action.ERROR if ambiguity.error else Action.WARN
        text = f"{creation.context.parameter}: {ambiguity.text}" if ambiguity.named else ambiguity.text
        notes += notes_of(owner, "", text, ambiguity.mask & allowed[of.subject], of, creation.mark, action, ambiguity.shown)
    return notes


def _created(creation: RecordCreation, step: CreateRecords, data: Data, allowed: np.ndarray) -> tuple[NewRecords, Mapping[str, View], Issues]:
    """The records a rule creates, and from what. The half that parameters share is done once, and its issues are reported once."""
    rule, arguments, context = creation.rule, creation.arguments, creation.context
    if not issubclass(rule, SharedRecordRule):
        inputs = read_inputs(creation, step, data, allowed)
        return rule.create(arguments, context, inputs.records), inputs.views, named_issues(inputs)
    key = (step.target.dataset, rule.name, rule.shared(arguments))
    issues: Issues = ()
    if key not in data.shared:
        inputs = read_inputs(creation, step, data, allowed)
        prepared = rule.prepare(arguments, context, inputs.records)
        data.shared[key] = prepared.value, inputs.views
        first = next(iter(inputs.views))
        issues = (*named_issues(inputs), *((first, Issue(text, mask)) for text, mask in prepared.issues))
    value, views = data.shared[key]
    return rule.finish(arguments, context, value), views, issues


def named_issues(inputs: Inputs) -> Issues:
    """What the expressions of the specification report, with the name of the input."""
    return tuple((name, issue) for name, issues in inputs.issues.items() for issue in together(issues, dict))


def _first_to_have(new: NewRecords, seen: list[pd.MultiIndex]) -> np.ndarray:
    """Which records are of an assessment that no earlier creation has; they are noted."""
    if new.assessment is None:
        return np.ones(len(new.subject), dtype=bool)
    visit, date = new.assessment
    assessments = pd.MultiIndex.from_arrays([new.subject, visit.fillna(np.inf), date.to_numpy().astype("int64")])
    first = np.ones(len(new.subject), dtype=bool)
    known = (visit.notna() | date.notna()).to_numpy()  # without a visit and a date a record is no assessment that another one could have
    for earlier in seen:
        first &= ~(assessments.isin(earlier) & known)
    seen.append(assessments)
    return first


def allowed_subjects(step: CreateRecords, data: Data) -> np.ndarray:
    """Which subjects the dataset and the parameter are of."""
    allowed = np.ones(data.subjects, dtype=bool)
    for condition, what, mark in ((step.subjects, "", step.dataset_mark), (step.parameter_subjects, f"{step.target.parameter}: ", step.mark)):
        if condition is None:
            continue
        key = (step.target.dataset, condition.expr)
        if key not in data.selected:
            view = View(data, step.target.dataset, None, condition.references)
            data.selected[key] = is_true(Evaluation(view).column(condition.expr, ValueKind.CONDITION))
        selected = data.selected[key]
        if not (step.allow_empty or (what and any(each.allow_empty for each in step.creations))):
            data.matched.note(step.target.dataset, "", f"{what}subjects:", condition.expr, selected, mark, of_subjects=True)
        allowed &= selected
    return allowed


def table_of(creation: RecordCreation, new: NewRecords, views: Mapping[str, View], kept: np.ndarray) -> Table:
    """The new records that are kept, with what the rule sets, what they copy and where they come from."""
    columns = Columns({name: column[kept].reset_index(drop=True) for name, column in new.given.items() if name not in creation.left})
    table = Table(new.subject[kept], columns)
    if new.row is None:
        return table
    rows, view, source = new.row[kept], views[new.base], creation.inputs[new.base].input
    if creation.rule.duplicates:
        table.rows, table.rows_of = _same_sources(view, rows)
    if source.on is InputKind.DOMAIN:
        table.rows[source.names[0]] = view.rows_of_parts(rows)
        table.rows_of = {(source.names[0], name): view.rows_of_parts(each[kept]) for name, each in new.rows_of.items()}
        return table
    if source.on is not InputKind.SUBJECTS:
        table.origins = [(tuple(view.sets), view.rows_of_parts(rows))]
    for name in creation.copied:
        if name not in columns:
            columns[name] = taken(view.own(name), rows)
    return table


def _same_sources(view: View, rows: np.ndarray) -> tuple[dict[str, np.ndarray], dict[tuple[str, str], np.ndarray]]:
    """The source records of some records of a view, by domain, and those of single variables."""
    domains = dict.fromkeys(domain for part in view.parts for domain in part.rows)
    differing = dict.fromkeys(key for part in view.parts for key in part.rows_of)
    of_domain = {domain: np.concatenate([part.rows.get(domain, np.full(len(part), -1)) for part in view.parts])[rows] for domain in domains}
    return of_domain, {key: np.concatenate([part.source_rows(*key) for part in view.parts])[rows] for key in differing}


def _together(pieces: list[Table]) -> Table:
    """The records of several creations one after another."""
    if len(pieces) == 1:
        return pieces[0]
    names = dict.fromkeys(name for piece in pieces for name in piece.columns)
    domains = dict.fromkeys(domain for piece in pieces for domain in piece.rows)
    columns = Columns({name: joined([_piece(piece, name, pieces) for piece in pieces]) for name in names})
    rows = {domain: np.concatenate([piece.rows.get(domain, np.full(len(piece), -1)) for piece in pieces]) for domain in domains}
    differing = dict.fromkeys(key for piece in pieces for key in piece.rows_of)
    rows_of = {key: np.concatenate([piece.source_rows(*key) for piece in pieces]) for key in differing}
    return Table(np.concatenate([piece.subject for piece in pieces]), columns, rows=rows, rows_of=rows_of, origins=_origins(pieces))


def _origins(pieces: list[Table]) -> list[tuple[tuple[RecordSet, ...], np.ndarray]]:
    """What the records of several creations are made from, each among the records of all."""
    total, start, found = sum(map(len, pieces)), 0, []
    for piece in pieces:
        for sets, rows in piece.origins:
            whole = np.full(total, -1)
            whole[start : start + len(piece)] = rows
            found.append((sets, whole))
        start += len(piece)
    return found


def _piece(piece: Table, name: str, pieces: list[Table]) -> pd.Series:
    if name in piece.columns:
        return piece.columns[name]
    dtype = next(other.columns[name].dtype for other in pieces if name in other.columns)
    kind = ValueKind.TEXT if dtype == "str" else ValueKind.DATE if dtype.kind == "M" else ValueKind.NUMBER
    return missing_column(kind, pd.RangeIndex(len(piece)))
