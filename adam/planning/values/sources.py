"""How a source domain is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from adam.core.errors import NOWHERE, Mark
from adam.core.kinds import ValueKind
from adam.planning.values.references import BoundExpression


@dataclass(frozen=True, eq=False)
class SourceDomain:
    """A domain as the study reads it.

    Attributes:
        name: of the domain.
        columns: the collected variables to read.
        absent: the variables that formulas name and the data lack, with the kind of the blank that takes their place.
        prepared: the variables a step computes on its records.
        where: the condition a record must fulfill to be read at all.
        warnings: the conditions of records to warn of, by message.
        may_be_absent: the study runs without the domain.
        allow_empty: `where` may select no record.
        dates: the severity of a --DTC value that is not an ISO 8601 date.
        encoding: of its text; blank if the study does not declare one.
        mark: the line of the study.
    """

    name: str
    columns: tuple[str, ...]
    absent: Mapping[str, ValueKind] = field(default_factory=dict)
    prepared: tuple[str, ...] = ()
    where: BoundExpression | None = None
    warnings: Mapping[str, BoundExpression] = field(default_factory=dict)
    may_be_absent: bool = False
    allow_empty: bool = False
    dates: Literal["error", "warning"] = "error"
    encoding: str = ""
    mark: Mark = NOWHERE
