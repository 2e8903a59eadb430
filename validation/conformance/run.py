"""The conformance pass: every rule over every dataset, one finding for each general check and variable."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

import validation.conformance  # noqa: F401  (registers the general checks)
from adam.errors import Finding, Severity
from adam.spec.models import Study
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
        severity = Severity.NOTE if rule.note else _severity(package.study, [rule])
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


@dataclass
class Group:
    """What fails one general check of one variable: the rules, what is wrong, which records (None: no records are meant)."""

    rules: list[ConformanceRule] = field(default_factory=list)
    details: list[str] = field(default_factory=list)
    mask: np.ndarray | None = None

    def add(self, rule: ConformanceRule, failure: Failure) -> None:
        """One more failure of it."""
        if rule not in self.rules:
            self.rules.append(rule)
        if failure.detail not in self.details:
            self.details.append(failure.detail)
        if failure.mask is not None:
            self.mask = failure.mask if self.mask is None else self.mask | failure.mask


def _dataset(view: View, known: Rules) -> list[Finding]:
    groups: dict[tuple[str, str], Group] = {}
    broken = []
    for rule in known.of(view.held):
        failures = _failures(view, rule, view.name)
        if isinstance(failures, Finding):
            broken.append(failures)
            continue
        for failure in failures:
            groups.setdefault((rule.check.name, failure.variable), Group()).add(rule, failure)
    return [*broken, *(finding for (_, variable), group in groups.items() for finding in _findings(view, variable, group))]


def _findings(view: View, variable: str, group: Group) -> Iterator[Finding]:
    """The finding of a group; what waivers explain apart from the rest."""
    said = "; ".join(detail for detail in group.details if detail)
    names = ", ".join(dict.fromkeys(rule.id for rule in group.rules))
    message = f"{group.rules[0].check.message}{f': {said}' if said else ''} [{names}]"
    identity = next((rule.stated for rule in group.rules if rule.stated), group.rules[0].id)
    known = view.declared.variables.get(variable) if view.declared is not None else None
    mark = known.mark if known is not None else view.held.mark
    whole = Finding(identity, _severity(view.package.study, group.rules), view.name, message, mark=mark, variable=variable)
    if group.mask is None:
        yield whole
        return
    keys = keys_of(view.held, view.frame)
    values = values_of(view.records, f"{variable} {said}", keys)
    ids = {identity, *(rule.id for rule in group.rules)}
    for mine, waiver in parted(view.package.study.waivers, ids, view.frame, group.mask):
        told = replace(whole, id=waiver.check, waived=waiver.reason) if waiver else whole
        yield of_records(told, keys, values, mine)


def _severity(study: Study, found: Iterable[ConformanceRule]) -> Severity:
    """An error where the study asks for it, or where DOMAIN states the rule and the study has not made that a warning."""
    if study.conformance == "error":
        return Severity.ERROR
    stated = [rule.stated for rule in found if rule.stated]
    lines = [*study.checks, *(check for dataset in study.datasets.values() for check in dataset.checks)]
    softened: Mapping[str, bool] = {each.id: each.severity == "warning" for each in lines}
    return Severity.ERROR if any(not softened.get(each, False) for each in stated) else Severity.WARNING
