"""The sources of parameter families, bound."""

from __future__ import annotations

from adam.core.kinds import ValueKind
from adam.planning.context import Context
from adam.planning.formulas import Formulas
from adam.planning.scopes import FormulaScope
from adam.planning.values.creations import UnmatchedRecords
from adam.planning.values.record_sets import collected
from adam.specification.models import FamilySource


def unmatched_records(programs: Formulas, dataset: str, source: FamilySource) -> UnmatchedRecords:
    """The source records of a parameter family with the names of its conditions resolved."""
    scope = FormulaScope(programs, Context(dataset, domain=source.domain), None)
    for column, expr in source.match.items():
        programs.checked(expr, scope, None, source.table.kinds[column], f"match: {column}")
    if source.where is not None:
        programs.checked(source.where, scope, None, ValueKind.CONDITION, "where")
    read = collected(source.domain)
    return UnmatchedRecords(source.family, read, source.table, source.match, dict(scope.refs), source.where, source.mark)
