"""The formulas that the standard layer has by name, on records of a few subjects, with values worked out by hand."""

import re
from pathlib import Path

import pandas as pd
import pytest

from adam.core.located import load
from adam.specification.dictionary import digits_of

ADSL = """
dataset: ADSL
class: SUBJECT LEVEL ANALYSIS DATASET
label: Subject-Level Analysis Dataset
records: {from: DM}
variables:
  STUDYID, USUBJID: DM
  TRT01P, TRT01A, TRTSDT, TRTEDT, TRTSDTM, TRTEDTM, TRTDURD, TRTDURM, TRTDURY, SAFFL, RANDFL, ITTFL, COMPLFL, AAGE: STANDARD
  RFICDT, RANDDT, EOSDT, EOSSTT, DCSREAS, DCSREASP, DTHDT, DTHDTF, DTHFL: STANDARD
"""
ADVS = """
dataset: ADVS
class: BASIC DATA STRUCTURE
label: Vital Signs Analysis Dataset
key: [STUDYID, USUBJID, PARAMCD, ADT]
parameters:
  PULSE: {label: Pulse (beats/min), records: {from: VS}}
variables:
  STUDYID, USUBJID: ADSL
  TRTP, TRTA: STANDARD
  PARAMCD, PARAM, AVAL: PARAMETER
  AVISIT: VS.VISIT
  ANRLO, ANRHI: {value: "60"}
  A1LO: {value: "50"}
  A1HI: {value: "100"}
  CRIT1: {term: Pulse at least 80}
  CRIT1FL: {where: not missing(AVAL), flag_yn: AVAL >= 80}
  ADT, ADTF, ADTM, ATMF, ADY, AVALC, ABLFL, ABLFN, BASE, BASEC, CHG, PCHG, BCHG, PBCHG, R2BASE, R2A1LO, R2A1HI, A1IND, B1IND: STANDARD
  ONTRTFL, ONTRTFN, LVOTFL, LVOTFN, ANL01FL, ANL01FN, CRIT1FN, ASEQ: STANDARD
"""
OCCURRENCES = """
dataset: {name}
class: OCCURRENCE DATA STRUCTURE
label: Events
{subclass}
key: [STUDYID, USUBJID, {domain}SEQ]
records: {{from: {domain}}}
variables:
  STUDYID, USUBJID: ADSL
  {domain}SEQ, {domain}DECOD, {domain}BODSYS: {domain}
  ASTDT: {{standard: {{day: {{otherwise: first}}, month: {{otherwise: first}}}}}}
  AENDT: {{standard: {{day: {{otherwise: last}}, month: {{otherwise: last}}}}}}
  ASTDTF, ASTDTM, ASTTMF, AENDTF, AENDTM, AENTMF, ASTDY, AENDY, ADURN, ADURU, ASEQ: STANDARD
"""
DM = {"ARM": "A", "ACTARM": "B", "BRTHDTC": "1960-03-02", "RFICDTC": "2019-12-20", "DTHDTC": "", "DTHFL": ""}


def subject(number, **values):
    return {"USUBJID": number, **DM, **values}


def exposure(number, dose, start, end, treatment="DRUG"):
    return {"USUBJID": number, "EXTRT": treatment, "EXDOSE": dose, "EXSTDTC": start, "EXENDTC": end}


def disposition(number, term, date, category="DISPOSITION EVENT", reported=""):
    return {"USUBJID": number, "DSTERM": reported or term, "DSDECOD": term, "DSCAT": category, "DSSTDTC": date}


EX = [
    exposure("01", 0, "2020-01-01", "2020-01-05"),  # a dose of 0 of the drug is no dose
    exposure("01", 10, "2020-01-06T08:30", "2020-01-31T09:00"),
    exposure("01", 20, "2020-02-01T08:00", "2020-03-01T20:15"),
    exposure("02", 0, "2020-01-10", "2020-01", "Placebo"),
    exposure("03", None, "2020-01-10", "2020-01-20"),
    exposure("04", 10, "2020-01-06", "2020-01-10"),
    exposure("04", 10, "2020-01-11", ""),  # goes on
]
DS = [
    disposition("01", "RANDOMIZED", "2020-01-02", "PROTOCOL MILESTONE"),
    disposition("01", "COMPLETED", "2020-03-10"),
    disposition("02", "RANDOMIZED", "2020-01-03", "PROTOCOL MILESTONE"),
    disposition("02", "OTHER", "2020-02-01", reported="Moved to another city"),
    disposition("03", "SCREEN FAILURE", "2020-01-12"),
]
SUBJECTS = [subject("01"), subject("02", DTHDTC="2020-05", DTHFL="Y", BRTHDTC="1960"), subject("03"), subject("04")]


