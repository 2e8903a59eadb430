"""What the analysis windows read on a record that has nothing but its date: a planned visit of a subject."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from adam.planning.resolved_formula import ResolvedFormula
from adam.planning.values.record_sets import RecordOrigin, RecordSet
from adam.planning.values.references import Binding, Reference

if TYPE_CHECKING:
    from adam.planning.graph import Graph


def dated_formulas(graph: Graph, records: RecordSet) -> dict[str, ResolvedFormula]:
    """The formulas that the windows read on such a record of a parameter, by variable; not that of the date."""
    windows = graph.windows.of(graph.dataset(records.dataset))
    subject, date = records.of(RecordOrigin.EACH_SUBJECT), windows.date.bare if windows is not None else None
    found: dict[str, ResolvedFormula] = {}
    stack = list(windows.references.values()) if windows is not None else []
    while stack:
        ref = stack.pop()
        if ref.binding is not Binding.OWN or ref.variable in found or (date is not None and ref.variable == date.last):
            continue
        formula = graph.formula(subject, ref.variable)
        if formula is not None:
            found[ref.variable] = formula
            stack += formula.refs.values()
    return found


def read_outside(graph: Graph, records: RecordSet) -> Iterator[tuple[Reference, RecordSet]]:
    """What the windows of a date read besides the variables of its record."""
    windows = graph.windows.of(graph.dataset(records.dataset))
    references = [windows.references] if windows is not None else []
    for each in (*references, *(formula.refs for formula in dated_formulas(graph, records).values())):
        yield from ((ref, records.of(RecordOrigin.EACH_SUBJECT)) for ref in each.values() if ref.binding is not Binding.OWN)
