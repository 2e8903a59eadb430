"""Numbers: what is compared, cut, summed and exported is the decimal number a person would write down. Expected values by hand."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from adam.catalog.derivation import Group
from adam.catalog.derivations.classes import cut
from adam.catalog.derivations.lookups import sum_
from adam.core.kinds import dates, numbers, texts
from adam.core.numerals import number_of
from adam.expressions.evaluate import Columns, Evaluation
from adam.expressions.parse import ExpressionError, parse
from tests.right_or_refused.small_study import small_study

ADQ = """
dataset: ADQ
class: BASIC DATA STRUCTURE
label: Analysis Dataset
key: [STUDYID, USUBJID, PARAMCD, LBSEQ]
parameters:
  GLU:
    number: 1
    label: Glucose (mmol/L)
    records: {from: LB, where: SRC.TESTCD == "GLU"}
    criteria:
      1: {text: ">=90% reduction", when: PCHG <= -90}
variables:
  STUDYID, USUBJID: ADSL
  PARAM, PARAMCD, PARAMN: PARAMETER
  AVAL: PARAMETER
  LBSEQ: {label: Lab Sequence, type: integer, value: SRC.SEQ}
  BASE: {first: {of: AVAL, within: [PARAMCD], order: [LBSEQ]}}
  PCHG: (AVAL - BASE) / BASE * 100
  CRIT1, CRIT1FL: PARAMETER
  GROUP: {label: Group, length: 10, cut: {of: PCHG, at: [-90], terms: [low, high]}}
  SUM: {label: Sum, type: float, sum: {of: AVAL, within: [PARAMCD]}}
  SHOWN: {label: Shown, length: 40, value: text(AVAL * 3)}
  COPY: {label: Copy, type: float, value: AVAL}
checks:
  Q-1: {expect: "missing(PCHG) or near(PCHG, (AVAL - BASE) / BASE * 100, 0)"}
