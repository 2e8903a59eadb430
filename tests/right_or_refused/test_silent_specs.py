"""Lines of a specification that would do nothing, or something else than they say: refused with their place, or told of."""

from pathlib import Path

import pytest

from tests.right_or_refused.small_study import ADSL, Ran, SmallStudy, small_study

VS = """STUDYID,DOMAIN,USUBJID,VSSEQ,VSTESTCD,VSSTRESN,VISITNUM,VSDTC
S1,VS,S1-1,1,SYSBP,120,1,2024-01-01
S1,VS,S1-1,2,DIABP,80,1,2024-01-02
S1,VS,S1-2,1,SYSBP,130,1,2024-01-01
S1,VS,S1-2,2,DIABP,90,1,2024-01-15
"""
EX = "STUDYID,DOMAIN,USUBJID,EXSEQ,EXSTDTC\nS1,EX,S1-1,1,2024-01-01\nS1,EX,S1-2,1,2024-01-01\n"
TREATED = ADSL + "  TRTSDT: {first: EX.STDT}\n"
WINDOWS = """
windows:
  V:
    Baseline: {number: 0, target: 1, low: 1, high: 5}
    Week 2: {number: 2, target: 15, low: 6, high: 22}
    Week 9: {number: 9, target: 63, low: 60, high: 70}
sources:
  EX: {variables: {STDT: date(EXSTDTC)}}
"""
ADVS = """
dataset: ADVS
class: BASIC DATA STRUCTURE
label: Vital Signs Analysis Dataset
key: [STUDYID, USUBJID, PARAMCD, AVISITN]
subjects: ADSL.AGE > 1
windows: {use: V, date: ADT, reference: TRTSDT}
criteria: {where: ADT > TRTSDT}
copy: [ADT]
parameters:
  SYSBP:
    number: 1
    label: Systolic
    records: {from: VS, where: SRC.TESTCD == "SYSBP"}
    criteria: {1: {text: High, when: AVAL > 125}}
    add: {locf: {visits: [2], where: AVAL > 1, dtype: LOCF}}
  DIABP: {number: 2, label: Diastolic, records: {from: VS, where: SRC.TESTCD == "DIABP"}}
  PULSE: {number: 3, label: Pulse, records: {computed: {value: SYSBP - DIABP, by: [AVISIT]}}}
variables:
  STUDYID, USUBJID: ADSL
  PARAM, PARAMCD, PARAMN, AVAL, DTYPE, CRIT1, CRIT1FL: PARAMETER
  AVISIT, AVISITN: WINDOW
  ADT: date(SRC.DTC)
  ADY: {study_day: {date: ADT, reference: TRTSDT}}
  TRTSDT: ADSL
"""


def vital_signs(folder: Path, old: str = "", new: str = "", study: str = WINDOWS) -> SmallStudy:
    """The study with one text of its second dataset replaced."""
    assert old in ADVS
    return small_study(folder, {"adsl": TREATED, "advs": ADVS.replace(old, new, 1)}, {"vs": VS, "ex": EX}, study)


def subjects(folder: Path, line: str, extra: str = "", study: str = "") -> Ran:
    return small_study(folder, {"adsl": f"{ADSL}  {line}\n{extra}"}, {"ex": EX}, study).build()


UNKNOWN = {
    ("V, date: ADT", "V, date: ADTT"): ("advs.yaml:7:25", "ADVS has no variable ADTT. Did you mean 'ADT'?"),
    ("V, date: ADT", "V, date: ADSL.ADTT"): ("advs.yaml:7:25", "ADSL has no variable ADTT"),
    ("reference: TRTSDT}", "reference: TRTSDTT}"): ("advs.yaml:7:41", "ADVS has no variable TRTSDTT"),
    ("where: ADT > TRTSDT", "where: ADT > TRTSDTT"): ("advs.yaml:", "ADVS has no variable TRTSDTT"),
    ("copy: [ADT]", "copy: [ADTT]"): ("advs.yaml:9:7", "Variable ADTT of copy: is not in the dataset"),
    ("ADSL.AGE > 1", "ADSL.AGEE > 1"): ("advs.yaml:6:11", "ADSL has no variable AGEE"),
    ("when: AVAL", "when: AVALL"): ("advs.yaml:15:38", "ADVS has no variable AVALL"),
    ("by: [AVISIT]", "by: [AVISITT]"): ("advs.yaml:18:46", "ADVS has no variable AVISITT"),
    ("reference: TRTSDT}}", "reference: TRTSDTT}}"): ("advs.yaml:24:43", "ADVS has no variable TRTSDTT"),
}


@pytest.mark.parametrize("change", UNKNOWN)
def test_a_name_that_does_not_exist_is_refused_wherever_it_stands(change: tuple[str, str], tmp_path: Path) -> None:
    ran = vital_signs(tmp_path, *change).build()
    place, message = UNKNOWN[change]
    assert (ran.exit_code, place in ran.text, message in ran.text) == (2, True, True), ran.text


