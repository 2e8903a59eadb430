"""The rules every dataset has without a line of `checks:`, generated from its resolved model (LANGUAGE §10)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from adam.core.errors import Mark, Severity
from adam.expressions.parse import parse
from adam.plan.values import Derivation, ResolvedDataset, ResolvedParameter, ResolvedStudy, ResolvedVariable, Value
from adam.specification.located import LocatedMap
from validation.check import CHECKS
from validation.checks.parameter_values import JUDGED, by_parameter
from validation.checks.possible_value import possible_value_rule
from validation.conformance.rule_file import conformance_rules
from validation.name_patterns import Pair, fill_places, matches
from validation.records import SUBJECT, SUBJECT_LEVEL, SUBJECTS, subject_level
from validation.rule import Rule
from validation.scope import Scope
from validation.sentences import sentence

IDS = tuple(f"G-{number:02d}" for number in range(1, 22))
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
        yield from _of_type(variable, dataset)
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


def _found_by(study: ResolvedStudy, variable: ResolvedVariable, dataset: ResolvedDataset) -> tuple[str, ...]:
    """What finds the record a variable is copied from: the subject, or copies of that dataset's key; nothing if the file does not tell."""
    other = study.datasets[variable.predecessor]
    if other.class_ == SUBJECT_LEVEL:
        return tuple(SUBJECT)
    copies = {name for name, each in dataset.variables.items() if each.predecessor == other.name or name in SUBJECT}
    return other.key if set(other.key) <= copies else ()


def _collected(variable: ResolvedVariable, scope: Scope) -> str:
    """DOMAIN.X of the subject, if a variable is a plain copy of it as it was collected; nothing else."""
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
    always = isinstance(variable.formula, Derivation) and variable.formula.name == "flag_yn"
    return always or variable.label.endswith("Population Flag")


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


def _of_type(variable: ResolvedVariable, dataset: ResolvedDataset) -> Iterator[Rule]:
    if variable.type == "text":
        yield _rule(dataset, "G-03", "text_length", variable=variable)
    elif variable.type == "integer":
        yield _rule(dataset, "G-03", "whole_numbers", variable=variable)
    elif variable.type == "date":
        yield _rule(dataset, "G-08", "plausible_date", variable=variable)
    days = _days(variable, dataset)
    if days is not None or variable.name in conformance_rules().lists["relative_days"]:
        date, reference = days or ("", "")
        owner = reference.split(".")[0] if "." in reference else ""
        yield _rule(dataset, "G-10", "relative_day", variable=variable, date=date, reference=reference, needs={owner} - {""})


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


def _days(variable: ResolvedVariable, dataset: ResolvedDataset) -> tuple[str, str] | None:
    """The date and reference of a study day; blank names where they are no variables of the files; None if it is none."""
    formula = variable.formula
    if not isinstance(formula, Derivation) or formula.name != "study_day" or not isinstance(formula.arguments, LocatedMap):
        return None
    said = [str(formula.arguments.get(key, "")) for key in ("date", "reference")]
    names = [parse(text).bare for text in said]
    there = all(name is not None and (name.owner not in ("", dataset.name) or name.last in dataset.variables) for name in names)
    return (said[0], said[1]) if there and variable.where is None else ("", "")


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
    for pair in conformance_rules().pairs:
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
    for making in parameter.records:
        if making.kind == "response":
            yield from _response(dataset, parameter, making.arguments)
        elif making.kind == "computed":
            yield from _computed(dataset, parameter, making.arguments)
        elif making.kind == "score":
            yield from _total(scope, parameter, making.arguments)


def _response(dataset: ResolvedDataset, parameter: ResolvedParameter, arguments: LocatedMap) -> Iterator[Rule]:
    given = arguments.get("of")
    of = tuple(str(code) for code in (given if isinstance(given, list) else [given]))
    where, number = str(arguments.get("where", JUDGED)), int(arguments.get("criterion", 0))
    there = all(not name.owner and name.last in dataset.variables for name in parse(where).names) and f"CRIT{number}FL" in dataset.variables
    if there and all(code in dataset.parameters and dataset.parameters[code].kept for code in of):
        said: dict[str, Any] = {"parameter": parameter, "of": of, "number": number, "where": where}
        yield _rule(dataset, "G-17", "response", **said)
        if {"DTYPE", "AVISITN"} <= set(dataset.variables):
            yield _rule(dataset, "G-18", "imputed_response", **said)


def _computed(dataset: ResolvedDataset, parameter: ResolvedParameter, arguments: LocatedMap) -> Iterator[Rule]:
    """The DTYPE of a computed value, where its parts are in the file."""
    constant = arguments.get("constant", [])
    parts = [str(name) for name in parse(str(arguments.get("value"))).names if not name.owner and str(name) not in constant]
    given = arguments.get("by")
    same = tuple(str(name) for name in (given if isinstance(given, list) else [given]))
    where = parse(str(arguments["where"])) if "where" in arguments else None
    named = [str(name) for name in where.names] if where is not None else []
    if {*same, *named, "DTYPE"} <= set(dataset.variables) and all(code in dataset.parameters and dataset.parameters[code].kept for code in parts):
        yield _rule(dataset, "G-18", "imputed_parts", parameter=parameter, parts=tuple(parts), same=same, where=where)


def _total(scope: Scope, parameter: ResolvedParameter, arguments: LocatedMap) -> Iterator[Rule]:
    """The collected total of a score that is also computed, where the records tell their source."""
    instrument = scope.study.instruments.get(str(arguments.get("instrument")))
    there = {"VISITNUM", "ADT", "SRCSEQ"} <= set(scope.dataset.variables)
    if instrument is None or "value" not in arguments or "collected" not in arguments or not there:
        return
    domain, where = instrument.domain, instrument.where
    item, code = instrument.code_of(str(arguments["collected"])), instrument.code.names[0].last
    column = f"{domain[:2]}{code}"
    names = [each for name in where.names for each in (f"{domain[:2]}{name.last}", name.last)]
    scope.collects(domain, [column, "VISITNUM", *(f"{domain[:2]}{name}" for name in ("DTC", "STRESN", "STRESC", "STAT")), *names])
    said = {"parameter": parameter, "domain": domain, "code": column, "item": item, "where": where}
    yield _rule(scope.dataset, "G-21", "collected_total", Severity.WARNING, needs={domain}, **said)
