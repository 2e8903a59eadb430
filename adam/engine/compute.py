"""One variable on one set of records: an expression, or a derivation given its columns, groups and order."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from adam.catalog.contract import Selection
from adam.catalog.derivation import Action, Derived, Group, Issue, OrderKey, Reach
from adam.catalog.derivations import DERIVATIONS
from adam.catalog.record_rules.ties import differing
from adam.core.kinds import ValueKind, missing_column, true
from adam.engine.issues import SHOWN, printed, together
from adam.engine.ordering import first_of, groups, placed, ranks, within_codes
from adam.engine.tables import cast, taken
from adam.engine.view import JoinedRecords, View
from adam.expressions.evaluate import Evaluation, EvaluationIssue, Records
from adam.expressions.tree import Expr
from adam.plan.arguments import expressions, filled
from adam.plan.formulas import ResolvedFormula
from adam.plan.names import SUBJECTS

Path = tuple[str | int, ...]


def compute(program: ResolvedFormula, view: View) -> Derived:
    """The column of a program on the records of a view, with the issues met; masks are on those records."""
    if program.special == "blank":
        return Derived(missing_column(program.kind, view.index))
    evaluation = Evaluation(view)
    fits = np.ones(len(view), dtype=bool)
    if program.where is not None:
        fits = true(evaluation.column(program.where, ValueKind.CONDITION)).to_numpy()
    way = WAYS[program.looks] if program.expr is None else _expression
    with evaluation.reaching(fits):
        result = way(program, view, evaluation)
    column = cast(result.column, program.kind)
    if program.where is not None:
        _note(program, view, "where:", program.where, fits)
        column = column.where(fits, missing_column(program.kind, view.index))
    issues = [replace(issue, mask=issue.mask & fits) for issue in result.issues]
    issues += [Issue(met.text, met.mask, values=met.values) for met in evaluation.issues]
    return Derived(column, tuple(issue for issue in together(issues) if issue.mask.any()), result.tied)


def _note(program: ResolvedFormula, view: View, what: str, condition: Expr, fits: np.ndarray) -> None:
    """Gather what a condition selects; `allow_empty: true` of the variable says that it may be nothing."""
    variable = program.variable
    if not variable.allow_empty:
        view.data.matched.note(program.context.owner, variable.name, what, condition, fits, variable.mark)


def _expression(program: ResolvedFormula, view: View, evaluation: Evaluation) -> Derived:
    assert program.expr is not None
    return Derived(evaluation.column(program.expr, program.kind))


def _called(program: ResolvedFormula, column: Callable[[Path, Any], Any], extra: dict[str, Any]) -> Derived:
    """Call the derivation with its arguments filled in."""
    arguments = program.arguments
    assert arguments is not None
    known = DERIVATIONS[program.derivation]
    wanted = set(inspect.signature(known.function).parameters)
    result = known.function(**filled(arguments, column, wanted - set(extra)), **extra)
    return result if isinstance(result, Derived) else Derived(result)


def _columns(program: ResolvedFormula, evaluation: Evaluation, order: Callable[[Any], Any]) -> Callable[[Path, Any], Any]:
    """How the expressions of the arguments become columns: by their role."""
    assert program.arguments is not None
    roles = {argument.path: argument.role for argument in expressions(program.arguments)}

    def column(path: Path, value: Any) -> Any:  # noqa: ANN401
        if isinstance(value, tuple):
            return order(value)
        if path in program.families:
            return {period: evaluation.records.column(name) for period, name in program.families[path].items()}
        role = roles[path]
        wanted = role if isinstance(role, ValueKind) and role is not ValueKind.ANY else program.kind
        with evaluation.reaching(branches.reach(path)):
            found = evaluation.column(value, wanted)
        branches.decided(path, found)
        return cast(found, wanted) if role is not ValueKind.ANY else found

    branches = _Branches(len(evaluation.records.index))
    return column


class _Branches:
    """Which records reach an entry of a list that is tried in order: those no `when` before it was true for, its value those of its own."""

    def __init__(self, size: int) -> None:
        self.everyone = np.ones(size, dtype=bool)
        self.open: dict[Path, np.ndarray] = {}
        self.chosen: dict[Path, np.ndarray] = {}

    def reach(self, path: Path) -> np.ndarray:
        """The records an argument is used for."""
        if len(path) < 3:
            return self.everyone
        default = self.open.get(path[:-2], self.everyone)
        return default if path[-1] == "when" else self.chosen.get(path[:-1], default)

    def decided(self, path: Path, found: pd.Series) -> None:
        """Note the records of an entry, once its condition is known."""
        if len(path) == 3 and path[-1] == "when":
            left = self.open.get(path[:-2], self.everyone)
            self.chosen[path[:-1]] = left & true(found).to_numpy()
            self.open[path[:-2]] = left & ~true(found).to_numpy()


def _record(program: ResolvedFormula, view: View, evaluation: Evaluation) -> Derived:
    lookup = DERIVATIONS[program.derivation].contract.lookup_keys(program.arguments)
    if lookup is not None and not program.variable.allow_empty:
        values = cast(evaluation.column(lookup.of, ValueKind.TEXT), ValueKind.TEXT)
        view.data.matched.keys(program.context.owner, program.variable.name, lookup.keys, values, program.variable.mark)
    return _called(program, _columns(program, evaluation, lambda keys: None), {})


def _where(program: ResolvedFormula, view: View, records: Records, evaluation: Evaluation) -> np.ndarray:
    """The records a summary or along derivation looks at."""
    condition: Expr | None = getattr(program.arguments, "where", None)
    if condition is None or "where" in DERIVATIONS[program.derivation].function.__annotations__:
        return np.ones(len(records.index), dtype=bool)
    fits = true(evaluation.column(condition, ValueKind.CONDITION)).to_numpy()
    _note(program, view, f"where: of {program.derivation}", condition, fits)
    return fits


def _order(evaluation: Evaluation, keys: tuple[OrderKey, ...], ties: list[pd.Series]) -> np.ndarray:
    return ranks([*_places(evaluation, keys), *map(placed, ties)])


def _places(evaluation: Evaluation, keys: tuple[OrderKey, ...]) -> list[np.ndarray]:
    """The place of each record in every entry of an order list."""
    return [placed(evaluation.series(evaluation.node(key.name.root)), key.descending, key.missing_last) for key in keys]


def _tied(program: ResolvedFormula, evaluation: Evaluation, group: Group) -> np.ndarray | None:
    """The group of each record that `order` alone would choose as well as others of its group; None for what does not choose by order."""
    keys: tuple[OrderKey, ...] = getattr(program.arguments, "order", None) or ()
    selection = DERIVATIONS[program.derivation].contract.selection(program.arguments)
    if not keys or selection not in (Selection.FIRST, Selection.LAST):
        return None
    ends = first_of(_places(evaluation, keys), group, last=selection is Selection.LAST)
    counts = np.bincount(group.number[ends], minlength=group.size)
    several = ends.copy()
    several[ends] = counts[group.number[ends]] > 1
    return np.where(several, group.number, -1) if several.any() else None


def _open(program: ResolvedFormula, evaluation: Evaluation, group: Group) -> Issue | None:
    """The issue that records which `order` does not tell apart differ in the value that is taken, on the groups."""
    tied = _tied(program, evaluation, group)
    of = getattr(program.arguments, "of", None)
    if tied is None or of is None:
        return None
    rows = np.flatnonzero(tied >= 0)
    values = Evaluation(evaluation.records).column(of, program.kind)
    rows = rows[differing(tied[rows], [values.iloc[rows]])]
    if not len(rows):
        return None
    mask = np.zeros(group.size, dtype=bool)
    mask[tied[rows]] = True
    words = values.iloc[rows].map(printed).groupby(tied[rows]).agg(" / ".join)
    return Issue(TIED, mask, values={str(of): words.reindex(range(group.size)).fillna("").astype("str")})


TIED = "several records are equal in order and differ in the value that is taken; the sequence of the records decides (add to order what decides)"


def _with(result: Derived, issue: Issue | None) -> Derived:
    return result if issue is None else replace(result, issues=(*result.issues, issue))


def _ties(view: View, program: ResolvedFormula) -> list[pd.Series]:
    """What breaks a tie that an order list leaves: the key of the dataset, or --SEQ of the domain."""
    study = view.data.catalogue.study
    dataset = study.datasets.get(view.owner)
    names = [name for name in dataset.key if name != program.variable.name] if dataset else [f"{view.owner[:2]}SEQ"]
    known = [name for name in names if all(has(view, code, name) for code in view.codes)]
    return [view.own(name) for name in known]


def has(view: View, code: str, name: str) -> bool:
    """Whether a variable is worked out, or was collected, on a part."""
    table = view.data.tables[view.owner, code]
    return name in table.columns or name in table.collected


def _along(program: ResolvedFormula, view: View, evaluation: Evaluation) -> Derived:
    within = [evaluation.series(evaluation.records.column(name)) for name in program.within or ()]
    fits = _where(program, view, view, evaluation)
    group = groups([view.subject, *within_codes(within)], fits)
    extra: dict[str, Any] = {"group": group}
    with evaluation.reaching(fits):
        result = _called(program, _columns(program, evaluation, lambda keys: _order(evaluation, keys, _ties(view, program))), extra)
    return replace(result, tied=_tied(program, evaluation, group))


def _records(program: ResolvedFormula, view: View, evaluation: Evaluation) -> Derived:
    if program.within:
        return _inside(program, view, evaluation)
    each = {path: owner for path, owner in program.looked.items() if path}
    if each:
        return _each(program, view, each)
    looked = JoinedRecords(view, program.looked[()], program.refs)
    inner = Evaluation(looked)
    fits = _where(program, view, looked, inner)
    group = Group(np.where(fits, looked.group, -1), looked.size)
    ties = _source_ties(looked)
    with inner.reaching(fits):
        result = _called(program, _columns(program, inner, lambda keys: _order(inner, keys, ties)), {"group": group})
    result = _with(result, _open(program, inner, group))
    result = replace(result, issues=tuple(_shown(issue, program, inner, group) for issue in result.issues))
    return _spread(result, looked.unit, view, inner.issues, looked)


def _shown(issue: Issue, program: ResolvedFormula, inner: Evaluation, group: Group) -> Issue:
    """An issue of groups with the values of `of` on the records of the first groups concerned."""
    of = getattr(program.arguments, "of", None)
    if not isinstance(of, Expr) or issue.values or not issue.mask.any():
        return issue
    column, shown = inner.column(of), np.full(group.size, "", dtype=object)
    for number in np.flatnonzero(issue.mask)[:SHOWN]:
        shown[number] = ", ".join(dict.fromkeys(printed(value) for value in column[group.number == number].tolist()))
    return replace(issue, values={str(of): pd.Series(shown, dtype="str")})


def _source_ties(looked: JoinedRecords) -> list[pd.Series]:
    """--SEQ of the domain that is looked at, where it was read."""
    if looked.parameter or looked.owner == SUBJECTS:
        return []
    name = f"{looked.owner[:2]}SEQ"
    table = looked.asking.data.tables[looked.owner, ""]
    return [taken(table.collected[name], looked.seen)] if name in table.collected else []


def _inside(program: ResolvedFormula, view: View, evaluation: Evaluation) -> Derived:
    """Over the records of this dataset that share the values of `within`."""
    within = [evaluation.series(evaluation.records.column(name)) for name in program.within or ()]
    everyone = groups([view.subject, *within_codes(within)], np.ones(len(view), dtype=bool))
    fits = _where(program, view, view, evaluation)
    group = Group(np.where(fits, everyone.number, -1), everyone.size)
    with evaluation.reaching(fits):
        result = _called(program, _columns(program, evaluation, lambda keys: _order(evaluation, keys, _ties(view, program))), {"group": group})
    result = _with(result, _open(program, evaluation, group))
    result = replace(result, issues=tuple(_shown(issue, program, evaluation, group) for issue in result.issues))
    return _spread(result, everyone.number, view, [], None)


def _each(program: ResolvedFormula, view: View, each: dict[Path, str]) -> Derived:
    """Over several sources, each column on its own records with its own groups."""

    def column(path: Path, value: Any) -> Any:  # noqa: ANN401
        if path not in each:
            return Evaluation(view).column(value, program.kind)
        looked = JoinedRecords(view, each[path], program.refs)
        inner = Evaluation(looked)
        found = inner.column(value)
        warned.extend(_spread(Derived(found), looked.unit, view, inner.issues, looked, only_issues=True).issues)
        units.append(looked.unit)
        return found, Group(looked.group, looked.size)

    units: list[np.ndarray] = []
    warned: list[Issue] = []
    result = _called(program, column, {})
    spread = _spread(result, units[0], view, [], None)
    return replace(spread, issues=(*spread.issues, *warned))


def _spread(
    result: Derived, unit: np.ndarray, view: View, met: list[EvaluationIssue], looked: JoinedRecords | None, *, only_issues: bool = False
) -> Derived:
    """One value per group back to the records that asked; issues go with them, shown with the first value of each group."""
    issues = []
    for issue in result.issues:
        values = {name: taken(column, unit) for name, column in issue.values.items()}
        issues.append(replace(issue, mask=np.where(unit >= 0, issue.mask[unit], False), values=values))
    for each in met if looked is not None else []:
        assert looked is not None
        first = np.full(looked.size, -1)
        rows = np.flatnonzero(each.mask & (looked.group >= 0))[::-1]
        first[looked.group[rows]] = rows
        place = first[unit]
        issues.append(Issue(each.text, place >= 0, Action.WARN, {name: taken(column, place) for name, column in each.values.items()}))
    return Derived(result.column if only_issues else taken(result.column, unit), tuple(issues))


WAYS: dict[Reach, Callable[[ResolvedFormula, View, Evaluation], Derived]] = {
    Reach.RECORD: _record,
    Reach.ALONG: _along,
    Reach.RECORDS: _records,
}
