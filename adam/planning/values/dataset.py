"""A dataset with nothing left open: its variables, its parameters with their value-level metadata, its key and order."""

from __future__ import annotations

from adam.core.errors import NOWHERE, Mark
from adam.expressions.tree import Expr
from adam.planning.values.contracts import ResolvedCreation, ResolvedDerivation
from adam.planning.values.resolved import Resolved
from adam.specification.models import Check, Core, Criterion, Formula, Origin, Records, VariableType, WindowUse


class ResolvedVariable(Resolved):
    """One variable of a dataset, of a parameter or of a source, or a temporary.

    `imputed` is true if its derivation fills in parts that are missing in the source.
    `never_blank` is true where the standard requires a value on every record.
    `type` is None where only the data can show it; `length` is in bytes and None for numbers. `method` is a sentence for define.xml,
    blank for a plain copy. `predecessor` is the dataset it is copied from, or blank. `lineage` are the names its formula reads.
    `derivation` is what its derivation declares, if its formula is one. `definitions` are sentences that define what `method` names and
    the data do not have; `expression` is the formula as it is written, with those of the definitions. `cited` are the variables of
    `lineage` as a reviewer knows them: a supplemental qualifier is the value of its record in SUPP--. `conditional` states that
    a copied or assigned value is that of selected records only, or the result of a rule.
    """

    name: str
    label: str = ""
    type: VariableType | None = None
    length: int | None = None
    format: str = ""
    codelist: str = ""
    core: Core | None = None
    origin: Origin | None = None
    method: str = ""
    comment: str = ""
    formula: Formula | None = None
    derivation: ResolvedDerivation | None = None
    where: Expr | None = None
    allow_empty: bool = False
    mark: Mark = NOWHERE
    marks: dict[str, Mark] = {}
    temporary: bool = False
    predecessor: str = ""
    never_blank: bool = False
    imputed: bool = False
    lineage: tuple[str, ...] = ()
    definitions: tuple[str, ...] = ()
    expression: str = ""
    cited: tuple[str, ...] = ()
    conditional: bool = False

    @property
    def description(self) -> str:
        """The method with its definitions."""
        return " ".join(filter(None, (self.method, *self.definitions)))

    @property
    def is_bare_copy(self) -> bool:
        """Whether the origin alone states how the values are made: a copy of one variable, of every record."""
        return self.origin == "Predecessor" and not self.definitions and not self.conditional and len(self.cited) <= 1


class ResolvedParameter(Resolved):
    """A parameter (PARAMCD) of a dataset. `variables` is its value-level metadata, `formulas` those of its own block.

    `creations` is what the rules of its entries of `records` and `add` declare; `added_records` are the method texts of the records that
    `add:` creates. A parameter that is not `kept` only serves others.
    """

    name: str
    label: str
    number: float | None = None
    category: str = ""
    category_number: float | None = None
    records: tuple[Records, ...] = ()
    add: tuple[Records, ...] = ()
    range: tuple[float, float] | None = None
    integer: bool = False
    codelist: str = ""
    criteria: dict[int, Criterion] = {}
    subjects: Expr | None = None
    variables: dict[str, ResolvedVariable] = {}
    formulas: dict[str, ResolvedVariable] = {}
    creations: tuple[ResolvedCreation, ...] = ()
    added_records: tuple[str, ...] = ()
    windowed: bool = True
    allow_empty: bool = False
    kept: bool = True
    mark: Mark = NOWHERE


class ResolvedDataset(Resolved):
    """An analysis dataset: what checks, export and documents need, and all they need.

    `copied` are the variables a record takes over from the record it is created from.
    """

    name: str
    class_: str
    label: str
    key: tuple[str, ...]
    variables: dict[str, ResolvedVariable]
    subclass: str = ""
    structure: str = ""
    sort: tuple[str, ...] = ()
    records: Records | None = None
    creation: ResolvedCreation | None = None
    subjects: Expr | None = None
    temporary: dict[str, ResolvedVariable] = {}
    checks: tuple[Check, ...] = ()
    parameters: dict[str, ResolvedParameter] = {}
    windows: WindowUse | None = None
    criteria_where: Expr | None = None
    copied: tuple[str, ...] = ()
    allow_empty: bool = False
    mark: Mark = NOWHERE
    marks: dict[str, Mark] = {}

    @property
    def in_file(self) -> ResolvedDataset:
        """The dataset with the parameters whose records it keeps."""
        return self.model_copy(update={"parameters": {code: each for code, each in self.parameters.items() if each.kept}})

    @property
    def order(self) -> tuple[str, ...]:
        """The variables the records are sorted by: `sort`, else the key."""
        return self.sort or self.key
