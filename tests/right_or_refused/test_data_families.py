"""Parameter families without a table: the parameters are those that occur in the data."""

from pathlib import Path

import pytest

from tests.right_or_refused.small_study import Ran, SmallStudy, small_study

VS = """STUDYID,DOMAIN,USUBJID,VSSEQ,VSTESTCD,VSTEST,VSCAT,VSSTRESN,VSSTRESU,VISITNUM
S1,VS,S1-1,1,WEIGHT,Weight,BODY,70,kg,1
S1,VS,S1-1,2,SYSBP,Systolic Pressure,BLOOD,120,mmHg,1
S1,VS,S1-1,3,SYSBP,Systolic Pressure,BLOOD,130,mmHg,2
S1,VS,S1-2,1,SYSBP,Systolic Pressure,BLOOD,140,mmHg,1
S1,VS,S1-2,2,DIABP,Diastolic Pressure,BLOOD,90,mmHg,1
"""
ADVS = """
dataset: ADVS
class: BASIC DATA STRUCTURE
label: Vital Signs Analysis Dataset
key: [STUDYID, USUBJID, PARAMCD, AVISITN]
parameters:
  VITALS: {codes: SRC.TESTCD, label: 'concat(SRC.TEST, " (", SRC.STRESU, ")")', records: {from: VS}}
OWN
variables:
  STUDYID, USUBJID: ADSL
  PARAMCD, PARAM, PARAMN, AVAL: PARAMETER
  AVISITN: {type: integer, value: SRC.VISITNUM}
"""
RATIO = "  RATIO: {number: 2, label: Ratio, records: {computed: {value: SYSBP / DIABP, by: [AVISITN]}}}\n"


def made(folder: Path, own: str = "", *changes: tuple[str, str], vs: str = VS, more: str = "") -> SmallStudy:
    text = ADVS.replace("OWN\n", own) + more
    for was, now in changes:
        assert was in text
        text = text.replace(was, now)
    return small_study(folder, {"advs": text}, {"vs": vs})


def records(done: Ran, *variables: str) -> list[tuple[object, ...]]:
    assert done.exit_code == 0, done.text
    return done.records("ADVS", "USUBJID", "PARAMCD", *variables)


FOUND = [
    ("S1-1", "SYSBP", "Systolic Pressure (mmHg)", 2, 120),
    ("S1-1", "SYSBP", "Systolic Pressure (mmHg)", 2, 130),
    ("S1-1", "WEIGHT", "Weight (kg)", 3, 70),
    ("S1-2", "DIABP", "Diastolic Pressure (mmHg)", 1, 90),
    ("S1-2", "SYSBP", "Systolic Pressure (mmHg)", 2, 140),
]


def test_each_code_is_a_parameter(tmp_path: Path) -> None:
    assert records(made(tmp_path).build(), "PARAM", "PARAMN", "AVAL") == FOUND


def test_the_order_of_the_data_changes_nothing(tmp_path: Path) -> None:
    first, *lines = VS.splitlines()
    assert records(made(tmp_path, vs="\n".join([first, *reversed(lines)]) + "\n").build(), "PARAM", "PARAMN", "AVAL") == FOUND


def test_only_selected_records_have_parameters(tmp_path: Path) -> None:
    done = made(tmp_path, "", ("from: VS", 'from: VS, where: SRC.TESTCD != "SYSBP"')).build()
    assert records(done, "PARAMN", "AVAL") == [("S1-1", "WEIGHT", 2, 70), ("S1-2", "DIABP", 1, 90)]


def test_number_and_category_are_expressions(tmp_path: Path) -> None:
    keys = 'number: if_else(SRC.TESTCD == \\"WEIGHT\\", 7, if_else(SRC.TESTCD == \\"SYSBP\\", 8, 9))'
    done = made(
        tmp_path,
        "",
        ("VITALS: {", f'VITALS: {{{keys.replace("number: ", "number: " + chr(34))}", category: SRC.CAT, '),
        ("PARAMN, AVAL", "PARAMN, PARCAT1, AVAL"),
    ).build()
    assert records(done, "PARAMN", "PARCAT1", "AVAL") == [
        ("S1-1", "SYSBP", 8, "BLOOD", 120),
        ("S1-1", "SYSBP", 8, "BLOOD", 130),
        ("S1-1", "WEIGHT", 7, "BODY", 70),
        ("S1-2", "DIABP", 9, "BLOOD", 90),
        ("S1-2", "SYSBP", 8, "BLOOD", 140),
    ]


