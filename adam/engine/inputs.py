"""Read the inputs of a record rule: the columns of each, and what is met while its expressions are evaluated."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import pandas as pd

from adam.catalog.derivation import Issue
from adam.catalog.input_functions import Late, VisitOn
from adam.catalog.record_rule import InputKind, InputRecords
from adam.core.kinds import is_true, missing_column
from adam.engine.dated import visit_on
from adam.engine.tables import taken
from adam.engine.view import Data, Extended, SelectedView, View
from adam.expressions.evaluate import Evaluation
from adam.expressions.tree import Expr
from adam.planning.values.creations import BoundInput, RecordCreation
from adam.planning.values.steps import CreateRecords


@dataclass
class Inputs:
    """The inputs of a rule by name: their records, the views these are read from, and the issues met on each.

    Evaluating an expression of `late` adds to the issues.
    """

    records: dict[str, InputRecords] = field(default_factory=dict)
    views: dict[str, View] = field(default_factory=dict)
    issues: dict[str, list[Issue]] = field(default_factory=dict)


def read_inputs(creation: RecordCreation, step: CreateRecords, data: Data, allowed: np.ndarray) -> Inputs:
    """Every input of a creation; `allowed` are the subjects of the dataset."""
    found = Inputs()
    for name, bound in creation.inputs.items():
        sets = None if bound.input.on is InputKind.SUBJECTS else bound.records
        view = View(data, bound.owner or step.target.dataset, sets, bound.references, bound.terms)
        issues: list[Issue] = []
        view, columns = _selected(bound, creation, step, view) if bound.input.on is InputKind.DOMAIN else (view, {})
        columns |= columns_of(bound, view, issues, columns, partial(_note_of, creation, step, data))
        if bound.input.on is InputKind.SUBJECTS:
            chosen = pd.Series(allowed, dtype="boolean")
            columns["where"] = columns["where"] & chosen if "where" in columns else chosen
        found.views[name], found.issues[name] = view, issues
        found.records[name] = InputRecords(view.subject, columns, bound.origins, late_of(bound, view, issues), _visit_on(bound, view), bound.absent)
    return found


def _selected(bound: BoundInput, creation: RecordCreation, step: CreateRecords, view: View) -> tuple[View, dict[str, pd.Series]]:
    """The records of a domain that `where` selects, so that nothing else is read of the others; all if the condition itself has issues."""
    expr = bound.input.columns.get("where")
    if expr is None or "where" in bound.absent:
        return view, {}
    evaluation = Evaluation(view)
    where = evaluation.column(expr, bound.kinds["where"])
    if evaluation.issues:
        return view, {}
    note("where", expr, where, creation, step, view.data)
    rows = np.flatnonzero(is_true(where))
    return SelectedView(view, rows), {"where": pd.Series(True, index=pd.RangeIndex(len(rows)), dtype="boolean")}


Note = Callable[[str, Expr, pd.Series], None]
"""Notes what a condition selects."""


def columns_of(bound: BoundInput, view: View, issues: list[Issue], without: Collection[str], selects: Note) -> dict[str, pd.Series]:
    """The columns of an input, `where` first: the others report issues only on the records it selects."""
    evaluation, columns = Evaluation(view), {}
    used = np.ones(len(view), dtype=bool)
    for column, expr in sorted(bound.input.columns.items(), key=lambda each: each[0] != "where"):
        if column in without:
            continue
        if column in bound.absent:
            columns[column] = missing_column(bound.kinds[column], view.index)
            continue
        with evaluation.reaching(used):
            columns[column] = evaluation.column(expr, bound.kinds[column])
        used = is_true(columns[column]) if column == "where" else used
        if expr.mark.line:  # not what a rule reads of its own accord
            issues += [Issue(met.text, met.mask, values=met.values) for met in evaluation.issues]
        evaluation.issues.clear()
        if column in ("where", "subjects"):
            selects(column, expr, columns[column])
    return columns


def _visit_on(bound: BoundInput, view: View) -> VisitOn:
    def find(subject: np.ndarray, date: pd.Series) -> pd.Series:
        assert bound.windows is not None, "the rule does not declare that it reads windows"
        return visit_on(view.data, view.owner, bound.windows, subject, date)

    return find


def late_of(bound: BoundInput, view: View, issues: list[Issue]) -> Late:
    """The function that evaluates the expressions of an input when the rule has the values they need."""

    def late(column: str, values: Mapping[str, pd.Series], rows: np.ndarray) -> pd.Series:
        inner = Evaluation(Extended(view, values, rows))
        result = inner.column(bound.input.late[column], bound.kinds[column])
        for met in inner.issues:
            mask, place = np.zeros(len(view), dtype=bool), np.full(len(view), -1)
            mask[rows[met.mask]], place[rows] = True, np.arange(len(rows))
            issues.append(Issue(met.text, mask, values={key: taken(shown, place) for key, shown in met.values.items()}))
        return result

    return late


def _note_of(creation: RecordCreation, step: CreateRecords, data: Data, column: str, expr: Expr, values: pd.Series) -> None:
    note(column, expr, values, creation, step, data)


def note(column: str, expr: Expr, values: pd.Series, creation: RecordCreation, step: CreateRecords, data: Data) -> None:
    """Gather what a condition of the specification selects; `allow_empty: true` of the parameter or dataset lets it be nothing."""
    if creation.allow_empty or not expr.mark.line:
        return
    parameter = step.target.parameter
    what = f"{parameter}: {column}: of {creation.rule.name}" if parameter else f"records: {column}:"
    data.matched.note(step.target.dataset, "", what, expr, is_true(values), creation.mark, block=parameter)
