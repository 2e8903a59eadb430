"""Checks of a layer apply to every dataset that has the variables and parameters they name, whatever its class."""

import shutil
from pathlib import Path

import pytest

from adam.pipeline.planning import plan_with_source
from tests.right_or_refused.small_study import SmallStudy, small_study
from tests.right_or_refused.test_recomputed import ADSL, ADVS, SDTM
from validation.suite import suites

SPECS = Path(__file__).parents[2] / "specs"
STUDY = """
language: 1
study: S1
extends: [adamig, library]
label: A made-up study
ids: [S1]
as_of: 2024-06-30
conformance: off
datasets: [ADSL, ADVS, ADLB]
treatments: {Vehicle: 1, Active: 2}
"""
LIBRARY = """
checks:
  P-1: {where: PARAMCD == "PULSE", expect: AVAL > 0}
  P-2: {across_parameters: {by: [VISITNUM], expect: PULSE <= HEIGHT}}
  P-3: {where: PARAMCD == "GLUC", expect: AVAL < 50}
  P-4: {expect: AGE >= 18}
  P-5: {every_subject: {has: PARAMCD == "WEIGHT"}}
"""
ADLB = """
dataset: ADLB
class: BASIC DATA STRUCTURE
label: Laboratory Analysis Dataset
key: [STUDYID, USUBJID, PARAMCD, VISITNUM]
parameters:
  GLUC: {number: 1, label: Glucose (mmol/L), records: {from: LB, where: SRC.TESTCD == "GLUC"}}
variables:
  STUDYID, USUBJID: ADSL
  PARAM, PARAMCD, PARAMN, AVAL: PARAMETER
  VISITNUM: SRC
  ADT: date(SRC.DTC)
  SRCDOM, SRCVAR, SRCSEQ: PARAMETER
"""
LB = "STUDYID,DOMAIN,USUBJID,LBSEQ,LBTESTCD,LBSTRESC,LBSTRESN,VISITNUM,LBDTC\nS1,LB,S1-1,1,GLUC,5,5,1,2024-01-04\n"


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> SmallStudy:
    specs = {"study": STUDY, "adsl": ADSL, "advs": ADVS, "adlb": ADLB, "library/checks": LIBRARY}
    folder = tmp_path_factory.mktemp("layer")
    (folder / "specs" / "library").mkdir(parents=True)
    return small_study(folder, specs, {**SDTM, "lb": LB})


def lines(study: SmallStudy) -> dict[str, set[str]]:
    found, _ = plan_with_source(study.specs, study.sdtm)
    return {suite.dataset.name: {rule.id for rule in suite.rules if rule.id.startswith("P-")} for suite in suites(found.study, found.datasets)}


def test_a_second_bds_dataset_builds_clean(study: SmallStudy) -> None:
    ran = study.build()
    assert ran.exit_code == 0, ran.text
    assert [each for each in ran.findings() if each["severity"] != "note"] == []


def test_a_check_applies_where_its_names_are(study: SmallStudy) -> None:
    assert lines(study) == {"ADSL": {"P-4"}, "ADVS": {"P-1", "P-2"}, "ADLB": {"P-3"}}


def test_a_dataset_may_switch_one_off(study: SmallStudy, tmp_path: Path) -> None:
    specs = {"study": STUDY, "adsl": ADSL + "checks: {P-4: off}\n", "advs": ADVS, "adlb": ADLB, "library/checks": LIBRARY}
    (tmp_path / "specs" / "library").mkdir(parents=True)
    assert lines(small_study(tmp_path, specs, {**SDTM, "lb": LB}))["ADSL"] == set()


def test_the_checks_of_the_dermatology_layer_do_not_apply_to_another_bds_dataset(tmp_path: Path) -> None:
    shutil.copytree(SPECS, tmp_path / "specs")
    folder = tmp_path / "specs" / "true_ad"
    (folder / "advs.yaml").write_text(ADVS)
    study = folder / "study.yaml"
    study.write_text(study.read_text().replace("[ADSL, ADEFF, ADAE]", "[ADSL, ADEFF, ADAE, ADVS]"))
    found, _ = plan_with_source(folder)
    suite = next(suite for suite in suites(found.study, found.datasets) if suite.dataset.name == "ADVS")
    assert {rule.id for rule in suite.rules if not rule.id.startswith("G-")} == {"E-02", "X-01"}
    assert suite.notes == ()