"""
HEAD = "STUDYID,DOMAIN,USUBJID,LBSEQ,LBTESTCD,LBSTRESC,LBSTRESN\n"


def lab(*values: object, column: str = "number") -> str:
    rows = [f"S1,LB,S1-1,{place + 1},GLU,{value},{value if column == 'number' else ''}" for place, value in enumerate(values)]
    return HEAD + "\n".join(rows) + "\n"


def value(text: str, **columns: pd.Series) -> list[object]:
    index = next(iter(columns.values())).index if columns else pd.RangeIndex(1)
    found = Evaluation(Columns(columns, index)).column(parse(text))
    return [None if pd.isna(each) else each for each in found.tolist()]


def met(text: str, **columns: pd.Series) -> list[tuple[list[int], list[str]]]:
    """The records that are warned of, and the columns shown with them."""
    evaluation = Evaluation(Columns(columns, next(iter(columns.values())).index))
    evaluation.column(parse(text))
    return [(np.flatnonzero(issue.mask).tolist(), list(issue.values)) for issue in evaluation.issues]


@pytest.mark.parametrize(
    "text",
    [
        *["0.3 / 0.1 >= 3", "3.3 == 3 * 1.1", "0.7 + 0.1 + 0.1 + 0.1 == 1", "(0.9 - 9) / 9 * 100 <= -90", "2.3 - 2.1 == 0.2", "0.1 + 0.2 in (0.3)"],
        *["sum(0.7, 0.1, 0.1, 0.1) == 1", "mean(0.1, 0.2) == 0.15", "0.3 - 0.1 - 0.2 == 0", "near(2.35, 2.3, 0.05)", "1.1 ** 2 == 1.21"],
        *["floor(0.3 / 0.1) == 3", "max(0.1 + 0.2, 0) == 0.3", "abs(2.1 - 2.3) == 0.2", "round(1234, -2) == 1200", "not near(0.00000001, 0, 0)"],
        *["-(0.1 + 0.2) == -0.3", 'text(0.1 + 0.2) == "0.3"', 'text(1 / 3) == "0.333333333333333"', 'text(0.0000001) == "0.0000001"'],
        *["1.1 * 1.1 * 100 == 121", "4.35 * 100 == 435", "1.15 + 2.30 == 3.45", "9.95 - 10 == -0.05", "9007199254740991 + 1 == 9007199254740992"],
    ],
)
def test_a_comparison_of_computed_numbers(text: str) -> None:
    assert value(text) == [True]


def test_fp_pchg_ninety_percent_is_ninety_percent_in_flag_class_sum_text_and_file(tmp_path: Path) -> None:
    study = small_study(tmp_path, {"adq": ADQ}, {"lb": lab(9, 0.9, 0.7, "0.30000000000000004")})
    ran = study.build()
    assert ran.exit_code == 0, ran.text
    rows = ran.records("ADQ", "LBSEQ", "PCHG", "CRIT1FL", "GROUP", "SHOWN")
    assert rows[:3] == [(1, 0, "N", "high", "27"), (2, -90, "Y", "high", "2.7"), (3, -92.2222222222222, "Y", "low", "2.1")]
    assert ran.records("ADQ", "SUM")[0] == 10.9
    assert ran.records("ADQ", "COPY")[3] == 0.30000000000000004  # what is only copied is not rounded


def test_a_class_and_a_total_of_computed_numbers() -> None:
    computed = Evaluation(Columns({"A": numbers(0.3, 0.7), "B": numbers(0.1, 0.7)}, pd.RangeIndex(2))).column(parse("A / B"))
    assert cut(computed, at=[3], terms=["below", "from 3"]).tolist() == ["from 3", "below"]
    assert sum_(pd.Series([0.1] * 10), Group(np.zeros(10, dtype="int64"), 1)).column.tolist() == [1.0]


def test_text_17_digits() -> None:
    assert value('concat(text(0.1 + 0.2), " to ", text(A * 1.1))', A=numbers(3)) == ["0.3 to 3.3"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *[
            ("5.0E3", 5000),
            ("1e-3", 0.001),
            ("+5", 5),
            (".5", 0.5),
            ("5.", 5),
            ("-2", -2),
            ("0.30000000000000004", 0.30000000000000004),
            ("1E05", 1e5),
        ],
        *[
            (word, None)
            for word in ("1e999", "-1e999", "1e-999", "9007199254740993", "0.12345678901234567890", "1,5", "<5", "--5", "0x1F", "inf", "٣")
        ],
    ],
)
def test_sci_notation_a_text_is_the_number_it_says_or_none(text: str, expected: float | None) -> None:
    assert value("number(T)", T=texts(text)) == [expected]
    assert met("number(T)", T=texts(text)) == ([] if expected is not None else [([0], ["T"])])
    assert number_of(text) == expected or (expected is None and np.isnan(number_of(text)))


def test_sci_notation_a_result_without_a_number_is_read_from_its_text(tmp_path: Path) -> None:
    ran = small_study(tmp_path, {"adq": ADQ}, {"lb": lab("5.0E3", "1e-3", "+5", "1e999", column="text")}).build()
    assert ran.exit_code == 0, ran.text
    assert ran.records("ADQ", "AVAL") == [5000, 0.001, 5, None]
    (lost,) = [each for each in ran.findings() if "no number" in each["message"]]
    assert (lost["count"], lost["values"][0]["SRC.STRESC"]) == (1, "1e999")


@pytest.mark.parametrize(
    ("text", "records"),
    [
        ("if_else(N > 1, number(T), 0)", [2]),  # record 0 is no number, but its branch is not taken
        ("if_else(N > 1, 0, number(T))", [0]),
        ("N > 1 and number(T) > 2", [2]),
        ("N <= 1 or number(T) > 2", [2]),
        ("coalesce(N, number(T))", []),
        ('if_else(T == "x", missing, if_else(N > 1, number(T), 0))', []),
    ],
)
def test_case_branch_warns_only_where_the_branch_is_taken(text: str, records: list[int]) -> None:
    found = met(text, N=numbers(1, 2, 3), T=texts("x", "2", "x"))
    assert [row for rows, _ in found for row in rows] == records


CASES = """
dataset: ADSL
class: SUBJECT LEVEL ANALYSIS DATASET
label: Subject-Level Analysis Dataset
records: {from: DM}
variables:
  STUDYID, USUBJID, SEX, AGE: DM
  VISIT: {label: Visit, type: integer, case: [{when: SEX == "F", value: 0}, {value: number(DM.ARM)}]}
  WHERE: {label: Where, type: integer, where: SEX == "M", value: number(DM.ARM)}
