"""Exposure parameters of the layer, with values worked out by hand."""

ADEX = """
dataset: ADEX
class: BASIC DATA STRUCTURE
label: Exposure Analysis Dataset
key: [STUDYID, USUBJID, PARAMCD, ASTDT]
parameters:
  DURD: {label: Duration of Interval (days), records: {from: EX, value: date(SRC.ENDTC) - date(SRC.STDTC) + 1}}
  DOSE: {label: Dose of Interval (mg), records: {from: EX, value: SRC.DOSE * (date(SRC.ENDTC) - date(SRC.STDTC) + 1)}}
  PLDOSE: {label: Planned Dose of Interval (mg), records: {from: EX, value: 54 * (date(SRC.ENDTC) - date(SRC.STDTC) + 1)}}
  TDURD:
  TDOSE: {label: Total Dose Administered (mg)}
  TPDOSE: {label: Total Planned Dose (mg)}
  AVDDSE: {label: Average Daily Dose Administered (mg)}
  TDOSINT:
variables:
  STUDYID, USUBJID: ADSL
  PARAMCD, PARAM, AVAL, DTYPE: PARAMETER
  ADT: {value: AENDT}
  ASTDT: date(SRC.STDTC)
  AENDT: date(SRC.ENDTC)
"""


def interval(subject, dose, start, end):
    return {"USUBJID": subject, "EXTRT": "A", "EXDOSE": dose, "EXSTDTC": start, "EXENDTC": end}


def test_duration_dose_and_intensity(study):
    rows = [  # 10 days of 54 mg, 20 days of 27 mg; another subject with one interval of 5 days without a dose
        interval("01", 54, "2020-01-01", "2020-01-10"),
        interval("01", 27, "2020-01-11", "2020-01-30"),
        interval("02", 0, "2020-01-01", "2020-01-05"),
    ]
    subjects = [{"USUBJID": name, "AGE": 50, "SEX": "M", "RACE": "WHITE", "RFSTDTC": "2020-01-01"} for name in ("01", "02")]
    frames, findings = study({"adex.yaml": ADEX}, {"EX": rows}, subjects)
    adex = frames["ADEX"]
    assert not [finding for finding in findings if finding.severity == "error"]
    totals = adex[~adex["PARAMCD"].isin(["DURD", "DOSE", "PLDOSE"])]
    found = {(row.USUBJID, row.PARAMCD): row.AVAL for row in totals.itertuples()}
    assert found == {
        ("01", "TDURD"): 30,
        ("01", "TDOSE"): 1080,  # 540 + 540
        ("01", "TPDOSE"): 1620,  # 54 * 30
        ("01", "AVDDSE"): 36,
        ("01", "TDOSINT"): 66.6666666666667,
        ("02", "TDURD"): 5,
        ("02", "TDOSE"): 0,
        ("02", "TPDOSE"): 270,
        ("02", "AVDDSE"): 0,
        ("02", "TDOSINT"): 0,
    }
    dates = totals[totals["USUBJID"] == "01"][["ASTDT", "AENDT"]].astype(str).drop_duplicates()
    assert dates.values.tolist() == [["2020-01-01", "2020-01-30"]]
