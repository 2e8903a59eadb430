"""The good study that every bad input is made from: eight subjects, three datasets, six source domains of real-looking content."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

Rows = list[dict[str, Any]]

STUDY = """\
language: 1
study: TRIAL1
extends: adamig
label: A made-up trial of a blood pressure drug
ids: [TRIAL1]
standards: [ADaMIG 1.3, ADaM OCCDS 1.1, SDTM CT 2022-09-30, ADaM CT 2022-03-25]
as_of: 2024-06-30
datasets: [ADSL, ADVS, ADAE]

constants:
  FUPDAYS: 30
  RELATED: [POSSIBLE, PROBABLE]
treatments: {Placebo: 1, Active: 2}

windows:
  VITALS:
    Baseline: {number: 0, target: 1, high: 1}
    Week 2: {number: 2, target: 15, low: 2, high: 22}
    Week 4: {number: 4, target: 29, low: 23, high: 43}

sources:
  EX: {variables: {STDT: date(EXSTDTC), ENDT: date(EXENDTC)}}
"""
CODELISTS = """\
codelists:
  AGEGR1: {terms: {<65: 1, ">=65": 2}}
  AVALCAT1: {terms: [Normal, Elevated, High]}
  AEREL: {terms: [NONE, POSSIBLE, PROBABLE]}
"""
ADSL = """\
dataset: ADSL
class: SUBJECT LEVEL ANALYSIS DATASET
label: Subject-Level Analysis Dataset
key: [STUDYID, USUBJID]
records: {from: DM}

variables:
  STUDYID, USUBJID, SUBJID, SITEID, AGE, AGEU: DM
  AGEGR1: {cut: {of: AGE, at: [65], terms: [<65, ">=65"]}}
  AGEGR1N: codelist_number(AGEGR1)
  SEX, RACE, ARM: DM
  STRAT1: {label: Stratum of Randomization, length: 10, value: DM.STRAT1}
  SAFFL: {flag_yn: not missing(TRTSDT)}
  TRT01P: {codelist: TRT, recode: {of: DM.ARM, map: {PLACEBO: Placebo, ACTIVE 10 MG: Active}}}
  TRT01PN: codelist_number(TRT01P)
  TRT01A: {codelist: TRT, value: TRT01P}
  TRTSDT: {first: EX.STDT}
  TRTEDT: {last: EX.ENDT}
  TRTDURD: TRTEDT - TRTSDT + 1
  DOSECUM: {label: Cumulative Dose (mg), type: float, sum: {of: EX.EXDOSE}}
  HEIGHTBL: {label: Baseline Height (cm), type: float, single: {of: VS.VSSTRESN, where: VS.VSTESTCD == "HEIGHT"}}
  SBPBL:
    label: Baseline Systolic Pressure
    type: integer
    single: {of: ADVS.SYSBP.AVAL, where: ADVS.SYSBP.ABLFL == "Y"}
  DISREAS:
    label: Reason the Subject Left the Study
    length: 40
    case:
      - {when: DCDECOD == "COMPLETED", term: ""}
      - {when: DCDECOD == "ADVERSE EVENT", term: Adverse Event}
      - {term: Other}

temporary:
  DCDECOD: {single: {of: DS.DSDECOD, where: DS.DSCAT == "DISPOSITION EVENT"}}

checks:
  SL-1: {ordered: [TRTSDT, TRTEDT]}
  SL-2: {equivalent: [SAFFL == "Y", TRT01A != ""]}
"""
ADVS = """\
dataset: ADVS
class: BASIC DATA STRUCTURE
label: Vital Signs Analysis Dataset
key: [STUDYID, USUBJID, PARAMCD, AVISITN, ADT, DTYPE]
subjects: ADSL.SAFFL == "Y"
windows: {use: VITALS, date: ADT, reference: TRTSDT}
criteria: {where: ADT > TRTSDT}
copy: [ADT, SRCDOM, SRCVAR, SRCSEQ]

parameters:
  SYSBP:
    number: 1
    label: Systolic Blood Pressure (mmHg)
    records: {from: VS, where: SRC.TESTCD == "SYSBP"}
    range: [60, 260]
    criteria: {1: {text: Fall of at least 10 mmHg, when: CHG <= -10}}
    add: {locf: {visits: [2, 4], where: ANL01FL == "Y", dtype: LOCF}}
  DIABP:
    number: 2
    label: Diastolic Blood Pressure (mmHg)
    records: {from: VS, where: SRC.TESTCD == "DIABP"}
    range: [30, 160]
  PULSEP:
    number: 3
    label: Pulse Pressure (mmHg)
    records: {computed: {value: SYSBP - DIABP, by: [AVISIT, VISITNUM], where: ANL01FL == "Y"}}

