"""The results of a study: each number computed from the finished datasets, and whether it reproduces the published one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

import numpy as np
import pandas as pd

from adam.core.decimals import group_means, significant
from adam.core.decimals import over as divide
from adam.core.kinds import ValueKind, is_missing
from adam.core.stored import StoredRecords
from adam.expressions.evaluate import Evaluation
from adam.expressions.tree import Both, Expr, Name, Node
from adam.planning.values import TOTAL, ResolvedStudy, Result

Selections = dict[tuple[str, Expr | None], pd.DataFrame]
"""The records of a dataset that match a condition."""


@dataclass(frozen=True)
class ResultValue:
    """One number of a result.

    Args:
        result: the result it belongs to.
        group: its group; `TOTAL` for all records.
        value: the number; NaN if it cannot be computed.
        records: the number of records it is computed from; for a percentage the numerator.
        among: the denominator of a percentage; None for other numbers.
        published: the published number as it was written, or blank.
        over: the place on a curve, or blank.
    """

    result: Result
    group: str
    value: float
    records: int
    among: int | None = None
    published: str = ""
    over: str = ""

    @property
    def shown(self) -> str:
        """The number with the decimals of the published one; without one, counts have no decimals and other numbers have one."""
        if np.isnan(self.value):
            return ""
        if not self.published and self.result.value.name == "count":
            return str(int(self.value))
        exponent = Decimal(self.published).as_tuple().exponent if self.published else -1
        return str(Decimal(repr(round(self.value, 9))).quantize(Decimal(1).scaleb(int(exponent)), ROUND_HALF_UP))

    @property
    def agrees(self) -> bool | None:
        """Whether it equals the published number, to the published decimals; None if no number was published."""
        return self.shown == self.published if self.published else None


def compute_results(study: ResolvedStudy, datasets: Mapping[str, StoredRecords]) -> list[ResultValue]:
    """Every result of a study, except those of datasets that are not in the run.

    Only the selected records of the results are in memory, with the variables that they read.

    Args:
        study: the study with its results.
        datasets: the records of the finished datasets; missing text is blank, missing numbers and dates are missing values.
    """
    results = [each for each in study.results.values() if {each.dataset} | ({each.of.dataset} if each.of else set()) <= set(datasets)]
    selections = _selections(results, study, datasets)
    return [value for result in results for value in _compute(result, study, selections)]


class _Records:
    """A finished dataset as expressions read it."""

    def __init__(self, frame: pd.DataFrame, study: ResolvedStudy) -> None:
        self.frame, self.study = frame, study

    @property
    def index(self) -> pd.Index:
        return self.frame.index

    def column(self, name: Name) -> pd.Series | float | str:
        value = self.study.constants[name.last] if name.owner == "STUDY" else None
        return self.frame[str(name)] if value is None else value

    def values(self, name: Name) -> tuple[float | str, ...] | None:
        constant = self.study.constants.get(name.last)
        return constant if isinstance(constant, tuple) else None

    def terms(self, name: Name | None) -> None:
        return None


def _variables(expr: Expr | None, records: StoredRecords) -> list[str]:
    """The variables of a dataset that an expression reads."""
    return [str(name) for name in expr.names if str(name) in records.columns] if expr is not None else []


def _selections(results: Sequence[Result], study: ResolvedStudy, datasets: Mapping[str, StoredRecords]) -> Selections:
    """The records of each dataset and condition of the results, with the variables that the results read. Each part is read once."""
    wanted: dict[str, dict[Expr | None, list[str]]] = {}
    for result in results:
        read = [result.by, result.over, *_variables(result.value.of, datasets[result.dataset])]
        wanted.setdefault(result.dataset, {}).setdefault(result.where, []).extend(read)
        if result.of:
            wanted.setdefault(result.of.dataset, {}).setdefault(result.of.where, []).append(result.by)
    found: Selections = {}
    for name, conditions in wanted.items():
        records = datasets[name]
        kept = {where: [each for each in dict.fromkeys(names) if each in records.columns] for where, names in conditions.items()}
        columns = [each for where, names in kept.items() for each in (*names, *_variables(where, records))]
        pieces = [_selected(part, kept, study) for part in records.parts(columns)]
        for where, own in zip(kept, zip(*pieces, strict=True), strict=True):
            found[name, where] = own[0] if len(own) == 1 else pd.concat(own, ignore_index=True)
    return found


def _selected(frame: pd.DataFrame, wanted: Mapping[Expr | None, Sequence[str]], study: ResolvedStudy) -> list[pd.DataFrame]:
    """Some columns of the records that match each condition."""
    conditions, found = _Conditions(Evaluation(_Records(frame, study))), []
    for where, names in wanted.items():
        if where is None:
            found.append(frame[list(names)])
            continue
        rows = np.flatnonzero(conditions.true(where.root))
        found.append(pd.DataFrame({name: frame[name].array.take(rows) for name in names}, index=pd.RangeIndex(len(rows)), copy=False))
    return found


class _Conditions:
    """Where conditions are true. What several of them have in common is evaluated once."""

    def __init__(self, evaluation: Evaluation) -> None:
        self.evaluation, self.known = evaluation, dict[Node, np.ndarray]()

    def true(self, node: Node) -> np.ndarray:
        """Where a condition is true. Conditions joined by `and` are, where each of them is."""
        if isinstance(node, Both) and node.op == "and":
            return np.logical_and.reduce([self.true(each) for each in node.values])
        if node not in self.known:
            self.known[node] = self.evaluation.truth(node)[0]
        return self.known[node]


def _compute(result: Result, study: ResolvedStudy, selections: Selections) -> list[ResultValue]:
    records = selections[result.dataset, result.where]
    groups = result_groups(result, study, records)
    among = _denominators(result, selections, groups)
    published = _published_by_group(result, groups)
    measured = _measured(result, records, study)
    cells: list[_Cell] = []
    for group, rows in _rows_of_groups(records, result.by, groups).items():
        if not result.over:
            cells.append(_Cell(group, rows, among.get(group), published.get(group, "")))
            continue
        for place, at_place in _rows_of_places(records[result.over], rows):
            over = f"{place:.15g}" if isinstance(place, float) else str(place)
            cells.append(_Cell(group, at_place, among.get(group), over=over))
    return _values(result, measured, cells)


def _denominators(result: Result, selections: Selections, groups: list[str]) -> dict[str, int]:
    """The number of records of each group among which a percentage is; none if these are the records themselves."""
    if not result.of:
        return {}
    among = selections[result.of.dataset, result.of.where]
    by = result.by if result.by in among else ""
    return {group: len(rows) for group, rows in _rows_of_groups(among, by, groups).items()}


def _published_by_group(result: Result, groups: list[str]) -> dict[str, str]:
    """The published number of each group; a list is in the order of the groups, and one more number is the total."""
    listed = [number for group, number in result.published.items() if group.startswith("#")]
    return dict(zip(groups, listed, strict=False)) if listed else dict(result.published)


def result_groups(result: Result, study: ResolvedStudy, records: pd.DataFrame) -> list[str]:
    """The groups of a result in the order of the codelist of `by`, or sorted, then the total; only the total without `by`."""
    if not result.by:
        return [TOTAL]
    variable = study.datasets[result.dataset].variables[result.by]
    codelist = study.codelists.get(variable.codelist)
    column = records[result.by]
    present = [name for name in _group_names(pd.Series(column.unique()).sort_values()) if name]
    if codelist is not None and codelist.numbers:
        ordered = sorted(codelist.numbers, key=lambda term: codelist.numbers[term])
        listed = any(group.startswith("#") for group in result.published)  # numbers by position need every group, also an empty one
        numbered = [term for term in ordered if listed or term in present or term in result.published]
        present = [*numbered, *(group for group in present if group not in codelist.numbers)]
    else:
        present += [group for group in result.published if group[0] != "#" and group not in (TOTAL, *present)]
    return [*present, TOTAL]


def _group_names(column: pd.Series) -> pd.Series:
    """Values as names of groups: text as it is, 2.0 as 2, blank for missing."""
    return (
        column if column.dtype == "str" else column.map(lambda value: f"{value:.15g}", na_action="ignore").astype("object").fillna("").astype("str")
    )


def _rows_of_groups(records: pd.DataFrame, by: str, groups: list[str]) -> dict[str, np.ndarray]:
    """The places of the records of each group; all of them for the total, and without `by`."""
    every = np.arange(len(records))
    if not by:
        return dict.fromkeys(groups, every)
    codes, values = pd.factorize(records[by])
    names = _group_names(pd.Series(values)).to_numpy()
    return {group: every if group == TOTAL else np.flatnonzero(np.append(names == group, False)[codes]) for group in groups}


def _rows_of_places(column: pd.Series, rows: np.ndarray) -> list[tuple[float | str, np.ndarray]]:
    """Each place of a curve in order, with the records of some at it."""
    codes, values = pd.factorize(column.iloc[rows])
    places = pd.Series(values)
    known = places[~is_missing(places).to_numpy()]
    return [(place, rows[codes == code]) for place, code in sorted(zip(known.tolist(), known.index, strict=True))]


def _measured(result: Result, records: pd.DataFrame, study: ResolvedStudy) -> np.ndarray | None:
    """What a result measures of each record: the number, or whether the condition of a percentage is true; None if it counts records."""
    measure = result.value
    if measure.name == "count" or measure.of is None:
        return None
    evaluation = Evaluation(_Records(records, study))
    if measure.name == "percent":
        return evaluation.holds(measure.of)
    return evaluation.column(measure.of, ValueKind.NUMBER).to_numpy(dtype="float64", na_value=np.nan)


class _Cell(NamedTuple):
    """A number to compute: its group, the places of its records, the denominator of a percentage if it is not their number, and what it is for."""

    group: str
    rows: np.ndarray
    among: int | None = None
    published: str = ""
    over: str = ""


def _values(result: Result, measured: np.ndarray | None, cells: Sequence[_Cell]) -> list[ResultValue]:
    """The numbers of a result, all at once.

    Args:
        result: the result.
        measured: what is measured of each selected record.
        cells: the numbers to compute.
    """
    name, sizes = result.value.name, [len(each.rows) for each in cells]
    among: list[int | None] = [None] * len(cells)
    if not cells:
        return []
    if name == "count":
        return [ResultValue(result, each.group, float(size), size, None, each.published, each.over) for each, size in zip(cells, sizes, strict=True)]
    if name == "percent":
        counts = sizes if measured is None else [int(measured[each.rows].sum()) for each in cells]
        among = [size if each.among is None else each.among for each, size in zip(cells, sizes, strict=True)]
        numbers = divide(100.0 * np.array(counts, dtype="float64"), np.array(among, dtype="float64"))
    else:
        assert measured is not None, "the model requires a variable"
        columns = [pd.Series(measured[each.rows]).dropna() for each in cells]
        counts = [len(each) for each in columns]
        numbers = significant(_statistics(name, columns))
    found = zip(cells, numbers.tolist(), counts, among, strict=True)
    return [ResultValue(result, each.group, number, count, whole, each.published, each.over) for each, number, count, whole in found]


def _statistics(name: str, columns: Sequence[pd.Series]) -> np.ndarray:
    """The mean of each column, or another statistic, without missing values."""
    if name == "mean":
        numbers = np.repeat(np.arange(len(columns)), [len(each) for each in columns])
        return group_means(np.concatenate([each.to_numpy() for each in columns]), numbers, len(columns))
    of_column = {"sd": pd.Series.std, "median": pd.Series.median, "min": pd.Series.min, "max": pd.Series.max}[name]
    return np.array([of_column(each) for each in columns], dtype="float64")
