"""Records of a parameter made from a domain or a dataset: the value, what it was read from, and which record is kept."""

from pathlib import Path

import pytest

from tests.right_or_refused.small_study import ADSL, SmallStudy, small_study

EX = """STUDYID,DOMAIN,USUBJID,EXSEQ,EXTRT,EXDOSE,EXDOSTXT,EXSTDTC,EXADJ
S1,EX,S1-1,1,A,10,"10",2020-01-01,X
S1,EX,S1-1,2,A,30,"30",2020-01-02,
S1,EX,S1-1,3,A,20,"20",2020-01-02,X
S1,EX,S1-2,1,A,54,"54",2020-01-05,X
"""
AE = """STUDYID,DOMAIN,USUBJID,AESEQ,AETERM,AESER,AESTDTC
S1,AE,S1-1,1,HEADACHE,N,2020-01-03
S1,AE,S1-1,2,STROKE,Y,2020-01-10
"""
SUBJECTS = (
    ADSL
    + """
  TRTSDT: {first: date(EX.EXSTDTC)}
  TRTEDT: {last: date(EX.EXSTDTC)}
"""
)
HEAD = """
dataset: ADX
class: BASIC DATA STRUCTURE
label: Analysis Dataset
key: [STUDYID, USUBJID, PARAMCD, ASEQ]
"""
VARIABLES = """
variables:
  STUDYID, USUBJID: ADSL
  PARAM, PARAMCD, PARAMN, AVAL: PARAMETER
  ASEQ: {sequence_number: {order: [PARAMN, SRCSEQ]}}
"""
GIVEN = "  SRCDOM, SRCVAR, SRCSEQ: PARAMETER\n"


def study(folder: Path, parameters: str, lines: str = GIVEN, study: str = "", more: dict[str, str] | None = None) -> SmallStudy:
    text = HEAD + "parameters:\n" + parameters + VARIABLES + lines
    return small_study(folder, {"adsl": SUBJECTS, **(more or {}), "adx": text}, {"ex": EX, "ae": AE}, study)


def one(records: str) -> str:
    return f"  P: {{number: 1, label: P, records: {records}}}\n"


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("SRC.DOSE", "EXDOSE"),
        ("number(SRC.DOSTXT)", "EXDOSTXT"),
        ("EX.EXDOSE * 2", "EXDOSE"),
        ("SRC.DOSE + number(SRC.DOSTXT)", ""),
        ("ADSL.TRTEDT - ADSL.TRTSDT", ""),
        ("SRC.TENTH", "EXDOSE"),
        ("SRC.BOTH", ""),
    ],
)
def test_srcvar_is_the_one_variable_the_value_was_read_from(tmp_path: Path, value: str, name: str) -> None:
    prepared = 'sources: {EX: {variables: {TENTH: EXDOSE / 10, BOTH: "EXDOSE + number(EXDOSTXT)"}}}\n'
    ran = study(tmp_path, one(f"{{from: EX, value: {value}}}"), study=prepared).build()
    assert ran.exit_code == 0, ran.text
    assert ran.records("ADX", "SRCDOM", "SRCVAR", "SRCSEQ") == [("EX", name, 1), ("EX", name, 2), ("EX", name, 3), ("EX", name, 1)]


def test_srcvar_is_no_variable_that_the_domain_lacks(tmp_path: Path) -> None:
    vs = "STUDYID,DOMAIN,USUBJID,VSSEQ,VSSTRESC\nS1,VS,S1-1,1,7\nS1,VS,S1-1,2,\n"
    made = study(tmp_path, one("{from: VS}"))
    (made.sdtm / "vs.csv").write_text(vs)
    ran = made.build()
    assert ran.records("ADX", "AVAL", "SRCVAR") == [(7, "VSSTRESC"), (None, "VSSTRESC")], ran.text


def test_a_value_that_is_read_from_nothing_is_refused(tmp_path: Path) -> None:
    ran = study(tmp_path, one("{from: EX}")).build()
    assert ran.exit_code == 2
    assert "EX has no EXSTRESN and no EXSTRESC. Write value: to define AVAL" in ran.text


