"""Checks of the values of a dataset against the formulas of the specification, evaluated independently on the file."""

from __future__ import annotations

import numpy as np
import pandas as pd

from adam.core.kinds import is_missing
from adam.plan.values import ResolvedDataset, ResolvedParameter, ResolvedVariable
from validation import along_records, formulas
from validation.check import check
from validation.records import Records

EXACT = 1e-9
"""The largest relative difference from the computed number: files store about 16 digits."""
GIVEN = {
    "from": ("AVAL", "SRCDOM", "SRCVAR", "SRCSEQ"),
    "score": ("AVAL", "SRCDOM", "SRCVAR", "SRCSEQ"),
    "average_before": ("AVAL", "ADT", "ASTDT", "AENDT", "AVISIT", "AVISITN", "SRCDOM", "SRCVAR"),
    "response": ("AVAL", "AVALC"),
    "computed": ("AVAL", "AVALC", "ADT", "AVISIT", "AVISITN", "DTYPE", "SRCDOM", "SRCVAR"),
    "nonresponse": ("AVAL", "AVALC", "DTYPE", "AVISIT", "AVISITN"),
    "locf": ("AVAL", "DTYPE", "AVISIT", "AVISITN"),
}
"""What each kind of records is given, so that its formula does not hold there (docs/language.md, 5)."""
CARRYING = ("response", "locf")


def not_held(model: ResolvedDataset, parameter: ResolvedParameter, name: str, sourced: bool = False) -> bool:
    """Whether the formula of a variable need not hold on the records of a parameter: they are given it, carry it, or have their own formula.

    `sourced`: the formula reads the source record, which only collected records have.
    """
    kinds = [making.kind for making in (*parameter.records, *parameter.add)]
    if any(kind not in GIVEN for kind in kinds) or (sourced and {making.kind for making in parameter.records} != {"from"}):
        return True
    if sourced and parameter.add and "DTYPE" not in model.variables:
        return True
    same = [str(each) for making in parameter.records for each in formulas.listed(making.arguments.get("by", []))]
    carried = model.copied if set(kinds) & set(CARRYING) else ()
    return name in (*same, *carried) or any(name in GIVEN[kind] for kind in kinds)


def holding(records: Records, variable: ResolvedVariable, parameter: str, sourced: bool, looks: bool) -> np.ndarray:
    """The records on which a formula holds. `looks`: it looks along records, so parameters with added ones are left out."""
    mine = np.ones(len(records.frame), dtype=bool)
    model = formulas.model_of(records)
    if not model.parameters:
        return mine
    codes = [
        code
        for code, each in model.parameters.items()
        if not not_held(model, each, variable.name, sourced)
        and not (looks and each.add)
        and (code == parameter if parameter else variable.name not in each.formulas)
    ]
    mine = records.frame["PARAMCD"].isin(codes).to_numpy(dtype=bool)
    added = any(model.parameters[code].add for code in codes)
    if sourced and added:
        return mine & (records.frame["DTYPE"] == "").to_numpy(dtype=bool)
    return mine


@check("Expected {variable} to be the value of its formula", generated=True)
def recomputed(records: Records, variable: ResolvedVariable, parameter: str = "", sourced: bool = False) -> np.ndarray:
    """A value differs from its formula.

    The formula is evaluated on the variables of the files and on what was collected: expressions, `flag`, `flag_yn`, `case`, `concatenate`,
    `recode`, `by_period`, `date_imputation_flag`, `treatment_emergent`, `flag_first`, `flag_last`, and `single`, `first`, `last`, `sum`,
    `exists` of a domain or of a group of records. Formulas that read temporaries of several records are left to other rules, and so are records that
    get the variable from their record rule, or copy it.

    Rule: G-05.
    """
    model = formulas.model_of(records)
    written = model.parameters[parameter].formulas[variable.name] if parameter else model.variables.get(variable.name, variable)
    looks = along_records.is_along(written)
    found = along_records.along(records, written) if looks else formulas.given(records, written)
    held = holding(records, variable, parameter, sourced, looks)
    if isinstance(found, np.ndarray):
        return found & held
    own, wanted = records.frame[variable.name], found.column
    other = ~same(own, wanted) & found.known
    if records.study.non_ascii == "transliterate" and wanted.dtype == "str":
        other &= wanted.str.isascii().to_numpy(dtype=bool)
    return other & held


def same(own: pd.Series, wanted: pd.Series) -> np.ndarray:
    """Return whether values equal the computed ones; missing or blank on both sides is equal."""
    own, wanted = own.reset_index(drop=True), wanted.reset_index(drop=True)
    both = is_missing(own).to_numpy(dtype=bool) & is_missing(wanted).to_numpy(dtype=bool)
    if own.dtype == "float64" and wanted.dtype.kind in "fi":
        left, right = own.to_numpy(dtype="float64"), wanted.to_numpy(dtype="float64")
        return both | (np.abs(left - right) <= EXACT * np.maximum(1, np.abs(right)))
    if (own.dtype == "str") != (wanted.dtype == "str"):
        return both
    return both | (own == wanted).to_numpy(dtype=bool)
