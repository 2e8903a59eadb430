"""Tasks about visits, randomization, months, review and texts. Values are worked out by hand from the records in the comment above them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.right_or_refused.small_study import small_study

# subject 1 is first measured at week 4 and misses week 8; subject 2 is measured at week 2 only; subject 3 never
VS = """STUDYID,DOMAIN,USUBJID,VSSEQ,VSTESTCD,VSSTRESN,VSSTRESC,VSDTC
S1,VS,S1-1,1,WEIGHT,,,2024-01-15
S1,VS,S1-1,2,WEIGHT,71,71,2024-01-29
S1,VS,S1-1,3,WEIGHT,,,2024-02-26
S1,VS,S1-1,4,WEIGHT,69,69,2024-03-25
S1,VS,S1-2,1,WEIGHT,80,80,2024-01-15
"""
DM = """STUDYID,DOMAIN,USUBJID,AGE,SEX,RFSTDTC,RFICDTC
S1,DM,S1-1,34,F,2024-01-01,2023-12-20
S1,DM,S1-2,65,M,2024-01-01,2023-12-28
S1,DM,S1-3,50,F,2024-01-01,2024-01-01
"""
WINDOWS = """windows:
  WEEKS:
    Week 2: {number: 2, target: 15, low: 2, high: 21}
    Week 4: {number: 4, target: 29, low: 22, high: 42}
    Week 8: {number: 8, target: 57, low: 43, high: 70}
    Week 12: {number: 12, target: 85, low: 71, high: 98}
"""
ADSL = """
dataset: ADSL
class: SUBJECT LEVEL ANALYSIS DATASET
label: Subject-Level Analysis Dataset
records: {from: DM}
variables:
  STUDYID, USUBJID, AGE, SEX: DM
  RANDDT: date(DM.RFSTDTC)
"""
ADVS = """
dataset: ADVS
class: BASIC DATA STRUCTURE
label: Vital Signs Analysis Dataset
key: [STUDYID, USUBJID, PARAMCD, AVISITN, DTYPE]
windows: {use: WEEKS, date: ADT, reference: ADSL.RANDDT}
variables:
  STUDYID, USUBJID: ADSL
  PARAMCD, PARAM, AVAL, DTYPE: PARAMETER
  ADT: date(SRC.DTC)
  AVISIT, AVISITN: WINDOW
parameters:
  WEIGHT:
    label: Weight (kg)
    records: {from: VS, where: not missing(SRC.STRESN)}
    add: {locf: {visits: [2, 4, 8, 12], where: not missing(AVAL), dtype: LOCF}}
"""


def test_a_value_is_carried_forward_once_it_was_measured(tmp_path: Path) -> None:
    ran = small_study(tmp_path, {"adsl": ADSL, "advs": ADVS}, {"dm": DM, "vs": VS}, WINDOWS).build()
    assert ran.exit_code == 0, ran.text
    assert ran.records("ADVS", "USUBJID", "AVISITN", "AVAL", "DTYPE") == [
        ("S1-1", 4, 71, ""),  # nothing is carried to week 2, before the first value
        ("S1-1", 8, 71, "LOCF"),
        ("S1-1", 12, 69, ""),
        ("S1-2", 2, 80, ""),
        ("S1-2", 4, 80, "LOCF"),
        ("S1-2", 8, 80, "LOCF"),
        ("S1-2", 12, 80, "LOCF"),
    ]


# randomized 12, 4 and 0 days after the consent; the first dose is 2 days after, on the day of, and before the randomization
EX = """STUDYID,DOMAIN,USUBJID,EXSEQ,EXSTDTC
S1,EX,S1-1,1,2024-01-03
S1,EX,S1-2,1,2024-01-01
S1,EX,S1-3,1,2023-12-31
"""
TIMING = """  RFICDT: date(DM.RFICDTC)
  TRTSDT: {first: date(EX.EXSTDTC)}
  {line}
