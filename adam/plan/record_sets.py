"""How the records of a part come about: each `records:` and `add:` entry bound to its kind, with every name resolved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from adam.catalog.record_rule import Input, InputKind, ParameterContext, RecordRule, expected_kinds
from adam.catalog.record_rules import DATASET_RECORD_RULES, RECORD_RULES
from adam.catalog.traceability import NamedRecord
from adam.core.errors import Finding, Severity, suggestion
from adam.core.kinds import ValueKind, is_compatible
from adam.expressions.check import kind_of
from adam.expressions.tree import Expr, Name
from adam.plan.formulas import Formulas
from adam.plan.names import StudyNames
from adam.plan.origins import Origins, says
from adam.plan.parts import EACH, RecordCreation, RecordSet, Terms, asks
from adam.plan.references import Binding, Context, Reference
from adam.plan.scopes import FormulaScope
from adam.specification.located import LocatedMap
from adam.specification.models import Dataset, Parameter, Records
from adam.specification.problems import Problems, as_problem, keys_without_value, place

SOURCES = ("SRCDOM", "SRCVAR", "SRCSEQ")
"""Where a value comes from: given by the kind of records, unless a formula says it."""
RESULTS = ("STRESN", "STRESC")
"""What a value is read from if nothing else is said (DOMAIN §11.49)."""


class RecordCreations:
    """Binds the entries of all parts, each once."""

    def __init__(self, catalogue: StudyNames, programs: Formulas, problems: Problems) -> None:
        self.catalogue, self.programs, self.problems = catalogue, programs, problems
        self.origins = Origins(catalogue, programs)
        self.bound: dict[tuple[str, str], tuple[RecordCreation, ...]] = {}

    def parts(self, dataset: Dataset) -> dict[str, RecordSet]:
        """The parts a dataset can have."""
        if not dataset.parameters:
            return {"": RecordSet("")}
        found = {EACH: RecordSet(EACH, apart=True)}
        for code, parameter in dataset.parameters.items():
            found[code] = RecordSet(code, parameter)
            if parameter.add:
                found[f"{code}+"] = RecordSet(f"{code}+", parameter, added=True)
            if any(asks(entry) for entry in parameter.records):
                found[f"{code}{EACH}"] = RecordSet(f"{code}{EACH}", parameter, apart=True)
        return found

    def of(self, dataset: Dataset, part: RecordSet) -> tuple[RecordCreation, ...]:
        """The bound entries of a part."""
        key = (dataset.name, part.code)
        if key not in self.bound:
            entries = part.entries if part.parameter or part.apart else (dataset.records,) if dataset.records else ()
            made = [self.bind(dataset, part, entry) for entry in entries]
            self.bound[key] = tuple(making for making in made if making is not None)
        return self.bound[key]

    def facts(self, dataset: Dataset, parameter: Parameter | None) -> ParameterContext:
        study = self.catalogue.study
        table = study.windows.get(dataset.windows.use, {}) if dataset.windows else {}
        visits = {window.number: name for name, window in table.items()}
        targets = {window.number: window.target for window in table.values() if window.target is not None}
        codelist = study.codelists.get(parameter.codelist) if parameter else None
        terms = {number: term for term, number in codelist.numbers.items()} if codelist else {}
        limits = parameter.range if parameter else None
        integer = parameter.integer if parameter else False
        several = len(parameter.records) > 1 if parameter else False
        name = parameter.name if parameter else ""
        return ParameterContext(
            dataset.name, name, visits, terms, limits, integer, targets, study.instruments, self.reference(dataset), several, dataset.copied
        )

    def reference(self, dataset: Dataset) -> Expr | None:
        """What the days of the dataset's windows are counted from: the reference of the study_day they are."""
        day = dataset.windows.day.bare if dataset.windows else None
        if day is None or self.catalogue.variable(dataset.name, day.last) is None:
            return None  # what the day is, is told where the windows are looked at
        program = self.programs.program(dataset.name, day.last)
        return getattr(program.arguments, "reference", None) if program is not None and program.derivation == "study_day" else None

    def bind(self, dataset: Dataset, part: RecordSet, entry: Records) -> RecordCreation | None:
        subject = f"{dataset.name}.{part.parameter.name}" if part.parameter else dataset.name
        kind = (RECORD_RULES if part.parameter else DATASET_RECORD_RULES).get(entry.kind)
        known = sorted(name for name, each in RECORD_RULES.items() if each.adds == part.added)
        if kind is None or kind.adds != part.added:
            where = "add" if part.added else "records"
            message = f"{where} knows no '{entry.kind}'{suggestion(entry.kind, known)}; it knows {', '.join(known)}"
            self.problems.add(entry.mark, subject, message, "spec-unknown-records")
            return None
        arguments = self.arguments(kind, entry, subject)
        if arguments is None:
            return None
        facts = self.facts(dataset, part.parameter)
        if facts.several and not kind.adds and not kind.assesses:
            message = f"{kind.name} cannot be one of several entries of records; its records have no visit and date by which the first entry"
            message += " that has an assessment is taken. Give it a parameter of its own"
            self.problems.add(entry.mark, subject, message, "spec-wrong-argument")
            return None
        if self.visits(arguments, facts, entry, subject) or self.wrong(kind, arguments, facts, entry, subject):
            return None
        if part.apart:
            assert kind.candidates is not None
            kind = kind.candidates
        return self.resolve(dataset, kind, arguments, facts, entry, subject)

    def wrong(self, kind: type[RecordRule], arguments: Any, facts: ParameterContext, entry: Records, subject: str) -> bool:  # noqa: ANN401
        """Whether the kind finds its own arguments wrong."""
        found = list(kind.wrong(arguments, facts))
        for fault in found:
            mark = entry.mark if fault.expr is None else fault.expr.mark if fault.node is None else fault.expr.place(fault.node)
            self.problems.add(mark, subject, fault.message, fault.code)
        return bool(found)

    def visits(self, arguments: Any, facts: ParameterContext, entry: Records, subject: str) -> bool:  # noqa: ANN401
        """Whether a visit is named that no window has."""
        unknown = [number for number in getattr(arguments, "visits", ()) if number not in facts.visits]
        for number in unknown:
            known = ", ".join(f"{n:g}" for n in facts.visits) or "none"
            message = f"{entry.kind}: no window has the number {number:g}; known are {known}"
            self.problems.add(entry.mark, subject, message, "spec-unknown-visit")
        return bool(unknown)

    def arguments(self, kind: type[RecordRule], entry: Records, subject: str) -> Any:  # noqa: ANN401
        raw = entry.arguments if isinstance(entry.arguments, LocatedMap) else LocatedMap()
        empty = list(keys_without_value(raw, subject))
        self.problems.extend(empty)
        if empty:
            return None
        try:
            return kind.model.model_validate(raw)
        except ValidationError as error:
            for detail in error.errors(include_url=False):
                if detail["type"] == "missing":
                    name = ".".join(str(step) for step in detail["loc"])
                    mark = place(raw, detail["loc"][:-1])[1] if raw else entry.mark
                    self.problems.add(mark, subject, f"{kind.name} needs argument '{name}'", "spec-missing-argument")
                    continue
                self.problems.extend([as_problem(detail, raw, subject, kind.model)])
            return None

    def resolve(
        self,
        dataset: Dataset,
        kind: type[RecordRule],
        arguments: Any,  # noqa: ANN401  (each rule has its own)
        facts: ParameterContext,
        entry: Records,
        subject: str,
    ) -> RecordCreation:
        bases = kind.bases(arguments, facts)
        refs: dict[str, Mapping[Name, Reference]] = {}
        terms: dict[str, Terms] = {}
        kinds: dict[tuple[str, str], ValueKind] = {}
        origin: dict[tuple[str, str], str] = {}
        absent: set[tuple[str, str]] = set()
        domain = next((base.names[0] for base in bases.values() if base.on is InputKind.DOMAIN), "")
        expected = {id(expr): (what, kind) for what, expr, kind in expected_kinds(arguments)}
        for name, base in bases.items():
            context = Context(dataset.name, domain=base.names[0] if base.on is InputKind.DOMAIN else "")
            self.known(dataset, base, entry, subject)
            scope = FormulaScope(self.programs, context, None)
            for column, expr in {**base.columns, **base.late}.items():
                if column in base.optional and self.missing(base.names[0], column):
                    absent.add((name, column))
                    continue
                scope.context = replace(context, sets=dict.fromkeys(base.numbers, ())) if column in base.late else context
                kinds[name, column] = self.checked(expr, scope, entry, subject, base)
                declared = expected.get(id(expr), (column, base.kinds.get(column, ValueKind.ANY)))
                self.check_kind(expr, kinds[name, column], declared, entry, subject)
                if base.on is InputKind.DOMAIN:
                    origin[name, column] = self.origins.of(expr, scope.refs, base.names[0])
            refs[name], terms[name] = dict(scope.refs), dict(scope.known)
        bound = RecordCreation(kind, arguments, facts, bases, refs, kinds, domain, entry.mark, frozenset(absent), origin, terms)
        return replace(bound, left=self.left(dataset, bound, subject))

    def left(self, dataset: Dataset, bound: RecordCreation, subject: str) -> frozenset[str]:
        """What the kind gives but a formula of the dataset or the parameter says: where a value comes from; the value, if there is no result."""
        parameter = dataset.parameters.get(bound.facts.parameter)
        found = {name for name in SOURCES if parameter is not None and says(dataset, parameter, name)}
        if parameter is None or not {*RESULTS} <= {column for _, column in bound.absent} or not _may_lack_result(bound):
            return frozenset(found)
        if says(dataset, parameter, "AVAL"):
            if bound.arguments.value is not None:
                message = f"{parameter.name}: value: is never used: {bound.domain} has no result, so the formula of AVAL holds. Delete one of them"
                self.programs.warnings[Finding("spec-unused", Severity.WARNING, dataset.name, message, mark=bound.mark, variable="AVAL")] = None
            return frozenset({*found, "AVAL"})
        if bound.arguments.value is not None:
            return frozenset(found)
        names = " and no ".join(self.catalogue.src_variable(bound.domain, name) for name in RESULTS)
        self.problems.add(bound.mark, subject, f"{bound.domain} has no {names}; write value: to tell what AVAL is", "spec-missing-argument")
        return frozenset(found)

    def known(self, dataset: Dataset, base: Input, entry: Records, subject: str) -> None:
        for name in base.names:
            if base.on is InputKind.DOMAIN and not self.catalogue.is_domain(name) and not self.catalogue.is_dataset(name):
                known = [*self.catalogue.study.datasets, *self.catalogue.study.sources, *(self.catalogue.headers or ())]
                where = " in the data" if self.catalogue.headers is not None else ""
                self.problems.add(entry.mark, subject, f"there is no domain {name}{where}{suggestion(name, known)}", "source-no-domain")
            if base.on is InputKind.PARAMETERS and name not in dataset.parameters:
                message = f"{dataset.name} has no parameter {name}{suggestion(name, dataset.parameters)}"
                self.problems.add(entry.mark, subject, message, "spec-unknown-parameter")

    def missing(self, domain: str, variable: str) -> bool:
        """Whether a domain has no --X, so that the optional column counts as blank."""
        name = self.catalogue.src_variable(domain, variable)
        if self.catalogue.is_dataset(domain):
            return self.catalogue.variable(domain, name) is None
        if self.catalogue.headers is None:
            return False
        header = self.catalogue.headers.get(domain)
        return name not in self.catalogue.use(domain).variables and (header is None or header.kind(name) is None)

    def checked(self, expr: Expr, scope: FormulaScope, entry: Records, subject: str, base: Input) -> ValueKind:
        kind, faults = kind_of(expr, scope)
        for fault in faults:
            mark = expr.place(fault.node) if expr.mark.line else entry.mark
            self.problems.add(mark, subject, fault.message, fault.code)
        for name in [name for name in expr.names if base.on is InputKind.DOMAIN and self.of_dataset(scope.refs.get(name), base)]:
            message = f"{name} is a variable of {scope.context.owner}, which has no records yet; the source record's is SRC.{name.last}"
            self.problems.add(expr.place(name) if expr.mark.line else entry.mark, subject, message, "spec-wrong-argument")
        own = [name for name, ref in scope.refs.items() if ref.how is Binding.OWN and base.on is InputKind.SUBJECTS]
        for name in own:
            message = f"subjects are chosen by a variable of the dataset of subjects; {name} is a variable of this dataset"
            self.problems.add(expr.mark if expr.mark.line else entry.mark, subject, message, "spec-wrong-argument")
        return kind

    def of_dataset(self, ref: Reference | None, base: Input) -> bool:
        """Whether a name is a variable of the dataset that is being made, not of what it is made from."""
        return ref is not None and ref.how is Binding.OWN and ref.owner not in base.names

    def check_kind(self, expr: Expr, kind: ValueKind, expected: tuple[str, ValueKind], entry: Records, subject: str) -> None:
        """Report an expression whose kind is not the one that the rule declares."""
        what, kind_expected = expected
        if not is_compatible(kind, kind_expected):
            message = f"{entry.kind}: {what} must be {kind_expected.article}; {expr} is {kind.article}"
            self.problems.add(expr.mark if expr.mark.line else entry.mark, subject, message, "spec-wrong-kind")


def _may_lack_result(bound: RecordCreation) -> bool:
    """Whether AVAL is the result of the one source record, so that a formula of AVAL can take its place."""
    return all(each.named is NamedRecord.ALWAYS and bool(each.domain) for each in bound.kind.traceability(bound.arguments, bound.facts))


def subject_condition(catalogue: StudyNames, programs: Formulas, dataset: Dataset) -> Mapping[Name, Reference]:
    """What the names of `subjects:` stand for."""
    if dataset.subjects is None:
        return {}
    scope = FormulaScope(programs, Context(dataset.name), None)
    programs.checked(dataset.subjects, scope, None, ValueKind.CONDITION, "subjects")
    for name, ref in scope.refs.items():
        if ref.how not in (Binding.SUBJECT, Binding.CONSTANT):
            message = f"subjects: is told by a variable of the dataset of subjects; {name} is none"
            programs.problems.add(dataset.subjects.place(name), dataset.name, message, "spec-wrong-argument")
    return scope.refs
