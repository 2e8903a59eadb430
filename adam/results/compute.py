"""The results of a study: each number computed from the finished datasets, and whether it reproduces the published one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pandas as pd

from adam.core.decimals import group_means, significant
from adam.core.decimals import over as divide
from adam.core.kinds import ValueKind, is_missing, is_true, true
from adam.core.stored import StoredRecords
from adam.expressions.evaluate import Evaluation
from adam.expressions.tree import Expr, Name
from adam.planning.values import TOTAL, ResolvedStudy, Result


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

    Only the selected records of a result are in memory, with the variables that it reads.

    Args:
        study: the study with its results.
        datasets: the records of the finished datasets; missing text is blank, missing numbers and dates are missing values.
    """
    values: list[ResultValue] = []
    for result in study.results.values():
        used = {result.dataset} | ({result.of.dataset} if result.of else set())
        if used <= set(datasets):
            values += _compute(result, study, datasets)
    return values


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


def _select(records: StoredRecords, names: Iterable[str], where: Expr | None, study: ResolvedStudy) -> pd.DataFrame:
    """The selected records with some variables, gathered from one part after another."""
    kept = list(dict.fromkeys(name for name in names if name in records.columns))
    pieces = [_selected(part, where, study)[kept] for part in records.parts([*kept, *_variables(where, records)])]
    return pieces[0] if len(pieces) == 1 else pd.concat(pieces, ignore_index=True)


def _selected(frame: pd.DataFrame, where: Expr | None, study: ResolvedStudy) -> pd.DataFrame:
    if where is None:
        return frame
    return frame[is_true(Evaluation(_Records(frame, study)).column(where, ValueKind.CONDITION))]


def _compute(result: Result, study: ResolvedStudy, datasets: Mapping[str, StoredRecords]) -> Iterator[ResultValue]:
    held = datasets[result.dataset]
    records = _select(held, [result.by, result.over, *_variables(result.value.of, held)], result.where, study)
    among = _select(datasets[result.of.dataset], [result.by], result.of.where, study) if result.of else None
    groups = result_groups(result, study, records)
    published = _published_by_group(result, groups)
    for group in groups:
        in_group = _of_group(records, result.by, group)
        denominator = None if among is None else _of_group(among, result.by, group) if result.by in among else among
        if not result.over:
            yield _value(result, group, in_group, denominator, study, published.get(group, ""))
            continue
        for place in _places(in_group[result.over]):
            at_place = in_group[in_group[result.over] == place]
            yield _value(result, group, at_place, denominator, study, "", f"{place:.15g}" if isinstance(place, float) else str(place))


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
    present = [name for name in _group_names(column.drop_duplicates().sort_values()) if name]
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


def _places(column: pd.Series) -> list[float | str]:
    return sorted(column[~is_missing(column).to_numpy()].unique().tolist())


def _of_group(records: pd.DataFrame, by: str, group: str) -> pd.DataFrame:
    return records if group == TOTAL or not by else records[(_group_names(records[by]) == group).to_numpy()]


def _value(
    result: Result, group: str, records: pd.DataFrame, denominator: pd.DataFrame | None, study: ResolvedStudy, published: str, over: str = ""
) -> ResultValue:
    measure = result.value
    size = len(records)
    if measure.name == "count":
        return ResultValue(result, group, float(size), size, None, published, over)
    evaluation = Evaluation(_Records(records, study))
    if measure.name == "percent":
        hits = size if measure.of is None else int(true(evaluation.column(measure.of, ValueKind.CONDITION)).sum())
        among = size if denominator is None else len(denominator)
        return ResultValue(result, group, float(divide(100.0 * hits, float(among))[0]), hits, among, published, over)
    assert measure.of is not None, "the model requires a variable"
    column = evaluation.column(measure.of, ValueKind.NUMBER).dropna()
    if measure.name == "mean":
        value = group_means(column.to_numpy(), np.zeros(len(column), dtype="int64"), 1)[0]
    else:
        value = {"sd": column.std, "median": column.median, "min": column.min, "max": column.max}[measure.name]()
    return ResultValue(result, group, float(significant(np.array([value]))[0]), len(column), None, published, over)
