"""Every rule of the data file finds what it is for, and leaves the good beside it alone."""

from pathlib import Path

import pytest

from tests.validation.conforming import Columns, example, finds, fires, package
from validation.check import CHECKS
from validation.checks.allowed_values import each_of
from validation.conformance.rule_file import ConformanceRule, conformance_rules
from validation.records import Records

DECIDED = conformance_rules().decided
BY_HAND = Path(__file__).with_name("conformance_examples.txt")


def scope(rule: ConformanceRule) -> str:
    return rule.kinds[0] if rule.kinds else "BDS"


def of(*checks: str) -> list[ConformanceRule]:
    found = [rule for rule in DECIDED if rule.check.name in checks]
    assert found, f"no rule is decided by {' or '.join(checks)}"
    return found


def ids(rule: ConformanceRule) -> str:
    return f"{rule.id}-{rule.arguments_text[:40]}"


def both(rule: ConformanceRule, good: Columns, bad: Columns) -> None:
    assert not finds(package(scope(rule), {"USUBJID": ["1"] * _size(good), **good}), rule)
    assert finds(package(scope(rule), {"USUBJID": ["1"] * _size(bad), **bad}), rule)


def _size(columns: Columns) -> int:
    return max((len(values) for values in columns.values()), default=1)


def value(name: str, number: int = 1) -> object:
    """A value a variable of that name can have."""
    if name.endswith("DTM"):
        return f"2024-01-0{number}T10:00"
    if name.endswith("DT"):
        return f"2024-01-0{number}"
    numeric = name.endswith(("N", "FN", "DY", "TM")) or name in ("AVAL", "BASE", "CHG", "PCHG", "CNSR", "AWTDIFF", "AWTARGET", "A1LO", "A1HI")
    return float(number) if numeric else f"{'AB'[number - 1]}"


@pytest.mark.parametrize("rule", of("maps"), ids=ids)
def test_one_value_for_another(rule: ConformanceRule) -> None:
    each, to = example(rule.arguments["each"]), example(rule.arguments["to"])
    around: Columns = {name: [value(name), value(name)] for name in rule.arguments["within"] if name != "USUBJID"}
    both(rule, {**around, each: [value(each)] * 2, to: [value(to)] * 2}, {**around, each: [value(each)] * 2, to: [value(to), value(to, 2)]})


@pytest.mark.parametrize("rule", of("variable_requires"), ids=ids)
def test_what_goes_together(rule: ConformanceRule) -> None:
    has = [example(name) for name in rule.arguments["has"]]
    wants = [example(name) for name in rule.arguments["requires"][0].split(" and ")]
    both(rule, {name: [value(name)] for name in [*has, *wants]}, {name: [value(name)] for name in has})


@pytest.mark.parametrize("rule", of("filled_with"), ids=ids)
def test_what_is_filled_together(rule: ConformanceRule) -> None:
    lead, digits = example(rule.arguments["of"]), {"xx": "01", "y": "1", "zz": "01", "w": "1", "any": "ZZ"}
    others = [each_of(wanted, digits)[0] for wanted in rule.arguments["requires"]]
    good: Columns = {lead: [value(lead)], **{name: [value(name)] for name in others}}
    last = others[-1]
    both(rule, good, {**good, last: [""] if isinstance(value(last), str) and not last.endswith(("DT", "DTM")) else [None]})


@pytest.mark.parametrize("rule", of("one_of"), ids=ids)
def test_values_it_may_have(rule: ConformanceRule) -> None:
    name = example(rule.arguments["of"][0])
    allowed = rule.arguments["allowed"]
    both(rule, {name: [allowed[0]]}, {name: ["Z" if isinstance(allowed[0], str) else 9.0]})
    if "" not in allowed:
        assert fires(package(scope(rule), {name: [allowed[0], "" if isinstance(allowed[0], str) else None]}), rule.id)