WRONG = {
    ("ADT, reference: TRTSDT}}", "ADT}}"): "study_day requires the argument 'reference'",
    ("study_day: {date: ADT", "study_day: {dote: ADT"): "study_day has no argument 'dote'. Did you mean 'date'?",
    ("value: SYSBP - DIABP", "value: [SYSBP, DIABP]"): "value: Expected an expression, written as text",
    ("value: SYSBP - DIABP", "value: {of: SYSBP}"): "value: Expected an expression, written as text",
    ("value: SYSBP - DIABP", "value: SYSBP -"): "value: This is not a valid expression",
    ('where: SRC.TESTCD == "SYSBP"', 'where: [SRC.TESTCD == "SYSBP"]'): "where: Expected an expression, written as text",
    ('where: SRC.TESTCD == "SYSBP"', "where: SRC.TESTCD =="): "where: This is not a valid expression",
    ('where: SRC.TESTCD == "SYSBP"', "where: "): "where has no value",
    ("where: AVAL > 1", "where: {AVAL: 1}"): "where: Expected an expression, written as text",
    ("when: AVAL > 125", "when: [AVAL, 125]"): "Expected an expression, written as text",
    ("subjects: ADSL.AGE > 1", "subjects: [ADSL.AGE]"): "Expected an expression, written as text",
    ("windows: {use: V, date: ADT, reference: TRTSDT}", "windows: [V, ADY]"): "windows must be a block with use:, date: and reference:",
}


@pytest.mark.parametrize("checks", ["", 'checks:\n  V-1: {where: PARAMCD == "SYSBP", expect: AVAL > NOPE}\n'])
@pytest.mark.parametrize("change", WRONG)
def test_wrong_arguments_are_refused_beside_good_and_bad_checks(change: tuple[str, str], checks: str, tmp_path: Path) -> None:
    study = vital_signs(tmp_path, *change)
    (study.specs / "advs.yaml").write_text((study.specs / "advs.yaml").read_text() + checks)
    ran = study.check()
    assert (ran.exit_code, WRONG[change] in ran.text) == (2, True), ran.text
    assert ("ADVS has no variable NOPE" in ran.text) == bool(checks), ran.text  # the checks are still looked at


LINES = {
    "AGEGR1: {cut: {fo: AGE, at: [65], terms: [a, b]}}": "cut requires the argument 'of'",
    "AGEGR1: {cut: {of: [AGE], at: [65], terms: [a, b]}}": "of: Expected an expression, written as text",
    "AGEGR1: {cut: {of: AGE, at: x, terms: [a, b]}}": "at must be a list",
    "AGEGR1: {recode: {of: SEX}}": "recode requires the argument 'map'",
    "AGEGR1: {cut: AGE}": "cut must be a block with of, at",
    "AGEGR1: {label: G, length: 1, case: [{wehn: AGE > 1, term: A}]}": "wehn",
    "AGEGR1: {label: G, length: 1, case: [{when: AGE > 1, term: A}, {when: , term: B}]}": "when has no value",
}


@pytest.mark.parametrize("line", LINES)
def test_wrong_arguments_of_a_derivation_are_refused(line: str, tmp_path: Path) -> None:
    ran = subjects(tmp_path, line)
    assert (ran.exit_code, "adsl.yaml:9:" in ran.text, LINES[line] in ran.text) == (2, True, True), ran.text


REFUSED = {
    "AGEGR1: {cut: {of: AGE, at: [30, 65], terms: [a, b, a]}}": "the term 'a' occurs twice",
    "AGEGR1: {cut: {of: AGE, at: [65, 30], terms: [a, b, c]}}": "at lists numbers from low to high",
    "AGEGR1: {cut: {of: AGE, at: [65, 65], terms: [a, b, c]}}": "at lists numbers from low to high",
    'XFL: {label: X, length: 1, flag: DM.USUBJID == "S1-1 "}': "which ends with a blank. Text in the data has no blanks at its end, so this is",
    'XFL: {label: X, length: 1, flag: \'upper(DM.USUBJID) in ("S1-1 ", "B")\'}': 'Write "S1-1"',
    "TRTSDT: {first: EX.STDT}\n  TRTEDT: {value: TRTSDT + 0.5}": "0.5 is not a whole number. Only whole days can be added",
    "TRTSDT: {first: EX.STDT}\n  TRTEDT: {value: TRTSDT - 1 / 2}": "Only whole days can be added to or subtracted from a date",
}
PREPARED = "sources:\n  EX: {variables: {STDT: date(EXSTDTC)}}\n"


@pytest.mark.parametrize("line", REFUSED)
def test_what_can_never_be_is_refused(line: str, tmp_path: Path) -> None:
    ran = subjects(tmp_path, line, study=PREPARED if "STDT" in line else "")
    assert (ran.exit_code, REFUSED[line] in ran.text) == (2, True), ran.text


def issues(ran: Ran) -> list[tuple[str, str, str, int]]:
    return [(each["severity"], each["variable"], each["message"], each["count"]) for each in ran.findings() if each["id"] == "issue"]


