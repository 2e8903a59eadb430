"""The program of a variable: its formula with every name resolved and every kind known. Faults are gathered, never raised."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import BaseModel

from adam.catalog.derivation import Reach
from adam.catalog.derivations import DERIVATIONS
from adam.core.errors import Finding, Mark
from adam.core.kinds import OF_TYPE, ValueKind, is_compatible
from adam.core.problems import Problems
from adam.expressions.check import UnknownName, kind_of
from adam.expressions.tree import Expr, Literal, Name
from adam.planning.arguments import Argument, bound, expressions
from adam.planning.context import Context
from adam.planning.names import DOMAIN, StudyNames
from adam.planning.parameter_kind import kind_of_parameters
from adam.planning.possible_values import Values, check_keys, check_produced, collected_terms
from adam.planning.resolved_formula import ResolvedFormula, ValueSource
from adam.planning.scopes import FormulaScope
from adam.planning.values.references import Binding, BoundExpression, Reference
from adam.specification.models import Dataset, Derivation, SourceUse, Term, Value, Variable

FROM_ELSEWHERE = {"WINDOW": ValueSource.WINDOW, "PARAMETER": ValueSource.PARAMETER}
"""What a formula may name in place of a source."""


class Formulas:
    """Resolves the formulas of all variables, each once, and finds the kind of any."""

    def __init__(self, catalogue: StudyNames, attributes: Callable[[str, Variable], Variable], problems: Problems) -> None:
        self.catalogue, self.attributes, self.problems = catalogue, attributes, problems
        self.values = Values(self)
        self.warnings: dict[Finding, None] = {}
        self.made: dict[tuple[str, str], ResolvedFormula | None] = {}
        self.active: list[tuple[str, str]] = []

    def codelist_of(self, owner: str, variable: Variable | None) -> str:
        """The codelist of a variable: its own, the standard's, or the one of its name; nothing if it has none."""
        if variable is None:
            return ""
        return self.attributes(owner, variable).codelist

    def kind_of_ref(self, ref: Reference, context: Context) -> ValueKind:
        """The kind of what a name refers to."""
        if ref.binding is Binding.CONSTANT:
            return self.catalogue.constant_kind(ref.variable)
        if ref.binding is Binding.SRC:
            dataset = self.catalogue.study.datasets[context.owner]
            return self.src_kind(ref.variable, dataset)
        if ref.undecided:
            return ValueKind.ANY
        if ref.raw:
            return self.catalogue.raw_kind(ref.owner, ref.variable)
        return self.kind(ref.owner, ref.variable)

    def src_kind(self, variable: str, dataset: Dataset) -> ValueKind:
        """The kind of SRC.X in a dataset.

        Raises:
            UnknownName: it has another kind in two of the domains its records come from.
        """
        found: dict[ValueKind, str] = {}
        for domain in self.catalogue.domains_of(dataset):
            found.setdefault(self.kind_in(domain, variable, dataset.name), domain)
        found.pop(ValueKind.ANY, None)
        if len(found) > 1:
            kinds = " and ".join(f"{kind.article} in {domain}" for kind, domain in found.items())
            raise UnknownName(f"SRC.{variable} is {kinds}. Write one formula for each parameter, or use text() or number().", "spec-wrong-kind")
        return next(iter(found), ValueKind.ANY)

    def kind_in(self, domain: str, variable: str, owner: str) -> ValueKind:
        """The kind of SRC.X in one domain, in a formula of a dataset."""
        name = self.catalogue.src_variable(domain, variable, owner)
        if self.catalogue.is_dataset(domain):
            return self.kind(domain, name)
        if self.catalogue.is_open(domain, variable, owner):
            return ValueKind.ANY
        return self.kind(domain, name) if name in self.catalogue.use(domain).variables else self.catalogue.raw_kind(domain, name)

    def kind(self, owner: str, name: str) -> ValueKind:
        """The kind of a variable: its type, else what its formula gives. In a circle of formulas it is not known."""
        variable = self.catalogue.variable(owner, name)
        if variable is None:
            return ValueKind.ANY
        declared = self.attributes(owner, variable).type
        if declared is not None:
            return OF_TYPE[declared]
        if (owner, name) in self.active:
            return ValueKind.ANY
        program = self.program(owner, name)
        return program.kind if program else ValueKind.ANY

    def program(self, owner: str, name: str) -> ResolvedFormula | None:
        """The program of a variable of a dataset, or of one prepared in a domain; None where it has faults."""
        if (owner, name) not in self.made:
            variable = self.catalogue.variable(owner, name)
            assert variable is not None, f"{owner}.{name}"
            self.active.append((owner, name))
            self.made[owner, name] = self.build(variable, Context(owner, name))
            self.active.pop()
        return self.made[owner, name]

    def build(self, variable: Variable, context: Context) -> ResolvedFormula | None:
        """The resolved formula of a variable in its context."""
        before = len(self.problems.found)
        formula = self.normal(variable, context)
        if formula is None:
            return None
        scope = FormulaScope(self, context, variable)
        program: ResolvedFormula | None
        if isinstance(formula, ValueSource):
            program = self.finish(variable, context, scope, self.kind_of_parameters(variable, context, formula), source=formula)
        elif isinstance(formula, Derivation):
            program = self.derived(variable, formula, context, scope)
        else:
            kind = self.checked(formula, scope, variable)
            check_produced(self, variable, scope, [formula])
            program = self.finish(variable, context, scope, kind, expr=formula)
        return program if len(self.problems.found) == before else None

    def kind_of_parameters(self, variable: Variable, context: Context, source: ValueSource) -> ValueKind:
        """The kind of a variable of `PARAMETER` that no line declares."""
        if source is not ValueSource.PARAMETER or self.attributes(context.owner, variable).type is not None:
            return ValueKind.ANY
        parameters = self.catalogue.study.datasets[context.owner].parameters.values()
        return kind_of_parameters(parameters, context.variable, lambda own: self.build(own, context))

    def normal(self, variable: Variable, context: Context) -> Expr | Derivation | ValueSource | None:
        """The formula with bare sources written out: an expression, a derivation, or `WINDOW` or `PARAMETER`."""
        match variable.formula:
            case Derivation() as formula:
                return formula
            case Term(text=text):
                return Expr(f'"{text}"', Literal(text), variable.mark)
            case Value(expr=expr):
                return self.bare(expr, variable, context)
        return None

    def bare(self, expr: Expr, variable: Variable, context: Context) -> Expr | ValueSource:
        name = expr.bare
        if name is None or len(name.parts) > 1 or not self.catalogue.is_dataset(context.owner):
            return expr
        source = name.last
        if self.catalogue.variable(context.owner, source) is not None:
            return expr
        if source in FROM_ELSEWHERE:
            return FROM_ELSEWHERE[source]
        if source == "SRC" or self.catalogue.is_dataset(source) or self.catalogue.is_domain(source) or DOMAIN.fullmatch(source):
            return Expr(f"{source}.{variable.name}", Name((source, variable.name)), expr.mark)
        return expr

    def checked(self, expr: Expr, scope: FormulaScope, variable: Variable | None, wanted: ValueKind = ValueKind.ANY, what: str = "") -> ValueKind:
        """The kind of an expression; its faults become problems, and so does a kind that is not wanted."""
        kind, faults = kind_of(expr, scope)
        subject = f"{scope.context.owner}.{variable.name}" if variable else scope.context.owner
        for fault in faults:
            self.problems.add(expr.place(fault.node), subject, fault.message, fault.code)
        if not faults and not is_compatible(kind, wanted):
            self.problems.add(expr.mark, subject, f"{what} must be {wanted.article}; {expr} is {kind.article}.", "spec-wrong-kind")
        self.warnings |= dict.fromkeys(collected_terms(self.catalogue.study, scope, expr, variable))
        return kind

    def finish(self, variable: Variable, context: Context, scope: FormulaScope, kind: ValueKind, **parts: Any) -> ResolvedFormula:  # noqa: ANN401
        if variable.where is not None:
            self.checked(variable.where, scope, variable, ValueKind.CONDITION, "where")
        declared = self.attributes(context.owner, variable).type
        wanted = OF_TYPE[declared] if declared else kind
        subject = f"{context.owner}.{variable.name}"
        if not is_compatible(kind, wanted):
            message = f"The variable is {ValueKind(wanted).article}, but its formula gives {kind.article}."
            self.problems.add(variable.mark, subject, message, "spec-wrong-kind")
        return ResolvedFormula(variable, context, wanted, scope.refs, where=variable.where, terms=scope.known, **parts)

    def derived(self, variable: Variable, formula: Derivation, context: Context, scope: FormulaScope) -> ResolvedFormula | None:
        subject = f"{context.owner}.{variable.name}"
        arguments = bound(formula, subject, self.catalogue.study, self.problems)
        if arguments is None:
            return None
        found = list(expressions(arguments))
        reach = DERIVATIONS[formula.name].looks
        joined = self.joined(found, reach, arguments, context, variable, formula.mark)
        families: dict[tuple[str | int, ...], Mapping[int, Name]] = {}
        kinds = []
        for argument in found:
            inner = context.joining(joined.get(argument.path, joined.get((), "")))
            scope.context = inner if argument.role not in ("within",) else context
            if argument.role == "family":
                families[argument.path] = self.family(argument, scope, variable)
                kinds += [self.catalogue_kind(name, scope) for name in families[argument.path].values()]
                continue
            kind = self.argument(argument, scope, variable, formula.name)
            if argument.role is ValueKind.ANY:
                self.of_one_kind(formula.name, argument, kind, kinds, scope)
                kinds.append(kind)
            check_produced(self, variable, scope, [argument.expr] if argument.role is ValueKind.ANY else [])
        scope.context = context
        keys = DERIVATIONS[formula.name].contract.lookup_keys(arguments)
        if keys is not None:
            check_keys(self, variable, scope, formula.name, keys)
        kind = self.result(formula.name, arguments, kinds)
        return self.finish(variable, context, scope, kind, derivation=formula.name, arguments=arguments, joined=joined, families=families)

    def of_one_kind(self, derivation: str, argument: Argument, kind: ValueKind, before: list[ValueKind], scope: FormulaScope) -> None:
        """Report a value whose kind is not that of the values before it, where the result can be any of them."""
        first = next((each for each in before if each is not ValueKind.ANY), kind)
        if DERIVATIONS[derivation].gives is None and not is_compatible(kind, first):
            message = f"{derivation}: {argument.name} is {kind.article}, but a value before it is {first.article}. Give values of one kind."
            self.problems.add(argument.expr.mark, scope.subject, message, "spec-wrong-kind")

    def argument(self, argument: Argument, scope: FormulaScope, variable: Variable, derivation: str) -> ValueKind:
        wanted = argument.role if isinstance(argument.role, ValueKind) else ValueKind.ANY
        kind = self.checked(argument.expr, scope, variable, wanted, f"{derivation}: {argument.name}")
        if argument.role == "order" and kind is ValueKind.CONDITION:
            message = (
                f"{derivation}: {argument.name} must be a value to sort by; {argument.expr} is a condition. Write if_else({argument.expr}, 1, 2)."
            )
            self.problems.add(argument.expr.mark, scope.subject, message, "spec-wrong-kind")
        return kind

    def catalogue_kind(self, name: Name, scope: FormulaScope) -> ValueKind:
        try:
            return scope.kind(name)
        except UnknownName:
            return ValueKind.ANY

    @staticmethod
    def result(derivation: str, arguments: BaseModel, kinds: list[ValueKind]) -> ValueKind:
        gives = DERIVATIONS[derivation].contract.gives(arguments) or DERIVATIONS[derivation].gives
        if gives is not None:
            return gives
        if DERIVATIONS[derivation].contract.possible_terms(arguments) is not None:
            return ValueKind.TEXT
        return next((kind for kind in kinds if kind is not ValueKind.ANY), ValueKind.ANY)

    def joined(
        self, found: list[Argument], reach: Reach, arguments: BaseModel, context: Context, variable: Variable, mark: Mark
    ) -> dict[tuple[str | int, ...], str]:
        """The records that are joined: under the empty path for all arguments, or under the path of each entry of an `Each`."""
        if reach is not Reach.RECORDS or getattr(arguments, "within", None):
            return {}
        each = [argument for argument in found if argument.role == "each"]
        subject = f"{context.owner}.{variable.name}"
        groups = [([argument], argument.path) for argument in each] or [(found, ())]
        joined = {}
        for members, path in groups:
            names = [name for argument in members for name in argument.expr.names if argument.role != "within"]
            try:
                owner = self.catalogue.looked_at(names, context)
            except UnknownName as error:
                self.problems.add(mark, subject, str(error), error.code)
                continue
            if not owner:
                message = "The derivation reads no records. Name a source (DS.X) or a parameter (DATASET.PARAMCD.X), or write within:"
                self.problems.add(mark, subject, message, "spec-no-source")
            joined[path] = owner
        return joined

    def family(self, argument: Argument, scope: FormulaScope, variable: Variable) -> dict[int, Name]:
        """The names of a pattern with xx, one for each period of the study."""
        name, subject = argument.expr.bare, f"{scope.context.owner}.{variable.name}"
        if name is None or "xx" not in name.last:
            message = f"{argument.name} must be a name with xx for the period, such as TRTxxP; it is {argument.expr}."
            self.problems.add(argument.expr.mark, subject, message, "spec-wrong-argument")
            return {}
        if not self.catalogue.study.periods:
            self.problems.add(
                argument.expr.mark, subject, "The study has no periods. Write periods: {1: First, 2: Second} in study.yaml.", "spec-no-periods"
            )
        names = {period: Name((*name.parts[:-1], name.last.replace("xx", f"{period:02d}"))) for period in self.catalogue.study.periods}
        for each in names.values():
            try:
                scope.kind(each)
            except UnknownName as error:
                self.problems.add(argument.expr.mark, subject, str(error), error.code)
        return names

    def source(self, use: SourceUse) -> tuple[BoundExpression | None, dict[str, BoundExpression]]:
        """Which records of a domain are read, by what was collected, and the conditions of those to warn of, by message."""
        condition = None
        if use.where is not None:
            scope = FormulaScope(self, Context(use.name, collected=True), None)
            self.checked(use.where, scope, None, ValueKind.CONDITION, "where")
            for name in [name for name, ref in scope.refs.items() if ref.binding not in (Binding.OWN, Binding.CONSTANT)]:
                message = f"where: of a source can only read collected variables of the domain; {name} is not one."
                self.problems.add(use.where.place(name), use.name, message, "spec-wrong-argument")
            condition = BoundExpression(use.where, dict(scope.refs))
        warnings = {}
        for what, expr in use.issues.items():
            scope = FormulaScope(self, Context(use.name), None)
            self.checked(expr, scope, None, ValueKind.CONDITION, what)
            warnings[str(what)] = BoundExpression(expr, dict(scope.refs))
        return condition, warnings
