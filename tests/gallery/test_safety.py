"""Tasks about vital signs, laboratory and queries, on the layer safety. Every expected value is worked out by hand from the records."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.right_or_refused.small_study import Ran, small_study

STUDY = """
language: 1
study: S1
extends: safety
label: A made-up study
ids: [S1]
standards: [ADaMIG 1.3, ADaM OCCDS 1.1, SDTM CT 2022-09-30, ADaM CT 2022-03-25]
as_of: 2024-06-30
datasets: [ADSL, {dataset}]
{more}
"""
ADSL = """
dataset: ADSL
class: SUBJECT LEVEL ANALYSIS DATASET
label: Subject-Level Analysis Dataset
records: {from: DM}
variables:
  STUDYID, USUBJID, AGE, SEX: DM
  TRTSDT: date(DM.RFSTDTC)
"""
DM = "STUDYID,DOMAIN,USUBJID,AGE,SEX,RFSTDTC\nS1,DM,S1-1,50,M,2024-01-10\n"
BDS = """
dataset: {dataset}
class: BASIC DATA STRUCTURE
label: Analysis Dataset
key: [STUDYID, USUBJID, PARAMCD, ADT]
parameters:
  {parameters}
variables:
  STUDYID, USUBJID: ADSL
  PARAMCD, PARAM, AVAL, DTYPE, SRCDOM, SRCVAR, SRCSEQ: PARAMETER
  ADT: STANDARD
  {lines}
