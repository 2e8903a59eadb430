"""A condition, a key or a term that matches nothing is never silent: refused before the data, or told with its line."""

from pathlib import Path

import pytest

from tests.right_or_refused.small_study import ADSL, DM, Ran, small_study

AE = "STUDYID,DOMAIN,USUBJID,AESEQ,AETERM\nS1,AE,S1-1,1,HEADACHE\nS1,AE,S1-2,1,RASH\n"
EX = "STUDYID,DOMAIN,USUBJID,EXSEQ,EXTRT,EXSTDTC\nS1,EX,S1-1,1,ACTIVE,2020-01-01\nS1,EX,S1-2,1,ACTIVE,2020-01-02\n"


def with_line(folder: Path, line: str, study: str = "", extra: str = "") -> Ran:
    made = small_study(folder, {"adsl": f"{ADSL}  {line}\n{extra}"}, {"ex": EX}, study)
    return made.build()


def unmatched(ran: Ran) -> list[tuple[str, str, str]]:
    return [(each["severity"], each["dataset"], each["message"]) for each in ran.findings() if each["id"] == "unmatched"]


NEVER = {
    "TRTFL: {label: T, flag: AGE > 65 and AGE < 18}": "is never true: AGE would need two values at once",
    "TRTFL: {label: T, flag: AGE < 18 and AGE >= 18}": "is never true",
    'TRTFL: {label: T, flag: SEX == "F" and SEX == "M"}': "is never true: SEX",
    "TRTFL: {label: T, flag: AGE == AGE}": "AGE is compared with itself",
    "TRTFL: {label: T, flag: 1 == 2}": "The comparison of two constants, 1 and 2",
    "TRTFL: {label: T, flag: AGE in ()}": "The list after 'in' is empty",
    "TRTFL: {label: T, flag: 'AGE in (1, 2, 1)'}": "1 is listed twice",
    'TRTFL: {label: T, flag: \'SEX in ("F" "M")\'}': 'Two texts have nothing between them: "F" "M"',
    "TRTFL: {label: T, flag: 'startswith(SEX, \"FE\")'}": 'SEX never starts with "FE"',
    "TRTFL: {label: T, recode: {of: SEX, map: {FEMALE: A}}}": 'SEX never has the key "FEMALE"',
    "TRTFL: {label: T, case: [{when: AGE > 1, term: A}, {when: AGE > 1, term: B}]}": "entry 2 has the condition of entry 1",
}
ALLOWED = {
    "TRTFL: {label: T, flag: AGE > 18 and AGE >= 34 and AGE <= 34}": ["Y", ""],
    "TRTFL: {label: T, flag: AGE < 18 or AGE > 40}": ["", "Y"],
    "TRTFL: {label: T, flag: AGE != 34 and AGE != 35}": ["", "Y"],
    'TRTFL: {label: T, flag: \'SEX in ("F", "U") and SEX == "F"\'}': ["Y", ""],
}


@pytest.mark.parametrize("line", NEVER)
def test_a_condition_that_can_never_be_true_is_refused(line: str, tmp_path: Path) -> None:
    ran = with_line(tmp_path, line)
    assert (ran.exit_code, NEVER[line] in ran.text) == (2, True), ran.text


@pytest.mark.parametrize("line", ALLOWED)
def test_a_condition_that_can_be_true_is_not(line: str, tmp_path: Path) -> None:
    ran = with_line(tmp_path, line)
    assert (ran.exit_code, ran.records("ADSL", "TRTFL")) == (0, ALLOWED[line]), ran.text


