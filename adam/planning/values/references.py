"""What a name of a formula refers to, once it is resolved, and an expression whose names are resolved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from adam.core.kinds import ValueKind
from adam.expressions.tree import Expr, Name

SUBJECTS = "DM"
"""The domain with one record per subject."""


class Binding(StrEnum):
    """How the value of a name reaches a record.

    OWN: a variable of the record itself. SUBJECT: of the one record of its subject. SOURCE: of the source record, in a named domain.
    SRC: of the source record, in whichever domain it comes from. JOINED: of the records a derivation reads. CONSTANT: of the study.
    """

    OWN = "own"
    SUBJECT = "subject"
    SOURCE = "source"
    SRC = "src"
    JOINED = "joined"
    CONSTANT = "constant"


@dataclass(frozen=True)
class Reference:
    """A variable of an owner (a dataset or a domain), and how its value reaches the record.

    `raw`: the variable as collected, not as prepared. `undecided`: only the headers show which variable SRC.X is, --X or X. `sources` has
    for SRC.X the variable in each domain the records come from, and `kind` its kind.
    """

    binding: Binding
    owner: str
    variable: str
    parameter: str = ""
    raw: bool = False
    undecided: bool = False
    sources: tuple[tuple[str, str], ...] = ()
    kind: ValueKind = ValueKind.ANY

    def source_variable(self, domain: str) -> str:
        """The variable SRC.X is in a domain."""
        return dict(self.sources)[domain]


@dataclass(frozen=True)
class BoundExpression:
    """An expression, what its names refer to, and the codelists whose numbers it uses."""

    expr: Expr
    references: Mapping[Name, Reference]
    terms: Mapping[Name | None, Mapping[str, float]] = field(default_factory=dict)