"""


def results(domain: str, rows: list[tuple[str, object, str, str]], more: str = "") -> str:
    """The records of a findings domain: test, result, unit and day; `more` has further columns, the same on each record."""
    names, values = (f",{part}" if part else "" for part in (more.split("=") if more else ("", "")))
    head = f"STUDYID,DOMAIN,USUBJID,{domain}SEQ,{domain}TESTCD,{domain}STRESN,{domain}STRESC,{domain}STRESU,{domain}DTC{names}\n"
    lines = (f"S1,{domain},S1-1,{n},{test},{value},{value},{unit},{day}{values}\n" for n, (test, value, unit, day) in enumerate(rows, 1))
    return head + "".join(lines)


def built(folder: Path, dataset: str, text: str, sdtm: dict[str, str], more: str = "", **files: str) -> Ran:
    specs = {"study": STUDY.format(dataset=dataset, more=more), "adsl": ADSL, dataset.lower(): text, **files}
    ran = small_study(folder, specs, {"dm": DM, **sdtm}).build()
    assert ran.exit_code == 0, ran.text
    return ran


def parameters(*codes: str, domain: str) -> str:
    return "\n  ".join(f'{code}: {{label: {code} of {domain}, records: {{from: {domain}, where: SRC.TESTCD == "{code}"}}}}' for code in codes)


def test_mean_arterial_pressure(tmp_path: Path) -> None:
    rows = [("SYSBP", 121, "mmHg", "2024-01-10"), ("DIABP", 80, "mmHg", "2024-01-10"), ("SYSBP", 130, "mmHg", "2024-01-17")]
    text = BDS.format(dataset="ADVS", parameters=f"{parameters('SYSBP', 'DIABP', domain='VS')}\n  MAP:", lines="")
    ran = built(tmp_path, "ADVS", text, {"vs": results("VS", rows)})
    assert [row for row in ran.records("ADVS", "PARAMCD", "AVAL") if row[0] == "MAP"] == [("MAP", 93.6666666666667)]  # (160 + 121) / 3


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("Mosteller", 1.8819316),  # sqrt(170 * 75 / 3600)
        ("DuBois-DuBois", 1.8635576),  # 0.007184 * 170 ** 0.725 * 75 ** 0.425
        ("Haycock", 1.8946901),  # 0.024265 * 170 ** 0.3964 * 75 ** 0.5378
        ("Fujimoto", 1.8191751),  # 0.008883 * 170 ** 0.663 * 75 ** 0.444
    ],
)
def test_body_surface_area_by_a_named_formula(tmp_path: Path, formula: str, value: float) -> None:
    rows = [("HEIGHT", 170, "cm", "2024-01-03"), ("WEIGHT", 75, "kg", "2024-01-10")]
    line = "BSA: {records: {computed: {value: 'bsa(HEIGHT, WEIGHT, \"FORMULA\")'}}}".replace("FORMULA", formula)
    text = BDS.format(dataset="ADVS", parameters=f"{parameters('HEIGHT', 'WEIGHT', domain='VS')}\n  {line}", lines="")
    ran = built(tmp_path, "ADVS", text, {"vs": results("VS", rows)})
    (found,) = [row[1] for row in ran.records("ADVS", "PARAMCD", "AVAL") if row[0] == "BSA"]
    assert found == pytest.approx(value, abs=5e-8)


def test_corrected_qt_and_its_categories(tmp_path: Path) -> None:
    rows = [("QT", 400, "ms", "2024-01-10"), ("RR", 1000, "ms", "2024-01-10"), ("QT", 480, "ms", "2024-01-17"), ("RR", 1000, "ms", "2024-01-17")]
    lines = """ABLFL, BASE, CHG: STANDARD
  AVALCAT1: {where: PARAMCD == "QTCFR", cut: {of: AVAL, at: [450, 480, 500], right: true}}
  CHGCAT1: {where: PARAMCD == "QTCFR", cut: {of: CHG, at: [30, 60], right: true}}"""
    text = BDS.format(dataset="ADEG", parameters=f"{parameters('QT', 'RR', domain='EG')}\n  QTCFR:", lines=lines)
    ran = built(tmp_path, "ADEG", text, {"eg": results("EG", rows)})
    found = [row[1:] for row in ran.records("ADEG", "PARAMCD", "AVAL", "AVALCAT1", "CHG", "CHGCAT1") if row[0] == "QTCFR"]
    assert found == [(400, "<=450", 0, "<=30"), (480, ">450-<=480", 80, ">60")]  # an RR of one second corrects nothing


def test_absolute_differentials_from_percentages(tmp_path: Path) -> None:
    rows = [("WBC", 6.4, "10^9/L", "2024-01-10"), ("LYMLE", 25, "%", "2024-01-10"), ("LYMLE", 30, "%", "2024-01-17")]
    line = "LYM: {label: Lymphocytes (10^9/L), records: {computed: {value: WBC * LYMLE / 100, by: [ADT]}}}"
    text = BDS.format(dataset="ADLB", parameters=f"{parameters('WBC', 'LYMLE', domain='LB')}\n  {line}", lines="")
    ran = built(tmp_path, "ADLB", text, {"lb": results("LB", rows)})
    assert [row for row in ran.records("ADLB", "PARAMCD", "AVAL") if row[0] == "LYM"] == [("LYM", 1.6)]  # 6.4 * 0.25; no WBC a week later


def test_an_absolute_differential_is_added_where_none_was_collected(tmp_path: Path) -> None:
    rows = [("WBC", 6.4, "10^9/L", "2024-01-10"), ("LYMLE", 25, "%", "2024-01-10"), ("LYM", 1.5, "10^9/L", "2024-01-10")]
    rows += [("WBC", 5.0, "10^9/L", "2024-01-17"), ("LYMLE", 30, "%", "2024-01-17")]
    line = "{computed: {value: WBC * LYMLE / 100, by: [ADT], unless_collected: true, dtype: CALCULATION}}"
    lym = f'LYM: {{label: Lymphocytes (10^9/L), records: {{from: LB, where: SRC.TESTCD == "LYM"}}, add: [{line}]}}'
    text = BDS.format(dataset="ADLB", parameters=f"{parameters('WBC', 'LYMLE', domain='LB')}\n  {lym}", lines="")
    ran = built(tmp_path, "ADLB", text, {"lb": results("LB", rows)})
    found = [row[1:] for row in ran.records("ADLB", "PARAMCD", "AVAL", "DTYPE") if row[0] == "LYM"]
    assert found == [(1.5, ""), (1.5, "CALCULATION")]  # collected; 5 * 0.3


def test_shift_from_baseline_and_a_criterion_that_cannot_be_evaluated(tmp_path: Path) -> None:
    rows = [("ALT", 41, "U/L", "2024-01-09"), ("ALT", 130, "U/L", "2024-01-17")]
    line = "ALT: {label: Alanine Aminotransferase (U/L), records: {from: LB}, criteria: {1: {text: ALT > 3 x ULN, when: R2ANRHI > 3}}}"
    lines = "ABLFL, BASE, ANRLO, ANRHI, ANRIND, BNRIND, R2ANRHI, SHIFT1: STANDARD\n  CRIT1, CRIT1FL: PARAMETER"
    text = BDS.format(dataset="ADLB", parameters=line, lines=lines)
    names = ("ANRIND", "BNRIND", "SHIFT1", "CRIT1FL")
    ran = built(tmp_path / "a", "ADLB", text, {"lb": results("LB", rows, "LBSTNRLO,LBSTNRHI=,40")})
    assert ran.records("ADLB", *names) == [("HIGH", "HIGH", "HIGH to HIGH", "N"), ("HIGH", "HIGH", "HIGH to HIGH", "Y")]
    ran = built(tmp_path / "b", "ADLB", text, {"lb": results("LB", rows, "LBSTNRLO,LBSTNRHI=,")})
    assert ran.records("ADLB", *names) == [("", "", "NULL to NULL", ""), ("", "", "NULL to NULL", "")]


def test_toxicity_grades_of_a_parameter_table(tmp_path: Path) -> None:
    rows = [("K", 4.0, "mmol/L", "2024-01-09"), ("K", 2.9, "mmol/L", "2024-01-17"), ("K", 5.6, "mmol/L", "2024-01-24")]
    table = "PARAMCD,PARAM,TESTCD,ATOXDSCL,ATOXDSCH\nK,Potassium (mmol/L),K,Hypokalemia,Hyperkalemia\n"
    line = "LABS: {table: LABS, match: {TESTCD: SRC.TESTCD}, records: {from: LB}}"
    lines = """ABLFL, BASE, ANRLO, ANRHI, ANRIND, BNRIND, ATOXGR, BTOXGR, SHIFT2: STANDARD
  ATOXDSCL, ATOXDSCH: PARAMETER
  ATOXGRL, ATOXGRH: {standard: {table: CTCAE_5}}"""
    text = BDS.format(dataset="ADLB", parameters=line, lines=lines)
    sdtm = {"lb": results("LB", rows, "LBSTNRLO,LBSTNRHI=3.5,5.1")}
    ran = built(tmp_path, "ADLB", text, sdtm, "tables: {LABS: labs.csv}", **{"labs.csv": table})
    expected = [("0", "0", "0", "0 to 0"), ("3", "0", "-3", "0 to -3"), ("0", "2", "2", "0 to 2")]  # 2.5 to 3; above 5.5
    assert ran.records("ADLB", "ATOXGRL", "ATOXGRH", "ATOXGR", "SHIFT2") == expected


def test_query_flags_from_a_table(tmp_path: Path) -> None:
    adae = """
