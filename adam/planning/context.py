"""The context of a formula: it decides to which variable a name refers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from adam.core.kinds import ValueKind
from adam.planning.prepared import PREPARED_FOR


@dataclass(frozen=True)
class Context:
    """The dataset or domain and the variable of a formula, the records a derivation in it reads (`joined`), and the names a rule supplies."""

    owner: str
    variable: str = ""
    joined: str = ""
    domain: str = ""
    collected: bool = False
    supplied: Mapping[str, ValueKind] = field(default_factory=dict)

    @property
    def dataset(self) -> str:
        """The dataset whose own prepared variables the formula reads: its dataset, or that of the prepared variable it is of."""
        return self.variable.partition(PREPARED_FOR)[2] or self.owner

    def joining(self, owner: str) -> Context:
        """The same place, reading the records of `owner`."""
        return replace(self, joined=owner)