@pytest.mark.parametrize(("records", "warned"), [("{from: DM}", False), ('{from: DM, value: "1"}', True)])
def test_a_formula_says_the_value_where_the_domain_has_no_result(tmp_path: Path, records: str, warned: bool) -> None:
    made = study(tmp_path, one(records))
    text = (made.specs / "adx.yaml").read_text().replace("PARAMN, AVAL: PARAMETER", "PARAMN: PARAMETER\n  AVAL: DM.AGE * 2")
    (made.specs / "adx.yaml").write_text(text)
    ran = made.build()
    assert (ran.exit_code, "value: has no effect" in ran.text) == (0, warned), ran.text
    assert ran.records("ADX", "AVAL", "SRCDOM", "SRCVAR", "SRCSEQ") == [(68, "DM", "", None), (130, "DM", "", None)]


def test_formulas_of_the_source_variables_are_used(tmp_path: Path) -> None:
    lines = """
  SRCDOM: {value: 'if_else(AVAL > 20, "ADAE", "ADSL")', length: 8}
  SRCVAR: {term: TRTSDT}
  SRCSEQ: SRC.SEQ * 10
"""
    ran = study(tmp_path, one("{from: EX, value: SRC.DOSE}"), lines).build()
    assert ran.exit_code == 0, ran.text
    expected = [("ADSL", "TRTSDT", 10), ("ADAE", "TRTSDT", 20), ("ADSL", "TRTSDT", 30), ("ADAE", "TRTSDT", 10)]
    assert ran.records("ADX", "SRCDOM", "SRCVAR", "SRCSEQ") == expected


def test_a_formula_of_one_parameter_says_its_source_variable(tmp_path: Path) -> None:
    parameters = one("{from: EX, value: SRC.DOSE}")[:-2] + ", variables: {SRCVAR: {term: EXDOSTXT}}}\n"
    parameters += "  Q: {number: 2, label: Q, records: {from: EX, value: SRC.DOSE}}\n"
    ran = study(tmp_path, parameters).build()
    assert ran.exit_code == 0, ran.text
    assert sorted(set(ran.records("ADX", "PARAMCD", "SRCVAR"))) == [("P", "EXDOSTXT"), ("Q", "EXDOSE")]


@pytest.mark.parametrize(
    ("keep", "expected"),
    [
        ('{last_of: [SRC.TRT], where: SRC.ADJ == "X", order: [SRC.SEQ]}', [20, 54]),
        ("{last_of: [SRC.TRT], where: AVAL < 30 and SRC.SEQ < 3, order: [SRC.SEQ]}", [10, None]),
        ("{last_of: [SRC.TRT], where: ADSL.AGE < 50 and AVAL > 20, order: [SRC.SEQ]}", [30, None]),
        ("{last_of: [SRC.ADJ], order: [SRC.SEQ]}", [30, 20, 54]),
    ],
)
def test_keep_takes_a_condition_on_the_source_the_value_and_the_subject(tmp_path: Path, keep: str, expected: list[float | None]) -> None:
    ran = study(tmp_path, one(f"{{from: EX, value: SRC.DOSE, keep: {keep}}}")).build()
    assert ran.exit_code == 0, ran.text
    assert ran.records("ADX", "AVAL") == [value for value in expected if value is not None]


def test_keep_where_must_be_a_condition_of_what_is_there(tmp_path: Path) -> None:
    ran = study(tmp_path, one("{from: EX, value: SRC.DOSE, keep: {last_of: [SRC.TRT], where: SRC.DOSS == 1, order: [SRC.SEQ]}}")).build()
    assert ran.exit_code == 2
    assert "Domain EX has no variable EXDOSS" in ran.text


