"""The models of datasets, variables, parameters, codelists, windows and sources as they are written: frozen, each with its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StrictBool, ValidationInfo

from adam.core.block import AsWritten, Block
from adam.core.errors import NOWHERE, Mark
from adam.core.reference_table import ReferenceTable
from adam.expressions.field import Expression
from adam.expressions.tree import Expr
from adam.specification.groups import VariableGroup

VariableType = Literal["text", "integer", "float", "date", "datetime", "time"]
Origin = Literal["Collected", "Derived", "Assigned", "Protocol", "Predecessor"]
Core = Literal["Req", "Cond", "Perm"]


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
    """A formula that calls a derivation of the catalog; the plan resolves its name and arguments."""

    name: str
    arguments: Any
    mark: Mark = NOWHERE


Formula = Value | Term | Derivation


class Attributes(Block):
    """The attributes of a variable besides its formula; an attribute that is not declared is blank or None."""

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

    `nci` is its code in CDISC terminology, `published` the package of that terminology that contains it, `release` the date of the release
    that its terms come from.
    """

    name: str
    terms: dict[str, CodelistTerm]
    nci: AsWritten = ""
    published: Literal["SDTM", "ADaM"] = "SDTM"
    release: AsWritten = ""
    extensible: bool = False
    mark: Mark = NOWHERE

    @property
    def of_table(self) -> bool:
        """Whether it comes from a table of CDISC terminology, and no YAML has it."""
        return self.mark.file.endswith(".csv")

    @property
    def numbers(self) -> dict[str, float]:
        """The terms that have a number."""
        return {term: entry.number for term, entry in self.terms.items() if entry.number is not None}


class Window(Block):
    """One analysis window: the name and number of its visit, and the days or the condition that select its records."""

    name: str
    number: float
    period: int | None = None
    target: int | None = None
    low: int | Literal["period"] | None = None
    high: int | None = None
    where: Expression | None = None
    mark: Mark = NOWHERE


class WindowUse(Block):
    """The windows that a dataset uses: the date of a record, the date its days are counted from, and which records have a window.

    `range` is the form of AWRANGE: `44-71 DAYS` and `>=141 DAYS`, or short as `44-71` and `>140`.
    """

    use: AsWritten
    date: Expression
    reference: Expression
    where: Expression | None = None
    period_start: Expression | None = None
    range: Literal["unit", "short"] = "unit"
    mark: Mark = NOWHERE


class Check(Block):
    """One check. `kind` is `expect` for a condition of its own, else the name of a check of the library or of a generated check.

    With `allow_empty` its `where` may select no record. `message` replaces the message that is made of the line.
    `shared`: a layer has it, for every dataset with the variables and parameters it names.
    """

    id: str
    kind: str
    arguments: Any = None
    severity: Literal["error", "warning"] = "error"
    allow_empty: bool = False
    message: str = ""
    dataset: str = ""
    shared: bool = False
    mark: Mark = NOWHERE


def _optional(value: object, info: ValidationInfo) -> object:
    """`optional: true` as a list of the domain itself."""
    return (info.data["name"],) if value is True else value


class SourceUse(Block):
    """How a domain is read: its records, added variables, optional variables, conditions that warn, and the encoding of its text.

    `dates` is the severity of a --DTC value that is not an ISO 8601 date.
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
    """A rule that creates records: its name and its arguments, as written."""

    kind: str
    arguments: Any
    mark: Mark = NOWHERE


class Criterion(Block):
    """An analysis criterion CRITy: its text, its condition, and the variables that must have a value to evaluate it."""

    text: AsWritten
    when: Expression
    needs: tuple[AsWritten, ...] | None = None


@dataclass(frozen=True, eq=False)
class FamilySource:
    """The source records of a parameter family: of a domain, where a condition holds, each with the row of a table that it matches."""

    family: str
    domain: str
    where: Expr | None
    table: ReferenceTable
    match: Mapping[str, Expr]
    mark: Mark


@dataclass(frozen=True, eq=False)
class DataFamily:
    """A parameter family whose parameters are in the data: the expressions `codes`, `label`, `category` and `number`, and the records they read."""

    name: str
    expressions: Mapping[str, Expr]
    records: tuple[Records, ...]
    mark: Mark


class Parameter(Block):
    """A parameter of a BDS dataset (PARAMCD) and the rules that create its records.

    `variables` are the formulas of this parameter only. `family` is the family of a parameter without a block of its own, for messages.
    The first parameter of a family has its sources in `unmatched`, so that records that match no row are reported once, and
    in `of_data` how its parameters are found in the data, if they are.
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
    subjects: Expression | None = None
    variables: dict[str, Variable] = {}
    add: tuple[Records, ...] = ()
    windowed: bool = True
    allow_empty: StrictBool = False
    kept: bool = True
    family: str = ""
    unmatched: tuple[FamilySource, ...] = ()
    of_data: DataFamily | None = None
    mark: Mark = NOWHERE


class Dataset(Block):
    """An analysis dataset as it is written.

    `groups` become variables in the plan, where the headers of the sources are known. `sources` are variables that it prepares in domains.
    """

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
    groups: tuple[VariableGroup, ...] = ()
    sources: dict[str, dict[str, Variable]] = {}
    temporary: dict[str, Variable] = {}
    checks: tuple[Check, ...] = ()
    parameters: dict[str, Parameter] = {}
    windows: WindowUse | None = None
    criteria_where: Expression | None = None
    events: dict[str, Any] = {}
    copied: tuple[AsWritten, ...] = Field(default=(), alias="copy")
    allow_empty: StrictBool = False
    mark: Mark = NOWHERE
    marks: dict[str, Mark] = {}

    @property
    def order(self) -> tuple[str, ...]:
        """The variables the records are sorted by: `sort`, else the key."""
        return self.sort or self.key
