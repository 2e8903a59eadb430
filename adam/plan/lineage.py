"""Where a variable comes from: one walk of the graph, down to the collected variables, with the lines of the specification."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from adam.errors import NOWHERE, Mark, UsageError, suggestion
from adam.plan.graph import Graph, Node
from adam.plan.metadata import method_text
from adam.plan.names import How
from adam.plan.plan import Plan
from adam.plan.programs import Program


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
    codes = [code] if code else list(parts)
    return list(_walk(graph, graph.node(dataset, variable, codes[0]), 0, set()))


def _walk(graph: Graph, node: Node, depth: int, seen: set[tuple[str, str]]) -> Iterator[Ancestor]:
    program = graph.shown(node, graph.codes(node)[0])
    key = (node.owner, node.variable)
    if key in seen:
        yield Ancestor(depth, f"{node.owner}.{node.variable}", "", seen=True)
        return
    seen.add(key)
    yield Ancestor(depth, f"{node.owner}.{node.variable}", _method(program), program.variable.mark if program else NOWHERE)
    for collected in _collected(graph, program):
        yield Ancestor(depth + 1, collected, "collected")
    for below in dict.fromkeys(graph.reads(node)):
        if below.variable and below != node:
            yield from _walk(graph, below, depth + 1, seen)
        elif below.part and below.owner == node.owner and program is not None and program.special == "given":
            yield from _records(graph, below, depth + 1, seen)


def _records(graph: Graph, node: Node, depth: int, seen: set[tuple[str, str]]) -> Iterator[Ancestor]:
    """What the records of a part are made from, where a variable is given with them."""
    key = (node.owner, f"records {node.part}")
    if key in seen:
        return
    seen.add(key)
    dataset = graph.dataset(node.owner)
    for making in graph.makings.of(dataset, graph.parts[node.owner][node.part]):
        said = f"{making.kind.name} {making.domain or ', '.join(n for base in making.bases.values() for n in base.names)}".strip()
        yield Ancestor(depth, f"records of {node.owner}.{node.part}", said, making.mark)
    for below in dict.fromkeys(graph.reads(node)):
        if below.variable:
            yield from _walk(graph, below, depth + 1, seen)


def _method(program: Program | None) -> str:
    if program is None:
        return ""
    return {"given": "given with the record", "WINDOW": "of the analysis window"}.get(program.special) or method_text(program)


def _collected(graph: Graph, program: Program | None) -> list[str]:
    if program is None:
        return []
    raw = [f"{ref.owner}.{ref.variable}" for ref in program.refs.values() if ref.raw]
    if any(ref.how is How.SRC for ref in program.refs.values()) and graph.catalogue.is_dataset(program.context.owner):
        for domain in graph.catalogue.domains_of(graph.dataset(program.context.owner)):
            for ref in program.refs.values():
                if ref.how is How.SRC:
                    name = graph.catalogue.src_variable(domain, ref.variable)
                    raw += [f"{domain}.{name}"] if name not in graph.catalogue.use(domain).variables else []
    return list(dict.fromkeys(raw))