def test_a_tie_of_keep_that_no_order_decides_is_a_warning_with_the_values(tmp_path: Path) -> None:
    ran = study(tmp_path, one("{from: EX, value: SRC.DOSE, keep: {last_of: [SRC.TRT], order: [SRC.STDTC]}}")).build()
    assert ran.exit_code == 0, ran.text
    (found,) = [each for each in ran.findings() if each["id"] == "issue"]
    assert found["severity"] == "warning"
    assert [(key["EXSEQ"], value["AVAL"]) for key, value in zip(found["keys"], found["values"], strict=True)] == [("2", "30"), ("3", "20")]


def test_a_variable_of_the_dataset_cannot_choose_its_records(tmp_path: Path) -> None:
    ran = study(tmp_path, one("{from: EX, where: ASEQ == 1, value: SRC.DOSE}")).build()
    assert ran.exit_code == 2
    assert "ASEQ is a variable of ADX, which has no records yet. Write SRC.ASEQ for the source record's" in ran.text


def test_one_record_for_each_subject_of_a_domain_without_sequence_numbers(tmp_path: Path) -> None:
    ran = study(tmp_path, one("{from: DM, value: ADSL.TRTEDT - ADSL.TRTSDT + 1}")).build()
    assert ran.exit_code == 0, ran.text
    assert ran.records("ADX", "AVAL", "SRCDOM", "SRCVAR", "SRCSEQ") == [(2, "DM", "", None), (1, "DM", "", None)]


ADAE = """
dataset: ADAE
class: OCCURRENCE DATA STRUCTURE
label: Adverse Events Analysis Dataset
key: [STUDYID, USUBJID, AESEQ]
records: {from: AE}
variables:
  STUDYID, USUBJID: ADSL
  AESEQ, AETERM, AESER: AE
  ASTDT: date(AE.AESTDTC)
"""


def test_records_come_from_other_analysis_datasets(tmp_path: Path) -> None:
    parameters = """
  EVENT: {number: 1, label: Event, records: {from: ADAE, where: SRC.AESER == "Y", value: ADAE.ASTDT - ADSL.TRTSDT}}
  DAYS: {number: 2, label: Days, records: {from: ADSL, where: SRC.SEX == "F", value: SRC.AGE}}
"""
    lines = GIVEN + '  ADT: {value: SRC.ASTDT, where: PARAMCD == "EVENT"}\n'
    ran = study(tmp_path, parameters, GIVEN, more={"adae": ADAE}).build()
    assert ran.exit_code == 0, ran.text + lines
    assert ran.records("ADX", "USUBJID", "PARAMCD", "AVAL", "SRCDOM", "SRCVAR", "SRCSEQ") == [
        ("S1-1", "DAYS", 34, "ADSL", "AGE", None),
        ("S1-1", "EVENT", 9, "ADAE", "ASTDT", 2),
    ]


def test_a_dataset_without_parameters_takes_the_records_of_another(tmp_path: Path) -> None:
    serious = """
dataset: ADSER
class: OCCURRENCE DATA STRUCTURE
label: Serious Adverse Events
key: [STUDYID, USUBJID, AESEQ]
records: {from: ADAE, where: ADAE.AESER == "Y"}
variables:
  STUDYID, USUBJID: ADSL
  AESEQ, AETERM, ASTDT: ADAE
  ASTDY: ADAE.ASTDT - ADSL.TRTSDT + 1
"""
    made = small_study(tmp_path, {"adsl": SUBJECTS, "adae": ADAE, "adser": serious}, {"ex": EX, "ae": AE})
    ran = made.build()
    assert ran.exit_code == 0, ran.text
    assert ran.records("ADSER", "AESEQ", "AETERM", "ASTDY") == [(2, "STROKE", 10)]
    assert made.build("--only", "ADSER").records("ADSER", "AESEQ", "AETERM", "ASTDY") == [(2, "STROKE", 10)]