variables:
  STUDYID, USUBJID: ADSL
  TRTA: {codelist: TRT, value: ADSL.TRT01A}
  PARAM, PARAMCD, PARAMN: PARAMETER
  AVISIT, AVISITN: WINDOW
  VISITNUM: SRC
  ADT: date(SRC.DTC)
  ADY: {study_day: {date: ADT, reference: TRTSDT}}
  AVAL: PARAMETER
  AVALCAT1:
    label: Analysis Value Category 1
    where: PARAMCD == "SYSBP"
    cut: {of: AVAL, at: [120, 140], terms: [Normal, Elevated, High]}
  ABLFL: {flag_last: {where: ADT <= TRTSDT and not missing(AVAL), within: [PARAMCD], order: [ADT]}}
  BASE: {single: {of: AVAL, where: ABLFL == "Y", within: [PARAMCD]}}
  CHG: {where: ADT > TRTSDT, value: AVAL - BASE}
  PCHG: {where: ADT > TRTSDT, value: (AVAL - BASE) / BASE * 100}
  CRIT1, CRIT1FL, DTYPE: PARAMETER
  ANL01FL:
    flag_first:
      where: AVISIT != "" and not missing(AVAL) and DTYPE == "" and (AVISITN > 0 or ABLFL == "Y")
      within: [PARAMCD, AVISITN]
      order: [AWTDIFF, desc(ADT)]
  AWTARGET, AWTDIFF: WINDOW
  SRCDOM, SRCVAR, SRCSEQ: PARAMETER
  TRTSDT: ADSL

checks:
  VS-1: {at_most_one: {flag: ABLFL, within: [PARAMCD]}}
  VS-2: {one_to_one: [PARAMCD, PARAM, PARAMN]}
"""
ADAE = """\
dataset: ADAE
class: OCCURRENCE DATA STRUCTURE
subclass: ADVERSE EVENT
label: Adverse Events Analysis Dataset
key: [STUDYID, USUBJID, AESEQ]
records: {from: AE}

variables:
  STUDYID, USUBJID: ADSL
  AESEQ, AETERM, AEDECOD, AEBODSYS, AESTDTC, AEENDTC: AE
  ASTDT:
    imputed_date:
      dtc: AESTDTC
      day: {use: [TRTSDT], otherwise: first}
      month: {use: [TRTSDT], otherwise: first}
      not_after: last_date(AEENDTC)
  ASTDTF: {date_imputation_flag: {dtc: AESTDTC, date: ASTDT}}
  AENDT: {imputed_date: {dtc: AEENDTC, day: {otherwise: last}}}
  AENDTF: {date_imputation_flag: {dtc: AEENDTC, date: AENDT}}
  ASTDY: {study_day: {date: ASTDT, reference: TRTSDT}}
  TRTA: {codelist: TRT, value: ADSL.TRT01A}
  TRTEMFL:
    treatment_emergent: {start: ASTDT, end: AENDT, first_dose: TRTSDT, last_dose: ADSL.TRTEDT, days_after: STUDY.FUPDAYS}
  AESER, AESEV: AE
  AEREL: AE
  RELFL: {label: Related Event Flag, codelist: NY, flag_yn: AEREL in STUDY.RELATED}
  AELOC: {label: Location of the Event, length: 20, value: AE.AESITE}
  AOCCFL: {flag_first: {where: TRTEMFL == "Y", order: [ASTDT, AESEQ]}}
  TRTSDT: ADSL

checks:
  AE-1: {ordered: [ASTDT, AENDT]}
  AE-2: {same_records: {as: AE, key: [STUDYID, USUBJID, AESEQ]}}
