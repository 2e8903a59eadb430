"""A name, format or text that no file of the output can hold is refused where it is written; nothing is written outside OUT."""

import os
import sys
from pathlib import Path

import pytest

from adam.core.errors import SpecError
from adam.specification.read import named, read
from tests.right_or_refused.small_study import ADSL, small_study

BAD_NAMES = ["adsl", "A", "1ADSL", "AD_SL", "ADSLXXXXX", "../ADSL", "/tmp/ADSL", "AD SL", "ADSL.X", "AD\u00c9"]


@pytest.mark.parametrize("name", BAD_NAMES)
def test_a_dataset_name_is_refused_at_its_place(tmp_path: Path, name: str) -> None:
    study = small_study(tmp_path, {"more": ADSL.replace("dataset: ADSL", f'dataset: "{name}"')})
    ran = study.build()
    assert ran.exit_code == 2
    assert f"more.yaml:2:11: '{name}' is not a valid dataset name" in ran.text
    assert sorted(path.name for path in tmp_path.iterdir()) == ["sdtm", "specs"]


def test_a_dataset_name_that_no_study_lists_is_refused_too(tmp_path: Path) -> None:
    study = small_study(tmp_path)
    (study.specs / "more.yaml").write_text(ADSL.replace("dataset: ADSL", 'dataset: "../X"'))
    assert study.check().exit_code == 2


@pytest.mark.parametrize(
    ("line", "place", "said"),
    [
        ('AGE: {label: "Age\\a", value: DM.AGE}', "8:16", "the character U+0007"),
        ('AGE: {label: "Age\\tin years", value: DM.AGE}', "8:17", "is not printable"),
        ('AGE: {comment: "\\e[31mred", value: DM.AGE}', "8:18", "the character U+001B"),
        ('AGE: {comment: "\\N", value: DM.AGE}', "8:18", "the character U+0085"),
        ("AGE: {format: date9., value: DM.AGE}", "8:17", "'date9.' is not a SAS format"),
        ("AGE: {format: $8., value: DM.AGE}", "8:17", "is for text"),
        ("SEX: {format: 8.2, value: DM.SEX}", "8:17", "is for numbers"),
    ],
)
def test_what_no_file_can_hold_is_refused_at_its_place(tmp_path: Path, line: str, place: str, said: str) -> None:
    text = ADSL.replace("  AGE: DM\n", f"  {line}\n").replace("STUDYID, USUBJID, SEX: DM", "STUDYID, USUBJID: DM")
    ran = small_study(tmp_path, {"adsl": text}).build()
    assert ran.exit_code == 2, ran.text
    assert f"adsl.yaml:{place}: " in ran.text
    assert said in ran.text


def test_a_term_over_200_bytes_is_refused(tmp_path: Path) -> None:
    text = ADSL + f'  LONGTERM: {{label: Long, term: "{"x" * 201}"}}\n'
    ran = small_study(tmp_path, {"adsl": text}).build()
    assert ran.exit_code == 2
    assert "adsl.yaml:9:3: ADSL.LONGTERM: A term has 201 bytes; a text of a transport file has at most 200" in ran.text


def test_a_class_that_define_xml_lacks_is_refused(tmp_path: Path) -> None:
    layer = "classes:\n  MY CLASS: {structure: One record per subject, key: [STUDYID, USUBJID]}\n"
    other = ADSL.replace("ADSL", "ADXX").replace("SUBJECT LEVEL ANALYSIS DATASET", "MY CLASS")
    ran = small_study(tmp_path, {"adxx": other, "classes": layer}).build()
    assert (ran.exit_code, "adxx.yaml:3:8: ADXX: Define-XML has no class 'MY CLASS'" in ran.text) == (2, True)


def test_a_folder_at_the_root_stays_inside_the_output() -> None:
    names = [name for name, _ in named([Path("/study.yaml"), Path("/x/study.yaml"), Path("/y/x/study.yaml")])]
    assert names == ["study.yaml", "x/study.yaml", "y/x/study.yaml"]


def test_a_control_character_in_a_key_is_refused(tmp_path: Path) -> None:
    study = small_study(tmp_path, study='constants: {"A\\a": 1}\n')
    with pytest.raises(SpecError, match=r"study.yaml:\d+:13: The text has the character U\+0007"):
        read(study.specs)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has names of files that are any bytes")
@pytest.mark.parametrize("name", [b"\xff.yaml", b"a\xe9.yaml"])
def test_a_file_whose_name_is_not_utf_8_is_refused(tmp_path: Path, name: bytes) -> None:
    study = small_study(tmp_path)
    (study.specs / os.fsdecode(name)).write_text("codelists:\n  XX: {terms: [A]}\n")
    ran = study.build()
    assert (ran.exit_code, "is not UTF-8. Rename it" in ran.text) == (2, True)


@pytest.mark.parametrize(
    ("formula", "name"), [("{count: {of: NOSUCH.AVAL}}", "NOSUCH"), ("{last: DMM5X.AGE}", "DMM5X"), ("{first: ADAE.ASTDY}", "ADAE")]
)
def test_a_dataset_that_neither_the_study_nor_sdtm_has_is_an_error_without_data(tmp_path: Path, formula: str, name: str) -> None:
    ran = small_study(tmp_path, {"adsl": ADSL + f"  X: {{label: X, type: integer, {formula[1:]}\n"}).check()
    assert f"ADSL.X: There is no dataset or domain {name}" in ran.text, ran.text
    assert "1 problem in 1 file." in ran.text


@pytest.mark.parametrize("name", ["QSPH", "SUPPAE", "XB"])
def test_a_file_that_sdtm_can_have_is_not_an_error_without_data(tmp_path: Path, name: str) -> None:
    ran = small_study(tmp_path, {"adsl": ADSL + f"  X: {{label: X, type: integer, count: {{of: {name}.{name[:2]}SEQ}}}}\n"}).check()
    assert ran.exit_code == 0, ran.text
