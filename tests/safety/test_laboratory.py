"""Laboratory results of the layer: ranges, ratios, shifts and grades, with values worked out by hand."""

import pytest

ADLB = """
dataset: ADLB
class: BASIC DATA STRUCTURE
label: Laboratory Analysis Dataset
key: [STUDYID, USUBJID, PARAMCD, ADT]
parameters:
  ALT: {label: Alanine Aminotransferase (U/L), records: {from: LB, where: SRC.TESTCD == "ALT"}}
  HGB: {label: Hemoglobin (g/L), records: {from: LB, where: SRC.TESTCD == "HGB"}}
variables:
  STUDYID, USUBJID: ADSL
  PARAMCD, PARAM, AVAL: PARAMETER
  ADT: STANDARD
  ABLFL, BASE, ANRLO, ANRHI, ANRIND, BNRIND, R2ANRLO, R2ANRHI, SHIFT1: STANDARD
"""
ROWS = [  # test, value, lower limit, upper limit, day
    ("ALT", 40, "", 40, "2019-12-30"),
    ("ALT", 50, "", 40, "2020-02-01"),
    ("HGB", 99, 120, 160, "2019-12-30"),
    ("HGB", 150, 120, 160, "2020-02-01"),
]


def record(test, value, low, high, day, unit="", subject="01"):
    value_texts = {"LBSTRESN": value, "LBSTRESC": str(value), "LBSTRESU": unit, "LBSTNRLO": low, "LBSTNRHI": high}
    return {"USUBJID": subject, "LBTESTCD": test, **value_texts, "LBDTC": day}


@pytest.fixture
def ranges(study):
    frames, findings = study({"adlb.yaml": ADLB}, {"LB": [record(*row) for row in ROWS]})
    assert not [finding for finding in findings if finding.severity == "error"]
    return frames["ADLB"]


def test_ranges_and_shifts(ranges):
    assert ranges["ANRIND"].tolist() == ["NORMAL", "HIGH", "LOW", "NORMAL"]
    assert ranges["BNRIND"].tolist() == ["NORMAL", "NORMAL", "LOW", "LOW"]
    assert ranges["SHIFT1"].tolist() == ["NORMAL to NORMAL", "NORMAL to HIGH", "LOW to LOW", "LOW to NORMAL"]
    assert ranges["R2ANRHI"].tolist() == [1, 1.25, 0.61875, 0.9375]
    assert ranges["R2ANRLO"].tolist()[2:] == [0.825, 1.25]
    assert ranges["R2ANRLO"].isna().tolist()[:2] == [True, True]


KIDNEY = """
dataset: ADLB
class: BASIC DATA STRUCTURE
label: Laboratory Analysis Dataset
key: [STUDYID, USUBJID, PARAMCD, ADT]
parameters:
  CREAT: {label: Creatinine (umol/L), records: {from: LB, where: SRC.TESTCD == "CREAT"}}
  EGFR:
variables:
  STUDYID, USUBJID: ADSL
  PARAMCD, PARAM, AVAL: PARAMETER
  ADT: STANDARD
"""


def test_egfr_is_a_parameter_of_the_creatinine_records(study):
    rows = [record("CREAT", 90, "", "", "2020-01-01", "umol/L"), record("CREAT", 1, "", "", "2020-01-08", "mg/dL")]
    rows += [record("CREAT", 1, "", "", "2020-01-15", "mg/L")]
    frames, findings = study({"adlb.yaml": KIDNEY}, {"LB": rows})
    values = frames["ADLB"].query("PARAMCD == 'EGFR'")["AVAL"]
    # a man of 50: 142 * (90 / 88.42 / 0.9) ** -1.2 * 0.9938 ** 50 and 142 * (1 / 0.9) ** -1.2 * 0.9938 ** 50
    assert values.tolist()[:2] == pytest.approx([89.7633, 91.6915], abs=5e-5)
    assert values.isna().tolist()[2]
    assert any("The unit of creatinine must be umol/L or mg/dL" in finding.message for finding in findings if finding.severity == "error")


