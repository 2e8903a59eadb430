"""The suites of a study: what is generated from the specification, and its `checks:` lines bound to the library. No data, no run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

import validation.checks  # noqa: F401  (registers the checks)
from adam.errors import NOWHERE, Mark, Severity, SpecError, suggestion
from adam.expr.check import kind_of
from adam.expr.kinds import Kind, fits
from adam.expr.tree import Expr
from adam.spec.lines import Map, Word, mark_of
from adam.spec.models import Check, Dataset, Study, Variable
from adam.spec.problems import Problems, translated
from validation.checks.registry import CHECKS, Scope

SUBJECT_LEVEL = "SUBJECT LEVEL ANALYSIS DATASET"
NEVER_BLANK = ("STUDYID", "USUBJID", "SUBJID", "SITEID", "PARAM", "PARAMCD", "AESEQ", "AETERM")


@dataclass(frozen=True)
class Rule:
    """One rule of a suite: its id, what it is of, the kind of check and its bound arguments, and what a failure says."""

    id: str
    severity: Severity
    dataset: str
    kind: str
    arguments: BaseModel
    message: str
    mark: Mark = NOWHERE
    variable: str = ""


@dataclass(frozen=True)
class Suite:
    """The rules of one dataset."""

    study: Study
    dataset: Dataset
    rules: tuple[Rule, ...]
    reads: Mapping[str, frozenset[str]]


def suites(study: Study, datasets: Mapping[str, Dataset]) -> tuple[Suite, ...]:
    """The suite of each dataset.

    Raises:
        SpecError: every fault of the checks at once.
    """
    problems = Problems()
    found = []
    for dataset in datasets.values():
        scope = Scope(study, dataset, datasets)
        own = [rule for each in dataset.checks for rule in _bound(each, scope, problems)]
        reads = {domain: frozenset(names) for domain, names in scope.read.items()}
        found.append(Suite(study, dataset, (*_generated(study, dataset), *own), reads))
    if problems.found:
        raise SpecError(problems.found)
    return tuple(found)


def needs(found: tuple[Suite, ...]) -> dict[str, set[str]]:
    """The variables of source domains that the rules read."""
    result: dict[str, set[str]] = {}
    for suite in found:
        for domain, names in suite.reads.items():
            result.setdefault(domain, set()).update(names)
    return result


def _rule(dataset: Dataset, identity: str, kind: str, severity: Severity = Severity.ERROR, **arguments: Any) -> Rule:  # noqa: ANN401  (each kind has its own)
    known = CHECKS[kind]
    variable = arguments.get("variable")
    mark = variable.mark if isinstance(variable, Variable) else dataset.mark
    name = variable.name if isinstance(variable, Variable) else str(arguments.get("name", ""))
    return Rule(identity, severity, dataset.name, kind, known.model.model_construct(**arguments), known.message, mark, name)


def _generated(study: Study, dataset: Dataset) -> Iterator[Rule]:
    """The rules every dataset has."""
    yield _rule(dataset, "G-06", "unique", unique=list(dataset.key), where=None)
    for name, variable in dataset.variables.items():
        yield from _of_type(variable, dataset)
        codelist = study.codelists.get(variable.codelist) if variable.type == "text" else None
        if codelist is not None:
            yield _rule(dataset, "G-05", "term", Severity.WARNING if codelist.extensible else Severity.ERROR, variable=variable)
        population = dataset.class_ == SUBJECT_LEVEL and name.endswith("FL") and variable.codelist == "NY"
        if name in NEVER_BLANK or population:
            yield _rule(dataset, "G-04", "filled", variable=variable)
        if f"{name}N" in dataset.variables and variable.type == "text":
            yield _rule(dataset, "G-07", "pair", name=name, number=f"{name}N")
        if variable.predecessor:
            yield _rule(dataset, "G-11", "copied", variable=variable)


def _of_type(variable: Variable, dataset: Dataset) -> Iterator[Rule]:
    if variable.type == "text":
        yield _rule(dataset, "G-03", "length", variable=variable)
    elif variable.type == "integer":
        yield _rule(dataset, "G-03", "whole", variable=variable)
    elif variable.type == "date":
        yield _rule(dataset, "G-08", "plausible", variable=variable)
    if variable.name in ("ADY", "ASTDY", "AENDY"):
        yield _rule(dataset, "G-10", "day", variable=variable)


def _bound(each: Check, scope: Scope, problems: Problems) -> Iterator[Rule]:
    """A line of `checks:` in the model of its kind; nothing, and problems, where it does not fit."""
    subject = f"{each.dataset}.{each.id}"
    if each.kind == "generated":
        return
    known = CHECKS.get(each.kind)
    if known is None:
        message = f"no check is called '{each.kind}'{suggestion(each.kind, CHECKS)}"
        problems.add(each.mark, subject, message, "spec-unknown-check")
        return
    raw = each.arguments
    head = next(iter(known.model.model_fields))
    if not isinstance(raw, Map):
        raw = Map({Word.at(head, mark_of(raw, each.mark)): raw})
        raw.mark = each.mark
    elif each.kind in raw and isinstance(raw[each.kind], Map):
        raw = Map({**raw[each.kind], **{key: value for key, value in raw.items() if key != each.kind}})
        raw.mark = each.mark
    try:
        arguments = known.model.model_validate(raw)
    except ValidationError as error:
        problems.extend(translated(detail, raw, subject, known.model) for detail in error.errors(include_url=False))
        return
    _names(arguments, each, scope, problems, subject)
    severity = Severity(each.severity)
    yield Rule(each.id, severity, each.dataset, each.kind, arguments, f"{known.message}: {_text(each)}", each.mark)


def _names(arguments: BaseModel, each: Check, scope: Scope, problems: Problems, subject: str) -> None:
    """Every name of the arguments is known, every condition a condition."""
    for field in type(arguments).model_fields:
        value = getattr(arguments, field)
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, Expr):
                kind, faults = kind_of(item, scope)
                for fault in faults:
                    problems.add(item.place(fault.node), subject, fault.message, fault.code)
                if not faults and not fits(kind, Kind.CONDITION):
                    problems.add(item.mark, subject, f"{field} wants a condition; {item} is {kind.article}", "spec-wrong-kind")
            elif isinstance(item, str) and field == "as":
                scope.read.setdefault(item, set()).update(getattr(arguments, "key", []))
            elif isinstance(item, str) and item not in scope.dataset.variables:
                hint = suggestion(item, scope.dataset.variables)
                problems.add(each.mark, subject, f"{scope.dataset.name} has no variable {item}{hint}", "spec-unknown-variable")


def _text(each: Check) -> str:
    raw = each.arguments
    if isinstance(raw, Map):
        return ", ".join(f"{key}: {value}" for key, value in raw.items()) if "expect" not in raw or len(raw) > 1 else str(raw["expect"])
    return ", ".join(map(str, raw)) if isinstance(raw, list) else str(raw)
