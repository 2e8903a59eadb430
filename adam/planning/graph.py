"""The one graph of a study: a node is a variable on sets of records, or a set of records itself.

A formula that reads along the records of a parameter is one node for the derived and the added ones, unless the added records cannot be
created without it; one that reads across parameters is one node for all that are kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from adam.catalog.derivation import Reach
from adam.catalog.record_rule import InputKind
from adam.core.kinds import ValueKind
from adam.expressions.tree import Expr, Missing
from adam.planning.added_records import AddedRecords
from adam.planning.dated import read_outside
from adam.planning.formulas import Formulas
from adam.planning.names import StudyNames, kind_by_name
from adam.planning.nodes import Node, Span
from adam.planning.parameter import ParameterFormulas
from adam.planning.record_sets import RecordCreations
from adam.planning.resolved_formula import ResolvedFormula, ValueSource
from adam.planning.values.creations import BoundInput, RecordCreation
from adam.planning.values.record_sets import RecordOrigin, RecordSet, collected
from adam.planning.values.references import SUBJECTS, Binding, Reference
from adam.planning.windows import BoundWindows
from adam.specification.models import Dataset

SAME_PARAMETER = {"PARAM", "PARAMCD", "PARAMN"}


class Graph:
    """Finds what every node reads. `columns` gathers the collected variables that are read, by domain; `absent` those the data lack."""

    def __init__(self, catalogue: StudyNames, programs: Formulas, creations: RecordCreations) -> None:
        self.catalogue, self.programs, self.creations = catalogue, programs, creations
        self.parameters, self.windows = ParameterFormulas(programs), BoundWindows(programs)
        self.columns: dict[str, set[str]] = {}
        self.absent: dict[str, dict[str, ValueKind]] = {}
        datasets = catalogue.study.datasets
        self.sets: dict[str, tuple[RecordSet, ...]] = {name: creations.sets(model) for name, model in datasets.items()}
        self.kept = {name: tuple(each for each in sets if creations.is_kept(datasets[name], each)) for name, sets in self.sets.items()}
        self.replaced: dict[tuple[str, ValueSource], ResolvedFormula] = {}
        self.added = AddedRecords(self)
        self.by_rules: dict[RecordSet, frozenset[str]] = {}
        self.entered: list[RecordSet] = []
        self.nodes: dict[tuple[RecordSet, str], Node] = {}
        self.memo: dict[tuple[RecordSet, str], ResolvedFormula | None] = {}

    def dataset(self, name: str) -> Dataset:
        """A dataset of the study."""
        return self.catalogue.study.datasets[name]

    def created(self, records: RecordSet) -> tuple[RecordCreation, ...]:
        """How the records of a set are created; of a domain not at all."""
        return self.creations.of(self.dataset(records.dataset), records) if self.catalogue.is_dataset(records.dataset) else ()

    def of_parameter(self, dataset: str, parameter: str) -> list[RecordSet]:
        """The derived and the added records of a parameter."""
        return [each for each in self.creations.of_parameter(self.dataset(dataset), parameter) if each in self.sets[dataset]]

    def from_rules(self, records: RecordSet) -> frozenset[str]:
        """The variables that the rules set on records, or that these take over from the record they are created from."""
        if records not in self.by_rules:
            if records in self.entered:  # records that are copied from each other: a circle, which is reported when the work is ordered
                return frozenset()
            self.entered.append(records)
            found = [{*creation.variables, *creation.copied, *self.added.taken_over(creation)} for creation in self.created(records)]
            self.entered.remove(records)
            self.by_rules[records] = frozenset().union(*found)
        return self.by_rules[records]

    def formula(self, records: RecordSet, variable: str) -> ResolvedFormula | None:
        """The formula of a variable on a set of records; None where it has errors."""
        key = (records, variable)
        if key not in self.memo:
            self.memo[key] = self._formula(records, variable)
        return self.memo[key]

    def _formula(self, records: RecordSet, variable: str) -> ResolvedFormula | None:
        formula = self.programs.program(records.dataset, variable)
        if formula is None or not self.catalogue.is_dataset(records.dataset):
            return formula
        if variable in self.from_rules(records):
            return self.without(formula, ValueSource.RULE)
        dataset = self.dataset(records.dataset)
        parameter = dataset.parameters.get(records.parameter)
        if formula.source is ValueSource.PARAMETER:
            of_parameter = self.parameters.of
            return self.without(formula, ValueSource.BLANK) if parameter is None else of_parameter(dataset, formula.variable, parameter)
        if formula.source is ValueSource.WINDOW and parameter is not None and not parameter.windowed:
            return self.without(formula, ValueSource.BLANK)
        return formula

    def without(self, formula: ResolvedFormula, source: ValueSource) -> ResolvedFormula:
        """The same variable without its formula: set by the record rule, or left blank."""
        key = (formula.subject, source)
        if key not in self.replaced:
            parts: dict[str, Any] = {"where": None, "arguments": None, "derivation": "", "refs": {}, "source": source}
            self.replaced[key] = replace(formula, expr=Expr("missing", Missing()), **parts)
        return self.replaced[key]

    def span(self, formula: ResolvedFormula) -> Span:
        """The records of its own dataset that a formula reads."""
        if not formula.along or formula.source is not ValueSource.FORMULA:
            return Span.SET
        within = {expr.bare.last for expr in formula.within or () if expr.bare is not None}
        return Span.PARAMETER if within & SAME_PARAMETER else Span.DATASET

    def node(self, records: RecordSet, variable: str) -> Node:
        """The node that computes a variable on a set of records."""
        if self.added.optimistic:  # which added records a formula reads is being decided, so the answer holds only for now
            return self._node(records, variable)
        key = (records, variable)
        if key not in self.nodes:
            self.nodes[key] = self._node(records, variable)
        return self.nodes[key]

    def _node(self, records: RecordSet, variable: str) -> Node:
        alone = Node(variable, (records,))
        if not variable or not records.parameter or records.origin.temporary:
            return alone
        formula = self.formula(records, variable)
        span = self.span(formula) if formula is not None else Span.SET
        if span is Span.DATASET:
            kept = self.kept[records.dataset]
            return Node(variable, kept) if records in kept else alone
        if span is Span.SET:
            return alone
        derived = records.of(RecordOrigin.DERIVED)
        together = (derived, *(each for each in self.added.of(derived) if self.added.is_seen(each, variable)))
        return Node(variable, together) if records in together else alone

    def reach(self, targets: list[Node], known: Mapping[Node, list[Node]] = MappingProxyType({})) -> dict[Node, list[Node]]:
        """Every node the targets need, with what each reads; `known` is the answer for other targets."""
        found: dict[Node, list[Node]] = {}
        stack = list(reversed(targets))
        while stack:
            node = stack.pop()
            if node not in found:
                found[node] = known[node] if node in known else list(dict.fromkeys(self.reads(node)))
                stack += reversed(found[node])
        return found

    def reads(self, node: Node) -> Iterator[Node]:
        """The nodes one node reads."""
        for records in node.records:
            if node.variable or node.window:
                yield Node("", (records,))
            yield from self._window_read(records) if node.window else self._read(node, records) if node.variable else self._records_read(records)

    def _read(self, node: Node, records: RecordSet) -> Iterator[Node]:
        formula = self.shown(node, records)
        if formula is None:
            return
        if formula.source is ValueSource.WINDOW:
            yield from self._described_by(records, node.variable)
        for ref in formula.refs.values():
            yield from self.reference_reads(ref, records)
        if formula.along and formula.source is ValueSource.FORMULA:
            yield from self._ties_read(node, formula, records)

    def shown(self, node: Node, records: RecordSet) -> ResolvedFormula | None:
        """The formula of a node on one of its sets: copied or blank on added records that a restricted formula does not read."""
        formula = self.formula(records, node.variable)
        if formula is None or records.origin is not RecordOrigin.ADDED or len(node.records) > 1:
            return formula
        if self.span(formula) is not Span.PARAMETER or not self.added.restricted(records, node.variable):
            return formula
        duplicates = any(creation.duplicated for creation in self.created(records))
        return self.without(formula, ValueSource.RULE if duplicates else ValueSource.BLANK)

    def _window_read(self, records: RecordSet) -> Iterator[Node]:
        windows = self.windows.of(self.dataset(records.dataset))
        for ref in windows.references.values() if windows is not None else ():
            yield from self.reference_reads(ref, records)

    def _described_by(self, records: RecordSet, variable: str) -> Iterator[Node]:
        """What a variable of `WINDOW` reads: the window, and for a range that depends on it the day."""
        windows = self.windows.of(self.dataset(records.dataset))
        if "AVISITN" in self.from_rules(records) and variable != "AVISITN":
            yield self.node(records, "AVISITN")
        elif windows is not None:
            yield Node("", (records,), window=True)
        if windows is not None and variable not in ("AVISIT", "AVISITN"):
            yield from self._window_read(records)

    def _ties_read(self, node: Node, formula: ResolvedFormula, records: RecordSet) -> Iterator[Node]:
        """What orders records that an order list leaves equal."""
        names = self.tie_breakers(node, formula)
        if names and not self.catalogue.is_dataset(records.dataset):
            self.collect(records.dataset, names[0], absent_ok=True)
            return
        for name in names:
            if self.catalogue.variable(records.dataset, name) is not None:
                yield self.node(records, name)

    def tie_breakers(self, node: Node, formula: ResolvedFormula | None) -> tuple[str, ...]:
        """The variables that order records which the order list of a formula leaves equal; none if it has no such list."""
        if formula is None or formula.reach is not Reach.ALONG or formula.source is not ValueSource.FORMULA:
            return ()
        return self.ties(node.owner, node.variable)

    def ties(self, owner: str, variable: str) -> tuple[str, ...]:
        """The variables that order records which an order list leaves equal: the key of a dataset, or --SEQ of a domain."""
        if not self.catalogue.is_dataset(owner):
            return (f"{owner[:2]}SEQ",)
        return tuple(str(name) for name in self.dataset(owner).key if name != variable)

    def collect(self, domain: str, variable: str, *, absent_ok: bool = False) -> None:
        """Note a collected variable that must be read, or one that the data lack."""
        if self.catalogue.is_absent(domain, variable):
            self.absent.setdefault(domain, {})[variable] = kind_by_name(variable)
        elif not (absent_ok and self.catalogue.headers is None):
            self.columns.setdefault(domain, set()).add(variable)

    def reference_reads(self, ref: Reference, records: RecordSet) -> Iterator[Node]:
        """The nodes a name refers to, in a formula on a set of records."""
        match ref.binding:
            case Binding.CONSTANT:
                return
            case Binding.SRC:
                for domain in self.added.source_domains(records):
                    yield from self._domain_reads(domain, self.catalogue.src_variable(domain, ref.variable, records.dataset))
            case Binding.OWN if self.catalogue.is_dataset(ref.owner) and ref.owner == records.dataset:
                yield self.node(records, ref.variable)
            case Binding.JOINED if ref.parameter:
                for each in self.of_parameter(ref.owner, ref.parameter):
                    yield Node("", (each,))
                    yield self.node(each, ref.variable)
            case _:
                yield from self._domain_reads(ref.owner, ref.variable, raw=ref.raw)

    def _domain_reads(self, domain: str, variable: str, *, raw: bool = False) -> Iterator[Node]:
        """A variable of a domain: prepared, or collected; of a dataset that is read like one on all its records."""
        if self.catalogue.is_dataset(domain):
            for each in self.kept[domain]:
                yield Node("", (each,))
                yield self.node(each, variable)
        elif not raw and variable in self.catalogue.use(domain).variables:
            yield Node(variable, (collected(domain),))
        else:
            self.columns.setdefault(domain, set())
            self.collect(domain, variable)

    def _records_read(self, records: RecordSet) -> Iterator[Node]:
        """What the records of a set are created from."""
        if not self.catalogue.is_dataset(records.dataset):
            return
        dataset = self.dataset(records.dataset)
        self.columns.setdefault(SUBJECTS, set())
        for code in dict.fromkeys(("", records.parameter)):
            subjects = self.creations.subjects(dataset, code)
            for ref in subjects.references.values() if subjects is not None else ():
                yield from self.reference_reads(ref, records)
        for creation in self.created(records):
            for domain in creation.domains:
                if self.catalogue.is_dataset(domain):
                    yield from (Node("", (each,)) for each in self.kept[domain])
                else:
                    self.columns.setdefault(domain, set())
            for number, base in enumerate(creation.inputs.values()):
                yield from self._input_reads(records, base, self.added.copied(creation, records) if number == 0 else ())

    def _input_reads(self, records: RecordSet, base: BoundInput, copied: tuple[str, ...]) -> Iterator[Node]:
        """What one input of a record rule reads, and what the new records take over from its records."""
        outside = base.input.on in (InputKind.DOMAIN, InputKind.SUBJECTS)
        sets = () if outside else base.records
        for each in sets:
            yield Node("", (each,))
            yield from (self.node(each, name) for name in copied if self.catalogue.variable(each.dataset, name) is not None)
        for ref in base.references.values():
            if outside and ref.binding is Binding.OWN and ref.owner == records.dataset:
                continue
            for each in sets or (records,):
                yield from self.reference_reads(ref, each)
        if base.input.windows:
            for ref, subject in read_outside(self, records):
                yield from self.reference_reads(ref, subject)