def column(frame, name):
    values = frame[name]
    if values.dtype.kind == "M":
        values = values.dt.strftime("%FT%T").str.removesuffix("T00:00:00")
    return [None if pd.isna(value) else value for value in values]


@pytest.fixture
def adsl(study):
    frames, _ = study({"adsl.yaml": ADSL}, {"EX": EX, "DS": DS}, SUBJECTS)
    return frames["ADSL"]


SUBJECT_LEVEL = {
    "TRT01P": ["A"] * 4,
    "TRT01A": ["B"] * 4,
    "TRTSDT": ["2020-01-06", "2020-01-10", None, "2020-01-06"],
    "TRTEDT": ["2020-03-01", None, None, None],  # the end of the placebo is a partial date
    "TRTSDTM": ["2020-01-06T08:30:00", None, None, None],
    "TRTEDTM": ["2020-03-01T20:15:00", None, None, None],
    "TRTDURD": [56, None, None, None],  # 26 days of January, 29 of February, 1 of March
    "TRTDURM": [1.83983572895277, None, None, None],
    "TRTDURY": [0.153319644079398, None, None, None],
    "AAGE": [59, None, None, 59],  # 60 on 2 March 2020; a birth year only is no age
    "SAFFL": ["Y", "Y", "N", "Y"],  # no amount, no dose
    "RANDFL": ["Y", "Y", "N", "N"],
    "ITTFL": ["Y", "Y", "N", "N"],
    "COMPLFL": ["Y", "N", "N", "N"],
    "RFICDT": ["2019-12-20"] * 4,
    "RANDDT": ["2020-01-02", "2020-01-03", None, None],
    "EOSDT": ["2020-03-10", "2020-02-01", None, None],
    "EOSSTT": ["COMPLETED", "DISCONTINUED", "", ""],
    "DCSREAS": ["", "OTHER", "", ""],
    "DCSREASP": ["", "Moved to another city", "", ""],
    "DTHDT": [None, None, None, None],  # a partial date is not imputed unless the study says how
    "DTHDTF": ["", "", "", ""],
    "DTHFL": ["", "Y", "", ""],
}


def test_subject_level(adsl):
    assert {name: column(adsl, name) for name in SUBJECT_LEVEL} == SUBJECT_LEVEL


def test_two_disposition_events_are_an_error_that_asks_for_one_of_them(study):
    more = [*DS, disposition("01", "ADVERSE EVENT", "2020-02-01")]
    _, findings = study({"adsl.yaml": ADSL}, {"EX": EX, "DS": more}, SUBJECTS)
    assert {(each.variable, each.severity) for each in findings if "Several records match" in each.message} >= {("EOSSTT", "error")}


def pulse(value, day, visit):
    return {
        "USUBJID": "01", "VSTESTCD": "PULSE", "VSTEST": "Pulse", "VSORRES": str(value), "VSSTRESC": "LOST" if value is None else str(value),
        "VSSTRESN": value, "VSDTC": day, "VISIT": visit,
    }  # fmt: skip


VS = [
    pulse(80, "2020-01-01", "DAY 1"),
    pulse(50, "2020-01-06", "DAY 1"),  # day of the first dose: the baseline
    pulse(100, "2020-01-20T10:30", "DAY 15"),
    pulse(40, "2020-02-01", "DAY 30"),
    pulse(None, "2020-02-15", "DAY 45"),
    pulse(120, "2020-03-05", "DAY 60"),  # four days after the last dose
    pulse(90, "2020-03", "DAY 90"),  # a partial date
]


@pytest.fixture
def advs(study):
    frames, _ = study({"adsl.yaml": ADSL, "advs.yaml": ADVS}, {"EX": EX, "DS": DS, "VS": VS}, SUBJECTS)
    return frames["ADVS"].sort_values("AVISIT", kind="stable").sort_values("ADT", kind="stable", na_position="last")


