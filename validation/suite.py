"""The suites of a study: what is generated from the specification, and its `checks:` lines bound to the library. No data, no run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import validation.checks  # noqa: F401  (registers the checks)
from adam.core.errors import Finding, Severity, SpecError, suggestion
from adam.plan.values import Check, ResolvedDataset, ResolvedStudy, ResolvedVariable
from adam.specification.located import LocatedMap
from adam.specification.problems import Problems
from validation.bind import bound
from validation.custom_suites import written
from validation.generated import KINDS, NAMES, VARIABLES, generated, is_population
from validation.named import OFF, check_off, check_waivers, switched_off
from validation.recomputing import recomputing
from validation.records import subject_level
from validation.rule import Rule, Suite
from validation.scope import Headers, Scope
from validation.sourcing import sourcing

__all__ = ["Rule", "Suite", "needs", "suites"]


def suites(study: ResolvedStudy, datasets: Mapping[str, ResolvedDataset], headers: Headers | None = None, *, sound: bool = True) -> tuple[Suite, ...]:
    """The suite of each dataset. A check across datasets is in the suite of the first dataset it names.

    `headers`: the variables of each domain that was collected; a check that names another is wrong. Without them any may be there.
    Without `sound` the formulas are known to be wrong: then nothing is made of them, and only the lines of checks are looked at.

    Raises:
        SpecError: every fault of the checks at once.
    """
    problems = Problems()
    across = _homes(study, datasets, problems)
    found = tuple(_suite(Scope(study, dataset, datasets, headers=headers, sound=sound), across, problems) for dataset in datasets.values())
    check_off([*(line for dataset in study.datasets.values() for line in dataset.checks), *study.checks], problems)
    check_waivers(study, headers, problems)
    if problems.found:
        raise SpecError(problems.found)
    return found


def needs(found: tuple[Suite, ...]) -> dict[str, set[str]]:
    """The variables of source domains that the rules read."""
    result: dict[str, set[str]] = {}
    for suite in found:
        for domain, names in suite.reads.items():
            result.setdefault(domain, set()).update(names)
    return result


def _suite(scope: Scope, across: Mapping[str, str], problems: Problems) -> Suite:
    study, dataset, datasets = scope.study, scope.dataset, scope.datasets
    made = _made(scope) if scope.sound else []
    lines = [*dataset.checks, *(each for number, each in enumerate(study.checks) if across.get(str(number)) == dataset.name)]
    named = [each for each in (*dataset.checks, *study.checks) if each.kind == "generated"]
    made, off = switched_off([_named(rule, named, dataset) for rule in made], dataset, study)
    own = [each for line in lines if line.kind not in ("generated", OFF) for each in bound(line, scope, problems)]
    for each in dataset.checks:
        _known(each, problems)
    rules = (*made, *(each for each in own if isinstance(each, Rule)))
    notes = (*off, *(each for each in own if isinstance(each, Finding)))
    reads = {domain: frozenset(names) for domain, names in scope.read.items()}
    by_hand, mark = written(study, dataset, problems)
    return Suite(study, dataset, rules, reads, datasets, notes, by_hand, mark)


def _made(scope: Scope) -> list[Rule]:
    """What is generated from the formulas and the records of a dataset."""
    made = [*generated(scope), *sourcing(scope)]
    return [*made, *recomputing(scope, {rule.variable for rule in made if rule.kind in ("collected", "copied")})]


def _known(each: Check, problems: Problems) -> None:
    """A line `ID: {generated: words}` has the id of something that is generated."""
    if each.kind == "generated" and each.id not in (*KINDS, *NAMES):
        known = [*KINDS, *NAMES]
        message = f"nothing that is generated is called {each.id}{suggestion(each.id, known)}; these are: {', '.join(known)}"
        problems.add(each.mark, each.dataset, message, "spec-unknown-check")


def _named(rule: Rule, lines: Iterable[Check], dataset: ResolvedDataset) -> Rule:
    """A generated rule with the id, severity and place of the line that names it."""
    for line in lines:
        if line.id == rule.id or _same(line.id, rule, dataset):
            severity = Severity(line.severity) if line.severity == "warning" else rule.severity
            return replace(rule, id=line.id, severity=severity, mark=line.mark)
    return rule


def _same(identity: str, rule: Rule, dataset: ResolvedDataset) -> bool:
    kind = NAMES.get(identity)
    if kind != "population":
        return kind == rule.kind and rule.variable in VARIABLES.get(identity, (rule.variable,))
    variable: ResolvedVariable | None = getattr(rule.arguments, "variable", None)
    return rule.kind in ("filled", "term") and variable is not None and is_population(dataset, variable)


def _homes(study: ResolvedStudy, datasets: Mapping[str, ResolvedDataset], problems: Problems) -> dict[str, str]:
    """The dataset in whose suite each check of the study is: the first of this run that it names."""
    homes = {}
    for number, each in enumerate(study.checks):
        if each.kind in ("generated", OFF):
            _known(each, problems)
            continue
        named = [name for name in _mentioned(each.arguments) if name in study.datasets]
        named = named or [name for name in [subject_level(study.datasets)] if name]
        if not named and study.datasets:
            problems.add(each.mark, each.id, "a check of the study names the datasets it is across", "spec-unknown-dataset")
        home = next((name for name in named if name in datasets), None)
        if home is not None:
            homes[str(number)] = home
    return homes


def _mentioned(raw: object) -> Iterator[str]:
    """The texts in the arguments of a check that can be a dataset's name: `dataset: X` and `X.Y`."""
    if isinstance(raw, LocatedMap):
        for value in raw.values():
            yield from _mentioned(value)
    elif isinstance(raw, list):
        for value in raw:
            yield from _mentioned(value)
    elif isinstance(raw, str):
        yield raw.split(".")[0]
