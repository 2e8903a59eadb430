"""The lineage of all variables of a plan as one graph, for a page where a person follows it."""

from __future__ import annotations

from adam.planning.dataset_reads import Name, direct_reads
from adam.planning.dependencies import RECORDS, WINDOW, Cell, Dependencies
from adam.planning.values.lineage import LineageGraph, LineageNode, LineagePart
from adam.planning.values.plan import Plan
from adam.planning.values.record_sets import RecordSet
from adam.planning.values.steps import CreateRecords, TakeFromRule

AS_COLLECTED = " as collected"


def lineage_graph(plan: Plan) -> LineageGraph:
    """The graph of a plan. Nodes are in the order of the datasets and their variables, then of the domains.

    A variable reads the records of its own dataset only if a record rule sets it. What it reads on other records of itself, such as the
    value at an earlier visit, is not a line of the graph.
    """
    dependencies = Dependencies(plan)
    direct, collected = direct_reads(dependencies)
    from_rule = {(step.records[0].dataset, step.variable) for step in dependencies.steps.values() if isinstance(step, TakeFromRule)}
    reads: dict[LineageNode, tuple[LineageNode, ...]] = {}
    for name, read in direct.items():
        node = _node(plan, name, collected)
        own = (name[0], RECORDS)
        kept = [each for each in read if each != name and (each != own or name in from_rule)]
        reads[node] = tuple(dict.fromkeys(_node(plan, each, collected) for each in kept))
    leaves = {each: () for listed in list(reads.values()) for each in listed if each not in reads}
    found = reads | leaves
    place = _places(plan)
    ordered = sorted(found, key=lambda node: (place.get(node.owner, len(place)), node.owner, *_position(plan, node)))
    return LineageGraph({node: tuple(sorted(found[node])) for node in ordered}, _origins(plan, dependencies))


def _node(plan: Plan, name: Name, collected: set[Name]) -> LineageNode:
    owner, variable = name
    if variable == RECORDS:
        return LineageNode(owner, "", LineagePart.RECORDS)
    if variable == WINDOW:
        return LineageNode(owner, "", LineagePart.WINDOW)
    if name in collected:
        return LineageNode(owner, variable.removesuffix(AS_COLLECTED), LineagePart.READ)
    if owner not in plan.datasets:
        return LineageNode(owner, variable, LineagePart.PREPARED)
    return LineageNode(owner, variable, LineagePart.VARIABLE if variable in plan.datasets[owner].variables else LineagePart.TEMPORARY)


def _places(plan: Plan) -> dict[str, int]:
    return {name: place for place, name in enumerate(plan.datasets)}


def _position(plan: Plan, node: LineageNode) -> tuple[int, int, str]:
    """The variables of a dataset in their order, then the others by name."""
    order = list(LineagePart)
    if node.part is LineagePart.VARIABLE:
        return order.index(node.part), list(plan.datasets[node.owner].variables).index(node.variable), node.variable
    return order.index(node.part), 0, node.variable


def _origins(plan: Plan, dependencies: Dependencies) -> dict[str, dict[str, tuple[str, ...]]]:
    """The domains and datasets that the records of each dataset come from, by parameter."""
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for name in plan.datasets:
        mine: dict[str, dict[str, None]] = {}
        for records in plan.layouts[name].records:
            mine.setdefault(records.parameter, {}).update(dict.fromkeys(_sources_of(dependencies, records)))
        found[name] = {parameter: tuple(sorted(owners)) for parameter, owners in mine.items()}
    return found


def _sources_of(dependencies: Dependencies, records: RecordSet) -> list[str]:
    """The domains whose records become these records; for computed records, the domains and datasets that their rule reads."""
    step = dependencies.steps.get(Cell(records, RECORDS))
    creations = step.creations if isinstance(step, CreateRecords) else ()
    inputs = (bound for creation in creations for bound in creation.inputs.values())
    return dependencies.domains(records) or [bound.owner for bound in inputs if bound.owner]
