"""The order of work: circles found, then nodes joined into steps so that one variable runs over all parameters that are ready at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter

from adam.plan.formulas import ResolvedFormula
from adam.plan.graph import Graph, Node
from adam.specification.problems import Problems

Reads = Mapping[Node, list[Node]]


@dataclass(frozen=True, eq=False)
class Step:
    """One variable worked out on some parts of its owner, or (without a program) the records of one part made."""

    owner: str
    variable: str
    codes: tuple[str, ...]
    program: ResolvedFormula | None = None

    def __str__(self) -> str:
        parts = f" on {', '.join(self.codes)}" if any(self.codes) else ""
        return f"{self.owner}.{self.variable}{parts}" if self.variable else f"records of {self.owner}{parts}"


def circles(reads: Reads) -> list[list[Node]]:
    """The circles of a graph, each variable's once: a walk in depth that meets its own path.

    >>> a, b = Node("D", "A"), Node("D", "B")
    >>> [str(node) for node in circles({a: [b], b: [a]})[0]]
    ['D.A', 'D.B']
    """
    found: dict[frozenset[tuple[str, str]], list[Node]] = {}
    done: set[Node] = set()
    for start in reads:
        path: dict[Node, None] = {}
        stack = [(start, iter(reads[start]))] if start not in done else []
        path |= {start: None} if stack else {}
        while stack:
            node, rest = stack[-1]
            following = next((n for n in rest if n not in done), None)
            if following is None:
                stack.pop()
                path.pop(node)
                done.add(node)
            elif following in path:
                nodes = list(path)
                circle = nodes[nodes.index(following) :]
                found.setdefault(frozenset((n.owner, n.variable) for n in circle), circle)
            else:
                path[following] = None
                stack.append((following, iter(reads[following])))
    return list(found.values())


def report(reads: Reads, graph: Graph, problems: Problems) -> bool:
    """Whether there are circles; each is a problem that prints its path."""
    found = circles(reads)
    for circle in found:
        owners = {node.owner for node in circle}
        words = [node.variable or "records" if len(owners) == 1 else str(node) for node in circle]
        first = next((node for node in circle if node.variable), circle[0])
        variable = graph.catalogue.variable(first.owner, first.variable)
        at = circle.index(first)
        path = " → ".join([*words[at:], *words[:at], words[at]])
        mark = variable.mark if variable else graph.dataset(first.owner).mark
        problems.add(mark, f"{first.owner}.{first.variable}", f"variables need each other: {path}", "spec-cycle")
    return bool(found)


def _key(node: Node, graph: Graph) -> tuple[str, str, int]:
    """What is worked out together: the same program of the same variable; records one by one."""
    if not node.variable:
        return node.owner, node.part, 0
    program = graph.shown(node, graph.codes(node)[0])
    return node.owner, node.variable, id(program) if program is not None and not node.part.endswith("+") else hash(node)


def steps(reads: Reads, graph: Graph) -> tuple[Step, ...]:
    """The nodes in an order in which each comes after what it reads, joined where they can be worked out at once.

    Of several choices the one that is complete goes first, so that few nodes of a variable are left behind for another round.
    """
    sorter = TopologicalSorter(reads)
    sorter.prepare()
    keys = {node: _key(node, graph) for node in reads}
    left = Counter(keys.values())
    ready: dict[tuple[str, str, int], list[Node]] = {}
    result = []
    while sorter.is_active():
        for node in sorter.get_ready():
            ready.setdefault(keys[node], []).append(node)
        key = next((k for k, nodes in ready.items() if len(nodes) == left[k]), None)
        if key is None:
            key = max(ready, key=lambda k: len(ready[k]) / left[k])
        nodes = ready.pop(key)
        left[key] -= len(nodes)
        sorter.done(*nodes)
        result += _joined(nodes, graph)
    return tuple(result)


def _joined(nodes: list[Node], graph: Graph) -> list[Step]:
    first = nodes[0]
    if not first.variable:
        return [Step(node.owner, "", (node.part,)) for node in nodes]
    codes = tuple(code for node in nodes for code in graph.codes(node))
    return [Step(first.owner, first.variable, codes, graph.shown(first, codes[0]))]