def test_days_of_the_data_that_are_not_whole_are_a_warning(tmp_path: Path) -> None:
    ran = subjects(tmp_path, "TRTSDT: {first: EX.STDT}\n  TRTEDT: {value: TRTSDT + AGE / 2}", study=PREPARED)
    assert (ran.exit_code, ran.records("ADSL", "TRTEDT")) == (0, [23376 + 17, None]), ran.text
    assert [found[:2] for found in issues(ran)] == [("warning", "TRTEDT")]


def test_a_rounding_to_tens(tmp_path: Path) -> None:
    ran = subjects(tmp_path, "AGE10: {label: A, type: integer, value: 'round(AGE, -1)'}")
    assert (ran.exit_code, ran.records("ADSL", "AGE10")) == (0, [30, 70]), ran.text


def test_a_value_without_a_number_is_told(tmp_path: Path) -> None:
    study = "codelists:\n  AG: {terms: {S1-1: 1}}\n"
    line = "AGX: {label: A, codelist: AG, length: 5, value: DM.USUBJID}\n  AGXN: {label: N, type: integer, "
    ran = subjects(tmp_path, line + "value: codelist_number(AGX)}", study=study)
    assert [found for found in issues(ran) if found[1] == "AGXN"] == [
        ("warning", "AGXN", "the value has no number in the codelist; the result is missing", 1)
    ], ran.text


def test_a_number_without_a_term_is_told(tmp_path: Path) -> None:
    study = "codelists:\n  AG: {terms: {Old: 65}}\n"
    ran = subjects(tmp_path, "AGX: {label: A, codelist: AG, length: 5, value: codelist_term(AGE)}", study=study)
    assert issues(ran) == [("warning", "AGX", "the number has no term in the codelist; the result is blank", 1)], ran.text
    assert ran.records("ADSL", "AGX") == ["", "Old"]


def test_windows_without_a_record_are_told_in_one_warning(tmp_path: Path) -> None:
    ran = vital_signs(tmp_path).build()
    assert ran.exit_code == 0, ran.text
    found = [(each["severity"], each["message"].split(". ")[0]) for each in ran.findings() if "windows" in each["message"]]
    assert found == [("warning", "no record is in these windows of V: Week 9")]


def test_a_condition_of_locf_that_selects_nothing_is_told(tmp_path: Path) -> None:
    ran = vital_signs(tmp_path, "where: AVAL > 1", "where: AVAL > 900").build()
    found = [each["message"] for each in ran.findings() if each["id"] == "unmatched" and each["severity"] == "warning"]
    assert "SYSBP: where: of locf selects none of 2 records" in [message.split(",")[0] for message in found]


def test_parts_outside_every_window_that_are_combined_are_told(tmp_path: Path) -> None:
    study = WINDOWS.replace("low: 1, high: 5", "low: 100, high: 105").replace("low: 6, high: 22", "low: 12, high: 22")
    ran = vital_signs(tmp_path, "[STUDYID, USUBJID, PARAMCD, AVISITN]", "[STUDYID, USUBJID, PARAMCD, AVISITN, ADT]", study).build()
    found = [each for each in ran.findings() if "records of several parameters are combined" in each["message"]]
    assert [(each["severity"], each["count"]) for each in found] == [("warning", 2)], ran.text
    assert "PULSE: records of several parameters are combined though AVISIT" in found[0]["message"]
    assert [(key["USUBJID"], key["VSSEQ"]) for key in found[0]["keys"]] == [("S1-1", "1"), ("S1-1", "2")]


CYCLES = {
    ("value: SYSBP - DIABP", "value: PULSE - DIABP"): "Circular definition",
    ('records: {from: VS, where: SRC.TESTCD == "DIABP"}', "records: {computed: {value: PULSE * 2, by: [AVISIT]}}"): "Circular definition",
    ('{from: VS, where: SRC.TESTCD == "DIABP"}', '{from: ADVS, where: PARAMCD == "SYSBP"}'): "ADVS",
}


@pytest.mark.parametrize("change", CYCLES)
def test_records_that_need_themselves_are_refused(change: tuple[str, str], tmp_path: Path) -> None:
    ran = vital_signs(tmp_path, *change).build()
    assert (ran.exit_code, CYCLES[change] in ran.text) == (2, True), ran.text


def test_datasets_that_need_the_records_of_each_other_are_refused(tmp_path: Path) -> None:
    other = ADSL.replace("ADSL", "ADX").replace("SUBJECT LEVEL ANALYSIS DATASET", "OCCURRENCE DATA STRUCTURE").replace("from: DM", "from: ADY")
    other = other.replace("DM", "ADSL").replace("label: Subject", "key: [STUDYID, USUBJID]\nlabel: Subject")
    swapped = other.replace("ADY", "ADZ").replace("ADX", "ADY").replace("ADZ", "ADX")
    ran = small_study(tmp_path, {"adx": other, "ady": swapped}).build()
    assert (ran.exit_code, "Circular definition" in ran.text) == (2, True), ran.text