REFUSED = {
    'TRTFL: {label: T, length: 1, flag: SEX == "FEMALE"}': "codelist SEX (F, M, U, UNDIFFERENTIATED, INTERSEX). Did you mean 'F'?",
    'TRTFL: {label: T, length: 1, flag: \'SEX in ("F", "MALE")\'}': 'SEX is compared with "MALE"',
    'TRTFL: {label: T, length: 1, flag: \'SEX not in ("Female", "M")\'}': 'SEX is compared with "Female"',
    'TRTFL: {label: T, length: 1, where: SEX != "X", term: A}': 'SEX is compared with "X"',
    'TRTFL: {label: T, length: 1, case: [{when: SEX == "f", term: A}, {term: B}]}': "Did you mean 'F'?",
    'SAFFL: if_else(SEX == "F", "YES", "N")': "\"YES\" is not a term of codelist NY (Y, N). Did you mean 'Y'?",
    'SAFFL: coalesce(if_else(AGE > 18, "Y"), "NO")': '"NO" is not a term of codelist NY',
    "SAFFL: {value: SEX}": "SEX gives F, INTERSEX, M, U, UNDIFFERENTIATED, which is not a term of codelist NY",
    'ADULT: {label: A, flag: AGE > 18}\n  TRTFL: {label: T, flag: ADULT == "YES"}': "which is not a value of its formula (Y)",
    "TRT01P: {recode: {of: SEX, map: {F: Active}}, codelist: TRT}\n  TRT01PN: codelist_number(TRT01P)\n  TRTFL: {label: T, flag: TRT01PN == 3}": (
        "TRT01PN is compared with 3, which is not a number of codelist TRT (1, 2)"
    ),
    'TRTFL: {label: T, flag: upper(SEX) == "f"}': 'upper(SEX) is never "f"',
}


@pytest.mark.parametrize("line", REFUSED)
def test_a_term_outside_a_closed_codelist_is_refused(line: str, tmp_path: Path) -> None:
    ran = with_line(tmp_path, line)
    assert (ran.exit_code, REFUSED[line] in ran.text) == (2, True), ran.text


ELSEWHERE = {
    'checks:\n  S-1: {where: SEX == "FEMALE", expect: AGE > 1}\n': "which is not a term of codelist SEX",
    'checks:\n  S-1: {implies: [AGE > 1, SEX == "FEMALE"]}\n': "which is not a term of codelist SEX",
}


@pytest.mark.parametrize("block", ELSEWHERE)
def test_a_check_compares_with_terms_that_are_there(block: str, tmp_path: Path) -> None:
    ran = small_study(tmp_path, {"adsl": ADSL + block}).check()
    assert (ran.exit_code, ELSEWHERE[block] in ran.text) == (2, True), ran.text


def test_subjects_and_results_compare_with_terms_that_are_there(tmp_path: Path) -> None:
    adae = "dataset: ADAE\nclass: OCCURRENCE DATA STRUCTURE\nlabel: Adverse Events\nkey: [STUDYID, USUBJID, AESEQ]\nrecords: {from: AE}\n"
    adae += 'subjects: ADSL.SEX == "WOMAN"\nvariables: {"STUDYID, USUBJID": ADSL, "AESEQ, AETERM": AE}\n'
    results = 'results:\n  R: {title: Men, dataset: ADSL, where: SEX == "MALE", value: count}\n'
    ran = small_study(tmp_path, {"adae": adae, "results": results}, {"ae": AE}).check()
    assert 'ADAE: ADSL.SEX is compared with "WOMAN"' in ran.text
    assert 'R: where: SEX is compared with "MALE"' in ran.text


def test_blank_is_a_value_of_any_text(tmp_path: Path) -> None:
    ran = with_line(tmp_path, 'TRTFL: {label: T, flag: SEX != ""}')
    assert (ran.exit_code, ran.records("ADSL", "TRTFL")) == (0, ["Y", "Y"]), ran.text


def test_what_was_collected_may_hold_anything_but_is_warned_of(tmp_path: Path) -> None:
    """SDTM data can have terms that the codelist of this specification has not, so it is a warning with its line."""
    made = small_study(tmp_path, {"adsl": f'{ADSL}  MALE: {{label: T, allow_empty: true, flag: DM.SEX == "MALE"}}\n'})
    ran = made.build()
    (found,) = [each for each in ran.findings() if each["id"] == "spec-term"]
    assert (ran.exit_code, found["severity"], found["variable"]) == (0, "warning", "MALE")
    assert 'DM.SEX is compared with "MALE", which is not a term of codelist SEX' in found["message"]


NOTHING = {
    "TRTSDT: {where: AGE > 100, first: date(EX.EXSTDTC)}": ("ADSL", "where: selects none of 2 records, so it does nothing: AGE > 100."),
    'TRTSDT: {first: {of: date(EX.EXSTDTC), where: EX.EXTRT == "PLACEBO"}}': (
        "ADSL",
        'where: of first selects none of 2 records, so it does nothing: EX.EXTRT == "PLACEBO".',
    ),
    "OLDFL: {label: O, flag_first: {where: AGE > 100, order: [AGE]}}": ("ADSL", "where: of flag_first selects none of 2 records"),
}


