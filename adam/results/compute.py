"""Tell the results of a study: what each is in these datasets, and whether it is the published number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pandas as pd

from adam.core.decimals import group_means, significant
from adam.core.decimals import over as over_
from adam.core.kinds import ValueKind, is_missing, true
from adam.expressions.evaluate import Evaluation
from adam.expressions.tree import Expr, Name
from adam.plan.values import TOTAL, ResolvedStudy, Result


@dataclass(frozen=True)
class ResultValue:
    """One number: of which result and group (and place of a curve), the records it is of, and the published one as it was written."""

    result: Result
    group: str
    value: float
    records: int
    among: int | None = None
    published: str = ""
    over: str = ""

    @property
    def shown(self) -> str:
        """The number with the decimals of the published one; without one, counts as they are and others with one decimal."""
        if np.isnan(self.value):
            return ""
        if not self.published and self.result.value.name == "count":
            return str(int(self.value))
        exponent = Decimal(self.published).as_tuple().exponent if self.published else -1
        return str(Decimal(repr(round(self.value, 9))).quantize(Decimal(1).scaleb(int(exponent)), ROUND_HALF_UP))

    @property
    def agrees(self) -> bool | None:
        """Whether it is the published number, to the decimals that was given; None if there is none."""
        return self.shown == self.published if self.published else None


def compute_results(study: ResolvedStudy, frames: Mapping[str, pd.DataFrame]) -> list[ResultValue]:
    """Every result of a study.

    Args:
        study: with `results:`; a result of a dataset that is not there is left out.
        frames: the finished datasets by name, text blank where there is nothing, numbers and dates missing.
    """
    found: list[ResultValue] = []
    for result in study.results.values():
        wanted = {result.dataset} | ({result.of.dataset} if result.of else set())
        if wanted <= set(frames):
            found += _told(result, study, frames)
    return found


class _Records:
    """A finished dataset as expressions see it."""

    def __init__(self, frame: pd.DataFrame, study: ResolvedStudy) -> None:
        self.frame, self.study = frame, study

    @property
    def index(self) -> pd.Index:
        return self.frame.index

    def column(self, name: Name) -> pd.Series | float | str:
        value = self.study.constants[name.last] if name.owner == "STUDY" else None
        return self.frame[str(name)] if value is None else value

    def values(self, name: Name) -> tuple[float | str, ...] | None:
        found = self.study.constants.get(name.last)
        return found if isinstance(found, tuple) else None

    def terms(self, name: Name | None) -> None:
        return None


def _chosen(frame: pd.DataFrame, where: Expr | None, study: ResolvedStudy) -> pd.DataFrame:
    if where is None:
        return frame
    return frame[true(Evaluation(_Records(frame, study)).column(where, ValueKind.CONDITION)).to_numpy()]


def _told(result: Result, study: ResolvedStudy, frames: Mapping[str, pd.DataFrame]) -> Iterator[ResultValue]:
    records = _chosen(frames[result.dataset], result.where, study)
    among = _chosen(frames[result.of.dataset], result.of.where, study) if result.of else None
    names = groups(result, study, records)
    printed = _published(result, names)
    for group in names:
        mine = _of_group(records, result.by, group)
        subjects = None if among is None else _of_group(among, result.by, group) if result.by in among else among
        published = printed.get(group, "")
        if not result.over:
            yield _one(result, group, mine, subjects, study, published)
            continue
        for place in _places(mine[result.over]):
            here = mine[mine[result.over] == place]
            yield _one(result, group, here, subjects, study, "", f"{place:g}" if isinstance(place, float) else str(place))


def _published(result: Result, names: list[str]) -> dict[str, str]:
    """The published number of each group: a list is in their order, one more is the total."""
    listed = [number for group, number in result.published.items() if group.startswith("#")]
    return dict(zip(names, listed, strict=False)) if listed else dict(result.published)


def groups(result: Result, study: ResolvedStudy, records: pd.DataFrame) -> list[str]:
    """The groups of a result: by the codelist of its variable, else as they sort; the total last, and alone without `by`."""
    if not result.by:
        return [TOTAL]
    model = study.datasets[result.dataset].variables[result.by]
    codelist = study.codelists.get(model.codelist)
    column = records[result.by]
    present = [word for word in _words(column.drop_duplicates().sort_values()) if word]
    if codelist is not None and codelist.numbers:
        ordered = sorted(codelist.numbers, key=lambda term: codelist.numbers[term])
        listed = any(group.startswith("#") for group in result.published)  # by place, so an empty group keeps its own
        present = [term for term in ordered if listed or term in present or term in result.published]
    else:
        present += [group for group in result.published if group[0] != "#" and group not in (TOTAL, *present)]
    return [*present, TOTAL]


def _words(column: pd.Series) -> pd.Series:
    """Values as groups are named: text as it is, 2.0 as 2, blank for missing."""
    return column if column.dtype == "str" else column.map(lambda value: f"{value:g}", na_action="ignore").astype("object").fillna("").astype("str")


def _places(column: pd.Series) -> list[float | str]:
    return sorted(column[~is_missing(column).to_numpy()].unique().tolist())


def _of_group(records: pd.DataFrame, by: str, group: str) -> pd.DataFrame:
    return records if group == TOTAL or not by else records[(_words(records[by]) == group).to_numpy()]


def _one(
    result: Result, group: str, records: pd.DataFrame, among: pd.DataFrame | None, study: ResolvedStudy, published: str, over: str = ""
) -> ResultValue:
    measure = result.value
    size = len(records)
    if measure.name == "count":
        return ResultValue(result, group, float(size), size, None, published, over)
    evaluation = Evaluation(_Records(records, study))
    if measure.name == "percent":
        hits = size if measure.of is None else int(true(evaluation.column(measure.of, ValueKind.CONDITION)).sum())
        whole = size if among is None else len(among)
        return ResultValue(result, group, float(over_(100.0 * hits, float(whole))[0]), hits, whole, published, over)
    assert measure.of is not None, "the model wants a variable"
    column = evaluation.column(measure.of, ValueKind.NUMBER).dropna()
    if measure.name == "mean":
        value = group_means(column.to_numpy(), np.zeros(len(column), dtype="int64"), 1)[0]
    else:
        value = {"sd": column.std, "median": column.median, "min": column.min, "max": column.max}[measure.name]()
    return ResultValue(result, group, float(significant(np.array([value]))[0]), len(column), None, published, over)