FINDINGS = {
    "TRTP": ["A"] * 7,
    "ADT": ["2020-01-01", "2020-01-06", "2020-01-20", "2020-02-01", "2020-02-15", "2020-03-05", None],
    "ADTF": [""] * 7,
    "ADTM": [None, None, "2020-01-20T10:30:00", None, None, None, None],
    "ATMF": [""] * 7,
    "ADY": [-5, 1, 15, 27, 41, 60, None],
    "AVALC": ["", "", "", "", "LOST", "", ""],
    "ABLFL": ["", "Y", "", "", "", "", ""],
    "ABLFN": [None, 1, None, None, None, None, None],
    "BASE": [50] * 7,
    "BASEC": [""] * 7,
    "CHG": [30, 0, 50, -10, None, 70, 40],
    "PCHG": [60, 0, 100, -20, None, 140, 80],
    "BCHG": [-30, 0, -50, 10, None, -70, -40],
    "PBCHG": [-37.5, 0, -50, 25, None, -58.3333333333333, -44.4444444444444],
    "R2BASE": [1.6, 1, 2, 0.8, None, 2.4, 1.8],
    "R2A1LO": [1.6, 1, 2, 0.8, None, 2.4, 1.8],
    "R2A1HI": [0.8, 0.5, 1, 0.4, None, 1.2, 0.9],
    "A1IND": ["NORMAL", "NORMAL", "NORMAL", "LOW", "", "HIGH", "NORMAL"],
    "B1IND": ["NORMAL"] * 7,
    "ONTRTFL": ["", "Y", "Y", "Y", "Y", "", ""],
    "ONTRTFN": [None, 1, 1, 1, 1, None, None],
    "LVOTFL": ["", "", "", "Y", "", "", ""],  # the later one on treatment has no value
    "ANL01FL": ["", "Y", "Y", "Y", "", "Y", "Y"],
    "ANL01FN": [None, 1, 1, 1, None, 1, 1],
    "CRIT1FN": [1, 0, 1, 0, None, 1, 1],
    "ASEQ": [2, 3, 4, 5, 6, 7, 1],  # a missing date is first, as in SAS
}


def test_findings(advs):
    assert {name: column(advs, name) for name in FINDINGS} == FINDINGS


def test_an_argument_of_a_flag_opens_the_window(study):
    more = ADVS.replace("  ONTRTFL, ONTRTFN", "  ONTRTFL: {standard: {days_after: 4}}\n  ONTRTFN")
    frames, _ = study({"adsl.yaml": ADSL, "advs.yaml": more}, {"EX": EX, "DS": DS, "VS": VS}, SUBJECTS)
    assert frames["ADVS"].set_index("AVISIT")["ONTRTFL"].to_dict() == {
        "DAY 1": "Y", "DAY 15": "Y", "DAY 30": "Y", "DAY 45": "Y", "DAY 60": "Y", "DAY 90": "",
    }  # fmt: skip


def event(term, body, severity, start, end="", number="01"):
    return {
        "USUBJID": number, "AETERM": term, "AEDECOD": term, "AEBODSYS": body, "AESEV": severity, "AEREL": "POSSIBLE", "AETOXGR": "2",
        "AESTDTC": start, "AEENDTC": end,
    }  # fmt: skip


AE = [
    event("HEADACHE", "NERVOUS", "SEVERE", "2020-01-05", "2020-01-05"),  # over before the first dose of 2020-01-06
    event("HEADACHE", "NERVOUS", "MILD", "2020-01-06", "2020-01-08T10"),
    event("DIZZINESS", "NERVOUS", "MODERATE", "2020-01-20T11:45", "2020-02"),
    event("HEADACHE", "NERVOUS", "MODERATE", "2020-02", ""),
    event("", "SKIN", "", "", ""),  # neither coded nor graded nor dated
    event("RASH", "SKIN", "MILD", "2020-09-01", "2020-09-02"),
]
ADAE = OCCURRENCES.format(name="ADAE", domain="AE", subclass="subclass: ADVERSE EVENT") + (
    "  TRTEMFL, PREFL, ONTRTFL, FUPFL, ASEV, ASEVN, AREL, ATOXGR, ATOXGRN: STANDARD\n"
    "  AOCCFL, AOCCPFL, AOCCSFL, AOCCIFL, AOCCPIFL, AOCCSIFL: STANDARD\n"
)


