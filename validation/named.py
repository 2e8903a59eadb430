"""The ids of rules that lines name: a rule that `off` switches off, and one that a waiver explains. An id nobody has is a problem."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from adam.core.errors import Finding, Severity, suggestion
from adam.core.kinds import ValueKind
from adam.plan.values import Check, ResolvedDataset, ResolvedStudy, Waiver
from adam.specification.problems import Problems
from validation.conformance.rules import rules
from validation.custom_suites import ids as ids_by_hand
from validation.generated import KINDS, NAMES
from validation.rule import Rule

OFF = "off"
ALWAYS = ("G-01", "G-02", "G-03", "G-06", "G-12")
"""Generated rules of what a file is at all: names, types, lengths, key, reading back. They cannot be switched off."""
CODE = re.compile(r"[a-z]+(-[a-z]+)*")
"""How the findings of reading and deriving are called: issue, source, spec-standard."""
COUNTED = ("VARIABLE", "records", "expected", "values", "RDOMAIN", "IDVAR", "IDVARVAL", "QNAM")
"""What findings name besides variables of datasets and domains."""
SEQUENCE = re.compile(r"[A-Z][A-Z0-9]SEQ")


def known_ids(study: ResolvedStudy) -> set[str]:
    """The ids of all rules of a study: its lines, what is generated, the conformance rules, the custom suites."""
    lines = [each.id for each in (*(line for dataset in study.datasets.values() for line in dataset.checks), *study.checks)]
    conforming = [each for rule in (*rules().decided, *rules().own) for each in (rule.id, rule.stated) if each]
    return {*lines, *KINDS, *NAMES, *conforming, *ids_by_hand(study), *unlisted_ids(study)}


def unlisted_ids(study: ResolvedStudy) -> set[str]:
    """The ids of lines of datasets that the study has and does not make."""
    return {each for ids in study.unlisted.values() for each in ids}


def switched_off(made: list[Rule], dataset: ResolvedDataset, study: ResolvedStudy) -> tuple[list[Rule], list[Finding]]:
    """The generated rules of a dataset without those that a line switches off, and a note for each such line."""
    left, notes = made, []
    for line in [each for each in (*dataset.checks, *study.checks) if each.kind == OFF and each.id not in ALWAYS]:
        gone = [rule for rule in left if rule.id == line.id]
        if gone:
            left = [rule for rule in left if rule.id != line.id]
            variables = ", ".join(dict.fromkeys(rule.variable for rule in gone if rule.variable))
            message = f"switched off by its line{f'; not checked: {variables}' if variables else ''}"
            notes.append(Finding(line.id, Severity.NOTE, dataset.name, message, mark=line.mark))
    return left, notes


def check_off(lines: Iterable[Check], problems: Problems) -> None:
    """Note each `off` that takes nothing away: of a rule nobody has, or of one that is always checked."""
    for line in lines:
        if line.kind != OFF or line.arguments:
            continue
        subject = f"{line.dataset}.{line.id}" if line.dataset else line.id
        if line.id in ALWAYS:
            message = f"{line.id} is always checked and cannot be switched off; fix what it finds, or explain it with a waiver in study.yaml"
            problems.add(line.mark, subject, message, "spec-unknown-check")
        elif line.id not in (*KINDS, *NAMES):
            known = [each for each in (*KINDS, *NAMES) if each not in ALWAYS]
            why = "conformance rules are set by conformance: in study.yaml" if line.id in _conforming() else "remove the line, or correct the id"
            message = f"off: no layer below and no generated rule has the id {line.id}; {why}{suggestion(line.id, known)}"
            problems.add(line.mark, subject, message, "spec-unknown-check")


def _conforming() -> set[str]:
    return {rule.id for rule in (*rules().decided, *rules().own)}


def check_waivers(study: ResolvedStudy, headers: Mapping[str, Mapping[str, ValueKind]] | None, problems: Problems) -> None:
    """Note each waiver of a rule nobody has, and each key that no record of the study can have."""
    known = known_ids(study)
    for waiver in study.waivers:
        if waiver.check not in known and not CODE.fullmatch(waiver.check):
            message = f"no rule has the id {waiver.check}, so this waiver can explain nothing{suggestion(waiver.check, sorted(known))}"
            problems.add(waiver.mark, "waivers", message, "spec-unknown-check")
            continue
        names = _key_variables(study, waiver)
        if names is None or (headers is None and CODE.fullmatch(waiver.check)):
            continue
        collected = {name for variables in (headers or {}).values() for name in variables}
        for key in waiver.keys:
            if key not in names and key not in collected and not SEQUENCE.fullmatch(key):
                message = f"keys: no dataset that {waiver.check} is about has a variable {key}{suggestion(key, sorted(names))}"
                problems.add(waiver.mark, "waivers", message, "spec-unknown-variable")


def _key_variables(study: ResolvedStudy, waiver: Waiver) -> set[str] | None:
    """What the findings of a waiver's rule can be told apart by; None for counts, whose names the line makes."""
    lines = [line for dataset in study.datasets.values() for line in dataset.checks if line.id == waiver.check]
    owners = {line.dataset for line in lines}
    if waiver.check in unlisted_ids(study):
        return None
    across = any(line.id == waiver.check and line.kind not in (OFF, "generated") for line in study.checks)
    if across or any(line.kind in ("counts", "proportions") for line in lines):
        return None
    alone = owners and waiver.check not in (*KINDS, *NAMES)
    datasets = [study.datasets[name] for name in (owners if alone else study.datasets) if name in study.datasets]
    domains = [name for use in study.sources.values() for name in (*use.variables, *use.optional)]
    return {*COUNTED, *domains, *(name for dataset in datasets for name in dataset.variables)}
