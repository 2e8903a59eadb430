"""The order of work: circles found, then nodes joined into steps so that one variable runs over all parameters that are ready at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from graphlib import TopologicalSorter
from typing import NamedTuple

from adam.core.problems import Problems
from adam.planning.graph import Graph
from adam.planning.joint import JointCreations
from adam.planning.nodes import Node
from adam.planning.resolved_formula import ResolvedFormula
from adam.planning.values.record_sets import RecordSet

Reads = Mapping[Node, list[Node]]


class Work(NamedTuple):
    """One variable computed by one formula on sets of records; without a variable the records themselves, or their analysis windows."""

    variable: str
    records: tuple[RecordSet, ...]
    formula: ResolvedFormula | None = None
    window: bool = False


def circles(reads: Reads) -> list[list[Node]]:
    """The circles of a graph, each variable's once: a walk in depth that meets its own path.

    >>> a, b = Node("A", (RecordSet("D"),)), Node("B", (RecordSet("D"),))
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
        names = [node.variable or "records" if len(owners) == 1 else str(node) for node in circle]
        first = next((node for node in circle if node.variable), circle[0])
        variable = graph.catalogue.variable(first.owner, first.variable)
        at = circle.index(first)
        path = " → ".join([*names[at:], *names[:at], names[at]])
        mark = variable.mark if variable else graph.dataset(first.owner).mark
        message = f"Circular definition: {path}.{_by_key([*circle[at:], *circle[:at]], graph)}"
        problems.add(mark, f"{first.owner}.{first.variable}", message, "spec-cycle")
    return bool(found)


def _by_key(circle: list[Node], graph: Graph) -> str:
    """Which variables of a circle are read only because the key orders records that `order` leaves equal, and what to do about it."""
    for node, following in zip(circle, [*circle[1:], circle[0]], strict=True):
        formula = graph.shown(node, node.records[0]) if node.variable else None
        named = {ref.variable for ref in formula.refs.values()} if formula is not None else set()
        if following.owner == node.owner and following.variable in graph.tie_breakers(node, formula) and following.variable not in named:
            read = f"{node.variable} reads {following.variable} only because it is in key:, which orders records that are equal in order:"
            return f" {read}. Use a key without {following.variable}, such as one with the number of the source record, ASEQ."
    return ""


def _key(node: Node, graph: Graph, joint: JointCreations) -> tuple[object, ...]:
    """What is done together: one variable by one formula, on derived and on added records; the records that one call of a rule creates."""
    if node.window:
        return (node.owner,)
    if not node.variable:
        number = joint.number(node.records[0])
        return (node,) if number is None else (node.owner, number)
    formula = graph.shown(node, node.records[0])
    return (node,) if formula is None else (node.owner, node.variable, formula)


def ordered(reads: Reads, graph: Graph) -> tuple[Work, ...]:
    """The nodes in an order in which each follows what it reads, joined where they can be computed at once.

    Of several choices the one that is complete goes first, so that few nodes of a variable are left for another round. If none is, records
    are missing that are still to be created: then what these records need goes first, and everything else waits until they are there. The
    records that some of several parameters can be given already wait for the others as long as anything else is left.
    """
    needed = _needed_by_records(reads)
    sorter = TopologicalSorter(reads)
    sorter.prepare()
    joint = JointCreations(graph)
    keys = {node: _key(node, graph, joint) for node in reads}
    left = Counter(keys.values())
    ready: dict[tuple[object, ...], list[Node]] = {}
    urgent: set[tuple[object, ...]] = set()
    result = []
    while sorter.is_active():
        for node in sorter.get_ready():
            ready.setdefault(keys[node], []).append(node)
            if node in needed:
                urgent.add(keys[node])
        key = next((k for k, nodes in ready.items() if len(nodes) == left[k]), None)
        if key is None:
            key = max([k for k in ready if k in urgent] or ready, key=lambda k: (bool(ready[k][0].variable), len(ready[k]) / left[k]))
        nodes = ready.pop(key)
        urgent.discard(key)
        left[key] -= len(nodes)
        sorter.done(*nodes)
        result.append(_joined(nodes, graph))
    return tuple(result)


def _needed_by_records(reads: Reads) -> frozenset[Node]:
    """The nodes that the creation of some records depends on, and these creations."""
    found = {node for node in reads if not node.variable and not node.window}
    stack = list(found)
    while stack:
        for node in reads[stack.pop()]:
            if node not in found:
                found.add(node)
                stack.append(node)
    return frozenset(found)


def _joined(nodes: list[Node], graph: Graph) -> Work:
    first = nodes[0]
    records = tuple(each for node in nodes for each in node.records)
    formula = graph.shown(first, records[0]) if first.variable else None
    if len(records) > 1:  # always in the order of the dataset, so that a column is read as it was computed
        place = {each: number for number, each in enumerate(graph.kept.get(first.owner, ()))}
        records = tuple(sorted(records, key=lambda each: place.get(each, len(place))))
    return Work(first.variable, records, formula, first.window)
