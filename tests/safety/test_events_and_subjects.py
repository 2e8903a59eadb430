"""Adverse events, medication, deaths and times to an event on the layer, with values worked out by hand."""

import pandas as pd

ADSL = """
dataset: ADSL
class: SUBJECT LEVEL ANALYSIS DATASET
label: Subject-Level Analysis Dataset
records: {from: DM}
variables:
  STUDYID, USUBJID: DM
  TRTSDT, TRTEDT, RANDDT, EOSDT, EOSSTT, DTHADY, LDDTHELD, DTH30FL, DTHA30FL, DTHB30FL, DTHCAUS, LSTALVDT: STANDARD
  DTHDT: STANDARD
"""
ADAE = """
dataset: ADAE
class: OCCURRENCE DATA STRUCTURE
subclass: ADVERSE EVENT
label: Adverse Event Analysis Dataset
key: [STUDYID, USUBJID, AESEQ]
records: {from: AE}
variables:
  STUDYID, USUBJID: ADSL
  AESEQ, AEDECOD, AESER: AE
  ASTDT, AENDT, TRTEMFL, ARELN, RELGR1: STANDARD
  AREL: {codelist: CAUSALITY, value: STANDARD}
"""
ADCM = """
dataset: ADCM
class: OCCURRENCE DATA STRUCTURE
label: Concomitant Medications Analysis Dataset
key: [STUDYID, USUBJID, CMSEQ]
records: {from: CM}
variables:
  STUDYID, USUBJID: ADSL
  CMSEQ, CMDECOD: CM
  CMREFID: {length: 8, value: CM.CMREFID}
  ASTDT, AENDT, PREFL, FUPFL, AOCCPFL, ATC1CD, ATC2CD, ATC3CD, ATC4CD, ATC5CD: STANDARD
  ONTRTFL: {standard: {ongoing: true}}
  ATC1: {single: {of: FA.FASTRESC, where: FA.FATESTCD == "CMATC1" and FA.FAREFID == CMREFID}}
"""
ADTTE = """
dataset: ADTTE
class: BASIC DATA STRUCTURE
subclass: TIME-TO-EVENT
label: Time-to-Event Analysis Dataset
key: [STUDYID, USUBJID, PARAMCD]
parameters:
  OS: {label: Overall Survival, records: {time_to_event: {start: ADSL.RANDDT, events: [death], censors: [last_alive, randomization]}}}
  TTAE:
    label: Time to First Treatment-Emergent Adverse Event
    records: {time_to_event: {start: ADSL.TRTSDT, events: [treatment_emergent_event], censors: [end_of_treatment]}}
  TTSAE:
    label: Time to First Serious Treatment-Emergent Adverse Event
    records: {time_to_event: {start: ADSL.TRTSDT, events: [serious_event], censors: [end_of_study]}}
  TTDC:
    label: Time to Discontinuation
    records: {time_to_event: {start: ADSL.RANDDT, events: [discontinuation], censors: [end_of_study]}}
variables:
  STUDYID, USUBJID: ADSL
  PARAMCD, PARAM, AVAL, STARTDT, ADT, CNSR, EVNTDESC, CNSDTDSC: PARAMETER
"""
SUBJECTS = [{"USUBJID": "01", "DTHDTC": "2020-03-20"}, {"USUBJID": "02", "DTHDTC": ""}, {"USUBJID": "03", "DTHDTC": "2020-01-25"}]


def rows(names, *values):
    return [dict(zip(names.split(), each, strict=True)) for each in values]


