"""The one graph of a study: a node is a variable on the records of one parameter, or of a dataset or domain (LANGUAGE §5, Order of work).

Parts of a dataset: `""` where there are no parameters, `IGA` the records of a parameter, `IGA+` those added to it. A formula that
looks along the records of a parameter is one node for both, `IGA*`, unless the added records cannot be made without it; one that looks
across parameters is one node for all, `*`. The node with an empty variable is the records themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from adam.catalog.derivation import Reach
from adam.catalog.record_rule import InputKind
from adam.core.kinds import ValueKind
from adam.expressions.tree import Expr, Missing
from adam.plan.formulas import Formulas, ResolvedFormula
from adam.plan.names import SUBJECTS, StudyNames
from adam.plan.parts import EACH, RecordCreation, RecordSet
from adam.plan.record_sets import RecordCreations, subject_condition
from adam.plan.references import Binding, Context, Reference
from adam.plan.special import WINDOW_INDEX, Special
from adam.specification.models import Dataset, Variable

ALL = "*"
SAME_PARAMETER = {"PARAM", "PARAMCD", "PARAMN"}


@dataclass(frozen=True)
class Node:
    """A variable of an owner on a part of its records; without a variable the records themselves."""

    owner: str
    variable: str
    part: str = ""

    def __str__(self) -> str:
        part = f"{self.part}." if self.part else ""
        return f"{self.owner}.{part}{self.variable or 'records'}"


class Graph:
    """Tells of every node what it reads. `columns` gathers the collected variables that are needed, by domain."""

    def __init__(self, catalogue: StudyNames, programs: Formulas, makings: RecordCreations) -> None:
        self.catalogue, self.programs, self.makings = catalogue, programs, makings
        self.special = Special(programs)
        self.columns: dict[str, set[str]] = {}
        self.parts: dict[str, dict[str, RecordSet]] = {name: makings.parts(model) for name, model in catalogue.study.datasets.items()}
        self.blank: dict[tuple[str, str], ResolvedFormula] = {}
        self.optimistic = False
        self.before_added: dict[tuple[str, str], frozenset[str]] = {}
        self.windows_of: dict[str, ResolvedFormula] = {}
        self.givens: dict[tuple[str, str], frozenset[str]] = {}
        self.memo: dict[tuple[str, str, str], ResolvedFormula | None] = {}

    def dataset(self, name: str) -> Dataset:
        """A dataset of the study."""
        return self.catalogue.study.datasets[name]

    def given(self, dataset: Dataset, part: RecordSet) -> frozenset[str]:
        """The variables the records of a part are given, or carry over from the record they were made of."""
        key = (dataset.name, part.code)
        if key not in self.givens:
            found: set[str] = set()
            for making in self.makings.of(dataset, part):
                found |= {*making.given, *(dataset.copied if making.kind.carries else ())}
            self.givens[key] = frozenset(found)
        return self.givens[key]

    def program(self, owner: str, variable: str, code: str) -> ResolvedFormula | None:
        """The program of a variable on a part; None where it has faults."""
        key = (owner, variable, code)
        if key not in self.memo:
            self.memo[key] = self._program(owner, variable, code)
        return self.memo[key]

    def _program(self, owner: str, variable: str, code: str) -> ResolvedFormula | None:
        if not self.catalogue.is_dataset(owner):
            return self.programs.program(owner, variable)
        dataset, part = self.dataset(owner), self.parts[owner][code]
        if variable == WINDOW_INDEX:
            return self.window_program(dataset)
        program = self.programs.program(owner, variable)
        if program is None:
            return None
        if variable in self.given(dataset, part):
            return self.marked(program, "given")
        if program.special == "PARAMETER":
            return self.special.parameter(dataset, program.variable, part.parameter) if part.parameter else self.marked(program, "blank")
        if program.special == "WINDOW" and part.parameter is not None and not part.parameter.windowed:
            return self.marked(program, "blank")
        return program

    def marked(self, program: ResolvedFormula, special: str) -> ResolvedFormula:
        """The same variable, taken as given or left blank."""
        key = (program.subject, special)
        if key not in self.blank:
            parts: dict[str, Any] = {"where": None, "arguments": None, "derivation": "", "refs": {}, "special": special}
            self.blank[key] = replace(program, expr=Expr("missing", Missing()), **parts)
        return self.blank[key]

    def window_program(self, dataset: Dataset) -> ResolvedFormula | None:
        """The hidden variable that says which window a record is in."""
        windows = self.special.windows(dataset)
        if windows is None:
            return None
        if dataset.name not in self.windows_of:
            variable = Variable(name=WINDOW_INDEX, mark=dataset.windows.mark if dataset.windows else dataset.mark)
            program = ResolvedFormula(variable, Context(dataset.name, WINDOW_INDEX), ValueKind.NUMBER, windows.refs, special=WINDOW_INDEX)
            self.windows_of[dataset.name] = program
        return self.windows_of[dataset.name]

    def spans(self, program: ResolvedFormula) -> str:
        """Over which parts a formula looks: `own` (one part), `parameter` (own and added) or `all`."""
        if not program.along or program.special:
            return "own"
        within = {name.last for name in program.within or ()}
        return "parameter" if within & SAME_PARAMETER else "all"

    def node(self, owner: str, variable: str, code: str = "") -> Node:
        """The node that works a variable out on a part."""
        plain = Node(owner, variable, code)
        if not variable or not self.catalogue.is_dataset(owner) or not self.dataset(owner).parameters:
            return plain
        program = self.program(owner, variable, code)
        span = self.spans(program) if program is not None else "own"
        part = self.parts[owner][code]
        if span == "own" or part.parameter is None or part.apart:
            return plain
        if span == "all":
            return Node(owner, variable, ALL) if part.kept else plain
        added = f"{part.parameter.name}+"
        if added not in self.parts[owner] or self.restricted(owner, variable, part.parameter.name):
            return plain
        alone = self.program(owner, variable, added) is not self.program(owner, variable, part.parameter.name)
        return plain if alone else Node(owner, variable, f"{part.parameter.name}*")

    def restricted(self, owner: str, variable: str, parameter: str) -> bool:
        """Whether the added records of a parameter cannot be made without this variable, so that it does not see them."""
        if self.optimistic:
            return True
        key = (owner, parameter)
        if key not in self.before_added:
            self.optimistic = True
            reached = self.reach([Node(owner, "", f"{parameter}+")])
            self.optimistic = False
            self.before_added[key] = frozenset(node.variable for node in reached if node.owner == owner and node.part == parameter)
        return variable in self.before_added[key]

    def codes(self, node: Node) -> list[str]:
        """The parts a node is worked out on."""
        if node.part == ALL:
            return self.kept(node.owner)
        if node.part.endswith(ALL):
            return [node.part[:-1], f"{node.part[:-1]}+"]
        return [node.part]

    def reach(self, targets: list[Node]) -> dict[Node, list[Node]]:
        """Every node the targets need, with what each reads."""
        found: dict[Node, list[Node]] = {}
        stack = list(reversed(targets))
        while stack:
            node = stack.pop()
            if node not in found:
                found[node] = list(dict.fromkeys(self.reads(node)))
                stack += reversed(found[node])
        return found

    def reads(self, node: Node) -> Iterator[Node]:
        """The nodes one node reads."""
        if not node.variable:
            yield from self.records_read(node)
            return
        for code in self.codes(node):
            yield Node(node.owner, "", code)
            program = self.shown(node, code)
            if program is None:
                continue
            if program.special == "WINDOW":
                yield from self.window_read(node.owner, node.variable, code)
            for ref in program.refs.values():
                yield from self.ref_reads(ref, node.owner, code)
            if program.along and not program.special:
                yield from self.key_reads(node, program, code)

    def shown(self, node: Node, code: str) -> ResolvedFormula | None:
        """The program of a node on one of its parts: blank on added records that a restricted formula does not see."""
        program = self.program(node.owner, node.variable, code)
        if program is None or not code.endswith("+") or node.part != code:
            return program
        restricted = self.spans(program) == "parameter" and self.restricted(node.owner, node.variable, code[:-1])
        return self.marked(program, "blank") if restricted else program

    def window_read(self, owner: str, variable: str, code: str) -> Iterator[Node]:
        """What a variable of `WINDOW` reads: the window, and for a range that depends on it the day."""
        windows = self.special.windows(self.dataset(owner))
        if "AVISITN" in self.given(self.dataset(owner), self.parts[owner][code]) and variable != "AVISITN":
            yield self.node(owner, "AVISITN", code)
        elif windows is not None:
            yield Node(owner, WINDOW_INDEX, code)
        if windows is not None and variable not in ("AVISIT", "AVISITN"):
            for ref in windows.refs.values():
                yield from self.ref_reads(ref, owner, code)

    def key_reads(self, node: Node, program: ResolvedFormula, code: str) -> Iterator[Node]:
        """What breaks a tie that an order list leaves: the key of the dataset, or --SEQ of the domain."""
        if program.looks is not Reach.ALONG:
            return
        if not self.catalogue.is_dataset(node.owner):
            self.collected(node.owner, f"{node.owner[:2]}SEQ", absent_ok=True)
            return
        for name in self.dataset(node.owner).key:
            if name != node.variable and self.catalogue.variable(node.owner, name) is not None:
                yield self.node(node.owner, name, code)

    def collected(self, domain: str, variable: str, *, absent_ok: bool = False) -> None:
        """Note a collected variable that must be read."""
        if not self.catalogue.is_absent(domain, variable) and not (absent_ok and self.catalogue.headers is None):
            self.columns.setdefault(domain, set()).add(variable)

    def ref_reads(self, ref: Reference, owner: str, code: str) -> Iterator[Node]:
        """The nodes a name stands for, seen from a part."""
        match ref.how:
            case Binding.CONSTANT:
                return
            case Binding.SRC:
                for making in self.makings.of(self.dataset(owner), self.parts[owner][code]):
                    if making.domain:
                        yield from self.domain_reads(making.domain, self.catalogue.src_variable(making.domain, ref.variable))
            case Binding.OWN if self.catalogue.is_dataset(ref.owner) and ref.owner == owner:
                yield self.node(ref.owner, ref.variable, code)
            case Binding.LOOKED if ref.parameter:
                yield from self.parameter_reads(ref.owner, ref.parameter, ref.variable)
            case _:
                yield from self.domain_reads(ref.owner, ref.variable, raw=ref.raw)

    def domain_reads(self, domain: str, variable: str, *, raw: bool = False) -> Iterator[Node]:
        """A variable of a domain: prepared, or collected; of a dataset that is read like one on all its records."""
        if self.catalogue.is_dataset(domain):
            for code in self.kept(domain):
                yield Node(domain, "", code)
                yield self.node(domain, variable, code)
        elif not raw and variable in self.catalogue.use(domain).variables:
            yield Node(domain, variable)
        else:
            self.columns.setdefault(domain, set())
            self.collected(domain, variable)

    def kept(self, dataset: str) -> list[str]:
        """The parts whose records a dataset keeps."""
        return [code for code, part in self.parts[dataset].items() if part.kept]

    def parameter_reads(self, owner: str, parameter: str, variable: str) -> Iterator[Node]:
        """A variable on all records of a parameter, own and added."""
        for code in (parameter, f"{parameter}+"):
            if code in self.parts[owner]:
                yield Node(owner, "", code)
                yield self.node(owner, variable, code)

    def records_read(self, node: Node) -> Iterator[Node]:
        """What the records of a part are made from."""
        if not self.catalogue.is_dataset(node.owner):
            return
        dataset, part = self.dataset(node.owner), self.parts[node.owner][node.part]
        self.columns.setdefault(SUBJECTS, set())
        for ref in subject_condition(self.catalogue, self.programs, dataset).values():
            yield from self.ref_reads(ref, node.owner, node.part)
        for making in self.makings.of(dataset, part):
            if self.catalogue.is_dataset(making.domain):
                yield from (Node(making.domain, "", code) for code in self.kept(making.domain))
            elif making.domain:
                self.columns.setdefault(making.domain, set())
            for name in making.bases:
                yield from self.base_reads(node, making, name)

    def base_reads(self, node: Node, making: RecordCreation, name: str) -> Iterator[Node]:  # noqa: C901  (one case a base)
        """What one base of a making reads."""
        base, dataset = making.bases[name], self.dataset(node.owner)
        if base.on is InputKind.OWN:
            codes = [node.part.rstrip("+")]
        elif base.on is InputKind.EACH:
            codes = [EACH]
        elif base.on is InputKind.CANDIDATES:
            codes = [f"{node.part}{EACH}"]
        elif base.on is InputKind.PARAMETERS:
            codes = [code for each in base.names for code in (each, f"{each}+") if code in self.parts[node.owner]]
        else:
            codes = []
        for code in codes:
            yield Node(node.owner, "", code)
            for variable in dataset.copied if making.kind.carries and name == next(iter(making.bases)) else ():
                if self.catalogue.variable(node.owner, variable) is not None:
                    yield self.node(node.owner, variable, code)
        for ref in making.refs[name].values():
            for code in codes or [node.part]:
                if ref.how is Binding.OWN and ref.owner == node.owner and not codes:
                    continue
                yield from self.ref_reads(ref, node.owner, code)
