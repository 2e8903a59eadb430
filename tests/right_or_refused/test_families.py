"""Parameter families: the parameters of a dataset from the rows of a reference table."""

from datetime import date
from pathlib import Path

import pandas as pd

from tests.right_or_refused.small_study import Ran, small_study

LB = """STUDYID,DOMAIN,USUBJID,LBSEQ,LBTESTCD,LBSPEC,LBSTRESN,LBSTRESU,VISITNUM,LBDTC
S1,LB,S1-1,1,ALT,SERUM,20,U/L,1,2024-01-21
S1,LB,S1-1,2,GLUC,SERUM,5,mmol/L,1,2024-01-21
S1,LB,S1-1,3,GLUC,URINE,1,mmol/L,1,2024-01-21
S1,LB,S1-1,4,BASO,SERUM,0.1,10^9/L,1,2024-01-21
S1,LB,S1-1,5,ALT,SERUM,50,U/L,2,2024-02-21
S1,LB,S1-2,1,ALT,SERUM,90,U/L,1,2024-01-22
S1,LB,S1-2,2,GLUC,SERUM,6,mmol/L,2,2024-02-22
S1,LB,S1-2,3,UREA,SERUM,7,mmol/L,2,2024-02-22
S1,LB,S1-2,4,GLUC,SERUM,8,mmol/L,3,2024-03-22
"""
TABLE = """TESTCD,SPEC,PARAMCD,PARAM,PARAMN,PARCAT1,ANRHI,DIRECT,FACTOR
ALT,SERUM,ALT,Alanine Aminotransferase (U/L),1,CHEMISTRY,40,High,2
GLUC,SERUM,GLUC,"Glucose, Serum (mmol/L)",2,CHEMISTRY,5.5,,10
GLUC,URINE,UGLUC,Glucose in Urine (mmol/L),3,URINALYSIS,,High,1
BASO,SERUM,BASO,Basophils (10^9/L),4,HEMATOLOGY,0.2,High,1
"""
ADLB = """
dataset: ADLB
class: BASIC DATA STRUCTURE
label: Laboratory Analysis Dataset
key: [STUDYID, USUBJID, PARAMCD, AVISITN, DTYPE]
copy: [ADT]
windows: {use: W, date: ADT, reference: TRTSDT}
parameters:
  LABS:
    table: LB_PARAMETERS
    match: {TESTCD: SRC.TESTCD, SPEC: SRC.SPEC}
    records: {from: LB}
    criteria: {1: {text: Above the range, when: AVAL > ANRHI}}
    variables: {X: {label: X, type: float, value: AVAL * TABLE.FACTOR}}
OWN
variables:
  STUDYID, USUBJID: ADSL
  PARAMCD, PARAM, PARAMN, PARCAT1, AVAL, DTYPE: PARAMETER
  CRIT1, CRIT1FL: PARAMETER
  ANRHI: PARAMETER
  DIRECT: {label: Direction, value: PARAMETER}
  X: {label: X, type: float, value: PARAMETER}
  ADT: {value: date(SRC.DTC)}
  AVISITN: {type: integer, value: SRC.VISITNUM}
  ABLFL: {flag: AVISITN == 1 and DTYPE == ""}
  BASE: {single: {of: AVAL, where: ABLFL == "Y", within: [PARAMCD]}}
  CHG: AVAL - BASE
temporary: {TRTSDT: 'date("2024-01-21")'}
"""
STUDY = """
tables: {LB_PARAMETERS: lb.csv}
windows: {W: {One: {number: 1, where: MISS}, Two: {number: 2, where: MISS}, Three: {number: 3, where: MISS}}}
""".replace("MISS", 'ADT < "2000-01-01"')
LOCF = "add: {locf: {visits: [2, 3], where: AVISITN < 3, dtype: LOCF}}"


def lineage(folder: Path, name: str) -> str:
    ran(folder)
    made = small_study(folder, {"adlb": ADLB.replace("OWN\n", ""), "lb.csv": TABLE}, {"lb": LB}, STUDY)
    return made.run("plan", str(made.specs), name).text


def ran(folder: Path, own: str = "", *changes: tuple[str, str], table: str = TABLE, adsl: str = "") -> Ran:
    text = ADLB.replace("OWN\n", own)
    for was, now in changes:
        assert was in text
        text = text.replace(was, now)
    specs = {"adlb": text, "lb.csv": table}
    if adsl:
        specs["adsl"] = adsl
    return small_study(folder, specs, {"lb": LB}, STUDY).build()


