"""`off` and waivers name rules: one that exists is heeded, one that nobody has is refused with its place."""

from pathlib import Path

import pytest

from tests.right_or_refused.small_study import ADSL, DM, Ran, SmallStudy, small_study

PAIR = ADSL + "  AGEGR1: {cut: {of: AGE, at: [65], terms: [<65, '>=65']}}\n  AGEGR1N: {where: AGE >= 65, value: codelist_number(AGEGR1)}\n"
CODELIST = "codelists:\n  AGEGR1: {terms: {<65: 1, '>=65': 2}}\n"
ADDM = "dataset: ADDM\nclass: OCCURRENCE DATA STRUCTURE\nlabel: D\nkey: [STUDYID, USUBJID]\nrecords: {from: DM}\nvariables:\n"


def paired(folder: Path, checks: str = "", study: str = "") -> SmallStudy:
    """Subject 1 has a group and no number of it: G-07."""
    return small_study(folder, {"adsl": PAIR + checks, "codelists": CODELIST}, study=study)


def ids(ran: Ran, severity: str) -> list[str]:
    return [each["id"] for each in ran.findings() if each["severity"] == severity and not each["waived"]]


def test_the_pair_is_an_error_as_it_is(tmp_path: Path) -> None:
    ran = paired(tmp_path).build()
    assert (ran.exit_code, ids(ran, "error")) == (1, ["G-07"])


def test_a_generated_rule_is_switched_off_with_a_note(tmp_path: Path) -> None:
    ran = paired(tmp_path, "checks:\n  G-07: off\n").build()
    assert (ran.exit_code, ids(ran, "error")) == (0, [])
    (note,) = [each for each in ran.findings() if each["id"] == "G-07"]
    assert (note["severity"], note["message"]) == ("note", "Switched off by its line, so these variables were not checked: AGEGR1, AGEGR1N")


@pytest.mark.parametrize("line", ["G-99: off", "E-21x: off", "L-05: off", "AD0048: off", "AGE: off"])
def test_off_of_a_rule_nobody_has_is_refused_with_its_place(line: str, tmp_path: Path) -> None:
    ran = paired(tmp_path, f"checks:\n  {line}\n").build()
    assert ran.exit_code == 2
    assert f"adsl.yaml:12:3: ADSL.{line.split(':')[0]}: off: No layer and no generated rule has the id" in ran.text


def test_off_of_a_rule_nobody_has_is_refused_in_study_yaml_too(tmp_path: Path) -> None:
    ran = paired(tmp_path, study="checks:\n  X-99: off\n").check()
    assert ran.exit_code == 2
    assert "X-99: off: No layer and no generated rule has the id X-99" in ran.text


@pytest.mark.parametrize("rule", ["G-01", "G-03", "G-06", "G-12"])
def test_what_a_file_is_at_all_is_always_checked(rule: str, tmp_path: Path) -> None:
    ran = paired(tmp_path, f"checks:\n  {rule}: off\n").check()
    assert ran.exit_code == 2
    assert f"{rule} cannot be switched off" in ran.text


def test_a_rule_of_a_layer_below_is_switched_off(tmp_path: Path) -> None:
    layer = tmp_path / "company"
    layer.mkdir()
    layer.joinpath("checks.yaml").write_text("checks:\n  C-01: AGE < 60\n  C-02: AGE < 50\n")
    study = small_study(tmp_path, {"adsl": ADSL + "checks:\n  C-02: off\n"})
    text = study.specs.joinpath("study.yaml").read_text().replace("extends: adamig", "extends: [adamig, ../company]")
    study.specs.joinpath("study.yaml").write_text(text)
    assert ids(study.build(), "error") == ["C-01"]


def test_a_waiver_of_a_rule_that_is_there_explains_it(tmp_path: Path) -> None:
    ran = paired(tmp_path, study="waivers:\n  - {check: G-07, keys: {USUBJID: S1-1}, reason: known}\n").build()
    assert ran.exit_code == 0, ran.text
    assert [each["id"] for each in ran.findings()] == ["G-07"]


