"""A rule of a suite, and a suite: what will be run, before any data are read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from adam.core.errors import NOWHERE, Finding, Mark, Severity
from adam.expressions.tree import Expr
from adam.plan.values import ResolvedDataset, ResolvedParameter, ResolvedStudy, ResolvedVariable
from validation.check import CHECKS, Answer, OrderKey
from validation.records import Records


@dataclass(frozen=True)
class Rule:
    """One rule of a suite: its id, what it is of, the kind of check and its bound arguments, and what a failure says.

    `needs` are the datasets and domains it cannot do without; `allow_empty`: a `where` that selects no record is as it should be; `quiet`: it
    was not asked for, so a run without collected records need not say that it left it out.
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

    def answer(self, records: Records) -> Answer:
        """What fails the rule."""
        fields = type(self.arguments).model_fields
        given = {name: getattr(self.arguments, name, field.default) for name, field in fields.items()}
        return CHECKS[self.kind].function(records, **{PYTHON.get(name, name): value for name, value in given.items()})

    @property
    def said(self) -> dict[str, Any]:
        """The arguments as plain values, for the suite on disk."""
        fields = type(self.arguments).model_fields
        given = {name: getattr(self.arguments, name, field.default) for name, field in fields.items()}
        return {name: plain(value) for name, value in given.items() if value is not None and value != []}

    @property
    def spoken(self) -> str:
        """The names in the arguments: of variables, and of where the generated rules say they are copied from."""
        copies = [
            f"{each.predecessor}.{each.name}" for each in vars(self.arguments).values() if isinstance(each, ResolvedVariable) and each.predecessor
        ]
        return " ".join([*copies, *(str(value) for value in self.said.values())])


PYTHON = {"as": "as_", "for": "for_", "from": "from_"}
"""The arguments whose name is a word of Python."""


def plain(value: object) -> Any:  # noqa: ANN401  (whatever JSON can say)
    """An argument as JSON can hold it: an expression as its text, a variable or parameter as its name.

    >>> plain([OrderKey("ADT", descending=True), 2])
    ['desc(ADT)', 2]
    """
    if isinstance(value, Expr):
        return value.text
    if isinstance(value, ResolvedVariable | ResolvedParameter):
        return value.name
    if isinstance(value, OrderKey):
        return f"desc({value.name})" if value.descending else value.name
    if isinstance(value, BaseModel):
        return {name: plain(getattr(value, name)) for name in type(value).model_fields if getattr(value, name) is not None}
    if isinstance(value, Mapping):
        return {str(name): plain(entry) for name, entry in value.items()}
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in value]
    if isinstance(value, bool) or value is None:
        return value
    return int(value) if isinstance(value, int) else float(value) if isinstance(value, float) else str(value)


@dataclass(frozen=True)
class Suite:
    """The rules of one dataset, the source variables they read, what was left out, and a suite written by hand.

    `absent` are for each dataset the variables of the specification that the data lack; a build lacks none.
    """

    study: ResolvedStudy
    dataset: ResolvedDataset
    rules: tuple[Rule, ...]
    reads: Mapping[str, frozenset[str]] = field(default_factory=dict)
    datasets: Mapping[str, ResolvedDataset] = field(default_factory=dict)
    notes: tuple[Finding, ...] = ()
    written: Mapping[str, Any] | None = None
    written_mark: Mark = NOWHERE
    absent: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def lacks(self) -> str:
        """The variables of the specification that the data lack; blank if none."""
        return ", ".join(f"{name}.{variable}" for name, names in self.absent.items() for variable in names)

    def is_absent(self, error: KeyError) -> bool:
        """Whether what was not found is a variable that the data lack."""
        return not {name for names in self.absent.values() for name in names}.isdisjoint(re.findall(r"\w+", str(error)))

    def records(self, frames: Mapping[str, Any], sources: Mapping[str, Any]) -> Records:
        """The records the rules look at."""
        return Records(self.study, self.dataset, frames, sources, self.datasets or {self.dataset.name: self.dataset})