@pytest.mark.parametrize("line", NOTHING)
def test_a_condition_that_selects_no_record_is_a_warning(line: str, tmp_path: Path) -> None:
    ran = with_line(tmp_path, line)
    (found,) = unmatched(ran)
    assert (ran.exit_code, found[:2]) == (0, ("warning", NOTHING[line][0])), ran.text
    assert NOTHING[line][1] in found[2]


def test_empty_allowed_says_that_it_may(tmp_path: Path) -> None:
    ran = with_line(tmp_path, 'TRTSDT: {allow_empty: true, first: {of: date(EX.EXSTDTC), where: EX.EXTRT == "PLACEBO"}}')
    assert (ran.exit_code, unmatched(ran)) == (0, [])


@pytest.mark.parametrize(("empty", "count"), [("", 1), (", allow_empty: true", 0)])
def test_a_source_that_is_read_for_nothing_is_a_warning(empty: str, count: int, tmp_path: Path) -> None:
    study = f'sources: {{EX: {{where: EXTRT == "PLACEBO", optional: [EXTRT]{empty}}}}}\n'
    ran = with_line(tmp_path, "TRTSDT: {first: date(EX.EXSTDTC)}", study)
    said = [each for each in unmatched(ran) if "where: of the source selects none of 2 records" in each[2]]
    assert len(said) == count, ran.text


def test_records_and_subjects_that_select_nothing_are_warned_of(tmp_path: Path) -> None:
    adae = "dataset: ADAE\nclass: OCCURRENCE DATA STRUCTURE\nlabel: Adverse Events\nkey: [STUDYID, USUBJID, AESEQ]\n"
    adae += 'records: {from: AE, where: AE.AETERM == "FALL"}\nsubjects: ADSL.AGE > 100\n'
    adae += "variables:\n  STUDYID, USUBJID: ADSL\n  AESEQ, AETERM: AE\n"
    ran = small_study(tmp_path, {"adae": adae}, {"ae": AE}).build()
    said = [message.split(",")[0] for _, dataset, message in unmatched(ran) if dataset == "ADAE"]
    assert said == ["subjects: selects none of 2 records", "records: where: selects none of 2 records"]


def test_a_key_of_recode_that_never_occurs_is_a_note(tmp_path: Path) -> None:
    ran = with_line(tmp_path, "GRP: {label: G, recode: {of: SEX, map: {F: Woman, M: Man, U: Not known}}}")
    assert unmatched(ran) == [("note", "ADSL", "recode: no record has 'U'; check the spelling and the case")]
    assert ran.records("ADSL", "GRP") == ["Woman", "Man"]


def test_a_required_variable_that_is_blank_throughout_is_a_warning(tmp_path: Path) -> None:
    dm = DM.replace(",SEX", ",SEX,RACE").replace(",F\n", ",F,\n").replace(",M\n", ",M,\n")
    ran = small_study(tmp_path, {"adsl": f"{ADSL}  RACE: DM\n"}, {"dm": dm}).build()
    (found,) = [each for each in ran.findings() if each["id"] == "blank"]
    assert (ran.exit_code, found["severity"], found["variable"]) == (0, "warning", "RACE")
    assert "blank in every record" in found["message"]


def test_a_blank_key_is_an_error(tmp_path: Path) -> None:
    adae = "dataset: ADAE\nclass: OCCURRENCE DATA STRUCTURE\nlabel: Adverse Events\nkey: [STUDYID, USUBJID, XSEQ]\nrecords: {from: AE}\n"
    adae += "variables:\n  STUDYID, USUBJID: ADSL\n  AETERM: AE\n  XSEQ: {label: Number, type: integer, value: number(AE.AETERM)}\n"
    ran = small_study(tmp_path, {"adae": adae}, {"ae": AE}).build()
    (found,) = [each for each in ran.findings() if each["id"] == "blank"]
    assert (ran.exit_code, found["severity"], found["count"]) == (1, "error", 2)
    assert found["keys"][0] == {"STUDYID": "S1", "USUBJID": "S1-1"}
