"""A rule of a suite, and a suite: what is checked, known before any data are read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any

from pydantic import BaseModel

from adam.core.errors import NOWHERE, Finding, Mark, Severity
from adam.expressions.tree import Expr
from adam.planning.values import ResolvedDataset, ResolvedParameter, ResolvedStudy, ResolvedVariable
from validation.argument_types import OrderKey
from validation.check import CHECKS, CheckFunction, Failure
from validation.records import Records


@dataclass(frozen=True)
class Rule:
    """One rule of a suite: its id, its check with bound arguments, and the text of a failure.

    `needs` are the datasets and domains it requires; `allow_empty`: its `where` may select no record; `quiet`: nobody wrote it, so a run
    without collected records does not report that it is left out. `evidence` names variables whose values a finding shows, besides
    those of the message.
    """

    id: str
    severity: Severity
    dataset: str
    kind: str
    arguments: BaseModel
    message: str
    mark: Mark = NOWHERE
    variable: str = ""
    needs: frozenset[str] = frozenset()
    allow_empty: bool = False
    quiet: bool = False
    evidence: str = ""

    @property
    def check(self) -> CheckFunction:
        """Its check."""
        return CHECKS[self.kind]

    def failures(self, records: Records) -> list[Failure]:
        """Return what fails the rule."""
        return self.check.failures(records, self.arguments)

    def count(self, records: Records) -> int:
        """Return how many records or items fail the rule."""
        return sum(failure.count for failure in self.failures(records))

    @property
    def plain_arguments(self) -> dict[str, Any]:
        """The arguments as plain values, for the suite on disk."""
        fields = type(self.arguments).model_fields
        values = {name: getattr(self.arguments, name, field.default) for name, field in fields.items()}
        return {name: plain(value) for name, value in values.items() if value is not None and value != []}

    @property
    def names(self) -> str:
        """Text with all names in the rule: its variable, its message, its arguments, and where its values are copied from."""
        copies = [
            f"{each.predecessor}.{each.name}" for each in vars(self.arguments).values() if isinstance(each, ResolvedVariable) and each.predecessor
        ]
        return " ".join([self.variable, self.message, self.evidence, *copies, *map(str, self.plain_arguments.values())])


def plain(value: object) -> Any:  # noqa: ANN401  (any value of JSON)
    """Return an argument as JSON can store it: an expression as its text, a variable or parameter as its name, a record by its fields.

    >>> plain([OrderKey("ADT", descending=True), 2])
    ['desc(ADT)', 2]
    """
    if isinstance(value, Expr):
        return value.text
    if isinstance(value, ResolvedVariable | ResolvedParameter):
        return value.name
    if isinstance(value, OrderKey):
        return f"desc({value.name})" if value.descending else value.name
    entries = _entries(value)
    if entries is not None:
        return {name: plain(entry) for name, entry in entries.items()}
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in value]
    if isinstance(value, bool) or value is None:
        return value
    return int(value) if isinstance(value, int) else float(value) if isinstance(value, float) else str(value)


def _entries(value: object) -> dict[str, Any] | None:
    """The entries of a block, and the fields of a record that hold something; None for any other value."""
    if isinstance(value, Mapping):
        return {str(name): entry for name, entry in value.items()}
    names = type(value).model_fields if isinstance(value, BaseModel) else [each.name for each in fields(value)] if is_dataclass(value) else None
    return None if names is None else {name: getattr(value, name) for name in names if getattr(value, name) not in (None, ())}


@dataclass(frozen=True)
class Suite:
    """The rules of one dataset, the source variables they read, notes about what is left out, and a custom suite.

    `absent` are for each dataset the variables of the specification that the data lack; a build lacks none.
    """

    study: ResolvedStudy
    dataset: ResolvedDataset
    rules: tuple[Rule, ...]
    reads: Mapping[str, frozenset[str]] = field(default_factory=dict)
    datasets: Mapping[str, ResolvedDataset] = field(default_factory=dict)
    notes: tuple[Finding, ...] = ()
    custom: Mapping[str, Any] | None = None
    custom_mark: Mark = NOWHERE
    absent: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def lacks(self) -> str:
        """The variables of the specification that the data lack; blank if none."""
        return ", ".join(f"{name}.{variable}" for name, names in self.absent.items() for variable in names)

    def is_absent(self, error: KeyError) -> bool:
        """Whether an error names a variable that the data lack."""
        return not {name for names in self.absent.values() for name in names}.isdisjoint(re.findall(r"\w+", str(error)))

    def records(self, frames: Mapping[str, Any], sources: Mapping[str, Any]) -> Records:
        """Return the records that the rules check."""
        return Records(self.study, self.dataset, frames, sources, self.datasets or {self.dataset.name: self.dataset})
