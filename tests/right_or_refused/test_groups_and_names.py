"""Blank values of `within` are a group, missing can be sorted last, and SRC.X is one variable in plan and build."""

from pathlib import Path

import pytest

from tests.right_or_refused.small_study import SmallStudy, small_study

VS = """STUDYID,DOMAIN,USUBJID,VSSEQ,VSTESTCD,VSSTRESN,VISITNUM,VSDTC,VSTPT,VSTPTNUM
S1,VS,S1-1,1,SYSBP,120,1,2020-01-01,LYING,1
S1,VS,S1-1,2,SYSBP,150,1,2020-01-01,,2
S1,VS,S1-1,3,SYSBP,130,,2020-01-02,,3
S1,VS,S1-1,4,SYSBP,140,,,SITTING,
"""
ADVS = """
dataset: ADVS
class: BASIC DATA STRUCTURE
label: Vital Signs Analysis Dataset
key: [STUDYID, USUBJID, PARAMCD, VSSEQ]
parameters:
  SYSBP: {{number: 1, label: Systolic Blood Pressure (mmHg), records: {{from: VS, where: SRC.TESTCD == "SYSBP"}}}}
variables:
  STUDYID, USUBJID: ADSL
  PARAM, PARAMCD, PARAMN, AVAL: PARAMETER
  ADT: date(SRC.DTC)
  VISITNUM: SRC
  VSSEQ: {{label: Sequence Number, type: integer, value: SRC.SEQ}}
  {line}
"""


def vital_signs(folder: Path, line: str, study: str = "") -> SmallStudy:
    return small_study(folder, {"advs": ADVS.format(line=line)}, {"vs": VS}, study)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("ANL01FL: {flag_last: {within: [PARAMCD, VISITNUM], order: [VSSEQ]}}", ["", "Y", "", "Y"]),
        ("ANL01FL: {flag_first: {within: [PARAMCD, VISITNUM], where: not missing(VISITNUM), order: [VSSEQ]}}", ["Y", "", "", ""]),
        ("ASEQ: {sequence_number: {within: [VISITNUM], order: [VSSEQ]}}", [1, 2, 1, 2]),
        ("BASE: {sum: {of: AVAL, within: [VISITNUM]}}", [270, 270, 270, 270]),
        ("ANL01FL: {flag_last: {within: [PARAMCD], order: [ADT, VSSEQ]}}", ["", "", "Y", ""]),
        ("ANL01FL: {flag_last: {within: [PARAMCD], order: [missing_last(ADT), VSSEQ]}}", ["", "", "", "Y"]),
        ("ANL01FL: {flag_first: {within: [PARAMCD], order: [VISITNUM, VSSEQ]}}", ["", "", "Y", ""]),
        ("ANL01FL: {flag_first: {within: [PARAMCD], order: [missing_last(VISITNUM), VSSEQ]}}", ["Y", "", "", ""]),
        ("ANL01FL: {flag_first: {within: [PARAMCD], order: [desc(ADT), VSSEQ]}}", ["", "", "Y", ""]),
    ],
)
def test_a_blank_in_within_is_a_group_and_missing_sorts_where_it_is_told(tmp_path: Path, line: str, expected: list[object]) -> None:
    ran = vital_signs(tmp_path, line).build()
    assert ran.exit_code == 0, ran.text
    assert ran.records("ADVS", line.split(":")[0]) == expected


def test_missing_last_sorts_a_blank_text_last(tmp_path: Path) -> None:
    lines = "ATPT: {label: Time Point, length: 10, value: SRC.TPT}\n  ANL01FL: {flag_first: {order: [missing_last(ATPT), desc(VSSEQ)]}}"
    ran = vital_signs(tmp_path, lines).build()
    assert ran.records("ADVS", "ANL01FL") == ["Y", "", "", ""], ran.text


def test_desc_of_missing_last_is_refused(tmp_path: Path) -> None:
    ran = vital_signs(tmp_path, "ANL01FL: {flag_first: {order: [desc(missing_last(ADT))]}}").check()
    assert ran.exit_code == 2
    assert "missing is last in desc(NAME)" in ran.text


@pytest.mark.parametrize("prepared", ['"coalesce(VSTPTNUM, 0)"', "upper(VSTPT)"])
def test_src_reads_the_collected_variable_before_one_of_the_plain_name(tmp_path: Path, prepared: str) -> None:
    line = 'ATPT: {label: Time Point, length: 20, value: "concat(SRC.TPT, \\"/\\")"}'
    ran = vital_signs(tmp_path, line, f"sources: {{VS: {{variables: {{TPT: {prepared}}}}}}}\n").build()
    assert ran.exit_code == 0, ran.text
    assert ran.records("ADVS", "ATPT") == ["LYING/", "/", "/", "SITTING/"]


def test_src_reads_a_prepared_variable_where_the_domain_collected_none(tmp_path: Path) -> None:
    ran = vital_signs(tmp_path, "AWTDIFF: SRC.PLACE", 'sources: {VS: {variables: {PLACE: "VSTPTNUM * 2"}}}\n').build()
    assert ran.records("ADVS", "AWTDIFF") == [2, 4, 6, None], ran.text


def test_checks_of_groups_take_a_blank_as_a_group(tmp_path: Path) -> None:
    line = "ANL01FL: {flag: not missing(AVAL)}\nchecks:\n  Q-1: {at_most_one: {flag: ANL01FL, within: [PARAMCD, VISITNUM]}}"
    ran = vital_signs(tmp_path, line).build()
    assert [each["count"] for each in ran.findings() if each["id"] == "Q-1"] == [4]
