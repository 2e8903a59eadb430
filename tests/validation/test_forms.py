"""Each form of the library, and each generated rule, on the small good study broken once: it fails, and nothing else does."""

from pathlib import Path

import pytest

from adam.core.errors import Severity
from adam.planning.values import ResolvedDataset, ResolvedStudy
from tests.validation.form_breaks import CASES, drop, put
from tests.validation.small import AGAIN, FILES, failures, frames, parsed, planned, sources, suites_of
from validation.check import CHECKS
from validation.records import Records
from validation.run_suites import run_suites
from validation.suite import Suite


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[ResolvedStudy, dict[str, ResolvedDataset], tuple[Suite, ...]]:
    study, datasets = planned(tmp_path_factory.mktemp("small"))
    return study, datasets, suites_of(study, datasets)


@pytest.mark.parametrize("case", CASES)
def test_broken_once_is_found_once(small: tuple[ResolvedStudy, dict[str, ResolvedDataset], tuple[Suite, ...]], case: str) -> None:
    _, datasets, found = small
    data, source = frames(datasets), sources()
    breaks, wanted = CASES[case]
    breaks(data, source)
    assert failures(found, data, source) == wanted


def test_the_good_study_has_no_finding(small: tuple[ResolvedStudy, dict[str, ResolvedDataset], tuple[Suite, ...]]) -> None:
    _, datasets, found = small
    assert run_suites(found, frames(datasets), sources()) == []


def test_every_form_is_broken_here(small: tuple[ResolvedStudy, dict[str, ResolvedDataset], tuple[Suite, ...]]) -> None:
    broken = {identity for _, wanted in CASES.values() for identity in wanted}
    kinds = {rule.kind for suite in small[2] for rule in suite.rules if rule.id in broken} - AGAIN
    elsewhere = {
        "valid_names",
        "declared_types",
        "text_length",
        "whole_numbers",
        "codelist_term",
        "not_missing",
        "known_subject",
    }  # test_rules.py, and below
    of_records = {name for name, check in CHECKS.items() if check.checks is Records}
    alone = {path.stem.removeprefix("test_") for path in Path(__file__).parent.glob("test_*.py")}  # a check may have a test file of its own
    assert of_records - kinds - elsewhere - alone - AGAIN == set()  # AGAIN: test_found_again.py, which asks for each of them


def test_a_subject_is_one_of_its_study(small: tuple[ResolvedStudy, dict[str, ResolvedDataset], tuple[Suite, ...]]) -> None:
    _, datasets, found = small
    data = frames(datasets)
    other = data["ADEFF"]["USUBJID"] == "2"
    data["ADEFF"].loc[other, ["STUDYID", "USUBJID"]] = ["T", "1"]
    assert "E-14" not in failures(found, data, sources())


FORMULAS = """
dataset: ADSL
class: SUBJECT LEVEL ANALYSIS DATASET
label: Subject-Level Analysis Dataset
records: {from: DM}
variables:
  STUDYID, USUBJID: DM
  TRT01P: {codelist: TRT, value: DM.ARM}
  TRT01PN: codelist_number(TRT01P)
  TOTALBL: {label: Baseline Total, type: float, value: missing}
  CLASS: {label: Class, cut: {of: TOTALBL, at: [5, 8], terms: [low, middle, high]}}
  HIGH: {label: Class of the High, where: LONG == "Yes", cut: {of: TOTALBL, at: [8], terms: [below, above]}}
  LONG: {label: Case, case: [{when: TOTALBL > 5, term: "Yes"}, {term: "No"}]}
  SHORT: {label: Recoded, recode: {of: LONG, map: {"Yes": A}, otherwise: B}}
  OPEN: {label: Open, case: [{when: TOTALBL > 5, term: "Yes"}, {value: LONG}]}
  ONLY: {label: Only, where: TOTALBL > 5, term: Here}
"""
GOOD = """
STUDYID|USUBJID|TRT01P|TRT01PN|TOTALBL|CLASS|HIGH|LONG|SHORT|OPEN|ONLY
S|1|Drug|1|8|high|above|Yes|A|Yes|Here
S|2|Placebo|2|5|middle||No|B|No|
S|3||||||No|B|No|
"""


@pytest.mark.parametrize(("variable", "row", "value", "rule"), [
    ("TRT01PN", 0, 2.0, "G-07"), ("TRT01PN", 1, float("nan"), "G-07"), ("TRT01PN", 2, 1.0, "G-07"),
    ("CLASS", 0, "middle", "G-05"), ("CLASS", 1, "low", "G-05"), ("CLASS", 1, "", "G-05"), ("CLASS", 2, "low", "G-05"),
    ("HIGH", 0, "below", "G-05"), ("HIGH", 1, "below", "G-05"), ("HIGH", 0, "", "G-05"), ("LONG", 0, "Maybe", "G-05"), ("LONG", 0, "", ""),
    ("SHORT", 1, "C", "G-05"), ("OPEN", 0, "Maybe", ""), ("ONLY", 1, "There", "G-05"), ("ONLY", 0, "", ""),
])  # fmt: skip
def test_what_a_formula_says_is_all_there_can_be(tmp_path: Path, variable: str, row: int, value: object, rule: str) -> None:
    study, datasets = planned(tmp_path, adsl=FORMULAS, study=FILES["study.yaml"].split("checks:")[0].replace("[ADSL, ADEFF, ADAE]", "[ADSL]"))
    (suite,) = suites_of(study, {"ADSL": datasets["ADSL"]})
    frame = parsed(GOOD, ("TRT01PN", "TOTALBL"))
    kinds = ("possible_value", "recomputed") if variable in ("CLASS", "HIGH") else ("possible_value",)
    told = [each for each in suite.rules if each.kind in kinds]
    assert not any(each.count(suite.records({"ADSL": frame}, {})) for each in told)
    frame.loc[row, variable] = value
    found = [(each.id, each.count(suite.records({"ADSL": frame}, {}))) for each in told if each.variable == variable]
    assert [each for each in found if each[1]] == ([(rule, 1)] if rule else [])


