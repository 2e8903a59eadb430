"""Ranges, grades, treatments and periods of the standard layer by name, with values worked out by hand."""

from tests.safety.test_formulas_of_the_standard import ADSL, DS, EX, SUBJECTS, VS, column, disposition

GRADES = """
dataset: ADLB
class: BASIC DATA STRUCTURE
label: Laboratory Analysis Dataset
key: [STUDYID, USUBJID, PARAMCD, ADT]
parameters:
  PULSE: {label: Pulse (beats/min), records: {from: VS}}
variables:
  STUDYID, USUBJID: ADSL
  TRTPN, TRTAN: STANDARD
  PARAMCD, PARAM, AVAL: PARAMETER
  ADT, ABLFL: STANDARD
  ANRLO: {value: "60"}
  ANRHI: {value: "90"}
  AVALCAT1: {cut: {of: AVAL, at: [90], terms: [low, high]}}
  ATOXGRL: {case: [{when: AVAL < 45, term: "2"}, {when: AVAL < 60, term: "1"}, {when: not missing(AVAL), term: "0"}]}
  ATOXGRH: {case: [{when: AVAL > 110, term: "1"}, {when: not missing(AVAL), term: "0"}]}
  ATOXGR: {case: [{when: ATOXGRL > "0", value: 'concat("-", ATOXGRL)'}, {when: ATOXGRH != "", value: ATOXGRH}]}
  BASECAT1, ANRIND, BNRIND, BTOXGR, BTOXGRL, BTOXGRH: STANDARD
  ATOXGRN, ATOXGRLN, ATOXGRHN, BTOXGRN, BTOXGRLN, BTOXGRHN: STANDARD
"""
GRADED = {
    "TRTPN": [1] * 7,
    "TRTAN": [2] * 7,
    "BASECAT1": ["low"] * 7,
    "ANRIND": ["NORMAL", "LOW", "HIGH", "LOW", "", "HIGH", "NORMAL"],  # of 80, 50, 100, 40, nothing, 120 and 90
    "BNRIND": ["LOW"] * 7,
    "ATOXGRN": [0, -1, 0, -2, None, 1, 0],
    "ATOXGRLN": [0, 1, 0, 2, None, 0, 0],
    "ATOXGRHN": [0, 0, 0, 0, None, 1, 0],
    "BTOXGR": ["-1"] * 7,
    "BTOXGRL": ["1"] * 7,
    "BTOXGRH": ["0"] * 7,
    "BTOXGRN": [-1] * 7,
    "BTOXGRLN": [1] * 7,
    "BTOXGRHN": [0] * 7,
}


def test_ranges_and_grades(study):
    adsl = ADSL + "  TRT01PN: {value: 1}\n  TRT01AN: {value: 2}\n"
    frames, _ = study(
        {"adsl.yaml": adsl.replace("value: 1}", 'value: "1"}').replace("value: 2}", 'value: "2"}'), "adlb.yaml": GRADES},
        {"EX": EX, "DS": DS, "VS": VS},
        SUBJECTS,
    )
    found = frames["ADLB"].sort_values("ADT", kind="stable", na_position="last")
    assert {name: column(found, name) for name in GRADED} == GRADED


PERIODS = """
  ENRLDT: {value: date(DM.RFICDTC)}
  TR02SDT: {value: 'date("2020-02-01")'}
  TR02EDT: {value: TRTEDT}
  ENRLFL, EOTSTT, DCTREAS, TR02DURD, TR02DURM, TR02DURY: STANDARD
"""


def test_treatment_and_periods(study):
    events = [{**each, "DSSCAT": "STUDY PARTICIPATION"} for each in DS]
    events += [{**disposition("01", "COMPLETED", "2020-03-02"), "DSSCAT": "STUDY TREATMENT"}]
    events += [{**disposition("02", "ADVERSE EVENT", "2020-01-20"), "DSSCAT": "STUDY TREATMENT"}]
    text = ADSL.replace("EOSDT, EOSSTT, DCSREAS, DCSREASP, ", "").replace("COMPLFL, ", "") + PERIODS
    frames, _ = study({"adsl.yaml": text}, {"EX": EX, "DS": events}, SUBJECTS)
    found = frames["ADSL"]
    assert column(found, "ENRLFL") == ["Y"] * 4
    assert column(found, "EOTSTT") == ["COMPLETED", "DISCONTINUED", "", ""]
    assert column(found, "DCTREAS") == ["", "ADVERSE EVENT", "", ""]
    assert column(found, "TR02DURD") == [30, None, None, None]  # 29 days of February and 1 of March
    assert column(found, "TR02DURM") == [0.985626283367556, None, None, None]
    assert column(found, "TR02DURY") == [0.082135523613963, None, None, None]
