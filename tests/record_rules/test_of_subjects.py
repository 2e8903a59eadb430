"""Record rules on subjects of whom none has what the rule reads, and rules that read the records of other subjects."""

from pathlib import Path

import pytest

from tests.engine.cutting import as_a_whole, assert_same, in_parts, opened
from tests.right_or_refused.small_study import ADSL, Ran, SmallStudy, small_study

AE = """STUDYID,DOMAIN,USUBJID,AESEQ,AETERM,AESTDTC
S1,AE,S1-1,1,FALL,2024-01-11
S1,AE,S1-2,1,FALL,2024-01-06
S1,AE,S1-2,2,RASH,2024-01-04
"""
VS = """STUDYID,DOMAIN,USUBJID,VSSEQ,VSTESTCD,VSSTRESN,VISITNUM,VSDTC
S1,VS,S1-1,1,HR,60,1,2024-01-01
S1,VS,S1-2,1,HR,70,1,2024-01-01
"""
ADTTE = """
dataset: ADTTE
class: BASIC DATA STRUCTURE
subclass: TIME-TO-EVENT
label: Time to Event Analysis Dataset
key: [STUDYID, USUBJID, PARAMCD, EVNTDESC]
parameters:
  FALL:
    number: 1
    label: Time to the First Fall (days)
    records:
      time_to_event:
        start: ADSL.TRTSDT
        events: [{from: AE, where: AETERM == "FALL", date: date(AESTDTC), description: Fall}]
        OPTIONS
variables:
  STUDYID, USUBJID: ADSL
  PARAMCD, PARAM, PARAMN, AVAL, ADT, STARTDT, CNSR, EVNTDESC: PARAMETER
"""
ADVS = """
dataset: ADVS
class: BASIC DATA STRUCTURE
label: Vital Signs Analysis Dataset
key: [STUDYID, USUBJID, PARAMCD, AVISITN]
copy: [ADT]
windows: {use: W, date: ADT, reference: TRTSDT}
subjects: ADSL.AGE > 60
parameters:
  HR:
    number: 1
    label: Heart Rate
    records: {from: VS, where: SRC.TESTCD == "HR"}
    add: {locf: {visits: [2], until: TRTEDT, where: AVISITN < 2, dtype: LOCF}}
    allow_empty: true
variables:
  STUDYID, USUBJID: ADSL
  PARAMCD, PARAM, PARAMN, AVAL, DTYPE: PARAMETER
  ADT: date(SRC.DTC)
  AVISIT, AVISITN: WINDOW
temporary:
  TRTSDT, TRTEDT: ADSL
"""
WINDOWS = "windows: {W: {One: {number: 1, target: 1, high: 1}, Two: {number: 2, target: 15, low: 2}}}\n"


DATED = ADSL + "  TRTSDT: date(DM.RFSTDTC)\n  TRTEDT: date(DM.RFENDTC)\n"
DM = """STUDYID,DOMAIN,USUBJID,AGE,SEX,RFSTDTC,RFENDTC
S1,DM,S1-1,34,F,2024-01-01,2024-02-01
S1,DM,S1-2,65,M,2024-01-01,2024-02-01
"""


def made(folder: Path, options: str) -> SmallStudy:
    return small_study(folder, {"adsl": DATED, "adtte": ADTTE.replace("OPTIONS", options)}, {"dm": DM, "ae": AE})


def built(folder: Path, options: str) -> Ran:
    ran = made(folder, options).build()
    assert ran.exit_code == 0, ran.text
    return ran


@pytest.mark.parametrize(("days", "found"), [(30, [("S1-1", 11.0), ("S1-2", 6.0)]), (7, [("S1-2", 6.0)])])
def test_a_gap_that_comes_after_no_event_of_any_subject(tmp_path: Path, days: int, found: list[tuple[str, float]]) -> None:
    # 2024-01-11 is 10 days after the start, 2024-01-06 is 5 days after it
    gap = f'gap: {{days: {days}, of: [{{from: AE, where: AETERM == "NONE", date: date(AESTDTC), description: None}}]}}'
    assert built(tmp_path, gap).records("ADTTE", "USUBJID", "AVAL") == found


def test_a_limit_by_date_in_a_part_without_a_subject_of_the_dataset(tmp_path: Path) -> None:
    made = small_study(tmp_path, {"adsl": DATED, "advs": ADVS}, {"dm": DM, "vs": VS}, WINDOWS)
    study = opened(made.specs, made.sdtm)
    whole = as_a_whole(study)
    found = whole.frames["ADVS"][["USUBJID", "AVISITN", "AVAL", "DTYPE"]]
    assert [tuple(row) for row in found.itertuples(index=False)] == [("S1-2", 1.0, 70.0, ""), ("S1-2", 2.0, 70.0, "LOCF")]
    assert_same(whole, in_parts(study, [0, 1, 2]))


@pytest.mark.parametrize(("combinations", "whole"), [("study", True), ("subject", False)])
def test_a_rule_that_reads_other_subjects_is_known_in_the_plan(tmp_path: Path, combinations: str, whole: bool) -> None:
    study = made(tmp_path, f"by: [AETERM]\n        combinations: {combinations}")
    lines = opened(study.specs, study.sdtm).plan.of_whole_study
    assert [(Path(mark.file).name, mark.line) for mark in lines] == ([("adtte.yaml", 12)] if whole else [])
