"""Checks of analysis criteria: CRITy is its text, CRITyFL Y, N or blank as the criterion says (LANGUAGE §5, DOMAIN §8.3)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from adam.core.kinds import is_missing, true
from adam.expressions.tree import Expr
from adam.plan.values import Criterion, ResolvedParameter
from validation.check import Condition, Records, check, generated
from validation.checks.values import by_parameter, own


def _known(records: Records, expr: Expr) -> bool:
    """Whether all an expression names is in the file."""
    return all(not name.owner and name.last in records.dataset.variables for name in expr.names)


def _misplaced(records: Records, entry: Criterion, flags: pd.Series, fits: np.ndarray | None) -> np.ndarray:
    """The flags that are filled where the criterion cannot be told, or blank where it can.

    It can be told on the records of `fits` (not known: None) that have all it needs; what is not in the file cannot be looked at.
    """
    needs = entry.needs if entry.needs is not None else [str(name) for name in entry.when.names if len(name.parts) == 1]
    inside = [name for name in needs if name in records.dataset.variables]
    there = np.ones(len(flags), dtype=bool)
    for name in inside:
        there &= ~is_missing(records.frame[name]).to_numpy()
    empty = (flags == "").to_numpy(dtype=bool)
    if fits is None:
        return ~empty & ~there
    return (~empty & ~(there & fits)) | (empty & there & fits & (len(inside) == len(needs)))


@generated
def criterion(records: Records, parameter: ResolvedParameter, number: int) -> np.ndarray:
    """CRITy is not the text of the parameter's criterion on each record, or CRITyFL not what it says.

    A variable with a formula of its own is not looked at.

    Where the parameter has no criterion y both are blank. CRITyFL is blank where a variable that the criterion needs is missing. Where the
    names of `when` are all in the file, Y is where it holds and N where it does not; where those of the dataset's `criteria:` are, too, it is
    blank where that does not hold, and only there.

    Rule: E-21.
    """
    entry: Criterion | None = parameter.criteria.get(number)
    mine = own(records, parameter)
    text, flag = f"CRIT{number}", f"CRIT{number}FL"
    wrong = (records.frame[text] != (entry.text if entry else "")).to_numpy(dtype=bool, copy=True)
    if flag in records.dataset.variables and by_parameter(records.study, records.dataset, flag, parameter):
        flags, where = records.frame[flag], records.dataset.criteria_where
        wrong |= ~flags.isin(["Y", "N", ""] if entry else [""]).to_numpy(dtype=bool)
        if entry:
            wrong |= _misplaced(records, entry, flags, records.fits(where) if where is None or _known(records, where) else None)
        if entry and _known(records, entry.when):
            holds = true(records.evaluated(entry.when)).to_numpy()
            wrong |= np.where(holds, flags == "N", flags == "Y").astype(bool)
    return mine & wrong


@check
def evaluable(records: Records, evaluable: Condition) -> np.ndarray:
    """A criterion flag is blank where the criterion can be told, or filled where it cannot.

    It can be told on the records that fit and have all the variables the criterion of their parameter needs (its `needs`, else those its
    `when` names).

    YAML:
        E-21: {evaluable: ADT > TRTSDT}
    """
    fits = records.fits(evaluable)
    failed = np.zeros(len(records.frame), dtype=bool)
    for parameter in records.dataset.parameters.values():
        for number, entry in parameter.criteria.items():
            if f"CRIT{number}FL" in records.dataset.variables:
                failed |= own(records, parameter) & _misplaced(records, entry, records.frame[f"CRIT{number}FL"], fits)
    return failed
