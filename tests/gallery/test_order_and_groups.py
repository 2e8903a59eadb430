"""Tasks where records are ordered or grouped by something computed: rank of severity, rank across a group, review order.

Every expected value is worked out by hand from the records in the comment above it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.right_or_refused.small_study import SmallStudy, small_study

# subject, sequence, term, body system, severity, start, serious
AE = """STUDYID,DOMAIN,USUBJID,AESEQ,AETERM,AEBODSYS,AESEV,AESTDTC,AESER
S1,AE,S1-1,1,Headache,Nervous,MILD,2024-01-03,N
S1,AE,S1-1,2,Migraine,NERVOUS,SEVERE,2024-01-10,N
S1,AE,S1-1,3,Rash,Skin,MODERATE,2024-01-02,Y
S1,AE,S1-1,4,Eczema,skin,SEVERE,2024-01-05,N
S1,AE,S1-2,1,Nausea,Gut,,2024-02-01,N
S1,AE,S1-2,2,Fever,General,MILD,2024-02-02,N
"""
ADAE = """
dataset: ADAE
class: OCCURRENCE DATA STRUCTURE
subclass: ADVERSE EVENT
label: Adverse Events Analysis Dataset
key: [STUDYID, USUBJID, AESEQ]
records: {{from: AE}}
variables:
  STUDYID, USUBJID, AESEQ, AETERM, AEBODSYS, AESEV, AESER: AE
  ASTDT: date(AE.AESTDTC)
  {line}
"""
SEVERITY = """if_else(AESEV == "SEVERE", 1, if_else(AESEV == "MODERATE", 2, if_else(AESEV == "MILD", 3, missing)))"""


def events(folder: Path, line: str) -> SmallStudy:
    return small_study(folder, {"adae": ADAE.format(line=line)}, {"ae": AE})


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        # the most severe event first, the earliest of these: record 4 of the first subject; the blank severity sorts last
        (f"AOCCIFL: {{flag_first: {{order: ['missing_last({SEVERITY})', ASTDT]}}}}", ["", "", "", "Y", "", "Y"]),
        # a blank sorts first, as in SAS, so the event without a severity comes first
        (f"AOCCIFL: {{flag_first: {{order: ['{SEVERITY}', ASTDT]}}}}", ["", "", "", "Y", "Y", ""]),
        # by body system whatever its case: NERVOUS has records 1 and 2, SKIN has 3 and 4
        ("AOCCSFL: {flag_first: {within: [upper(AEBODSYS)], order: [ASTDT]}}", ["Y", "", "Y", "", "Y", "Y"]),
        # serious events first, then from the latest to the earliest
        ("ASEQ: {sequence_number: {order: ['desc(if_else(AESER == \"Y\", 1, 0))', desc(ASTDT)]}}", [4, 2, 1, 3, 2, 1]),
    ],
)
def test_order_and_within_take_expressions(tmp_path: Path, line: str, expected: list[object]) -> None:
    ran = events(tmp_path, line).build()
    assert ran.exit_code == 0, ran.text
    assert ran.records("ADAE", line.split(":")[0]) == expected


def test_a_value_over_a_group_that_is_computed(tmp_path: Path) -> None:
    # the earliest start in each body system, whatever its case: 3 January (23378 as a SAS date), 2 January, 1 and 2 February
    line = "AENDT: {first: {of: ASTDT, within: [upper(AEBODSYS)]}}"
    ran = events(tmp_path, line).build()
    assert ran.exit_code == 0, ran.text
    assert ran.records("ADAE", "AENDT") == [23378, 23378, 23377, 23377, 23407, 23408]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("AOCCFL: {flag_first: {order: ['AESER == \"Y\"']}}", "must be a value to sort by"),
        ("AOCCFL: {flag_first: {order: [upper(ASTDT)]}}", "requires a text, but ASTDT is a date"),
        ("AOCCFL: {flag_first: {order: ['1 + 2']}}", "is the same on every record"),
        ("AOCCFL: {flag_first: {within: ['\"A\"'], order: [ASTDT]}}", "is the same on every record"),
        ("AOCCFL: {flag_first: {order: [abs(desc(AESEQ))]}}", "come first and are not nested"),
    ],
)
def test_what_orders_nothing_is_refused_with_its_place(tmp_path: Path, line: str, message: str) -> None:
    ran = events(tmp_path, line).check()
    assert ran.exit_code == 2
    assert message in ran.text
    assert "adae.yaml:11:" in ran.text
