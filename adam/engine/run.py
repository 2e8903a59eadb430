"""Run a plan over source frames: `build` is the one way in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import assert_never

import numpy as np
import pandas as pd

from adam.catalog.derivation import Issue
from adam.core.errors import AdamError, DerivationError, Finding, Mark
from adam.core.kinds import DTYPES, OF_TYPE, ValueKind, missing_column, true
from adam.core.memory import system_memory
from adam.engine import windows as window_rules
from adam.engine.blank import blank
from adam.engine.compute import compute
from adam.engine.create_records import create_records
from adam.engine.create_together import create_together
from adam.engine.gathered import Finished, gathered
from adam.engine.issues import columns_read, findings_of, summed
from adam.engine.source_dates import date_findings
from adam.engine.tables import Gathered, Piece, Subjects, Table, cast
from adam.engine.ties import Tied, tie_findings
from adam.engine.view import Data, View
from adam.expressions.evaluate import Evaluation
from adam.planning.values.plan import Plan
from adam.planning.values.record_sets import RecordSet, collected
from adam.planning.values.references import SUBJECTS
from adam.planning.values.sources import SourceDomain
from adam.planning.values.steps import AssignWindow, Compute, CreateRecords, CreateTogether, DescribeWindow, LeaveBlank, Step, TakeFromRule

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Built:
    """The datasets as derived, sorted, with the findings met on the way."""

    frames: Mapping[str, pd.DataFrame]
    findings: tuple[Finding, ...]


@contextmanager
def _located(mark: Mark, subject: str, what: str) -> Iterator[None]:
    """Report whatever fails within at a line of the specification."""
    try:
        yield
    except AdamError:
        raise
    except Exception as error:
        raise DerivationError(f"{mark}: {subject}: {what} failed: {error or type(error).__name__}") from error


@dataclass
class _Run:
    plan: Plan
    data: Data
    subjects: Subjects
    findings: list[Finding] = field(default_factory=list)
    tied: list[Tied] = field(default_factory=list)

    def load(self, source: SourceDomain, frame: pd.DataFrame | None) -> None:
        """Take a domain in: its subjects, the records the study reads, and the findings on its dates."""
        records = collected(source.name)
        if frame is None:
            self.data.tables[records] = Table(np.zeros(0, dtype="int64"))
            return
        table = Table(self.subjects.numbers(frame), collected={name: frame[name].reset_index(drop=True) for name in frame})
        self.data.tables[records] = table
        with _located(source.mark, source.name, "where"):
            self.select(source, table)
        self.findings += date_findings(source, table, View(self.data, source.name, (records,)))

    def select(self, source: SourceDomain, table: Table) -> None:
        """Drop the records of a domain that its `where` does not select."""
        condition = source.where
        if condition is None:
            return
        view = View(self.data, source.name, (collected(source.name),), condition.references)
        evaluation = Evaluation(view)
        selected = true(evaluation.column(condition.expr, ValueKind.CONDITION)).to_numpy()
        for met in evaluation.issues:
            self.findings += findings_of(source.name, "", met.text, met.mask, view, source.mark, values=met.values)
        if not source.allow_empty:
            self.data.matched.note(source.name, "", "where: of the source", condition.expr, selected, source.mark)
        table.subject = table.subject[selected]
        table.collected = {name: column[selected].reset_index(drop=True) for name, column in table.collected.items()}

    def warnings(self, source: SourceDomain) -> Iterator[Finding]:
        """What the study warns of in the records of a domain."""
        for text, condition in source.warnings.items():
            view = View(self.data, source.name, (collected(source.name),), condition.references)
            with _located(source.mark, source.name, "issues"):
                mask = true(Evaluation(view).column(condition.expr, ValueKind.CONDITION)).to_numpy()
            yield from findings_of(source.name, "", text, mask, view, source.mark, values=columns_read(view, condition.references))

    def step(self, step: Step) -> None:
        """Run one step."""
        match step:
            case CreateRecords() | CreateTogether():
                with _located(step.mark, str(step.records[0]), "records"):
                    self.findings += create_records(step, self.data) if isinstance(step, CreateRecords) else create_together(step, self.data)
            case Compute():
                self.compute(step)
            case TakeFromRule():
                self.take(step)
            case LeaveBlank():
                for records in step.records:
                    table = self.data.tables[records]
                    table.columns[step.variable] = missing_column(step.kind, pd.RangeIndex(len(table)))
            case AssignWindow():
                self.assign(step)
            case DescribeWindow():
                self.describe(step)
            case _:
                assert_never(step)

    def compute(self, step: Compute) -> None:
        """Compute a variable on the records of a step, all sets together."""
        formula, mark = step.formula, step.mark
        view = View(self.data, step.records[0].dataset, step.records, formula.references, formula.terms)
        with _located(mark, formula.subject, formula.call.name if formula.call is not None else "value"):
            copy = gathered(formula, view)
            if copy is not None:
                self.keep(step, copy)
                return
            result = compute(formula, view)
            for issue in result.issues:
                values = issue.values or columns_read(view, formula.references)
                self.findings += findings_of(view.owner, step.variable, issue.text, issue.mask, view, mark, issue.action, values)
            if result.tied is not None:
                self.tied.append(Tied(step.variable, step.records, result.tied, mark))
            self.keep(step, result.column)

    def keep(self, step: Compute | TakeFromRule, column: pd.Series | Gathered) -> None:
        """Give each set of records its part of a computed column."""
        start = 0
        for records in step.records:
            table = self.data.tables[records]
            alone = len(step.records) == 1 and isinstance(column, pd.Series)
            table.columns[step.variable] = column if alone else Piece(column, start, start + len(table))
            start += len(table)

    def take(self, step: TakeFromRule) -> None:
        """Keep a variable that the record rule set; blank on records it did not set it on."""
        tables = [self.data.tables[records] for records in step.records]
        if all(step.variable in table.columns and table.columns.kind(step.variable) == DTYPES[step.kind] for table in tables):
            self.keep(step, self.data.of_sets(step.records, step.variable))
            return
        for table in tables:
            column = table.columns.get(step.variable)
            table.columns[step.variable] = missing_column(step.kind, pd.RangeIndex(len(table))) if column is None else cast(column, step.kind)

    def assign(self, step: AssignWindow) -> None:
        """Assign the records of a step their windows."""
        windows, owner = step.windows, step.records[0].dataset
        view = View(self.data, owner, step.records, windows.references)
        with _located(windows.mark, owner, "windows"):
            evaluation = Evaluation(view)
            column = window_rules.assigned(windows, evaluation)
            for met in evaluation.issues:
                issue = Issue(met.text, met.mask, values=met.values)
                values = issue.values or columns_read(view, windows.references)
                self.findings += findings_of(owner, "", issue.text, issue.mask, view, windows.mark, issue.action, values)
            for table, piece in self.pieces(step.records, column):
                table.window = piece

    def describe(self, step: DescribeWindow) -> None:
        """Give the records of a step what their windows are: name, number, target day or range."""
        with _located(step.mark, f"{step.records[0].dataset}.{step.variable}", "WINDOW"):
            for records, basis in zip(step.records, step.bases, strict=True):
                view = View(self.data, records.dataset, (records,), step.windows.references)
                column = window_rules.described(step.variable, step.windows, basis, view)
                column = missing_column(step.kind, view.index) if column is None else column
                self.data.tables[records].columns[step.variable] = cast(column, step.kind)

    def pieces(self, sets: tuple[RecordSet, ...], column: pd.Series) -> Iterator[tuple[Table, pd.Series]]:
        """Each set of records with its piece of a column."""
        start = 0
        for records in sets:
            table = self.data.tables[records]
            yield table, column if len(sets) == 1 else column.iloc[start : start + len(table)].reset_index(drop=True)
            start += len(table)

    def frame(self, name: str) -> pd.DataFrame:
        """A finished dataset: its variables in order, its records sorted, missing first."""
        dataset = self.plan.datasets[name]
        view = View(self.data, name, self.data.records(name))
        kinds = {key: OF_TYPE[variable.type or "text"] for key, variable in dataset.variables.items()}
        rows = np.lexsort([view.places(key) for key in reversed(dataset.order)])
        finished = Finished(view, rows)
        return pd.DataFrame({key: finished.values(key, kind) for key, kind in kinds.items()}, index=pd.RangeIndex(len(rows)), copy=False)


def tables_of(plan: Plan, frames: Mapping[str, pd.DataFrame]) -> Data:
    """All records of a run with every variable, intermediate ones included; what a trace reads.

    Args:
        plan: what to do.
        frames: as for `build`.
    """
    subjects = Subjects(frames[SUBJECTS])
    run = _Run(plan, Data(plan, subjects.frame), subjects)
    for name, source in plan.sources.items():
        run.load(source, frames.get(name))
    for step in plan.steps:
        run.step(step)
    return run.data


@system_memory()
def build(plan: Plan, frames: Mapping[str, pd.DataFrame], progress: Progress | None = None) -> Built:
    """The datasets of a plan from source frames of some subjects.

    Args:
        plan: what to do.
        frames: by domain, text columns `str` with "" where there is nothing, numbers float64; each with STUDYID and USUBJID.
            A domain the study lets be absent may be left out.
        progress: called with the step, its number and how many there are.

    Raises:
        SourceError: the data are refused.
        DerivationError: a derivation failed.
    """
    subjects = Subjects(frames[SUBJECTS])
    run = _Run(plan, Data(plan, subjects.frame), subjects)
    for name, source in plan.sources.items():
        run.load(source, frames.get(name))
    for number, step in enumerate(plan.steps):
        if progress is not None:
            progress(str(step), number, len(plan.steps))
        run.step(step)
    for source in plan.sources.values():
        run.findings += run.warnings(source)
    run.findings += tie_findings(run.data, run.tied)
    run.findings += run.data.matched.findings()
    finished = {name: run.frame(name) for name in plan.datasets}
    for name, frame in finished.items():
        run.findings += blank(plan.datasets[name], frame)
        run.findings += window_rules.empty(plan.layouts[name].windows, plan.datasets[name], frame)
    return Built(finished, tuple(summed(run.findings)))
