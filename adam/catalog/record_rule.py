"""What a record rule declares, so that the plan can order it, the engine can run it, and no other code depends on its name.

A rule reads *inputs*, and nothing else: existing records (of a source domain, of other parameters, the parameter's own, or one per subject)
with the columns it declares. From these it creates records: their subjects, their values, and the input record of each. `method_text`,
`traceability` and `expected_records` declare them for define.xml, lineage and generated checks.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Any, ClassVar

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict

from adam.catalog.input_functions import Late, VisitOn, no_late, no_visit
from adam.catalog.prose import Prose
from adam.catalog.record_texts import record_text
from adam.catalog.traceability import ExpectedRecords, Traceability
from adam.core.kinds import ValueKind
from adam.expressions.field import Expression
from adam.expressions.instruments import Instrument
from adam.expressions.parse import parse
from adam.expressions.tree import Expr, Node

Condition = Annotated[Expression, ValueKind.CONDITION]
Number = Annotated[Expression, ValueKind.NUMBER]
Text = Annotated[Expression, ValueKind.TEXT]
Date = Annotated[Expression, ValueKind.DATE]
"""Expressions as arguments of a rule, each of the kind that the plan checks."""


class InputKind(StrEnum):
    """Which records an input has. EACH: temporary ones, one for each subject of the dataset, on which its variables can be computed."""

    DOMAIN = "domain"
    PARAMETERS = "parameters"
    OWN = "own"
    SUBJECTS = "subjects"
    EACH = "each"


@dataclass(frozen=True)
class Input:
    """A set of records that is read: of a domain, of parameters, the parameter's own, or one per subject; and its columns.

    A column among `optional` counts as blank where the domain has no such variable. The expressions of `late` are evaluated when the rule has the
    values they need: names among `numbers` are numbers that the rule supplies. `kinds` are those of columns that are no arguments of the rule. With
    `windows` the rule can find the analysis window of any date. A name of `supplied` has the kind of a column. A column of `assigns` is the new value
    of a variable of the dataset, and has its kind. Of parameters, the records that `add:` adds are read only if `added`; of the parameter itself
    those of the entries before only if `earlier`.
    """

    on: InputKind
    names: tuple[str, ...] = ()
    columns: Mapping[str, Expr] = field(default_factory=dict)
    optional: tuple[str, ...] = ()
    late: Mapping[str, Expr] = field(default_factory=dict)
    numbers: tuple[str, ...] = ()
    kinds: Mapping[str, ValueKind] = field(default_factory=dict)
    windows: bool = False
    supplied: Mapping[str, str] = field(default_factory=dict)
    assigns: Mapping[str, str] = field(default_factory=dict)
    added: bool = True
    earlier: bool = False


@dataclass(frozen=True)
class InputRecords:
    """The records of a base at run time: the subject of each (a number), and the columns by name, all on one RangeIndex.

    `origin` has the one collected variable each column is read from; blank if there are several or none. `late` evaluates expressions,
    `visit_on` finds the windows of dates. `absent` are the optional columns that the domain lacks.
    """

    subject: np.ndarray
    columns: Mapping[str, pd.Series]
    origin: Mapping[str, str] = field(default_factory=dict)
    late: Late = no_late
    visit_on: VisitOn = no_visit
    absent: frozenset[str] = frozenset()

    def __len__(self) -> int:
        return len(self.subject)


@dataclass(frozen=True)
class ParameterContext:
    """The facts of the study that a rule can use.

    The dataset, the parameter, visits by number with their target days, the terms of the parameter's codelist, its range, the instruments, what study
    days are counted from, whether the parameter has several entries, and the variables that a record made from another record takes over (`copy:` of
    the dataset). `key` has those variables of the dataset's key that order records without reading other records of the dataset; the records are
    entries of `add:` if `added`.
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
    copied: tuple[str, ...] = ()
    key: tuple[str, ...] = ()
    added: bool = False


@dataclass(frozen=True)
class ArgumentError:
    """An error in the arguments of a rule: at a node of an expression, or in the entry."""

    message: str
    code: str
    expr: Expr | None = None
    node: Node | None = None


@dataclass(frozen=True)
class Ambiguity:
    """Records of an input (by default the first) among which the choice is open: a text, a mask, the columns to show; a warning or error.

    The text of a `named` one is reported after the name of the parameter.
    """

    text: str
    mask: np.ndarray
    shown: Mapping[str, pd.Series]
    error: bool = False
    base: str = ""
    named: bool = False


@dataclass(frozen=True)
class NewRecords:
    """New records: the subject of each, what each is given, the base and record it comes from (-1 for none), and issues (text, base mask).

    `ambiguities` are issues that show values or are errors: several records where one is expected, ties that nothing decides.
    `rows_of` has the record that SRC.X is of, for each variable X of the domain for which that is another one than `row`.
    `assessment` has the visit and date of each record where a parameter has several entries: the first entry with an assessment supplies it.
    """

    subject: np.ndarray
    given: Mapping[str, pd.Series]
    base: str = ""
    row: np.ndarray | None = None
    issues: tuple[tuple[str, np.ndarray], ...] = ()
    assessment: tuple[pd.Series, pd.Series] | None = None
    ambiguities: tuple[Ambiguity, ...] = ()
    rows_of: Mapping[str, np.ndarray] = field(default_factory=dict)


