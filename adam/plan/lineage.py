"""Where a variable comes from: one walk of the graph, down to the collected variables, with the lines of the specification."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from adam.core.errors import NOWHERE, Mark, UsageError, suggestion
from adam.expressions.tree import Name
from adam.plan.formulas import ResolvedFormula
from adam.plan.graph import Graph, Node
from adam.plan.method import method_text
from adam.plan.names import StudyNames
from adam.plan.plan import Plan
from adam.plan.references import Binding, Reference
from adam.plan.special import WINDOW_INDEX


@dataclass(frozen=True)
class Ancestor:
    """One line of a lineage: how deep, the variable, what is done, where that is said; `seen` if it was shown above already."""

    depth: int
    name: str
    method: str
    mark: Mark = NOWHERE
    seen: bool = False

    def __str__(self) -> str:
        place = f"  [{self.mark}]" if self.mark.file else ""
        method = "  (see above)" if self.seen else f" = {self.method}" if self.method else ""
        return f"{'  ' * self.depth}{self.name}{method}{'' if self.seen else place}"


def lineage(plan: Plan, name: str) -> list[Ancestor]:
    """The lineage of a variable.

    Args:
        plan: the plan of the study.
        name: `DATASET.VARIABLE`, or `DATASET.PARAMCD.VARIABLE` for one parameter.

    Raises:
        UsageError: there is no such variable.
    """
    dataset, *rest = name.split(".")
    graph = plan.graph
    known = [*graph.catalogue.study.datasets]
    if dataset not in known:
        raise UsageError(f"the study makes no dataset {dataset}{suggestion(dataset, known)}; it makes {', '.join(known)}")
    code, variable = (rest[0], rest[1]) if len(rest) == 2 else ("", rest[0] if rest else "")
    parts = graph.parts[dataset]
    if code and code not in parts:
        raise UsageError(f"{dataset} has no parameter {code}{suggestion(code, parts)}")
    if graph.catalogue.variable(dataset, variable) is None:
        raise UsageError(f"{dataset} has no variable {variable}{suggestion(variable, graph.catalogue.known_in(dataset))}")
    codes = (code,) if code else tuple(key for key, part in parts.items() if part.kept)
    return list(_Walk(graph).of(dataset, variable, codes, 0))


class _Walk:
    """A walk down the graph, one step a variable on the records of some parts; what was shown for all of them is not shown again."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.seen: dict[tuple[str, str, int], set[str]] = {}

    def of(self, owner: str, variable: str, codes: tuple[str, ...], depth: int) -> Iterator[Ancestor]:
        """A variable, and what it is made of."""
        name = f"{owner}.{'analysis window' if variable == WINDOW_INDEX else variable}"
        for program, mine in self.programs(owner, variable, codes):
            some = "" if len(mine) == len(codes) else f" on {', '.join(mine)}"
            new = self.news(owner, variable, program, mine)
            if not new:
                yield Ancestor(depth, name + some, "", seen=True)
                continue
            yield Ancestor(depth, name + some, _method(program, self.graph.catalogue), program.variable.mark)
            for collected in self.collected(program, new):
                yield Ancestor(depth + 1, collected, "collected")
            if program.special == "given":
                yield from self.records(owner, new, depth + 1)
            yield from self.below([self.graph.node(owner, variable, code) for code in new], depth + 1, (owner, variable))

    def news(self, owner: str, variable: str, program: ResolvedFormula | None, codes: tuple[str, ...]) -> tuple[str, ...]:
        """The parts on which it was not shown yet. A formula is the same on all parts; what is given with the record is not."""
        before = self.seen.setdefault((owner, variable, id(program)), set())
        new = tuple(code for code in codes if code not in before)
        before.update(codes)
        return new if not before - set(new) or program is None or program.special == "given" else ()

    def programs(self, owner: str, variable: str, codes: tuple[str, ...]) -> list[tuple[ResolvedFormula, tuple[str, ...]]]:
        """The programs of a variable, each with the parts it is used on; parts where it is always blank are left out."""
        found: dict[ResolvedFormula, list[str]] = {}
        for code in codes:
            program = self.graph.shown(self.graph.node(owner, variable, code), code)
            if program is not None and (program.special != "blank" or len(codes) == 1):
                found.setdefault(program, []).append(code)
        return [(program, tuple(mine)) for program, mine in found.items()]

    def below(self, nodes: Iterable[Node], depth: int, but: tuple[str, str] = ("", "")) -> Iterator[Ancestor]:
        """What some nodes read, variable by variable."""
        groups: dict[tuple[str, str], dict[str, None]] = {}
        for node in dict.fromkeys(nodes):
            for read in self.graph.reads(node):
                if read.variable and (read.owner, read.variable) != but:
                    groups.setdefault((read.owner, read.variable), {}).update(dict.fromkeys(self.graph.codes(read)))
        for (owner, variable), codes in groups.items():
            yield from self.of(owner, variable, tuple(codes), depth)

    def records(self, owner: str, codes: tuple[str, ...], depth: int) -> Iterator[Ancestor]:
        """What the records of parts are made from, where a variable is given with them."""
        for code in codes:
            if not self.news(owner, "", None, (code,)):
                continue
            for making in self.graph.makings.of(self.graph.dataset(owner), self.graph.parts[owner][code]):
                read = making.domain or ", ".join(dict.fromkeys(name for base in making.bases.values() for name in base.names))
                what = " ".join(word for word in (making.kind.name, getattr(making.arguments, "instrument", ""), read) if word)
                yield Ancestor(depth, f"records of {owner}.{code}", what, making.mark)
                for collected in self.raw(making.refs.values()):
                    yield Ancestor(depth + 1, collected, "collected")
            yield from self.below([Node(owner, "", code)], depth + 1)

    @staticmethod
    def raw(refs: Iterable[Mapping[Name, Reference]]) -> list[str]:
        """The collected variables among what some names stand for."""
        return list(dict.fromkeys(f"{ref.owner}.{ref.variable}" for each in refs for ref in each.values() if ref.raw))

    def collected(self, program: ResolvedFormula, codes: tuple[str, ...]) -> list[str]:
        """The collected variables a formula reads, those of the source record (SRC.X) by the domains the parts have."""
        found = self.raw([program.refs])
        catalogue, owner = self.graph.catalogue, program.context.owner
        wanted = [ref.variable for ref in program.refs.values() if ref.how is Binding.SRC]
        if wanted and catalogue.is_dataset(owner):
            makings = [making for code in codes for making in self.graph.makings.of(self.graph.dataset(owner), self.graph.parts[owner][code])]
            for domain in dict.fromkeys(making.domain for making in makings if making.domain):
                names = [catalogue.src_variable(domain, variable) for variable in wanted]
                found += [f"{domain}.{name}" for name in names if name not in catalogue.use(domain).variables]
        return list(dict.fromkeys(found))


def _method(program: ResolvedFormula, names: StudyNames) -> str:
    return {"given": "given with the record", "WINDOW": "of the analysis window"}.get(program.special) or method_text(program, names)
