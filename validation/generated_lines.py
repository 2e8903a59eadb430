"""Lines `ID: {generated: CHECK}`: they give the rules of a generated check an id, a severity and a place of their own.

A-17: {generated: paired_values}                       all rules of a check
E-12: {generated: [imputed_response, imputed_parts]}   those of several checks
A-17: {generated: {paired_values: [ASEV, AREL]}}       those of some variables
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from adam.core.errors import Mark, Severity, did_you_mean
from adam.core.located import mark_of
from adam.core.problems import Problems
from adam.planning.values import Check
from validation.check import CHECKS
from validation.rule import Rule

GENERATED = "generated"
OFF = "off"


@dataclass(frozen=True)
class GeneratedLine:
    """One line: its id, and the variables of each check that it names (none: all rules of the check)."""

    id: str
    mark: Mark
    severity: Severity | None = None
    variables: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def covers(self, rule: Rule) -> bool:
        """Whether a rule gets the id of the line."""
        return rule.kind in self.variables and (not self.variables[rule.kind] or rule.variable in self.variables[rule.kind])


def generated_lines(checks: Iterable[Check]) -> list[GeneratedLine]:
    """Return the lines that name generated checks, those switched off among them."""
    found = []
    for each in checks:
        severity = Severity.WARNING if each.severity == "warning" else None
        entries = [each.arguments] if each.kind == GENERATED else _below(each) if each.kind == OFF else []
        found += [GeneratedLine(each.id, each.mark, severity, dict(_named(raw))) for raw in entries]
    return found


def _below(line: Check) -> list[object]:
    """What a line that is switched off names in the layer below."""
    entries = line.arguments if isinstance(line.arguments, list) else [line.arguments]
    return [each[GENERATED] for each in entries if isinstance(each, Mapping) and GENERATED in each]


def _named(raw: object) -> Iterator[tuple[str, tuple[str, ...]]]:
    if isinstance(raw, Mapping):
        for name, variables in raw.items():
            yield str(name), tuple(map(str, variables if isinstance(variables, list) else [variables]))
    else:
        yield from ((str(name), ()) for name in (raw if isinstance(raw, list) else [raw]))


def check_generated(each: Check, problems: Problems) -> None:
    """Report each name in a line that is not a generated check."""
    known = [name for name, check in CHECKS.items() if check.generated]
    for name, _ in _named(each.arguments) if each.kind == GENERATED else ():
        if name not in known:
            subject = f"{each.dataset}.{each.id}" if each.dataset else each.id
            message = f"There is no generated check '{name}'{did_you_mean(name, known)} Use the name of one, as docs/checks.md lists them."
            problems.add(mark_of(each.arguments, each.mark), subject, message, "spec-unknown-check")


def renamed(rule: Rule, lines: Iterable[GeneratedLine]) -> Rule:
    """Return a generated rule with the id, severity and place of the line that names it."""
    line = next((each for each in lines if each.id == rule.id or each.covers(rule)), None)
    return rule if line is None else replace(rule, id=line.id, severity=line.severity or rule.severity, mark=line.mark)
