"""What the values of a plan read: for every variable on a set of records the variables, and the records, it is made from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from adam.catalog.derivation import Reach
from adam.expressions.tree import Name
from adam.planning.values.creations import BoundInput
from adam.planning.values.formulas import DerivationCall, Formula
from adam.planning.values.plan import Plan
from adam.planning.values.record_sets import RecordSet, collected
from adam.planning.values.references import SUBJECTS, Binding, Reference
from adam.planning.values.steps import AssignWindow, Compute, CreateRecords, CreateTogether, DescribeWindow, Step, WindowBasis

RECORDS = ""
WINDOW = "analysis window"
SAME_PARAMETER = {"PARAM", "PARAMCD", "PARAMN"}


class Cell(NamedTuple):
    """A variable on a set of records; RECORDS are the records themselves, WINDOW their analysis windows. `raw`: as collected."""

    records: RecordSet
    variable: str
    raw: bool = False


class Dependencies:
    """The steps of a plan by the cells they fill, and what each cell reads."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.steps: dict[Cell, Step] = {}
        for step in (inner for each in plan.steps for inner in (each.steps if isinstance(each, CreateTogether) else (each,))):
            variable = RECORDS if isinstance(step, CreateRecords) else WINDOW if isinstance(step, AssignWindow) else step.variable
            self.steps |= dict.fromkeys((Cell(records, variable) for records in step.records), step)

    def records(self, owner: str) -> tuple[RecordSet, ...]:
        """The records a dataset keeps, or those of a domain."""
        return self.plan.layouts[owner].records if owner in self.plan.layouts else (collected(owner),)

    def step(self, cell: Cell) -> Step | None:
        """The step that fills a cell; None for what was collected."""
        return None if cell.raw else self.steps.get(cell)

    def reads(self, cell: Cell) -> list[Cell]:
        """The cells one cell reads, each once."""
        return list(dict.fromkeys(self._reads(cell)))

    def _reads(self, cell: Cell) -> Iterator[Cell]:
        if cell.variable != RECORDS:
            yield Cell(cell.records, RECORDS)
        match self.step(cell):
            case CreateRecords() as step:
                yield from self._created_from(step)
            case Compute() as step:
                yield from self._computed_from(step, cell)
            case AssignWindow() as step:
                yield from self._of(step.windows.references, cell.records)
            case DescribeWindow() as step:
                basis = step.bases[step.records.index(cell.records)]
                if basis is not WindowBasis.NONE:
                    yield Cell(cell.records, "AVISITN" if basis is WindowBasis.VISIT else WINDOW)
                    yield from self._of(step.windows.references if step.variable not in ("AVISIT", "AVISITN") else {}, cell.records)

    def _computed_from(self, step: Compute, cell: Cell) -> Iterator[Cell]:
        formula, call = step.formula, step.formula.call
        for records in _span(step, call, cell.records):
            yield from self._of(formula.references, records, call)
            for name in call.ties if call is not None and call.reach is Reach.ALONG else ():
                tie = Cell(records, name)
                if name != step.variable and (tie in self.steps or records == collected(records.dataset)):
                    yield tie

    def _created_from(self, step: CreateRecords) -> Iterator[Cell]:
        if step.target.dataset in self.plan.layouts:
            yield Cell(collected(SUBJECTS), RECORDS)
        for condition in (step.subjects, step.parameter_subjects):
            yield from self._of(condition.references if condition is not None else {}, step.target)
        for creation in step.creations:
            for number, bound in enumerate(creation.inputs.values()):
                yield from self._input(bound, step.target, creation.copied if number == 0 else ())

    def _input(self, bound: BoundInput, target: RecordSet, copied: Iterable[str]) -> Iterator[Cell]:
        for records in bound.records or (target,):
            if bound.records:
                yield Cell(records, RECORDS)
            yield from (Cell(records, name) for name in copied if Cell(records, name) in self.steps)
            yield from self._of(bound.references, records)
        yield from self._dated(bound, target)

    def _dated(self, bound: BoundInput, target: RecordSet) -> Iterator[Cell]:
        """What the windows of a date read besides the variables of its record."""
        if bound.windows is None:
            return
        formulas = [each for each in bound.windows.formulas.values() if isinstance(each, Formula)]
        for references, call in ((bound.windows.windows.references, None), *((each.references, each.call) for each in formulas)):
            outside = {name: each for name, each in references.items() if each.binding is not Binding.OWN}
            yield from self._of(outside, target, call)

    def _of(self, references: Mapping[Name, Reference], records: RecordSet, call: DerivationCall | None = None) -> Iterator[Cell]:
        for reference in references.values():
            yield from self._refers(reference, records, call)

    def _refers(self, reference: Reference, records: RecordSet, call: DerivationCall | None) -> Iterator[Cell]:
        """The cells a name refers to, in a formula on a set of records."""
        match reference.binding:
            case Binding.CONSTANT:
                return
            case Binding.SRC:
                for domain in self.domains(records):
                    yield from self._all(domain, reference.source_variable(domain))
            case Binding.OWN if reference.owner == records.dataset:
                yield Cell(records, reference.variable, reference.raw)
            case Binding.JOINED if reference.parameter and call is not None:
                sets = {each for joined in call.joined.values() for each in joined if each.parameter == reference.parameter}
                yield from (Cell(each, reference.variable) for each in sorted(sets))
            case _:
                yield from self._all(reference.owner, reference.variable, raw=reference.raw)

    def _all(self, owner: str, variable: str, *, raw: bool = False) -> Iterator[Cell]:
        """A variable on all records of a dataset or domain."""
        for records in self.records(owner):
            cell = Cell(records, variable)
            yield cell._replace(raw=raw or (cell not in self.steps and owner not in self.plan.layouts))

    def domains(self, records: RecordSet) -> list[str]:
        """The domains and datasets that records come from."""
        found: dict[str, None] = {}
        seen, stack = set(), [records]
        while stack:
            each = stack.pop()
            step = self.steps.get(Cell(each, RECORDS)) if each not in seen else None
            seen.add(each)
            for creation in step.creations if isinstance(step, CreateRecords) else ():
                found |= {creation.domain: None} if creation.domain else {}
                stack += creation.duplicated
        return list(found)


def _span(step: Compute, call: DerivationCall | None, records: RecordSet) -> tuple[RecordSet, ...]:
    """The sets whose records a formula reads for a value on one of them: that one, those of its parameter, or all."""
    if call is None or not call.along:
        return (records,)
    if {expr.bare.last for expr in call.within if expr.bare is not None} & SAME_PARAMETER:
        return tuple(each for each in step.records if each.parameter == records.parameter)
    return step.records
