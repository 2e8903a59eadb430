"""The sets of records of a dataset, and the entries of `records:` and `add:` that create them, with every name resolved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from adam.catalog.record_rule import ADD, RECORDS, Input, InputKind, ParameterContext, RecordRule
from adam.catalog.record_rules import DATASET_RECORD_RULES, RECORD_RULES
from adam.catalog.traceability import NamedRecord
from adam.core.errors import Finding, Severity, did_you_mean, suggestion
from adam.core.kinds import ValueKind
from adam.core.problems import Problems
from adam.expressions.check import kind_of
from adam.expressions.tree import Expr
from adam.planning.context import Context
from adam.planning.formulas import Formulas
from adam.planning.names import StudyNames, kind_by_name
from adam.planning.origins import Origins, has_formula
from adam.planning.record_arguments import RecordArguments
from adam.planning.scopes import FormulaScope
from adam.planning.values.creations import BoundInput, RecordCreation
from adam.planning.values.record_sets import RecordOrigin, RecordSet, collected
from adam.planning.values.references import Binding, BoundExpression, Reference
from adam.specification.models import Dataset, Parameter, Records

SOURCES = ("SRCDOM", "SRCVAR", "SRCSEQ")
"""Where a value comes from: set by the record rule, unless a formula defines it."""
IDENTIFIERS = ("STUDYID", "USUBJID")
RESULTS = ("STRESN", "STRESC")
"""What a value is read from by default."""


class RecordCreations:
    """Binds the entries of all sets of records, each once."""

    def __init__(self, catalogue: StudyNames, programs: Formulas, problems: Problems) -> None:
        self.catalogue, self.programs, self.problems = catalogue, programs, problems
        self.origins = Origins(catalogue, programs)
        self.bound: dict[RecordSet, tuple[RecordCreation, ...]] = {}
        self.conditions: dict[tuple[str, str], BoundExpression | None] = {}

    def sets(self, dataset: Dataset) -> tuple[RecordSet, ...]:
        """The sets of records a dataset can have."""
        if not dataset.parameters:
            return (RecordSet(dataset.name),)
        each_subject = RecordSet(dataset.name, "", RecordOrigin.EACH_SUBJECT)
        return (each_subject, *(each for code in dataset.parameters for each in self.of_parameter(dataset, code)))

    @staticmethod
    def of_parameter(dataset: Dataset, name: str) -> tuple[RecordSet, ...]:
        """The derived records of a parameter, and those that each entry of `add:` adds; none if the dataset has no such parameter."""
        if name not in dataset.parameters:
            return ()
        derived = RecordSet(dataset.name, name)
        return (derived, *(derived.of(RecordOrigin.ADDED, number) for number, _ in enumerate(dataset.parameters[name].add)))

    @staticmethod
    def is_kept(dataset: Dataset, records: RecordSet) -> bool:
        """Whether the records of a set become records of the dataset."""
        return not records.origin.temporary and (not records.parameter or dataset.parameters[records.parameter].kept)

    @staticmethod
    def entries(dataset: Dataset, records: RecordSet) -> tuple[Records, ...]:
        """The entries of the YAML that create a set."""
        if records.origin is RecordOrigin.EACH_SUBJECT:
            return ()
        if not records.parameter:
            return (dataset.records,) if dataset.records is not None else ()
        parameter = dataset.parameters[records.parameter]
        return (parameter.add[records.entry],) if records.origin is RecordOrigin.ADDED else parameter.records

    def of(self, dataset: Dataset, records: RecordSet) -> tuple[RecordCreation, ...]:
        """How the records of a set are created; entries with errors are left out."""
        if records not in self.bound:
            found = [self._bind(dataset, records, entry) for entry in self.entries(dataset, records)]
            self.bound[records] = tuple(creation for creation in found if creation is not None)
        return self.bound[records]

    def subjects(self, dataset: Dataset, code: str = "") -> BoundExpression | None:
        """The condition `subjects:` of a dataset, or of one of its parameters."""
        key = (dataset.name, code)
        if key not in self.conditions:
            condition = dataset.parameters[code].subjects if code else dataset.subjects
            self.conditions[key] = self._subjects(dataset, condition) if condition is not None else None
        return self.conditions[key]

    def _subjects(self, dataset: Dataset, condition: Expr) -> BoundExpression:
        scope = FormulaScope(self.programs, Context(dataset.name), None)
        self.programs.checked(condition, scope, None, ValueKind.CONDITION, "subjects")
        for name, ref in scope.refs.items():
            if ref.binding not in (Binding.SUBJECT, Binding.CONSTANT):
                message = f"subjects: can only read variables of the dataset with one record per subject; {name} is not one."
                self.problems.add(condition.place(name), dataset.name, message, "spec-wrong-argument")
        return BoundExpression(condition, dict(scope.refs), dict(scope.known))

    def _context(self, dataset: Dataset, parameter: Parameter | None, records: RecordSet) -> ParameterContext:
        """What a rule may know of the study."""
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
        reference, copied = dataset.windows.reference if dataset.windows else None, dataset.copied
        return ParameterContext(
            dataset.name,
            name,
            visits,
            terms,
            limits,
            integer,
            targets,
            study.instruments,
            reference,
            several,
            copied,
            self._key(dataset),
            records.origin is RecordOrigin.ADDED,
        )

    def _key(self, dataset: Dataset) -> tuple[str, ...]:
        """The variables of the key that do not depend on other records of the dataset, so that they order records that are still created."""
        names = [str(name) for name in dataset.key if str(name) not in IDENTIFIERS and self.catalogue.variable(dataset.name, str(name)) is not None]
        formulas = {name: self.programs.program(dataset.name, name) for name in names}
        return tuple(name for name, formula in formulas.items() if formula is not None and not formula.along)

    def _bind(self, dataset: Dataset, records: RecordSet, entry: Records) -> RecordCreation | None:
        parameter = dataset.parameters.get(records.parameter)
        subject = f"{dataset.name}.{parameter.family or parameter.name}" if parameter else dataset.name
        rule = self._rule(records, entry, subject)
        if rule is None:
            return None
        checks = RecordArguments(self.catalogue, self.problems, rule, entry, subject, dataset.events)
        arguments = checks.validated()
        if arguments is None:
            return None
        context = self._context(dataset, parameter, records)
        if context.several and not context.added and not rule.assesses:
            message = f"{rule.name} cannot be one of several entries of records; its records have no visit and date by which the first entry"
            message += " that has an assessment is taken. Give it a parameter of its own"
            self.problems.add(entry.mark, subject, message, "spec-wrong-argument")
            return None
        if checks.are_wrong(arguments, context):
            return None
        checks.check_written(dataset, arguments)
        bases = rule.inputs(arguments, context)
        unknown = [checks.has_unknown_parameter(dataset, base) for base in bases.values()]
        inputs = {name: self._input(dataset, records, base, arguments, checks) for name, base in bases.items()}
        if any(unknown):  # what reads no records would count as reading all, which is a circle
            return None
        written = entry.arguments if isinstance(entry.arguments, Mapping) else {}
        domain = rule.source_domain(written, self.catalogue.study.instruments)
        copied = self._copied(dataset, rule, arguments, entry, subject) if rule.carries else ()
        allowed = dataset.allow_empty or (parameter is not None and parameter.allow_empty)
        creation = RecordCreation(rule, arguments, context, inputs, domain, entry.mark, copied=copied, allow_empty=allowed)
        return replace(creation, left=self._left(dataset, creation, subject))

    def _copied(self, dataset: Dataset, rule: type[RecordRule], arguments: Any, entry: Records, subject: str) -> tuple[str, ...]:  # noqa: ANN401
        """What the records take over from the record they are created from: `copy:` of the dataset and of the entry."""
        own = rule.copied_variables(arguments)
        for name in [name for name in own if self.catalogue.variable(dataset.name, name) is None]:
            message = f"Variable {name} of copy: is not in the dataset{did_you_mean(name, dataset.variables)}"
            self.problems.add(entry.mark, subject, message, "spec-key")
        return tuple(dict.fromkeys((*map(str, dataset.copied), *own)))

    def _rule(self, records: RecordSet, entry: Records, subject: str) -> type[RecordRule] | None:
        where = ADD if records.origin is RecordOrigin.ADDED else RECORDS
        rule = (RECORD_RULES if records.parameter else DATASET_RECORD_RULES).get(entry.kind)
        if rule is not None and where in rule.places:
            return rule
        known = sorted(name for name, each in RECORD_RULES.items() if where in each.places)
        hint = suggestion(entry.kind, known) or ". docs/record_rules.md lists the rules"
        message = f"{where}: has no record rule '{entry.kind}'{hint}"
        self.problems.add(entry.mark, subject, message, "spec-unknown-records")
        return None

    def _input(
        self,
        dataset: Dataset,
        records: RecordSet,
        base: Input,
        arguments: Any,  # noqa: ANN401  (each rule has its own)
        checks: RecordArguments,
    ) -> BoundInput:
        """The records a rule reads, with the columns bound on them."""
        domain = base.names[0] if base.on is InputKind.DOMAIN else ""
        place = Context(dataset.name, domain=domain)
        use = dataset.windows
        if base.windows and use is not None and use.date.bare is None:
            message = f"{checks.entry.kind}: date of windows: must be one variable, such as ADT, but it is {use.date}. Add a variable for it."
            self.problems.add(use.date.mark, checks.subject, message, "spec-wrong-argument")
        scope = FormulaScope(self.programs, place, None)
        kinds: dict[str, ValueKind] = {}
        origins: dict[str, str] = {}
        absent: set[str] = set()
        for column, expr in {**base.columns, **base.late}.items():
            if column in base.optional and self._lacks(domain, column, dataset.name):
                absent.add(column)
                kinds[column] = kind_by_name(f"XX{column}")
                continue
            scope.context = replace(place, supplied=_supplied(base, kinds)) if column in base.late else place
            kinds[column] = self._kind(expr, scope, checks, base)
            checks.check_kind(column, expr, kinds[column], base, arguments)
            if column in base.assigns:
                checks.check_assigned(base.assigns[column], expr, kinds[column], self._assigned_kind(dataset, base.assigns[column]))
            if domain:
                origins[column] = self.origins.of(expr, scope.refs, domain)
        return BoundInput(base, self._read(dataset, records, base), dict(scope.refs), dict(scope.known), kinds, frozenset(absent), origins)

    def _assigned_kind(self, dataset: Dataset, variable: str) -> ValueKind | None:
        """The kind of a variable that a rule sets; None if the dataset has none of that name."""
        known = self.catalogue.variable(dataset.name, variable) is not None
        return self.programs.kind(dataset.name, variable) if known else None

    def _read(self, dataset: Dataset, records: RecordSet, base: Input) -> tuple[RecordSet, ...]:
        """The sets of records an input reads; none for one record per subject of the study."""
        match base.on:
            case InputKind.DOMAIN:
                source = self.catalogue.study.datasets.get(base.names[0])
                return tuple(each for each in self.sets(source) if self.is_kept(source, each)) if source else (collected(base.names[0]),)
            case InputKind.PARAMETERS:
                sets = (each for name in base.names for each in self.of_parameter(dataset, name))
                return tuple(each for each in sets if base.added or each.origin is RecordOrigin.DERIVED)
            case InputKind.OWN:
                earlier = range(records.entry) if base.earlier else ()
                return (records.of(RecordOrigin.DERIVED), *(records.of(RecordOrigin.ADDED, number) for number in earlier))
            case InputKind.EACH:
                return (RecordSet(dataset.name, "", RecordOrigin.EACH_SUBJECT),)
            case InputKind.SUBJECTS:
                return ()

    def _left(self, dataset: Dataset, bound: RecordCreation, subject: str) -> frozenset[str]:
        """What the rule sets but a formula defines: where a value comes from; the value, if the parameter has a formula or there is no result."""
        parameter = dataset.parameters.get(bound.context.parameter)
        found = {name for name in SOURCES if parameter is not None and has_formula(dataset, parameter, name)}
        own, lacks = parameter is not None and "AVAL" in parameter.variables, {*RESULTS} <= bound.absent
        if parameter is None or not (own or lacks) or not _may_lack_result(bound):
            return frozenset(found)
        if has_formula(dataset, parameter, "AVAL"):
            if bound.arguments.value is not None:
                why = "the parameter has a formula of AVAL, which holds" if own else f"{bound.domain} has no result, so the formula of AVAL holds"
                message = f"{parameter.name}: value: has no effect: {why}. Delete one of them"
                self.programs.warnings[Finding("spec-unused", Severity.WARNING, dataset.name, message, mark=bound.mark, variable="AVAL")] = None
            return frozenset({*found, "AVAL"})
        if bound.arguments.value is not None:
            return frozenset(found)
        names = " and no ".join(self.catalogue.src_variable(bound.domain, name, dataset.name) for name in RESULTS)
        self.problems.add(bound.mark, subject, f"{bound.domain} has no {names}. Write value: to define AVAL.", "spec-missing-argument")
        return frozenset(found)

    def _lacks(self, domain: str, variable: str, dataset: str) -> bool:
        """Whether a domain (without one the dataset) has no --X, so that an optional column of a rule is blank."""
        if not domain:
            return self.catalogue.variable(dataset, variable) is None
        name = self.catalogue.src_variable(domain, variable, dataset)
        if self.catalogue.is_dataset(domain):
            return self.catalogue.variable(domain, name) is None
        if self.catalogue.headers is None:
            return False
        header = self.catalogue.headers.get(domain)
        return name not in self.catalogue.use(domain).variables and (header is None or header.kind(name) is None)

    def _kind(self, expr: Expr, scope: FormulaScope, checks: RecordArguments, base: Input) -> ValueKind:
        kind, faults = kind_of(expr, scope)
        subject, line = checks.subject, checks.place(expr)
        for fault in faults:
            self.problems.add(expr.place(fault.node) if expr.mark.line else line, subject, fault.message, fault.code)
        for name in [name for name in expr.names if base.on is InputKind.DOMAIN and _is_new(scope.refs.get(name), base)]:
            message = f"{name} is a variable of {scope.context.owner}, which has no records yet. Write SRC.{name.last} for the source record's."
            self.problems.add(expr.place(name) if expr.mark.line else line, subject, message, "spec-wrong-argument")
        for name in [name for name, ref in scope.refs.items() if ref.binding is Binding.OWN and base.on is InputKind.SUBJECTS]:
            message = f"subjects: can only read variables of the dataset with one record per subject; {name} is a variable of this dataset."
            self.problems.add(line, subject, message, "spec-wrong-argument")
        return kind


def _may_lack_result(creation: RecordCreation) -> bool:
    """Whether AVAL is the result of the one source record, so that a formula of AVAL can take its place."""
    traced = creation.rule.traceability(creation.arguments, creation.context)
    return all(each.named is NamedRecord.ALWAYS and bool(each.domain) for each in traced)


def _is_new(ref: Reference | None, base: Input) -> bool:
    """Whether a name is a variable of the dataset whose records are being created, not of the records they are created from."""
    return ref is not None and ref.binding is Binding.OWN and ref.owner not in base.names


def _supplied(base: Input, kinds: Mapping[str, ValueKind]) -> dict[str, ValueKind]:
    """The kinds of the names that a rule supplies to an expression it evaluates late."""
    return dict.fromkeys(base.numbers, ValueKind.NUMBER) | {name: kinds.get(column, ValueKind.ANY) for name, column in base.supplied.items()}
