"""Computed records: one record of each part, values of the subject, and checks that agree with what is allowed."""

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tests.right_or_refused.small_study import ADSL, SmallStudy, small_study

VS = """STUDYID,DOMAIN,USUBJID,VSSEQ,VSTESTCD,VSSTRESN,VISITNUM,VSDTC,VSCAT
S1,VS,S1-1,1,HR,60,1,2024-01-21,VITALS
S1,VS,S1-1,2,HR,70,1,2024-01-21,VITALS
S1,VS,S1-1,3,HR,80,1,2024-01-21,VITALS
S1,VS,S1-2,1,HR,64,1,2024-01-21,VITALS
S1,VS,S1-2,2,HR,,1,2024-01-21,VITALS
S1,VS,S1-1,5,HEIGHT,160,1,2024-01-21,VITALS
S1,VS,S1-2,5,HEIGHT,200,1,2024-01-21,VITALS
S1,VS,S1-1,6,WEIGHT,64,1,2024-01-21,VITALS
S1,VS,S1-1,7,WEIGHT,128,2,2024-02-21,VITALS
S1,VS,S1-2,6,WEIGHT,80,2,2024-02-21,VITALS
"""
ADVS = """
dataset: ADVS
class: BASIC DATA STRUCTURE
label: Vital Signs Analysis Dataset
key: [STUDYID, USUBJID, PARAMCD, VISITNUM, ASEQ]
parameters:
  HR: {number: 1, label: Heart Rate, records: {from: VS, where: SRC.TESTCD == "HR"}}
  HEIGHT: {number: 2, label: Height, records: {from: VS, where: SRC.TESTCD == "HEIGHT"}}
  WEIGHT: {number: 3, label: Weight, records: {from: VS, where: SRC.TESTCD == "WEIGHT"}}
  X: {number: 4, label: X, records: RECORDS}
variables:
  STUDYID, USUBJID: ADSL
  PARAM, PARAMCD, PARAMN, AVAL, DTYPE: PARAMETER
  ADT: date(SRC.DTC)
  VISITNUM: SRC
  ASEQ: {label: Number, type: integer, value: SRC.SEQ}
"""


def made(folder: Path, records: str, text: str = ADVS, vs: str = VS) -> SmallStudy:
    return small_study(folder, {"adsl": ADSL, "advs": text.replace("RECORDS", records)}, {"vs": vs})


def computed(study: SmallStudy) -> list[tuple[str, float, float]]:
    ran = study.build()
    assert ran.exit_code == 0, ran.text
    return [record[1:] for record in ran.records("ADVS", "PARAMCD", "USUBJID", "VISITNUM", "AVAL") if record[0] == "X"]


@pytest.mark.parametrize("value", ["mean(HR)", "HR", "max(HR, WEIGHT)", "mean(HR, WEIGHT)"])
def test_several_records_of_a_part_are_an_error_with_their_keys_and_give_no_value(tmp_path: Path, value: str) -> None:
    ran = made(tmp_path, f"{{computed: {{value: '{value}', by: [VISITNUM]}}}}").build()
    assert ran.exit_code == 1
    (found,) = [each for each in ran.findings() if each["id"] == "issue"]
    assert found["severity"] == "error"
    assert "X: several records of HR with equal VISITNUM, where one is expected" in found["message"]
    assert [(key["USUBJID"], key["VSSEQ"]) for key in found["keys"]] == [("S1-1", "1"), ("S1-1", "2"), ("S1-1", "3")]
    assert found["values"][0] == {"PARAMCD": "HR", "VISITNUM": "1", "AVAL": "60"}


def test_a_record_without_a_value_is_none_of_several(tmp_path: Path) -> None:
    assert computed(made(tmp_path, '{computed: {value: HR * 2, by: [VISITNUM], where: USUBJID == "S1-2"}}')) == [("S1-2", 1, 128)]


def test_a_condition_chooses_one_of_several(tmp_path: Path) -> None:
    expected = [("S1-1", 1, 70), ("S1-2", 1, 64)]
    where = '(USUBJID == "S1-1" and ASEQ == 2) or (USUBJID == "S1-2" and ASEQ == 1)'
    assert computed(made(tmp_path, f"{{computed: {{value: HR, by: [VISITNUM], where: '{where}'}}}}")) == expected


def test_body_mass_index_from_each_weight_and_the_one_height_of_the_subject(tmp_path: Path) -> None:
    study = made(tmp_path, "{computed: {value: 'round(WEIGHT / (HEIGHT / 100) ** 2, 6)', by: [VISITNUM], once: [HEIGHT]}}")
    assert computed(study) == [("S1-1", 1, 25), ("S1-1", 2, 50), ("S1-2", 2, 20)]
    assert study.build().records("ADVS", "PARAMCD", "ADT").count(("X", 23427)) == 2  # 2024-02-21: the day of the weight


