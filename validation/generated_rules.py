"""The rules every dataset has without a line of `checks:`, generated from its resolved model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from adam.catalog.traceability import OnePerGroup, OnePerRecord, Traceability
from adam.core.errors import Mark, Severity
from adam.core.sdtm import may_have
from adam.expressions.tree import Expr, Name
from adam.planning.values import ResolvedDataset, ResolvedParameter, ResolvedStudy, ResolvedVariable, Value
from validation.check import CHECKS
from validation.checks.parameter_values import by_parameter
from validation.checks.possible_value import possible_value_rule
from validation.conformance.rule_file import name_lists
from validation.contracts import records_of, source_of
from validation.evaluable import evaluable
from validation.name_patterns import Pair, fill_places, matches
from validation.records import SUBJECT, SUBJECT_LEVEL, SUBJECTS, sequence, subject_level
from validation.rule import Rule
from validation.scope import Scope
from validation.sentences import sentence

IDS = tuple(f"G-{number:02d}" for number in range(1, 23))
"""The ids of generated rules. A line `ID: {generated: CHECK}` gives the rules of a check another id."""


def generated(scope: Scope) -> Iterator[Rule]:
    """Yield the rules every dataset has."""
    study, dataset = scope.study, scope.dataset
    yield _rule(dataset, "G-02", "valid_names")
    yield _rule(dataset, "G-03", "declared_types")
    yield _rule(dataset, "G-06", "unique", unique=list(dataset.key), where=None)
    if dataset.class_ != SUBJECT_LEVEL and subject_level(study.datasets):
        yield _rule(dataset, "G-11", "known_subject", needs={subject_level(study.datasets)})
    for variable in dataset.variables.values():
        yield from _of_type(scope, variable)
        yield from _of_values(study, variable, dataset)
        yield from _of_pairs(variable, dataset)
        yield from _of_source(scope, variable)
    if dataset.parameters:
        yield from _of_parameters(scope)


def _of_source(scope: Scope, variable: ResolvedVariable) -> Iterator[Rule]:
    """The value of a variable that is a plain copy."""
    if variable.predecessor:
        if by := _found_by(scope.study, variable, scope.dataset):
            yield _rule(scope.dataset, "G-11", "copied_value", variable=variable, by=by, needs={variable.predecessor})
    elif source := _collected(variable, scope):
        yield _rule(scope.dataset, "G-11", "collected_value", variable=variable, source=source, needs={SUBJECTS})
    elif domains := _of_that_name(variable, scope):
        for domain in domains:
            scope.collects(domain, [variable.name])
        yield _rule(scope.dataset, "G-22", "same_as_collected", Severity.WARNING, variable=variable, domains=domains, needs=set(domains))


def _found_by(study: ResolvedStudy, variable: ResolvedVariable, dataset: ResolvedDataset) -> tuple[str, ...]:
    """The variables that identify the record a variable is copied from: the subject, or copies of the key of that dataset; nothing if it has none."""
    other = study.datasets[variable.predecessor]
    if other.class_ == SUBJECT_LEVEL:
        return tuple(SUBJECT)
    copies = {name for name, each in dataset.variables.items() if each.predecessor == other.name or name in SUBJECT}
    return other.key if set(other.key) <= copies else ()


def _of_that_name(variable: ResolvedVariable, scope: Scope) -> tuple[str, ...]:
    """The domains of the dataset's records that have a variable of that name, if the variable is not a plain copy of it."""
    source, dataset = source_of(scope.dataset), scope.dataset
    found = (SUBJECTS,) if dataset.class_ == SUBJECT_LEVEL else (source.domain,) if source is not None else scope.domains
    domains = tuple(domain for domain in found if domain not in scope.study.datasets and _has(scope, domain, variable.name))
    name = variable.formula.expr.bare if isinstance(variable.formula, Value) and variable.where is None else None
    copied = name is not None and name.last in (variable.name, variable.name[2:], "SRC", *domains)
    prepared = any(domain in scope.study.sources and variable.name in scope.study.sources[domain].variables for domain in domains)
    return domains if prepared or not copied else ()


def _has(scope: Scope, domain: str, name: str) -> bool:
    """Whether a domain has a variable besides its key, as far as its header or the standard shows."""
    if name in (*SUBJECT, "DOMAIN", sequence(domain)) or not may_have(domain, name):
        return False
    return name in scope.headers.get(domain, ()) if scope.headers is not None else False