def test_formulas_and_blocks_name_codes(tmp_path: Path) -> None:
    """RATIO has the number 2, so that SYSBP is the third of the family. The ratio of S1-2 is 140 / 90, rounded to 1.6."""
    own = RATIO.replace("SYSBP / DIABP", "'round(SYSBP / DIABP, 1)'") + "  WEIGHT: {label: Body Weight, records: {value: SRC.STRESN * 1000}}\n"
    study = made(tmp_path, own)
    assert records(study.build(), "PARAM", "PARAMN", "AVAL") == [
        ("S1-1", "SYSBP", "Systolic Pressure (mmHg)", 3, 120),
        ("S1-1", "SYSBP", "Systolic Pressure (mmHg)", 3, 130),
        ("S1-1", "WEIGHT", "Body Weight", 4, 70000),
        ("S1-2", "DIABP", "Diastolic Pressure (mmHg)", 1, 90),
        ("S1-2", "RATIO", "Ratio", 2, 1.6),
        ("S1-2", "SYSBP", "Systolic Pressure (mmHg)", 3, 140),
    ]
    assert study.check().exit_code == 0


def test_families_of_one_dataset_do_not_share_numbers(tmp_path: Path) -> None:
    more = '  MORE: {codes: \'concat("Q", SRC.TESTCD)\', label: SRC.TEST, records: {from: VS, where: SRC.TESTCD == "WEIGHT"}}\n'
    assert records(made(tmp_path, more).build(), "PARAMN", "AVAL") == [
        ("S1-1", "QWEIGHT", 4, 70),
        ("S1-1", "SYSBP", 2, 120),
        ("S1-1", "SYSBP", 2, 130),
        ("S1-1", "WEIGHT", 3, 70),
        ("S1-2", "DIABP", 1, 90),
        ("S1-2", "SYSBP", 2, 140),
    ]


def test_labels_read_prepared_variables(tmp_path: Path) -> None:
    sources = "sources: {VS: {variables: {FULL: 'concat(VSTEST, \" in \", VSSTRESU)'}}}\n"
    done = made(tmp_path, "", ('label: \'concat(SRC.TEST, " (", SRC.STRESU, ")")\'', "label: SRC.FULL"), more=sources).build()
    assert set(records(done, "PARAM")) == {
        ("S1-1", "SYSBP", "Systolic Pressure in mmHg"),
        ("S1-1", "WEIGHT", "Weight in kg"),
        ("S1-2", "DIABP", "Diastolic Pressure in mmHg"),
        ("S1-2", "SYSBP", "Systolic Pressure in mmHg"),
    }
    assert "Nothing reads" not in done.text


NOTE = "The parameters of VITALS are those in the data, which are not known here, so its formulas accept any code. Give --sdtm to find them."


def test_without_data_the_parameters_are_not_known(tmp_path: Path) -> None:
    study = made(tmp_path, RATIO, more='checks: {V-01: {expect: AVAL > 0, where: PARAMCD == "HEIGHT", allow_empty: true}}\n')
    done = study.check()
    assert done.exit_code == 0, done.text
    assert done.text.count(NOTE) == 1
    assert NOTE not in study.check("--sdtm", str(study.sdtm)).text


def test_the_plan_has_the_parameters_of_the_data(tmp_path: Path) -> None:
    study = made(tmp_path)
    found = study.run("plan", str(study.specs), "ADVS.WEIGHT.AVAL", "--sdtm", str(study.sdtm))
    assert found.exit_code == 0, found.text
    assert "VS.VSSTRESN" in found.text


def test_a_code_that_the_data_do_not_have_is_refused_with_data(tmp_path: Path) -> None:
    done = made(tmp_path, RATIO.replace("DIABP", "DIABBP")).build()
    assert done.exit_code == 2
    assert "DIABBP" in done.text


