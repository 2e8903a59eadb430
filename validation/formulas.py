"""Formulas that can be evaluated on finished datasets: which, what they read, and what they give. No derivation is called.

A formula can be evaluated where everything it names is a variable of a dataset or a collected variable, or a temporary that can be
evaluated itself. What each derivation gives is written here a second time, from its description.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from adam.core.kinds import ValueKind, is_missing, missing_column, true
from adam.expressions.evaluate import Evaluation
from adam.expressions.parse import parse
from adam.expressions.tree import Expr, Missing, Name
from adam.plan.values import Derivation, Formula, ResolvedDataset, ResolvedStudy, ResolvedVariable, Term, Value
from adam.specification.located import as_text
from validation.checks.sources import highest_missing
from validation.records import Records

Arguments = Mapping[str, Any]
Reads = list[tuple[str, str]]
"""Collected variables, each with its domain."""
BARE = {"flag": "when", "flag_yn": "when", "case": "branches"}
"""The argument that a derivation takes bare."""
EMERGENT = ("start", "end", "first_dose", "last_dose", "start_time", "first_dose_time", "days_after", "worsened")


@dataclass(frozen=True)
class Evaluated:
    """What a formula gives, and in which records it can be told."""

    column: pd.Series
    known: np.ndarray


class Names:
    """The names of a formula on the records of a dataset: variables of the files, what was collected, and temporaries worked out."""

    def __init__(self, records: Records, variable: ResolvedVariable) -> None:
        self.records, self.variable = records, variable
        self.model = model_of(records)

    @property
    def index(self) -> pd.Index:
        """The records, numbered."""
        return self.records.index

    def column(self, name: Name) -> Any:  # noqa: ANN401  (a column or a constant)
        """The column a name stands for."""
        temporary = self.model.temporary.get(name.last) if name.owner in ("", self.model.name) else None
        return given(self.records, temporary).column if temporary is not None else self.records.column(name)

    def values(self, name: Name) -> tuple[float | str, ...] | None:
        """The values of a list of the study."""
        return self.records.values(name)

    def terms(self, name: Name | None) -> Mapping[str, float] | None:
        """The numbers of a variable's codelist; of the variable the formula is of, without a name."""
        temporary = self.model.temporary.get(name.last) if name is not None else self.variable
        if temporary is None:
            return self.records.terms(name)
        resolved = self.records.dataset.variables.get(temporary.name, temporary)
        codelist = self.records.study.codelists.get(resolved.codelist)
        return codelist.numbers if codelist is not None else None

    def of(self, text: object, kind: ValueKind | None = None) -> pd.Series:
        """The column of an expression."""
        return Evaluation(self).column(parse(str(text)), kind)

    def holds(self, text: object) -> np.ndarray:
        """The records in which a condition is true."""
        return true(self.of(text)).to_numpy(dtype=bool)


def model_of(records: Records) -> ResolvedDataset:
    """A dataset as the study writes it, with its temporaries and the formulas of its parameters."""
    return records.study.datasets.get(records.dataset.name, records.dataset)


def arguments_of(formula: Derivation) -> Arguments:
    """The arguments of a derivation as a block."""
    if isinstance(formula.arguments, Mapping):
        return formula.arguments
    return {BARE.get(formula.name, "of"): formula.arguments}


def listed(value: object) -> list[Any]:
    """A value, or several, as a list."""
    return list(value) if isinstance(value, list | tuple) else [value]


def _branches(study: ResolvedStudy, given: Arguments) -> list[object]:
    return [each[key] for each in listed(given["branches"]) for key in ("when", "value") if key in each]


def _period(study: ResolvedStudy, given: Arguments) -> list[object]:
    named = [str(given["of"]).replace("xx", f"{number:02d}") for number in study.periods]
    return [*named, given["period"], *([given["otherwise"]] if "otherwise" in given else [])]