def _collected(variable: ResolvedVariable, scope: Scope) -> str:
    """The variable of the subject's record, as DM.X, that a variable is a plain copy of; blank if it is none."""
    name = variable.formula.expr.bare if isinstance(variable.formula, Value) and variable.where is None else None
    use = scope.study.sources.get(SUBJECTS)
    if name is None or name.parts[0] != SUBJECTS or len(name.parts) > 2 or (use is not None and variable.name in use.variables):
        return ""
    source = name.last if len(name.parts) == 2 else variable.name
    if use is not None and source in (*use.variables, *use.optional):
        return ""
    scope.collects(SUBJECTS, [source])
    return f"{SUBJECTS}.{source}"


def is_population_flag(dataset: ResolvedDataset, variable: ResolvedVariable) -> bool:
    """Return whether a variable is Y or N for each subject: by its formula, or by its label as a population flag."""
    if dataset.class_ != SUBJECT_LEVEL or not variable.name.endswith("FL") or variable.codelist != "NY":
        return False
    return _always_yes_or_no(variable) or variable.label.endswith("Population Flag")


def _always_yes_or_no(variable: ResolvedVariable) -> bool:
    """Whether the formula gives Y or N on every record."""
    derivation = variable.derivation
    terms, cases = (derivation.terms, derivation.cases) if derivation is not None else (None, None)
    known = terms is not None and terms.complete and set(terms.texts) == {"Y", "N"}
    return known and cases is not None and cases[-1].when is None and all(case.value for case in cases)


def _rule(
    dataset: ResolvedDataset,
    identity: str,
    kind: str,
    severity: Severity = Severity.ERROR,
    needs: set[str] | None = None,
    **arguments: Any,  # noqa: ANN401  (each kind has its own)
) -> Rule:
    model = arguments.get("variable") or arguments.get("parameter")
    mark: Mark = model.mark if isinstance(model, ResolvedVariable | ResolvedParameter) else dataset.mark
    name = model.name if isinstance(model, ResolvedVariable) else str(arguments.get("name", arguments.get("flag", arguments.get("moment", ""))))
    bound = CHECKS[kind].model.model_construct(**arguments)
    return Rule(identity, severity, dataset.name, kind, bound, sentence(CHECKS[kind], bound), mark, name, frozenset(needs or ()))


def _of_type(scope: Scope, variable: ResolvedVariable) -> Iterator[Rule]:
    if variable.type == "text":
        yield _rule(scope.dataset, "G-03", "text_length", variable=variable)
    elif variable.type == "integer":
        yield _rule(scope.dataset, "G-03", "whole_numbers", variable=variable)
    elif variable.type == "date":
        yield _rule(scope.dataset, "G-08", "plausible_date", variable=variable)
    if any(True for pattern in name_lists().names["relative_days"] for _ in matches(pattern, [variable.name])) and variable.type == "integer":
        reads = evaluable(scope, variable)
        for owner, name in reads or ():
            if owner not in scope.study.datasets:
                scope.collects(owner, [name])
        needs = {owner for owner, _ in reads or () if owner != scope.dataset.name}
        yield _rule(scope.dataset, "G-10", "relative_day", variable=variable, recomputed=reads is not None, needs=needs)


def _of_values(study: ResolvedStudy, variable: ResolvedVariable, dataset: ResolvedDataset) -> Iterator[Rule]:
    """What the variable can hold: by its codelist, and by its formula."""
    codelist = study.codelists.get(variable.codelist) if variable.type == "text" else None
    if is_population_flag(dataset, variable):
        yield _rule(dataset, "G-04", "population_flag", variable=variable)
        return
    if variable.never_blank:
        yield _rule(dataset, "G-04", "not_missing", variable=variable)
    if codelist is not None:
        yield _rule(dataset, "G-05", "codelist_term", Severity.WARNING if codelist.extensible else Severity.ERROR, variable=variable)
    identity = possible_value_rule(study, dataset, variable)
    if identity:
        yield _rule(dataset, identity, "possible_value", variable=variable)


def _of_pairs(variable: ResolvedVariable, dataset: ResolvedDataset) -> Iterator[Rule]:
    """The rules of a variable and its partner: xxx and xxxN, xxDTM and xxDT, xxDTF and xxDT."""
    name, names = variable.name, dataset.variables
    pair = _paired(variable)
    if pair.of[1] in names:
        within = pair.within if pair.within in names else ""
        yield _rule(dataset, "G-07", "paired_values", name=name, number=pair.of[1], within=within, may_lack=pair.may_lack)
    if variable.type == "datetime" and name.endswith("DTM") and name[:-1] in names:
        yield _rule(dataset, "G-08", "same_day", moment=name, date=name[:-1])
    if name.endswith(("DTF", "TMF")):
        date = next((each for each in _dated(name) if each in names), "")
        if date:
            yield _rule(dataset, "G-09", "imputation_letter", flag=name, date=date)


