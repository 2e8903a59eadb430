"""One variable on one set of records: an expression, or a derivation given its columns, groups and order."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from adam.build.ordering import groups, ranks, within_codes
from adam.build.tables import cast, taken
from adam.build.view import Looked, View
from adam.derive.registry import DERIVATIONS, Action, Derived, Group, Issue, Looks, OrderKey
from adam.expr.evaluate import Evaluation, Records
from adam.expr.kinds import Kind, nothing, true
from adam.expr.tree import Expr
from adam.plan.arguments import expressions, filled
from adam.plan.names import SUBJECTS
from adam.plan.programs import Program

Path = tuple[str | int, ...]


def compute(program: Program, view: View) -> Derived:
    """The column of a program on the records of a view, with the issues met; masks are on those records."""
    if program.special == "blank":
        return Derived(nothing(program.kind, view.index))
    evaluation = Evaluation(view)
    way = WAYS[program.looks] if program.expr is None else _expression
    result = way(program, view, evaluation)
    column, issues = cast(result.column, program.kind), list(result.issues)
    if program.where is not None:
        fits = true(evaluation.column(program.where, Kind.CONDITION)).to_numpy()
        column = column.where(fits, nothing(program.kind, view.index))
        issues = [Issue(issue.text, issue.mask & fits, issue.action) for issue in issues]
    issues += [Issue(text, mask) for text, mask in evaluation.issues if len(mask) == len(view)]
    return Derived(column, tuple(issue for issue in issues if issue.mask.any()))


def _expression(program: Program, view: View, evaluation: Evaluation) -> Derived:
    assert program.expr is not None
    return Derived(evaluation.column(program.expr, program.kind))


def _called(program: Program, column: Callable[[Path, Any], Any], extra: dict[str, Any]) -> Derived:
    """Call the derivation with its arguments filled in."""
    arguments = program.arguments
    assert arguments is not None
    known = DERIVATIONS[program.derivation]
    wanted = set(inspect.signature(known.function).parameters)
    result = known.function(**filled(arguments, column, wanted - set(extra)), **extra)
    return result if isinstance(result, Derived) else Derived(result)


def _columns(program: Program, evaluation: Evaluation, order: Callable[[Any], Any]) -> Callable[[Path, Any], Any]:
    """How the expressions of the arguments become columns: by their role."""
    assert program.arguments is not None
    roles = {argument.path: argument.role for argument in expressions(program.arguments)}

    def column(path: Path, value: Any) -> Any:  # noqa: ANN401
        if isinstance(value, tuple):
            return order(value)
        if path in program.families:
            return {period: evaluation.records.column(name) for period, name in program.families[path].items()}
        role = roles[path]
        wanted = role if isinstance(role, Kind) and role is not Kind.ANY else program.kind
        return cast(evaluation.column(value, wanted), wanted) if role is not Kind.ANY else evaluation.column(value, wanted)

    return column


def _record(program: Program, view: View, evaluation: Evaluation) -> Derived:
    return _called(program, _columns(program, evaluation, lambda keys: None), {})


def _where(program: Program, records: Records, evaluation: Evaluation) -> np.ndarray:
    """The records a summary or along derivation looks at."""
    condition: Expr | None = getattr(program.arguments, "where", None)
    if condition is None or "where" in DERIVATIONS[program.derivation].function.__annotations__:
        return np.ones(len(records.index), dtype=bool)
    return true(evaluation.column(condition, Kind.CONDITION)).to_numpy()


def _order(evaluation: Evaluation, keys: tuple[OrderKey, ...], ties: list[pd.Series]) -> np.ndarray:
    columns = [(evaluation.series(evaluation.node(key.name.root)), key.descending) for key in keys]
    return ranks([*columns, *((tie, False) for tie in ties)])


def _ties(view: View, program: Program) -> list[pd.Series]:
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


def _along(program: Program, view: View, evaluation: Evaluation) -> Derived:
    within = [evaluation.series(evaluation.records.column(name)) for name in program.within or ()]
    group = groups([view.subject, *within_codes(within)], _where(program, view, evaluation))
    extra: dict[str, Any] = {"group": group}
    return _called(program, _columns(program, evaluation, lambda keys: _order(evaluation, keys, _ties(view, program))), extra)


def _records(program: Program, view: View, evaluation: Evaluation) -> Derived:
    if program.within:
        return _inside(program, view, evaluation)
    each = {path: owner for path, owner in program.looked.items() if path}
    if each:
        return _each(program, view, each)
    looked = Looked(view, program.looked[()], program.refs)
    inner = Evaluation(looked)
    fits = _where(program, looked, inner)
    group = Group(np.where(fits, looked.group, -1), looked.size)
    ties = _source_ties(looked)
    result = _called(program, _columns(program, inner, lambda keys: _order(inner, keys, ties)), {"group": group})
    warned = [(text, mask & fits) for text, mask in inner.issues if (mask & fits).any()]
    return _spread(result, looked.unit, view, warned, looked)


def _source_ties(looked: Looked) -> list[pd.Series]:
    """--SEQ of the domain that is looked at, where it was read."""
    if looked.parameter or looked.owner == SUBJECTS:
        return []
    name = f"{looked.owner[:2]}SEQ"
    table = looked.asking.data.tables[looked.owner, ""]
    return [taken(table.collected[name], looked.seen)] if name in table.collected else []


def _inside(program: Program, view: View, evaluation: Evaluation) -> Derived:
    """Over the records of this dataset that share the values of `within`."""
    within = [evaluation.series(evaluation.records.column(name)) for name in program.within or ()]
    everyone = groups([view.subject, *within_codes(within)], np.ones(len(view), dtype=bool))
    fits = _where(program, view, evaluation)
    group = Group(np.where(fits, everyone.number, -1), everyone.size)
    result = _called(program, _columns(program, evaluation, lambda keys: _order(evaluation, keys, _ties(view, program))), {"group": group})
    return _spread(result, everyone.number, view, [], None)


def _each(program: Program, view: View, each: dict[Path, str]) -> Derived:
    """Over several sources, each column on its own records with its own groups."""

    def column(path: Path, value: Any) -> Any:  # noqa: ANN401
        if path not in each:
            return Evaluation(view).column(value, program.kind)
        looked = Looked(view, each[path], program.refs)
        units.append(looked.unit)
        return Evaluation(looked).column(value), Group(looked.group, looked.size)

    units: list[np.ndarray] = []
    result = _called(program, column, {})
    return _spread(result, units[0], view, [], None)


def _spread(result: Derived, unit: np.ndarray, view: View, warned: list[tuple[str, np.ndarray]], looked: Looked | None) -> Derived:
    """One value per group back to the records that asked; issues go with them."""
    column = taken(result.column, unit)
    issues = [Issue(issue.text, np.where(unit >= 0, issue.mask[unit], False), issue.action) for issue in result.issues]
    for text, mask in warned:
        if looked is not None:
            concerned = np.zeros(looked.size, dtype=bool)
            concerned[looked.group[mask]] = True
            issues.append(Issue(text, concerned[unit], Action.WARN))
    return Derived(column, tuple(issues))


WAYS: dict[Looks, Callable[[Program, View, Evaluation], Derived]] = {
    Looks.RECORD: _record,
    Looks.ALONG: _along,
    Looks.RECORDS: _records,
}
