"""Programs that no line of a variable says: what `PARAMETER` and `WINDOW` give on the records of one parameter (LANGUAGE §5, §7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from adam.catalog.derivations import DERIVATIONS
from adam.core.errors import Mark
from adam.core.kinds import ValueKind, is_compatible
from adam.expressions.check import kind_of
from adam.expressions.parse import parse
from adam.expressions.tree import Both, Call, Expr, Literal, Missing, Name, Negation, Node
from adam.plan.formulas import Formulas, ResolvedFormula
from adam.plan.references import Context, Reference
from adam.plan.scopes import FormulaScope
from adam.specification.dictionary import entry_of
from adam.specification.models import Criterion, Dataset, Parameter, Variable, Window

WINDOW_INDEX = "*window"


@dataclass(frozen=True, eq=False)
class Windows:
    """The windows of a dataset, bound: the table, the expressions, what their names stand for, and the start of each period."""

    table: tuple[Window, ...]
    day: Expr
    date: Expr
    refs: Mapping[Name, Reference]
    starts: Mapping[int, Name] = field(default_factory=dict)


class Special:
    """Makes the programs of `PARAMETER` and the windows of each dataset, each once."""

    def __init__(self, programs: Formulas) -> None:
        self.programs = programs
        self.catalogue, self.problems = programs.catalogue, programs.problems
        self.made: dict[tuple[str, str, str], ResolvedFormula | None] = {}
        self.tables: dict[str, Windows | None] = {}

    def parameter(self, dataset: Dataset, variable: Variable, parameter: Parameter) -> ResolvedFormula | None:
        """What `PARAMETER` gives for a variable on the records of a parameter."""
        key = (dataset.name, variable.name, parameter.name)
        if key not in self.made:
            self.made[key] = self._own(dataset, variable, parameter) or self._said(dataset, variable, parameter)
        return self.made[key]

    def _own(self, dataset: Dataset, variable: Variable, parameter: Parameter) -> ResolvedFormula | None:
        """The formula the parameter's own block has for the variable."""
        own = parameter.variables.get(variable.name)
        if own is None:
            return None
        program = self.programs.build(own, Context(dataset.name, variable.name))
        wanted = self.programs.kind(dataset.name, variable.name)
        if program is not None and not is_compatible(program.kind, wanted):
            message = f"{parameter.name}: the variable is {wanted.article}; this formula gives {program.kind.article}"
            self.problems.add(own.mark, f"{dataset.name}.{variable.name}", message, "spec-wrong-kind")
        return program

    def _said(self, dataset: Dataset, variable: Variable, parameter: Parameter) -> ResolvedFormula:
        facts: dict[str, str | float | None] = {
            "PARAM": parameter.label,
            "PARAMCD": parameter.name,
            "PARAMN": parameter.number,
            "PARCAT1": parameter.category,
            "PARCAT1N": parameter.category_number,
        }
        if variable.name in facts:
            value = facts[variable.name]
            root: Node = Missing() if value is None else Literal(value)
            return self.program(dataset, variable, Expr(str(root), root, parameter.mark))
        codelist = self.catalogue.study.codelists.get(parameter.codelist)
        if variable.name == "AVALC" and codelist is not None:
            program = self.program(dataset, variable, parse("codelist_term(AVAL)", variable.mark))
            return replace(program, terms={None: codelist.numbers})
        entry = entry_of(self.catalogue.study.dictionary, dataset.class_, variable.name)
        criterion = parameter.criteria.get(int(entry.digits.get("y", 0))) if entry is not None and entry.criterion else None
        if entry is None or criterion is None:
            return self.program(dataset, variable, Expr("missing", Missing(), variable.mark))
        if entry.criterion == "text":
            return self.program(dataset, variable, Expr(f'"{criterion.text}"', Literal(criterion.text), parameter.mark))
        return self.criterion(dataset, variable, criterion)

    def criterion(self, dataset: Dataset, variable: Variable, criterion: Criterion) -> ResolvedFormula:
        """CRITyFL: Y where `when` is true, N where it is not; blank where something it needs is missing or the dataset says so."""
        needs = criterion.needs if criterion.needs is not None else tuple(str(name) for name in criterion.when.names if len(name.parts) == 1)
        conditions: list[Node] = [Negation(Call("missing", (Name((need,)),))) for need in needs]
        if dataset.criteria_where is not None:
            conditions.insert(0, dataset.criteria_where.root)
        root = conditions[0] if len(conditions) == 1 else Both("and", tuple(conditions)) if conditions else None
        where = Expr(str(root), root, criterion.when.mark) if root is not None else None
        context = Context(dataset.name, variable.name)
        scope = FormulaScope(self.programs, context, variable)
        self.programs.checked(criterion.when, scope, variable, ValueKind.CONDITION, "when")
        if where is not None:
            self.programs.checked(where, scope, variable, ValueKind.CONDITION, "criteria")
        arguments = DERIVATIONS["flag_yn"].model.model_validate({"when": criterion.when})
        return ResolvedFormula(variable, context, ValueKind.TEXT, dict(scope.refs), where=where, derivation="flag_yn", arguments=arguments)

    def program(self, dataset: Dataset, variable: Variable, expr: Expr) -> ResolvedFormula:
        scope = FormulaScope(self.programs, Context(dataset.name, variable.name), variable)
        if any(isinstance(node, Name) for node in expr.names):
            for name in expr.names:
                scope.kind(name)
        kind = self.programs.kind(dataset.name, variable.name)
        return ResolvedFormula(variable, Context(dataset.name, variable.name), kind, dict(scope.refs), expr=expr)

    def windows(self, dataset: Dataset) -> Windows | None:
        """The windows a dataset uses, bound; None, and problems, where there are none of that name."""
        if dataset.name not in self.tables:
            self.tables[dataset.name] = self._windows(dataset)
        return self.tables[dataset.name]

    def _windows(self, dataset: Dataset) -> Windows | None:
        use, tables = dataset.windows, self.catalogue.study.windows
        if use is None:
            return None
        table = tables.get(use.use)
        if table is None:
            known = ", ".join(tables) or "none"
            message = f"the study has no windows called '{use.use}'; known are {known}"
            self.problems.add(use.mark, dataset.name, message, "spec-unknown-windows")
            return None
        scope = FormulaScope(self.programs, Context(dataset.name), None)
        for expr, wanted, what in ((use.day, ValueKind.NUMBER, "day"), (use.date, ValueKind.DATE, "date")):
            self.programs.checked(expr, scope, None, wanted, f"windows: {what}")
        for window in table.values():
            if window.where is not None:
                self.wherever(window.where, scope, dataset, f"windows: {window.name}")
        starts = self.starts(dataset, scope, use.period_start, use.mark)
        return Windows(tuple(table.values()), use.day, use.date, dict(scope.refs), starts)

    def wherever(self, expr: Expr, scope: FormulaScope, dataset: Dataset, what: str) -> None:
        kind, faults = kind_of(expr, scope)
        for fault in faults:
            self.problems.add(expr.place(fault.node), dataset.name, f"{what}: {fault.message}", fault.code)
        if not faults and not is_compatible(kind, ValueKind.CONDITION):
            self.problems.add(expr.mark, dataset.name, f"{what} wants a condition; {expr} is {kind.article}", "spec-wrong-kind")

    def starts(self, dataset: Dataset, scope: FormulaScope, pattern: Expr | None, mark: Mark) -> dict[int, Name]:
        """The name of the start of each period, from a pattern such as ADSL.APxxSDT."""
        if pattern is None:
            return {}
        name = pattern.bare
        if name is None or "xx" not in name.last:
            message = f"period_start wants a name with xx, as in DATASET.APxxSDT; {pattern} is none"
            self.problems.add(pattern.mark, dataset.name, message, "spec-wrong-argument")
            return {}
        names = {n: Name((*name.parts[:-1], name.last.replace("xx", f"{n:02d}"))) for n in self.catalogue.study.periods}
        for each in names.values():
            self.programs.checked(Expr(str(each), each, mark), scope, None, ValueKind.DATE, "windows: period_start")
        return names
