"""Run the conformance rules over a delivery: one finding for each check and variable."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain

import numpy as np
import pandas as pd

from adam.core.errors import Finding, Severity
from adam.planning.values import ResolvedStudy, Waiver
from validation.check import CheckFunction, Failure
from validation.columns import Stored
from validation.conformance.apply_rule import failures
from validation.conformance.over_parts import ConformanceAnswers, conformance_part
from validation.conformance.rule_file import ConformanceRule, ConformanceRules, conformance_rules
from validation.conformance.whole_dataset import WholeDataset
from validation.delivery import DeliveredDataset, Delivery
from validation.findings import keys_of, of_records, values_of
from validation.suite_results import in_memory
from validation.waivers import parted


def source_variables() -> dict[str, set[str]]:
    """Return the variables of the domains that the rules trace values to."""
    found: dict[str, set[str]] = {}
    for rule in conformance_rules().decided:
        if rule.domain:
            names = [rule.arguments["of"]] if "of" in rule.arguments else rule.arguments.get("key", [])
            found.setdefault(rule.domain, {"STUDYID", "USUBJID"}).update(names)
    return found


def run_conformance(delivery: Delivery, known: ConformanceRules | None = None) -> list[Finding]:
    """Return the findings of the conformance rules, all or those that are `known`; none if the study declares `conformance: off`.

    A rule that could not be run is an error finding, never a pass.
    """
    parts = [conformance_part(delivery, known)]
    return conformance_findings(delivery, parts, in_memory(delivery.frames), in_memory(delivery.sources), known)


def conformance_findings(
    package: Delivery, parts: Sequence[ConformanceAnswers], datasets: Stored, sources: Stored, known: ConformanceRules | None = None
) -> list[Finding]:
    """Return the findings of the conformance rules; they are the same for any parts.

    Args:
        package: the datasets with the attributes of their files; its records are not read.
        parts: what `conformance_part` returned for each part, in the order of the subjects.
        datasets: the records of each dataset, of all subjects.
        sources: the collected records of each domain.
        known: the rules that were run; all without it.
    """
    if package.study.conformance == "off":
        return []
    known = known or conformance_rules()
    frames, collected = ({name: next(each.parts()).iloc[:0] for name, each in stored.items()} for stored in (datasets, sources))
    empty = replace(package, frames=frames, sources=collected)
    findings = [finding for rule in known.decided if rule.of_delivery for finding in _of_delivery(empty, rule, known)]
    for name in package.held:
        findings += _of_dataset(WholeDataset(empty, name, parts, datasets, sources), known)
    return findings


def _of_delivery(delivery: Delivery, rule: ConformanceRule, known: ConformanceRules) -> Iterator[Finding]:
    found = _failures(lambda: failures(delivery, rule), rule, "")
    if isinstance(found, Finding):
        yield found
        return
    for failure in found:
        severity = Severity.NOTE if rule.note else _severity(delivery.study, rule.stated)
        unchecked = [each.id for each in known.decided if each.domain == rule.domain and not each.of_delivery] if rule.domain else []
        text = (
            f"{failure.detail}, so these rules were not checked: {', '.join(unchecked)}" if unchecked else f"{rule.check.message}: {failure.detail}"
        )
        yield Finding(rule.stated or rule.id, severity, failure.variable, f"{text} [{rule.id}]")


def _failures(run: Callable[[], list[Failure]], rule: ConformanceRule, name: str) -> list[Failure] | Finding:
    """What fails a rule; an error finding if it could not be run."""
    try:
        return run()
    except Exception as error:
        message = f"Conformance rule {rule.id} could not be run: {type(error).__name__}: {error}"
        return Finding("suite", Severity.ERROR, name, message)


@dataclass(eq=False)
class Violation:
    """One violation: its text, the rules it violates, and which records (None: the metadata)."""

    detail: str
    rules: list[ConformanceRule]
    mask: np.ndarray | None

    @property
    def stated(self) -> str:
        """The id of the general rule that makes it an error, or nothing."""
        return self.rules[0].stated

    @property
    def ids(self) -> set[str]:
        """The ids by which a waiver explains it: only the id of the general rule if there is one."""
        return {self.stated} if self.stated else {rule.id for rule in self.rules}


def _of_dataset(whole: WholeDataset, known: ConformanceRules) -> list[Finding]:
    violations: dict[tuple[CheckFunction, str, bool], dict[tuple[str, str], Violation]] = {}
    not_run = []
    delivered = whole.metadata
    off = _switched_off(delivered)
    for number, rule in [each for each in enumerate(known.of(delivered.dataset)) if not each[1].stated or each[1].stated not in off]:
        found = _failures(partial(whole.failures, number, rule), rule, whole.name)
        if isinstance(found, Finding):
            not_run.append(found)
            continue
        for failure in found:
            group = violations.setdefault((rule.check, failure.variable, failure.mask is None), {})
            same = group.setdefault((rule.stated, failure.detail), Violation(failure.detail, [], failure.mask))
            same.rules += [rule] if rule not in same.rules else []
            same.mask = failure.mask if same.mask is None or failure.mask is None else same.mask | failure.mask
    reported = (
        _findings(whole, variable, causes)
        for (check, variable, metadata), group in violations.items()
        for causes in ([list(group.values())] if metadata or not check.per_records else _parted(list(group.values())))
    )
    return [*not_run, *(finding for findings in reported for finding in findings)]


def _switched_off(delivered: DeliveredDataset) -> set[str]:
    """The ids that a line of the dataset or of the study switches off."""
    study = delivered.study
    own = study.datasets[delivered.name].checks if delivered.name in study.datasets else ()
    return {line.id for line in (*own, *study.checks) if line.kind == "off"}


def _parted(violations: list[Violation]) -> Iterator[list[Violation]]:
    """The violations by the records they are of, so that a finding names what its records lack and nothing that others lack."""
    masks = np.vstack([each.mask for each in violations if each.mask is not None])
    for pattern in np.unique(masks[:, masks.any(axis=0)], axis=1).T[::-1]:
        mine = (masks == pattern[:, None]).all(axis=0)
        yield [replace(each, mask=mine) for each, holds in zip(violations, pattern, strict=True) if holds]


@dataclass
class Part:
    """The content of one finding: the id of the general rule, the waiver that explains it, the violations and which records."""

    stated: str
    waiver: Waiver | None
    violations: list[Violation]
    mask: np.ndarray

    def add(self, violation: Violation, mask: np.ndarray) -> None:
        """Add one more violation."""
        self.violations.append(violation)
        self.mask = self.mask | mask


def _parts(violations: Iterable[Violation], waivers: Sequence[Waiver], frame: pd.DataFrame) -> list[Part]:
    """The violations, separated by the general rule and the waiver.

    A violation without a general rule is reported, and explained, together with one that has a general rule and the same records; for
    other records it is reported separately.
    """
    parts: list[Part] = []
    for violation in sorted(violations, key=lambda each: not each.stated):
        left = np.ones(len(frame), dtype=bool) if violation.mask is None else violation.mask.copy()
        for part in [each for each in parts if each.stated and not violation.stated]:
            if (left & part.mask).any():
                part.add(violation, left & part.mask)
                left &= ~part.mask
        for mine, waiver in parted(waivers, violation.ids, frame, left):
            same = next((part for part in parts if part.stated == violation.stated and part.waiver is waiver), None)
            if same is None:
                parts.append(Part(violation.stated, waiver, [violation], mine))
            else:
                same.add(violation, mine)
    return parts


def _findings(whole: WholeDataset, variable: str, violations: list[Violation]) -> Iterator[Finding]:
    """The findings of what fails one check of one variable."""
    of_some = violations[0].mask is not None
    delivered = whole.shown(" ".join([variable, *(each.detail for each in violations)])) if of_some else whole.metadata
    known = delivered.declared.variables.get(variable) if delivered.declared is not None else None
    mark = known.mark if known is not None else delivered.dataset.mark
    keys = keys_of(delivered.dataset, delivered.frame)
    for part in _parts(violations, delivered.study.waivers, delivered.frame if of_some else pd.DataFrame(index=[0])):
        mine = [each for each in violations if each in part.violations]
        ids = list(dict.fromkeys(rule.id for rule in chain.from_iterable(each.rules for each in mine)))
        details = "; ".join(dict.fromkeys(each.detail for each in mine if each.detail))
        message = f"{_text(violations[0].rules[0], details)} [{', '.join(ids)}]"
        identity = part.waiver.check if part.waiver else part.stated or ids[0]
        severity = _severity(delivered.study, part.stated, delivered.name)
        reason = part.waiver.reason if part.waiver else ""
        finding = Finding(identity, severity, delivered.name, message, mark=mark, variable=variable, waived=reason)
        yield of_records(finding, keys, values_of(delivered, f"{variable} {details}", keys), delivered.frame, part.mask) if of_some else finding


def _text(rule: ConformanceRule, details: str) -> str:
    """The text of a finding: what fails, then the evidence; the evidence of a check of records is a sentence of its own."""
    return details if rule.check.usable_in_lines else f"{rule.check.message}: {details}" if details else rule.check.message


def _severity(study: ResolvedStudy, stated: str, dataset: str = "") -> Severity:
    """An error if the study declares it, or if a general rule is violated that no line of the dataset or the study makes a warning."""
    if study.conformance == "error":
        return Severity.ERROR
    own = study.datasets[dataset].checks if dataset in study.datasets else ()
    line = next((each for each in (*own, *study.checks) if each.id == stated and each.kind == "generated"), None)
    softened = line is not None and line.severity == "warning"
    return Severity.ERROR if stated and not softened else Severity.WARNING
