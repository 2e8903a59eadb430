"""Which files are read, and what they may not leave open."""

from pathlib import Path

import pytest

from tests.right_or_refused.small_study import small_study

CHECKS = "checks:\n  S-1: AGE > 40\n"


@pytest.mark.parametrize("name", ["MORE.YAML", "more.Yml"])
def test_a_suffix_in_capitals_is_one_of_a_specification(tmp_path: Path, name: str) -> None:
    ran = small_study(tmp_path, {name: CHECKS}).build()
    assert (ran.exit_code, "error: S-1" in ran.text) == (1, True), ran.text


def test_records_beside_parameters_are_refused(tmp_path: Path) -> None:
    ran = small_study(tmp_path, {"adq": TERMS + "records: {from: QS}\n", "codelists": "codelists:\n  SEV: {terms: {Mild: 1}}\n"}).check()
    assert (ran.exit_code, "ADQ: records: of the dataset has no effect here" in ran.text) == (2, True), ran.text


TERMS = """
dataset: ADQ
class: BASIC DATA STRUCTURE
label: Questionnaires
key: [STUDYID, USUBJID, PARAMCD, QSSEQ]
parameters:
  SEV: {number: 1, label: Severity, codelist: SEV, records: {from: QS}}
variables:
  STUDYID, USUBJID: ADSL
  PARAM, PARAMCD, PARAMN, AVAL, AVALC: PARAMETER
  QSSEQ: {label: Sequence, type: integer, value: SRC.SEQ}
"""
QS = "STUDYID,DOMAIN,USUBJID,QSSEQ,QSTESTCD,QSSTRESN,QSSTRESC\nS1,QS,S1-1,1,SEV,,Mild\nS1,QS,S1-1,2,SEV,,MODERATE\n"


def test_terms_that_differ_in_case_only_are_refused(tmp_path: Path) -> None:
    codelists = "codelists:\n  SEV: {terms: {Mild: 1, MILD: 2}}\n"
    ran = small_study(tmp_path, {"adq": TERMS, "codelists": codelists}).check()
    assert (ran.exit_code, "'Mild' and 'MILD' differ only in case and have different numbers" in ran.text) == (2, True), ran.text


def test_a_text_is_the_term_in_any_case(tmp_path: Path) -> None:
    codelists = "codelists:\n  SEV: {terms: {Mild: 1, Moderate: 2}}\n"
    ran = small_study(tmp_path, {"adq": TERMS, "codelists": codelists}, {"qs": QS}).build()
    assert ran.exit_code == 0, ran.text
    assert ran.records("ADQ", "AVAL", "AVALC") == [(1, "Mild"), (2, "Moderate")]