def without(text: str, *starts: str) -> str:
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith(starts))


def records(done: Ran, *variables: str) -> list[tuple[object, ...]]:
    assert done.exit_code == 0, done.text
    return done.records("ADLB", "USUBJID", "PARAMCD", "AVISITN", *variables)


def test_each_row_is_a_parameter(tmp_path: Path) -> None:
    assert records(ran(tmp_path), "PARAM", "PARAMN", "PARCAT1", "AVAL") == [
        ("S1-1", "ALT", 1, "Alanine Aminotransferase (U/L)", 1, "CHEMISTRY", 20),
        ("S1-1", "ALT", 2, "Alanine Aminotransferase (U/L)", 1, "CHEMISTRY", 50),
        ("S1-1", "BASO", 1, "Basophils (10^9/L)", 4, "HEMATOLOGY", 0.1),
        ("S1-1", "GLUC", 1, "Glucose, Serum (mmol/L)", 2, "CHEMISTRY", 5),
        ("S1-1", "UGLUC", 1, "Glucose in Urine (mmol/L)", 3, "URINALYSIS", 1),
        ("S1-2", "ALT", 1, "Alanine Aminotransferase (U/L)", 1, "CHEMISTRY", 90),
        ("S1-2", "GLUC", 2, "Glucose, Serum (mmol/L)", 2, "CHEMISTRY", 6),
        ("S1-2", "GLUC", 3, "Glucose, Serum (mmol/L)", 2, "CHEMISTRY", 8),
    ]


def test_a_column_is_the_variable_of_its_name_and_formulas_read_the_row(tmp_path: Path) -> None:
    assert records(ran(tmp_path), "ANRHI", "DIRECT", "X", "CRIT1FL") == [
        ("S1-1", "ALT", 1, 40, "High", 40, "N"),
        ("S1-1", "ALT", 2, 40, "High", 100, "Y"),
        ("S1-1", "BASO", 1, 0.2, "High", 0.1, "N"),
        ("S1-1", "GLUC", 1, 5.5, "", 50, "N"),
        ("S1-1", "UGLUC", 1, None, "High", 1, ""),
        ("S1-2", "ALT", 1, 40, "High", 180, "Y"),
        ("S1-2", "GLUC", 2, 5.5, "", 60, "Y"),
        ("S1-2", "GLUC", 3, 5.5, "", 80, "Y"),
    ]


def test_formulas_within_a_parameter(tmp_path: Path) -> None:
    assert records(ran(tmp_path), "BASE", "CHG") == [
        ("S1-1", "ALT", 1, 20, 0),
        ("S1-1", "ALT", 2, 20, 30),
        ("S1-1", "BASO", 1, 0.1, 0),
        ("S1-1", "GLUC", 1, 5, 0),
        ("S1-1", "UGLUC", 1, 1, 0),
        ("S1-2", "ALT", 1, 90, 0),
        ("S1-2", "GLUC", 2, None, None),
        ("S1-2", "GLUC", 3, None, None),
    ]


CARRIED = [
    ("S1-1", "ALT", 3, "LOCF", 50, 100),
    ("S1-1", "BASO", 2, "LOCF", 0.1, 0.1),
    ("S1-1", "BASO", 3, "LOCF", 0.1, 0.1),
    ("S1-1", "GLUC", 2, "LOCF", 5, 50),
    ("S1-1", "GLUC", 3, "LOCF", 5, 50),
    ("S1-1", "UGLUC", 2, "LOCF", 1, 1),
    ("S1-1", "UGLUC", 3, "LOCF", 1, 1),
    ("S1-2", "ALT", 2, "LOCF", 90, 180),
    ("S1-2", "ALT", 3, "LOCF", 90, 180),
]


def test_records_are_added_to_each_parameter(tmp_path: Path) -> None:
    done = ran(tmp_path, f"    {LOCF}\n")
    assert [each for each in records(done, "DTYPE", "AVAL", "X") if each[3]] == CARRIED


def test_a_block_of_a_parameter_is_merged_over_its_row(tmp_path: Path) -> None:
    own = "  BASO: {label: Basophils, add: [], records: {value: SRC.STRESN * 1000}}\n"
    done = ran(tmp_path, f"    {LOCF}\n{own}")
    assert [each for each in records(done, "DTYPE", "AVAL", "X") if each[3]] == [each for each in CARRIED if each[1] != "BASO"]
    assert [each[3:] for each in records(done, "PARAM", "AVAL", "PARAMN", "PARCAT1", "ANRHI") if each[1] == "BASO"] == [
        ("Basophils", 100, 4, "HEMATOLOGY", 0.2)
    ]


