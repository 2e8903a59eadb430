"""The models of a study: what the YAML says, frozen, with the place of everything that can be wrong."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, ValidationInfo

from adam.core.errors import NOWHERE, Mark
from adam.expressions.field import Expression
from adam.expressions.tree import Expr
from adam.specification.located import as_text
from adam.specification.standards import Standard

VariableType = Literal["text", "integer", "float", "date", "datetime", "time"]
Origin = Literal["Collected", "Derived", "Assigned", "Protocol", "Predecessor"]
Core = Literal["Req", "Cond", "Perm"]
AsWritten = Annotated[str, BeforeValidator(as_text)]
"""A text; a number is taken as it was written."""


class Block(BaseModel):
    """What every block of the YAML has in common: frozen, and no key it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


@dataclass(frozen=True)
class Value:
    """A formula that is an expression."""

    expr: Expr


@dataclass(frozen=True)
class Term:
    """A formula that is a literal text."""

    text: str


@dataclass(frozen=True)
class Derivation:
    """A formula that is a registered derivation; the plan gives its name and arguments their meaning."""

    name: str
    arguments: Any
    mark: Mark = NOWHERE


Formula = Value | Term | Derivation


class Attributes(Block):
    """What is said of a variable besides its formula; empty where it is not said."""

    label: AsWritten = ""
    type: VariableType | None = None
    length: Annotated[int, Field(ge=1, le=200)] | None = None
    format: AsWritten = ""
    codelist: AsWritten = ""
    core: Core | None = None
    origin: Origin | None = None
    method: AsWritten = ""
    comment: AsWritten = ""


class DictionaryEntry(Attributes):
    """What the dictionary holds for a variable of a class: its attributes, and facts of the standard that rules depend on.

    `never_blank` is true of a variable with a value on every record. `criterion` is the part of an analysis criterion that the variable
    holds: its text, or the flag of its result. `digits` are those of the name at the places of a pattern; no line of the YAML gives them.
    """

    never_blank: StrictBool = False
    criterion: Literal["text", "flag"] | None = None
    digits: dict[str, str] = {}


ATTRIBUTE_KEYS = (*Attributes.model_fields, "where", "allow_empty")


class Variable(Attributes):
    """One variable of a dataset, or a temporary, as it is written."""

    name: str
    formula: Formula | None = None
    where: Expression | None = None
    allow_empty: StrictBool = False
    mark: Mark = NOWHERE
    marks: dict[str, Mark] = {}
    temporary: bool = False


class CodelistTerm(Block):
    """One term of a codelist."""

    number: float | None = None
    decode: AsWritten = ""
    nci: AsWritten = ""


class Codelist(Block):
    """A codelist: its terms in order, each with a number and a decode where it has them.

    `nci` is its code in CDISC terminology, `published` the package of that terminology it stands in.
    """

    name: str
    terms: dict[str, CodelistTerm]
    nci: AsWritten = ""
    published: Literal["SDTM", "ADaM"] = "SDTM"
    extensible: bool = False
    mark: Mark = NOWHERE

    @property
    def numbers(self) -> dict[str, float]:
        """The terms that have a number."""
        return {term: entry.number for term, entry in self.terms.items() if entry.number is not None}


class Window(Block):
    """One analysis window: a visit with its number, and the days or the condition that decide it."""

    name: str
    number: float
    period: int | None = None
    target: int | None = None
    low: int | Literal["period"] | None = None
    high: int | None = None
    where: Expression | None = None
    mark: Mark = NOWHERE


class WindowUse(Block):
    """Which windows a dataset uses, and the variables that hold its day and date."""

    use: AsWritten
    day: Expression
    date: Expression
    period_start: Expression | None = None
    mark: Mark = NOWHERE


class Check(Block):
    """One check: a condition that must hold, one of the library, or one that is generated. `kind` says which.

    `allow_empty` says that its `where` may select no record, `message` what a finding says in place of the words made of the line.
    """

    id: str
    kind: str
    arguments: Any = None
    severity: Literal["error", "warning"] = "error"
    allow_empty: bool = False
    message: str = ""
    dataset: str = ""
    mark: Mark = NOWHERE


def _optional(value: object, info: ValidationInfo) -> object:
    """`optional: true` is a list of the domain itself."""
    return (info.data["name"],) if value is True else value