def test_a_block_of_a_code_that_the_data_do_not_have_is_refused_with_data(tmp_path: Path) -> None:
    study = made(tmp_path, "  SYSBPP: {label: Systolic}\n")
    assert study.check().exit_code == 0
    done = study.build()
    assert done.exit_code == 2
    message = "advs.yaml:8:3: ADVS.SYSBPP: No source record has the code SYSBPP, so no family has this parameter. Did you mean 'SYSBP'?"
    assert f"{message} Correct the name, delete the block, or add records:." in done.text
    assert "1 problem in 1 file." in done.text


@pytest.mark.parametrize("options", [True, False])
def test_datasets_that_exist_are_validated(tmp_path: Path, options: bool) -> None:
    study = made(tmp_path, RATIO)
    done = study.build()
    assert done.exit_code == 0, done.text
    found = study.run("validate", str(study.specs), "--adam", str(done.out / "adam"), *(["--sdtm", str(study.sdtm)] if options else []))
    assert found.exit_code == 0, found.text
    assert NOTE not in found.text


NO_UNIT = VS.replace("130,mmHg", "130,kPa")
PLACE = "advs.yaml:7:"
WRONG = [
    (
        ("", ""),
        NO_UNIT,
        f"{PLACE}39: ADVS.VITALS: A code must have one label, but these have several labels: SYSBP ('Systolic Pressure (kPa)' on 1 record,"
        " 'Systolic Pressure (mmHg)' on 2 records). Select the records with where:, or write other codes:.",
    ),
    (
        ("", ""),
        VS.replace(",WEIGHT,", ",weight,").replace(",DIABP,", ",DIASTOLIC,"),
        f"{PLACE}19: ADVS.VITALS: 'DIASTOLIC', 'weight' are not valid as PARAMCD. Use up to 8 capitals, digits or underscores,"
        " starting with a letter. Correct codes:, or leave the records out with where:.",
    ),
    (
        ("", ""),
        VS.replace(",WEIGHT,", ",,"),
        f"{PLACE}19: ADVS.VITALS: The code is blank on 1 record of VS. Leave them out with where:, or correct codes:.",
    ),
    (
        ('\'concat(SRC.TEST, " (", SRC.STRESU, ")")\'', "SRC.TEST"),
        VS.replace("Weight", ""),
        f"{PLACE}38: ADVS.VITALS: The label is blank for WEIGHT. Leave these records out with where:, or correct label:.",
    ),
    (
        ("from: VS", "from: VS, where: SRC.VISITNUM == 9"),
        VS,
        f"{PLACE}19: ADVS.VITALS: The family selects no record of VS, so it has no parameters. Correct from: or where:.",
    ),
    (("{from: VS}", "{computed: {value: 1}}"), VS, "ADVS.VITALS: codes: are read from source records. Write records: {from: DOMAIN}"),
    (("codes: SRC.TESTCD", "codes: SRC.TESTCD, table: X"), VS, "ADVS.VITALS: A family has codes: or table:, so table: has no effect. Delete it."),
    (('label: \'concat(SRC.TEST, " (", SRC.STRESU, ")")\', ', ""), VS, "ADVS.VITALS: Key 'label' is missing."),
    (("codes: SRC.TESTCD", "codes: SRC.TESTCD, of_data: 1"), VS, "Unknown key 'of_data'."),
    (("SRC.STRESU", "SRC.STRESX"), VS, "Domain VS has no variable VSSTRESX"),
    (("codes: SRC.TESTCD", "codes: SRC.TESTC"), VS, "Domain VS has no variable VSTESTC"),
]


@pytest.mark.parametrize(("change", "vs", "message"), WRONG)
def test_what_is_wrong_is_reported_once(tmp_path: Path, change: tuple[str, str], vs: str, message: str) -> None:
    done = made(tmp_path, "", change, vs=vs).build()
    assert done.exit_code == 2, done.text
    assert done.text.count(message) == 1, done.text
    assert "FAMILY0" not in done.text
    assert ("Nothing was derived." if "spec-table-rows" in done.text else "No data was read.") in done.text