@pytest.mark.parametrize("rule", of("present"), ids=ids)
def test_what_must_be_there(rule: ConformanceRule) -> None:
    sources: dict[str, Columns] = {rule.domain: {"USUBJID": ["1"]}} if rule.domain else {}
    for name in rule.arguments["any_of"]:
        assert not fires(package(scope(rule), {example(name): [value(example(name))]}, sources=sources), rule.id)
    assert fires(package(scope(rule), {"ZZ": ["1"]}, sources=sources), rule.id)


@pytest.mark.parametrize("rule", of("forbidden"), ids=ids)
def test_what_may_not_be_there(rule: ConformanceRule) -> None:
    for name in rule.arguments["of"]:
        both(rule, {"AETERM": ["A"]}, {name: [value(name)]})


@pytest.mark.parametrize("rule", of("numeric"), ids=ids)
def test_what_must_be_numeric(rule: ConformanceRule) -> None:
    name = example(rule.arguments["of"])
    both(rule, {name: [value(name)]}, {name: ["text"]})


@pytest.mark.parametrize("rule", of("from_domain"), ids=ids)
def test_what_is_collected(rule: ConformanceRule) -> None:
    name = rule.arguments["of"]
    good: Columns = {"STUDYID": ["S", "S"], "USUBJID": ["1", "2"], name: ["A", ""]}
    assert not fires(package("ADSL", good, sources={"DM": good}), rule.id)
    assert fires(package("ADSL", good, sources={"DM": {**good, name: ["A", "B"]}}), rule.id)
    assert not fires(package("ADSL", good, sources={"DM": {**good, "USUBJID": ["1", "3"], name: ["A", "B"]}}), rule.id)


@pytest.mark.parametrize("rule", of("of_subject"), ids=ids)
def test_what_is_the_subjects_own(rule: ConformanceRule) -> None:
    name, key = rule.arguments["of"], {"STUDYID": ["S"], "USUBJID": ["1"]}
    subjects: Columns = {**key, example(rule.arguments["place"]): [value(name)], rule.arguments["place"].replace("w", "2"): [value(name, 2)]}
    for number in (1, 2):
        assert fires(package("BDS", {**key, "APHASEN": [number], name: [value(name)]}, subjects), rule.id) is (number == 2)


@pytest.mark.parametrize("rule", of("of_period"), ids=ids)
def test_what_a_period_needs(rule: ConformanceRule) -> None:
    subjects: Columns = {"USUBJID": ["1"], example(rule.arguments["requires"][0]): [value(example(rule.arguments["requires"][0]))]}
    for number in (1, 2):
        assert fires(package("BDS", {"USUBJID": ["1"], "APERIOD": [number]}, subjects), rule.id) is (number == 2)


def examples() -> list[tuple[str, str, str]]:
    lines = [line for line in BY_HAND.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return [tuple(part.strip() for part in line.split("|")) for line in lines]  # type: ignore[misc]


def told(text: str) -> Columns:
    """`X=1,2 Y=A,` as columns."""
    columns: Columns = {}
    for word in text.split():
        name, values = word.split("=", 1)
        texts = values.split(",")
        numbers = [each.lstrip("-").replace(".", "", 1).isdecimal() for each in texts if each]
        columns[name] = [(float(each) if each else None) for each in texts] if numbers and all(numbers) else list(texts)
    return columns


@pytest.mark.parametrize(("rule", "good", "bad"), examples())
def test_by_hand(rule: str, good: str, bad: str) -> None:
    kind = next(scope(each) for each in DECIDED if each.id == rule)
    assert not fires(package(kind, told(good)), rule)
    assert fires(package(kind, told(good) | told(bad)), rule)


def test_every_rule_is_tried() -> None:
    by_kind = of("maps", "variable_requires", "filled_with", "one_of", "present", "forbidden", "numeric", "from_domain", "of_subject", "of_period")
    tried = {rule.id for rule in by_kind} | {name for name, _, _ in examples()}
    others = {rule.check.name for rule in DECIDED if rule.id not in tried}
    from tests.validation.test_conformance import SINGLE

    assert others <= SINGLE
    assert {name for name, check in CHECKS.items() if check.checks is not Records} <= {
        rule.check.name for rule in (*DECIDED, *conformance_rules().own)
    }
