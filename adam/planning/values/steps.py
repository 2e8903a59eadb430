"""The steps of a plan: each creates records, or gives one variable its values on some sets of records."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from adam.core.errors import NOWHERE, Mark
from adam.core.kinds import ValueKind
from adam.planning.values.creations import RecordCreation, UnmatchedRecords
from adam.planning.values.formulas import Formula
from adam.planning.values.record_sets import RecordSet
from adam.planning.values.references import BoundExpression
from adam.planning.values.windows import Windows


@dataclass(frozen=True, eq=False)
class CreateRecords:
    """Create the records of one set: those of each creation, one after another.

    `subjects` selects the subjects of the dataset, `parameter_subjects` among them those of the parameter; `allow_empty` says that
    `subjects` may select none. `unmatched` are the sources of a parameter family whose first parameter this is.
    """

    target: RecordSet
    creations: tuple[RecordCreation, ...]
    subjects: BoundExpression | None = None
    allow_empty: bool = False
    mark: Mark = NOWHERE
    dataset_mark: Mark = NOWHERE
    parameter_subjects: BoundExpression | None = None
    unmatched: tuple[UnmatchedRecords, ...] = ()

    @property
    def records(self) -> tuple[RecordSet, ...]:
        """The set that is created."""
        return (self.target,)

    @property
    def steps(self) -> tuple[CreateRecords, ...]:
        """The step itself, as the steps of several sets."""
        return (self,)

    def __str__(self) -> str:
        return f"records of {self.target}"


@dataclass(frozen=True, eq=False)
class CreateTogether:
    """Create the records of several parameters in one call of their rule: each set has one creation, and these differ only in what they read."""

    steps: tuple[CreateRecords, ...]

    @property
    def records(self) -> tuple[RecordSet, ...]:
        """The sets that are created."""
        return tuple(step.target for step in self.steps)

    @property
    def mark(self) -> Mark:
        """The line of the first parameter."""
        return self.steps[0].mark

    def __str__(self) -> str:
        return f"records of {self.records[0].dataset}: {', '.join(each.label for each in self.records)}"


@dataclass(frozen=True, eq=False)
class _OfVariable:
    """What the steps that give a variable its values have in common."""

    variable: str
    records: tuple[RecordSet, ...]
    mark: Mark

    def __str__(self) -> str:
        labels = [each.label for each in self.records if each.label]
        return f"{self.records[0].dataset}.{self.variable}{' on ' if labels else ''}{', '.join(labels)}"


@dataclass(frozen=True, eq=False)
class Compute(_OfVariable):
    """Compute a variable by its formula, on all the sets together."""

    formula: Formula


@dataclass(frozen=True, eq=False)
class TakeFromRule(_OfVariable):
    """Take a variable as the record rule, or the record that was copied, gives it; blank where none does."""

    kind: ValueKind


@dataclass(frozen=True, eq=False)
class LeaveBlank(_OfVariable):
    """Leave a variable blank."""

    kind: ValueKind


@dataclass(frozen=True, eq=False)
class AssignWindow:
    """Assign each record its analysis window."""

    records: tuple[RecordSet, ...]
    windows: Windows

    @property
    def mark(self) -> Mark:
        """The line of `windows:`."""
        return self.windows.mark

    def __str__(self) -> str:
        labels = [each.label for each in self.records if each.label]
        return f"{self.records[0].dataset} analysis window{' on ' if labels else ''}{', '.join(labels)}"


class WindowBasis(StrEnum):
    """What decides the window whose attribute a record shows: the assigned window, the visit a record rule gave, or none."""

    ASSIGNED = "assigned"
    VISIT = "visit"
    NONE = "none"


@dataclass(frozen=True, eq=False)
class DescribeWindow(_OfVariable):
    """Give a variable its value from the window of each record: its name, number, target day or range; `bases` by set of records."""

    kind: ValueKind
    windows: Windows
    bases: tuple[WindowBasis, ...]


Step = CreateRecords | CreateTogether | Compute | TakeFromRule | LeaveBlank | AssignWindow | DescribeWindow
