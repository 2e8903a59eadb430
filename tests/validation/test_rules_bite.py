"""Every rule of DOMAIN §8 bites: each, and each line of it, is broken in the built study, and found."""

from collections import defaultdict
from contextlib import suppress

import pytest

from adam.core.errors import Severity
from tests.validation.breaking import Broken, Built, Tried, fired, mutations, severities, tried
from tests.validation.special import specially
from validation.check import CHECKS
from validation.run_suites import run_suites

RULES = severities()


@pytest.fixture(scope="module")
def all_tried(built: Built, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Tried]]:
    found = defaultdict(list)
    for each in [*tried(built), *specially(built, tmp_path_factory.mktemp("special"))]:
        found[each.rule].append(each)
    return found


def test_the_rules_are_those_of_the_domain() -> None:
    assert len(RULES) == 85


@pytest.mark.parametrize("rule", RULES)
def test_every_break_of_a_rule_is_found(rule: str, all_tried: dict[str, list[Tried]]) -> None:
    assert all_tried[rule]
    assert [f"{each.dataset}: {each.said}" for each in all_tried[rule] if not each.caught] == []


def test_every_line_is_broken(built: Built, all_tried: dict[str, list[Tried]]) -> None:
    broken = {fire for each in all_tried.values() for one in each for fire in one.fired}
    lines = {fired(suite, rule) for suite, rule in built.rules() if not CHECKS[rule.kind].generated}
    assert [f"{each.dataset} {each.rule} line {each.line}" for each in lines - broken] == []


def test_every_kind_of_generated_rule_is_broken(built: Built, all_tried: dict[str, list[Tried]]) -> None:
    broken = {(fire.dataset, fire.rule, fire.kind) for each in all_tried.values() for one in each for fire in one.fired}
    kinds = {(suite.dataset.name, rule.id, rule.kind) for suite, rule in built.rules() if CHECKS[rule.kind].generated}
    assert kinds - broken == set()


def test_all_breaks_together_raise_nothing(built: Built) -> None:
    broken = Broken(built)
    for mutation in mutations():
        if mutation.set and not mutation.every:
            with suppress(LookupError):  # an earlier break can have taken what a later one looks for
                broken.mutate(mutation)
    findings = run_suites(built.suites, broken.frames, broken.sources)
    assert [finding.message for finding in findings if finding.id == "suite"] == []
    blocking = {finding.id for finding in findings if finding.severity is Severity.ERROR}
    alone = {"G-01", "G-02", "G-06", "G-12", "E-12", "X-04", "X-06"}  # of columns, files, records added, counts that come out even again
    assert {rule for rule, severity in RULES.items() if severity == "error"} - blocking <= alone
