"""The records that `add:` adds to a parameter, and records that duplicate others: what they take over, and which formulas read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from adam.planning.nodes import Node, Span
from adam.planning.values.creations import RecordCreation
from adam.planning.values.record_sets import RecordOrigin, RecordSet

if TYPE_CHECKING:
    from adam.planning.graph import Graph


class AddedRecords:
    """Answers for a graph which variables added records and duplicates take over, and which they cannot be created without."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.optimistic = False
        self.before: dict[RecordSet, dict[RecordSet, frozenset[str]]] = {}

    def of(self, derived: RecordSet) -> list[RecordSet]:
        """The records that each entry of `add:` adds to a parameter."""
        return [each for each in self.graph.of_parameter(derived.dataset, derived.parameter) if each.origin is RecordOrigin.ADDED]

    def is_seen(self, added: RecordSet, variable: str) -> bool:
        """Whether a variable along the records of a parameter reads some added ones, and so is computed together with them."""
        derived = added.of(RecordOrigin.DERIVED)
        return not self.restricted(added, variable) and self.graph.formula(added, variable) is self.graph.formula(derived, variable)

    def restricted(self, added: RecordSet, variable: str) -> bool:
        """Whether a variable along the records of a parameter does not read some added ones, because they cannot be created without it."""
        return self.optimistic or variable in self.restricted_on(added)

    def restricted_on(self, added: RecordSet) -> frozenset[str]:
        """The variables of the derived records that added ones cannot be created without.

        Entries of `add:` that need fewer of them come first: what one of those needs, the later ones count as needing, too. So a variable
        never waits for records that wait for another one.
        """
        derived = added.of(RecordOrigin.DERIVED)
        if derived not in self.before:
            self.before[derived] = {}
            self.optimistic = True
            reached = {each: self.graph.reach([Node("", (each,))]) for each in self.of(derived)}
            self.optimistic = False
            needed = {each: {node.variable for node in nodes if node.records == (derived,)} for each, nodes in reached.items()}
            before: frozenset[str] = frozenset()
            for each in sorted(needed, key=lambda one: (len(needed[one]), one.entry)):
                before = before | needed[each]
                self.before[derived][each] = before
        return self.before[derived].get(added, frozenset())

    def taken_over(self, creation: RecordCreation) -> frozenset[str]:
        """The variables that a duplicate takes over because a rule set them on the record it is made of."""
        if not creation.duplicated:
            return frozenset()
        found = frozenset(_values(creation)).union(*(self.graph.from_rules(each) for each in creation.duplicated))
        known = (name for name in found if self.graph.catalogue.variable(creation.context.dataset, name) is not None)
        return frozenset(known) - {*creation.variables, *creation.left}

    def copied(self, creation: RecordCreation, records: RecordSet) -> tuple[str, ...]:
        """The variables that records take over: those of `copy:`, those of a duplicate, and on this one those its creation depends on."""
        if not creation.duplicated:
            return creation.copied
        names = {*creation.copied, *self.taken_over(creation)}
        if self.optimistic or records.origin is not RecordOrigin.ADDED:
            return tuple(sorted(names))
        along = (name for name in self.restricted_on(records) if name and self._is_along(records, name))
        return tuple(sorted({*names, *along} - {*creation.variables}))

    def _is_along(self, records: RecordSet, variable: str) -> bool:
        formula = self.graph.formula(records.of(RecordOrigin.DERIVED), variable)
        return formula is not None and self.graph.span(formula) is Span.PARAMETER

    def source_domains(self, records: RecordSet) -> tuple[str, ...]:
        """The domains and datasets whose variables SRC.X are on records; on a duplicate those of the record it is made of."""
        found: dict[str, None] = {}
        seen, stack = set(), [records]
        while stack:
            each = stack.pop()
            if each not in seen:
                seen.add(each)
                found |= {creation.domain: None for creation in self.graph.created(each) if creation.domain}
                stack += [inner for creation in self.graph.created(each) for inner in creation.duplicated]
        return tuple(found)


def _values(creation: RecordCreation) -> tuple[str, ...]:
    """AVAL, and as a record of another parameter AVALC: taken over even where a formula of the copied parameter gives them."""
    return ("AVAL",) if creation.context.added or "AVAL" in creation.variables else ("AVAL", "AVALC")
