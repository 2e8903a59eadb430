"""Derivations that look along records, evaluated on finished datasets: flags of the first or last record, values of a group or of a source."""

from __future__ import annotations

import numpy as np
import pandas as pd
from pydantic_core import PydanticCustomError

from adam.core.kinds import ValueKind, is_missing, missing_column, true
from adam.expressions.evaluate import Evaluation
from adam.expressions.parse import parse
from adam.plan.values import Derivation, ResolvedVariable, Value
from validation.argument_types import OrderKey, as_order
from validation.checks.subject_records import chosen, flagged, grouped, ranks
from validation.evaluable import evaluable
from validation.formulas import Arguments, Evaluated, Names, Reads, arguments_of, listed
from validation.records import SUBJECT, Records, SourceRecords, positions, taken
from validation.scope import Scope

FLAGS = ("flag_first", "flag_last")
SUMMARIES = ("single", "first", "last", "sum", "exists")


def reads_along(scope: Scope, variable: ResolvedVariable) -> Reads | None:
    """What a derivation along records reads, if it can be evaluated; None if it cannot."""
    formula = variable.formula
    if not isinstance(formula, Derivation) or formula.name not in (*FLAGS, *SUMMARIES) or variable.where is not None:
        return None
    given = block(formula)
    within = [str(name) for name in listed(given.get("within", []))]
    model = scope.study.datasets.get(scope.dataset.name, scope.dataset)
    if not set(within) <= set(model.variables):
        return None
    if formula.name in FLAGS:
        order = _order(given)
        named = {key.name for key in order or ()} | set(scope.dataset.key)
        return _of_records(scope, variable, given, ("where",)) if order is not None and named <= set(model.variables) else None
    if "order" in given and formula.name != "single":
        return None
    return _of_records(scope, variable, given, ("of", "where")) if "within" in given else _of_domain(scope, given)


def block(formula: Derivation) -> Arguments:
    """The arguments of a derivation along records; `any` takes its condition bare, the others what they are of."""
    if not isinstance(formula.arguments, dict) and formula.name == "exists":
        return {"where": formula.arguments}
    return arguments_of(formula)


def _order(given: Arguments) -> tuple[OrderKey, ...] | None:
    try:
        return as_order(given.get("order", []))
    except (PydanticCustomError, ValueError):
        return None


def _of_records(scope: Scope, variable: ResolvedVariable, given: Arguments, keys: tuple[str, ...]) -> Reads | None:
    """What the expressions read on the records of the dataset."""
    reads: Reads = []
    for key in [key for key in keys if key in given]:
        found = evaluable(scope, ResolvedVariable(name=variable.name, formula=Value(parse(str(given[key])))))
        if found is None:
            return None
        reads += found
    return reads


def domain_of(given: Arguments) -> str:
    """The one domain that all expressions name; nothing if they name more, or something else."""
    names = [name for key in ("of", "where") if key in given for name in parse(str(given[key])).names if name.owner != "STUDY"]
    owners = {name.owner if len(name.parts) == 2 else "" for name in names}
    return owners.pop() if len(owners) == 1 else ""


def _of_domain(scope: Scope, given: Arguments) -> Reads | None:
    """What the expressions read of a domain, as it was collected."""
    domain = domain_of(given)
    use, headers = scope.study.sources.get(domain), scope.headers
    if domain in ("", "SRC") or domain in scope.study.datasets or headers is None or domain not in headers or (use is not None and use.where):
        return None
    names = [name.last for key in ("of", "where") if key in given for name in parse(str(given[key])).names if name.owner != "STUDY"]
    if not set(names) <= set(headers[domain]) or (use is not None and set(names) & set(use.variables)):
        return None
    return [(domain, name) for name in names]


def along(records: Records, variable: ResolvedVariable) -> Evaluated | np.ndarray:
    """What a derivation along records gives; of a flag the records that fail."""
    formula = variable.formula
    assert isinstance(formula, Derivation)
    given, names = block(formula), Names(records, variable)
    within = [str(name) for name in listed(given.get("within", []))]
    if formula.name in FLAGS:
        return _flags(records, names, given, within, formula.name == "flag_last")
    if within or "within" in given:
        group = grouped(records, within)
        fits = names.holds(given["where"]) if "where" in given else np.ones(len(group), dtype=bool)
        values = names.of(given["of"]) if "of" in given else None
        found = summary(formula.name, values, group, fits, int(group.max(initial=-1)) + 1)
        return Evaluated(taken(found.column, group), found.known[group])
    return _of_source(records, formula.name, given)


def _flags(records: Records, names: Names, given: Arguments, within: list[str], last: bool) -> np.ndarray:
    """The records whose flag is not that of the first (or last) of its group; what the order leaves equal is decided by the key."""
    group = grouped(records, within)
    candidates = names.holds(given["where"]) if "where" in given else np.ones(len(group), dtype=bool)
    order = (*(_order(given) or ()), *(OrderKey(name) for name in records.dataset.key))
    rank = ranks(records.frame, order)
    failed = chosen(records, names.variable.name, group, candidates, rank.max(initial=0) - rank if last else rank)
    return failed | (flagged(records, names.variable.name) & ~candidates)


def _of_source(records: Records, name: str, given: Arguments) -> Evaluated:
    domain = domain_of(given)
    source = SourceRecords(records.study, domain, records.source(domain).reset_index(drop=True))
    subjects = source.frame[SUBJECT].drop_duplicates().reset_index(drop=True)
    group = positions(subjects, source.frame[SUBJECT])
    fits = true(Evaluation(source).column(parse(str(given["where"])))).to_numpy() if "where" in given else np.ones(len(group), dtype=bool)
    values = Evaluation(source).column(parse(str(given["of"]))) if "of" in given else None
    found = summary(name, values, group, fits, len(subjects))
    rows = positions(subjects, records.frame[SUBJECT])
    column = taken(found.column, rows)
    return Evaluated(column, np.where(rows >= 0, found.known[rows] if len(subjects) else True, True).astype(bool))


def summary(name: str, values: pd.Series | None, group: np.ndarray, fits: np.ndarray, size: int) -> Evaluated:
    """The value of each group: that of its one record, the lowest, the highest, the sum, or whether a record fits.

    A group with several records where one is meant is not told; it is reported when it is derived.
    """
    known = np.ones(size, dtype=bool)
    if name == "exists" or values is None:
        found = np.zeros(size, dtype=bool)
        found[group[fits]] = True
        return Evaluated(pd.Series(np.where(found, "Y", ""), dtype="str"), known)
    if name == "single":
        known = np.bincount(group[fits], minlength=size) <= 1
    mine = fits if name == "single" else fits & ~is_missing(values).to_numpy(dtype=bool)
    by = values[mine].groupby(group[mine])
    column = by.sum() if name == "sum" else by.max() if name == "last" else by.min() if name == "first" else by.first()
    empty = missing_column(ValueKind.TEXT if values.dtype == "str" else ValueKind.NUMBER, pd.RangeIndex(size)).astype(values.dtype)
    empty.iloc[column.index.to_numpy()] = column.to_numpy()
    return Evaluated(empty, known)


def is_along(variable: ResolvedVariable) -> bool:
    """Whether a formula looks along records."""
    return isinstance(variable.formula, Derivation) and variable.formula.name in (*FLAGS, *SUMMARIES)
