"""Names that are no variables, types that nothing shows, lines that nothing reads, files without an entry: values or a message with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.right_or_refused.small_study import Ran, SmallStudy, small_study

VS = """STUDYID,DOMAIN,USUBJID,VSSEQ,VSTESTCD,VSSTRESN,VISITNUM,VSDTC
S1,VS,S1-1,1,P,60,1,2024-01-01
S1,VS,S1-1,2,P,61,2,2024-01-02
"""
ADVS = """
dataset: ADVS
class: BASIC DATA STRUCTURE
label: Vital Signs
key: [STUDYID, USUBJID, PARAMCD, ADT, AVISITN, DTYPE]
variables:
  STUDYID, USUBJID: ADSL
  PARAM, PARAMCD, AVAL, DTYPE: PARAMETER
  ADT: date(SRC.DTC)
  {line}
parameters:
  P: {{label: Pulse, records: {{from: VS, where: SRC.TESTCD == "P"}}{more}}}
"""
VISIT = "AVISITN: SRC.VISITNUM"


def vital_signs(folder: Path, line: str = "", more: str = "", study: str = "") -> SmallStudy:
    return small_study(folder, {"advs": ADVS.format(line=f"{line}\n  {VISIT}" if "AVISITN:" not in line else line, more=more)}, {"vs": VS}, study)


@pytest.mark.parametrize("name", ["X Y", "a(", "", "SRC.X", "ADSL.AGE", "AVAL + 1"])
@pytest.mark.parametrize(
    "rule",
    [
        "summary: {{value: mean(AVAL), by: ['{name}'], dtype: AVERAGE}}",
        "extreme: {{last: [ADT], by: ['{name}'], dtype: LOV}}",
        "computed: {{value: P, by: ['{name}'], dtype: C}}",
        "expected: {{visits: [1], by: ['{name}']}}",
        "locf: {{visits: [1], by: ['{name}'], where: AVAL > 0, dtype: LOCF}}",
    ],
)
def test_by_of_a_record_rule_has_names_only(tmp_path: Path, rule: str, name: str) -> None:
    ran = vital_signs(tmp_path, more=f", add: [{{{rule.format(name=name)}}}]").check()
    assert ran.exit_code == 2, ran.text
    assert "advs.yaml:13:" in ran.text
    assert f"'{name}' is not the name of a variable." in ran.text


def test_by_of_a_time_to_event_has_names_only(tmp_path: Path) -> None:
    event = "{from: VS, date: date(VSDTC), description: Pulse}"
    more = f"}}\n  Q: {{label: Q, records: {{time_to_event: {{start: ADSL.TRTSDT, by: [X Y], events: [{event}]}}}}"
    assert "'X Y' is not the name of a variable." in vital_signs(tmp_path, more=more).check().text


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("AVAL * 2", [120, 122]),
        ("ADT", [23376, 23377]),  # 1 and 2 January 2024 as SAS dates
        ("{case: [{when: AVAL > 60, term: high}, {term: low}]}", ["low", "high"]),
    ],
)
def test_a_variable_of_parameter_has_the_type_of_the_formulas(tmp_path: Path, formula: str, expected: list[object]) -> None:
    ran = vital_signs(tmp_path, "FOO: {label: Foo, value: PARAMETER}", f", variables: {{FOO: {formula}}}").build()
    assert ran.exit_code == 0, ran.text
    assert ran.records("ADVS", "FOO") == expected


@pytest.mark.parametrize("more", ["", ", add: [{extreme: {last: [ADT], dtype: LOV, set: {FOO: 1}}}]"])
def test_a_variable_of_parameter_whose_type_nothing_shows_is_refused(tmp_path: Path, more: str) -> None:
    ran = vital_signs(tmp_path, "FOO: {label: Foo, value: PARAMETER}", more).build()
    assert ran.exit_code == 2
    assert "advs.yaml:10:3: ADVS.FOO: The type of the variable is not known" in ran.text
    assert "Write type: in its line. [spec-no-type]" in ran.text


def test_a_circle_through_the_key_names_the_key(tmp_path: Path) -> None:
    line = """ABLFL: {flag_last: {where: not missing(AVAL), within: [PARAMCD], order: [ADT]}}
  AVISIT: {length: 10, case: [{when: ABLFL == "Y", term: Base}, {term: Post}]}
  AVISITN: {case: [{when: AVISIT == "Base", value: 0}, {value: 1}]}"""
    ran = vital_signs(tmp_path, line).check()
    assert ran.exit_code == 2
    assert "Circular definition: ABLFL → AVISITN → AVISIT → ABLFL. ABLFL reads AVISITN only because it is in key:" in ran.text
    assert "Use a key without AVISITN" in ran.text
    path = tmp_path / "specs" / "advs.yaml"
    path.write_text(path.read_text().replace("ADT, AVISITN, DTYPE]", "ADT, DTYPE]"))
    ran = SmallStudy(tmp_path).build()
    assert ran.exit_code == 0, ran.text
    assert ran.records("ADVS", "ABLFL", "AVISITN") == [("", 1), ("Y", 0)]


def test_a_circle_without_the_key_does_not_name_it(tmp_path: Path) -> None:
    ran = vital_signs(tmp_path, "AAA: {label: A, type: float, value: BBB}\n  BBB: {label: B, type: float, value: AAA}").check()
    assert "Circular definition: AAA → BBB → AAA. [spec-cycle]" in ran.text


@pytest.mark.parametrize("owner", ["study", "advs"])
def test_a_prepared_variable_that_nothing_reads_is_a_warning(tmp_path: Path, owner: str) -> None:
    block = "sources: {VS: {variables: {UNREAD: VSSTRESN * 2, DOUBLE: VSSTRESN * 2}}}"
    more, study = ("", block) if owner == "study" else (f"}}\n{block[:-1]}", "")
    ran = vital_signs(tmp_path, "DBL: {label: Twice the result, type: float, value: SRC.DOUBLE}", more, study).build()
    assert ran.exit_code == 0, ran.text
    assert (
        f"VS.UNREAD: Nothing reads VS.UNREAD, so this line has no effect. Use it in a formula, or delete it. ({tmp_path}/specs/{owner}.yaml:"
        in ran.text
    )
    assert "VS.DOUBLE" not in ran.text


ADRS = "STUDYID,USUBJID,PARAMCD,RSPFL,ASEQ\nS1,S1-1,OVR,Y,3\n"


def responses(folder: Path, name: str) -> SmallStudy:
    more = f'}}\n  Q: {{label: Q, records: {{from: {name}, where: SRC.PARAMCD == "OVR", value: number(SRC.ASEQ)}}'
    line = "AVISITN: {value: AVAL}"
    text = ADVS.format(line=line, more=more).replace("  ADT: date(SRC.DTC)\n", "").replace("ADT, ", "")
    return small_study(folder, {"advs": text}, {"vs": VS, "adrs": ADRS})


def test_a_source_file_with_a_longer_name_needs_no_entry(tmp_path: Path) -> None:
    ran = responses(tmp_path, "ADRS").build()
    assert ran.exit_code == 0, ran.text
    assert [row for row in ran.records("ADVS", "PARAMCD", "USUBJID", "AVAL") if row[0] == "Q"] == [("Q", "S1-1", 3)]


def test_without_the_data_such_a_source_is_declared(tmp_path: Path) -> None:
    made: SmallStudy = responses(tmp_path, "ADRS")
    ran: Ran = made.check()
    assert ran.exit_code == 2
    assert "There is no domain ADRS." in ran.text
    assert "If it is a source file, check with --sdtm, or declare it in study.yaml: sources: {ADRS: {}}." in ran.text
    study = made.specs / "study.yaml"
    study.write_text(study.read_text() + "sources: {ADRS: {}}\n")
    assert made.check().exit_code == 0, made.check().text


def test_a_formula_beside_a_value_of_the_record_rule_is_refused(tmp_path: Path) -> None:
    event = "{from: VS, date: date(VSDTC), description: Pulse}"
    rule = f'records: {{time_to_event: {{start: date("2024-01-01"), events: [{event}]}}}}'
    ran = vital_signs(tmp_path, "CNSR: PARAMETER", f"}}\n  Q: {{label: Q, variables: {{CNSR: AVAL}}, {rule}").check()
    assert ran.exit_code == 2
    assert "ADVS.Q.CNSR: The records of Q are given CNSR (time_to_event), so this formula is never used. Delete it." in ran.text


def test_a_formula_for_the_code_of_a_parameter_is_refused(tmp_path: Path) -> None:
    ran = vital_signs(tmp_path, more=", variables: {PARAMCD: '\"X\"'}").check()
    assert ran.exit_code == 2
    assert "ADVS.P.PARAMCD: PARAMCD identifies the parameter and comes from its name" in ran.text


def test_a_general_formula_of_the_study_wins_over_that_of_a_class(tmp_path: Path) -> None:
    adsl = """
dataset: ADSL
class: SUBJECT LEVEL ANALYSIS DATASET
label: Subject-Level Analysis Dataset
records: {from: DM}
variables: {"STUDYID, USUBJID, AGE": DM, SAFFL: STANDARD}
"""
    ran = small_study(tmp_path, {"adsl": adsl}, study="formulas: {SAFFL: {flag_yn: AGE > 50}}\n").build()
    assert ran.exit_code == 0, ran.text
    assert ran.records("ADSL", "SAFFL") == ["N", "Y"]  # 34 and 65 years; that of the class reads the dates of treatment