"""
SPECS = {"study": STUDY, "codelists": CODELISTS, "adsl": ADSL, "advs": ADVS, "adae": ADAE}
FORMATS = {"DM": "xpt", "SUPPDM": "csv", "EX": "csv", "VS": "csv", "AE": "json", "SUPPAE": "csv", "DS": "parquet"}
FIRST = date(2024, 1, 8)
SYSTOLIC = ((150, 142, 131), (128, 127, 126), (161, 150, 139), (119, 121, None), (144, 140, 129), (137, 138, 133), (155, 149, 120), (133, None, 122))


@dataclass
class Inputs:
    """What a command is given: the text of the specification, the source domains with their formats, then files ready to be written.

    `specs` and `sdtm` are filled by `files` and win over `texts` and `tables`; `options` and `environment` are added to the command's.
    """

    texts: dict[str, str]
    tables: dict[str, Rows]
    formats: dict[str, str]
    specs: dict[str, bytes] = field(default_factory=dict)
    sdtm: dict[str, bytes] = field(default_factory=dict)
    options: list[str] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)


def good() -> Inputs:
    """The good study, to be spoilt."""
    return Inputs(dict(SPECS), tables(), dict(FORMATS))


def _day(start: date, days: int) -> str:
    return (start + timedelta(days)).isoformat()


def tables() -> dict[str, Rows]:
    """The source domains as rows."""
    found: dict[str, Rows] = {name: [] for name in FORMATS}
    for number, pressures in enumerate(SYSTOLIC, 1):
        subject = {"STUDYID": "TRIAL1", "USUBJID": f"TRIAL1-{100 + number}"}
        start = FIRST + timedelta(3 * number)
        found["DM"].append(_demography(number, subject, start))
        found["SUPPDM"].append(
            {"STUDYID": "TRIAL1", "RDOMAIN": "DM", "USUBJID": subject["USUBJID"], "IDVAR": "", "IDVARVAL": ""}
            | {"QNAM": "STRAT1", "QLABEL": "Stratum", "QVAL": "LOW" if number % 2 else "HIGH", "QORIG": "CRF"}
        )
        found["EX"] += _exposure(number, subject, start)
        found["VS"] += _vital_signs(number, subject, start, pressures)
        events = _events(number, subject, start)
        found["AE"] += events
        found["SUPPAE"] += [
            {"STUDYID": "TRIAL1", "RDOMAIN": "AE", "USUBJID": subject["USUBJID"], "IDVAR": "AESEQ", "IDVARVAL": str(event["AESEQ"])}
            | {"QNAM": "AESITE", "QLABEL": "Location", "QVAL": "ARM", "QORIG": "CRF"}
            for event in events[:1]
        ]
        found["DS"].append(
            {"STUDYID": "TRIAL1", "DOMAIN": "DS", "USUBJID": subject["USUBJID"], "DSSEQ": 1, "DSTERM": "COMPLETED"}
            | {"DSDECOD": "ADVERSE EVENT" if number == 4 else "COMPLETED", "DSCAT": "DISPOSITION EVENT", "DSSTDTC": _day(start, 30)}
        )
    return found


def _demography(number: int, subject: dict[str, Any], start: date) -> dict[str, Any]:
    return subject | {
        "DOMAIN": "DM", "SUBJID": str(100 + number), "SITEID": f"0{number % 3 + 1}", "RFSTDTC": start.isoformat(), "AGE": 41 + 5 * number,
        "AGEU": "YEARS", "SEX": "FM"[number % 2], "RACE": ("WHITE", "ASIAN", "BLACK OR AFRICAN AMERICAN")[number % 3],
        "ARM": ("PLACEBO", "ACTIVE 10 MG")[number % 2],
    }  # fmt: skip


def _exposure(number: int, subject: dict[str, Any], start: date) -> Rows:
    treatment = {"DOMAIN": "EX", "EXTRT": ("PLACEBO", "ACTIVE")[number % 2], "EXDOSE": 10 * (number % 2), "EXDOSU": "mg"}
    return [subject | treatment | {"EXSEQ": part + 1, "EXSTDTC": _day(start, 14 * part), "EXENDTC": _day(start, 14 * part + 13)} for part in range(2)]


def _vital_signs(number: int, subject: dict[str, Any], start: date, pressures: tuple[int | None, ...]) -> Rows:
    rows: Rows = []
    measured = [("HEIGHT", 1, 0, 158 + 3.5 * number, "cm")]
    for visit, (pressure, day) in enumerate(zip(pressures, (0, 14, 29), strict=True), 1):
        if pressure is not None:
            measured += [("SYSBP", visit, day, pressure, "mmHg"), ("DIABP", visit, day, 70 + (pressure + number) % 23, "mmHg")]
    for sequence, (code, visit, day, value, unit) in enumerate(measured, 1):
        rows.append(
            subject
            | {"DOMAIN": "VS", "VSSEQ": sequence, "VSTESTCD": code, "VSORRES": str(value), "VSORRESU": unit, "VSSTRESC": str(value)}
            | {"VSSTRESN": value, "VSSTRESU": unit, "VSSTAT": "", "VISITNUM": visit, "VISIT": f"VISIT {visit}", "VSDTC": _day(start, day)}
        )
    return rows


def _events(number: int, subject: dict[str, Any], start: date) -> Rows:
    terms = (("HEADACHE", "Headache", "Nervous system disorders"), ("Dizzy, \"faint\"", "Dizziness", "Nervous system disorders"),
             ("RASH", "Rash", "Skin and subcutaneous tissue disorders"))  # fmt: skip
    dates = ((_day(start, 2), _day(start, 5)), (_day(start, 10)[:7], ""), (_day(start, -3), _day(start, 20)[:7]))
    return [
        subject
        | {"DOMAIN": "AE", "AESEQ": sequence, "AETERM": term, "AEDECOD": decoded, "AEBODSYS": system, "AESTDTC": begin, "AEENDTC": end}
        | {"AESER": "N", "AESEV": ("MILD", "MODERATE", "SEVERE")[(number + sequence) % 3], "AEREL": ("NONE", "POSSIBLE")[sequence % 2]}
        for sequence, ((term, decoded, system), (begin, end)) in enumerate(zip(terms, dates, strict=True), 1)
        if (number + sequence) % 3
    ]
