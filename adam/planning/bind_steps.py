"""The steps, sources and layouts of a plan as values: all that the resolver knows of them, bound."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from adam.catalog.derivations import DERIVATIONS
from adam.catalog.record_rule import InputKind
from adam.core.kinds import ValueKind
from adam.expressions.tree import Name
from adam.planning.arguments import expressions
from adam.planning.dated import dated_formulas
from adam.planning.graph import Graph
from adam.planning.method import MethodTexts
from adam.planning.names import kind_by_name
from adam.planning.order import Work
from adam.planning.resolved_formula import ResolvedFormula, ValueSource
from adam.planning.unmatched import unmatched_records
from adam.planning.values.creations import BoundInput, RecordCreation
from adam.planning.values.formulas import DerivationCall, Formula
from adam.planning.values.plan import Layout
from adam.planning.values.record_sets import RecordOrigin, RecordSet, collected
from adam.planning.values.references import Binding, Reference
from adam.planning.values.sources import SourceDomain
from adam.planning.values.steps import (
    AssignWindow,
    Compute,
    CreateRecords,
    CreateTogether,
    DescribeWindow,
    LeaveBlank,
    Step,
    TakeFromRule,
    WindowBasis,
)
from adam.planning.values.windows import DatedWindows, Windows
from adam.specification.models import Dataset, FamilySource


class StepBinder:
    """Binds the work of a graph to steps; a formula that several steps use is bound once."""

    def __init__(self, graph: Graph) -> None:
        self.graph, self.catalogue, self.texts = graph, graph.catalogue, MethodTexts(graph.programs)
        self.formulas: dict[ResolvedFormula, Formula] = {}
        self.windows: dict[str, Windows] = {}
        self.domains: dict[str, tuple[str, ...]] = {}

    def steps(self, work: Iterable[Work]) -> Iterator[Step]:
        """The steps of a run; the records of a domain exist already."""
        for each in work:
            if each.window:
                windows = self._windows(each.records[0].dataset)
                assert windows is not None, each
                yield AssignWindow(each.records, windows)
            elif each.variable:
                yield self._of_variable(each)
            elif self.catalogue.is_dataset(each.records[0].dataset):
                created = tuple(map(self._create, each.records))
                yield created[0] if len(created) == 1 else CreateTogether(created)

    def _create(self, records: RecordSet) -> CreateRecords:
        dataset = self.graph.dataset(records.dataset)
        parameter = dataset.parameters.get(records.parameter)
        creations = tuple(self._creation(each, records) for each in self.graph.created(records))
        mark = (parameter or dataset.records or dataset).mark
        subjects = self.graph.creations.subjects
        own = subjects(dataset, records.parameter) if parameter is not None else None
        sources = parameter.unmatched if parameter is not None and records.origin is RecordOrigin.DERIVED else ()
        unmatched = tuple(unmatched_records(self.graph.programs, dataset.name, each, self._outside(dataset, each)) for each in sources)
        return CreateRecords(records, creations, subjects(dataset), dataset.allow_empty, mark, dataset.mark, own, unmatched)

    def _outside(self, dataset: Dataset, source: FamilySource) -> Iterator[RecordCreation]:
        """How the parameters of a dataset are created that are no rows of the table of a family."""
        rows = {*source.table.texts("PARAMCD")}
        for name in dataset.parameters:
            if name not in rows:
                yield from self.graph.created(RecordSet(dataset.name, name))

    def _creation(self, creation: RecordCreation, records: RecordSet) -> RecordCreation:
        of = RecordSet(records.dataset, creation.context.parameter)
        inputs = {name: self._input(each, of) for name, each in creation.inputs.items()}
        return replace(creation, inputs=inputs, copied=self.graph.added.copied(creation, records))

    def _input(self, bound: BoundInput, records: RecordSet) -> BoundInput:
        windows = self._dated(records) if bound.input.windows else None
        return replace(bound, references=self._references(bound.references, records.dataset), windows=windows)

    def _dated(self, records: RecordSet) -> DatedWindows | None:
        """The windows of a date, with the formulas they read on a record that has nothing else."""
        windows = self._windows(records.dataset)
        formulas: dict[str, Formula | ValueKind] = {}
        for name, formula in dated_formulas(self.graph, records).items():
            formulas[name] = formula.kind if formula.elsewhere else self._formula(formula)
        return DatedWindows(windows, formulas) if windows is not None else None

    def _of_variable(self, work: Work) -> Step:
        formula = work.formula
        assert formula is not None, work
        mark, owner = formula.variable.mark, work.records[0].dataset
        if formula.source is ValueSource.RULE:
            return TakeFromRule(work.variable, work.records, mark, formula.kind)
        windows = self._windows(owner) if formula.source is ValueSource.WINDOW else None
        if formula.source is ValueSource.BLANK or (formula.source is ValueSource.WINDOW and windows is None):
            return LeaveBlank(work.variable, work.records, mark, formula.kind)
        if windows is not None:
            bases = tuple(self._basis(records, work.variable) for records in work.records)
            return DescribeWindow(work.variable, work.records, mark, formula.kind, windows, bases)
        return Compute(work.variable, work.records, mark, self._formula(formula))

    def _basis(self, records: RecordSet, variable: str) -> WindowBasis:
        named = variable in ("AVISIT", "AVISITN")
        if not named and any(not creation.rule.shows_range(creation.arguments) for creation in self.graph.created(records)):
            return WindowBasis.NONE
        by_visit = "AVISITN" in self.graph.from_rules(records) and variable != "AVISITN"
        return WindowBasis.VISIT if by_visit else WindowBasis.ASSIGNED

    def _windows(self, dataset: str) -> Windows | None:
        windows = self.graph.windows.of(self.graph.dataset(dataset))
        if windows is not None and dataset not in self.windows:
            self.windows[dataset] = replace(windows, references=self._references(windows.references, dataset))
        return self.windows.get(dataset)

    def _formula(self, resolved: ResolvedFormula) -> Formula:
        if resolved not in self.formulas:
            self.formulas[resolved] = self._bind(resolved)
        return self.formulas[resolved]

    def _bind(self, resolved: ResolvedFormula) -> Formula:
        variable, owner = resolved.variable, resolved.context.owner
        return Formula(
            owner=owner,
            variable=variable.name,
            kind=resolved.kind,
            references=self._references(resolved.refs, owner),
            expr=resolved.expr,
            call=self._call(resolved),
            where=resolved.where,
            terms=resolved.terms,
            allow_empty=variable.allow_empty,
            method=variable.method or self.texts.of(resolved),
            mark=variable.mark,
        )

    def _call(self, resolved: ResolvedFormula) -> DerivationCall | None:
        if resolved.arguments is None:
            return None
        contract = DERIVATIONS[resolved.derivation].contract
        return DerivationCall(
            resolved.derivation,
            resolved.reach,
            {name: getattr(resolved.arguments, name) for name in type(resolved.arguments).model_fields},
            {argument.path: argument.role for argument in expressions(resolved.arguments)},
            resolved.families,
            {path: self._joined(owner) for path, owner in resolved.joined.items()},
            self.graph.ties(resolved.context.owner, resolved.variable.name),
            contract.selection(resolved.arguments),
            contract.lookup_keys(resolved.arguments),
        )

    def _joined(self, name: str) -> tuple[RecordSet, ...]:
        """The records of a domain, a dataset, or one parameter (`ADEFF.IGA`) that a derivation reads."""
        owner, _, parameter = name.partition(".")
        if parameter:
            return tuple(self.graph.of_parameter(owner, parameter))
        return self.graph.kept[owner] if self.catalogue.is_dataset(owner) else (collected(owner),)

    def _references(self, refs: Mapping[Name, Reference], owner: str) -> dict[Name, Reference]:
        """References with the variable that SRC.X is in each domain the records of an owner come from."""
        return {name: self._of_source(ref, owner) if ref.binding is Binding.SRC else ref for name, ref in refs.items()}

    def _of_source(self, ref: Reference, owner: str) -> Reference:
        kind = kind_by_name(ref.variable) if ref.kind is ValueKind.ANY else ref.kind
        sources = tuple((domain, self.catalogue.src_variable(domain, ref.variable, owner)) for domain in self._domains(owner))
        return replace(ref, kind=kind, sources=sources)

    def _domains(self, owner: str) -> tuple[str, ...]:
        """The domains and datasets that the records of a dataset come from."""
        if owner not in self.domains:
            creations = [creation for records in self.graph.sets[owner] for creation in self.graph.created(records)]
            inputs = [each.input for creation in creations for each in creation.inputs.values()]
            self.domains[owner] = tuple(dict.fromkeys(each.names[0] for each in inputs if each.on is InputKind.DOMAIN))
        return self.domains[owner]


def bound_sources(graph: Graph) -> dict[str, SourceDomain]:
    """The domains that are read, by name."""
    return {domain: _source(graph, domain) for domain in sorted(graph.columns)}


def _source(graph: Graph, domain: str) -> SourceDomain:
    use = graph.catalogue.use(domain)
    condition, warnings = graph.programs.source(use)
    return SourceDomain(
        name=domain,
        columns=tuple(sorted(graph.columns[domain])),
        absent=graph.absent.get(domain, {}),
        prepared=tuple(use.variables),
        where=condition,
        warnings=warnings,
        may_be_absent=use.may_be_absent,
        allow_empty=use.allow_empty,
        dates=use.dates,
        encoding=use.encoding,
        mark=use.mark,
    )


def layouts(graph: Graph) -> dict[str, Layout]:
    """The datasets of the study as sets of records."""
    found = {}
    for name, dataset in graph.catalogue.study.datasets.items():
        key, windows = tuple(map(str, dataset.key)), graph.windows.of(dataset)
        found[name] = Layout(name, graph.kept[name], key, tuple(dataset.variables), windows)
    return found
