"""The suites of a study: the generated rules, and the lines of `checks:` bound to their checks. No data, no run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import validation.checks  # noqa: F401  (registers the checks)
from adam.core.errors import Finding, SpecError
from adam.core.located import LocatedMap
from adam.core.problems import Problems
from adam.planning.values import ResolvedDataset, ResolvedStudy
from validation.bind_line import bind
from validation.check import Compares
from validation.custom_suites import custom_suite
from validation.generated_lines import GENERATED, OFF, check_generated, generated_lines, renamed
from validation.generated_rules import generated
from validation.recomputation_rules import recomputing
from validation.records import subject_level
from validation.rule import Rule, Suite
from validation.rule_ids import check_off, check_waivers, switched_off
from validation.scope import Headers, Scope
from validation.source_rules import sourcing

__all__ = ["Rule", "Suite", "needs", "suites"]


def suites(study: ResolvedStudy, datasets: Mapping[str, ResolvedDataset], headers: Headers | None = None, *, sound: bool = True) -> tuple[Suite, ...]:
    """Return the suite of each dataset. A check across datasets is in the suite of the first dataset it names.

    `headers` are the variables of each collected domain; a check that names another variable is a problem. Without them any variable is
    accepted. Without `sound` the formulas have problems: then no rule is generated from them, and only the lines of checks are bound.

    Raises:
        SpecError: every problem of the checks.
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
    """Return the variables of source domains that the rules read."""
    result: dict[str, set[str]] = {}
    for suite in found:
        for domain, names in suite.reads.items():
            result.setdefault(domain, set()).update(names)
    return result


def _suite(scope: Scope, across: Mapping[str, str], problems: Problems) -> Suite:
    study, dataset, datasets = scope.study, scope.dataset, scope.datasets
    lines = [*dataset.checks, *(each for number, each in enumerate(study.checks) if across.get(str(number)) == dataset.name)]
    named = generated_lines((*dataset.checks, *study.checks))
    rules, off = switched_off([renamed(rule, named) for rule in _generated(scope)] if scope.sound else [], dataset, study)
    own = [each for line in lines if line.kind not in (GENERATED, OFF) for each in bind(line, scope, problems)]
    for each in dataset.checks:
        check_generated(each, problems)
    rules += [each for each in own if isinstance(each, Rule)]
    notes = (*off, *(each for each in own if isinstance(each, Finding)))
    reads = {domain: frozenset(names) for domain, names in scope.read.items()}
    custom, mark = custom_suite(study, dataset, problems)
    return Suite(study, dataset, tuple(rules), reads, datasets, notes, custom, mark)


def _generated(scope: Scope) -> list[Rule]:
    """The rules generated from the formulas and the records of a dataset."""
    rules = [*generated(scope), *sourcing(scope)]
    return [*rules, *recomputing(scope, {rule.variable for rule in rules if rule.check.compares is Compares.VARIABLE})]


def _homes(study: ResolvedStudy, datasets: Mapping[str, ResolvedDataset], problems: Problems) -> dict[str, str]:
    """Return the dataset in whose suite each check of the study is: the first of this run that it names."""
    homes = {}
    for number, each in enumerate(study.checks):
        if each.kind in (GENERATED, OFF):
            check_generated(each, problems)
            continue
        named = [name for name in _mentioned(each.arguments) if name in study.datasets]
        named = named or [name for name in [subject_level(study.datasets)] if name]
        if not named and study.datasets:
            problems.add(each.mark, each.id, "A check in study.yaml must name at least one dataset.", "spec-unknown-dataset")
        home = next((name for name in named if name in datasets), None)
        if home is not None:
            homes[str(number)] = home
    return homes


def _mentioned(raw: object) -> Iterator[str]:
    """Yield the texts in the arguments of a check that can be the name of a dataset: `dataset: X` and `X.Y`."""
    if isinstance(raw, LocatedMap):
        for value in raw.values():
            yield from _mentioned(value)
    elif isinstance(raw, list):
        for value in raw:
            yield from _mentioned(value)
    elif isinstance(raw, str):
        yield raw.split(".")[0]
