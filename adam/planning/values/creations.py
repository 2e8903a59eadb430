"""How the records of a dataset are created."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from adam.catalog.record_rule import Input, InputKind, ParameterContext, RecordRule
from adam.core.errors import NOWHERE, Mark
from adam.core.kinds import ValueKind
from adam.core.reference_table import ReferenceTable
from adam.expressions.tree import Expr, Name
from adam.planning.values.record_sets import RecordSet
from adam.planning.values.references import Reference
from adam.planning.values.windows import DatedWindows


@dataclass(frozen=True, eq=False)
class BoundInput:
    """The records a record rule reads, with its columns bound.

    `kinds` are those of the columns, `absent` the columns the data lack, `origins` the one collected variable a column is read from.
    `windows` are those of a date, for a rule that reads them.
    """

    input: Input
    records: tuple[RecordSet, ...]
    references: Mapping[Name, Reference]
    terms: Mapping[Name | None, Mapping[str, float]]
    kinds: Mapping[str, ValueKind]
    absent: frozenset[str] = frozenset()
    origins: Mapping[str, str] = field(default_factory=dict)
    windows: DatedWindows | None = None

    @property
    def owner(self) -> str:
        """The dataset or domain of the records; blank for one record per subject of the study."""
        return self.records[0].dataset if self.records else ""


@dataclass(frozen=True, eq=False)
class UnmatchedRecords:
    """The source records that belong to a parameter family if they match a row of its table; those that match none are reported.

    `match` has the expression that a source record has for each column. `taken` are the conditions of parameters outside the family that
    have a record for each such record of the domain; None is every record.
    """

    family: str
    records: RecordSet
    table: ReferenceTable
    match: Mapping[str, Expr]
    references: Mapping[Name, Reference]
    where: Expr | None = None
    taken: tuple[Expr | None, ...] = ()
    mark: Mark = NOWHERE


@dataclass(frozen=True, eq=False)
class RecordCreation:
    """One entry of `records:` or `add:` bound: the rule, its arguments and its inputs by name.

    `domain` is the domain or dataset whose variables SRC.X are on the records, if any. `left` are the variables the rule sets but that a
    formula of the dataset or the parameter defines. `copied` are the variables a new record takes over from the record it is created from.
    """

    rule: type[RecordRule]
    arguments: Any
    context: ParameterContext
    inputs: Mapping[str, BoundInput]
    domain: str = ""
    mark: Mark = NOWHERE
    left: frozenset[str] = frozenset()
    copied: tuple[str, ...] = ()
    allow_empty: bool = False

    @property
    def domains(self) -> tuple[str, ...]:
        """The domains and datasets whose records the rule reads."""
        read = (each.input for each in self.inputs.values() if each.input.on is InputKind.DOMAIN)
        return tuple(dict.fromkeys(each.names[0] for each in read))

    @property
    def duplicated(self) -> tuple[RecordSet, ...]:
        """The sets of records of which each new record duplicates one: those of the first input, for a rule that `duplicates`."""
        return next(iter(self.inputs.values())).records if self.rule.duplicates else ()

    @property
    def variables(self) -> tuple[str, ...]:
        """The variables the rule sets on its records, without those `left` to a formula."""
        return tuple(name for name in self.rule.given_variables(self.arguments) if name not in self.left)

    @property
    def absent(self) -> frozenset[str]:
        """The columns that the data lack, over all inputs."""
        return frozenset(column for each in self.inputs.values() for column in each.absent)