def test_other_parameters_and_datasets_read_one_parameter(tmp_path: Path) -> None:
    own = "  RATIO: {number: 9, label: Ratio, records: {computed: {value: ALT / GLUC, by: [AVISITN]}}}\n"
    adsl = """
dataset: ADSL
class: SUBJECT LEVEL ANALYSIS DATASET
label: Subject-Level Analysis Dataset
records: {from: DM}
variables:
  STUDYID, USUBJID, SEX: DM
  AGE: DM
  GLUCMAX: {label: Highest Glucose, type: float, last: {of: ADLB.GLUC.AVAL}}
  ALTBL: {label: Baseline ALT, type: float, single: {of: ADLB.ALT.AVAL, where: ADLB.ALT.ABLFL == "Y"}}
"""
    done = ran(tmp_path, own, adsl=adsl)
    assert [each for each in records(done, "AVAL") if each[1] == "RATIO"] == [("S1-1", "RATIO", 1, 4)]
    assert done.records("ADSL", "USUBJID", "GLUCMAX", "ALTBL") == [("S1-1", 5, 20), ("S1-2", 8, 90)]


def test_the_plan_shows_each_parameter(tmp_path: Path) -> None:
    assert "LB.LBSTRESN" in lineage(tmp_path / "a", "ADLB.GLUC.X")
    done = ran(tmp_path / "b")
    define = (done.out / "adam" / "define.xml").read_text(encoding="utf-8")
    for text in ("Glucose, Serum (mmol/L)", "Basophils (10^9/L)", "AVAL * 10", "AVAL * 2"):
        assert text in define


def test_rules_that_are_no_source_records(tmp_path: Path) -> None:
    text = ADLB.replace("OWN\n", "  DOUBLES: {table: DOUBLES, records: {computed: {value: 2 * ALT + TABLE.ADDED, by: [AVISITN]}}}\n")
    made = small_study(
        tmp_path,
        {"adlb": text, "lb.csv": TABLE, "doubles.csv": "PARAMCD,PARAM,PARAMN,ADDED\nD1,One More,11,1\nD2,Two More,12,2\n"},
        {"lb": LB},
        STUDY.replace("lb.csv}", "lb.csv, DOUBLES: doubles.csv}"),
    )
    done = made.build()
    assert [each for each in records(done, "AVAL") if each[1].startswith("D")] == [
        ("S1-1", "D1", 1, 41),
        ("S1-1", "D1", 2, 101),
        ("S1-1", "D2", 1, 42),
        ("S1-1", "D2", 2, 102),
        ("S1-2", "D1", 1, 181),
        ("S1-2", "D2", 1, 182),
    ]


def unmatched(done: Ran) -> list[dict[str, object]]:
    assert done.exit_code == 0, done.text
    return [each for each in done.findings() if "match no row of table" in each["message"]]


def test_records_without_a_row_are_reported_once_with_their_values_and_counts(tmp_path: Path) -> None:
    table = "\n".join(line for line in TABLE.splitlines() if not line.startswith(("BASO", "GLUC,URINE"))) + "\n"
    (found,) = unmatched(ran(tmp_path, table=table))
    assert found["message"].startswith("LABS: records of LB match no row of table LB_PARAMETERS, so they are in no parameter")
    assert found["severity"] == "warning"
    assert found["count"] == 3
    assert [(key["LBSEQ"], value) for key, value in zip(found["keys"], found["values"], strict=True)] == [
        ("3", {"TESTCD": "GLUC", "SPEC": "URINE", "records": "1"}),
        ("4", {"TESTCD": "BASO", "SPEC": "SERUM", "records": "1"}),
        ("3", {"TESTCD": "UREA", "SPEC": "SERUM", "records": "1"}),
    ]


def test_only_records_that_where_selects_are_of_a_family(tmp_path: Path) -> None:
    change = ("records: {from: LB}", 'records: {from: LB, where: SRC.TESTCD != "UREA"}')
    assert unmatched(ran(tmp_path, "", change)) == []


