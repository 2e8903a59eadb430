"""Checks that a value is one that its formula can give: windows, classes, terms and numbers of codelists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from adam.core.kinds import is_missing
from adam.expressions.tree import Call, Name
from adam.planning.values import Formula, ResolvedDataset, ResolvedStudy, ResolvedVariable, Term, Value
from validation.check import check
from validation.checks.parameter_values import own
from validation.records import Records

BY_RECORD = ("AVALC", "PARAM", "PARAMCD", "PARAMN", "PARCAT1", "PARCAT1N")
"""What `PARAMETER` gives besides the parameter's own formulas and what a record rule sets: other rules judge it (E-01, E-02, E-21, E-23)."""


def possible_value_rule(study: ResolvedStudy, dataset: ResolvedDataset, variable: ResolvedVariable) -> str:
    """Return the id of the rule about the possible values of a variable; nothing if they are not known."""
    formula, codelist = variable.formula, study.codelists.get(variable.codelist)
    if _bare(formula) == "PARAMETER":
        return "" if variable.name in BY_RECORD or variable.name.startswith("CRIT") or _is_set(dataset, variable.name) else "G-05"
    if _is_assigned(dataset, variable.name):
        return ""
    if _bare(formula) == "WINDOW":
        return "G-05" if variable.name in ("AVISIT", "AVISITN", "AWU") else ""
    if _mapped_from(study, dataset, variable, formula) is not None:
        return "G-07" if _numbered(formula) is not None else "G-05"
    return "G-05" if _terms(variable) is not None and (codelist is None or codelist.extensible) else ""


@check("Expected {variable} to be a value that its formula can give", generated=True)
def possible_value(records: Records, variable: ResolvedVariable) -> np.ndarray:
    """A value is not one that the formula can give.

    It is a term of the formula, or blank (of a derivation that declares its terms); the number or term of the codelist
    (`codelist_number`, `codelist_term`); for WINDOW a visit of the table, with its number; for PARAMETER a value of the parameter's own
    formula, and blank on a parameter without one. If a variable has a `where`, or is copied to records derived from others, a class only has to
    be one of the formula.

    Rule: G-05, G-07.
    """
    column = records.frame[variable.name]
    if _bare(variable.formula) == "WINDOW":
        return _off_window(records, variable.name)
    if _bare(variable.formula) != "PARAMETER":
        return _wrong(records, variable, variable.formula)
    failed = ~is_missing(column).to_numpy()
    written_in = records.study.datasets.get(records.dataset.name, records.dataset)
    for parameter in written_in.parameters.values():
        formula = parameter.formulas.get(variable.name)
        if formula is not None:
            mine = own(records, parameter)
            failed[mine] = _wrong(records, formula, formula.formula)[mine]
    return failed


def _wrong(records: Records, variable: ResolvedVariable, formula: Formula | None) -> np.ndarray:
    known = _mapped_from(records.study, records.dataset, variable, formula)
    terms = _terms(variable)
    if known is not None:
        each, number = records.combinations([known[0], variable.name])
        column, wanted = each[variable.name], _mapped(each[known[0]], known[1], each[variable.name])
        empty = is_missing(column).to_numpy()
        same = (column == wanted).to_numpy(dtype=bool) | (empty & is_missing(wanted).to_numpy())
        return np.asarray((~same & ~(empty & (variable.where is not None)))[number])
    column = records.frame[variable.name]
    return ~column.isin([*terms, ""]).to_numpy(dtype=bool) if terms is not None else np.zeros(len(column), dtype=bool)


def _bare(formula: Formula | None) -> str:
    return str(formula.expr) if isinstance(formula, Value) else ""


def _is_assigned(dataset: ResolvedDataset, name: str) -> bool:
    """Whether a record rule has a value of its own for the variable, which the formula need not be able to give."""
    return any(name in creation.assigned for parameter in dataset.parameters.values() for creation in parameter.creations)


def _is_set(dataset: ResolvedDataset, name: str) -> bool:
    """Whether a record rule sets the variable on the records it creates."""
    creations = [creation for parameter in dataset.parameters.values() for creation in parameter.creations]
    return any(name in creation.variables for creation in [*creations, *([dataset.creation] if dataset.creation is not None else [])])


def _terms(variable: ResolvedVariable) -> tuple[str, ...] | None:
    """All texts a formula can give, besides blank; None if they are not known."""
    if isinstance(variable.formula, Term):
        return (variable.formula.text,)
    terms = variable.derivation.terms if variable.derivation is not None else None
    return terms.texts if terms is not None and terms.complete else None


def _numbered(formula: Formula | None) -> Call | None:
    """The call of a formula that is `codelist_number(X)` or `codelist_term(X)`."""
    root = formula.expr.root if isinstance(formula, Value) else None
    return root if isinstance(root, Call) and root.function in ("codelist_number", "codelist_term") and isinstance(root.arguments[0], Name) else None


def _mapped_from(
    study: ResolvedStudy, dataset: ResolvedDataset, variable: ResolvedVariable, formula: Formula | None
) -> tuple[str, Mapping[Any, Any]] | None:
    """Return the variable that gives the value of every record, and the value for each of its values, if they are of a codelist."""
    call = _numbered(formula)
    if call is not None:
        of = str(call.arguments[0])
        owner = dataset.variables.get(of if call.function == "codelist_number" else variable.name)
        codelist = study.codelists.get(owner.codelist) if owner is not None else None
        if codelist is None or of not in dataset.variables:
            return None
        known: Mapping[Any, Any] = codelist.numbers
        known = known if call.function == "codelist_number" else {number: term for term, number in known.items()}
        return of, known
    return None


def _mapped(column: pd.Series, known: Mapping[Any, Any], like: pd.Series) -> pd.Series:
    found = column.map(dict(known)).astype("object")
    return found.fillna("").astype("str") if like.dtype == "str" else found.astype("float64")


def _off_window(records: Records, name: str) -> np.ndarray:
    """AVISIT or AVISITN is of no window, or AVISIT not the name of AVISITN; AWU is no DAYS."""
    each, number = records.combinations([known for known in (name, "AVISITN") if known in records.frame])
    column, use = each[name], records.dataset.windows
    table = records.study.windows[use.use] if use is not None else {}
    of_table: dict[str, list[Any]] = {"AVISIT": list(table), "AVISITN": [each.number for each in table.values()]}
    known = of_table.get(name, ["DAYS"])
    wrong = ~column.isin(known)
    if name == "AVISIT" and "AVISITN" in each:
        numbers = column.map({visit: each.number for visit, each in table.items()})
        wrong |= each["AVISITN"].notna() & (each["AVISITN"] != numbers)
    return np.asarray((wrong.to_numpy(dtype=bool) & ~is_missing(column).to_numpy())[number])
