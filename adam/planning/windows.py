"""The analysis windows of a dataset, with every name resolved."""

from __future__ import annotations

from adam.core.errors import Mark
from adam.core.kinds import ValueKind, is_compatible
from adam.expressions.check import kind_of
from adam.expressions.tree import Expr, Name
from adam.planning.context import Context
from adam.planning.formulas import Formulas
from adam.planning.scopes import FormulaScope
from adam.planning.values.windows import AnalysisWindow, Windows
from adam.specification.models import Dataset, Window


class BoundWindows:
    """Binds the windows of each dataset, each once."""

    def __init__(self, programs: Formulas) -> None:
        self.programs = programs
        self.catalogue, self.problems = programs.catalogue, programs.problems
        self.bound: dict[str, Windows | None] = {}

    def of(self, dataset: Dataset) -> Windows | None:
        """The windows a dataset uses, bound; None, and problems, where there are none of that name."""
        if dataset.name not in self.bound:
            self.bound[dataset.name] = self._bind(dataset)
        return self.bound[dataset.name]

    def _bind(self, dataset: Dataset) -> Windows | None:
        use, tables = dataset.windows, self.catalogue.study.windows
        if use is None:
            return None
        table = tables.get(use.use)
        if table is None:
            known = ", ".join(tables) or "none"
            message = f"The study has no windows named '{use.use}'. Known windows: {known}."
            self.problems.add(use.mark, dataset.name, message, "spec-unknown-windows")
            return None
        scope = FormulaScope(self.programs, Context(dataset.name), None)
        for expr, what in ((use.date, "date"), (use.reference, "reference")):
            self.programs.checked(expr, scope, None, ValueKind.DATE, f"windows: {what}")
        if use.where is not None:
            self.programs.checked(use.where, scope, None, ValueKind.CONDITION, "windows: where")
        for window in table.values():
            if window.where is not None:
                self._condition(window.where, scope, dataset, f"windows: {window.name}")
        starts = self._starts(dataset, scope, use.period_start, use.mark)
        windows = tuple(_value(window) for window in table.values())
        return Windows(use.use, windows, use.date, use.reference, dict(scope.refs), use.where, starts, use.range, use.mark)

    def _condition(self, expr: Expr, scope: FormulaScope, dataset: Dataset, what: str) -> None:
        kind, faults = kind_of(expr, scope)
        for fault in faults:
            self.problems.add(expr.place(fault.node), dataset.name, f"{what}: {fault.message}", fault.code)
        if not faults and not is_compatible(kind, ValueKind.CONDITION):
            self.problems.add(expr.mark, dataset.name, f"{what} must be a condition; {expr} is {kind.article}.", "spec-wrong-kind")

    def _starts(self, dataset: Dataset, scope: FormulaScope, pattern: Expr | None, mark: Mark) -> dict[int, Name]:
        """The name of the start of each period, from a pattern such as ADSL.APxxSDT."""
        if pattern is None:
            return {}
        name = pattern.bare
        if name is None or "xx" not in name.last:
            message = f"period_start must be a name with xx, as in DATASET.APxxSDT; it is {pattern}."
            self.problems.add(pattern.mark, dataset.name, message, "spec-wrong-argument")
            return {}
        names = {n: Name((*name.parts[:-1], name.last.replace("xx", f"{n:02d}"))) for n in self.catalogue.study.periods}
        for each in names.values():
            self.programs.checked(Expr(str(each), each, mark), scope, None, ValueKind.DATE, "windows: period_start")
        return names


def _value(window: Window) -> AnalysisWindow:
    return AnalysisWindow(window.name, window.number, window.period, window.target, window.low, window.high, window.where)
