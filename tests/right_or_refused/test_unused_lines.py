"""A line that no record can use is refused with its place; so is an entry that another hides."""

from pathlib import Path

import pytest

import adam
from tests.right_or_refused.small_study import ADSL, small_study

EG = "STUDYID,DOMAIN,USUBJID,EGSEQ,EGTESTCD,EGSTRESN,EGSTRESC,EGDTC\nS1,EG,S1-1,1,QT,400,400,2020-01-01\nS1,EG,S1-1,2,RR,900,900,2020-01-01\n"
ADEG = """dataset: ADEG
class: BASIC DATA STRUCTURE
label: ECG Analysis Dataset
key: [STUDYID, USUBJID, PARAMCD, ADT]
{more}
parameters:
  QT: {{number: 1, label: QT (ms), records: {{from: EG, where: SRC.TESTCD == "QT"}}{qt}}}
  RR: {{number: {rr}, label: {label}, records: {{from: EG, where: SRC.TESTCD == "RR"}}}}
  SUM: {{number: 3, label: Sum, records: {{computed: {{value: QT + RR, by: [ADT]}}}}{sum}}}
variables:
  STUDYID, USUBJID: ADSL
  PARAM, PARAMCD, PARAMN: PARAMETER
  ADT: date(SRC.DTC)
  AVAL: {aval}
  DTYPE: PARAMETER
  AVALCAT1: PARAMETER
  AVALU: {{label: Unit, length: 8, term: ms}}
"""
USUAL = {"more": "", "qt": ", variables: {AVALCAT1: {term: LOW}}", "rr": "2", "label": "RR (ms)", "sum": "", "aval": "PARAMETER"}


def text(folder: Path, **changes: str) -> str:
    return small_study(folder, {"adeg": ADEG.format(**USUAL | changes)}, {"eg": EG}).check().text


def test_the_study_itself_is_accepted(tmp_path: Path) -> None:
    assert "problem" not in text(tmp_path)


def test_a_formula_of_a_parameter_replaces_that_of_the_dataset(tmp_path: Path) -> None:
    own = ", variables: {AVALU: {term: s}, AVALCAT1: {term: LOW}}"
    ran = small_study(tmp_path, {"adeg": ADEG.format(**USUAL | {"qt": own})}, {"eg": EG}).build()
    assert ran.exit_code == 0, ran.text
    assert ran.records("ADEG", "PARAMCD", "AVALU") == [("QT", "s"), ("RR", "ms"), ("SUM", "ms")]


def test_a_variable_that_a_parameter_leaves_missing_has_the_formula_of_the_dataset_elsewhere(tmp_path: Path) -> None:
    own = ", variables: {AVALU: missing, AVALCAT1: {term: LOW}}"
    ran = small_study(tmp_path, {"adeg": ADEG.format(**USUAL | {"qt": own, "sum": ", variables: {AVALU: missing}"})}, {"eg": EG}).build()
    assert ran.exit_code == 0, ran.text
    assert ran.records("ADEG", "PARAMCD", "AVALU") == [("QT", ""), ("RR", "ms"), ("SUM", "")]


def test_a_formula_of_a_parameter_over_one_along_its_records(tmp_path: Path) -> None:
    """CHG of QT is in percent: 100 * (420 - 400) / 400; that of RR is 950 - 900, and the circle of ABLFL and BASE is within a parameter."""
    eg = EG + "S1,EG,S1-1,3,QT,420,420,2020-01-08\nS1,EG,S1-1,4,RR,950,950,2020-01-08\n"
    lines = "  ABLFL: {flag_first: {order: [ADT], within: [PARAMCD]}}\n  BASE, CHG: STANDARD\n"
    own = ", variables: {CHG: 100 * (AVAL - BASE) / BASE, AVALCAT1: {term: LOW}}"
    text = ADEG.format(**USUAL | {"qt": own}) + lines
    ran = small_study(tmp_path, {"adeg": text[: text.index("  SUM:")] + text[text.index("variables:\n  STUDYID") :]}, {"eg": eg}).build()
    assert ran.exit_code == 0, ran.text
    assert ran.records("ADEG", "PARAMCD", "CHG") == [("QT", 0), ("QT", 5), ("RR", 0), ("RR", 50)]


