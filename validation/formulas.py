"""Formulas that can be evaluated on finished datasets: which, what they read, and what they give. No derivation is called.

A formula can be evaluated if every name in it is a variable of a dataset, a collected variable, or a temporary that can be evaluated
itself. The value of a derivation follows from the cases that its contract declares.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from adam.catalog.contract import ExpectedCase
from adam.core.coded_text import constant_text
from adam.core.kinds import ValueKind
from adam.expressions.evaluate import Evaluation
from adam.expressions.parse import parse
from adam.expressions.tree import Expr, Missing, Name
from adam.planning.values import Formula, ResolvedDataset, ResolvedVariable, Term, Value
from validation.matching import taken
from validation.records import Records

Reads = list[tuple[str, str]]
"""Collected variables, each with its domain."""


@dataclass(frozen=True)
class Evaluated:
    """The values of a formula, and the records on which they are known."""

    column: pd.Series
    known: np.ndarray


class Names:
    """The names of a formula on the records of a dataset: variables of the files, collected variables, and evaluated temporaries.

    `rows` are the positions of the records on which it is evaluated; without them, all.
    """

    def __init__(self, records: Records, variable: ResolvedVariable, rows: np.ndarray | None = None) -> None:
        self.records, self.variable, self.rows = records, variable, rows
        self.model = model_of(records)

    def at(self, rows: np.ndarray) -> Names:
        """Return the names on some of these records."""
        return self if len(rows) == len(self.index) else Names(self.records, self.variable, rows if self.rows is None else self.rows[rows])

    @property
    def index(self) -> pd.Index:
        """The records, numbered."""
        return self.records.index if self.rows is None else pd.RangeIndex(len(self.rows))

    def column(self, name: Name) -> Any:  # noqa: ANN401  (a column or a constant)
        """Return the column of a name."""
        temporary = self.model.temporary.get(name.last) if name.owner in ("", self.model.name) else None
        found = self.temporary(temporary).column if temporary is not None else self.records.column(name)
        return found if self.rows is None or not isinstance(found, pd.Series) else pd.Series(found.array.take(self.rows), copy=False)

    def temporary(self, variable: ResolvedVariable) -> Evaluated:
        """Return the values of a temporary, which many formulas read."""
        known = (evaluated, variable.name)
        if known not in self.records.memo:
            self.records.memo[known] = evaluated(self.records, variable)
        found: Evaluated = self.records.memo[known]
        return found

    def values(self, name: Name) -> tuple[float | str, ...] | None:
        """Return the values of a list of the study."""
        return self.records.values(name)

    def terms(self, name: Name | None) -> Mapping[str, float] | None:
        """Return the numbers of a variable's codelist; without a name, of the variable that the formula computes."""
        temporary = self.model.temporary.get(name.last) if name is not None else self.variable
        if temporary is None:
            return self.records.terms(name)
        resolved = self.records.dataset.variables.get(temporary.name, temporary)
        codelist = self.records.study.codelists.get(resolved.codelist)
        return codelist.numbers if codelist is not None else None

    def of(self, expr: Expr, kind: ValueKind | None = None) -> pd.Series:
        """Return the column of an expression."""
        return Evaluation(self).column(expr, kind)

    def holds(self, condition: Expr) -> np.ndarray:
        """Return the records in which a condition is true."""
        return Evaluation(self).holds(condition)


def model_of(records: Records) -> ResolvedDataset:
    """Return a dataset as the study has it, with its temporaries and the parameters that only serve others."""
    return records.study.datasets.get(records.dataset.name, records.dataset)


def copied(formula: Value, variable: ResolvedVariable, model: ResolvedDataset) -> Expr:
    """Return the expression of a formula; of a bare source (`AETERM: AE`, `VISIT: SRC`) the variable of the same name there."""
    bare = formula.expr.bare
    own = bare is None or len(bare.parts) > 1 or bare.last in (*model.variables, *model.temporary)
    return formula.expr if own else parse(f"{formula.expr}.{variable.name}")


def cases_of(variable: ResolvedVariable, model: ResolvedDataset) -> tuple[ExpectedCase, ...] | None:
    """Return the cases of a formula; None if it cannot be evaluated on the record alone."""
    formula = variable.formula
    if isinstance(formula, Term):
        return (ExpectedCase(None, formula.text),)
    if isinstance(formula, Value):
        return (ExpectedCase(None, copied(formula, variable, model)),) if not isinstance(formula.expr.root, Missing) else None
    return variable.derivation.cases if variable.derivation is not None else None


def expressions(variable: ResolvedVariable, model: ResolvedDataset) -> list[Expr] | None:
    """Return the expressions a formula reads; None if it cannot be evaluated on the record alone."""
    cases = cases_of(variable, model)
    if cases is None:
        return None
    around = [variable.where] if variable.where is not None else []
    return [*around, *(each for case in cases for each in (case.when, case.value) if isinstance(each, Expr))]


def evaluated(records: Records, variable: ResolvedVariable, rows: np.ndarray | None = None) -> Evaluated:
    """Return the values of the formula of a variable on the records of its dataset, or on those at some positions."""
    names = Names(records, variable, rows)
    cases = cases_of(variable, names.model)
    assert cases is not None, "only formulas with cases are evaluated"
    found = by_cases(names, cases)
    if variable.where is None:
        return found
    mine = names.holds(variable.where)
    return Evaluated(found.column.where(mine, "" if found.column.dtype == "str" else None), found.known | ~mine)


def by_cases(names: Names, cases: tuple[ExpectedCase, ...]) -> Evaluated:
    """Return for each record the value of its first case, evaluated where it is; a case without a value leaves it unknown."""
    left, known = np.arange(len(names.index)), np.ones(len(names.index), dtype=bool)
    found: list[tuple[np.ndarray, pd.Series]] = []
    for case in cases:
        holds = names.at(left).holds(case.when) if case.when is not None else np.ones(len(left), dtype=bool)
        mine, left = left[holds], left[~holds]
        if case.value is None:
            known[mine] = False
        elif isinstance(case.value, str):
            found.append((mine, constant_text(case.value, pd.RangeIndex(len(mine)))))
        elif not isinstance(case.value.root, Missing):
            found.append((mine, names.at(mine).of(case.value)))
    return Evaluated(_assembled(found, names.index), known)


def _assembled(found: list[tuple[np.ndarray, pd.Series]], index: pd.Index) -> pd.Series:
    """One column with the values of some records after another; missing or blank elsewhere."""
    if not found:
        return constant_text("", index)
    rows, values = zip(*found, strict=True)
    if len(rows[0]) == len(index):
        return values[0]
    typed = [each for each in values if not each.isna().all()] or [values[0]]
    alike = [each if each.dtype == typed[0].dtype or not each.isna().all() else each.astype(typed[0].dtype) for each in values]
    order = np.full(len(index), -1)
    order[np.concatenate(rows)] = np.arange(sum(map(len, rows)))
    return taken(alike[0] if len(alike) == 1 else pd.concat(alike, ignore_index=True), order)


__all__ = ["Evaluated", "Formula", "Names", "Reads", "by_cases", "cases_of", "copied", "evaluated", "expressions", "model_of"]
