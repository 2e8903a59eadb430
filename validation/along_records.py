"""Derivations that read several records, evaluated on finished datasets: flags of the first or last record, values of a group or of a source."""

from __future__ import annotations

from copy import copy

import numpy as np
import pandas as pd

from adam.catalog.contract import Selection
from adam.catalog.derivation import Reach
from adam.core.kinds import ValueKind, is_missing, missing_column
from adam.expressions.evaluate import Evaluation
from adam.expressions.tree import Expr, Name
from adam.planning.values import ResolvedVariable, Value
from adam.planning.values.contracts import ResolvedDerivation
from validation.argument_types import OrderKey
from validation.checks.subject_records import chosen, flagged, grouped, ranks
from validation.evaluable import evaluable
from validation.formulas import Evaluated, Names, Reads
from validation.matching import positions, taken
from validation.records import SUBJECT, Records, SourceRecords
from validation.scope import Scope

OVER_VALUES = (Selection.SINGLE, Selection.LOWEST, Selection.HIGHEST, Selection.SUM, Selection.EXISTS)
"""What is evaluated over a group; the first or last record of a group only as a flag."""


class Selecting:
    """A derivation that selects a value or a record of a group, with its arguments."""

    def __init__(self, derivation: ResolvedDerivation) -> None:
        self.selection, self.is_flag = derivation.selection, derivation.reach is Reach.ALONG
        self.of, self.where = derivation.of, derivation.where
        self.within = [str(expr) for expr in derivation.within] if derivation.within or self.is_flag else None
        self.order = tuple(OrderKey(str(key.value), key.descending, key.missing_last) for key in derivation.order)
        self.keys = [*derivation.within, *(key.value for key in derivation.order)]

    @property
    def bare(self) -> set[str]:
        """The variables that `within` and `order` name."""
        return {str(expr) for expr in self.keys if expr.bare is not None}

    @property
    def computed(self) -> list[Expr]:
        """The expressions in `within` and `order` that are not only a name."""
        return [expr for expr in self.keys if expr.bare is None]

    @property
    def expressions(self) -> list[Expr]:
        """What it evaluates."""
        return [*(each for each in (self.of, self.where) if each is not None), *self.computed]

    def on(self, records: Records, names: Names) -> Records:
        """The records with a column for each expression that `within` and `order` compute."""
        columns = {str(expr): names.of(expr).set_axis(records.frame.index) for expr in self.computed}
        if not columns:
            return records
        extended = copy(records)
        extended.memo = {}
        extended.frame = records.frame.assign(**columns)
        return extended

    @property
    def names(self) -> list[Name]:
        """The names in its expressions, except constants."""
        return [name for expr in self.expressions for name in expr.names if name.owner != "STUDY"]

    @property
    def domain(self) -> str:
        """The one domain that all names are of; nothing if there are more, or something else."""
        owners = {name.owner if len(name.parts) == 2 else "" for name in self.names}
        return owners.pop() if len(owners) == 1 else ""


def selecting(variable: ResolvedVariable) -> Selecting | None:
    """Return how a formula selects a value or a record of a group; None if it does not, or not in a way that is evaluated here."""
    derivation = variable.derivation
    if derivation is None or derivation.selection is None:
        return None
    return Selecting(derivation) if derivation.reach is Reach.ALONG or derivation.selection in OVER_VALUES else None


def selects(variable: ResolvedVariable) -> bool:
    """Return whether a formula reads several records."""
    return variable.derivation is not None and variable.derivation.selection is not None


def reads_along(scope: Scope, variable: ResolvedVariable) -> Reads | None:
    """Return what a derivation of several records reads, if it can be evaluated; None if it cannot."""
    found = selecting(variable)
    if found is None or variable.where is not None:
        return None
    model = scope.study.datasets.get(scope.dataset.name, scope.dataset)
    by_name = {name for name in found.within or () if name in found.bare}
    if not by_name <= set(model.variables):
        return None
    if found.is_flag:
        named = found.bare | set(scope.dataset.key)
        return _of_records(scope, variable, found) if named <= set(model.variables) else None
    return _of_records(scope, variable, found) if found.within is not None else _of_domain(scope, found)