def _paired(variable: ResolvedVariable) -> Pair:
    """A variable and its number: as the standard calls it, else xxxN of a text; a blank name where it can have none."""
    for pair in name_lists().pairs:
        for name, digits in matches(pair.of[0], [variable.name]):
            return pair.model_copy(update={"of": (name, fill_places(pair.of[1], digits))})
    return Pair(of=(variable.name, f"{variable.name}N" if variable.type == "text" else ""))


def _dated(flag: str) -> list[str]:
    """What an imputation flag can be the flag of.

    >>> _dated("ASTDTF"), _dated("ASTTMF")
    (['ASTDT'], ['ASTDTM', 'ASTTM'])
    """
    return [flag[:-1]] if flag.endswith("DTF") else [f"{flag[:-3]}DTM", f"{flag[:-3]}TM"]


def _of_parameters(scope: Scope) -> Iterator[Rule]:
    dataset = scope.dataset
    yield _rule(dataset, "G-15", "parameter_names")
    if {"SRCDOM", "SRCSEQ"} <= set(dataset.variables):
        yield _rule(dataset, "G-13", "consumed_once", Severity.WARNING)
    for parameter in [each for each in dataset.parameters.values() if each.kept]:
        yield from _of_parameter(scope, parameter)


def _of_parameter(scope: Scope, parameter: ResolvedParameter) -> Iterator[Rule]:
    dataset = scope.dataset
    yield _rule(dataset, "G-16", "parameter_value", parameter=parameter)
    criteria = [int(digits["y"]) for _, digits in matches("CRITy", dataset.variables)]
    for number in [each for each in criteria if by_parameter(scope.study, dataset, f"CRIT{each}", parameter)]:
        yield _rule(dataset, "G-19", "criterion", parameter=parameter, number=number)
    for each in records_of(parameter, added=False):
        if isinstance(each.expected, OnePerRecord):
            yield from _one_per_record(dataset, parameter, each.expected)
        elif isinstance(each.expected, OnePerGroup):
            yield from _one_per_group(dataset, parameter, each.expected)
        for way in each.traceability:
            yield from _total(scope, parameter, way)


def _in_file(dataset: ResolvedDataset, codes: Iterable[str], names: Iterable[Name]) -> bool:
    """Whether the file has the parameters and the variables."""
    kept = all(code in dataset.parameters and dataset.parameters[code].kept for code in codes)
    return kept and all(not name.owner and name.last in dataset.variables for name in names)


def _one_per_record(dataset: ResolvedDataset, parameter: ResolvedParameter, expected: OnePerRecord) -> Iterator[Rule]:
    """The values of records that are created one for each record of other parameters."""
    exprs = [expected.where, *(each for case in expected.value for each in (case.when, case.value) if isinstance(each, Expr))]
    if _in_file(dataset, expected.parameters, [name for expr in exprs for name in expr.names]):
        yield _rule(dataset, "G-17", "response", parameter=parameter, expected=expected)
        if {"DTYPE", "AVISITN"} <= set(dataset.variables):
            yield _rule(dataset, "G-18", "imputed_response", parameter=parameter, expected=expected)


def _one_per_group(dataset: ResolvedDataset, parameter: ResolvedParameter, expected: OnePerGroup) -> Iterator[Rule]:
    """The DTYPE of records that are created one for each group of records of other parameters."""
    names = expected.where.names if expected.where is not None else ()
    if {*expected.by, "DTYPE"} <= set(dataset.variables) and _in_file(dataset, expected.parameters, names):
        yield _rule(dataset, "G-18", "imputed_parts", parameter=parameter, expected=expected)


def _total(scope: Scope, parameter: ResolvedParameter, way: Traceability) -> Iterator[Rule]:
    """The collected total of a score that is also computed, if the records name their source."""
    if not way.is_computed or not way.item or way.code is None or not {"VISITNUM", "ADT", "SRCSEQ"} <= set(scope.dataset.variables):
        return
    domain, column = way.domain, f"{way.domain[:2]}{way.code.names[0].last}"
    selecting = way.where.names if way.where is not None else ()
    names = [each for name in selecting for each in (f"{domain[:2]}{name.last}", name.last)]
    scope.collects(domain, [column, "VISITNUM", *(f"{domain[:2]}{name}" for name in ("DTC", "STRESN", "STRESC", "STAT")), *names])
    arguments = {"parameter": parameter, "domain": domain, "code": column, "item": way.item, "where": way.where}
    yield _rule(scope.dataset, "G-21", "collected_total", Severity.WARNING, needs={domain}, **arguments)