def test_two_heights_of_a_subject_are_an_error(tmp_path: Path) -> None:
    vs = VS + "S1,VS,S1-2,8,HEIGHT,201,2,2024-02-21,VITALS\n"
    ran = made(tmp_path, "{computed: {value: WEIGHT / HEIGHT, by: [VISITNUM], once: [HEIGHT]}}", vs=vs).build()
    (found,) = [each for each in ran.findings() if each["id"] == "issue"]
    assert "several records of HEIGHT of a subject, where one is expected" in found["message"]
    assert [(key["USUBJID"], key["VSSEQ"]) for key in found["keys"]] == [("S1-2", "5"), ("S1-2", "8")]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("WEIGHT * ADSL.AGE", [("S1-1", 1, 64 * 34), ("S1-1", 2, 128 * 34), ("S1-2", 2, 80 * 65)]),
        ('WEIGHT * if_else(ADSL.SEX == "F", 0.5, 1)', [("S1-1", 1, 32), ("S1-1", 2, 64), ("S1-2", 2, 80)]),
        ("WEIGHT + DM.AGE", [("S1-1", 1, 98), ("S1-1", 2, 162), ("S1-2", 2, 145)]),
    ],
)
def test_a_computed_value_reads_values_of_the_subject(tmp_path: Path, value: str, expected: list[tuple[str, float, float]]) -> None:
    assert computed(made(tmp_path, f"{{computed: {{value: '{value}', by: [VISITNUM]}}}}")) == expected


@pytest.mark.parametrize(
    ("records", "message"),
    [
        ("{computed: {value: WEIGHT + ADVS.VISITNUM, by: [VISITNUM]}}", "ADVS.VISITNUM is a variable of one record"),
        ("{computed: {value: WEIGHT + SRC.SEQ, by: [VISITNUM]}}", "SRC.SEQ is a variable of one record"),
        ("{computed: {value: ADSL.AGE, by: [VISITNUM]}}", "ADSL.AGE names none"),
        ("{computed: {value: WEIGHT, by: [VISITNUM], once: [HEIGHT]}}", "HEIGHT is not in WEIGHT"),
        ("{computed: {value: WEIGHT + ADSL.SEX, by: [VISITNUM]}}", "ADSL.SEX is a text"),
        (
            '[{from: VS, where: SRC.TESTCD == "X"}, {computed: {value: WEIGHT * HEIGHT, by: [VISITNUM]}}]',
            "computed cannot be one of several entries of records",
        ),
    ],
)
def test_what_a_computed_value_cannot_be_is_refused_by_the_plan(tmp_path: Path, records: str, message: str) -> None:
    ran = made(tmp_path, records).build()
    assert ran.exit_code == 2, ran.text
    assert message in ran.text


OWN = ADVS.replace("RECORDS", '{from: VS, where: SRC.TESTCD == "X"}').replace("  X:", "  Y:")


def test_a_category_from_the_source_is_accepted(tmp_path: Path) -> None:
    ran = made(tmp_path, "", OWN + "  PARCAT1: {value: SRC.CAT, length: 10}\nchecks: {allow_empty: true}\n").build()
    assert ran.exit_code == 0, ran.text
    assert set(ran.records("ADVS", "PARCAT1")) == {"VITALS"}


def test_another_word_than_the_parameters_is_still_found(tmp_path: Path) -> None:
    study = made(tmp_path, "", OWN + "checks: {allow_empty: true}\n")
    assert study.build().exit_code == 0
    text = (study.specs / "advs.yaml").read_text()
    (study.specs / "advs.yaml").write_text(text.replace("label: Weight", "label: Mass"))
    found = study.run("validate", str(study.specs), "--adam", str(study.folder / "out" / "adam"))
    assert found.exit_code == 1
    assert "G-15" in found.text


def test_a_criterion_with_formulas_of_its_own_works(tmp_path: Path) -> None:
    lines = "  CRIT1: {where: not missing(AVAL), term: Result above 100}\n  CRIT1FL: {where: not missing(AVAL), flag_yn: AVAL > 100}\n"
    ran = made(tmp_path, "", OWN + lines + "checks: {allow_empty: true}\n").build()
    assert ran.exit_code == 0, ran.text
    assert ran.records("ADVS", "AVAL", "CRIT1FL").count((128, "Y")) == 1
    assert (None, "") in ran.records("ADVS", "AVAL", "CRIT1FL")


@pytest.mark.parametrize(
    ("line", "methods"),
    [
        ("COPY: {label: A, length: 2, method: as collected, value: DM.SEX}", ["as collected"]),
        ("COPY: {label: A, length: 2, method: always this, term: X}", ["always this"]),
        ("COPY: {label: A, length: 2, value: DM.SEX}", []),
        ("COPY: {label: A, length: 2, value: upper(DM.SEX)}", ["DM.SEX in upper case."]),
    ],
)
def test_the_method_of_a_plain_copy_reaches_define(tmp_path: Path, line: str, methods: list[str]) -> None:
    ran = small_study(tmp_path, {"adsl": ADSL + f"  {line}\n"}).build()
    assert ran.exit_code == 0, ran.text
    odm = "{http://www.cdisc.org/ns/odm/v1.3}"
    root = ET.parse(next(ran.out.rglob("define.xml"))).getroot()
    assert [each.findtext(f"{odm}Description/{odm}TranslatedText") for each in root.iter(f"{odm}MethodDef")] == methods
    assert len([each for each in root.iter(f"{odm}ItemRef") if each.get("MethodOID")]) == len(methods)
