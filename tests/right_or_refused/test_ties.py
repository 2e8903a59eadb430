"""What is chosen among records that the order does not tell apart is a warning with the records and their values."""

from pathlib import Path
from typing import Any

import pytest

from tests.right_or_refused.small_study import ADSL, Ran, small_study

VS = """STUDYID,DOMAIN,USUBJID,VSSEQ,VSTESTCD,VSSTRESN,VISITNUM,VSDTC
S1,VS,S1-1,1,HR,60,1,2024-01-01
S1,VS,S1-1,2,HR,70,1,2024-01-02
S1,VS,S1-1,3,HR,80,1,2024-01-02
S1,VS,S1-1,4,HR,90,2,2024-02-01
S1,VS,S1-2,1,HR,64,1,2024-01-02
S1,VS,S1-2,2,HR,64,1,2024-01-02
"""
ADVS = """
dataset: ADVS
class: BASIC DATA STRUCTURE
label: Vital Signs Analysis Dataset
key: [STUDYID, USUBJID, PARAMCD, VSSEQ]
parameters:
  HR: {number: 1, label: Heart Rate, records: {from: VS, where: SRC.TESTCD == "HR"}}
variables:
  STUDYID, USUBJID: ADSL
  PARAM, PARAMCD, PARAMN, AVAL: PARAMETER
  ADT: date(SRC.DTC)
  VISITNUM: SRC
  VSSEQ: {label: Number, type: integer, value: SRC.SEQ}
"""


def built(folder: Path, advs: str = "", adsl: str = "", study: str = "", vs: str = VS) -> Ran:
    ran = small_study(folder, {"adsl": ADSL + adsl, "advs": ADVS + advs}, {"vs": vs}, study).build()
    assert ran.exit_code == 0, ran.text
    return ran


def issues(ran: Ran) -> list[dict[str, Any]]:
    return [each for each in ran.findings() if each["id"] == "issue"]


@pytest.mark.parametrize("name", ["ABLFL", "ANL01FL"])
def test_a_flag_that_only_the_key_decides_is_a_warning(tmp_path: Path, name: str) -> None:
    ran = built(tmp_path, f"  {name}: {{flag_last: {{where: VISITNUM == 1, within: [PARAMCD], order: [ADT]}}}}\n")
    assert ran.records("ADVS", name) == ["", "", "Y", "", "", "Y"]
    (found,) = issues(ran)
    assert (found["severity"], found["dataset"], found["variable"], found["count"]) == ("warning", "ADVS", name, 2)
    assert [(key["USUBJID"], key["VSSEQ"]) for key in found["keys"]] == [("S1-1", "2"), ("S1-1", "3")]
    assert found["values"] == [{"AVAL": "70"}, {"AVAL": "80"}]
    assert "only the key of the dataset decides" in found["message"]


@pytest.mark.parametrize(
    "line",
    [
        "ABLFL: {flag_last: {where: VISITNUM == 1, within: [PARAMCD], order: [ADT, VSSEQ]}}",
        "ABLFL: {flag_first: {where: VISITNUM == 1, within: [PARAMCD], order: [ADT]}}",
        "ABLFL: {flag_last: {where: VISITNUM == 1 and VSSEQ != 3, within: [PARAMCD], order: [ADT]}}",
        "ASEQ: {sequence_number: {order: [ADT]}}",
    ],
)
def test_no_warning_where_the_order_decides_or_the_tied_records_are_equal(tmp_path: Path, line: str) -> None:
    assert issues(built(tmp_path, f"  {line}\n")) == []


@pytest.mark.parametrize(
    ("formula", "values", "shown"),
    [
        ("{last: {of: VS.VSSTRESN, where: VS.VISITNUM == 1, order: [VS.VSDTC]}}", [80, 64], "70 / 80"),
        ("{first: {of: VS.VSSTRESN, order: [desc(VS.VISITNUM), desc(VS.VSDTC)], where: VS.VISITNUM == 1}}", [70, 64], "70 / 80"),
        ("{last: {of: ADVS.HR.AVAL, where: ADVS.HR.VISITNUM == 1, order: [ADVS.HR.ADT]}}", [80, 64], "70 / 80"),
    ],
)
def test_a_value_taken_from_one_of_several_equal_in_order_is_a_warning(tmp_path: Path, formula: str, values: list[float], shown: str) -> None:
    ran = built(tmp_path, adsl=f"  BASEV: {{label: Baseline, type: float, {formula[1:-1]}}}\n")
    assert ran.records("ADSL", "BASEV") == values
    (found,) = issues(ran)
    assert (found["severity"], found["variable"], found["count"]) == ("warning", "BASEV", 1)
    assert found["keys"][0]["USUBJID"] == "S1-1"
    assert list(found["values"][0].values()) == [shown]


@pytest.mark.parametrize("order", ["[VS.VSDTC, VS.VSSEQ]", "[VS.VSSTRESN]"])
def test_no_warning_where_the_order_of_a_lookup_decides(tmp_path: Path, order: str) -> None:
    assert issues(built(tmp_path, adsl=f"  BASEV: {{label: B, type: float, last: {{of: VS.VSSTRESN, order: {order}}}}}\n")) == []


def test_a_value_within_the_dataset_taken_from_one_of_several(tmp_path: Path) -> None:
    ran = built(tmp_path, "  BASE: {last: {of: AVAL, where: VISITNUM == 1, within: [PARAMCD], order: [ADT]}}\n")
    assert ran.records("ADVS", "BASE") == [80, 80, 80, 80, 64, 64]
    (found,) = issues(ran)
    assert (found["count"], found["values"][0]) == (4, {"AVAL": "70 / 80"})


def test_a_flag_prepared_in_a_domain_names_the_results(tmp_path: Path) -> None:
    study = "sources: {VS: {variables: {BLFL: {flag_last: {where: VISITNUM == 1, order: [VSDTC]}}}}}\n"
    ran = built(tmp_path, adsl='  BASEV: {label: B, type: float, single: {of: VS.VSSTRESN, where: VS.BLFL == "Y"}}\n', study=study)
    assert ran.records("ADSL", "BASEV") == [80, 64]
    (found,) = issues(ran)
    assert [(key["VSSEQ"], value["VSSTRESN"]) for key, value in zip(found["keys"], found["values"], strict=True)] == [("2", "70"), ("3", "80")]


def test_a_value_carried_forward_from_one_of_several_of_a_day(tmp_path: Path) -> None:
    advs = ADVS.replace('"HR"}}', '"HR"}, add: {locf: {visits: [3], where: AVISITN < 3 and VSSEQ < 4, dtype: LOCF}}}')
    advs = advs.replace("label: Vital", "windows: {use: W, date: ADT, reference: STUDY.START}\nlabel: Vital").replace("VSSEQ]", "VSSEQ, DTYPE]")
    advs += "  ADY: {study_day: {date: ADT, reference: STUDY.START}}\n  AVISIT, AVISITN: WINDOW\n  DTYPE: PARAMETER\n"
    study = "constants: {START: 2024-01-01}\nwindows: {W: {Base: {number: 1, high: 10}, End: {number: 3, low: 90}}}\n"
    ran = small_study(tmp_path, {"advs": advs}, {"vs": VS}, study).build()
    assert ran.exit_code == 0, ran.text
    assert [record[1:] for record in ran.records("ADVS", "DTYPE", "USUBJID", "AVAL") if record[0] == "LOCF"] == [("S1-1", 80), ("S1-2", 64)]
    (found,) = [each for each in issues(ran) if "locf" in each["message"]]
    assert [value["AVAL"] for value in found["values"]] == ["70", "80"]
