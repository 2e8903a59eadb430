"""Run a plan over source frames: `build` is the one way in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from adam.catalog.derivation import Derived, Issue
from adam.core.errors import AdamError, DerivationError, Finding, Mark
from adam.core.kinds import OF_TYPE, ValueKind, missing_column, true
from adam.engine import windows as window_rules
from adam.engine.blank import blank
from adam.engine.compute import compute
from adam.engine.create_records import make
from adam.engine.issues import columns_read, findings_of, summed
from adam.engine.ordering import sorted_rows
from adam.engine.source_dates import date_findings
from adam.engine.tables import Subjects, Table, cast
from adam.engine.ties import Tied, tie_findings
from adam.engine.view import Data, View
from adam.expressions.evaluate import Evaluation
from adam.plan.formulas import ResolvedFormula
from adam.plan.names import SUBJECTS
from adam.plan.order import Step
from adam.plan.plan import Plan
from adam.plan.special import WINDOW_INDEX
from adam.specification.models import SourceUse

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Built:
    """The datasets as derived, sorted, with the findings met on the way."""

    frames: Mapping[str, pd.DataFrame]
    findings: tuple[Finding, ...]


@contextmanager
def _blamed(mark: Mark, subject: str, what: str) -> Iterator[None]:
    """Whatever goes wrong within is said of a line of the specification."""
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

    def load(self, domain: str, frame: pd.DataFrame | None) -> None:
        """Take a domain in: its subjects, the records the study reads, and what it warns of."""
        use = self.plan.graph.catalogue.use(domain)
        if frame is None:
            self.data.tables[domain, ""] = Table(np.zeros(0, dtype="int64"))
            return
        table = Table(self.subjects.numbers(frame), collected={name: frame[name].reset_index(drop=True) for name in frame})
        self.data.tables[domain, ""] = table
        with _blamed(use.mark, domain, "where"):
            self.select(use, table)
        self.findings += date_findings(use, table, View(self.data, use.name, [""], {}, {}))

    def select(self, use: SourceUse, table: Table) -> None:
        if use.where is None:
            return
        (scope, *_) = self.plan.graph.programs.source(use)
        view = View(self.data, use.name, [""], scope.refs, {})
        evaluation = Evaluation(view)
        fits = true(evaluation.column(use.where, ValueKind.CONDITION)).to_numpy()
        for met in evaluation.issues:
            self.findings += findings_of(use.name, "", met.text, met.mask, view, use.mark, values=met.values)
        if not use.allow_empty:
            self.data.matched.note(use.name, "", "where: of the source", use.where, fits, use.mark)
        table.subject = table.subject[fits]
        table.collected = {name: column[fits].reset_index(drop=True) for name, column in table.collected.items()}

    def warned(self, use: SourceUse) -> list[Finding]:
        """What the study warns of in the records of a domain."""
        scopes = self.plan.graph.programs.source(use)[1 if use.where is not None else 0 :]
        found: list[Finding] = []
        for (text, condition), scope in zip(use.issues.items(), scopes, strict=True):
            view = View(self.data, use.name, [""], scope.refs, {})
            with _blamed(use.mark, use.name, "issues"):
                mask = true(Evaluation(view).column(condition, ValueKind.CONDITION)).to_numpy()
            found += findings_of(use.name, "", text, mask, view, use.mark, values=columns_read(view, scope.refs))
        return found

    def step(self, step: Step) -> None:
        """One step: records made, or a variable worked out."""
        if not step.variable:
            if (step.owner, step.codes[0]) not in self.data.tables:
                graph, dataset = self.plan.graph, self.plan.graph.dataset(step.owner)
                parameter = graph.parts[step.owner][step.codes[0]].parameter
                mark = (parameter or dataset.records or dataset).mark
                with _blamed(mark, f"{step.owner}.{parameter.name}" if parameter else step.owner, "records"):
                    self.findings += make(graph, self.data, step.owner, step.codes[0])
            return
        program = step.program
        assert program is not None, step
        if program.special == "given":
            self.fill(step, program)
            return
        view = View(self.data, step.owner, step.codes, program.refs, program.terms)
        mark = program.variable.mark
        with _blamed(mark, program.subject, program.derivation or "value"):
            result = self.result(program, step, view)
            for issue in result.issues:
                values = issue.values or columns_read(view, program.refs)
                self.findings += findings_of(step.owner, step.variable, issue.text, issue.mask, view, mark, issue.action, values)
            if result.tied is not None:
                self.tied.append(Tied(step.owner, step.variable, step.codes, result.tied, mark))
            self.store(step, result.column)

    def result(self, program: ResolvedFormula, step: Step, view: View) -> Derived:
        """The column of a step."""
        if step.variable == WINDOW_INDEX:
            table = self.plan.graph.special.windows(self.plan.graph.dataset(step.owner))
            assert table is not None
            evaluation = Evaluation(view)
            column = window_rules.index(table, evaluation)
            return Derived(column, tuple(Issue(met.text, met.mask, values=met.values) for met in evaluation.issues))
        if program.special == "WINDOW":
            return Derived(cast(self.window(step, program), program.kind))
        return compute(program, view)

    def window(self, step: Step, program: ResolvedFormula) -> pd.Series:
        graph = self.plan.graph
        dataset = graph.dataset(step.owner)
        table = graph.special.windows(dataset)
        pieces = []
        for code in step.codes:
            view = View(self.data, step.owner, [code], table.refs if table else {}, {})
            part = graph.parts[step.owner][code]
            given = "AVISITN" in graph.given(dataset, part) and step.variable != "AVISITN"
            plain = any(not making.kind.ranged for making in graph.makings.of(dataset, part))
            if table is None or (plain and step.variable not in ("AVISIT", "AVISITN")):
                pieces.append(missing_column(program.kind, view.index))
                continue
            numbers = window_rules.of_number(table, view.own("AVISITN")) if given else view.own(WINDOW_INDEX)
            pieces.append(window_rules.attribute(step.variable, table, numbers, view))
        return pd.concat(pieces, ignore_index=True)

    def fill(self, step: Step, program: ResolvedFormula) -> None:
        """A given variable stands already; where a part was not given it, it is blank."""
        for code in step.codes:
            table = self.data.tables[step.owner, code]
            column = table.columns.get(step.variable)
            index = pd.RangeIndex(len(table))
            table.columns[step.variable] = missing_column(program.kind, index) if column is None else cast(column, program.kind)

    def store(self, step: Step, column: pd.Series) -> None:
        """Give each part its piece of the column."""
        start = 0
        for code in step.codes:
            table = self.data.tables[step.owner, code]
            piece = column if len(step.codes) == 1 else column.iloc[start : start + len(table)].reset_index(drop=True)
            table.columns[step.variable] = piece
            start += len(table)

    def frame(self, name: str) -> pd.DataFrame:
        """A finished dataset: its variables in order, its records sorted, missing first."""
        dataset = self.plan.datasets[name]
        view = View(self.data, name, self.data.kept[name], {}, {})
        columns = {key: cast(view.own(key), OF_TYPE[variable.type or "text"]) for key, variable in dataset.variables.items()}
        frame = pd.DataFrame(columns, index=view.index)
        return frame.take(sorted_rows([frame[key] for key in dataset.order])).reset_index(drop=True)


def build(plan: Plan, frames: Mapping[str, pd.DataFrame], progress: Progress | None = None) -> Built:
    """The datasets of a plan from source frames of some subjects.

    Args:
        plan: what to do.
        frames: by domain, text columns `str` with "" where there is nothing, numbers float64; each with STUDYID and USUBJID.
            A domain the study lets be absent may be left out.
        progress: told the step, its number and how many there are.

    Raises:
        SourceError: the data are refused (DOMAIN §11.0).
        DerivationError: a derivation failed.
    """
    subjects = Subjects(frames[SUBJECTS])
    run = _Run(plan, Data(plan.graph.catalogue, subjects.frame), subjects)
    run.data.kept = {name: plan.graph.kept(name) for name in plan.graph.parts}
    for domain in plan.columns:
        run.load(domain, frames.get(domain))
    for number, step in enumerate(plan.steps):
        if progress is not None:
            progress(str(step), number, len(plan.steps))
        run.step(step)
    for domain in plan.columns:
        run.findings += run.warned(plan.graph.catalogue.use(domain))
    run.findings += tie_findings(run.data, run.tied)
    run.findings += run.data.matched.findings()
    frames_made = {name: run.frame(name) for name in plan.datasets}
    for name, frame in frames_made.items():
        run.findings += blank(plan.datasets[name], frame)
        run.findings += window_rules.empty(plan.study, plan.datasets[name], frame)
    return Built(frames_made, tuple(summed(run.findings)))