class Arguments(BaseModel):
    """Arguments of a kind of records."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True, defer_build=True)


RECORDS, ADD = "records", "add"  # the blocks of a parameter that hold record rules


class RecordRule(ABC):
    """How records of a parameter, or of a dataset, are created; each method is a part of the contract.

    `name` is the name in the YAML, `places` are the blocks it can be an entry of, and `gives` are the variables that every record has a value for.
    Records of a rule that `carries` copy the variables in `copy:` of the dataset from the record they are made of. A rule with `duplicates` makes
    each record of one record of its first input: the new one has the same source record, and takes over what that one was created with. `ranged`
    records show the range of their analysis window, others only its name. AVAL is never missing on records of a rule that `always_has_value`; one
    that `reads_windows` needs the windows of the dataset. A rule that `assesses` creates assessments, each of a visit and a date, and so may be one
    of several entries, of which the first one with an assessment supplies it. `event_lists` are the arguments that are lists of sources, each of
    which can be a name of `events:`; `gap.of` is the argument `of` of the block `gap`. `texts` describes how variables other than AVAL are made. A
    rule that is `by_subject` has one input and creates the records of each subject from records of this subject only, without the name of the
    parameter; so the records of several parameters can be created in one call, in which each parameter of a subject is a subject.
    """

    name: ClassVar[str]
    model: ClassVar[type[Arguments]]
    places: ClassVar[tuple[str, ...]] = (RECORDS,)
    duplicates: ClassVar[bool] = False
    assesses: ClassVar[bool] = False
    carries: ClassVar[bool] = False
    always_has_value: ClassVar[bool] = False
    by_subject: ClassVar[bool] = False
    reads_windows: ClassVar[bool] = False
    ranged: ClassVar[bool] = True
    event_lists: ClassVar[tuple[str, ...]] = ()
    gives: ClassVar[tuple[str, ...]]
    texts: ClassVar[Mapping[str, str]] = {}

    @staticmethod
    @abstractmethod
    def inputs(arguments: Any, context: ParameterContext) -> dict[str, Input]:  # noqa: ANN401  (each kind has its own model)
        """What is read, by name."""

    @staticmethod
    @abstractmethod
    def create(arguments: Any, context: ParameterContext, read: Mapping[str, InputRecords]) -> NewRecords:  # noqa: ANN401
        """The new records."""

    @classmethod
    def given_variables(cls, arguments: Any) -> tuple[str, ...]:  # noqa: ANN401
        """The variables records of this kind are given, with these arguments."""
        return cls.gives

    @classmethod
    def copied_variables(cls, arguments: Any) -> tuple[str, ...]:  # noqa: ANN401
        """The variables records of this kind copy besides those of `copy:` of the dataset, if the rule `carries`."""
        return ()

    @classmethod
    def shows_range(cls, arguments: Any) -> bool:  # noqa: ANN401
        """Whether the records show the range of their analysis window, with these arguments."""
        return cls.ranged

    @classmethod
    def is_never_missing(cls, arguments: Any) -> bool:  # noqa: ANN401
        """Whether AVAL is never missing on records of this kind, with these arguments."""
        return cls.always_has_value

    @classmethod
    def of_whole_study(cls, arguments: Any) -> bool:  # noqa: ANN401
        """Whether the records of a subject depend on those of others, with these arguments: a run then derives all subjects in one part."""
        return False

    @classmethod
    def gives_text(cls, arguments: Any) -> bool:  # noqa: ANN401
        """Whether AVALC of records of this kind is a text of its own, which does not follow from AVAL."""
        return False

    @staticmethod
    @abstractmethod
    def method_text(arguments: Any, context: ParameterContext, prose: Prose) -> str:  # noqa: ANN401
        """How the records come about: complete sentences for a reviewer; `prose` renders expressions."""

    @classmethod
    def variable_text(cls, variable: str, arguments: Any, context: ParameterContext) -> str:  # noqa: ANN401
        """How a variable other than AVAL comes about on the records; by default as the rule's `texts` has it."""
        return record_text(variable, cls.texts, context.terms, cls.gives_text(arguments))

    @staticmethod
    def traceability(arguments: Any, context: ParameterContext) -> tuple[Traceability, ...]:  # noqa: ANN401
        """The ways in which the records name their source. By default they name none."""
        return (Traceability(),)

    @staticmethod
    def expected_records(arguments: Any, context: ParameterContext) -> ExpectedRecords | None:  # noqa: ANN401
        """The records that the rule makes of other records of the dataset; None if they cannot be described so."""
        return None

    @staticmethod
    def source_domain(arguments: Mapping[str, object], instruments: Mapping[str, Instrument]) -> str:
        """The domain whose variables SRC.X are on the records, from the arguments as written; blank if there is none."""
        return ""

    @staticmethod
    def argument_errors(arguments: Any, context: ParameterContext) -> Iterable[ArgumentError]:  # noqa: ANN401
        """The errors in the arguments, besides unknown names in the columns of the inputs."""
        return ()


RECORD_RULES: dict[str, type[RecordRule]] = {}
"""The rules for the records of parameters, by the name in the YAML."""
DATASET_RECORD_RULES: dict[str, type[RecordRule]] = {}
"""The rules for the records of datasets without parameters."""


def records(name: str) -> Callable[[type[RecordRule]], type[RecordRule]]:
    """Register a rule for the records of parameters under its name in the YAML."""
    return _registered(name, RECORD_RULES)


def dataset_records(name: str) -> Callable[[type[RecordRule]], type[RecordRule]]:
    """Register a rule for the records of a dataset without parameters."""
    return _registered(name, DATASET_RECORD_RULES)


def _registered(name: str, rules: dict[str, type[RecordRule]]) -> Callable[[type[RecordRule]], type[RecordRule]]:
    def register(rule: type[RecordRule]) -> type[RecordRule]:
        if name in rules:
            raise ValueError(f"record rule '{name}' is registered twice")
        rule.name = name
        rules[name] = rule
        return rule

    return register


def expression(text: str) -> Expr:
    """An expression that a rule reads besides its arguments."""
    return parse(text)
