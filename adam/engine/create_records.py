"""Make the records of a part: read the bases, run each kind, put the pieces together."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from adam.catalog.derivation import Action, Issue
from adam.catalog.record_rule import Input, InputKind, InputRecords, NewRecords, SharedRecordRule
from adam.core.errors import Finding
from adam.core.kinds import ValueKind, missing_column, true
from adam.engine.issues import columns_read, findings_of, together
from adam.engine.tables import Table, joined, taken
from adam.engine.view import Data, Extended, View
from adam.expressions.evaluate import Evaluation
from adam.expressions.tree import Expr, Name
from adam.plan.graph import Graph
from adam.plan.names import kind_by_name
from adam.plan.parts import EACH, RecordCreation, Terms
from adam.plan.record_sets import subject_condition
from adam.plan.references import Reference


def make(graph: Graph, data: Data, owner: str, code: str) -> list[Finding]:
    """Make the records of one part and put them among the tables; what is to be said comes back."""
    dataset, part = graph.dataset(owner), graph.parts[owner][code]
    allowed = _subjects(graph, data, owner)
    if code == EACH:
        data.tables[owner, code] = Table(np.flatnonzero(allowed))
        return []
    pieces: list[Table] = []
    findings: list[Finding] = []
    seen: list[pd.MultiIndex] = []
    for making in graph.makings.of(dataset, part):
        made, views, issues = _made(graph, data, owner, code, making, allowed)
        first, view = next(iter(views.items()))
        read = columns_read(view, making.refs[first]) if issues or made.issues else {}
        for text, mask in made.issues:
            findings += findings_of(owner, "", text, mask & allowed[view.subject], view, making.mark, values=read)
        for base, issue in issues:
            mine = issue.mask & allowed[views[base].subject]
            findings += findings_of(owner, "", issue.text, mine, views[base], making.mark, values=issue.values or (read if base == first else {}))
        for doubt in made.doubts:
            of = views[doubt.base] if doubt.base else view
            mine = doubt.mask & allowed[of.subject]
            action = Action.ERROR if doubt.error else Action.WARN
            findings += findings_of(owner, "", doubt.text, mine, of, making.mark, action, doubt.shown)
        kept = allowed[made.subject] & _first_to_have(made, seen)
        pieces.append(_table(graph, owner, making, made, views, kept))
    data.tables[owner, code] = _together(pieces)
    return findings


Issues = tuple[tuple[str, Issue], ...]
"""Issues, each with the name of the base whose records it is of."""


def _made(
    graph: Graph, data: Data, owner: str, code: str, making: RecordCreation, allowed: np.ndarray
) -> tuple[NewRecords, Mapping[str, View], Issues]:
    """What a kind makes, and from what. The half that parameters share is done once, and its issues are told once."""
    if not issubclass(making.kind, SharedRecordRule):
        read, views, met = _read_all(graph, data, owner, code, making, allowed)
        made = making.kind.make(making.arguments, making.facts, read)
        return made, views, _named(met)
    key = (owner, making.kind.name, making.kind.shared(making.arguments))
    issues: Issues = ()
    if key not in data.shared:
        read, views, met = _read_all(graph, data, owner, code, making, allowed)
        prepared = making.kind.prepare(making.arguments, making.facts, read)
        data.shared[key] = prepared.value, views
        first = next(iter(views))
        issues = (*_named(met), *((first, Issue(text, mask)) for text, mask in prepared.issues))
    value, views = data.shared[key]
    return making.kind.finish(making.arguments, making.facts, value), views, issues


def _read_all(
    graph: Graph, data: Data, owner: str, code: str, making: RecordCreation, allowed: np.ndarray
) -> tuple[dict[str, InputRecords], dict[str, View], dict[str, list[Issue]]]:
    """The bases, their views, and what is met on each, to which evaluating an expression of `late` adds."""
    found = {name: _read(graph, data, owner, code, making, name, allowed) for name in making.bases}
    met = {name: issues for name, (_, _, issues) in found.items()}
    return {name: read for name, (read, _, _) in found.items()}, {name: view for name, (_, view, _) in found.items()}, met


def _named(met: Mapping[str, list[Issue]]) -> Issues:
    return tuple((name, issue) for name, issues in met.items() for issue in together(issues))


def _first_to_have(made: NewRecords, seen: list[pd.MultiIndex]) -> np.ndarray:
    """Which records are of an assessment no earlier entry has; they are noted."""
    if made.assessment is None:
        return np.ones(len(made.subject), dtype=bool)
    visit, date = made.assessment
    assessments = pd.MultiIndex.from_arrays([made.subject, visit.fillna(np.inf), date.to_numpy().astype("int64")])
    new = np.ones(len(made.subject), dtype=bool)
    told = (visit.notna() | date.notna()).to_numpy()  # without a visit and a date a record is no assessment that another one could have
    for earlier in seen:
        new &= ~(assessments.isin(earlier) & told)
    seen.append(assessments)
    return new


def _subjects(graph: Graph, data: Data, owner: str) -> np.ndarray:
    """Which subjects the dataset is of."""
    dataset = graph.dataset(owner)
    everyone = np.ones(data.subjects, dtype=bool)
    if dataset.subjects is None:
        return everyone
    refs = subject_condition(graph.catalogue, graph.programs, dataset)
    view = _each_subject(data, owner, refs)
    chosen = true(Evaluation(view).column(dataset.subjects, ValueKind.CONDITION)).to_numpy()
    if not dataset.allow_empty:
        data.matched.note(owner, "", "subjects:", dataset.subjects, chosen, dataset.mark)
    return chosen


def _each_subject(data: Data, owner: str, refs: Mapping[Name, Reference]) -> View:
    """One record for each subject, to ask what is known of it."""
    data.tables[owner, "*subjects"] = Table(np.arange(data.subjects))
    return View(data, owner, ["*subjects"], refs, {})


def _read(
    graph: Graph, data: Data, owner: str, code: str, making: RecordCreation, name: str, allowed: np.ndarray
) -> tuple[InputRecords, View, list[Issue]]:
    """The columns of a base, and what was met in the expressions of the specification, on the records that `where` selects."""
    base, refs = making.bases[name], making.refs[name]
    view = _view(graph, data, owner, code, base, refs, making.terms[name])
    evaluation, columns = Evaluation(view), {}
    used = np.ones(len(view), dtype=bool)
    issues: list[Issue] = []

    def late(column: str, values: Mapping[str, pd.Series], rows: np.ndarray) -> pd.Series:
        inner = Evaluation(Extended(view, values, rows))
        result = inner.column(base.late[column], making.kinds[name, column])
        for met in inner.issues:
            mask, place = np.zeros(len(view), dtype=bool), np.full(len(view), -1)
            mask[rows[met.mask]], place[rows] = True, np.arange(len(rows))
            issues.append(Issue(met.text, mask, values={key: taken(shown, place) for key, shown in met.values.items()}))
        return result

    for column, expr in sorted(base.columns.items(), key=lambda each: each[0] != "where"):
        if (name, column) in making.absent:
            columns[column] = missing_column(kind_by_name(f"XX{column}"), view.index)
            continue
        with evaluation.reaching(used):
            columns[column] = evaluation.column(expr, making.kinds[name, column])
        used = true(columns[column]).to_numpy() if column == "where" else used
        if expr.mark.line:  # not what a kind reads of its own accord
            issues += [Issue(met.text, met.mask, values=met.values) for met in evaluation.issues]
        evaluation.issues.clear()
        _note(graph, data, owner, code, making, column, expr, columns[column])
    subject = view.subject
    if base.on is InputKind.SUBJECTS:
        columns["where"] = columns["where"] & pd.Series(allowed, dtype="boolean")
    origin = {column: variable for (of, column), variable in making.origin.items() if of == name}
    return InputRecords(subject, columns, origin, late), view, issues


def _note(graph: Graph, data: Data, owner: str, code: str, making: RecordCreation, column: str, expr: Expr, values: pd.Series) -> None:
    """Gather what a condition that the specification states selects; `allow_empty: true` of the parameter or dataset says it may be nothing."""
    dataset, parameter = graph.dataset(owner), graph.parts[owner][code].parameter
    if column not in ("where", "subjects") or not expr.mark.line or dataset.allow_empty or (parameter is not None and parameter.allow_empty):
        return
    what = f"{parameter.name}: {column}: of {making.kind.name}" if parameter else f"records: {column}:"
    data.matched.note(owner, "", what, expr, true(values).to_numpy(), making.mark)


def _view(graph: Graph, data: Data, owner: str, code: str, base: Input, refs: Mapping[Name, Reference], terms: Terms) -> View:
    match base.on:
        case InputKind.DOMAIN:
            return View(data, base.names[0], data.kept.get(base.names[0], [""]), refs, terms)
        case InputKind.PARAMETERS:
            codes = [each for name in base.names for each in (name, f"{name}+") if each in graph.parts[owner]]
            return View(data, owner, codes, refs, terms)
        case InputKind.OWN:
            return View(data, owner, [code.rstrip("+")], refs, terms)
        case InputKind.EACH:
            return View(data, owner, [EACH], refs, terms)
        case InputKind.CANDIDATES:
            return View(data, owner, [f"{code}{EACH}"], refs, terms)
        case InputKind.SUBJECTS:
            return _each_subject(data, owner, refs)


def _table(graph: Graph, owner: str, making: RecordCreation, made: NewRecords, views: Mapping[str, View], kept: np.ndarray) -> Table:
    """The new records that are kept, with what they are given, carry over and come from."""
    columns = {name: column[kept].reset_index(drop=True) for name, column in made.given.items() if name not in making.left}
    table = Table(made.subject[kept], columns)
    if made.row is None:
        return table
    rows, view = made.row[kept], views[made.base]
    base = making.bases[made.base]
    if base.on is InputKind.DOMAIN:
        table.rows[base.names[0]] = rows
    elif making.kind.carries:
        dataset = graph.dataset(owner)
        for name in dataset.copied:
            if name not in columns:
                columns[name] = taken(view.own(name), rows)
    return table


def _together(pieces: list[Table]) -> Table:
    """The records of several entries one after another."""
    if len(pieces) == 1:
        return pieces[0]
    names = dict.fromkeys(name for piece in pieces for name in piece.columns)
    domains = dict.fromkeys(domain for piece in pieces for domain in piece.rows)
    columns = {name: joined([_piece(piece, name, pieces) for piece in pieces]) for name in names}
    rows = {domain: np.concatenate([piece.rows.get(domain, np.full(len(piece), -1)) for piece in pieces]) for domain in domains}
    return Table(np.concatenate([piece.subject for piece in pieces]), columns, rows=rows)


def _piece(piece: Table, name: str, pieces: list[Table]) -> pd.Series:
    if name in piece.columns:
        return piece.columns[name]
    dtype = next(other.columns[name].dtype for other in pieces if name in other.columns)
    kind = ValueKind.TEXT if dtype == "str" else ValueKind.DATE if dtype.kind == "M" else ValueKind.NUMBER
    return missing_column(kind, pd.RangeIndex(len(piece)))
