"""The ids of rules that lines name: those that `off` switches off, and those that a waiver explains. An unknown id is a problem."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from adam.core.errors import Finding, Severity, did_you_mean
from adam.core.kinds import ValueKind
from adam.core.problems import Problems
from adam.planning.values import Check, ResolvedDataset, ResolvedStudy, Waiver
from validation.check import CHECKS
from validation.conformance.rule_file import conformance_rules
from validation.custom_suites import ids as custom_ids
from validation.generated_lines import GENERATED, OFF
from validation.generated_rules import IDS
from validation.rule import Rule

ALWAYS = ("G-01", "G-02", "G-03", "G-06", "G-12")
"""Generated rules of the form of a file: names, types, lengths, key, reading back. They cannot be switched off."""
CODE = re.compile(r"[a-z]+(-[a-z]+)*")
"""The ids of findings of reading and deriving: issue, source, spec-standard."""
COUNTED = ("VARIABLE", "records", "expected", "values", "RDOMAIN", "IDVAR", "IDVARVAL", "QNAM")
"""The keys of findings besides variables of datasets and domains."""
SEQUENCE = re.compile(r"[A-Z][A-Z0-9]SEQ")


def known_ids(study: ResolvedStudy) -> set[str]:
    """Return the ids of all rules of a study: its lines, what is generated, the conformance rules, the custom suites."""
    lines = [each.id for each in (*(line for dataset in study.datasets.values() for line in dataset.checks), *study.checks)]
    conforming = [each for rule in conformance_rules().all for each in (rule.id, rule.stated) if each]
    return {*lines, *IDS, *conforming, *custom_ids(study), *unlisted_ids(study)}


def unlisted_ids(study: ResolvedStudy) -> set[str]:
    """Return the ids of lines of datasets in the folder that the study does not list."""
    return {each for ids in study.unlisted.values() for each in ids}


def switched_off(rules: list[Rule], dataset: ResolvedDataset, study: ResolvedStudy) -> tuple[list[Rule], list[Finding]]:
    """Return the generated rules of a dataset without those that a line switches off, and a note for each such line."""
    left, notes = rules, []
    for line in [each for each in (*dataset.checks, *study.checks) if each.kind == OFF and each.id not in ALWAYS]:
        gone = [rule for rule in left if rule.id == line.id]
        if gone:
            left = [rule for rule in left if rule.id != line.id]
            variables = ", ".join(dict.fromkeys(rule.variable for rule in gone if rule.variable))
            message = f"Switched off by its line{f', so these variables were not checked: {variables}' if variables else ''}"
            notes.append(Finding(line.id, Severity.NOTE, dataset.name, message, mark=line.mark))
    return left, notes


def check_off(lines: Iterable[Check], problems: Problems) -> None:
    """Report each `off` without effect: of an unknown rule, or of one that is always checked."""
    for line in lines:
        if line.kind != OFF or line.arguments is not None:
            continue
        subject = f"{line.dataset}.{line.id}" if line.dataset else line.id
        if line.id in ALWAYS:
            message = f"{line.id} cannot be switched off. Correct what it finds, or explain it with a waiver in study.yaml."
            problems.add(line.mark, subject, message, "spec-unknown-check")
        elif line.id not in IDS:
            known = [each for each in IDS if each not in ALWAYS]
            cure = "Use conformance: in study.yaml for conformance rules" if line.id in _conforming() else "Remove the line, or correct the id"
            message = f"off: No layer and no generated rule has the id {line.id}. {cure}{did_you_mean(line.id, known)}"
            problems.add(line.mark, subject, message, "spec-unknown-check")


def _conforming() -> set[str]:
    return {rule.id for rule in conformance_rules().all}


def check_waivers(study: ResolvedStudy, headers: Mapping[str, Mapping[str, ValueKind]] | None, problems: Problems) -> None:
    """Report each waiver of an unknown rule, and each key that no record of the study can have."""
    known = known_ids(study) if study.waivers else set()
    for waiver in study.waivers:
        if waiver.check not in known and not CODE.fullmatch(waiver.check):
            message = f"No rule has the id {waiver.check}, so this waiver cannot explain a finding{did_you_mean(waiver.check, sorted(known))}"
            problems.add(waiver.mark, "waivers", message, "spec-unknown-check")
            continue
        names = _key_variables(study, waiver)
        if names is None or (headers is None and CODE.fullmatch(waiver.check)):
            continue
        collected = {name for variables in (headers or {}).values() for name in variables}
        for key in waiver.keys:
            if key not in names and key not in collected and not SEQUENCE.fullmatch(key):
                message = f"keys: No dataset that {waiver.check} checks has a variable {key}{did_you_mean(key, sorted(names))}"
                problems.add(waiver.mark, "waivers", message, "spec-unknown-variable")


def _key_variables(study: ResolvedStudy, waiver: Waiver) -> set[str] | None:
    """Return the variables that identify the findings of a waiver's rule; None if the line names its own, as counts do."""
    lines = [line for dataset in study.datasets.values() for line in dataset.checks if line.id == waiver.check]
    owners = {line.dataset for line in lines}
    if waiver.check in unlisted_ids(study):
        return None
    across = any(line.id == waiver.check and line.kind not in (OFF, GENERATED) for line in study.checks)
    if across or any(line.kind in CHECKS and CHECKS[line.kind].gathers for line in lines):
        return None
    alone = owners and waiver.check not in IDS
    datasets = [study.datasets[name] for name in (owners if alone else study.datasets) if name in study.datasets]
    domains = [name for use in study.sources.values() for name in (*use.variables, *use.optional)]
    return {*COUNTED, *domains, *(name for dataset in datasets for name in dataset.variables)}
