"""Checks that skipped something: a missing value in the middle of an order, a pair without digits, a value that its format does not show."""

from pathlib import Path

import pytest

from tests.right_or_refused.small_study import ADSL, small_study

VALUES = "  A: {label: A, type: float, value: 'if_else(AGE < 50, 5, 1)'}\n  B: {label: B, type: float, value: missing}\n"


@pytest.mark.parametrize(("last", "exit_code"), [("3", 1), ("5", 0), ("7", 0)])
def test_what_stands_before_a_missing_value_is_compared_with_what_follows(last: str, exit_code: int, tmp_path: Path) -> None:
    checks = f"  C: {{label: C, type: float, value: 0 * AGE + {last}}}\nchecks:\n  L-1: {{ordered: [A, B, C]}}\n"
    ran = small_study(tmp_path, {"adsl": ADSL + VALUES + checks}).build()
    assert ran.exit_code == exit_code, ran.text
    if exit_code:
        assert [each["keys"][0]["USUBJID"] for each in ran.findings() if each["id"] == "L-1"] == ["S1-1"]


def test_a_bare_pair_is_one_to_one(tmp_path: Path) -> None:
    lines = '  AGEGR: {label: Age, length: 5, value: \'if_else(AGE < 50, "young", "old")\'}\n  AGEGRN: {label: N, value: 0 * AGE + 1}\n'
    study = small_study(tmp_path, {"adsl": ADSL + lines})
    text = study.specs.joinpath("study.yaml").read_text().replace("conformance: off", "conformance: warning")
    study.specs.joinpath("study.yaml").write_text(text)
    assert any("[AD0038B]" in each["message"] for each in study.build().findings())


def test_more_decimals_than_the_format_shows_are_a_warning(tmp_path: Path) -> None:
    study = small_study(tmp_path, {"adsl": ADSL + "  A: {label: A, type: float, format: 8.1, value: AGE / 8}\n"})
    text = study.specs.joinpath("study.yaml").read_text().replace("conformance: off", "conformance: warning")
    study.specs.joinpath("study.yaml").write_text(text)
    (found,) = [each for each in study.build().findings() if each["variable"] == "A"]
    assert (found["severity"], found["count"]) == ("warning", 2)
    assert "4.25, 8.125 with format 8.1" in found["message"]


ADVS = """
dataset: ADVS
class: BASIC DATA STRUCTURE
label: Vital Signs Analysis Dataset
key: [STUDYID, USUBJID, PARAMCD, VSSEQ]
parameters:
  SYSBP: {number: 1, label: Systolic Blood Pressure (mmHg), records: {from: VS}}
variables:
  STUDYID, USUBJID: ADSL
  PARAM, PARAMCD, PARAMN, AVAL: PARAMETER
  VSSEQ: {label: Sequence Number, value: SRC.SEQ}
  ATOXDSCL: {length: 40, term: Low}
  ATOXGRL: {length: 1, where: VSSEQ > 1, term: "0"}
"""
VS = "STUDYID,DOMAIN,USUBJID,VSSEQ,VSTESTCD,VSSTRESN\nS1,VS,S1-1,1,SYSBP,120\nS1,VS,S1-1,2,SYSBP,\nS1,VS,S1-1,3,SYSBP,110\n"


def test_a_finding_of_what_lacks_names_the_one_cause_of_its_records(tmp_path: Path) -> None:
    study = small_study(tmp_path, {"advs": ADVS}, {"vs": VS})
    text = study.specs.joinpath("study.yaml").read_text().replace("conformance: off", "conformance: warning")
    study.specs.joinpath("study.yaml").write_text(text)
    found = [each for each in study.build().findings() if each["id"] == "AD0401"]
    causes = sorted((each["message"].split(", but ")[1], each["count"], each["keys"][0]["VSSEQ"]) for each in found)
    assert causes == [("ATOXGRL is missing [AD0401]", 1, "1"), ("AVAL is missing [AD0401]", 1, "2")]
