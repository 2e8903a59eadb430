"""The conformance pass: every rule over every dataset, one finding for each general check and variable."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np
import pandas as pd

import validation.conformance  # noqa: F401  (registers the general checks)
from adam.core.errors import Finding, Severity
from adam.plan.values import ResolvedStudy, Waiver
from validation.conformance.rules import ConformanceRule, Rules, rules
from validation.conformance.view import Failure, Package, View
from validation.findings import keys_of, of_records, values_of
from validation.waivers import parted


def reads() -> dict[str, set[str]]:
    """The variables of the domains that the rules trace values to."""
    found: dict[str, set[str]] = {}
    for rule in rules().decided:
        if rule.domain:
            names = [rule.arguments["of"]] if rule.check.name == "from_domain" else rule.arguments.get("key", [])
            found.setdefault(rule.domain, {"STUDYID", "USUBJID"}).update(names)
    return found


def run(package: Package, known: Rules | None = None) -> list[Finding]:
    """What the conformance rules find, all or those that are `known`; nothing if the study says `conformance: off`.

    A rule that could not be run is an error finding, never a pass.
    """
    if package.study.conformance == "off":
        return []
    known = known or rules()
    findings: list[Finding] = []
    for rule in known.decided:
        if rule.check.package:
            findings += _delivery(package, rule, known)
    for name in package.held:
        view = View(package, name)
        findings += _dataset(view, known)
    return findings


def _delivery(package: Package, rule: ConformanceRule, known: Rules) -> Iterator[Finding]:
    failures = _failures(package, rule, "")
    if isinstance(failures, Finding):
        yield failures
        return
    for failure in failures:
        severity = Severity.NOTE if rule.note else _severity(package.study, rule.stated)
        missed = [each.id for each in known.decided if each.domain == rule.domain and not each.check.package] if rule.domain else []
        detail = f"{failure.detail}; not checked: {', '.join(missed)}" if missed else f"{rule.check.message}: {failure.detail}"
        yield Finding(rule.stated or rule.id, severity, failure.variable, f"{detail} [{rule.id}]")


def _failures(looked_at: Package | View, rule: ConformanceRule, name: str) -> list[Failure] | Finding:
    """What fails a rule; a finding if it could not be run, as one of Great Expectations would be."""
    try:
        return list(rule.check.function(looked_at, **rule.arguments))
    except Exception as error:
        message = f"conformance rule {rule.id} could not be run: {type(error).__name__}: {error}"
        return Finding("suite", Severity.ERROR, name, message)


@dataclass(eq=False)
class Fact:
    """One thing that is wrong: in which words, the rules that say it, which records (None: no records are meant)."""

    detail: str
    rules: list[ConformanceRule]
    mask: np.ndarray | None

    @property
    def stated(self) -> str:
        """The id under which DOMAIN states it, or nothing."""
        return self.rules[0].stated

    @property
    def ids(self) -> set[str]:
        """The ids by which a waiver can explain it: what DOMAIN states by that id alone."""
        return {self.stated} if self.stated else {rule.id for rule in self.rules}


def _dataset(view: View, known: Rules) -> list[Finding]:
    facts: dict[tuple[str, str, bool], dict[tuple[str, str], Fact]] = {}
    broken = []
    study = view.package.study
    own = study.datasets[view.name].checks if view.name in study.datasets else ()
    off = {line.id for line in (*own, *study.checks) if line.kind == "off"}
    for rule in [each for each in known.of(view.held) if not each.stated or each.stated not in off]:
        failures = _failures(view, rule, view.name)
        if isinstance(failures, Finding):
            broken.append(failures)
            continue
        for failure in failures:
            group = facts.setdefault((rule.check.name, failure.variable, failure.mask is None), {})
            same = group.setdefault((rule.stated, failure.detail), Fact(failure.detail, [], failure.mask))
            same.rules += [rule] if rule not in same.rules else []
            same.mask = failure.mask if same.mask is None or failure.mask is None else same.mask | failure.mask
    told = (
        _findings(view, variable, causes)
        for (kind, variable, whole), group in facts.items()
        for causes in ([list(group.values())] if whole or kind != "filled" else _parted(list(group.values())))
    )
    return [*broken, *(finding for findings in told for finding in findings)]


def _parted(facts: list[Fact]) -> Iterator[list[Fact]]:
    """The facts by the records they are of, so that a finding names what its records lack and nothing that others lack."""
    masks = np.vstack([fact.mask for fact in facts if fact.mask is not None])
    for pattern in np.unique(masks[:, masks.any(axis=0)], axis=1).T[::-1]:
        mine = (masks == pattern[:, None]).all(axis=0)
        yield [replace(fact, mask=mine) for fact, holds in zip(facts, pattern, strict=True) if holds]


@dataclass
class Part:
    """What is told in one finding: the id DOMAIN states it under, the waiver that explains it, the facts and which records."""

    stated: str
    waiver: Waiver | None
    facts: list[Fact]
    mask: np.ndarray

    def add(self, fact: Fact, mask: np.ndarray) -> None:
        """One more fact of it."""
        self.facts.append(fact)
        self.mask = self.mask | mask


def _parts(facts: Iterable[Fact], waivers: Sequence[Waiver], frame: pd.DataFrame) -> list[Part]:
    """What is wrong, parted by who states it and what explains it.

    What DOMAIN does not state is told, and explained, with what it states of the same records; of other records it is told apart.
    """
    parts: list[Part] = []
    for fact in sorted(facts, key=lambda each: not each.stated):
        left = np.ones(len(frame), dtype=bool) if fact.mask is None else fact.mask.copy()
        for part in [each for each in parts if each.stated and not fact.stated]:
            if (left & part.mask).any():
                part.add(fact, left & part.mask)
                left &= ~part.mask
        for mine, waiver in parted(waivers, fact.ids, frame, left):
            same = next((part for part in parts if part.stated == fact.stated and part.waiver is waiver), None)
            if same is None:
                parts.append(Part(fact.stated, waiver, [fact], mine))
            else:
                same.add(fact, mine)
    return parts


def _findings(view: View, variable: str, facts: list[Fact]) -> Iterator[Finding]:
    """The findings of what fails one general check of one variable."""
    of_some = facts[0].mask is not None
    known = view.declared.variables.get(variable) if view.declared is not None else None
    mark = known.mark if known is not None else view.held.mark
    keys = keys_of(view.held, view.frame)
    for part in _parts(facts, view.package.study.waivers, view.frame if of_some else pd.DataFrame(index=[0])):
        ids = list(dict.fromkeys(rule.id for rule in chain.from_iterable(fact.rules for fact in facts if fact in part.facts)))
        said = "; ".join(dict.fromkeys(fact.detail for fact in facts if fact in part.facts and fact.detail))
        message = f"{facts[0].rules[0].check.message}{f': {said}' if said else ''} [{', '.join(ids)}]"
        identity = part.waiver.check if part.waiver else part.stated or ids[0]
        severity = _severity(view.package.study, part.stated, view.name)
        reason = part.waiver.reason if part.waiver else ""
        whole = Finding(identity, severity, view.name, message, mark=mark, variable=variable, waived=reason)
        yield of_records(whole, keys, values_of(view.records, f"{variable} {said}", keys), part.mask) if of_some else whole


def _severity(study: ResolvedStudy, stated: str, dataset: str = "") -> Severity:
    """An error where the study asks for it, or where DOMAIN states the rule and no line of the dataset or the study made that a warning."""
    if study.conformance == "error":
        return Severity.ERROR
    own = study.datasets[dataset].checks if dataset in study.datasets else ()
    line = next((each for each in (*own, *study.checks) if each.id == stated and each.kind == "generated"), None)
    softened = line is not None and line.severity == "warning"
    return Severity.ERROR if stated and not softened else Severity.WARNING