READS: dict[str, Callable[[ResolvedStudy, Arguments], list[object]]] = {
    "flag": lambda study, given: [given["when"]],
    "flag_yn": lambda study, given: [given["when"]],
    "case": _branches,
    "concatenate": lambda study, given: listed(given["of"]),
    "recode": lambda study, given: [given["of"]],
    "by_period": _period,
    "date_imputation_flag": lambda study, given: [given["dtc"], given["date"]],
    "treatment_emergent": lambda study, given: [given[key] for key in EMERGENT if key in given],
}
"""The expressions of the derivations that are evaluated here, each on the record alone."""


def copied(formula: Value, variable: ResolvedVariable, model: ResolvedDataset) -> Expr:
    """The expression of a formula; of a bare source (`AETERM: AE`, `VISIT: SRC`) the variable of the same name there."""
    bare = formula.expr.bare
    own = bare is None or len(bare.parts) > 1 or bare.last in (*model.variables, *model.temporary)
    return formula.expr if own else parse(f"{formula.expr}.{variable.name}")


def expressions(study: ResolvedStudy, variable: ResolvedVariable, model: ResolvedDataset) -> list[Expr] | None:
    """The expressions a formula reads; None if it cannot be evaluated here."""
    formula = variable.formula
    around = [variable.where] if variable.where is not None else []
    if isinstance(formula, Term):
        return around
    if isinstance(formula, Value):
        return [*around, copied(formula, variable, model)] if not isinstance(formula.expr.root, Missing) else None
    if formula is None or formula.name not in READS:
        return None
    try:
        return [*around, *(parse(str(each)) for each in READS[formula.name](study, arguments_of(formula)))]
    except (KeyError, TypeError, ValueError):  # a fault the plan reports
        return None


def given(records: Records, variable: ResolvedVariable) -> Evaluated:
    """What the formula of a variable gives on the records of its dataset."""
    names = Names(records, variable)
    told = _formula(names, variable.formula)
    if variable.where is None:
        return told
    mine = true(Evaluation(names).column(variable.where)).to_numpy(dtype=bool)
    return Evaluated(told.column.where(mine, "" if told.column.dtype == "str" else None), told.known | ~mine)


def _formula(names: Names, formula: Formula | None) -> Evaluated:
    everywhere = np.ones(len(names.index), dtype=bool)
    if isinstance(formula, Term):
        return Evaluated(pd.Series(formula.text, index=names.index, dtype="str"), everywhere)
    if isinstance(formula, Value):
        return Evaluated(Evaluation(names).column(copied(formula, names.variable, names.model)), everywhere)
    assert isinstance(formula, Derivation), "only what `expressions` knows is evaluated"
    found = GIVES[formula.name](names, arguments_of(formula))
    return found if isinstance(found, Evaluated) else Evaluated(found, everywhere)


def _flag(names: Names, given: Arguments, otherwise: str) -> pd.Series:
    return pd.Series(np.where(names.holds(given["when"]), "Y", otherwise), index=names.index, dtype="str")


def _case(names: Names, given: Arguments) -> Evaluated:
    """The first branch that is true; where it is an error, nothing is told."""
    branches = listed(given["branches"])
    values = [_branch(names, each) for each in branches]
    some = [value for value in values if value is not None and not isinstance(value, Missing)]
    like = some[0] if some else pd.Series("", index=names.index, dtype="str")
    result = pd.Series("", index=names.index, dtype="str") if like.dtype == "str" else like.where(np.zeros(len(like), dtype=bool))
    left, known = np.ones(len(names.index), dtype=bool), np.ones(len(names.index), dtype=bool)
    for branch, value in zip(branches, values, strict=True):
        mine = left & (names.holds(branch["when"]) if "when" in branch else True)
        if value is None:
            known &= ~mine
        elif not isinstance(value, Missing):
            result = result.where(~mine, value)
        left &= ~mine
    return Evaluated(result, known)


