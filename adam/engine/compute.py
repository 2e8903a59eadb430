"""One variable on one set of records: an expression, or a derivation given its columns, groups and order."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from adam.catalog.contract import Path, Selection
from adam.catalog.derivation import Action, Derived, Group, Issue, OrderKey, Reach
from adam.catalog.derivations import DERIVATIONS
from adam.catalog.record_rules.ties import differing
from adam.core.kinds import ValueKind, choose, is_true, missing_column
from adam.core.ordering import placed
from adam.engine.arguments import filled
from adam.engine.branches import Branches
from adam.engine.issues import columns_read, printed, together
from adam.engine.joined_records import JoinedRecords
from adam.engine.notes import first_rows
from adam.engine.ordering import first_of, groups, within_codes
from adam.engine.orders import Orders
from adam.engine.tables import SUBJECT_KEY, cast, taken
from adam.engine.view import View
from adam.expressions.evaluate import Evaluation, EvaluationIssue, Records
from adam.expressions.tree import Expr
from adam.planning.values.formulas import DerivationCall, Formula
from adam.planning.values.record_sets import RecordSet
from adam.planning.values.references import SUBJECTS


def compute(formula: Formula, view: View) -> Derived:
    """The column of a formula on the records of a view, with the issues met; masks are on those records."""
    evaluation = Evaluation(view)
    applies = np.ones(len(view), dtype=bool)
    if formula.where is not None:
        applies = is_true(evaluation.column(formula.where, ValueKind.CONDITION))
    with evaluation.reaching(applies):
        result = (_expression if formula.call is None else WAYS[formula.call.reach])(formula, view, evaluation)
    column = cast(result.column, formula.kind)
    if formula.where is not None:
        _note(formula, view, "where:", formula.where, applies)
        column = choose(applies, column, missing_column(formula.kind, view.index))
    issues = [replace(issue, mask=issue.mask & applies) for issue in result.issues]
    issues += [Issue(met.text, met.mask, values=met.values) for met in evaluation.issues]
    return Derived(column, tuple(together(issues, lambda: columns_read(view, formula.references))), result.tied)


def _note(formula: Formula, view: View, what: str, condition: Expr, applies: np.ndarray) -> None:
    """Gather what a condition selects; `allow_empty: true` of the variable says that it may be nothing."""
    if not formula.allow_empty:
        view.data.matched.note(formula.owner, formula.variable, what, condition, applies, formula.mark)


def _expression(formula: Formula, view: View, evaluation: Evaluation) -> Derived:
    assert formula.expr is not None
    return Derived(evaluation.column(formula.expr, formula.kind))


def _call(formula: Formula) -> DerivationCall:
    assert formula.call is not None, formula.subject
    return formula.call


def _called(formula: Formula, column: Callable[[Path, Any], Any], extra: dict[str, Any]) -> Derived:
    """Call the derivation with its arguments filled in."""
    call = _call(formula)
    function = DERIVATIONS[call.name].function
    result = function(**filled(call.arguments, column, _accepted(function) - set(extra)), **extra)
    return result if isinstance(result, Derived) else Derived(result)


@cache
def _accepted(function: Callable[..., Any]) -> frozenset[str]:
    """The names of the arguments of a derivation."""
    return frozenset(inspect.signature(function).parameters)


def _columns(formula: Formula, evaluation: Evaluation, order: Callable[[Any], Any]) -> Callable[[Path, Any], Any]:
    """How the expressions of the arguments become columns: by their role."""
    call = _call(formula)

    def column(path: Path, value: Any) -> Any:  # noqa: ANN401
        if isinstance(value, tuple):
            return order(value)
        if path in call.families:
            return {period: evaluation.records.column(name) for period, name in call.families[path].items()}
        role = call.roles[path]
        wanted = role if isinstance(role, ValueKind) and role is not ValueKind.ANY else formula.kind
        with evaluation.reaching(branches.reach(path)):
            found = evaluation.column(value, wanted)
        branches.decided(path, found)
        return cast(found, wanted) if role is not ValueKind.ANY else found

    branches = Branches(len(evaluation.records.index))
    return column


def _record(formula: Formula, view: View, evaluation: Evaluation) -> Derived:
    lookup = _call(formula).lookup
    if lookup is not None and not formula.allow_empty:
        values = cast(evaluation.column(lookup.of, ValueKind.TEXT), ValueKind.TEXT)
        view.data.matched.keys(formula.owner, formula.variable, lookup.keys, values, formula.mark)
    return _called(formula, _columns(formula, evaluation, lambda keys: None), {})


def _where(formula: Formula, view: View, records: Records, evaluation: Evaluation) -> np.ndarray:
    """The records a summary or along derivation looks at."""
    call = _call(formula)
    condition: Expr | None = call.arguments.get("where")
    everyone = np.ones(len(records.index), dtype=bool)
    if condition is None:
        return everyone
    if "where" in DERIVATIONS[call.name].function.__annotations__:  # the derivation evaluates it; what it selects is noted all the same
        found = is_true(Evaluation(records).column(condition, ValueKind.CONDITION))
        _note(formula, view, f"where: of {call.name}", condition, found)
        return everyone
    applies = is_true(evaluation.column(condition, ValueKind.CONDITION))
    _note(formula, view, f"where: of {call.name}", condition, applies)
    return applies


def _tied(formula: Formula, orders: Orders, group: Group) -> np.ndarray | None:
    """The group of each record that `order` alone would choose as well as others of its group; None for what does not choose by order."""
    call = _call(formula)
    keys: tuple[OrderKey, ...] = call.arguments.get("order") or ()
    if not keys or call.selection not in (Selection.FIRST, Selection.LAST):
        return None
    ends = first_of(orders.places(keys), group, last=call.selection is Selection.LAST)
    counts = np.bincount(group.number[ends], minlength=group.size)
    several = ends.copy()
    several[ends] = counts[group.number[ends]] > 1
    return np.where(several, group.number, -1) if several.any() else None


def _open(formula: Formula, orders: Orders, group: Group) -> Issue | None:
    """The issue that records which `order` does not tell apart differ in the value that is taken, on the groups."""
    tied = _tied(formula, orders, group)
    of = _call(formula).arguments.get("of")
    if tied is None or of is None:
        return None
    rows = np.flatnonzero(tied >= 0)
    values = Evaluation(orders.evaluation.records).column(of, formula.kind)
    rows = rows[differing(tied[rows], [values.iloc[rows]])]
    if not len(rows):
        return None
    mask = np.zeros(group.size, dtype=bool)
    mask[tied[rows]] = True
    shown = values.iloc[rows].map(printed).groupby(tied[rows]).agg(" / ".join)
    return Issue(TIED, mask, values={str(of): shown.reindex(range(group.size)).fillna("").astype("str")})


TIED = "several records are equal in order and differ in the value that is taken; the sequence of the records decides (add to order what decides)"


def _with(result: Derived, issue: Issue | None) -> Derived:
    return result if issue is None else replace(result, issues=(*result.issues, issue))


def _ties(view: View, formula: Formula, keys: tuple[OrderKey, ...]) -> list[np.ndarray]:
    """What breaks a tie that an order list leaves: the places of the key of the dataset, or of --SEQ of the domain.

    Records of one group have the same subject, and those that are equal in order are equal in the variables that it lists.
    """
    listed = {*SUBJECT_KEY, *(key.value.bare.last for key in keys if key.value.bare is not None and not key.value.bare.owner)}
    return [view.places(name) for name in _call(formula).ties if name not in listed and all(part.has(name) for part in view.parts)]


def _along(formula: Formula, view: View, evaluation: Evaluation) -> Derived:
    within = [evaluation.column(expr) for expr in _call(formula).within]
    applies = _where(formula, view, view, evaluation)
    group = groups([view.subject, *within_codes(within)], applies)
    orders = Orders(evaluation)
    with evaluation.reaching(applies):
        columns = _columns(formula, evaluation, lambda keys: orders.ranks(keys, _ties(view, formula, keys)))
        result = _called(formula, columns, {"group": group})
    return replace(result, tied=_tied(formula, orders, group))


def _records(formula: Formula, view: View, evaluation: Evaluation) -> Derived:
    call = _call(formula)
    if call.within:
        return _inside(formula, view, evaluation)
    each = {path: sets for path, sets in call.joined.items() if path}
    if each:
        return _each(formula, view, each)
    joined = JoinedRecords(view, call.joined[()], formula.references)
    inner = Evaluation(joined)
    applies = _where(formula, view, joined, inner)
    group = Group(np.where(applies, joined.group, -1), joined.size)
    orders, ties = Orders(inner), _source_ties(joined)
    with inner.reaching(applies):
        result = _called(formula, _columns(formula, inner, lambda keys: orders.ranks(keys, ties)), {"group": group})
    result = _with(result, _open(formula, orders, group))
    result = replace(result, issues=tuple(_shown(issue, formula, (inner, group), joined.unit, view, evaluation.reach) for issue in result.issues))
    return _spread(result, joined.unit, view, inner.issues, joined)


def _shown(issue: Issue, formula: Formula, read: tuple[Evaluation, Group], unit: np.ndarray, view: View, reach: np.ndarray | None) -> Issue:
    """An issue of groups with the values of `of` on the records of the groups that a finding shows: those of the first records of the view."""
    of = _call(formula).arguments.get("of")
    if not isinstance(of, Expr) or issue.values or not issue.mask.any():
        return issue
    inner, group = read
    column, shown = inner.column(of), np.full(group.size, "", dtype=object)
    concerned = issue.mask[unit] if reach is None else issue.mask[unit] & reach
    for number in np.unique(unit[first_rows(concerned, view.subject)]):
        shown[number] = ", ".join(dict.fromkeys(printed(value) for value in column[group.number == number].tolist()))
    return replace(issue, values={str(of): pd.Series(shown, dtype="str")})


def _source_ties(joined: JoinedRecords) -> list[np.ndarray]:
    """--SEQ of the domain whose records are joined, where it was read."""
    (first, *_) = joined.sets
    if first.parameter or first.dataset == SUBJECTS:
        return []
    name, table = f"{first.dataset[:2]}SEQ", joined.view.data.tables[first]
    return [placed(taken(table.collected[name], joined.read))] if name in table.collected else []


def _inside(formula: Formula, view: View, evaluation: Evaluation) -> Derived:
    """Over the records of this dataset that share the values of `within`."""
    within = [evaluation.column(expr) for expr in _call(formula).within]
    everyone = groups([view.subject, *within_codes(within)], np.ones(len(view), dtype=bool))
    applies = _where(formula, view, view, evaluation)
    group = Group(np.where(applies, everyone.number, -1), everyone.size)
    orders = Orders(evaluation)
    with evaluation.reaching(applies):
        columns = _columns(formula, evaluation, lambda keys: orders.ranks(keys, _ties(view, formula, keys)))
        result = _called(formula, columns, {"group": group})
    result = _with(result, _open(formula, orders, group))
    result = replace(
        result, issues=tuple(_shown(issue, formula, (evaluation, group), everyone.number, view, evaluation.reach) for issue in result.issues)
    )
    return _spread(result, everyone.number, view, [], None)


def _each(formula: Formula, view: View, each: dict[Path, tuple[RecordSet, ...]]) -> Derived:
    """Over several sources, each column on its own records with its own groups."""

    def column(path: Path, value: Any) -> Any:  # noqa: ANN401
        if path not in each:
            first = np.zeros(units[0].max(initial=-1) + 1, dtype="int64")
            first[units[0][::-1]] = np.arange(len(view))[::-1]
            return taken(Evaluation(view).column(value, formula.kind), first)  # one value for each group
        joined = JoinedRecords(view, each[path], formula.references)
        inner = Evaluation(joined)
        found = inner.column(value)
        warned.extend(_spread(Derived(found), joined.unit, view, inner.issues, joined, only_issues=True).issues)
        units.append(joined.unit)
        return found, Group(joined.group, joined.size)

    units: list[np.ndarray] = []
    warned: list[Issue] = []
    result = _called(formula, column, {})
    spread = _spread(result, units[0], view, [], None)
    return replace(spread, issues=(*spread.issues, *warned))


def _spread(
    result: Derived, unit: np.ndarray, view: View, met: list[EvaluationIssue], joined: JoinedRecords | None, *, only_issues: bool = False
) -> Derived:
    """One value per group back to the records that asked; issues go with them, shown with the first value of each group."""
    issues = []
    for issue in result.issues:
        values = {name: taken(column, unit) for name, column in issue.values.items()}
        issues.append(replace(issue, mask=np.where(unit >= 0, issue.mask[unit], False), values=values))
    for each in met if joined is not None else []:
        assert joined is not None
        first = np.full(joined.size, -1)
        rows = np.flatnonzero(each.mask & (joined.group >= 0))[::-1]
        first[joined.group[rows]] = rows
        place = first[unit]
        issues.append(Issue(each.text, place >= 0, Action.WARN, {name: taken(column, place) for name, column in each.values.items()}))
    return Derived(result.column if only_issues else taken(result.column, unit), tuple(issues))


WAYS: dict[Reach, Callable[[Formula, View, Evaluation], Derived]] = {
    Reach.RECORD: _record,
    Reach.ALONG: _along,
    Reach.RECORDS: _records,
}
