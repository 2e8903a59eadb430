"""What a kind of records says of itself, so that the plan can order it and the build can run it.

A kind reads *bases*: sets of records that exist already (those of a source domain, of other parameters, of the parameter's own
records, or one for each subject) with columns worked out on them. From these it makes records: their subjects, the values they are
given, and the base record each comes from. It never sees anything else.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict

from adam.expressions.parse import parse
from adam.expressions.tree import Expr, Node
from adam.specification.instruments import Instrument


class InputKind(StrEnum):
    """What the records of a base are.

    EACH are records of the dataset, one for each of its subjects, on which any variable of it can be asked for; CANDIDATES those the
    kind's `candidates` made, on which they can be too. Neither is kept.
    """

    DOMAIN = "domain"
    PARAMETERS = "parameters"
    OWN = "own"
    SUBJECTS = "subjects"
    EACH = "each"
    CANDIDATES = "candidates"


@dataclass(frozen=True)
class Input:
    """A set of records that is read: of a domain, of parameters, the parameter's own, or one per subject; and the columns wanted.

    A column among `optional` counts as blank where the domain has no such variable. The expressions of `late` are evaluated when the kind
    has the values they need: names among `numbers` are numbers that only the kind knows.
    """

    on: InputKind
    names: tuple[str, ...] = ()
    columns: Mapping[str, Expr] = field(default_factory=dict)
    optional: tuple[str, ...] = ()
    late: Mapping[str, Expr] = field(default_factory=dict)
    numbers: tuple[str, ...] = ()


Late = Callable[[str, Mapping[str, pd.Series], np.ndarray], pd.Series]
"""Evaluates an expression of `late` on some records of the base, with the values of the names that only the kind knows."""


def _no_late(name: str, values: Mapping[str, pd.Series], rows: np.ndarray) -> pd.Series:
    raise LookupError(name)


@dataclass(frozen=True)
class InputRecords:
    """The records of a base at run time: the subject of each (a number), and the columns by name, all on one RangeIndex.

    `origin` has the one collected variable each column is read from; blank if there are several or none. `late` evaluates expressions.
    """

    subject: np.ndarray
    columns: Mapping[str, pd.Series]
    origin: Mapping[str, str] = field(default_factory=dict)
    late: Late = _no_late

    def __len__(self) -> int:
        return len(self.subject)


@dataclass(frozen=True)
class ParameterContext:
    """What a kind may know of the study.

    The dataset, the parameter, visits by number with their target days, the terms of the parameter's codelist, its range, the
    instruments, what study days are counted from, and whether the parameter has several entries.
    """

    dataset: str
    parameter: str
    visits: Mapping[float, str]
    terms: Mapping[float, str]
    limits: tuple[float, float] | None = None
    integer: bool = False
    targets: Mapping[float, int] = field(default_factory=dict)
    instruments: Mapping[str, Instrument] = field(default_factory=dict)
    reference: Expr | None = None
    several: bool = False


@dataclass(frozen=True)
class ArgumentError:
    """What is wrong with the arguments of a kind: at a node of an expression, or with the entry."""

    message: str
    code: str
    expr: Expr | None = None
    node: Node | None = None


@dataclass(frozen=True)
class Ambiguity:
    """Records of a base (the first, if none is named) that leave open which one is meant: a text, a mask, the columns to show; a warning or error."""

    text: str
    mask: np.ndarray
    shown: Mapping[str, pd.Series]
    error: bool = False
    base: str = ""


@dataclass(frozen=True)
class NewRecords:
    """New records: the subject of each, what each is given, the base and record it comes from (-1 for none), and issues (text, base mask).

    `doubts` are issues that show values, or that are errors: several records where one is meant, ties that nothing decides.
    `assessment` tells the visit and date of each where a parameter has several entries: an assessment takes the first that has it.
    """

    subject: np.ndarray
    given: Mapping[str, pd.Series]
    base: str = ""
    row: np.ndarray | None = None
    issues: tuple[tuple[str, np.ndarray], ...] = ()
    assessment: tuple[pd.Series, pd.Series] | None = None
    doubts: tuple[Ambiguity, ...] = ()


class Arguments(BaseModel):
    """Arguments of a kind of records."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class RecordRule(ABC):
    """A kind of records. `name` is its word in the YAML, `gives` the variables every record of it is given.

    `adds` says that it adds to a parameter, `carries` that its records take over what the dataset's `copy:` lists, `ranged` that they
    show the range of their window and not only its name. `candidates` makes records that stand only until this kind has asked what
    they are. `assesses` says that its records are assessments, each of a visit and a date: only such may stand in a list of entries, of
    which the first that has an assessment gives it.
    """

    name: ClassVar[str]
    model: ClassVar[type[Arguments]]
    candidates: ClassVar[type[RecordRule] | None] = None
    adds: ClassVar[bool] = False
    assesses: ClassVar[bool] = False
    carries: ClassVar[bool] = False
    ranged: ClassVar[bool] = True
    gives: ClassVar[tuple[str, ...]]

    @staticmethod
    @abstractmethod
    def bases(arguments: Any, facts: ParameterContext) -> dict[str, Input]:  # noqa: ANN401  (each kind has its own model)
        """What is read, by name."""

    @staticmethod
    @abstractmethod
    def make(arguments: Any, facts: ParameterContext, read: Mapping[str, InputRecords]) -> NewRecords:  # noqa: ANN401
        """The new records."""

    @classmethod
    def given(cls, arguments: Any) -> tuple[str, ...]:  # noqa: ANN401
        """The variables records of this kind are given, with these arguments."""
        return cls.gives

    @staticmethod
    def wrong(arguments: Any, facts: ParameterContext) -> Iterable[ArgumentError]:  # noqa: ANN401
        """What is wrong with the arguments, beyond the names in the columns of the bases."""
        return ()


@dataclass(frozen=True)
class Prepared:
    """What several parameters are made from, and issues met on the way (text, mask of the first base)."""

    value: Any
    issues: tuple[tuple[str, np.ndarray], ...] = ()


class SharedRecordRule(RecordRule):
    """A kind whose first half is the same for several parameters, so that it is done once: `shared` says for which."""

    @staticmethod
    @abstractmethod
    def shared(arguments: Any) -> str:  # noqa: ANN401
        """Entries of one dataset with the same word share their bases and what is prepared."""

    @staticmethod
    @abstractmethod
    def prepare(arguments: Any, facts: ParameterContext, read: Mapping[str, InputRecords]) -> Prepared:  # noqa: ANN401
        """The first half."""

    @staticmethod
    @abstractmethod
    def finish(arguments: Any, facts: ParameterContext, prepared: Any) -> NewRecords:  # noqa: ANN401
        """The new records of one parameter."""

    @classmethod
    def make(cls, arguments: Any, facts: ParameterContext, read: Mapping[str, InputRecords]) -> NewRecords:  # noqa: ANN401
        """The new records, both halves in one."""
        prepared = cls.prepare(arguments, facts, read)
        made = cls.finish(arguments, facts, prepared.value)
        return replace(made, issues=(*prepared.issues, *made.issues))


RECORD_RULES: dict[str, type[RecordRule]] = {}


def records(name: str) -> Callable[[type[RecordRule]], type[RecordRule]]:
    """Register a kind of records under its word in the YAML."""

    def register(kind: type[RecordRule]) -> type[RecordRule]:
        if name in RECORD_RULES:
            raise ValueError(f"kind of records '{name}' is registered twice")
        kind.name = name
        RECORD_RULES[name] = kind
        return kind

    return register


def expression(text: str) -> Expr:
    """An expression a kind reads of its own accord."""
    return parse(text)
