"""What a kind of records says of itself, so that the plan can order it and the build can run it.

A kind reads *bases*: sets of records that exist already (those of a source domain, of other parameters, of the parameter's own
records, or one for each subject) with columns worked out on them. From these it makes records: their subjects, the values they are
given, and the base record each comes from. It never sees anything else.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict

from adam.expr.parse import parse
from adam.expr.tree import Expr


class On(StrEnum):
    """What the records of a base are."""

    DOMAIN = "domain"
    PARAMETERS = "parameters"
    OWN = "own"
    SUBJECTS = "subjects"


@dataclass(frozen=True)
class Base:
    """A set of records that is read: of a domain, of parameters, the parameter's own, or one per subject; and the columns wanted.

    A column among `optional` counts as blank where the domain has no such variable.
    """

    on: On
    names: tuple[str, ...] = ()
    columns: Mapping[str, Expr] = field(default_factory=dict)
    optional: tuple[str, ...] = ()


@dataclass(frozen=True)
class Read:
    """The records of a base at run time: the subject of each (a number), and the columns by name, all on one RangeIndex."""

    subject: np.ndarray
    columns: Mapping[str, pd.Series]

    def __len__(self) -> int:
        return len(self.subject)


@dataclass(frozen=True)
class Facts:
    """What a kind may know of the study: the dataset, the parameter, visits by number, and the terms of the parameter's codelist."""

    dataset: str
    parameter: str
    visits: Mapping[float, str]
    terms: Mapping[float, str]
    limits: tuple[float, float] | None = None
    integer: bool = False


@dataclass(frozen=True)
class Made:
    """New records: the subject of each, what each is given, the base and record it comes from (-1 for none), and issues (text, base mask)."""

    subject: np.ndarray
    given: Mapping[str, pd.Series]
    base: str = ""
    row: np.ndarray | None = None
    issues: tuple[tuple[str, np.ndarray], ...] = ()


class Arguments(BaseModel):
    """Arguments of a kind of records."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Kind(ABC):
    """A kind of records. `name` is its word in the YAML, `gives` the variables every record of it is given.

    `adds` says that it adds to a parameter, `carries` that its records take over what the dataset's `carry:` lists, `ranged` that they
    show the range of their window and not only its name.
    """

    name: ClassVar[str]
    model: ClassVar[type[Arguments]]
    adds: ClassVar[bool] = False
    carries: ClassVar[bool] = False
    ranged: ClassVar[bool] = True
    gives: ClassVar[tuple[str, ...]]

    @staticmethod
    @abstractmethod
    def bases(arguments: Any, facts: Facts) -> dict[str, Base]:  # noqa: ANN401  (each kind has its own model)
        """What is read, by name."""

    @staticmethod
    @abstractmethod
    def make(arguments: Any, facts: Facts, read: Mapping[str, Read]) -> Made:  # noqa: ANN401
        """The new records."""

    @classmethod
    def given(cls, arguments: Any) -> tuple[str, ...]:  # noqa: ANN401
        """The variables records of this kind are given, with these arguments."""
        return cls.gives


KINDS: dict[str, type[Kind]] = {}


def records(name: str) -> Callable[[type[Kind]], type[Kind]]:
    """Register a kind of records under its word in the YAML."""

    def register(kind: type[Kind]) -> type[Kind]:
        if name in KINDS:
            raise ValueError(f"kind of records '{name}' is registered twice")
        kind.name = name
        KINDS[name] = kind
        return kind

    return register


def expression(text: str) -> Expr:
    """An expression a kind reads of its own accord."""
    return parse(text)
