"""Tasks over several records: counts and means, the last dose before an event, rank across a group. Values are worked out by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.right_or_refused.small_study import small_study

EX = """STUDYID,DOMAIN,USUBJID,EXSEQ,EXDOSE,EXSTDTC
S1,EX,S1-1,1,10,2024-01-01
S1,EX,S1-1,2,20,2024-01-08
S1,EX,S1-1,3,0,2024-01-15
S1,EX,S1-1,4,20,2024-01-22
"""
AE = """STUDYID,DOMAIN,USUBJID,AESEQ,AETERM,AESTDTC
S1,AE,S1-1,1,Rash,2024-01-08
S1,AE,S1-1,2,Fever,2024-01-20
S1,AE,S1-1,3,Cough,2023-12-31
S1,AE,S1-2,1,Rash,2024-01-08
"""
ADSL = """
dataset: ADSL
class: SUBJECT LEVEL ANALYSIS DATASET
label: Subject-Level Analysis Dataset
records: {{from: DM}}
variables:
  STUDYID, USUBJID: DM
  {line}
"""
ADAE = """
dataset: ADAE
class: OCCURRENCE DATA STRUCTURE
subclass: ADVERSE EVENT
label: Adverse Events Analysis Dataset
key: [STUDYID, USUBJID, AESEQ]
records: {{from: AE}}
variables:
  STUDYID, USUBJID, AESEQ, AETERM: AE
  ASTDT: date(AE.AESTDTC)
  {line}
"""


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("NDOSE: {label: Doses, type: integer, count: {of: EX.EXSEQ, where: EX.EXDOSE > 0}}", [3, 0]),
        ("MEANDOSE: {label: Mean dose, type: float, mean: EX.EXDOSE}", [12.5, None]),  # 50 / 4
        ("MEDDOSE: {label: Median dose, type: float, median: EX.EXDOSE}", [15, None]),  # of 0, 10, 20, 20
    ],
)
def test_counts_and_means_of_a_subject(tmp_path: Path, line: str, expected: list[object]) -> None:
    ran = small_study(tmp_path, {"adsl": ADSL.format(line=line)}, {"ex": EX}).build()
    assert ran.exit_code == 0, ran.text
    assert ran.records("ADSL", line.split(":")[0]) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        # the last dose above 0 on or before the event: 8 January (23383 days after 1960), for the event of 20 January too
        ("LDOSEDT: {label: Last dose before, last: {of: date(EX.EXSTDTC), where: EX.EXDOSE > 0 and date(EX.EXSTDTC) <= ASTDT}}",
         [23383, 23383, None, None]),
        ("LDOSE: {label: Amount of last dose, type: float, last: {of: EX.EXDOSE, order: [EX.EXSTDTC], where: date(EX.EXSTDTC) <= ASTDT}}",
         [20, 0, None, None]),
        ("AERANK: {label: Rank of start, type: integer, rank: ASTDT}", [2, 3, 1, 1]),
        ("AERANK: {label: Rank of term, type: integer, rank: {of: AETERM, descending: true}}", [1, 2, 3, 1]),
        ("AENUM: {label: Events, type: integer, count: {of: AESEQ, within: [STUDYID]}}", [3, 3, 3, 1]),
    ],
)  # fmt: skip
def test_values_of_an_event_among_other_records(tmp_path: Path, line: str, expected: list[object]) -> None:
    ran = small_study(tmp_path, {"adae": ADAE.format(line=line)}, {"ex": EX, "ae": AE}).build()
    assert ran.exit_code == 0, ran.text
    assert ran.records("ADAE", line.split(":")[0]) == expected


@pytest.mark.parametrize("allowed", [False, True])
def test_an_exists_that_no_record_of_the_study_matches_is_a_warning(tmp_path: Path, allowed: bool) -> None:
    line = f"HIGHFL: {{label: High dose, exists: EX.EXDOSE > 1000{', allow_empty: true' if allowed else ''}}}"
    ran = small_study(tmp_path, {"adsl": ADSL.format(line=line)}, {"ex": EX}).build()
    assert ran.exit_code == 0, ran.text
    assert ran.records("ADSL", "HIGHFL") == ["", ""]
    assert ("adsl.yaml:8:" in ran.text and "where: of exists" in ran.text) is not allowed
