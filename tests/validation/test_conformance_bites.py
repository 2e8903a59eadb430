"""Every conformance rule bites in the study as built: each, and each check of it, is broken once, found, and never fails itself."""

from collections import defaultdict

import pytest

from tests.validation.breaking import Built
from tests.validation.nonconforming import ALL, Nonconforming, tried

EDGE = {"AD0361", "AD0362", "ADAMIG-02", "SD0002"}
"""What is found before anything is broken: a collected record that ends before it starts, variables without any value,
and edge cases without an arm, a date or a coded term."""


@pytest.fixture(scope="module")
def all_tried(built: Built) -> dict[str, list[Nonconforming]]:
    found = defaultdict(list)
    for one in tried(built):
        found[one.each.rule].append(one)
    return found


def test_every_rule_is_broken(all_tried: dict[str, list[Nonconforming]]) -> None:
    assert set(all_tried) == {rule.id for rule in ALL}


@pytest.mark.parametrize("place", range(len(ALL)), ids=lambda place: f"{ALL[place].id}-{ALL[place].arguments_text[:40]}")
def test_every_check_of_a_rule_finds_a_break(place: int, all_tried: dict[str, list[Nonconforming]]) -> None:
    mine = all_tried[ALL[place].id]
    assert [str(one.each) for one in mine if not one.caught] == []
    assert any(place in one.more for one in mine)


def test_nothing_is_found_before_and_nothing_fails_itself(all_tried: dict[str, list[Nonconforming]]) -> None:
    everything = [one for each in all_tried.values() for one in each]
    assert {one.each.rule for one in everything if one.before} == EDGE
    assert [finding.message for one in everything for finding in one.after if finding.id == "suite"] == []


def test_a_finding_is_an_error_only_where_the_domain_states_it(all_tried: dict[str, list[Nonconforming]]) -> None:
    for place, rule in enumerate(ALL):
        told = {str(finding.severity) for one in all_tried[rule.id] for finding in one.more.get(place, ())}
        assert told == {"note" if rule.note else "error" if rule.stated else "warning"}, rule.id
