"""Parameter families whose table or block is wrong: each fault is reported once."""

from pathlib import Path

import pytest

from tests.right_or_refused.small_study import ADSL, small_study
from tests.right_or_refused.test_families import TABLE, ran

WRONG = [
    (("table: LB_PARAMETERS", "table: LB_PARAMETER"), TABLE, "ADLB.LABS: There is no table 'LB_PARAMETER'. Did you mean 'LB_PARAMETERS'?"),
    (("SPEC: SRC", "SPECI: SRC"), TABLE, "ADLB.LABS: Table LB_PARAMETERS has no column SPECI. Did you mean 'SPEC'?"),
    (("TABLE.FACTOR", "TABLE.FACTR"), TABLE, "ADLB.LABS: Table LB_PARAMETERS has no column FACTR. Did you mean 'FACTOR'?"),
    (("    match: {TESTCD: SRC.TESTCD, SPEC: SRC.SPEC}\n", ""), TABLE, "ADLB.LABS: Key 'match' is missing. Write how a source record finds its row"),
    ((", SPEC: SRC.SPEC", ""), TABLE, "ADLB.LABS: Table LB_PARAMETERS has several rows with TESTCD = GLUC, but a record must match one row."),
    (("{from: LB}", "{computed: {value: 1}}"), TABLE, "ADLB.LABS: match has no effect, because the records do not come from a source. Delete it."),
    (("    table:", "    others: keep\n    table:"), TABLE, "ADLB.LABS: others must be ignore, not 'keep'."),
    (("{from: LB}", "{from: LB, where: SRC.NOPE == 1}"), TABLE, "ADLB.LABS: Domain LB has no variable LBNOPE"),
    (("{from: LB}", "{from: LB, wher: SRC.SEQ == 1}"), TABLE, "ADLB.LABS: Unknown key 'wher'. Did you mean 'where'?"),
    (("AVAL * TABLE.FACTOR", "AVALL * TABLE.FACTOR"), TABLE, "ADLB.X: ADLB has no variable AVALL. Did you mean 'AVAL'?"),
    (("  LABS:", "  labs:"), TABLE, "'labs' is not a valid name of a family."),
    (("", ""), TABLE.replace("PARAMCD", "CODE"), "ADLB.LABS: Table LB_PARAMETERS has no column PARAMCD."),
    (("", ""), TABLE.replace(",PARAM,", ",NAME,"), "ADLB.LABS: Table LB_PARAMETERS has no column PARAM. Did you mean 'PARAMN'?"),
    (("", ""), TABLE.replace("UGLUC", "GLUC"), "PARAMCD GLUC is in row 3 of table LB_PARAMETERS, but it is already a parameter of LABS."),
    (("", ""), TABLE.replace("UGLUC", "glucose in urine"), "Row 3 of table LB_PARAMETERS has the PARAMCD 'glucose in urine'."),
    (("", ""), TABLE.replace(",3,URIN", ",2,URIN"), "Number 2 is already the number of GLUC."),
]


@pytest.mark.parametrize(("change", "table", "message"), WRONG)
def test_what_is_wrong_is_reported_once(tmp_path: Path, change: tuple[str, str], table: str, message: str) -> None:
    done = ran(tmp_path, "", change, table=table)
    assert done.exit_code == 2
    assert done.text.count(message) == 1, done.text


ADVS = """
dataset: ADVS
class: BASIC DATA STRUCTURE
label: Vital Signs
key: [STUDYID, USUBJID, PARAMCD, ADT]
parameters:
  VITALS: {table: VS_CODES, match: {TESTCD: SRC.TESTCD}, records: {from: VS}}
variables:
  STUDYID, USUBJID: ADSL
  PARAMCD, PARAM, AVAL, AVALU: PARAMETER
  ADT: date(SRC.DTC)
"""
LOOKUP = "  NAME: {label: Name, lookup: {table: VS_CODES, match: {PARAMCD: SEX}, take: PARAM}}\n"


@pytest.mark.parametrize(("table", "message"), [
    ("PARAMCD,PARAM,TESTCD,AVALU\nA,B,C\n", "tables: Table VS_CODES cannot be read. vs_codes.csv:2: The record has 3 values for 4 variables."),
    ("PARAMCD,PARAM,TESTCD,AVALU\n", "tables: Table VS_CODES has no rows"),
    ("PARAM,TESTCD,AVALU\nA,B,C\n", "ADVS.VITALS: Table VS_CODES has no column PARAMCD."),
    (None, "tables: There is no file vs_codes.csv next to this YAML file"),
])  # fmt: skip
def test_a_table_that_cannot_be_read_has_no_errors_that_follow_from_it(tmp_path: Path, table: str | None, message: str) -> None:
    lookup = LOOKUP if "PARAMCD" in (table or "PARAMCD") else ""
    specs = {"adsl": ADSL + lookup, "advs": ADVS} | ({"vs_codes.csv": table} if table is not None else {})
    found = small_study(tmp_path, specs, study="tables: {VS_CODES: vs_codes.csv}\n").check().text
    assert message in found
    assert "1 problem in 1 file." in found, found
