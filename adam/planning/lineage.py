"""Where a variable comes from: a walk down the plan to the collected variables, with the lines of the specification."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from adam.core.errors import NOWHERE, Mark, UsageError, did_you_mean
from adam.planning.dependencies import RECORDS, Cell, Dependencies
from adam.planning.values.creations import RecordCreation
from adam.planning.values.plan import Plan
from adam.planning.values.record_sets import RecordSet
from adam.planning.values.steps import AssignWindow, Compute, CreateRecords, CreateTogether, DescribeWindow, LeaveBlank, Step, TakeFromRule

COLLECTED = "collected"


@dataclass(frozen=True)
class Ancestor:
    """One line of a lineage: its depth, the variable, how it is computed, and where; `seen` if it is shown above already."""

    depth: int
    name: str
    method: str
    mark: Mark = NOWHERE
    seen: bool = False

    def __str__(self) -> str:
        place = f"  [{self.mark}]" if self.mark.file else ""
        method = "  (see above)" if self.seen else f" = {self.method}" if self.method else ""
        return f"{'  ' * self.depth}{self.name}{method}{'' if self.seen else place}"

    def as_dict(self) -> dict[str, object]:
        """The line for programs."""
        place = {} if self.seen or not self.mark.file else {"mark": str(self.mark)}
        return {"depth": self.depth, "name": self.name, "method": self.method, "seen": self.seen, **place}


def lineage(plan: Plan, name: str, depth: int | None = None) -> list[Ancestor]:
    """The lineage of a variable.

    Args:
        plan: the plan of the study.
        name: `DATASET.VARIABLE`, or `DATASET.PARAMCD.VARIABLE` for one parameter.
        depth: how many levels below the variable are shown; all if None.

    Raises:
        UsageError: there is no such variable.
    """
    owner, *between, variable = name.split(".")
    require_dataset(plan, owner)
    dependencies = Dependencies(plan)
    sets = dependencies.records(owner)
    if len(between) > 1:
        raise UsageError(f"'{name}' is not a variable. Write DATASET.VARIABLE or DATASET.PARAMCD.VARIABLE.")
    if between:
        sets = _of_parameter(plan, owner, between[0])
    variables = list(dict.fromkeys(cell.variable for cell in dependencies.steps if cell.records.dataset == owner and cell.variable))
    if variable not in variables:
        raise UsageError(f"{owner} has no variable {variable}{did_you_mean(variable, variables)}")
    found = _Walk(dependencies).of(variable, sets, 0)
    return [line for line in found if depth is None or line.depth <= depth]


def require_dataset(plan: Plan, name: str) -> None:
    """Refuse a name that is not a dataset of the plan.

    Raises:
        UsageError: there is no such dataset.
    """
    if name not in plan.datasets:
        known = ", ".join(plan.datasets)
        raise UsageError(f"The study has no dataset {name}{did_you_mean(name, plan.datasets)} Its datasets are {known}.")


def _of_parameter(plan: Plan, dataset: str, parameter: str) -> tuple[RecordSet, ...]:
    """The records of a parameter, also of one that only serves others."""
    sets = dict.fromkeys(each for step in plan.steps for each in step.records if each.dataset == dataset and not each.origin.temporary)
    found = tuple(each for each in sets if each.parameter == parameter)
    if not found or not parameter:
        known = list(dict.fromkeys(each.parameter for each in sets if each.parameter))
        raise UsageError(f"{dataset} has no parameter {parameter}{did_you_mean(parameter, known)}")
    return found


class _Walk:
    """A walk down the plan, one line for each formula of a variable; what was shown for all of its records is not shown again."""

    def __init__(self, dependencies: Dependencies) -> None:
        self.dependencies = dependencies
        self.seen: dict[tuple[str, str, object], set[RecordSet]] = {}

    def of(self, variable: str, sets: tuple[RecordSet, ...], depth: int) -> Iterator[Ancestor]:
        """A variable, and what it is made from."""
        name = f"{sets[0].dataset}.{variable}"
        for step, mine in self.steps(variable, sets):
            some = "" if len(mine) == len(sets) else f" on {', '.join(each.label for each in mine)}"
            new = self.news(variable, step, mine)
            if not new:
                yield Ancestor(depth, name + some, "", seen=True)
                continue
            yield Ancestor(depth, name + some, _method(step), step.mark)
            cells = [cell for records in new for cell in self.dependencies.reads(Cell(records, variable))]
            yield from self.collected(cells, depth + 1)
            if isinstance(step, TakeFromRule):
                yield from self.created(new, depth + 1)
            yield from self.below((cell for cell in cells if cell.variable != variable or cell.records not in mine), depth + 1)

    def news(self, variable: str, step: Step, sets: tuple[RecordSet, ...]) -> tuple[RecordSet, ...]:
        """The sets on which it was not shown yet. A formula is the same on all of them; what a record rule sets is not."""
        before = self.seen.setdefault((sets[0].dataset, variable, _same(step)), set())
        new = tuple(records for records in sets if records not in before)
        each = isinstance(step, TakeFromRule | CreateRecords)
        fresh = not before or each
        before.update(sets)
        return new if fresh else ()

    def steps(self, variable: str, sets: tuple[RecordSet, ...]) -> list[tuple[Step, tuple[RecordSet, ...]]]:
        """The steps that fill a variable, one for each formula, with their sets of records; those that leave it blank are left out."""
        found: dict[object, tuple[Step, list[RecordSet]]] = {}
        for records in sets:
            step = self.dependencies.step(Cell(records, variable))
            if step is not None and (not isinstance(step, LeaveBlank) or len(sets) == 1):
                found.setdefault(_same(step), (step, []))[1].append(records)
        return [(step, tuple(mine)) for step, mine in found.values()]

    def collected(self, cells: Iterable[Cell], depth: int) -> Iterator[Ancestor]:
        """The collected variables among some cells."""
        for cell in dict.fromkeys(cells):
            if cell.raw and cell.variable in self.dependencies.plan.sources[cell.records.dataset].columns:
                yield Ancestor(depth, f"{cell.records.dataset}.{cell.variable}", COLLECTED)

    def below(self, cells: Iterable[Cell], depth: int) -> Iterator[Ancestor]:
        """What some cells are made from, variable by variable."""
        groups: dict[tuple[str, str], dict[RecordSet, None]] = {}
        for cell in cells:
            if cell.variable != RECORDS and not cell.raw:
                groups.setdefault((cell.records.dataset, cell.variable), {})[cell.records] = None
        for (_, variable), sets in groups.items():
            yield from self.of(variable, tuple(sets), depth)

    def created(self, sets: tuple[RecordSet, ...], depth: int) -> Iterator[Ancestor]:
        """What records are created from, where a record rule sets a variable on them."""
        for records in sets:
            step = self.dependencies.step(Cell(records, RECORDS))
            if not isinstance(step, CreateRecords) or not self.news(RECORDS, step, (records,)):
                continue
            for creation in step.creations:
                yield Ancestor(depth, f"records of {records}", _rule(creation), creation.mark)
            cells = self.dependencies.reads(Cell(records, RECORDS))
            yield from self.collected(cells, depth + 1)
            yield from self.below(cells, depth + 1)


def _same(step: Step) -> object:
    """What steps that differ only in their records share."""
    if isinstance(step, Compute):
        return step.formula  # equal only to itself
    return type(step)


def _rule(creation: RecordCreation) -> str:
    """How a record rule creates records: its name, the instrument, what it reads."""
    names = dict.fromkeys(name for bound in creation.inputs.values() for name in bound.input.names)
    parts = (creation.rule.name, getattr(creation.arguments, "instrument", ""), creation.domain or ", ".join(names))
    return " ".join(part for part in parts if part)


def _method(step: Step) -> str:
    match step:
        case Compute(formula=formula):
            return formula.method
        case TakeFromRule():
            return "set by the record rule"
        case DescribeWindow() | AssignWindow():
            return "of the analysis window"
        case LeaveBlank():
            return "blank"
        case CreateRecords() | CreateTogether():
            return "created"