HEPATIC = """
dataset: ADLB
class: BASIC DATA STRUCTURE
label: Laboratory Analysis Dataset
key: [STUDYID, USUBJID, PARAMCD, ADT, LBSEQ]
parameters:
  HYSLAW: {WINDOW}
variables:
  STUDYID, USUBJID: ADSL
  LBSEQ: {label: Sequence Number, type: integer, value: SRC.SEQ}
  PARAMCD, PARAM, AVAL, AVALC: PARAMETER
  ADT: STANDARD
"""
WITHIN_14_DAYS = """
    variables:
      AVAL: {last: {where: 'LB.LBTESTCD == "BILI" and not missing(LB.LBSTRESN) and date(LB.LBDTC) >= ADT and date(LB.LBDTC) <= ADT + 14'}}
"""
LIVER = [  # upper limits: ALT and AST 40, bilirubin 20
    ("ALT", 121, "", 40, "2020-01-01"),  # above three upper limits; bilirubin of that day is 40: two of them
    ("AST", 120, "", 40, "2020-01-01"),  # three upper limits are not above
    ("BILI", 40, "", 20, "2020-01-01"),
    ("ALT", 200, "", 40, "2020-02-01"),  # bilirubin of that day is normal, but not that of 14 days later
    ("BILI", 19, "", 20, "2020-02-01"),
    ("BILI", 60, "", 20, "2020-02-15"),
    ("AST", 200, "", 40, "2020-03-01"),  # no bilirubin
    ("ALT", 200, "", "", "2020-04-01"),  # no limit, and bilirubin is 3 upper limits: unknown
    ("AST", "", "", 40, "2020-04-01"),  # no value: unknown
    ("BILI", 60, "", 20, "2020-04-01"),
    ("ALT", "", "", 40, "2020-05-01"),  # bilirubin is normal, so ALT does not matter
    ("BILI", 19, "", 20, "2020-05-01"),
    ("ALT", 200, "", 40, "2020-06-01"),  # bilirubin without a limit: unknown
    ("AST", 30, "", 40, "2020-06-01"),  # AST is normal, so bilirubin does not matter
    ("BILI", 60, "", "", "2020-06-01"),
]


UNKNOWN = ["", "", "N", "", "N"]


@pytest.mark.parametrize(("window", "expected"), [("", ["Y", "N", "N", "", *UNKNOWN]), (WITHIN_14_DAYS, ["Y", "N", "Y", "", *UNKNOWN])])
def test_hys_law(study, window, expected):
    frames, findings = study({"adlb.yaml": HEPATIC.replace("{WINDOW}", window)}, {"LB": [record(*row) for row in LIVER]})
    assert not [finding for finding in findings if finding.severity == "error"]
    cases = frames["ADLB"].sort_values("LBSEQ")
    assert cases["AVALC"].tolist() == expected
    assert cases["AVAL"].fillna(-1).tolist() == [{"Y": 1, "N": 0, "": -1}[text] for text in expected]


