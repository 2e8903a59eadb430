"""Where the records of a parameter come from, by the traceability of its record rules: the domain, which of its records, one or several."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import pandas as pd

from adam.catalog.traceability import NamedRecord, Traceability
from adam.expressions.evaluate import Evaluation
from adam.expressions.tree import Expr
from adam.planning.values import ResolvedDataset, ResolvedParameter, ResolvedStudy, ResolvedVariable, Value
from validation.contracts import records_of
from validation.records import SUBJECTS, Records, SourceRecords, prefixed

VALUES = ("STRESN", "STRESC")
"""The variables of a standard result: the number, else the text."""


@dataclass(frozen=True)
class Origin:
    """One way in which records of a parameter name their source.

    `domain` is blank for records that need not name one. Of its records those that match `where`, and have `item` in `column`, can be named.
    `named`: each record names its one source record; None: it may (a collected total); False: its value is of several records. `direct`: AVAL
    is the standard result of the record it names; `computed`: AVAL is an expression of that record, which may read any variable. `items` are
    the codes, in `column`, of all records a score is computed from. `dataset`: the source is an analysis dataset.
    """

    domain: str
    where: Expr | None = None
    column: str = ""
    item: str = ""
    named: bool | None = None
    direct: bool = False
    items: tuple[str, ...] = ()
    computed: bool = False
    dataset: bool = False


NAMED = {NamedRecord.ALWAYS: True, NamedRecord.SOMETIMES: None, NamedRecord.NEVER: False}


def parameter_of(study: ResolvedStudy, dataset: ResolvedDataset, code: str) -> ResolvedParameter | None:
    """Return a parameter of a dataset, kept or used only for others; None if there is none."""
    return dataset.parameters.get(code) or study.datasets.get(dataset.name, dataset).parameters.get(code)


def origins(study: ResolvedStudy, dataset: ResolvedDataset, code: str) -> list[Origin]:
    """Return the origins of a parameter; none if there is no such parameter."""
    parameter = parameter_of(study, dataset, code)
    if parameter is None:
        return []
    found = [origin for each in records_of(parameter, added=False) for way in each.traceability for origin in _of(study, dataset, way)]
    for added in (each for each in records_of(parameter) if each.is_added):
        shown = "DTYPE" in dataset.variables and "DTYPE" in added.variables  # DTYPE shows which records need no source
        changed = [replace(each, direct=False) for each in found] if "AVAL" in added.assigned else []
        for way in added.traceability:
            if code in way.parameters:  # copies of records of the parameter name what these name
                found += changed
            elif way.domain or not shown:
                found += _of(study, dataset, way)
    return found


def _of(study: ResolvedStudy, dataset: ResolvedDataset, way: Traceability) -> Iterator[Origin]:
    if way.parameters:
        several = [each for code in way.parameters for each in origins(study, dataset, code)]
        yield from (replace(each, direct=False, named=each.named if way.named is NamedRecord.ALWAYS else False) for each in several)
        if not several:
            yield Origin("")
    elif way.domain in study.datasets:
        yield Origin(way.domain, named=False) if way.domain == dataset.name else Origin(way.domain, computed=True, dataset=True)
    elif way.domain == SUBJECTS:
        yield Origin(way.domain, _readable(study, way.domain, way.where), computed=True)  # the subject's record has no number to name
    else:
        column = f"{way.domain[:2]}{way.code.names[0].last}" if way.code is not None else ""
        where = _readable(study, way.domain, way.where)
        yield Origin(way.domain, where, column, way.item, NAMED[way.named], way.is_result, way.items, not way.is_result)


def reads(origin: Origin) -> Iterator[str]:
    """Yield the variables of its domain that identify the records of an origin, and their values."""
    prefix = origin.domain[:2]
    yield from (f"{prefix}{name}" for name in (*VALUES, "STAT", "DTC"))
    yield from [origin.column] if origin.column else []
    for name in origin.where.names if origin.where is not None else ():
        yield from (f"{prefix}{name.last}", name.last)


def replaces(added: ResolvedVariable) -> bool:
    """Return whether a variable added to a domain replaces the collected one of the same name, which its formula reads."""
    return isinstance(added.formula, Value) and any(name.last == added.name for name in added.formula.expr.names)


def _readable(study: ResolvedStudy, domain: str, where: Expr | None) -> Expr | None:
    """A condition on collected variables; None for one that reads a variable the study adds."""
    use = study.sources.get(domain)
    added = {name for name, variable in use.variables.items() if not replaces(variable)} if use is not None else set()
    for name in where.names if where is not None else ():
        if name.owner not in ("", "SRC", "STUDY", domain) or {name.last, f"{domain[:2]}{name.last}"} & added:
            return None
    return where


def as_read(study: ResolvedStudy, domain: str, frame: pd.DataFrame) -> SourceRecords:
    """Return the records of a domain, with each collected variable that the study replaces (`RSTESTCD: upper(RSTESTCD)`) replaced."""
    collected = SourceRecords(study, domain, frame.reset_index(drop=True))
    use = study.sources.get(domain)
    changed = {
        name: Evaluation(collected).column(variable.formula.expr)
        for name, variable in (use.variables if use is not None else {}).items()
        if name in frame and isinstance(variable.formula, Value) and replaces(variable) and _own(domain, variable.formula.expr)
    }
    return SourceRecords(study, domain, collected.frame.assign(**changed))


def collected_records(records: Records, domain: str) -> SourceRecords:
    """Return the records of a domain as read, for all checks of a dataset."""
    known = (collected_records, domain)
    if known not in records.memo:
        records.memo[known] = as_read(records.study, domain, records.source(domain))
    found: SourceRecords = records.memo[known]
    return found


def _own(domain: str, expr: Expr) -> bool:
    return all(name.owner in ("", "SRC", "STUDY", domain) for name in expr.names)


def column(source: SourceRecords, name: str, missing: object = "") -> pd.Series:
    """Return --X of the records of a domain; `missing` if the domain has no such variable."""
    found = prefixed(source.domain, name, source.frame.columns)
    return source.frame[found] if found in source.frame else pd.Series([missing] * len(source.frame), index=source.index)


def domains(found: Iterable[Origin], dataset: ResolvedDataset) -> list[str]:
    """Return the domains of origins."""
    return list(dict.fromkeys(each.domain for each in found if each.domain not in ("", dataset.name) and not each.dataset))


def everything(study: ResolvedStudy, dataset: ResolvedDataset, *more: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the domains the parameters come from, with the variables that identify their records and `more`, each --X or X."""
    found = [each for code in dataset.parameters for each in origins(study, dataset, code)]
    for domain in domains(found, dataset):
        names = [name for each in found if each.domain == domain for name in reads(each)]
        yield domain, names + [each for name in more for each in (f"{domain[:2]}{name}", name)]
