"""The sources of parameter families, bound."""

from __future__ import annotations

from collections.abc import Iterable

from adam.catalog.traceability import NamedRecord
from adam.core.kinds import ValueKind
from adam.planning.context import Context
from adam.planning.formulas import Formulas
from adam.planning.scopes import FormulaScope
from adam.planning.values.creations import RecordCreation, UnmatchedRecords
from adam.planning.values.record_sets import collected
from adam.specification.models import FamilySource


def unmatched_records(programs: Formulas, dataset: str, source: FamilySource, others: Iterable[RecordCreation]) -> UnmatchedRecords:
    """The source records of a parameter family with the names of its conditions resolved; `others` make parameters outside the family."""
    scope = FormulaScope(programs, Context(dataset, domain=source.domain), None)
    for column, expr in source.match.items():
        programs.checked(expr, scope, None, source.table.kinds[column], f"match: {column}")
    ways = [way for each in others for way in each.rule.traceability(each.arguments, each.context)]
    taken = tuple(way.where for way in ways if way.domain == source.domain and way.named is NamedRecord.ALWAYS)
    for condition in (source.where, *taken):
        if condition is not None:
            programs.checked(condition, scope, None, ValueKind.CONDITION, "where")
    read = collected(source.domain)
    return UnmatchedRecords(source.family, read, source.table, source.match, dict(scope.refs), source.where, taken, source.mark)