@pytest.mark.parametrize("rule", ["G-99", "AD9999", "L-1", "Key"])
def test_a_waiver_of_a_rule_nobody_has_is_refused(rule: str, tmp_path: Path) -> None:
    ran = paired(tmp_path, study=f"waivers:\n  - {{check: {rule}, reason: known}}\n").check()
    assert ran.exit_code == 2
    assert f"No rule has the id {rule}, so this waiver cannot explain a finding" in ran.text
    assert "study.yaml:12:" in ran.text


def test_a_waiver_of_a_variable_nobody_has_is_refused(tmp_path: Path) -> None:
    ran = paired(tmp_path, study="waivers:\n  - {check: G-07, keys: {USUBJD: S1-1}, reason: known}\n").check()
    assert ran.exit_code == 2
    assert "keys: No dataset that G-07 checks has a variable USUBJD. Did you mean 'USUBJID'?" in ran.text


@pytest.mark.parametrize("rule", ["issue", "AD0048", "G-07", "L-1", "H-1"])
def test_the_ids_of_all_kinds_of_rules_are_known(rule: str, tmp_path: Path) -> None:
    study = paired(tmp_path, "checks:\n  L-1: AGE > 0\n", f"waivers:\n  - {{check: {rule}, reason: known}}\n")
    study.specs.joinpath("expectations").mkdir()
    suite = '{"expectations": [{"type": "expect_column_to_exist", "kwargs": {"column": "AGE"}, "meta": {"rule": "H-1"}}]}'
    study.specs.joinpath("expectations", "ADSL.json").write_text(suite)
    ran = study.check()
    assert ran.exit_code == 0, ran.text


def other(folder: Path, waiver: str, checks: str = "") -> SmallStudy:
    """A study with a second dataset in which G-07 fails."""
    lines = "  STUDYID, USUBJID: ADSL\n  AGEGR1: ADSL\n  AGEGR1N: {label: N, type: integer, where: USUBJID == 'S1-2', value: ADSL.AGEGR1N}\n"
    whole = PAIR.replace("where: AGE >= 65, ", "")
    files = {"adsl": whole, "addm": ADDM + lines.replace("'", '"') + checks, "codelists": CODELIST}
    return small_study(folder, files, {"dm": DM}, study=f"waivers:\n  - {{check: {waiver}, reason: known}}\n")


def test_a_waiver_of_a_dataset_left_out_is_no_warning(tmp_path: Path) -> None:
    for name in ("whole", "only"):
        (tmp_path / name).mkdir()
    assert other(tmp_path / "whole", "G-07").build().findings()[-1]["waived"] == "known"
    assert other(tmp_path / "only", "G-07").build("--only", "ADSL").findings() == []


def test_a_waiver_of_a_line_of_a_dataset_left_out_is_no_warning(tmp_path: Path) -> None:
    study = other(tmp_path, "D-1", "checks:\n  D-1: not missing(AGEGR1)\n  G-07: off\n")
    assert [each["id"] for each in study.build("--only", "ADSL").findings()] == []
    assert "waiver" in [each["id"] for each in study.build().findings()]  # all is made and it explains nothing


def test_a_waiver_that_can_only_be_of_what_was_made_is_a_warning_still(tmp_path: Path) -> None:
    study = small_study(
        tmp_path,
        {"adsl": ADSL + "checks:\n  L-1: AGE > 0\n", "addm": ADDM + "  STUDYID, USUBJID: ADSL\n"},
        study="waivers:\n  - {check: L-1, reason: known}\n",
    )
    assert [each["id"] for each in study.build("--only", "ADSL").findings()] == ["waiver"]


def test_a_waiver_of_a_dataset_that_is_not_listed_is_no_warning(tmp_path: Path) -> None:
    study = small_study(tmp_path, study="waivers:\n  - {check: D-1, keys: {USUBJID: S1-1}, reason: known}\n")
    study.specs.joinpath("addm.yaml").write_text(ADDM + "  STUDYID, USUBJID: ADSL\nchecks:\n  D-1: not missing(USUBJID)\n")
    ran = study.build()
    assert (ran.exit_code, ran.findings()) == (0, [])