@pytest.fixture
def adae(study):
    frames, _ = study({"adsl.yaml": ADSL, "adae.yaml": ADAE}, {"EX": EX, "DS": DS, "AE": AE}, SUBJECTS)
    return frames["ADAE"]


ADVERSE_EVENTS = {
    "ASTDT": ["2020-01-05", "2020-01-06", "2020-01-20", "2020-02-01", None, "2020-09-01"],
    "ASTDTF": ["", "", "", "D", "", ""],
    "ASTDTM": ["2020-01-05", "2020-01-06", "2020-01-20T11:45:00", "2020-02-01", None, "2020-09-01"],
    "ASTTMF": ["H", "H", "", "H", "", "H"],
    "AENDT": ["2020-01-05", "2020-01-08", "2020-02-29", None, None, "2020-09-02"],
    "AENDTF": ["", "", "D", "", "", ""],
    "AENDTM": ["2020-01-05T23:59:59", "2020-01-08T10:59:59", "2020-02-29T23:59:59", None, None, "2020-09-02T23:59:59"],
    "AENTMF": ["H", "M", "H", "", "", "H"],
    "ASTDY": [-1, 1, 15, 27, None, 240],
    "AENDY": [-1, 3, 55, None, None, 241],
    "ADURN": [1, 3, 41, None, None, 2],
    "ADURU": ["DAYS", "DAYS", "DAYS", "", "", "DAYS"],
    "ASEQ": [1, 2, 3, 4, 5, 6],
    "TRTEMFL": ["", "Y", "Y", "Y", "Y", "Y"],
    "PREFL": ["Y", "", "", "", "", ""],
    "ONTRTFL": ["", "Y", "Y", "Y", "Y", ""],
    "FUPFL": ["", "", "", "", "", "Y"],
    "ASEV": ["SEVERE", "MILD", "MODERATE", "MODERATE", "", "MILD"],
    "ASEVN": [3, 1, 2, 2, None, 1],
    "AREL": ["POSSIBLE"] * 6,
    "ATOXGRN": [2] * 6,
    "AOCCFL": ["", "Y", "", "", "", ""],
    "AOCCPFL": ["", "Y", "Y", "", "", "Y"],
    "AOCCSFL": ["", "Y", "", "", "", "Y"],
    "AOCCIFL": ["", "", "Y", "", "", ""],
    "AOCCPIFL": ["", "", "Y", "Y", "", "Y"],
    "AOCCSIFL": ["", "", "Y", "", "", "Y"],
}


def test_adverse_events(adae):
    assert {name: column(adae, name) for name in ADVERSE_EVENTS} == ADVERSE_EVENTS


def test_other_occurrences_have_first_occurrences_of_all_records(study):
    rows = [{key.replace("AE", "MH"): value for key, value in row.items()} for row in AE]
    admh = OCCURRENCES.format(name="ADMH", domain="MH", subclass="") + "  ONTRTFL, PREFL, FUPFL, AOCCFL, AOCCPFL, AOCCSFL: STANDARD\n"
    frames, _ = study({"adsl.yaml": ADSL, "admh.yaml": admh}, {"EX": EX, "DS": DS, "MH": rows}, SUBJECTS)
    found = frames["ADMH"]
    assert column(found, "AOCCFL") == ["Y", "", "", "", "", ""]
    assert column(found, "AOCCPFL") == ["Y", "", "Y", "", "", "Y"]
    assert column(found, "AOCCSFL") == ["Y", "", "", "", "", "Y"]


HERE = sorted(Path(__file__).parent.glob("test_*_of_the_standard.py"))
"""The files that name every formula."""


def test_every_formula_is_tested_here():
    content, _ = load(Path(__file__).parents[2] / "specs" / "adamig" / "formulas.yaml")
    assert content is not None
    layer = content["formulas"]
    blocks = [layer, *(block for name, block in layer.items() if " " in name)]
    named = set(re.findall(r"\b[A-Z][A-Z0-9]+\b", "".join(path.read_text(encoding="utf-8") for path in HERE)))
    missing = [name for block in blocks for name in block if " " not in name and not any(digits_of(name, each) is not None for each in named)]
    assert missing == []
