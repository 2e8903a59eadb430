"""The rules every dataset has without a line, made from its resolved model (LANGUAGE §10, DOMAIN §8.1 and §8.3)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from adam.core.errors import Mark, Severity
from adam.expressions.parse import parse
from adam.plan.values import Derivation, ResolvedDataset, ResolvedParameter, ResolvedStudy, ResolvedVariable, Value
from adam.specification.located import LocatedMap
from validation.check import CHECKS
from validation.checks.possible_value import tells
from validation.checks.values import JUDGED, by_parameter
from validation.conformance.names import Pair, bound, filled, told
from validation.conformance.rules import rules
from validation.records import SUBJECT, SUBJECT_LEVEL, SUBJECTS, subject_level
from validation.rule import Rule
from validation.scope import Scope

NEVER_BLANK = ("STUDYID", "USUBJID", "SUBJID", "SITEID", "PARAM", "PARAMCD", "AESEQ", "AETERM")
NAMES = {"L-02": "population", "A-17": "pair", "X-01": "known_subject"}
"""Ids of DOMAIN §8 for rules that have an id of §8.1 without a line: the line gives them its id."""
VARIABLES = {"A-17": ("ASEV", "AREL")}
"""The variables an id of `NAMES` is for, where it is not for all: the rules of the others keep their own."""
KINDS = ("E-01", "E-02", "E-12", "E-20", "E-21", "E-23", "E-24", *(f"G-{number:02d}" for number in range(1, 15)))
"""Ids a line `ID: {generated: words}` may name besides."""


def generated(scope: Scope) -> Iterator[Rule]:
    """The rules every dataset has."""
    study, dataset = scope.study, scope.dataset
    yield _rule(dataset, "G-02", "named")
    yield _rule(dataset, "G-03", "typed")
    yield _rule(dataset, "G-06", "unique", unique=list(dataset.key), where=None)
    if dataset.class_ != SUBJECT_LEVEL and subject_level(study.datasets):
        yield _rule(dataset, "G-11", "known_subject", needs={subject_level(study.datasets)})
    for name, variable in dataset.variables.items():
        yield from _of_type(variable, dataset)
        yield from _of_values(study, variable, dataset)
        if name in NEVER_BLANK or is_population(dataset, variable):
            yield _rule(dataset, "G-04", "filled", variable=variable)
        yield from _beside(variable, dataset)
        if variable.predecessor:
            if by := _found_by(study, variable, dataset):
                yield _rule(dataset, "G-11", "copied", variable=variable, by=by, needs={variable.predecessor})
        elif source := _collected(variable, scope):
            yield _rule(dataset, "G-11", "collected", variable=variable, source=source, needs={SUBJECTS})
    if dataset.parameters:
        yield from _of_parameters(scope)


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


def is_population(dataset: ResolvedDataset, variable: ResolvedVariable) -> bool:
    """Whether a variable is Y or N of each subject, never blank: one the specification makes so, or by its label a population flag."""
    if dataset.class_ != SUBJECT_LEVEL or not variable.name.endswith("FL") or variable.codelist != "NY":
        return False
    made = isinstance(variable.formula, Derivation) and variable.formula.name == "flag_yn"
    return made or variable.label.endswith("Population Flag")


def _rule(
    dataset: ResolvedDataset,
    identity: str,
    kind: str,
    severity: Severity = Severity.ERROR,
    needs: set[str] | None = None,
    **arguments: Any,  # noqa: ANN401  (each kind has its own)
) -> Rule:
    known = CHECKS[kind]
    model = arguments.get("variable") or arguments.get("parameter")
    mark: Mark = model.mark if isinstance(model, ResolvedVariable | ResolvedParameter) else dataset.mark
    name = model.name if isinstance(model, ResolvedVariable) else str(arguments.get("name", arguments.get("flag", arguments.get("moment", ""))))
    words = told(known.message, {"y": str(arguments.get("number", "y"))})
    said = f"{model.name}: {words}" if isinstance(model, ResolvedParameter) else words
    return Rule(identity, severity, dataset.name, kind, known.model.model_construct(**arguments), said, mark, name, frozenset(needs or ()))


def _of_type(variable: ResolvedVariable, dataset: ResolvedDataset) -> Iterator[Rule]:
    if variable.type == "text":
        yield _rule(dataset, "G-03", "length", variable=variable)
    elif variable.type == "integer":
        yield _rule(dataset, "G-03", "whole", variable=variable)
    elif variable.type == "date":
        yield _rule(dataset, "G-08", "plausible", variable=variable)
    days = _days(variable, dataset)
    if days is not None or variable.name in ("ADY", "ASTDY", "AENDY"):
        date, reference = days or ("", "")
        owner = reference.split(".")[0] if "." in reference else ""
        yield _rule(dataset, "G-10", "day", variable=variable, date=date, reference=reference, needs={owner} - {""})


def _of_values(study: ResolvedStudy, variable: ResolvedVariable, dataset: ResolvedDataset) -> Iterator[Rule]:
    """What the variable can hold: by its codelist, and by its formula."""
    codelist = study.codelists.get(variable.codelist) if variable.type == "text" else None
    if codelist is not None:
        yield _rule(dataset, "G-05", "term", Severity.WARNING if codelist.extensible else Severity.ERROR, variable=variable)
    identity = tells(study, dataset, variable)
    if identity:
        yield _rule(dataset, identity, "said", variable=variable)


def _days(variable: ResolvedVariable, dataset: ResolvedDataset) -> tuple[str, str] | None:
    """The date and reference of a study day; blank names where they are no variables of the files; None if it is none."""
    formula = variable.formula
    if not isinstance(formula, Derivation) or formula.name != "study_day" or not isinstance(formula.arguments, LocatedMap):
        return None
    said = [str(formula.arguments.get(key, "")) for key in ("date", "reference")]
    names = [parse(text).bare for text in said]
    there = all(name is not None and (name.owner not in ("", dataset.name) or name.last in dataset.variables) for name in names)
    return (said[0], said[1]) if there and variable.where is None else ("", "")


def _beside(variable: ResolvedVariable, dataset: ResolvedDataset) -> Iterator[Rule]:
    """The rules of a variable and the one beside it: xxx and xxxN, xxDTM and xxDT, xxDTF and xxDT."""
    name, names = variable.name, dataset.variables
    pair = _paired(variable)
    if pair.of[1] in names:
        within = pair.within if pair.within in names else ""
        yield _rule(dataset, "G-07", "pair", name=name, number=pair.of[1], within=within, may_lack=pair.may_lack)
    if variable.type == "datetime" and name.endswith("DTM") and name[:-1] in names:
        yield _rule(dataset, "G-08", "same_day", moment=name, date=name[:-1])
    if name.endswith(("DTF", "TMF")):
        date = next((each for each in _dated(name) if each in names), "")
        if date:
            yield _rule(dataset, "G-09", "imputed", flag=name, date=date)


def _paired(variable: ResolvedVariable) -> Pair:
    """A variable and its number: as the standard calls it, else xxxN of a text; a blank name where it can have none."""
    for pair in rules().pairs:
        for name, digits in bound(pair.of[0], [variable.name]):
            return pair.model_copy(update={"of": (name, filled(pair.of[1], digits))})
    return Pair(of=(variable.name, f"{variable.name}N" if variable.type == "text" else ""))


def _dated(flag: str) -> list[str]:
    """What an imputation flag can be the flag of.

    >>> _dated("ASTDTF"), _dated("ASTTMF")
    (['ASTDT'], ['ASTDTM', 'ASTTM'])
    """
    return [flag[:-1]] if flag.endswith("DTF") else [f"{flag[:-3]}DTM", f"{flag[:-3]}TM"]


def _of_parameters(scope: Scope) -> Iterator[Rule]:
    dataset = scope.dataset
    yield _rule(dataset, "E-01", "parameter_names")
    if {"SRCDOM", "SRCSEQ"} <= set(dataset.variables):
        yield _rule(dataset, "G-13", "consumed_once", Severity.WARNING)
    for parameter in [each for each in dataset.parameters.values() if each.kept]:
        yield from _of_parameter(scope, parameter)


def _of_parameter(scope: Scope, parameter: ResolvedParameter) -> Iterator[Rule]:
    dataset = scope.dataset
    yield _rule(dataset, "E-02", "parameter_value", parameter=parameter)
    criteria = [int(match[1]) for name in dataset.variables if (match := re.fullmatch(r"CRIT([1-9])", name))]
    for number in [each for each in criteria if by_parameter(scope.study, dataset, f"CRIT{each}", parameter)]:
        yield _rule(dataset, "E-21", "criterion", parameter=parameter, number=number)
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
        yield _rule(dataset, "E-20", "response", **said)
        if {"DTYPE", "AVISITN"} <= set(dataset.variables):
            yield _rule(dataset, "E-12", "imputed_response", **said)


def _computed(dataset: ResolvedDataset, parameter: ResolvedParameter, arguments: LocatedMap) -> Iterator[Rule]:
    """The DTYPE of a computed value, where its parts are in the file."""
    constant = arguments.get("constant", [])
    parts = [str(name) for name in parse(str(arguments.get("value"))).names if not name.owner and str(name) not in constant]
    given = arguments.get("by")
    same = tuple(str(name) for name in (given if isinstance(given, list) else [given]))
    where = parse(str(arguments["where"])) if "where" in arguments else None
    named = [str(name) for name in where.names] if where is not None else []
    if {*same, *named, "DTYPE"} <= set(dataset.variables) and all(code in dataset.parameters and dataset.parameters[code].kept for code in parts):
        yield _rule(dataset, "E-12", "imputed_parts", parameter=parameter, parts=tuple(parts), same=same, where=where)


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
    yield _rule(scope.dataset, "E-24", "collected_total", Severity.WARNING, needs={domain}, **said)