GRADES = """
dataset: ADLB
class: BASIC DATA STRUCTURE
label: Laboratory Analysis Dataset
key: [STUDYID, USUBJID, PARAMCD, ADT]
parameters:
  ALT: {label: Alanine Aminotransferase (U/L), records: {from: LB, where: SRC.TESTCD == "ALT"}}
  HGB: {label: Hemoglobin ({UNIT}), records: {from: LB, where: SRC.TESTCD == "HGB"}}
  K: {label: Potassium (mmol/L), records: {from: LB, where: SRC.TESTCD == "K"}}
  ANISO: {label: Anisocytes, records: {from: LB, where: SRC.TESTCD == "ANISO"}}
variables:
  STUDYID, USUBJID: ADSL
  PARAMCD, PARAM, AVAL: PARAMETER
  ADT: STANDARD
  ABLFL, BASE, ANRLO, ANRHI, ANRIND, BNRIND: STANDARD
  ATOXDSCL: {recode: {of: PARAMCD, map: {HGB: Anemia, K: Hypokalemia}, otherwise: ""}}
  ATOXDSCH: {recode: {of: PARAMCD, map: {HGB: Hemoglobin increased, K: Hyperkalemia, ALT: Alanine aminotransferase increased}, otherwise: ""}}
  ATOXGRL: {standard: {table: CTCAE_5, conditions: {otherwise: {OTHERWISE}}}}
  ATOXGRH: {standard: {table: CTCAE_5}}
  ATOXGR, BTOXGR, BTOXGRL, BTOXGRH, SHIFT2: STANDARD
"""
LABS = [
    ("ALT", 40, "", 40, "2019-12-30"),  # 0: normal
    ("ALT", 121, "", 40, "2020-02-01"),  # 2: above 3 upper limits
    ("ANISO", 1, "", "", "2020-02-01"),  # no term
    ("HGB", 99, 120, 160, "2019-12-30"),  # -2
    ("HGB", 181, 120, 160, "2020-02-01"),  # 2: more than 20 above the upper limit
    ("HGB", 130, 120, "", "2020-03-01"),  # low 0, high not known
    ("K", 4, 3.5, 5.1, "2019-12-30"),  # 0
    ("K", 3.4, 3.5, 5.1, "2020-02-01"),  # -1 without symptoms, -2 with
]


@pytest.mark.parametrize(("otherwise", "low"), [("true", "2"), ("false", "1")])
def test_grades_of_both_directions(study, otherwise, low):
    text = GRADES.replace("{UNIT}", "g/L").replace("{OTHERWISE}", otherwise)
    frames, findings = study({"adlb.yaml": text}, {"LB": [record(*row) for row in LABS]})
    assert not [finding for finding in findings if finding.severity == "error"]
    adlb = frames["ADLB"]
    assert adlb["ATOXGRL"].tolist() == ["", "", "", "2", "0", "0", "0", low]
    assert adlb["ATOXGRH"].tolist() == ["0", "2", "", "0", "2", "", "0", "0"]
    assert adlb["ATOXGR"].tolist() == ["0", "2", "", "-2", "2", "", "0", f"-{low}"]
    assert adlb["BTOXGR"].tolist() == ["0", "0", "", "-2", "-2", "-2", "0", "0"]
    assert adlb["SHIFT2"].tolist() == ["0 to 0", "0 to 2", "", "-2 to -2", "-2 to 2", "-2 to NULL", "0 to 0", f"0 to -{low}"]


def test_another_unit_than_that_of_the_criteria_is_an_error(study):
    text = GRADES.replace("{UNIT}", "mmol/L").replace("{OTHERWISE}", "true")
    frames, findings = study({"adlb.yaml": text}, {"LB": [record(*row) for row in LABS]})
    errors = [finding.message for finding in findings if finding.severity == "error"]
    assert any("The criteria of Anemia are in g/L, but the value has another unit" in message for message in errors)
    assert frames["ADLB"].query("PARAMCD == 'HGB'")["ATOXGRL"].tolist() == ["", "", ""]


def test_a_parameter_in_another_unit_can_be_left_out(study):
    text = GRADES.replace("{UNIT}", "mmol/L").replace("{OTHERWISE}", "true")
    text = text.replace("ATOXGRL: {", 'ATOXGRL: {where: PARAMCD != "HGB", ').replace("ATOXGRH: {", 'ATOXGRH: {where: PARAMCD != "HGB", ')
    frames, findings = study({"adlb.yaml": text}, {"LB": [record(*row) for row in LABS]})
    assert not [finding for finding in findings if finding.severity == "error"]
    assert frames["ADLB"]["ATOXGR"].tolist() == ["0", "2", "", "", "", "", "0", "-2"]
