"""The formula of a variable with every name resolved, as the plan works with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from pydantic import BaseModel

from adam.catalog.derivation import Reach
from adam.catalog.derivations import DERIVATIONS
from adam.core.kinds import ValueKind
from adam.expressions.tree import Expr, Name
from adam.planning.context import Context
from adam.planning.values.references import Reference
from adam.specification.models import Variable


class ValueSource(StrEnum):
    """Where the values of a variable come from on some records.

    FORMULA: its own. PARAMETER: that of the parameter of the record. WINDOW: the analysis window. RULE: the record rule that creates the
    record. BLANK: nowhere.
    """

    FORMULA = "formula"
    PARAMETER = "parameter"
    WINDOW = "window"
    RULE = "rule"
    BLANK = "blank"


@dataclass(frozen=True, eq=False)
class ResolvedFormula:
    """What is done to give one variable: an expression, or a derivation with its arguments, on the records where `where` is true."""

    variable: Variable
    context: Context
    kind: ValueKind
    refs: Mapping[Name, Reference]
    where: Expr | None = None
    expr: Expr | None = None
    derivation: str = ""
    arguments: BaseModel | None = None
    joined: Mapping[tuple[str | int, ...], str] = field(default_factory=dict)
    families: Mapping[tuple[str | int, ...], Mapping[int, Name]] = field(default_factory=dict)
    terms: Mapping[Name | None, Mapping[str, float]] = field(default_factory=dict)
    source: ValueSource = ValueSource.FORMULA

    @property
    def subject(self) -> str:
        """The variable as messages name it."""
        return f"{self.context.owner}.{self.variable.name}"

    @property
    def elsewhere(self) -> bool:
        """Whether its values come from elsewhere than a formula of its own."""
        return self.source is not ValueSource.FORMULA

    @cached_property
    def reach(self) -> Reach:
        """The records the formula reads for one value."""
        return DERIVATIONS[self.derivation].looks if self.derivation else Reach.RECORD

    @cached_property
    def imputes(self) -> bool:
        """Whether the derivation fills in parts of a value that are missing in the source."""
        return bool(self.derivation) and DERIVATIONS[self.derivation].contract.imputes

    @cached_property
    def within(self) -> tuple[Expr, ...] | None:
        """The expressions of `within:`; None where there is no such argument."""
        within = getattr(self.arguments, "within", None) if self.arguments is not None else None
        return None if within is None else tuple(within)

    @cached_property
    def along(self) -> bool:
        """Whether it reads the other records of its own dataset."""
        return self.reach is Reach.ALONG or (self.reach is Reach.RECORDS and self.within is not None)
