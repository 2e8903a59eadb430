"""Run a plan over source frames: `build_part` derives some subjects, `build` all of them at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import assert_never

import pandas as pd

from adam.core.coded_text import as_codes
from adam.core.errors import AdamError, Finding
from adam.core.kinds import DTYPES, OF_TYPE, missing_column
from adam.core.memory import system_memory
from adam.core.ordering import rows_in_order
from adam.engine import windows as window_rules
from adam.engine.blank import blank
from adam.engine.compute import compute
from adam.engine.create_records import allowed_subjects, create_records
from adam.engine.create_together import create_together
from adam.engine.gathered import Finished, gathered
from adam.engine.issues import columns_read, notes_of
from adam.engine.load import load, warned
from adam.engine.located import located
from adam.engine.notes import LAST, Failure, Note, Notes, Place, Stage, closed_notes, merge_notes
from adam.engine.tables import Gathered, Piece, Subjects, Table, cast
from adam.engine.ties import Tied, tie_notes
from adam.engine.view import Data, View
from adam.expressions.evaluate import Evaluation
from adam.planning.values.plan import Plan
from adam.planning.values.record_sets import RecordSet
from adam.planning.values.references import SUBJECTS
from adam.planning.values.steps import AssignWindow, Compute, CreateRecords, CreateTogether, DescribeWindow, LeaveBlank, Step, TakeFromRule

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Built:
    """The datasets as derived, sorted, with the findings met on the way."""

    frames: Mapping[str, pd.DataFrame]
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class PartBuilt:
    """The datasets of one part of the subjects, sorted, and what becomes findings when the notes of all parts are merged.

    A part that is `stopped`, by an error or because its input is refused, has no datasets: `merge_notes` raises the error.
    """

    frames: Mapping[str, pd.DataFrame]
    notes: Notes
    stopped: bool = False


@dataclass
class _Run:
    plan: Plan
    data: Data
    subjects: Subjects
    notes: list[Note] = field(default_factory=list)
    tied: list[Tied] = field(default_factory=list)
    stopped: bool = False

    @contextmanager
    def at(self, stage: Stage, number: int) -> Iterator[None]:
        """What is noted within is in this place. An error stops the run, as a note: another part may have one in an earlier place."""
        start = len(self.notes)
        self.data.matched.step = number if stage is Stage.STEPS else number - len(self.plan.sources)
        try:
            yield
        except AdamError as error:
            self.notes.append(Failure(Place(item=LAST), error))
        self.notes[start:] = [note.at(stage, number) for note in self.notes[start:]]
        self.stopped = any(note.stops for note in self.notes[start:])

    def step(self, step: Step) -> None:
        """Run one step."""
        match step:
            case CreateRecords() | CreateTogether():
                self.create(step)
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

    def create(self, step: CreateRecords | CreateTogether) -> None:
        """Create the records of a step."""
        with located(step.mark, str(step.records[0]), "records"):
            if isinstance(step, CreateRecords):
                self.notes += create_records(step, self.data, allowed_subjects(step, self.data))
            else:
                self.notes += create_together(step, self.data, allowed_subjects(step.steps[0], self.data))

    def compute(self, step: Compute) -> None:
        """Compute a variable on the records of a step, all sets together."""
        formula, mark = step.formula, step.mark
        view = View(self.data, step.records[0].dataset, step.records, formula.references, formula.terms)
        with located(mark, formula.subject, formula.call.name if formula.call is not None else "value"):
            copy = gathered(formula, view)
            if copy is not None:
                self.keep(step.variable, step.records, copy)
                return
            result = compute(formula, view)
            for issue in result.issues:
                values = issue.values or (columns_read(view, formula.references) if issue.mask.any() else {})
                self.notes += notes_of(view.owner, step.variable, issue.text, issue.mask, view, mark, issue.action, values, issue.counts)
            if result.tied is not None:
                self.tied.append(Tied(step.variable, step.records, result.tied, mark, self.data.matched.step))
            self.keep(step.variable, step.records, result.column)

    def keep(self, variable: str, sets: tuple[RecordSet, ...], column: pd.Series | Gathered) -> None:
        """Give each set of records its part of a computed column."""
        column = as_codes(column) if isinstance(column, pd.Series) else column
        start = 0
        for records in sets:
            table = self.data.tables[records]
            alone = len(sets) == 1 and isinstance(column, pd.Series)
            table.columns[variable] = column if alone else Piece(column, start, start + len(table))
            start += len(table)

    def take(self, step: TakeFromRule) -> None:
        """Keep a variable that the record rule set; blank on records it did not set it on."""
        tables = [self.data.tables[records] for records in step.records]
        if all(step.variable in table.columns and table.columns.kind(step.variable) == DTYPES[step.kind] for table in tables):
            self.keep(step.variable, step.records, self.data.of_sets(step.records, step.variable))
            return
        for table in tables:
            column = table.columns.get(step.variable)
            table.columns[step.variable] = missing_column(step.kind, pd.RangeIndex(len(table))) if column is None else cast(column, step.kind)

    def assign(self, step: AssignWindow) -> None:
        """Assign the records of a step their windows."""
        windows, owner = step.windows, step.records[0].dataset
        view = View(self.data, owner, step.records, windows.references)
        with located(windows.mark, owner, "windows"):
            evaluation = Evaluation(view)
            column = window_rules.assigned(windows, evaluation)
            for met in evaluation.issues:
                values = met.values or columns_read(view, windows.references)
                self.notes += notes_of(owner, "", met.text, met.mask, view, windows.mark, values=values)
            for table, piece in self.pieces(step.records, column):
                table.window = piece

    def describe(self, step: DescribeWindow) -> None:
        """Give the records of a step what their windows are: name, number, target day or range."""
        with located(step.mark, f"{step.records[0].dataset}.{step.variable}", "WINDOW"):
            for basis in dict.fromkeys(step.bases):
                sets = tuple(records for records, each in zip(step.records, step.bases, strict=True) if each is basis)
                view = View(self.data, sets[0].dataset, sets, step.windows.references)
                column = window_rules.described(step.variable, step.windows, basis, view)
                column = missing_column(step.kind, view.index) if column is None else column
                self.keep(step.variable, sets, cast(column, step.kind))

    def pieces(self, sets: tuple[RecordSet, ...], column: pd.Series) -> Iterator[tuple[Table, pd.Series]]:
        """Each set of records with its piece of a column."""
        start = 0
        for records in sets:
            table = self.data.tables[records]
            yield table, column if len(sets) == 1 else column.iloc[start : start + len(table)].reset_index(drop=True)
            start += len(table)

    def finish(self, number: int, name: str) -> pd.DataFrame:
        """A finished dataset: its variables in order, its records sorted, missing first; equal ones by subject, as for any cut into parts."""
        dataset = self.plan.datasets[name]
        view = View(self.data, name, self.data.records(name))
        kinds = {key: OF_TYPE[variable.type or "text"] for key, variable in dataset.variables.items()}
        rows = rows_in_order([*(view.places(key) for key in dataset.order), view.subject])
        finished = Finished(view, rows)
        frame = pd.DataFrame({key: finished.values(key, kind) for key, kind in kinds.items()}, index=pd.RangeIndex(len(rows)), copy=False)
        self.notes += blank(dataset, number, frame, view.subject[rows])
        self.notes += window_rules.empty(self.plan.layouts[name].windows, dataset, number, frame)
        return frame

    def derive(self, frames: Mapping[str, pd.DataFrame], progress: Progress | None = None) -> None:
        """Load the sources and run the steps, up to what stops the run."""
        for number, (name, source) in enumerate(self.plan.sources.items()):
            if not self.stopped:
                with self.at(Stage.READ, number):
                    self.notes += load(source, frames.get(name), self.data, self.subjects)
        for number, step in enumerate(self.plan.steps):
            if not self.stopped:
                if progress is not None:
                    progress(str(step), number, len(self.plan.steps))
                with self.at(Stage.STEPS, number):
                    self.step(step)


def _run(plan: Plan, frames: Mapping[str, pd.DataFrame]) -> _Run:
    subjects = Subjects(frames[SUBJECTS])
    return _Run(plan, Data(plan, subjects.frame), subjects)


def tables_of(plan: Plan, frames: Mapping[str, pd.DataFrame]) -> Data:
    """All records of a run with every variable, intermediate ones included; what a trace reads.

    Args:
        plan: what to do.
        frames: as for `build`.

    Raises:
        AdamError: as `build` does.
    """
    run = _run(plan, frames)
    run.derive(frames)
    if run.stopped:
        merge_notes([closed_notes(run.notes)])
    return run.data


@system_memory()
def build_part(plan: Plan, frames: Mapping[str, pd.DataFrame], progress: Progress | None = None) -> PartBuilt:
    """The datasets of a plan from source frames of some subjects, and what is noted on the way.

    No value depends on the other subjects of the part, and the notes merge: the datasets of several parts one after another, in the order
    of each dataset, and the findings that `merge_notes` makes of their notes are those of all subjects together.

    Args:
        plan: what to do.
        frames: by domain, text columns `str` with "" where there is nothing, numbers float64; each with STUDYID and USUBJID.
            A domain the study lets be absent may be left out.
        progress: called with the step, its number and how many there are.

    Raises:
        SourceError: the records are not those of the subjects.
    """
    run = _run(plan, frames)
    run.derive(frames, progress)
    if not run.stopped:
        for number, source in enumerate(plan.sources.values()):
            with run.at(Stage.WARNINGS, number):
                run.notes += warned(source, run.data)
        run.notes += tie_notes(run.data, run.tied)
        run.notes.append(run.data.matched.gathered())
    finished = {} if run.stopped else {name: run.finish(number, name) for number, name in enumerate(plan.datasets)}
    run.data.shared.clear()  # its views refer to the records: without it the records would be kept until garbage is searched
    return PartBuilt(finished, closed_notes(run.notes), run.stopped)


def build(plan: Plan, frames: Mapping[str, pd.DataFrame], progress: Progress | None = None) -> Built:
    """The datasets of a plan from source frames of all subjects, with the findings.

    Args:
        plan: what to do.
        frames: as for `build_part`.
        progress: as for `build_part`.

    Raises:
        SourceError: the data are refused.
        DerivationError: a derivation failed.
    """
    part = build_part(plan, frames, progress)
    return Built(part.frames, merge_notes([part.notes]))