"""


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("CONSRAND: {label: Days from Consent to Randomization, type: integer, value: RANDDT - RFICDT}", [12, 4, 0]),
        ("RANDDY: {label: Study Day of Randomization, type: integer, study_day: {date: RANDDT, reference: TRTSDT}}", [-2, 1, 2]),
        ("RANDTIM: {label: First Dose and Randomization, case: [{when: TRTSDT < RANDDT, term: BEFORE}, {when: TRTSDT == RANDDT, term: SAME DAY}, "
         "{when: TRTSDT > RANDDT, term: AFTER}]}", ["AFTER", "SAME DAY", "BEFORE"]),
    ],
)  # fmt: skip
def test_the_timing_of_randomization(tmp_path: Path, line: str, expected: list[object]) -> None:
    ran = small_study(tmp_path, {"adsl": ADSL + TIMING.replace("{line}", line)}, {"dm": DM, "ex": EX}).build()
    assert ran.exit_code == 0, ran.text
    assert ran.records("ADSL", line.split(":")[0]) == expected


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        ("2024-01-19", [0, 0, 0]),  # one day short of a month after 20 December
        ("2024-01-20", [1, 0, 0]),
        ("2024-01-28", [1, 1, 0]),
        ("2024-02-28", [2, 2, 1]),  # 1 February completes the month of the third
        ("2024-12-20", [12, 11, 11]),
        ("2024-12-28", [12, 12, 11]),
    ],
)
def test_whole_months(tmp_path: Path, end: str, expected: list[object]) -> None:
    # from 20 December 2023, 28 December 2023 and 1 January 2024
    duration = f"{{start: RFICDT, end: 'date(\"{end}\")', unit: months, inclusive: false, calendar: true}}"
    line = f"MONTHS: {{label: Months since Consent, type: integer, duration: {duration}}}"
    ran = small_study(tmp_path, {"adsl": ADSL + TIMING.replace("{line}", line)}, {"dm": DM, "ex": EX}).build()
    assert ran.exit_code == 0, ran.text
    assert ran.records("ADSL", "MONTHS") == expected


# the verbatim text, the severity, whether serious, and the start
AE = """STUDYID,DOMAIN,USUBJID,AESEQ,AETERM,AESEV,AESER,AESTDTC
S1,AE,S1-1,1,Rash (grade 2) on arm,MILD,N,2024-01-03
S1,AE,S1-1,2,HEADACHE,SEVERE,N,2024-01-10
S1,AE,S1-1,3,grade 10 ?,MODERATE,Y,2024-01-12
S1,AE,S1-1,4,rash,SEVERE,N,2024-01-05
S1,AE,S1-2,1,Fever,,N,2024-02-01
S1,AE,S1-2,2,Migraine; rash,MILD,N,2024-01-31
"""
ADAE = """
dataset: ADAE
class: OCCURRENCE DATA STRUCTURE
subclass: ADVERSE EVENT
label: Adverse Events Analysis Dataset
key: [STUDYID, USUBJID, AESEQ]
records: {from: AE}
variables:
  STUDYID, USUBJID, AESEQ, AETERM, AESEV, AESER: AE
  ASTDT: date(AE.AESTDTC)
  ASEVN: {recode: {of: AESEV, map: {MILD: 1, MODERATE: 2, SEVERE: 3}}}
  {line}
"""


def events(folder: Path, line: str) -> list[object]:
    ran = small_study(folder, {"adae": ADAE.replace("{line}", line)}, {"ae": AE}).build()
    assert ran.exit_code == 0, ran.text
    return ran.records("ADAE", line.split(":")[0])


def test_the_rank_of_severity(tmp_path: Path) -> None:
    # 1 is the most severe, equal severities have one rank; the event without a severity has none
    line = "SEVRANK: {label: Rank of Severity, type: integer, rank: {of: ASEVN, descending: true}}"
    assert events(tmp_path, line) == [4, 1, 3, 1, None, 1]


def test_the_rank_across_a_group(tmp_path: Path) -> None:
    # by start among the events of one severity of the subject; the blank severity is a group, too
    line = "GRPRANK: {label: Rank of Start in the Severity, type: integer, rank: {of: ASTDT, within: [AESEV]}}"
    assert events(tmp_path, line) == [1, 2, 1, 1, 1, 1]


def test_the_first_of_the_most_severe_events(tmp_path: Path) -> None:
    assert events(tmp_path, "AOCCIFL: {flag_first: {order: [desc(ASEVN), ASTDT]}}") == ["", "", "", "Y", "", "Y"]


def test_the_order_of_review(tmp_path: Path) -> None:
    # serious events first, then the most severe, then the earliest; a blank severity comes last
    line = "REVIEWN: {label: Order of Review, type: integer, sequence_number: {order: [desc(AESER), desc(ASEVN), ASTDT]}}"
    assert events(tmp_path, line) == [4, 3, 1, 2, 2, 1]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("GRADEFL: {label: Text Has a Grade, codelist: Y, flag: 'matches(lower(AETERM), \"grade [0-9]+\")'}", ["Y", "", "Y", "", "", ""]),
        ("RASHFL: {label: Text Has Rash, codelist: Y, flag: 'matches(lower(AETERM), \"(^|[^a-z])rash\")'}", ["Y", "", "", "Y", "", "Y"]),
        ("TERMLEN: {label: Length of the Text, type: integer, value: length(AETERM)}", [21, 8, 10, 4, 5, 14]),
        ("FIRSTPT: {label: First Part, value: 'trim(scan(upper(AETERM), 1, \";\"))'}",
         ["RASH (GRADE 2) ON ARM", "HEADACHE", "GRADE 10 ?", "RASH", "FEVER", "MIGRAINE"]),
        ("BRACKET: {label: Text in Brackets, where: 'contains(AETERM, \"(\")', value: 'scan(scan(AETERM, 2, \"(\"), 1, \")\")'}",
         ["grade 2", "", "", "", "", ""]),
        ("STEM: {label: First Four Characters, length: 4, value: 'substr(title(AETERM), 1, 4)'}", ["Rash", "Head", "Grad", "Rash", "Feve", "Migr"]),
    ],
)  # fmt: skip
def test_patterns_and_lengths_of_texts(tmp_path: Path, line: str, expected: list[object]) -> None:
    assert events(tmp_path, line) == expected
