"""Where the records of a parameter come from, by what the specification says of it: the domain, which of its records, whether one or several."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import pandas as pd

from adam.expressions.evaluate import Evaluation
from adam.expressions.parse import parse
from adam.expressions.tree import Expr
from adam.plan.values import Instrument, Records, ResolvedDataset, ResolvedParameter, ResolvedStudy, ResolvedVariable, Value
from adam.specification.located import LocatedMap
from validation.records import SUBJECTS, SourceRecords, prefixed

VALUES = ("STRESN", "STRESC")
"""What a value is read from (DOMAIN §11.49)."""


@dataclass(frozen=True)
class Origin:
    """One way records of a parameter come about.

    `domain` is blank for records that need not tell theirs. Of its records those that fit `where`, and have `item` in `column` if a record
    is named. `named`: each record names its one source record; None: it may (a collected total); False: it is made of several. `direct`:
    AVAL is the value of the source record it names; `computed`: it is a formula of that record, which may read any variable. `items`: the
    codes, in `column`, of all records a score is made of. `dataset`: the source is an analysis dataset.
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


def parameter_of(study: ResolvedStudy, dataset: ResolvedDataset, code: str) -> ResolvedParameter | None:
    """A parameter of a dataset, kept or made only for others; None for one nobody knows."""
    return dataset.parameters.get(code) or study.datasets.get(dataset.name, dataset).parameters.get(code)


def origins(study: ResolvedStudy, dataset: ResolvedDataset, code: str) -> list[Origin]:
    """The origins of a parameter; none of one nobody knows."""
    parameter = parameter_of(study, dataset, code)
    return [each for making in parameter.records for each in _of(study, dataset, making)] if parameter is not None else []


def _of(study: ResolvedStudy, dataset: ResolvedDataset, making: Records) -> Iterator[Origin]:
    said = making.arguments
    if making.kind == "from":
        where, source = parse(str(said["where"])) if "where" in said else None, str(said["from"])
        if source in study.datasets:
            yield Origin(source, computed=True, dataset=True)
            return
        named, direct = None if source == SUBJECTS else True, "value" not in said and source != SUBJECTS
        yield Origin(source, _readable(study, source, where), named=named, direct=direct, computed=not direct)
    elif making.kind == "score":
        yield _scored(study, study.instruments[str(said["instrument"])], said)
    elif making.kind == "computed":
        yield Origin(dataset.name, named=False)
    else:
        given = said.get("of", [])
        several = [each for code in (given if isinstance(given, list) else [given]) for each in origins(study, dataset, str(code))]
        carried = making.kind != "response" or "SRCDOM" in dataset.copied
        yield from (replace(each, direct=False, named=each.named if making.kind == "response" else False) for each in several if carried)
        if not carried or not several:
            yield Origin("")


def _scored(study: ResolvedStudy, instrument: Instrument, said: LocatedMap) -> Origin:
    """The assessments of an instrument; all their records count that a formula, the collected total or what tells `not_done` names."""
    exprs = [parse(str(said[key])) for key in ("value", "otherwise") if key in said]
    codes = [item for expr in exprs for item in sorted(instrument.items_of(expr))] + [
        str(said[key]) for key in ("collected", "not_done") if key in said
    ]
    column = f"{instrument.domain[:2]}{instrument.code.names[0].last}"
    where = _readable(study, instrument.domain, instrument.where)
    item, named = (instrument.code_of(str(said["collected"])), None) if "collected" in said else ("", False)
    return Origin(instrument.domain, where, column, item, named, True, tuple(dict.fromkeys(instrument.code_of(code) for code in codes)))


def reads(origin: Origin) -> Iterator[str]:
    """The variables of its domain that tell whether a record is one of an origin, and its value."""
    prefix = origin.domain[:2]
    yield from (f"{prefix}{name}" for name in (*VALUES, "STAT", "DTC"))
    yield from [origin.column] if origin.column else []
    for name in origin.where.names if origin.where is not None else ():
        yield from (f"{prefix}{name.last}", name.last)


def replaces(added: ResolvedVariable) -> bool:
    """Whether a variable added to a domain stands for the collected one of the same name, which its formula reads."""
    return isinstance(added.formula, Value) and any(name.last == added.name for name in added.formula.expr.names)


def _readable(study: ResolvedStudy, domain: str, where: Expr | None) -> Expr | None:
    """A condition that can be told of what was collected; nothing instead of one that names what is worked out."""
    use = study.sources.get(domain)
    added = {name for name, variable in use.variables.items() if not replaces(variable)} if use is not None else set()
    for name in where.names if where is not None else ():
        if name.owner not in ("", "SRC", "STUDY", domain) or {name.last, f"{domain[:2]}{name.last}"} & added:
            return None
    return where


def as_read(study: ResolvedStudy, domain: str, frame: pd.DataFrame) -> SourceRecords:
    """The records of a domain, with what replaces a collected variable of the same name in its place (`RSTESTCD: upper(RSTESTCD)`)."""
    collected = SourceRecords(study, domain, frame.reset_index(drop=True))
    use = study.sources.get(domain)
    changed = {
        name: Evaluation(collected).column(variable.formula.expr)
        for name, variable in (use.variables if use is not None else {}).items()
        if name in frame and isinstance(variable.formula, Value) and replaces(variable) and _own(domain, variable.formula.expr)
    }
    return SourceRecords(study, domain, collected.frame.assign(**changed))


def _own(domain: str, expr: Expr) -> bool:
    return all(name.owner in ("", "SRC", "STUDY", domain) for name in expr.names)


def column(source: SourceRecords, name: str, missing: object = "") -> pd.Series:
    """--X of the records of a domain; `missing` where the domain has none."""
    found = prefixed(source.domain, name, source.frame.columns)
    return source.frame[found] if found in source.frame else pd.Series([missing] * len(source.frame), index=source.index)


def domains(found: Iterable[Origin], dataset: ResolvedDataset) -> list[str]:
    """The domains of origins."""
    return list(dict.fromkeys(each.domain for each in found if each.domain not in ("", dataset.name) and not each.dataset))


def everything(study: ResolvedStudy, dataset: ResolvedDataset, *more: str) -> Iterator[tuple[str, list[str]]]:
    """The domains the parameters come from, with the variables that tell their records and `more`, each --X or X."""
    found = [each for code in dataset.parameters for each in origins(study, dataset, code)]
    for domain in domains(found, dataset):
        names = [name for each in found if each.domain == domain for name in reads(each)]
        yield domain, names + [each for name in more for each in (f"{domain[:2]}{name}", name)]
