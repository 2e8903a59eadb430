"""Checks of analysis criteria: CRITy is the criterion text, and CRITyFL its result."""

from __future__ import annotations

import numpy as np
import pandas as pd

from adam.core.kinds import is_missing
from adam.expressions.tree import Expr
from adam.planning.values import Criterion, ResolvedParameter
from validation.argument_types import Condition
from validation.check import check
from validation.checks.parameter_values import by_parameter
from validation.records import Records
from validation.some_records import SomeRecords


def _known(records: Records, expr: Expr) -> bool:
    """Return whether the file has all variables of an expression."""
    return all(not name.owner and name.last in records.dataset.variables for name in expr.names)


def _misplaced(mine: SomeRecords, entry: Criterion, flags: pd.Series, applies: np.ndarray | None) -> np.ndarray:
    """Return the flags with a value where the criterion cannot be evaluated, and blank flags where it can.

    It can be evaluated on the records of `applies` (None: not known) that have all variables it needs; variables that are not in the file are not
    compared.
    """
    needs = entry.needs if entry.needs is not None else [str(name) for name in entry.when.names if len(name.parts) == 1]
    inside = [name for name in needs if name in mine.records.dataset.variables]
    there = np.ones(len(flags), dtype=bool)
    for name in inside:
        there &= ~is_missing(mine[name]).to_numpy()
    empty = (flags == "").to_numpy(dtype=bool)
    if applies is None:
        return ~empty & ~there
    return (~empty & ~(there & applies)) | (empty & there & applies & (len(inside) == len(needs)))


@check("Expected CRIT{number} to be the criterion text of {parameter}, and CRIT{number}FL its result", generated=True)
def criterion(records: Records, parameter: ResolvedParameter, number: int) -> np.ndarray:
    """CRITy differs from the criterion text of the parameter, or CRITyFL from the result.

    A variable with its own formula is skipped.

    If the parameter has no criterion y, both are blank. CRITyFL is blank where a variable that the criterion needs is missing. If the file has all
    variables of `when`, CRITyFL is Y where it is true and N where it is not; if it also has those of the dataset's `criteria:`, it is blank exactly
    where that is not true.

    Rule: G-19.
    """
    entry: Criterion | None = parameter.criteria.get(number)
    mine = records.of_parameter(parameter.name)
    text, flag = f"CRIT{number}", f"CRIT{number}FL"
    wrong = (mine[text] != (entry.text if entry else "")).to_numpy(dtype=bool, copy=True)
    if flag in records.dataset.variables and by_parameter(records.study, records.dataset, flag, parameter):
        flags, where = mine[flag], records.dataset.criteria_where
        wrong |= ~flags.isin(["Y", "N", ""] if entry else [""]).to_numpy(dtype=bool)
        if entry:
            wrong |= _misplaced(mine, entry, flags, records.selected(where)[mine.rows] if where is None or _known(records, where) else None)
        if entry and _known(records, entry.when):
            holds, _ = mine.truth(entry.when)
            wrong |= np.where(holds, flags == "N", flags == "Y").astype(bool)
    return mine.on_all(wrong)


@check("Expected criterion flags only on records with {evaluable} that have all variables of the criterion, and on each of them")
def evaluable(records: Records, evaluable: Condition) -> np.ndarray:
    """A criterion flag is blank where the criterion can be evaluated, or has a value where it cannot.

    It can be evaluated on records that match and have all variables the criterion of their parameter needs (its `needs`, else the variables of its
    `when`).

    YAML:
        E-21: {evaluable: ADT > TRTSDT}
    """
    applies = records.selected(evaluable)
    failed = np.zeros(len(records.frame), dtype=bool)
    for parameter in records.dataset.parameters.values():
        for number, entry in parameter.criteria.items():
            if f"CRIT{number}FL" in records.dataset.variables:
                mine = records.of_parameter(parameter.name)
                failed[mine.rows] |= _misplaced(mine, entry, mine[f"CRIT{number}FL"], applies[mine.rows])
    return failed
