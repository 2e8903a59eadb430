"""Read the one input of several parameters at once, each parameter of a subject as a subject of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from adam.catalog.derivation import Issue
from adam.catalog.record_rule import InputKind, InputRecords
from adam.core.kinds import is_true
from adam.engine.inputs import Inputs, columns_of, late_of, note
from adam.engine.view import Data, SelectedView, View
from adam.expressions.evaluate import Evaluation
from adam.expressions.tree import Expr
from adam.planning.values.creations import BoundInput
from adam.planning.values.steps import CreateRecords


class JointInputs(NamedTuple):
    """The input, and the number of the step that each of its records is read for; the records of a step follow one another."""

    inputs: Inputs
    part: np.ndarray


def read_together(steps: Sequence[CreateRecords], data: Data) -> JointInputs | None:
    """The input of all steps; None if a condition itself has issues, so that each step is run alone."""
    bounds = [next(iter(step.creations[0].inputs.values())) for step in steps]
    name, first = next(iter(steps[0].creations[0].inputs.items()))
    columns: dict[str, pd.Series] = {}
    if first.input.on is InputKind.DOMAIN and "where" in first.input.columns:
        selected = _selected(steps, bounds, data)
        if selected is None:
            return None
        view, part = selected
        columns = {"where": pd.Series(True, index=view.index, dtype="boolean")}
    else:
        sets = [each for bound in bounds for each in bound.records]
        view = View(data, first.owner, sets, first.references, first.terms)
        sizes = [sum(len(data.tables[each]) for each in bound.records) for bound in bounds]
        part = np.repeat(np.arange(len(steps)), sizes)
    issues: list[Issue] = []
    columns |= columns_of(first, view, issues, columns, lambda column, expr, values: _note(steps, part, column, expr, values, data))
    records = InputRecords(part * data.subjects + view.subject, columns, first.origins, late_of(first, view, issues), absent=first.absent)
    return JointInputs(Inputs({name: records}, {name: view}, {name: issues}), part)


def _selected(steps: Sequence[CreateRecords], bounds: Sequence[BoundInput], data: Data) -> tuple[View, np.ndarray] | None:
    """The records of a domain that the condition of each step selects."""
    first = bounds[0]
    view = View(data, first.owner, first.records, first.references, first.terms)
    evaluation = Evaluation(view)
    found = [evaluation.column(bound.input.columns["where"], bound.kinds["where"]) for bound in bounds]
    if evaluation.issues:
        return None
    for step, bound, where in zip(steps, bounds, found, strict=True):
        note("where", bound.input.columns["where"], where, step.creations[0], step, data)
    rows = [np.flatnonzero(is_true(where)) for where in found]
    part = np.repeat(np.arange(len(steps)), [len(each) for each in rows])
    return SelectedView(view, np.concatenate(rows)), part


def _note(steps: Sequence[CreateRecords], part: np.ndarray, column: str, expr: Expr, values: pd.Series, data: Data) -> None:
    """Note for each step what a condition selects among its records."""
    ends = np.searchsorted(part, np.arange(len(steps) + 1))
    for number, step in enumerate(steps):
        note(column, expr, values.iloc[ends[number] : ends[number + 1]], step.creations[0], step, data)
