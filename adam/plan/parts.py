"""The sets of records of a dataset, and how an entry of the YAML makes them once its names are resolved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from adam.catalog.record_rule import Input, ParameterContext, RecordRule
from adam.catalog.record_rules import RECORD_RULES
from adam.core.errors import NOWHERE, Mark
from adam.core.kinds import ValueKind
from adam.expressions.tree import Name
from adam.plan.references import Reference
from adam.specification.models import Parameter, Records

EACH = "?"


@dataclass(frozen=True)
class RecordSet:
    """A set of records of a dataset: all of them, those of one parameter, or (`+`) those added to it.

    Records that stand only to be asked are apart: one for each subject (`?`), and the candidates of a parameter (`ITCHNRS?`).
    """

    code: str
    parameter: Parameter | None = None
    added: bool = False
    apart: bool = False

    @property
    def kept(self) -> bool:
        """Whether its records stand in the dataset."""
        return not self.apart and (self.parameter is None or self.parameter.kept)

    @property
    def entries(self) -> tuple[Records, ...]:
        """The entries of the YAML that make it."""
        if self.parameter is None:
            return ()
        if self.apart:
            return tuple(entry for entry in self.parameter.records if asks(entry))
        return self.parameter.add if self.added else self.parameter.records


def asks(entry: Records) -> bool:
    """Whether the kind of an entry makes candidates."""
    kind = RECORD_RULES.get(entry.kind)
    return kind is not None and kind.candidates is not None


Terms = Mapping[Name | None, Mapping[str, float]]


@dataclass(frozen=True, eq=False)
class RecordCreation:
    """One entry bound: the kind, its arguments, and its bases with the kind of each column and what its names stand for.

    `origin` has the collected variable a column of a base is read from, `terms` the codelists that the names of a base use.
    """

    kind: type[RecordRule]
    arguments: Any
    facts: ParameterContext
    bases: Mapping[str, Input]
    refs: Mapping[str, Mapping[Name, Reference]]
    kinds: Mapping[tuple[str, str], ValueKind]
    domain: str = ""
    mark: Mark = NOWHERE
    absent: frozenset[tuple[str, str]] = field(default_factory=frozenset)
    origin: Mapping[tuple[str, str], str] = field(default_factory=dict)
    terms: Mapping[str, Terms] = field(default_factory=dict)
    left: frozenset[str] = frozenset()

    @property
    def given(self) -> tuple[str, ...]:
        """The variables its records are given; not those `left` to a formula of the dataset or the parameter."""
        return tuple(name for name in self.kind.given(self.arguments) if name not in self.left)
