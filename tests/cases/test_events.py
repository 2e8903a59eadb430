"""DOMAIN §9.5: adverse events; the findings of the run and the packages no run may read."""

import re

import pytest

from tests.cases.built import SPECS, command

RUX = "Ruxolitinib 1.5% Cream BID"


def test_case_104_a_worse_record_of_the_group_is_a_start_of_its_own(messy):
    assert messy.adae("104", "TRTEMFL PREFL APERIOD", AESEQ=1) == ["", "Y", ""]
    assert messy.adae("104", "ASTDY ASEV TRTEMFL PREFL APERIOD", AESEQ=2) == [10, "SEVERE", "Y", "", 1]


def test_case_105_worse_than_before_treatment_is_treatment_emergent(messy):
    assert messy.adae("105", "ASTDY TRTEMFL PREFL APERIOD TRTA TREM01FL APHASE ONTRTFL") == [-5, "Y", "Y", 1, RUX, "Y", "SCREENING", ""]


def test_case_106_no_worse_than_before_treatment_is_not(messy):
    assert messy.adae("106", "ASTDY TRTEMFL PREFL APERIOD TRTA") == [-5, "", "Y", "", ""]


def test_case_108_without_a_start(messy):
    assert messy.adae("108", "ASTDT ASTDTF ASTDY TRTEMFL APERIOD TREM01FL TRTA AENDT", AESEQ=1) == ["", "", "", "Y", 1, "Y", RUX, "2019-06-04"]
    assert messy.adae("108", "ASTDT TRTEMFL APERIOD PREFL FUPFL ONTRTFL AENDT", AESEQ=2) == ["", "Y", 1, "", "", "", ""]


def test_case_109_the_query_looks_at_the_preferred_term(messy):
    assert messy.adae("109", "AEDECOD CQ01NAM AOCC05FL", AESEQ=1) == ["Application site pain", "APPLICATION SITE REACTIONS", "Y"]
    assert messy.adae("109", "AEDECOD CQ01NAM AOCC05FL", AESEQ=2) == ["Pruritus", "", ""]


def test_case_111_missing_causality_of_a_treatment_emergent_event(messy):
    assert messy.adae("111", "AEREL AREL ARELN TRTEMFL") == ["", "RELATED", 2, "Y"]


def test_case_112_treatment_stopped_and_study_completed(messy):
    assert messy.adsl("112", "EOSSTT DCSREAS COMPLFL EOTSTT DCTREAS") == ["COMPLETED", "", "Y", "DISCONTINUED", "ADVERSE EVENT"]
    assert messy.adsl("112", "EOT01STT DCT01RS EOT02STT DCT02RS") == ["DISCONTINUED", "ADVERSE EVENT", "", ""]
    assert messy.adae("112", "AEACN AEDISCFL") == ["DRUG WITHDRAWN", "Y"]


def test_case_113_gaps_in_aeseq_are_fine(messy):
    assert messy.every("ADAE", "113", "AESEQ ASTDT") == [[1, "2019-04-01"], [5, "2019-04-09"]]


def test_case_116_labels_of_the_standard_to_the_letter(messy):
    assert messy.labels["ADAE"]["TRTEMFL"] == "Treatment Emergent Analysis Flag"


def test_the_only_error_is_case_020_start_after_end(messy):
    assert messy.returncode == 1 and messy.output.endswith("rejected")
    found = [(finding["id"], finding["dataset"], finding["count"], [key["USUBJID"] for key in finding["keys"]]) for finding in messy.of("error")]
    assert found == [("A-02", "ADAE", 1, ["SYNAD2-999-E020"])]


@pytest.mark.parametrize(("case", "said"), [
    ("21", r"first dose.*date.*E021"),  # partial date of the first dose
    ("54", r"SUPPDM.*STRAT1.*E054|SUPPDM.*E054.*STRAT1"),  # a qualifier twice
    ("55", r"SUPPDM.*SEX"),  # a qualifier named as a variable of the parent
    ("113", r"\bAE\b.*E113"),  # AESEQ twice
    ("200", r"\bRS\b.*E999"),  # record of a subject who is not in DM
    ("215", r"\bEX\b.*E215C"),  # strength outside the study
    ("236", r"COUNTRY.*E236"),  # a country on no list
    ("276", r"\bDM\b.*E276"),  # two DM records
], ids=lambda value: f"case_{value}" if value[0].isdigit() else "")  # fmt: skip
def test_packages_no_run_may_read(messy, messy_folder, tmp_path, case, said):
    run = command("build", str(SPECS), "--sdtm", str(messy_folder / "sdtm" / "refused" / case), "--out", str(tmp_path / "out"))
    assert run.exit_code == 2, run.stdout + run.stderr
    assert len(run.stderr.strip().splitlines()) == 1, run.stderr
    assert re.search(said, run.stderr, re.IGNORECASE), run.stderr
    assert not (tmp_path / "out").exists()


def test_case_114_text_over_200_bytes_is_a_finding_with_its_key_and_value(messy, messy_folder, tmp_path):
    run = command("build", str(SPECS), "--sdtm", str(messy_folder / "sdtm" / "refused" / "114"), "--out", str(tmp_path / "out"))
    assert run.exit_code == 1, run.stdout + run.stderr
    line = next(each for each in run.stdout.splitlines() if each.startswith("error: G-03 ADAE.AETERM"))
    assert "E114" in line and "AETERM=Fièvre" in line
    assert not (tmp_path / "out" / "adam").exists()
