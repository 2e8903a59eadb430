"""Tasks where a value becomes a class, a number or a date: age groups, recoded values, choices. Values are worked out by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.right_or_refused.small_study import SmallStudy, small_study

DM = """STUDYID,DOMAIN,USUBJID,AGE,SEX,COUNTRY
S1,DM,S1-1,17,F,USA
S1,DM,S1-2,18,M,CAN
S1,DM,S1-3,65,F,AUT
S1,DM,S1-4,,M,
"""
ADSL = """
dataset: ADSL
class: SUBJECT LEVEL ANALYSIS DATASET
label: Subject-Level Analysis Dataset
records: {{from: DM}}
variables:
  STUDYID, USUBJID, SEX, COUNTRY: DM
  AGE: DM
  {line}
"""


def subjects(folder: Path, line: str) -> SmallStudy:
    return small_study(folder, {"adsl": ADSL.format(line=line)}, {"dm": DM})


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("AGEGR1: {cut: {of: AGE, at: [18, 65], terms: [<18, 18-64, '>=65']}}", ["<18", "18-64", ">=65", ""]),
        ("AGEGR1: {cut: {of: AGE, at: [18, 65], right: true, terms: [<=18, 19-65, '>65']}}", ["<=18", "<=18", "19-65", ""]),
        ("AGEGR1: {cut: {of: AGE, at: [18, 65]}}", ["<18", ">=18-<65", ">=65", ""]),
        ("AGEGR1: {cut: {of: AGE, at: [18, 65], right: true}}", ["<=18", "<=18", ">18-<=65", ""]),
        ("AGEGR1N: {recode: {of: SEX, map: {F: 1, M: 2}}}", [1, 2, 1, 2]),
        ("REGION1N: {recode: {of: COUNTRY, map: {USA: 1, CAN: 1}, otherwise: 9}}", [1, 1, 9, 9]),
        ("REGION1N: {recode: {of: COUNTRY, map: {USA: 1, CAN: 1.5, AUT: 2}}, type: float}", [1, 1.5, 2, None]),
        ("REGION1: {recode: {of: COUNTRY, map: {USA: '1', CAN: '1'}, otherwise: '9'}, length: 1}", ["1", "1", "9", "9"]),
        ("REGION1: {recode: {of: COUNTRY, map: {USA: 1, CAN: N}, otherwise: other}}", ["1", "N", "other", "other"]),
        # 1 January 2024 is 23376 days after 1960
        ("TRTSDT: {recode: {of: COUNTRY, map: {USA: 2024-01-01, CAN: 2024-01-02, AUT: 2024-01-03}}}", [23376, 23377, 23378, None]),
        ("AGEGR1N: {case: [{when: AGE < 18, value: 1}, {when: AGE >= 18, value: 2}]}", [1, 2, 2, None]),
        ("TRTSDT: {case: [{when: AGE < 18, value: 'date(\"2024-01-01\")'}, {value: missing}]}", [23376, None, None, None]),
    ],
)
def test_classes(tmp_path: Path, line: str, expected: list[object]) -> None:
    ran = subjects(tmp_path, line).build()
    assert ran.exit_code == 0, ran.text
    assert ran.records("ADSL", line.split(":")[0]) == expected


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("REGION1: {recode: {of: COUNTRY, map: {USA: 1, CAN: 2}}}", "The variable is a text, but its formula gives a number."),
        ("REGION1N: {recode: {of: COUNTRY, map: {USA: A, CAN: B}}}", "The variable is a number, but its formula gives a text."),
        ("AGEGR1: {cut: {of: AGE, at: [18, 65], terms: [<18, 18-64]}}", "cut needs one term more than numbers in at"),
        ("X: {label: X, case: [{when: AGE < 18, value: 1}, {value: SEX}]}",
         "case: branches.1.value is a text, but a value before it is a number. Give values of one kind."),
    ],
)  # fmt: skip
def test_values_of_the_wrong_kind_are_refused(tmp_path: Path, line: str, message: str) -> None:
    ran = subjects(tmp_path, line).check()
    assert ran.exit_code == 2
    assert message in ran.text
    assert "adsl.yaml:9:" in ran.text


def test_the_length_of_a_text_is_never_below_that_of_its_terms(tmp_path: Path) -> None:
    # the standard has a length of 5 for AGEGR1; the longest term has 12 bytes
    ran = subjects(tmp_path, "AGEGR1: {cut: {of: AGE, at: [18], terms: [Below 18, 18 and above]}}").build()
    assert ran.exit_code == 0, ran.text
    assert ran.records("ADSL", "AGEGR1") == ["Below 18", "18 and above", "18 and above", ""]


def test_a_line_with_a_length_below_that_of_a_term_is_refused(tmp_path: Path) -> None:
    ran = subjects(tmp_path, "AGEGR1: {length: 8, cut: {of: AGE, at: [18], terms: [Below 18, 18 and above]}}").check()
    assert ran.exit_code == 2
    assert "adsl.yaml:9:3: ADSL.AGEGR1: '18 and above' has 12 bytes, but length: is 8. Delete length:" in ran.text


AE = "STUDYID,DOMAIN,USUBJID,AESEQ,AETERM\nS1,AE,S1-1,1,Rash\nS1,AE,S1-2,1,Rash\n"
ADAE = """
dataset: ADAE
class: OCCURRENCE DATA STRUCTURE
subclass: ADVERSE EVENT
label: Adverse Events Analysis Dataset
key: [STUDYID, USUBJID, AESEQ]
records: {from: AE}
variables:
  STUDYID, USUBJID, AESEQ, AETERM: AE
  AGEGR1: ADSL
"""


def test_a_copy_has_the_length_of_the_terms_too(tmp_path: Path) -> None:
    line = "AGEGR1: {cut: {of: AGE, at: [18], terms: [Below 18, 18 and above]}}"
    ran = small_study(tmp_path, {"adsl": ADSL.format(line=line), "adae": ADAE}, {"dm": DM, "ae": AE}).build()
    assert ran.exit_code == 0, ran.text
    assert ran.records("ADAE", "AGEGR1") == ["Below 18", "18 and above"]
