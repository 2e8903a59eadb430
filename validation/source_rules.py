"""The rules that compare a dataset with its source, generated for every dataset whose records name their source."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from adam.catalog.traceability import NamedRecord, Traceability
from adam.core.errors import Severity
from adam.expressions.tree import Expr
from adam.planning.values import ResolvedDataset, ResolvedParameter, Value
from validation.check import CHECKS, Compares
from validation.contracts import records_of, source_of
from validation.origins import everything, origins
from validation.records import SUBJECT, SUBJECTS, sequence, subject_level
from validation.rule import Rule
from validation.scope import Scope
from validation.sentences import sentence

NUMBERED = (("SRC.SEQ",), ("PARAMETER", "SRC.SEQ"))
"""The formulas of a variable, and of SRCSEQ, that hold the number of the source record."""


def sourcing(scope: Scope) -> Iterator[Rule]:
    """The rules of a dataset about its source records."""
    compared = {CHECKS[line.kind].compares for line in scope.dataset.checks if line.kind in CHECKS}
    if scope.dataset.parameters:
        if Compares.VALUES not in compared:
            yield from _values(scope)
        for parameter in [each for each in scope.dataset.parameters.values() if each.kept]:
            yield from _kept(scope, parameter)
            yield from _units(scope, parameter)
    elif Compares.RECORDS not in compared:
        yield from _records(scope)


def _rule(
    scope: Scope,
    identity: str,
    kind: str,
    needs: set[str],
    severity: Severity = Severity.ERROR,
    names: str = "",
    **arguments: Any,  # noqa: ANN401  (each kind has its own)
) -> Rule:
    """A rule of a kind with its arguments; `names` are the variables whose values a finding shows."""
    parameter = arguments.get("parameter")
    mark = parameter.mark if isinstance(parameter, ResolvedParameter) else scope.dataset.mark
    bound = CHECKS[kind].model.model_construct(**arguments)
    message = sentence(CHECKS[kind], bound)
    return Rule(identity, severity, scope.dataset.name, kind, bound, message, mark, "", frozenset(needs - {""}), quiet=True, evidence=names)


def _subjects(scope: Scope) -> str | None:
    """The dataset whose condition selects the subjects of the dataset; None if the condition cannot be evaluated."""
    condition = scope.dataset.subjects
    if condition is None:
        return ""
    name = subject_level(scope.study.datasets)
    dataset = scope.study.datasets.get(name)
    known = dataset is not None and all(each.owner in (name, "STUDY") and len(each.parts) == 2 for each in condition.names)
    held = dataset is not None and all(each.owner == "STUDY" or each.last in dataset.variables for each in condition.names)
    return name if known and held else None


def _selection(scope: Scope, domain: str, where: Expr | None) -> list[Expr] | None:
    """The conditions on the records of a domain; None if one names a variable that was not collected."""
    use = scope.study.sources.get(domain)
    if domain in scope.study.datasets or (scope.headers is not None and domain not in scope.headers):
        return None
    found = [each for each in (use.where if use is not None else None, where) if each is not None]
    return found if all(_raw(scope, domain, expr) for expr in found) else None


def _raw(scope: Scope, domain: str, expr: Expr) -> bool:
    use, known = scope.study.sources.get(domain), (scope.headers or {}).get(domain)
    for name in expr.names:
        either = {name.last, f"{domain[:2]}{name.last}"} if name.owner == "SRC" else {name.last}
        if name.owner == "STUDY":
            continue
        if name.owner not in ("", "SRC", domain) or (use is not None and either & set(use.variables)):
            return False
        if known is not None and not either & set(known):
            return False
    return True


def _reads(scope: Scope, domain: str, exprs: list[Expr]) -> None:
    names = [each for expr in exprs for name in expr.names if name.owner != "STUDY" for each in (name.last, f"{domain[:2]}{name.last}")]
    scope.collects(domain, names)


def _records(scope: Scope) -> Iterator[Rule]:
    source = source_of(scope.dataset)
    if source is not None and source.selects:
        return
    domain = source.domain if source is not None else ""
    key = (*SUBJECT, *(() if domain == SUBJECTS else (sequence(domain),)))
    subjects, model = _subjects(scope), scope.study.datasets.get(scope.dataset.name, scope.dataset)
    exprs = _selection(scope, domain, source.where) if source is not None and domain else None
    if (
        exprs is None
        or subjects is None
        or not all(_copies(model, name) for name in key if name not in SUBJECT)
        or not set(key) <= set(model.variables)
    ):
        return
    _reads(scope, domain, exprs)
    yield _rule(scope, "G-11", "source_records", {domain, subjects}, domain=domain, key=key)


def _copies(model: ResolvedDataset, name: str) -> bool:
    """Whether a variable is a plain copy of the one of that name in a domain."""
    variable = model.variables.get(name)
    bare = variable.formula.expr.bare if variable is not None and isinstance(variable.formula, Value) and variable.where is None else None
    return bare is not None and (len(bare.parts) == 1 or bare.last in (name, name[2:]))


def _formula(scope: Scope, name: str) -> str:
    variable = scope.study.datasets.get(scope.dataset.name, scope.dataset).variables.get(name)
    return str(variable.formula.expr) if variable is not None and isinstance(variable.formula, Value) and variable.where is None else ""


def _values(scope: Scope) -> Iterator[Rule]:
    """The rule that compares AVAL with the source record that each record names."""
    dataset, study = scope.dataset, scope.study
    model = study.datasets.get(dataset.name, dataset)
    ways = [way for parameter in model.parameters.values() for each in records_of(parameter) for way in each.traceability]
    traced = all(way.domain == dataset.name or way.domain not in study.datasets for way in ways)
    named = ("SRCDOM", "SRCVAR", "SRCSEQ", "AVAL")
    if not traced or not set(named) <= set(dataset.variables) or any(_formula(scope, name) != "PARAMETER" for name in named):
        return
    domains = {way.domain for code in model.parameters for way in origins(study, dataset, code)} - {"", dataset.name}
    for domain, names in everything(study, dataset, "VISITNUM", "SEQ"):
        scope.collects(domain, names)
    date = "ADT" if _formula(scope, "ADT") == "date(SRC.DTC)" else None
    yield _rule(scope, "G-20", "source_value", domains, domain="SRCDOM", variable="SRCVAR", sequence="SRCSEQ", value="AVAL", date=date)


def _kept(scope: Scope, parameter: ResolvedParameter) -> Iterator[Rule]:
    """Every source record of a parameter, where the records can be found by the source they name."""
    rules = records_of(parameter, added=False)
    way = rules[0].traceability[0] if rules else None
    ways, subjects = origins(scope.study, scope.dataset, parameter.name), _subjects(scope)
    if way is None or way.domain in ("", scope.dataset.name) or way.selects or not ways or subjects is None or parameter.subjects is not None:
        return
    collected = way.named is NamedRecord.ALWAYS
    exprs = _selection(scope, way.domain, way.where) if collected else _assessed(scope, way)
    number = next((name for name in ("SRCSEQ", *scope.dataset.variables) if _formula(scope, name) in NUMBERED[name == "SRCSEQ"]), "")
    if exprs is None or (collected and not number):
        return
    domain = ways[0].domain
    _reads(scope, domain, exprs)
    scope.collects(domain, ["VISITNUM", f"{domain[:2]}DTC", *([ways[0].column] if ways[0].column else [])])
    yield _rule(scope, "G-20", "source_kept", {domain, subjects}, parameter=parameter, sequence=number or "SRCSEQ")
    traced = {"SRCDOM", "SRCVAR", "SRCSEQ"} <= set(scope.dataset.variables)
    if collected and way.is_result and not traced and number != "SRCSEQ" and len(parameter.records) == 1:
        scope.collects(domain, [f"{domain[:2]}{name}" for name in ("STRESN", "STRESC", "STAT")])
        yield _rule(scope, "G-20", "source_aval", {domain}, names="AVAL, SRC.STRESN", parameter=parameter, sequence=number)


def _assessed(scope: Scope, way: Traceability) -> list[Expr] | None:
    """The conditions on the records of an assessment; None if the dataset does not show which assessment a record is of."""
    use, placed = scope.study.sources.get(way.domain), _formula(scope, "VISITNUM") in ("SRC", "SRC.VISITNUM")
    if not way.items or not placed or _formula(scope, "ADT") != "date(SRC.DTC)" or (use is not None and use.where is not None):
        return None
    known = (scope.headers or {}).get(way.domain)
    names = [name for name in way.where.names if name.owner != "STUDY"] if way.where is not None else []
    there = known is None or all({name.last, f"{way.domain[:2]}{name.last}"} & set(known) for name in names)
    return ([way.where] if way.where is not None else []) if there else None


def _units(scope: Scope, parameter: ResolvedParameter) -> Iterator[Rule]:
    domains = {way.domain for way in origins(scope.study, scope.dataset, parameter.name)} - {"", scope.dataset.name, *scope.study.datasets}
    domain = domains.pop() if len(domains) == 1 else ""
    unit = f"{domain[:2]}STRESU"
    named = {"SRCDOM", "SRCSEQ"} <= set(scope.dataset.variables)
    if not domain or not named or scope.headers is None or unit not in scope.headers.get(domain, {}):
        domain = ""
    if domain:
        scope.collects(domain, [unit])
    names = ", ".join([*(["AVALU"] if "AVALU" in scope.dataset.variables else []), *(["SRC.STRESU"] if domain else [])])
    if names:
        yield _rule(scope, "G-14", "one_unit", {domain}, Severity.WARNING, names, parameter=parameter, domain=domain)