def _branch(names: Names, branch: Arguments) -> pd.Series | Missing | None:
    if "error" in branch:
        return None
    if "term" in branch:
        return pd.Series(str(as_text(branch["term"])), index=names.index, dtype="str")
    expr = parse(str(branch["value"]))
    return expr.root if isinstance(expr.root, Missing) else Evaluation(names).column(expr)


def _join(names: Names, given: Arguments) -> pd.Series:
    columns = [names.of(each).to_numpy(dtype=object) for each in listed(given["of"])]
    by = str(as_text(given["by"]))
    return pd.Series([by.join(text for text in row if text) for row in zip(*columns, strict=True)], index=names.index, dtype="str")


def _recode(names: Names, given: Arguments) -> pd.Series:
    mapped = given["map"]
    constant = names.records.study.constants.get(str(mapped).removeprefix("STUDY.")) if isinstance(mapped, str) else mapped
    texts = {str(key): str(as_text(value)) for key, value in dict(constant or {}).items()}
    rest = str(as_text(given["otherwise"])) if "otherwise" in given else ""
    return names.of(given["of"]).map(texts).fillna(rest).astype("str")


def _by_period(names: Names, given: Arguments) -> pd.Series:
    period, columns = names.of(given["period"]), {}
    for number in names.records.study.periods:
        column = names.of(str(given["of"]).replace("xx", f"{number:02d}"))
        columns[number] = column.where(~is_missing(column), names.of(given["otherwise"])) if "otherwise" in given else column
    result = missing_column(ValueKind.TEXT if next(iter(columns.values())).dtype == "str" else ValueKind.NUMBER, names.index)
    for number, column in columns.items():
        result = result.astype(column.dtype).where(~(period == number).to_numpy(dtype=bool), column)
    return result


def _imputation_flag(names: Names, given: Arguments) -> Evaluated:
    """The highest part that was not collected; of an interval it is not told which part counts, so `known` has only plain dates."""
    text, date = names.of(given["dtc"]), names.of(given["date"])
    flags = highest_missing(text).where(date.notna().to_numpy(), "")
    return Evaluated(flags, ~text.str.contains("/", regex=False).to_numpy(dtype=bool))


def _emergent(names: Names, given: Arguments) -> pd.Series:
    """Y from the first dose to `days_after` days after the last, or worse than before it; not if it ended before the first dose."""
    start, end, first, last = (names.of(given[key], ValueKind.DATE) for key in EMERGENT[:4])
    days = names.of(given["days_after"]) if "days_after" in given else None
    earlier = (start < first).to_numpy(dtype=bool)
    if "start_time" in given and "first_dose_time" in given:
        moments = [names.of(given[key], ValueKind.DATETIME) for key in ("start_time", "first_dose_time")]
        both = (moments[0].notna() & moments[1].notna()).to_numpy(dtype=bool)
        earlier = np.where(both, (moments[0] < moments[1]).to_numpy(dtype=bool), earlier)
    after = np.zeros(len(start), dtype=bool) if days is None else ((start - last).dt.total_seconds() > days * 86400).to_numpy(dtype=bool)
    worse = names.holds(given["worsened"]) if "worsened" in given else np.zeros(len(start), dtype=bool)
    treated = first.notna().to_numpy(dtype=bool) & ~(end < first).to_numpy(dtype=bool)
    yes = treated & (start.isna().to_numpy(dtype=bool) | (earlier & worse) | (~earlier & ~after))
    return pd.Series(np.where(yes, "Y", ""), index=names.index, dtype="str")


GIVES: dict[str, Callable[[Names, Arguments], Any]] = {
    "flag": partial(_flag, otherwise=""),
    "flag_yn": partial(_flag, otherwise="N"),
    "case": _case,
    "concatenate": _join,
    "recode": _recode,
    "by_period": _by_period,
    "date_imputation_flag": _imputation_flag,
    "treatment_emergent": _emergent,
}