def _of_records(scope: Scope, variable: ResolvedVariable, found: Selecting) -> Reads | None:
    """What the expressions read on the records of the dataset."""
    reads: Reads = []
    for expr in found.expressions:
        each = evaluable(scope, ResolvedVariable(name=variable.name, formula=Value(expr)))
        if each is None:
            return None
        reads += each
    return reads


def _of_domain(scope: Scope, found: Selecting) -> Reads | None:
    """What the expressions read of a domain, as it was collected."""
    domain, headers = found.domain, scope.headers
    use = scope.study.sources.get(domain)
    if domain in ("", "SRC") or domain in scope.study.datasets or headers is None or domain not in headers or (use is not None and use.where):
        return None
    names = [name.last for name in found.names]
    if not set(names) <= set(headers[domain]) or (use is not None and set(names) & set(use.variables)):
        return None
    return [(domain, name) for name in names]


def along(records: Records, variable: ResolvedVariable) -> Evaluated | np.ndarray:
    """Return what a derivation of several records gives; for a flag the records that fail."""
    found = selecting(variable)
    assert found is not None, "only what is evaluated here"
    names = Names(records, variable)
    if found.is_flag:
        return _flags(records, names, found)
    if found.within is None:
        return _of_source(records, found)
    group = grouped(found.on(records, names), found.within)
    selected = names.holds(found.where) if found.where is not None else np.ones(len(group), dtype=bool)
    values = names.of(found.of) if found.of is not None else None
    each = summary(found.selection, values, group, selected, int(group.max(initial=-1)) + 1)
    return Evaluated(taken(each.column, group), each.known[group])


def _flags(records: Records, names: Names, found: Selecting) -> np.ndarray:
    """The records whose flag is not that of the first (or last) of its group; the key decides between records that the order leaves equal."""
    records = found.on(records, names)
    group = grouped(records, found.within or [])
    candidates = np.flatnonzero(names.holds(found.where)) if found.where is not None else np.arange(len(group))
    rank = ranks(records.frame, (*found.order, *(OrderKey(name) for name in records.dataset.key)), candidates)
    rank = rank.max(initial=0) - rank if found.selection is Selection.LAST else rank
    return chosen(flagged(records, names.variable.name), group, candidates, rank)


def _of_source(records: Records, found: Selecting) -> Evaluated:
    source = SourceRecords(records.study, found.domain, records.source(found.domain).reset_index(drop=True))
    subjects = source.frame[SUBJECT].drop_duplicates().reset_index(drop=True)
    group = positions(subjects, source.frame[SUBJECT])
    selected = Evaluation(source).holds(found.where) if found.where is not None else np.ones(len(group), dtype=bool)
    values = Evaluation(source).column(found.of) if found.of is not None else None
    each = summary(found.selection, values, group, selected, len(subjects))
    rows = positions(subjects, records.frame[SUBJECT])
    known = np.where(rows >= 0, each.known[rows] if len(subjects) else True, True).astype(bool)
    return Evaluated(taken(each.column, rows), known)


def summary(selection: Selection | None, values: pd.Series | None, group: np.ndarray, selected: np.ndarray, size: int) -> Evaluated:
    """Return the value of each group: that of its one record, the lowest, the highest, the sum, or whether it has a selected record.

    A group with several records where one is expected is unknown; the derivation reports it.
    """
    known = np.ones(size, dtype=bool)
    if selection is Selection.EXISTS or values is None:
        found = np.zeros(size, dtype=bool)
        found[group[selected]] = True
        return Evaluated(pd.Series(np.where(found, "Y", ""), dtype="str"), known)
    single = selection is Selection.SINGLE
    if single:
        known = np.bincount(group[selected], minlength=size) <= 1
    mine = selected if single else selected & ~is_missing(values).to_numpy(dtype=bool)
    by = values[mine].groupby(group[mine])
    column = by.first() if single else by.sum() if selection is Selection.SUM else by.max() if selection is Selection.HIGHEST else by.min()
    empty = missing_column(ValueKind.TEXT if values.dtype == "str" else ValueKind.NUMBER, pd.RangeIndex(size)).astype(values.dtype)
    empty.iloc[column.index.to_numpy()] = column.to_numpy()
    return Evaluated(empty, known)