REFUSED = {
    "AVAL has a formula, and is given": ({"aval": "SRC.STRESN * 2"}, "ADEG.AVAL: The records of every parameter are given AVAL (from, computed)"),
    "a where beside PARAMETER": ({"aval": '{value: PARAMETER, where: AVALU != ""}'}, "where: has no effect with PARAMETER"),
    "the dataset has a formula, and so has each parameter": (
        {"qt": ", variables: {AVALU: {term: s}}", "label": "RR (ms), variables: {AVALU: {term: s}}", "sum": ", variables: {AVALU: missing}"},
        "ADEG.QT.AVALU: Each parameter has a formula for AVALU, so that of the dataset is never used. Write AVALU: PARAMETER in variables: of ADEG",
    ),
    "PARAMCD": ({"qt": ", variables: {PARAMCD: {term: RR}}"}, "ADEG.QT.PARAMCD: PARAMCD identifies the parameter and comes from its name"),
    "PARAM": ({"qt": ", variables: {PARAM: {term: RR}}"}, "PARAM identifies the parameter and comes from label:"),
    "DTYPE of computed": ({"sum": ", variables: {DTYPE: {term: AVERAGE}}"}, "The records of SUM are given DTYPE (computed)"),
    "ADT of computed": ({"sum": ", variables: {ADT: SRC.X}"}, "ADEG.SUM.ADT: The records of SUM are given ADT (computed)"),
    "a variable that is not there": ({"qt": ", variables: {AVALCA1N: 1}"}, "ADEG has no variable AVALCA1N"),
    "a criterion without a variable": ({"qt": ", criteria: {1: {text: High, when: AVAL > 450}}"}, "Criterion 1 has no effect: ADEG has no CRIT1"),
    "two numbers": ({"rr": "1"}, "Number 1 is already the number of QT"),
    "two labels": ({"label": "QT (ms)"}, "The label 'QT (ms)' is that of QT already"),
    "an unknown key": ({"qt": ", kept: false"}, "ADEG.QT: Unknown key 'kept'"),
    "an unknown key inside": ({"qt": ", criteria: {1: {text: A, when: AVAL > 1, label: B}}"}, "Unknown key 'label'"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_line_that_no_record_can_use_is_refused(what: str, tmp_path: Path) -> None:
    changes, message = REFUSED[what]
    found = text(tmp_path, **changes)
    assert message in found, found
    assert "adeg.yaml:" in found


@pytest.mark.parametrize(("more", "message"), [("copy: [ADT]", "copy: has no effect"), ("criteria: {where: AVAL > 1}", "criteria: has no effect")])
def test_a_block_that_does_nothing_with_these_parameters_is_a_warning(more: str, message: str, tmp_path: Path) -> None:
    found = text(tmp_path, more=more)
    assert (f"warning: spec-unused ADEG: {message}" in found, "problem" in found) == (True, False), found


STUDY = """
language: 1
study: {study}
extends: adamig
label: A made-up study
ids: [S1]
as_of: 2024-06-30
conformance: off
datasets: {datasets}
treatments: {treatments}
periods: {periods}
"""
LINES = {"study": "S1", "datasets": "[ADSL]", "treatments": "{Vehicle: 1, Active: 2}", "periods": "{1: One, 2: Two}"}
TWICE = {
    "a scalar for a list": ({"datasets": "ADSL"}, "datasets must be a list of the datasets to create. Write datasets: [ADSL]"),
    "nothing to make": ({"datasets": "[]"}, "datasets must be a list"),
    "a block for a name": ({"datasets": "[ADSL, {ADAE: 1}]"}, "An entry of datasets: must be the name of a dataset"),
    "a dataset twice": ({"datasets": "[ADSL, ADSL]"}, "datasets lists ADSL twice"),
    "a list for a name": ({"study": "[S1]"}, "The name of the study is not a text"),
    "no name": ({"study": ""}, "The name of the study has no value"),
    "a name with a tab": ({"treatments": '{"a\\tb": 1}'}, "treatments: The name 'a\\tb' has a tab"),
    "a name too long": ({"treatments": f"{{{'x' * 201}: 1}}"}, "treatments: The name has 201 bytes; a text has at most 200"),
    "a number twice": ({"treatments": "{Vehicle: 1, Active: 1}"}, "Number 1 is already the number of 'Vehicle'"),
    "a name twice": ({"periods": "{1: One, 2: One}"}, "'One' is already the name of number 1"),
    "a number in two ways": ({"periods": "{1: One, 01: Two}"}, "'01' is not a valid number"),
}


@pytest.mark.parametrize("what", TWICE)
def test_study_yaml_says_each_thing_once_and_as_it_must_be(what: str, tmp_path: Path) -> None:
    changes, message = TWICE[what]
    ran = small_study(tmp_path, {"study": STUDY.format(**LINES | changes)}).check()
    assert (ran.exit_code, message in ran.text) == (2, True), ran.text
    assert "study.yaml:" in ran.text


def test_a_forgotten_extends_is_one_line(tmp_path: Path) -> None:
    ran = small_study(tmp_path, {"study": STUDY.format(**LINES).replace("extends: adamig\n", "")}).check()
    lines = ran.text.strip().splitlines()
    assert (ran.exit_code, len(lines), "Add the line 'extends: adamig'." in lines[0]) == (2, 2, True), ran.text


def test_every_kind_of_problem_is_told_at_once(tmp_path: Path) -> None:
    """A syntax error, a missing label, an unknown length, a variable the data lack and a check: one look is enough."""
    lines = "  XA: {value: AGE + }\n  XB: {label: B, value: DM.SEX}\n  XC: {label: C, length: 3, value: DM.RASE}\n  XD: {term: A}\n"
    made = small_study(tmp_path, {"adsl": f"{ADSL}{lines}checks:\n  S-1: AGE >> 1\n  S-2: AGEE > 1\n"})
    text = made.build().text
    for message in (
        "ADSL.XA: value: This is not a valid expression",
        "ADSL.XA: The variable has no label",
        "ADSL.XB: The length of the text is not known.",
        "ADSL.XC: Domain DM has no variable RASE",
        "ADSL.XD: The variable has no label",
        "ADSL.S-1: ",
        "ADSL.S-2: ADSL has no variable AGEE",
    ):
        assert message in text, text
    assert "No data was read." in text


LENGTHS = {
    "X: {label: X, recode: {of: SEX, map: {F: Woman, M: Man}, otherwise: Unknown}}": 7,
    "X: {label: X, case: [{when: AGE > 40, term: old}, {value: SEX}]}": 8,
    "X: {label: X, cut: {of: AGE, at: [40], terms: [young, aged]}}": 5,
    'X: {label: X, value: \'if_else(AGE > 40, "old", "younger")\'}': 7,
    "X: {label: X, value: 'concat(SEX, \"-\", SEX)'}": 17,
    "X: {label: X, value: T}\ntemporary:\n  T: {cut: {of: AGE, at: [40], terms: [a, bcd]}}": 3,
    'X: {label: X, concatenate: {of: [T, T], by: "/"}}\ntemporary:\n  T: {term: abc}': 7,
    "X: {label: X, flag_yn: AGE > 40}": 1,
    "X: {label: X, value: STUDY.WORD}": 5,
    "X: {label: X, first: {of: DM.T}}": 4,
}


@pytest.mark.parametrize("line", LENGTHS)
def test_a_text_is_as_long_as_its_terms_say(line: str, tmp_path: Path) -> None:
    study = "constants: {WORD: words}\nsources: {DM: {variables: {T: {term: four}}}}\n"
    made = small_study(tmp_path, {"adsl": f"{ADSL}  {line}\n"}, study=study)
    assert adam.plan(made.specs, made.sdtm).datasets["ADSL"].variables["X"].length == LENGTHS[line]


def test_a_blank_key_of_recode_is_a_value(tmp_path: Path) -> None:
    dm = "STUDYID,DOMAIN,USUBJID,AGE,SEX\nS1,DM,S1-1,34,F\nS1,DM,S1-2,65,\n"
    line = '  GRP: {label: G, recode: {of: SEX, map: {"": Missing, F: Female}, otherwise: Other}}\n'
    ran = small_study(tmp_path, {"adsl": ADSL + line}, {"dm": dm}).build()
    assert (ran.exit_code, ran.records("ADSL", "GRP")) == (0, ["Female", "Missing"]), ran.text


@pytest.mark.parametrize("rank", ["rank: AGE", "rank: {of: AGE, within: [SEX], descending: true}"])
def test_a_rank_among_subjects_is_refused(rank: str, tmp_path: Path) -> None:
    found = small_study(tmp_path, {"adsl": ADSL + f"  AGERANK: {{label: Rank, type: integer, {rank}}}\n"}).check().text
    assert "adsl.yaml:9:3: ADSL.AGERANK: rank compares the records of a subject, but ADSL has one record per subject." in found, found
    assert "1 problem" in found