def test_records_come_from_the_records_of_a_dataset_with_parameters(tmp_path: Path) -> None:
    other = HEAD.replace("ADX", "ADY") + "parameters:\n" + one('{from: ADX, where: SRC.PARAMCD == "D" and SRC.AVAL >= 20, value: SRC.AVAL}')
    other += VARIABLES + GIVEN
    parameters = "  D: {number: 1, label: D, records: {from: EX, value: SRC.DOSE}}\n  E: {number: 2, label: E, records: {from: EX, value: 99}}\n"
    ran = study(tmp_path, parameters, more={"ady": other}).build()
    assert ran.exit_code == 0, ran.text
    expected = [("S1-1", 30, "ADX", "AVAL", 2), ("S1-1", 20, "ADX", "AVAL", 3), ("S1-2", 54, "ADX", "AVAL", 1)]
    assert ran.records("ADY", "USUBJID", "AVAL", "SRCDOM", "SRCVAR", "SRCSEQ") == expected


def test_a_derivation_looks_at_the_records_of_a_dataset_without_parameters(tmp_path: Path) -> None:
    lines = GIVEN + '  ADT: {first: {of: ADAE.ASTDT, where: ADAE.AESER == "Y"}}\n'
    ran = study(tmp_path, one("{from: DM, value: 1}"), lines, more={"adae": ADAE}).build()
    assert ran.exit_code == 0, ran.text
    assert ran.records("ADX", "ADT") == [21924, None]


def test_a_dataset_made_from_itself_is_refused(tmp_path: Path) -> None:
    ran = study(tmp_path, one("{from: ADX, value: SRC.AVAL}")).check()
    assert ran.exit_code == 2, ran.text
    assert "Circular definition" in ran.text


def test_the_check_of_sources_agrees_with_what_records_can_be_made_from(tmp_path: Path) -> None:
    parameters = """
  DOSE: {number: 1, label: Dose, records: {from: EX, value: SRC.DOSE}}
  DAYS: {number: 2, label: Days, records: {from: ADSL, value: SRC.AGE}}
  ONE: {number: 3, label: One, records: {from: DM, value: 1}}
  EVENT: {number: 4, label: Event, records: {from: ADAE, value: 1}}
"""
    lines = GIVEN + "checks:\n  E-23: {source_value: {domain: SRCDOM, variable: SRCVAR, sequence: SRCSEQ, value: AVAL}}\n"
    ran = study(tmp_path, parameters, lines, more={"adae": ADAE}).build()
    assert [each for each in ran.findings() if each["severity"] == "error"] == [], ran.text
    assert ran.exit_code == 0


def test_records_without_visit_and_date_are_no_assessment_that_an_earlier_entry_has(tmp_path: Path) -> None:
    records = "[{from: AE, value: SRC.SEQ}, {from: EX, value: SRC.DOSE}]"
    ran = study(tmp_path, one(records)).build()
    assert ran.exit_code == 0, ran.text
    assert sorted(ran.records("ADX", "SRCDOM", "AVAL")) == [("AE", 1), ("AE", 2), ("EX", 10), ("EX", 20), ("EX", 30), ("EX", 54)]


def test_a_source_file_of_an_analysis_dataset_is_named_by_its_aseq(tmp_path: Path) -> None:
    adrs = "STUDYID,USUBJID,PARAMCD,ASEQ,ADT,AVALC\nS1,S1-1,PD,7,2020-01-04,N\nS1,S1-1,PD,8,2020-01-09,Y\nS1,S1-2,PD,9,2020-01-06,Y\n"
    events = '[{from: ADRS, where: SRC.AVALC == "Y", date: date(SRC.ADT), description: Progression}]'
    text = HEAD + f"parameters:\n  P: {{label: P, records: {{time_to_event: {{start: ADSL.TRTSDT, unit: days, events: {events}}}}}}}\n"
    text += VARIABLES.replace("PARAMN, AVAL", "AVAL").replace("PARAMN, SRCSEQ", "SRCSEQ") + GIVEN
    own = small_study(tmp_path, {"adsl": SUBJECTS, "adx": text}, {"adrs": adrs, "ex": EX}, "sources: {ADRS: {allow_empty: true}}\n")
    ran = own.build()
    assert ran.exit_code == 0, ran.text
    assert ran.records("ADX", "AVAL", "SRCDOM", "SRCVAR", "SRCSEQ") == [(9, "ADRS", "ADT", 8), (2, "ADRS", "ADT", 9)]
