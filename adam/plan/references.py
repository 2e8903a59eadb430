"""What a name stands for in a formula, and where the formula stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum


class Binding(StrEnum):
    """How the value of a name reaches a record."""

    OWN = "own"
    SUBJECT = "subject"
    SOURCE = "source"
    SRC = "src"
    LOOKED = "looked"
    CONSTANT = "constant"


@dataclass(frozen=True)
class Reference:
    """What a name stands for: a variable of an owner (dataset or domain), and how it reaches the record.

    `open`: only the data can tell which variable SRC.X is, --X or X.
    """

    how: Binding
    owner: str
    variable: str
    parameter: str = ""
    raw: bool = False
    open: bool = False


@dataclass(frozen=True)
class Context:
    """Where a formula stands: the dataset or domain and the variable it is of, and what a derivation of group B looks at there."""

    owner: str
    variable: str = ""
    looked: str = ""
    domain: str = ""
    collected: bool = False
    sets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def looking(self, owner: str) -> Context:
        """The same place, looking at the records of `owner`."""
        return replace(self, looked=owner)