"""


def test_case_branch_warns_in_a_case_and_a_where_with_the_value(tmp_path: Path) -> None:
    dm = "STUDYID,DOMAIN,USUBJID,AGE,SEX,ARM\nS1,DM,S1-1,34,F,ONE\nS1,DM,S1-2,65,M,TWO\n"
    ran = small_study(tmp_path, {"adsl": CASES}, {"dm": dm}).build()
    assert ran.exit_code == 0, ran.text
    found = [(each["variable"], each["count"], each["keys"][0]["USUBJID"], each["values"]) for each in ran.findings()]
    assert found == [("VISIT", 1, "S1-2", [{"DM.ARM": "TWO"}]), ("WHERE", 1, "S1-2", [{"DM.ARM": "TWO"}])]
    assert "DM.ARM=TWO" in (ran.out / "report" / "findings.csv").read_text(encoding="utf-8-sig")


@pytest.mark.parametrize(
    ("text", "column", "cause"),
    [
        ("1" * 401, 0, "too large or too long"),
        ("A + " + "9" * 5000, 4, "too large or too long"),
        ("1e999", 0, "too large or too long"),
        ("A + 9007199254740993", 4, "cannot be stored exactly"),
        ("0x1F", 0, "is not a number"),
        ("+".join(["A"] * 5000), 0, "nests more than 100 operators"),
        ("(" * 300 + "A" + ")" * 300, 100, "nests more than 100 brackets"),
        ("not " * 5000 + "A", 0, "nests more than 100 operators"),
        ("-" * 500 + "A", 0, "nests more than 100 operators"),
        (" and ".join(["A > 3"] * 4000), 1000, "joins more than 100 conditions"),
        ('concat("\\ud800", A)', 7, "A backslash in a text must be written twice"),
        ('concat("\x01", A)', 7, "U+0001"),
    ],
)
def test_expr_overflow_what_cannot_be_held_is_refused_where_it_is_written(text: str, column: int, cause: str) -> None:
    with pytest.raises(ExpressionError, match=cause.replace("+", r"\+")) as caught:
        parse(text)
    assert caught.value.column >= column


@pytest.mark.parametrize(
    ("formula", "cause"),
    [
        ("round(AGE, 400)", "Function round requires -15 to 15 decimals"),
        ("round(AGE, 0.5)", "whole number"),
        ('number(scan(SEX, 0, "/"))', "there is no part 0"),
        ('number(scan(SEX, 1, ""))', "An empty text"),
        ('if_else(startswith(SEX, ""), 1, 2)', "An empty text"),
        ("1e400", "too large"),
        ("9" * 5000, "5000 characters"),
    ],
)
def test_expr_overflow_a_check_names_the_line_and_the_cause(tmp_path: Path, formula: str, cause: str) -> None:
    line = f"  X: {{label: x, type: float, value: '{formula}'}}\n"
    ran = small_study(tmp_path, {"adsl": CASES.split("  VISIT")[0] + line}).check()
    assert ran.exit_code == 2
    assert "adsl.yaml:8:" in ran.text and cause in ran.text and "Traceback" not in ran.text


@pytest.mark.parametrize(
    ("formula", "records"),
    [("N * 1e308", [1, 2]), ("(0 - N) ** 0.5", [0, 1, 2]), ("N / 1e-308", [1, 2]), ("10 ** (N * 300)", [1, 2]), ("N / 0", []), ("N + 1", [])],
)
def test_expr_overflow_a_result_no_number_can_be_is_missing_with_a_warning(formula: str, records: list[int]) -> None:
    n = numbers(1, 20, 3)
    found = met(formula, N=n)
    assert [row for rows, _ in found for row in rows] == records
    assert [place for place, each in enumerate(value(formula, N=n)) if each is None] == (records or ([0, 1, 2] if "/ 0" in formula else []))


def test_expr_overflow_a_date_beyond_the_calendar_or_of_half_a_day_is_missing_with_a_warning() -> None:
    day = dates("2024-01-08", "9999-12-31", "0001-01-01")
    for formula, records in (("D + 3000000", [0, 1]), ("D + 1", [1]), ("D - 1", [2]), ("D + 0.5", [0, 1, 2]), ("D + 1e300", [0, 1, 2])):
        assert [row for rows, _ in met(formula, D=day) for row in rows] == records, formula
        assert [place for place, each in enumerate(value(formula, D=day)) if each is None] == records, formula


def test_a_formula_that_fails_ends_with_2_and_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise OverflowError("too large")

    monkeypatch.setattr("adam.engine.run.compute", broken)
    computed = (
        "dataset: ADSL\nclass: SUBJECT LEVEL ANALYSIS DATASET\nlabel: Subjects\nkey: [USUBJID]\nrecords: {from: DM}\n"
        "variables:\n  SEX: upper(DM.SEX)\n  STUDYID, USUBJID: DM\n"
    )
    ran = small_study(tmp_path, {"adsl": computed}).build()
    assert ran.exit_code == 2
    assert "adsl.yaml:7:3: ADSL.SEX" in ran.text and "too large" in ran.text and "Traceback" not in ran.text
