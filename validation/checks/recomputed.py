"""Checks of the values of a dataset against the formulas of the specification, evaluated independently on the file."""

from __future__ import annotations

import numpy as np
import pandas as pd

from adam.catalog.traceability import NamedRecord
from adam.core.kinds import is_missing
from adam.planning.values import ResolvedDataset, ResolvedParameter, ResolvedVariable
from adam.planning.values.contracts import ResolvedCreation
from validation import along_records, formulas
from validation.check import check
from validation.contracts import records_of
from validation.records import Records

EXACT = 1e-9
"""The largest relative difference from the computed number: files store about 16 digits."""


def set_by_records(model: ResolvedDataset, parameter: ResolvedParameter, name: str, sourced: bool = False) -> bool:
    """Return whether the formula of a variable need not hold on the records of a parameter, because they are given its value or copy it.

    `sourced`: the formula reads the source record, which only records that always name one have.
    """
    created = records_of(parameter)
    if len(created) < len((*parameter.records, *parameter.add)):
        return True
    if sourced and not all(_names_source(each) for each in records_of(parameter, added=False)):
        return True
    if sourced and parameter.add and "DTYPE" not in model.variables:
        return True
    return any(name in (*each.variables, *each.copied) for each in created)


def _names_source(records: ResolvedCreation) -> bool:
    """Whether each record of a rule names its one record of a domain, which it does not take over from another parameter."""
    return all(way.named is NamedRecord.ALWAYS and way.domain != "" for way in records.traceability)


def holding(records: Records, variable: ResolvedVariable, parameter: str, sourced: bool, several: bool) -> np.ndarray:
    """Return the records on which a formula holds. `several`: it reads several records, so parameters with added records are left out."""
    mine = np.ones(len(records.frame), dtype=bool)
    model = formulas.model_of(records)
    if not model.parameters:
        return mine
    codes = [
        code
        for code, each in model.parameters.items()
        if not set_by_records(model, each, variable.name, sourced)
        and not (several and each.add)
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

    The formula is evaluated on the variables of the files and on the collected variables: expressions, derivations that declare the value of a
    record case by case, and derivations that declare which value or record of a group or domain they select. Formulas
    that read temporaries of several records are left to other rules, and so are records that get the variable from their record rule, or copy it.

    Rule: G-05.
    """
    model = formulas.model_of(records)
    written = model.parameters[parameter].formulas[variable.name] if parameter else model.variables.get(variable.name, variable)
    several = along_records.selects(written)
    held = holding(records, variable, parameter, sourced, several)
    rows = np.flatnonzero(held) if not several and 2 * np.count_nonzero(held) < len(held) else None
    found = along_records.along(records, written) if several else formulas.evaluated(records, written, rows)
    if isinstance(found, np.ndarray):
        return found & held
    own, wanted = records.frame[variable.name], found.column
    other = ~same(own if rows is None else own.iloc[rows], wanted) & found.known
    if records.study.non_ascii == "transliterate" and wanted.dtype == "str":
        other &= wanted.str.isascii().to_numpy(dtype=bool)
    if rows is None:
        return other & held
    failed = np.zeros(len(held), dtype=bool)
    failed[rows] = other
    return failed


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