def test_names_labels_and_types_of_variables(small: tuple[ResolvedStudy, dict[str, ResolvedDataset], tuple[Suite, ...]]) -> None:
    study, datasets, _ = small
    adsl = datasets["ADSL"]
    wrong = adsl.variables["TOTALBL"].model_copy(update={"label": "x" * 41})
    found = suites_of(study, {**datasets, "ADSL": adsl.model_copy(update={"variables": {**adsl.variables, "TOTALBL": wrong}})})
    data = frames(datasets)
    data["ADSL"]["TRT01P"] = data["ADSL"]["TRT01P"].astype("category")
    findings = [finding for finding in run_suites(found[:1], data, sources()) if finding.id in ("G-02", "G-03")]
    assert [(finding.id, finding.keys) for finding in findings][:2] == [("G-02", ({"VARIABLE": "TOTALBL"},)), ("G-03", ({"VARIABLE": "TRT01P"},))]


def test_a_subject_of_no_one(small: tuple[ResolvedStudy, dict[str, ResolvedDataset], tuple[Suite, ...]]) -> None:
    _, datasets, found = small
    data, source = frames(datasets), sources()
    for name in ("ADAE", "AE"):
        {**data, **source}[name].loc[2, "USUBJID"] = "9"
    findings = run_suites(found, data, source)
    assert {("X-01", "ADAE", 1), ("G-11", "ADAE", 1)} <= {(finding.id, finding.dataset, finding.count) for finding in findings}


def test_keys_say_what_was_looked_at(small: tuple[ResolvedStudy, dict[str, ResolvedDataset], tuple[Suite, ...]]) -> None:
    _, datasets, found = small
    data, source = frames(datasets), sources()
    put("ADEFF", 12, AVAL=0.0, AVALC="N")(data, source)
    drop("ADEFF", 17)(data, source)
    findings = {finding.id: finding for finding in run_suites(found, data, source)}
    assert findings["S-1"].keys == ({"TRT01P": "Drug", "LOW": "1", "MET": "0"},)
    assert findings["E-7"].keys == ({"STUDYID": "S", "USUBJID": "2", "PARAMCD": "TWO", "AVISITN": "0", "records": "0"},)
    assert findings["S-1"].severity is Severity.ERROR


def test_a_source_that_may_be_absent_has_no_records(small: tuple[ResolvedStudy, dict[str, ResolvedDataset], tuple[Suite, ...]]) -> None:
    _, datasets, found = small
    data, source = frames(datasets), sources()
    del source["AE"]
    data["ADAE"] = data["ADAE"].iloc[:0]
    assert [finding for finding in run_suites(found[2:], data, source) if finding.severity is Severity.ERROR] == []


def test_without_sources_rules_that_need_them_are_told_and_left_out(
    small: tuple[ResolvedStudy, dict[str, ResolvedDataset], tuple[Suite, ...]],
) -> None:
    _, datasets, found = small
    assert [(finding.id, finding.severity, finding.dataset, finding.message) for finding in run_suites(found, frames(datasets), {})] == [
        ("not-checked", Severity.NOTE, "ADSL", "5 rules were not run, because this run has no collected DM: G-11, L-1, L-6"),
        ("not-checked", Severity.NOTE, "ADSL", "1 rule was not run, because this run has no collected AE: L-7"),
        ("not-checked", Severity.NOTE, "ADEFF", "5 rules were not run, because this run has no collected QS: E-24, E-11, E-13, E-41, E-40"),
        ("not-checked", Severity.NOTE, "ADAE", "2 rules were not run, because this run has no collected AE: A-1, A-4"),
    ]


def test_a_dataset_that_is_not_made_is_told(small: tuple[ResolvedStudy, dict[str, ResolvedDataset], tuple[Suite, ...]]) -> None:
    study, datasets, _ = small
    only = {"ADAE": datasets["ADAE"]}
    notes = run_suites(suites_of(study, only), {"ADAE": frames(datasets)["ADAE"]}, sources())
    assert [(note.severity, note.message) for note in notes] == [
        (Severity.NOTE, "5 rules were not run, because this run has no ADSL: X-01, G-11, A-1"),
        (Severity.NOTE, "1 rule was not run, because this run has no ADEFF and ADSL: S-3"),
    ]


def test_the_tables_are_what_they_look_like() -> None:
    assert parsed("A|B\nx|\n|2", ("B",)).to_dict("list")["A"] == ["x", ""]