DOMAINS = {
    "EX": rows(
        "USUBJID EXTRT EXDOSE EXSTDTC EXENDTC",
        ("01", "DRUG", 10, "2020-01-10", "2020-02-10"),
        ("02", "DRUG", 10, "2020-01-12", "2020-02-12"),
        ("03", "DRUG", 10, "2020-01-14", "2020-01-14"),
    ),
    "DS": rows(
        "USUBJID DSTERM DSDECOD DSCAT DSSTDTC",
        *((number, "RANDOMIZED", "RANDOMIZED", "PROTOCOL MILESTONE", "2020-01-09") for number in ("01", "02", "03")),
        ("01", "DEATH", "DEATH", "DISPOSITION EVENT", "2020-03-20"),
        ("02", "COMPLETED", "COMPLETED", "DISPOSITION EVENT", "2020-02-15"),
        ("03", "DEATH", "DEATH", "DISPOSITION EVENT", "2020-01-25"),
    ),
    "AE": rows(
        "USUBJID AEDECOD AESER AEREL AEOUT AESTDTC AEENDTC",
        ("01", "NAUSEA", "N", "UNLIKELY RELATED", "RECOVERED/RESOLVED", "2020-01-05", "2020-01-08"),  # before the first dose
        ("01", "RASH", "N", "POSSIBLY RELATED", "RECOVERED/RESOLVED", "2020-01-20", "2020-02"),
        ("01", "STROKE", "Y", "", "FATAL", "2020-03-01", "2020-03-20"),
        ("03", "SEPSIS", "Y", "NOT RELATED", "FATAL", "2020-01-15", "2020-01-25"),
    ),
    "LB": rows("USUBJID LBTESTCD LBSTRESN LBSTRESC LBDTC", ("02", "ALT", 20, "20", "2020-02-20"), ("02", "ALT", 20, "20", "2020-03")),
    "VS": rows("USUBJID VSTESTCD VSSTRESN VSSTRESC VSDTC", ("02", "PULSE", 70, "70", "2020-02-14")),
    "CM": rows(
        "USUBJID CMTRT CMDECOD CMCLASCD CMREFID CMSTDTC CMENDTC",
        ("01", "Glucophage", "METFORMIN", "A10BA02", "1", "2019-05-01", ""),  # before, and goes on
        ("01", "Aspirin", "ACETYLSALICYLIC ACID", "N02B", "2", "2019-12-01", "2019-12-24"),  # before, and ended
        ("01", "Metformin", "METFORMIN", "A", "3", "2020-01-15", "2020-01-20"),
        ("01", "Cream", "", "", "4", "2020-02-11", ""),  # a day after the last dose
    ),
    "FA": rows("USUBJID FATESTCD FAREFID FASTRESC", ("01", "CMATC1", "1", "ALIMENTARY TRACT"), ("01", "CMATC2", "1", "DRUGS USED IN DIABETES")),
}


def column(frame, name):
    values = frame[name]
    values = values.dt.strftime("%F") if values.dtype.kind == "M" else values
    return [None if pd.isna(value) else value for value in values]


def found(study, file, text, name):
    frames, findings = study({"adsl.yaml": ADSL, "adae.yaml": ADAE, file: text}, DOMAINS, SUBJECTS)
    assert not [each for each in findings if each.severity == "error"]
    return frames[name]


def test_subjects(study):
    expected = {
        "DTHDT": ["2020-03-20", None, "2020-01-25"],
        "DTHADY": [71, None, 12],  # 10 January is day 1: 22 days of January, 29 of February, 20 of March
        "LDDTHELD": [39, None, 11],
        "DTH30FL": ["", "", "Y"],
        "DTHA30FL": ["Y", "", ""],
        "DTHB30FL": ["", "", "Y"],
        "DTHCAUS": ["STROKE", "", "SEPSIS"],
        "LSTALVDT": ["2020-03-20", "2020-02-20", "2020-01-25"],  # a month is not a date
    }
    adsl = found(study, "adsl.yaml", ADSL, "ADSL")
    assert {name: column(adsl, name) for name in expected} == expected


def test_causality(study):
    adae = found(study, "adsl.yaml", ADSL, "ADAE")
    assert column(adae, "ARELN") == [2, 3, None, 1]
    assert column(adae, "RELGR1") == ["NOT RELATED", "RELATED", "RELATED", "NOT RELATED"]


def test_medication(study):
    expected = {
        "PREFL": ["Y", "Y", "", ""],
        "ONTRTFL": ["Y", "", "Y", ""],
        "FUPFL": ["", "", "", "Y"],
        "AOCCPFL": ["Y", "Y", "", ""],
        "ATC1CD": ["A", "N", "A", ""],
        "ATC2CD": ["A10", "N02", "", ""],
        "ATC3CD": ["A10B", "N02B", "", ""],
        "ATC4CD": ["A10BA", "", "", ""],
        "ATC5CD": ["A10BA02", "", "", ""],
        "ATC1": ["ALIMENTARY TRACT", "", "", ""],
    }
    adcm = found(study, "adcm.yaml", ADCM, "ADCM")
    assert {name: column(adcm, name) for name in expected} == expected


def test_times_to_an_event(study):
    adtte = found(study, "adtte.yaml", ADTTE, "ADTTE").set_index("PARAMCD")
    expected = {
        "OS": [72, 43, 17],  # from 9 January, both days included
        "TTAE": [11, 32, 2],
        "TTSAE": [52, 35, 2],
        "TTDC": [72, 38, 17],
    }
    assert {name: column(adtte.loc[name], "AVAL") for name in expected} == expected
    assert {name: column(adtte.loc[name], "CNSR") for name in expected} == {"OS": [0, 1, 0], "TTAE": [0, 1, 0], "TTSAE": [0, 1, 0], "TTDC": [0, 1, 0]}
    assert column(adtte.loc["OS"], "EVNTDESC") == ["Death", "Alive", "Death"]
    assert column(adtte.loc["TTAE"], "ADT") == ["2020-01-20", "2020-02-12", "2020-01-15"]
