"""What `PARAMETER` gives for a variable on the records of one parameter."""

from __future__ import annotations

from dataclasses import replace

from adam.catalog.derivations import DERIVATIONS
from adam.catalog.derivations.flags import flag_yn
from adam.core.kinds import ValueKind, is_compatible
from adam.expressions.parse import parse
from adam.expressions.tree import Both, Call, Expr, Literal, Missing, Name, Negation, Node
from adam.planning.context import Context
from adam.planning.formulas import Formulas
from adam.planning.resolved_formula import ResolvedFormula
from adam.planning.scopes import FormulaScope
from adam.specification.dictionary import entry_of
from adam.specification.models import Criterion, Dataset, Parameter, Variable

CRITERION_FLAG = flag_yn.__name__
"""The derivation that gives CRITyFL."""


class ParameterFormulas:
    """Resolves the formulas that stand for `PARAMETER`, each once."""

    def __init__(self, programs: Formulas) -> None:
        self.programs = programs
        self.catalogue, self.problems = programs.catalogue, programs.problems
        self.resolved: dict[tuple[str, str, str], ResolvedFormula | None] = {}

    def of(self, dataset: Dataset, variable: Variable, parameter: Parameter) -> ResolvedFormula | None:
        """What `PARAMETER` gives for a variable on the records of a parameter."""
        key = (dataset.name, variable.name, parameter.name)
        if key not in self.resolved:
            self.resolved[key] = self._own(dataset, variable, parameter) or self._by_block(dataset, variable, parameter)
        return self.resolved[key]

    def _own(self, dataset: Dataset, variable: Variable, parameter: Parameter) -> ResolvedFormula | None:
        """The formula the parameter's own block has for the variable."""
        own = parameter.variables.get(variable.name)
        if own is None:
            return None
        program = self.programs.build(own, Context(dataset.name, variable.name))
        wanted = self.programs.kind(dataset.name, variable.name)
        if program is not None and not is_compatible(program.kind, wanted):
            message = f"{parameter.name}: The variable is {wanted.article}, but this formula gives {program.kind.article}."
            self.problems.add(own.mark, f"{dataset.name}.{variable.name}", message, "spec-wrong-kind")
        return program

    def _by_block(self, dataset: Dataset, variable: Variable, parameter: Parameter) -> ResolvedFormula:
        """What the block of the parameter gives: its label, code, number and category, its terms, its criteria; else nothing."""
        attributes: dict[str, str | float | None] = {
            "PARAM": parameter.label,
            "PARAMCD": parameter.name,
            "PARAMN": parameter.number,
            "PARCAT1": parameter.category,
            "PARCAT1N": parameter.category_number,
        }
        if variable.name in attributes:
            value = attributes[variable.name]
            root: Node = Missing() if value is None else Literal(value)
            return self.program(dataset, variable, Expr(str(root), root, parameter.mark))
        codelist = self.catalogue.study.codelists.get(parameter.codelist)
        if variable.name == "AVALC" and codelist is not None:
            program = self.program(dataset, variable, parse("codelist_term(AVAL)", variable.mark))
            return replace(program, terms={None: codelist.numbers})
        entry = entry_of(self.catalogue.study.dictionary, dataset.class_, variable.name, dataset.subclass)
        criterion = parameter.criteria.get(int(entry.digits.get("y", 0))) if entry is not None and entry.criterion else None
        if entry is None or criterion is None:
            return self.program(dataset, variable, Expr("missing", Missing(), variable.mark))
        if entry.criterion == "text":
            return self.program(dataset, variable, Expr(f'"{criterion.text}"', Literal(criterion.text), parameter.mark))
        return self.criterion(dataset, variable, criterion)

    def criterion(self, dataset: Dataset, variable: Variable, criterion: Criterion) -> ResolvedFormula:
        """CRITyFL: Y where `when` is true, N where it is not; blank where `criteria:` of the dataset is not true or a value is missing."""
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
        arguments = DERIVATIONS[CRITERION_FLAG].model.model_validate({"when": criterion.when})
        return ResolvedFormula(variable, context, ValueKind.TEXT, dict(scope.refs), where=where, derivation=CRITERION_FLAG, arguments=arguments)

    def program(self, dataset: Dataset, variable: Variable, expr: Expr) -> ResolvedFormula:
        scope = FormulaScope(self.programs, Context(dataset.name, variable.name), variable)
        if any(isinstance(node, Name) for node in expr.names):
            for name in expr.names:
                scope.kind(name)
        kind = self.programs.kind(dataset.name, variable.name)
        return ResolvedFormula(variable, Context(dataset.name, variable.name), kind, dict(scope.refs), expr=expr)