def test_a_part_of_where_that_reads_the_row_selects_no_record_without_one(tmp_path: Path) -> None:
    """UREA has no row; its record is selected by the other part of the condition, or is not."""
    both = ("records: {from: LB}", 'records: {from: LB, where: SRC.STRESN < 100 * TABLE.FACTOR and SRC.SPEC == "SERUM"}')
    (found,) = unmatched(ran(tmp_path / "a", "", both))
    assert [each["TESTCD"] for each in found["values"]] == ["UREA"]
    none = ("records: {from: LB}", 'records: {from: LB, where: SRC.STRESN < 100 * TABLE.FACTOR and SRC.SPEC == "URINE"}')
    assert unmatched(ran(tmp_path / "b", "", none)) == []


def test_a_text_of_the_table_can_have_quotes_and_backslashes(tmp_path: Path) -> None:
    table = '''TESTCD,PARAMCD,PARAM,NOTE
"A""L\\T",ALT,"ALT ""new""","5"" \\ 6"
GLUC,GLUC,Glucose,plain
'''
    text = ADLB.replace("OWN\n", "").replace(", SPEC: SRC.SPEC", "").replace("AVAL * TABLE.FACTOR", "'if_else(TABLE.NOTE == NOTE, 1, 0)'")
    text = without(text, "    criteria:", "  CRIT1,", "  DIRECT:").replace("PARAMN, PARCAT1, ", "")
    text = text.replace("  ANRHI: PARAMETER\n", "  NOTE: {label: Note, value: PARAMETER}\n")
    lb = LB.replace(",ALT,", ',"A""L\\T",')
    lb = without(lb, *(line for line in lb.splitlines() if "BASO" in line or "UREA" in line or "URINE" in line))
    done = small_study(tmp_path, {"adlb": text, "lb.csv": table}, {"lb": lb}, STUDY).build()
    assert [each for each in records(done, "PARAM", "NOTE", "X") if each[1] == "ALT"] == [
        ("S1-1", "ALT", 1, 'ALT "new"', '5" \\ 6', 1),
        ("S1-1", "ALT", 2, 'ALT "new"', '5" \\ 6', 1),
        ("S1-2", "ALT", 1, 'ALT "new"', '5" \\ 6', 1),
    ]


def test_a_date_and_a_datetime_of_the_table_select_records(tmp_path: Path) -> None:
    """The first lot of a reagent is used on 21 and 22 January, the second on 21 February; its changes are at midnight."""
    frame = pd.DataFrame(
        {
            "DAY": [date(2024, 1, 21), date(2024, 1, 22), date(2024, 2, 21)],
            "PARAMCD": ["A", "B", "C"],
            "PARAM": ["First", "Second", "Third"],
            "SINCE": pd.to_datetime(["2024-01-21 00:00:00", "2024-01-21 10:30:00", "2024-02-21 00:00:00"]),
        }
    )
    (tmp_path / "specs").mkdir()
    frame.to_parquet(tmp_path / "specs" / "lots.parquet")
    text = without(ADLB.replace("OWN\n", ""), "    criteria:", "  CRIT1,", "  DIRECT:", "  ANRHI:").replace("PARAMN, PARCAT1, ", "")
    text = text.replace("{TESTCD: SRC.TESTCD, SPEC: SRC.SPEC}", "{DAY: date(SRC.DTC)}").replace(
        "X: {label: X, type: float, value: AVAL * TABLE.FACTOR}", "SINCE: TABLE.SINCE"
    )
    text = text.replace("  X: {label: X, type: float, value: PARAMETER}", "  SINCE: {label: Since, type: datetime, value: PARAMETER}")
    text = text.replace("from: LB", 'from: LB, where: SRC.TESTCD == "ALT"')
    study = STUDY.replace("lb.csv", "lots.parquet")
    done = small_study(tmp_path, {"adlb": text}, {"lb": LB}, study).build()
    assert records(done, "AVAL", "SINCE") == [
        ("S1-1", "A", 1, 20, 2021414400),
        ("S1-1", "C", 2, 50, 2024092800),
        ("S1-2", "B", 1, 90, 2021452200),
    ]


def test_records_without_a_row_can_be_ignored(tmp_path: Path) -> None:
    assert unmatched(ran(tmp_path, "    others: ignore\n")) == []


def test_records_of_a_parameter_outside_the_family_are_in_a_parameter(tmp_path: Path) -> None:
    own = "  UREA: {label: Urea (mmol/L), number: 9, category: CHEMISTRY, records: {from: LB, where: 'SRC.TESTCD == \"UREA\"'}}\n"
    done = ran(tmp_path, own)
    assert done.exit_code == 0, done.text
    assert unmatched(done) == []