dataset: ADAE
class: OCCURRENCE DATA STRUCTURE
subclass: ADVERSE EVENT
label: Adverse Event Analysis Dataset
key: [STUDYID, USUBJID, AESEQ]
records: {from: AE}
variables:
  STUDYID, USUBJID: ADSL
  AESEQ, AETERM, AEDECOD: AE
  queries: {table: QUERIES}
"""
    events = "STUDYID,DOMAIN,USUBJID,AESEQ,AETERM,AEDECOD\nS1,AE,S1-1,1,hepatitis,HEPATITIS\nS1,AE,S1-1,2,headache,HEADACHE\n"
    queries = "PREFIX,NAME,SCOPE,CODE,SOURCE_VARIABLE,TERM\nSMQ02,Hepatic disorders,NARROW,20000005,AEDECOD,Hepatitis\n"
    ran = built(tmp_path, "ADAE", adae, {"ae": events}, "tables: {QUERIES: queries.csv}", **{"queries.csv": queries})
    assert ran.records("ADAE", "SMQ02NAM", "SMQ02CD", "SMQ02SC") == [("Hepatic disorders", 20000005, "NARROW"), ("", None, "")]


def test_kidney_function_and_hys_law_are_parameters(tmp_path: Path) -> None:
    rows = [("CREAT", 90, "umol/L", "2024-01-10"), ("ALT", 121, "U/L", "2024-01-10"), ("BILI", 80, "umol/L", "2024-01-10")]
    text = BDS.format(dataset="ADLB", parameters="EGFR:\n  HYSLAW:", lines="AVALC: PARAMETER")
    ran = built(tmp_path, "ADLB", text, {"lb": results("LB", rows, "LBSTNRLO,LBSTNRHI=,40")})
    (kidney, liver) = ran.records("ADLB", "PARAMCD", "AVAL", "AVALC", "SRCDOM", "SRCSEQ")
    assert kidney == ("EGFR", pytest.approx(89.7633, abs=5e-5), "", "LB", 1)  # 142 * (90 / 88.42 / 0.9) ** -1.2 * 0.9938 ** 50
    assert liver == ("HYSLAW", 1, "Y", "LB", 2)  # ALT above 3 times and bilirubin 2 times the limit of 40


def test_exposure(tmp_path: Path) -> None:
    lines = "ASTDT: date(SRC.STDTC)\n  AENDT: date(SRC.ENDTC)"
    own = """DURD: {label: Duration (days), records: {from: EX, value: date(SRC.ENDTC) - date(SRC.STDTC) + 1}}
  DOSE: {label: Dose (mg), records: {from: EX, value: SRC.DOSE * (date(SRC.ENDTC) - date(SRC.STDTC) + 1)}}
  PLDOSE: {label: Planned Dose (mg), records: {from: EX, value: 54 * (date(SRC.ENDTC) - date(SRC.STDTC) + 1)}}
  TDURD:
  TDOSE: {label: Total Dose Administered (mg)}
  TPDOSE: {label: Total Planned Dose (mg)}
  AVDDSE: {label: Average Daily Dose (mg)}
  TDOSINT:"""
    text = BDS.format(dataset="ADEX", parameters=own, lines=lines).replace("ADT: STANDARD", "ADT: {value: AENDT}").replace("ADT]", "ASTDT]")
    ex = "STUDYID,DOMAIN,USUBJID,EXSEQ,EXTRT,EXDOSE,EXSTDTC,EXENDTC\n"
    ex += "S1,EX,S1-1,1,A,54,2024-01-10,2024-01-19\nS1,EX,S1-1,2,A,27,2024-01-20,2024-02-08\n"
    ran = built(tmp_path, "ADEX", text, {"ex": ex})
    found = dict(row for row in ran.records("ADEX", "PARAMCD", "AVAL") if row[0] not in ("DURD", "DOSE", "PLDOSE"))
    # 10 days of 54 mg and 20 days of 27 mg, of 54 mg planned
    assert found == {"TDURD": 30, "TDOSE": 1080, "TPDOSE": 1620, "AVDDSE": 36, "TDOSINT": 66.6666666666667}


def test_a_copied_record_has_a_visit_that_the_formula_does_not_give(tmp_path: Path) -> None:
    rows = [("ALT", 41, "U/L", "2024-01-09"), ("ALT", 130, "U/L", "2024-01-17")]
    extreme = "{extreme: {highest: AVAL, set: {AVISIT: End of Treatment, AVISITN: 99}, dtype: MAXIMUMVALUE}}"
    line = f"ALT: {{label: Alanine Aminotransferase (U/L), records: {{from: LB}}, add: [{extreme}]}}"
    lines = """AVISIT: {case: [{when: ADT < "2024-01-10", term: Base}, {term: W1}]}
  AVISITN: {case: [{when: AVISIT == "Base", value: 0}, {when: AVISIT == "W1", value: 1}]}"""
    text = BDS.format(dataset="ADLB", parameters=line, lines=lines).replace("PARAMCD, ADT]", "PARAMCD, ADT, DTYPE]")
    ran = built(tmp_path, "ADLB", text, {"lb": results("LB", rows)})
    assert ran.records("ADLB", "AVISIT", "AVISITN", "DTYPE", "AVAL") == [
        ("Base", 0, "", 41),
        ("W1", 1, "", 130),
        ("End of Treatment", 99, "MAXIMUMVALUE", 130),
    ]
