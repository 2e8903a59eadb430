"""The conformance pass: checks that need more than values, what a finding says, and how much stops a run."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from adam.core.errors import Severity
from adam.planning.values import ResolvedDataset, ResolvedVariable
from tests.validation.conforming import dataset, fires, package, parameter, study
from validation.check import CHECKS, Failure
from validation.conformance.rule_file import FILE, conformance_rules
from validation.conformance.run_conformance import run_conformance, source_variables
from validation.delivery import DeliveredDataset, Delivery
from validation.records import Records

SINGLE = {
    "subjects_delivered",
    "all_delivered",
    "all_declared",
    "readable",
    "size_at_most",
    "some_records",
    "fitting_lengths",
    "supplied",
    "all_variables",
    "only_variables",
    "as_declared",
    "declared_label",
    "codelist_values",
    "level_term",
    "level_type",
    "level_length",
    "named_like",
    "label_at_most",
    "length_at_most",
    "standard_label",
    "formatted",
    "dataset_label",
    "label_names",
    "required",
    "primary_present",
    "in_domain",
    "in_subjects",
}
"""The general checks tried in this file."""
KEY = {"STUDYID": ["S"], "USUBJID": ["1"]}


def changed(given: Delivery, name: str, **attributes: object) -> Delivery:
    """A package whose data, not its specification, have another attribute of a variable."""
    own = next(iter(given.held))
    variables = {**given.held[own].variables, name: given.held[own].variables[name].model_copy(update=attributes)}
    return replace(given, held={**given.held, own: given.held[own].model_copy(update={"variables": variables})})


def coded(kind: str, name: str, codelist: str, value: object, **more: object) -> Delivery:
    """A package with a variable that has a codelist."""
    given = package(kind, {**KEY, name: [value]})
    return changed_spec(given, name, codelist=codelist, **more)


def changed_spec(given: Delivery, name: str, **attributes: object) -> Delivery:
    own = next(iter(given.held))
    variables = {**given.held[own].variables, name: given.held[own].variables[name].model_copy(update=attributes)}
    both = {**given.held, own: given.held[own].model_copy(update={"variables": variables})}
    return replace(given, held=both, datasets=both)


GOOD = package("ADSL", KEY)


def test_the_ids_are_there_once() -> None:
    text = FILE.read_text(encoding="utf-8")
    ids = re.findall(r"^  ((?:AD|CT|SD)\d{4}[A-C]?):", text, re.MULTILINE)
    own = {rule.id for rule in conformance_rules().own}  # SD0002 is of the checks of SDTM: asked of these data too, but none of the published list
    assert set(ids) & own == {"SD0002"}
    assert len(ids) == len(set(ids)) == 368 + 1
    assert set(ids) - own == {rule.id for rule in conformance_rules().decided} | set(conformance_rules().undecided)
    assert len({rule.id for rule in conformance_rules().decided}) == 365
    assert set(yaml.safe_load(text)) == {"kinds", "decided", "own", "undecided"}


def test_what_is_read_of_the_domains() -> None:
    found = source_variables()
    assert found["DM"] == {"STUDYID", "USUBJID", "AGE", "AGEU", "SEX", "RACE", "SUBJID", "SITEID", "ARM", "ACTARM"}
    assert found["AE"] == {"STUDYID", "USUBJID", "AESEQ"}


@pytest.mark.parametrize(
    ("rule", "good", "bad"),
    [
        ("AD0001", GOOD, package("BDS", KEY)),
        ("SD0061", GOOD, replace(GOOD, datasets={**GOOD.datasets, "ADAE": dataset("ADAE", "ADAE", {})[0]})),
        ("SD1063", replace(GOOD, sizes={"ADSL": 1}), replace(GOOD, sizes={"ADSL": 1, "ADXX": 1})),
        ("SD0062", GOOD, replace(GOOD, unreadable={"ADAE": "cut short"})),
        ("SD1071", replace(GOOD, sizes={"ADSL": 5_000_000_000}), replace(GOOD, sizes={"ADSL": 5_000_000_001})),
        ("SD0001", GOOD, package("ADSL", {"USUBJID": []})),
        ("AD1024", replace(GOOD, sources={"DM": None}), GOOD),
        ("AD1025", GOOD, package("ADAE", {**KEY, "AESEQ": [1]})),
        ("AD1026", GOOD, package("ADSL", {**KEY, "TRT01P": ["A"]})),
    ],
)
def test_the_delivery(rule: str, good: Delivery, bad: Delivery) -> None:
    assert not fires(good, rule)
    assert fires(bad, rule)


@pytest.mark.parametrize(
    ("rule", "good", "bad"),
    [
        ("SD0059", GOOD, changed(GOOD, "USUBJID", type="float")),
        ("SD1324", GOOD, changed(GOOD, "USUBJID", label="Other")),
        ("SD1325", GOOD, replace(GOOD, held={"ADSL": GOOD.held["ADSL"].model_copy(update={"label": "Other"})})),
        ("AD0320", GOOD, replace(GOOD, held={"ADSL": GOOD.held["ADSL"].model_copy(update={"label": "Other"})})),
        ("AD0013", GOOD, package("ADSL", {"TOO_LONG_": ["1"]})),
        ("AD0014", GOOD, package("ADSL", {"_A": ["1"]})),
        ("AD0016", changed(GOOD, "USUBJID", label="x" * 40), changed(GOOD, "USUBJID", label="x" * 41)),
        ("AD0017", changed(GOOD, "USUBJID", length=200), package("ADSL", {"USUBJID": ["x" * 201]})),
        ("AD0018", changed(GOOD, "STUDYID", label="Study Identifier"), GOOD),
        ("AD0018", changed_spec(package("BDS", {"ANL01FL": ["Y"]}), "ANL01FL", label="Analysis Flag 01"), package("BDS", {"ANL01FL": ["Y"]})),
        ("AD0895", changed(package("BDS", {"ANL01FL": ["Y"]}), "ANL01FL", label="Flag 01"), package("BDS", {"ANL02FL": ["Y"]})),
        ("AD0047", GOOD, package("ADSL", {"USUBJID": ["1"]})),
        ("AD1012A", package("ADSL", {"TRT01P": ["A"], "TRT01PN": [1]}), package("ADSL", {"TRT01PN": [1]})),
        ("AD0041", package("BDS", {"ADT": ["2024-01-01"]}), changed(package("BDS", {"ADT": ["2024-01-01"]}), "ADT", format="TIME8.")),
        ("AD0041A", package("BDS", {"ADT": ["2024-01-01"]}), changed(package("BDS", {"ADT": ["2024-01-01"]}), "ADT", format="")),
        ("AD0042", package("BDS", {"ATM": [1]}), changed(package("BDS", {"ATM": [1]}), "ATM", format="DATE9.")),
        ("AD0042A", package("BDS", {"ATM": [1]}), changed(package("BDS", {"ATM": [1]}), "ATM", format="")),
        ("AD0043", package("BDS", {"ADTM": ["2024-01-01T10:00"]}), changed(package("BDS", {"ADTM": ["2024-01-01T10:00"]}), "ADTM", format="DATE9.")),
        ("AD0043A", package("BDS", {"ADTM": ["2024-01-01T10:00"]}), changed(package("BDS", {"ADTM": ["2024-01-01T10:00"]}), "ADTM", format="")),
    ],
)
def test_the_metadata(rule: str, good: Delivery, bad: Delivery) -> None:
    assert not fires(good, rule)
    assert fires(bad, rule)


def test_variables_missing_and_extra() -> None:
    fewer = replace(GOOD, held={"ADSL": dataset("ADSL", "ADSL", {"USUBJID": ["1"]})[0]})
    assert (fires(fewer, "SD0054"), fires(fewer, "SD0060")) == (True, False)
    more = replace(GOOD, datasets=fewer.held)
    assert (fires(more, "SD0054"), fires(more, "SD0060")) == (False, True)


def test_the_order_the_length_and_the_format_of_files_are_looked_at() -> None:
    turned = replace(GOOD, held={"ADSL": dataset("ADSL", "ADSL", dict(reversed(KEY.items())))[0]})  # type: ignore[arg-type]
    assert [finding.message for finding in run_conformance(turned) if finding.id == "G-01"] == [
        "The order of the variables differs from the specification: the first difference is at USUBJID [G-01]"
    ]
    dated = package("ADSL", {**KEY, "RANDDT": ["2024-01-01"], "AGE": [30]})
    for name, attribute, severity in [("USUBJID", {"length": 201}, "error"), ("RANDDT", {"format": "YYMMDD10."}, "error")]:
        found = [finding for finding in run_conformance(changed(dated, name, **attribute)) if "[G-03" in finding.message and finding.variable == name]
        assert [(finding.id, str(finding.severity)) for finding in found] == [("G-03", severity)]
    assert not [finding for finding in run_conformance(changed(dated, "AGE", format="8.2")) if finding.id == "G-03"]  # none is declared
    declared = replace(dated, datasets=changed(dated, "AGE", format="8.").held)
    plain = [finding for finding in run_conformance(changed(declared, "AGE", format="8.2")) if finding.id == "G-03"]
    assert [(str(finding.severity), finding.message.split(": ")[1]) for finding in plain] == [("warning", "AGE has 8.2; expected 8. [G-03]")]


@pytest.mark.parametrize(
    ("rule", "codelist", "value"),
    [("SD0037", "OWN", "C"), ("SD0037", "SEX", "X"), ("CT2001", "SEX", "X"), ("CT2002", "RACE", "MARTIAN")],
)
def test_terms(rule: str, codelist: str, value: str) -> None:
    assert fires(coded("ADSL", "X", codelist, value), rule)
    assert not fires(coded("ADSL", "X", codelist, ""), rule)
    others = {"CT2001": "RACE", "CT2002": "SEX"}
    assert rule not in others or not fires(coded("ADSL", "X", others[rule], value), rule)


def levelled(values: list[float], texts: list[str], **aval: object) -> Delivery:
    """Two records of parameter A, whose AVAL and AVALC are described, and one of B, whose are not."""
    given = package("BDS", {"PARAMCD": ["A", "A", "B"], "AVAL": [*values, 0.5], "AVALC": [*texts, "LONG TEXT"]})
    number = ResolvedVariable(name="AVAL", type="integer", **aval)  # type: ignore[arg-type]
    text = ResolvedVariable(name="AVALC", type="text", length=3, **aval)  # type: ignore[arg-type]
    made: ResolvedDataset = given.held["ADEFF"].model_copy(update={"parameters": {"A": parameter("A", AVAL=number, AVALC=text)}})
    return replace(given, held={"ADEFF": made}, datasets={"ADEFF": made})


def test_values_of_a_parameter() -> None:
    assert fires(levelled([1, 1.5], ["A", "B"]), "SD1230")
    assert not fires(levelled([1, 2], ["A", "B"]), "SD1230")
    assert fires(levelled([1, 2], ["A", "BBBB"]), "SD1231")
    assert not fires(levelled([1, 2], ["A", "BBB"]), "SD1231")
    assert not fires(levelled([1, 2], ["A", "B"], codelist="OWN"), "SD1228")
    assert fires(levelled([1, 3], ["A", "B"], codelist="OWN"), "SD1228")
    assert fires(levelled([1, 2], ["A", "C"], codelist="OWN"), "SD1228")
    assert not fires(levelled([1, 2], ["A", "C"], codelist="OWN"), "CT2004")
    assert fires(levelled([1, 2], ["F", "C"], codelist="SEX"), "CT2004")
    assert fires(levelled([1, 2], ["ASIAN", "C"], codelist="RACE"), "CT2005")


def test_tracing_of_keys() -> None:
    other = {**KEY, "USUBJID": ["2"]}
    assert not fires(package("ADSL", KEY, sources={"DM": KEY}), "AD0053")
    assert fires(package("ADSL", KEY, sources={"DM": other}), "AD0053")
    events = {**KEY, "AESEQ": [1]}
    assert not fires(package("ADAE", events, sources={"AE": events}), "AD0258")
    assert fires(package("ADAE", events, sources={"AE": {**events, "AESEQ": [2]}}), "AD0258")
    assert not fires(package("BDS", KEY, KEY), "AD0256")
    assert fires(package("BDS", KEY, other), "AD0256")


def test_adverse_events_are_known_without_a_subclass() -> None:
    kind = conformance_rules().kinds["ADAE"]
    events = dataset("ADAE", "ADAE", {"AETERM": ["A"]})[0]
    assert kind.includes(events)
    assert kind.includes(events.model_copy(update={"subclass": ""}))
    assert not kind.includes(events.model_copy(update={"subclass": "CONCOMITANT MEDICATION"}))
    assert not kind.includes(dataset("ADCM", "ADAE", {"CMTRT": ["A"]})[0].model_copy(update={"subclass": ""}))


def test_lengths_where_the_study_wants_them_short() -> None:
    short = replace(GOOD, study=study(lengths="longest"), sizes={"ADSL": 1})
    assert fires(short, "SD1082")
    assert not fires(changed(changed(short, "STUDYID", length=1), "USUBJID", length=1), "SD1082")
    assert not fires(replace(short, study=study(lengths="declared")), "SD1082")
    assert not fires(replace(short, sizes={}), "SD1082")


def test_a_rule_that_raises_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(delivered: DeliveredDataset, **arguments: object) -> list[Failure]:
        raise ZeroDivisionError("no")

    rule = next(each for each in conformance_rules().decided if each.id == "AD0049")
    monkeypatch.setitem(rule.check.__dict__, "function", broken)
    found = [finding for finding in run_conformance(GOOD) if finding.id == "suite"]
    assert "Conformance rule AD0049 could not be run: ZeroDivisionError: no" in [finding.message for finding in found]
    assert {finding.severity for finding in found} == {Severity.ERROR}


def test_nothing_is_found_in_a_package_of_no_datasets_but_its_lack() -> None:
    assert [finding.message for finding in run_conformance(Delivery(study(), {}, {}, {}))] == [
        "The delivery has no subject-level dataset: expected a dataset of that class [AD0001]"
    ]


def test_the_page_is_as_made() -> None:
    from validation.conformance.rule_page import page

    made = page()
    file = Path(__file__).parents[2] / "docs" / "conformance.md"
    assert file.read_text(encoding="utf-8") == made, (
        'python -c "from validation.conformance.rule_page import page; print(page(), end=str())" > docs/conformance.md'
    )
    assert all(f"`{name}`" in made for name, check in CHECKS.items() if check.checks is not Records)
