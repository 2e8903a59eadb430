"""The sets of records of a study, and how those of a dataset are created."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from adam.catalog.record_rule import Input, InputKind, ParameterContext, RecordRule
from adam.core.errors import NOWHERE, Mark
from adam.core.kinds import ValueKind
from adam.expressions.tree import Name
from adam.plan.values.references import Reference


class RecordOrigin(StrEnum):
    """How the records of a set come about.

    COLLECTED: of a domain. DERIVED: by `records:` of a dataset or parameter. ADDED: by `add:` of a parameter. EACH_SUBJECT: one for each
    subject of a dataset, on which its variables can be computed; CANDIDATE: proposed by a record rule for the same end. Those two are never
    kept.
    """

    COLLECTED = "collected"
    DERIVED = "derived"
    ADDED = "added"
    EACH_SUBJECT = "each subject"
    CANDIDATE = "candidate"

    __hash__ = str.__hash__

    @property
    def temporary(self) -> bool:
        """Whether records of this origin never become records of the dataset."""
        return self in (RecordOrigin.EACH_SUBJECT, RecordOrigin.CANDIDATE)


class RecordSet(NamedTuple):
    """Records of a dataset or domain: all of them, or those of one parameter that have the same origin."""

    dataset: str
    parameter: str = ""
    origin: RecordOrigin = RecordOrigin.DERIVED

    def __str__(self) -> str:
        name = f"{self.dataset}.{self.parameter}" if self.parameter else self.dataset
        return name if self.origin in (RecordOrigin.COLLECTED, RecordOrigin.DERIVED) else f"{name} ({self.origin})"

    @property
    def label(self) -> str:
        """The set as it is named within its dataset; blank for all records."""
        return str(self).removeprefix(self.dataset).strip(" .")

    def of(self, origin: RecordOrigin) -> RecordSet:
        """The records of the same parameter with another origin."""
        return RecordSet(self.dataset, self.parameter, origin)


def collected(domain: str) -> RecordSet:
    """The records of a domain."""
    return RecordSet(domain, "", RecordOrigin.COLLECTED)


@dataclass(frozen=True, eq=False)
class BoundInput:
    """The records a record rule reads, with its columns bound.

    `kinds` are those of the columns, `absent` the columns the data lack, `origins` the one collected variable a column is read from.
    """

    input: Input
    records: tuple[RecordSet, ...]
    references: Mapping[Name, Reference]
    terms: Mapping[Name | None, Mapping[str, float]]
    kinds: Mapping[str, ValueKind]
    absent: frozenset[str] = frozenset()
    origins: Mapping[str, str] = field(default_factory=dict)

    @property
    def owner(self) -> str:
        """The dataset or domain of the records; blank for one record per subject of the study."""
        return self.records[0].dataset if self.records else ""


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
    def variables(self) -> tuple[str, ...]:
        """The variables the rule sets on its records, without those `left` to a formula."""
        return tuple(name for name in self.rule.given_variables(self.arguments) if name not in self.left)

    @property
    def absent(self) -> frozenset[str]:
        """The columns that the data lack, over all inputs."""
        return frozenset(column for each in self.inputs.values() for column in each.absent)
