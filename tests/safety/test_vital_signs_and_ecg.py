"""Computed vital signs and ECG parameters of the layer, with values worked out by hand."""

import pytest

ADVS = """
dataset: ADVS
class: BASIC DATA STRUCTURE
label: Vital Signs Analysis Dataset
key: [STUDYID, USUBJID, PARAMCD, ADT]
parameters:
  SYSBP: {label: Systolic Blood Pressure (mmHg), records: {from: VS, where: SRC.TESTCD == "SYSBP"}}
  DIABP: {label: Diastolic Blood Pressure (mmHg), records: {from: VS, where: SRC.TESTCD == "DIABP"}}
  WEIGHT: {label: Weight (kg), records: {from: VS, where: SRC.TESTCD == "WEIGHT"}}
  HEIGHT: {label: Height (cm), records: {from: VS, where: SRC.TESTCD == "HEIGHT"}}
  MAP:
  BMI:
  BSA: {records: {computed: {value: 'bsa(HEIGHT, WEIGHT, "DuBois-DuBois")'}}}
variables:
  STUDYID, USUBJID: ADSL
  PARAMCD, PARAM, AVAL, DTYPE: PARAMETER
  ADT: date(SRC.DTC)
  VISIT: SRC.VISIT
"""
ADEG = """
dataset: ADEG
class: BASIC DATA STRUCTURE
label: ECG Analysis Dataset
key: [STUDYID, USUBJID, PARAMCD, ADT]
parameters:
  HR: {label: Heart Rate (beats/min), records: {from: EG, where: SRC.TESTCD == "HR"}}
  QT: {label: QT Duration (ms), records: {from: EG, where: SRC.TESTCD == "QT"}}
  RR: {label: RR Duration (ms), records: {from: EG, where: SRC.TESTCD == "RR"}}
  RRR:
  QTCBR:
  QTCFR:
  QTLCR:
variables:
  STUDYID, USUBJID: ADSL
  PARAMCD, PARAM, AVAL, DTYPE: PARAMETER
  ADT: date(SRC.DTC)
  VISIT: SRC.VISIT
"""


def record(domain, test, value, day, visit):
    return {"USUBJID": "01", f"{domain}TESTCD": test, f"{domain}STRESN": value, f"{domain}STRESC": str(value), f"{domain}DTC": day, "VISIT": visit}


def values(frame, code):
    return frame.loc[frame["PARAMCD"] == code, "AVAL"].tolist()


def test_vital_signs(study):
    rows = [("HEIGHT", 170, "2020-01-01", "DAY 1"), ("WEIGHT", 75, "2020-01-01", "DAY 1"), ("WEIGHT", 72, "2020-01-08", "WEEK 1")]
    rows += [("SYSBP", 121, "2020-01-08", "WEEK 1"), ("DIABP", 80, "2020-01-08", "WEEK 1"), ("SYSBP", 121, "2020-01-09", "WEEK 1")]
    frames, findings = study({"advs.yaml": ADVS}, {"VS": [record("VS", *row) for row in rows]})
    advs = frames["ADVS"]
    assert values(advs, "MAP") == [93.6666666666667]  # (2 * 80 + 121) / 3; none on the day without a diastolic pressure
    assert values(advs, "BMI") == [25.9515570934256, 24.9134948096886]  # 75 / 2.89 and 72 / 2.89
    assert values(advs, "BSA") == pytest.approx([1.8635576, 1.8315050], abs=5e-8)  # 0.007184 * 170 ** 0.725 * 75 (72) ** 0.425
    assert not [finding for finding in findings if finding.severity == "error"]


def test_ecg(study):
    rows = [
        ("HR", 75, "2020-01-01", "DAY 1"),
        ("QT", 350, "2020-01-01", "DAY 1"),
        ("RR", 857, "2020-01-01", "DAY 1"),
        ("QT", 350, "2020-01-08", "WEEK 1"),
    ]
    frames, findings = study({"adeg.yaml": ADEG}, {"EG": [record("EG", *row) for row in rows]})
    adeg = frames["ADEG"]
    assert values(adeg, "RRR") == [800]  # 60000 / 75
    assert values(adeg, "QTCBR") == pytest.approx([378.0747], abs=5e-5)  # 350 / sqrt(0.857)
    assert values(adeg, "QTCFR") == pytest.approx([368.4748], abs=5e-5)  # 350 / 0.857 ** (1 / 3)
    assert values(adeg, "QTLCR") == pytest.approx([372.022], abs=1e-10)  # 350 + 154 * 0.143
    assert not [finding for finding in findings if finding.severity == "error"]


def test_parts_of_one_time_point_are_combined(study):
    timed = ADVS.replace("  VISIT: SRC.VISIT\n", "  VISIT: SRC.VISIT\n  ATPT: SRC.TPT\n").replace("PARAMCD, ADT]", "PARAMCD, ADT, ATPT]")
    times = [("SYSBP", 120, "LYING"), ("DIABP", 75, "LYING"), ("SYSBP", 117, "STANDING"), ("DIABP", 81, "STANDING")]
    rows = [{**record("VS", test, value, "2020-01-08", "WEEK 1"), "VSTPT": time} for test, value, time in times]
    frames, findings = study({"advs.yaml": timed}, {"VS": rows})
    means = frames["ADVS"].query("PARAMCD == 'MAP'")
    assert means[["ATPT", "AVAL", "VISIT"]].values.tolist() == [["LYING", 90, "WEEK 1"], ["STANDING", 93, "WEEK 1"]]
    assert not [finding for finding in findings if finding.severity == "error"]
