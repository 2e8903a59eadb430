"""A formula with every name resolved and every kind known: an expression, or a derivation with its arguments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from adam.catalog.contract import LookupKeys, Path, Selection
from adam.catalog.derivation import Reach
from adam.core.errors import NOWHERE, Mark
from adam.core.kinds import ValueKind
from adam.expressions.tree import Expr, Name
from adam.planning.values.record_sets import RecordSet
from adam.planning.values.references import Reference


@dataclass(frozen=True, eq=False)
class DerivationCall:
    """A derivation with its arguments.

    Attributes:
        name: of the derivation in the catalog.
        reach: which records it reads for one value.
        arguments: by name; expressions are still text and tree.
        roles: for the path of each expression its kind, or `order`, `within`, `family`, `each`.
        families: for the path of a name with xx the name of each period.
        joined: the records it reads, for all arguments (the empty path) or for each entry of a list.
        ties: the variables that order records which `order` leaves equal: the key of the dataset, or --SEQ of the domain.
        selection: which value or record of a group is meant, if it selects one.
        lookup: the texts that values are looked up in, if it has any.
    """

    name: str
    reach: Reach
    arguments: Mapping[str, Any]
    roles: Mapping[Path, ValueKind | str]
    families: Mapping[Path, Mapping[int, Name]] = field(default_factory=dict)
    joined: Mapping[Path, tuple[RecordSet, ...]] = field(default_factory=dict)
    ties: tuple[str, ...] = ()
    selection: Selection | None = None
    lookup: LookupKeys | None = None

    @property
    def within(self) -> tuple[Expr, ...]:
        """The expressions of `within:`."""
        return tuple(self.arguments.get("within") or ())

    @property
    def along(self) -> bool:
        """Whether it reads the other records of its own dataset."""
        return self.reach is Reach.ALONG or (self.reach is Reach.RECORDS and bool(self.within))


@dataclass(frozen=True, eq=False)
class Formula:
    """How the values of one variable are computed, on the records where `where` is true: by `expr` or by `call`.

    `terms` are the codelists whose numbers it uses; `allow_empty` says that a condition in it may select no record; `method` describes it.
    """

    owner: str
    variable: str
    kind: ValueKind
    references: Mapping[Name, Reference]
    expr: Expr | None = None
    call: DerivationCall | None = None
    where: Expr | None = None
    terms: Mapping[Name | None, Mapping[str, float]] = field(default_factory=dict)
    allow_empty: bool = False
    method: str = ""
    mark: Mark = NOWHERE

    @property
    def subject(self) -> str:
        """The variable as messages name it."""
        return f"{self.owner}.{self.variable}"