class SourceUse(Block):
    """How a domain is read: which records, what is added to it, what may be absent, what is warned of, and the encoding of its text.

    `dates` says how heavy a --DTC value that is no ISO 8601 date weighs.
    """

    name: str
    where: Expression | None = None
    variables: dict[str, Variable] = {}
    optional: Annotated[tuple[AsWritten, ...], BeforeValidator(_optional)] = ()
    dates: Literal["error", "warning"] = "error"
    allow_empty: StrictBool = False
    issues: dict[str, Expression] = {}
    encoding: AsWritten = ""
    mark: Mark = NOWHERE

    @property
    def may_be_absent(self) -> bool:
        """Whether the study runs without a file of the domain."""
        return self.name in self.optional


class Records(Block):
    """How records come about: the kind and its arguments, as written."""

    kind: str
    arguments: Any
    mark: Mark = NOWHERE


class Criterion(Block):
    """An analysis criterion CRITy: its text, its condition, and the variables without which it cannot be told."""

    text: AsWritten
    when: Expression
    needs: tuple[AsWritten, ...] | None = None


class Parameter(Block):
    """A parameter of a BDS dataset (PARAMCD) and how its records come about.

    `variables` are the formulas of this parameter only.
    """

    name: str
    number: float | None = None
    label: AsWritten
    category: AsWritten = ""
    category_number: float | None = None
    records: tuple[Records, ...]
    range: tuple[float, float] | None = None
    integer: bool = False
    codelist: AsWritten = ""
    criteria: dict[int, Criterion] = {}
    variables: dict[str, Variable] = {}
    add: tuple[Records, ...] = ()
    windowed: bool = True
    allow_empty: StrictBool = False
    kept: bool = True
    mark: Mark = NOWHERE


class Dataset(Block):
    """An analysis dataset as it is written."""

    name: str
    class_: str
    subclass: AsWritten = ""
    label: AsWritten
    structure: AsWritten = ""
    key: tuple[AsWritten, ...]
    sort: tuple[AsWritten, ...] = ()
    records: Records | None = None
    subjects: Expression | None = None
    variables: dict[str, Variable]
    temporary: dict[str, Variable] = {}
    checks: tuple[Check, ...] = ()
    parameters: dict[str, Parameter] = {}
    windows: WindowUse | None = None
    criteria_where: Expression | None = None
    copied: tuple[AsWritten, ...] = Field(default=(), alias="copy")
    allow_empty: StrictBool = False
    mark: Mark = NOWHERE
    marks: dict[str, Mark] = {}

    @property
    def order(self) -> tuple[str, ...]:
        """The variables the records are sorted by: `sort`, else the key."""
        return self.sort or self.key


class ClassUse(Block):
    """What a class gives to each dataset of it."""

    structure: AsWritten = ""
    key: tuple[AsWritten, ...] = ()
    parameters: Literal["required"] | None = None


class Waiver(Block):
    """A finding that is explained: the check, the records (all if not said) and the reason."""

    check: AsWritten
    reason: AsWritten
    keys: dict[str, Any] = {}
    mark: Mark = NOWHERE


class Study(Block):
    """A study as its folder and layers say it.

    `lengths` says how long text is in the files: as declared, or as the longest value of that variable in all datasets. A file of more
    than `split_over` bytes is also written in parts. `standard` is the dictionary of the standard alone (None: `dictionary` is it),
    `unlisted` the rule ids of datasets in the folder that `datasets:` does not list. `conformance` says what a conformance rule of ADaM
    is that is not stated for every dataset anyway: a warning, an error, or not looked at.
    """

    name: str
    folder: Path
    files: tuple[tuple[str, Path], ...] = ()
    digests: dict[str, str] = {}
    label: AsWritten = ""
    ids: tuple[AsWritten, ...]
    standards: tuple[Standard, ...] = ()
    as_of: datetime.date | None = None
    waivers: tuple[Waiver, ...] = ()
    non_ascii: Literal["error", "transliterate", "keep"] = "error"
    lengths: Literal["declared", "longest"] = "declared"
    conformance: Literal["off", "warning", "error"] = "warning"
    split_over: Annotated[int, Field(ge=1_000_000)] = 5_000_000_000
    constants: dict[str, Any] = {}
    treatments: dict[str, float] = {}
    periods: dict[int, str] = {}
    phases: dict[int, str] = {}
    windows: dict[str, dict[str, Window]] = {}
    sources: dict[str, SourceUse] = {}
    datasets: dict[str, Dataset] = {}
    dictionary: dict[str, dict[str, DictionaryEntry]] = {}
    standard: dict[str, dict[str, DictionaryEntry]] | None = None
    unlisted: dict[str, tuple[str, ...]] = {}
    classes: dict[str, ClassUse] = {}
    codelists: dict[str, Codelist] = {}
    checks: tuple[Check, ...] = ()
    instruments: dict[str, Any] = {}
    results: dict[str, Any] = {}
    simulation: dict[str, Any] = {}
