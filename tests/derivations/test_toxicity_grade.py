"""Toxicity grades by the criteria of CTCAE 4.0 and 5.0, each value placed by hand on one side of a bound."""

import csv
from pathlib import Path

import pandas as pd
import pytest

from adam.catalog.derivation import Action
from adam.catalog.derivations import DERIVATIONS
from adam.catalog.derivations.toxicity_grade import toxicity_grade
from adam.catalog.prose import Prose
from adam.core.kinds import ValueKind
from adam.core.reference_table import ReferenceTable

TABLES = Path(__file__).parents[2] / "specs" / "safety" / "tables"


def table_of(name: str, rows: list[dict[str, str]]) -> ReferenceTable:
    columns = {column: tuple(float(row[column]) if column == "GRADE" else row[column] for row in rows) for column in rows[0]}
    return ReferenceTable(name, "", columns, {column: ValueKind.NUMBER if column == "GRADE" else ValueKind.TEXT for column in columns})


def read(name: str) -> ReferenceTable:
    with (TABLES / f"{name.lower()}.csv").open(encoding="utf-8") as file:
        return table_of(name, list(csv.DictReader(file)))


CTCAE_4, CTCAE_5 = read("CTCAE_4"), read("CTCAE_5")


def number(value):
    return pd.Series([value], dtype="float64")


def text(value):
    return pd.Series([value], dtype="str")


def graded(table, direction, term, value, unit="", *, low=None, high=None, base=None, indicator=None, conditions=None):
    return toxicity_grade(
        table,
        direction,
        text(term),
        number(value),
        unit=text(unit),
        low=number(low),
        high=number(high),
        baseline=number(base),
        baseline_indicator=None if indicator is None else text(indicator),
        conditions=conditions,
    )


def grade(*arguments, **limits):
    found = graded(*arguments, **limits)
    assert not found.issues, found.issues
    return found.column.iloc[0]


def refused(*arguments, **limits):
    found = graded(*arguments, **limits)
    assert found.column.iloc[0] == ""
    (issue,) = found.issues
    assert issue.action is Action.ERROR
    return issue.text


@pytest.mark.parametrize("table", [CTCAE_4, CTCAE_5])
@pytest.mark.parametrize(("value", "expected"), [(120, "0"), (119.9, "1"), (100, "1"), (99.9, "2"), (80, "2"), (79.9, "3"), (None, "")])
def test_anemia(table, value, expected):
    assert grade(table, "low", "Anemia", value, "g/L", low=120) == expected


@pytest.mark.parametrize(("value", "expected"), [(79, "3"), (99, "2"), (100, ""), (150, "")])
def test_without_the_lower_limit_only_the_grades_that_do_not_need_it(value, expected):
    assert grade(CTCAE_5, "low", "Anemia", value, "g/L") == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(40, "0"), (40.1, "1"), (120, "1"), (120.1, "2"), (200, "2"), (200.1, "3"), (800, "3"), (800.1, "4")],
)
def test_multiples_of_the_upper_limit(value, expected):
    assert grade(CTCAE_4, "high", "Alanine aminotransferase increased", value, high=40) == expected
    assert grade(CTCAE_5, "high", "Alanine aminotransferase increased", value, high=40, base=40) == expected
    assert grade(CTCAE_5, "high", "Alanine aminotransferase increased", value, high=40) == expected  # a missing baseline is not abnormal
    assert grade(CTCAE_4, "high", "Alanine aminotransferase increased", value) == ""


@pytest.mark.parametrize(
    ("value", "expected"), [(89.9, "0"), (90, "1"), (180, "1"), (180.1, "2"), (300, "2"), (300.1, "3"), (1200, "3"), (1200.1, "4")]
)
def test_multiples_of_an_abnormal_baseline(value, expected):
    assert grade(CTCAE_5, "high", "Alanine aminotransferase increased", value, high=40, base=60) == expected
    assert grade(CTCAE_5, "high", "Alanine aminotransferase increased", value, high=70, base=60, indicator="HIGH") == expected


def test_the_baseline_indicator_wins_over_the_limits_of_the_record():
    assert grade(CTCAE_5, "high", "Alanine aminotransferase increased", 61, high=40, base=60, indicator="NORMAL") == "1"
    assert grade(CTCAE_5, "high", "Alanine aminotransferase increased", 61, high=40, base=60, indicator="HIGH HIGH") == "0"


@pytest.mark.parametrize(
    ("value", "base", "four", "five"),
    [
        (60, 60, "0", "0"),
        (61, 60, "1", "0"),  # above the baseline is grade 1 in 4.0 only
        (90, 60, "1", "0"),
        (91, 60, "2", "2"),  # 1.5 times the baseline
        (181, 60, "3", "3"),
        (601, 60, "4", "4"),  # 6 times the limit
        (101, None, "1", "1"),
        (99, None, "", ""),  # a missing baseline could give a grade
    ],
)
def test_creatinine_has_the_highest_grade_of_two_scales(value, base, four, five):
    assert grade(CTCAE_4, "high", "Creatinine increased", value, "umol/L", high=100, base=base) == four
    assert grade(CTCAE_5, "high", "Creatinine increased", value, "umol/L", high=100, base=base) == five


@pytest.mark.parametrize(
    ("value", "base", "expected"),
    [
        (160, 150, "0"),
        (161, 150, "1"),
        (180, 150, "1"),
        (181, 150, "2"),
        (201, 150, "3"),
        (161, None, "1"),
        (165, 170, "0"),  # the baseline is above the limit of 160, so it counts from the baseline
        (190, 170, "1"),
        (191, 170, "2"),
        (211, 170, "3"),
    ],
)
def test_differences_from_the_limit_or_from_a_baseline_above_it(value, base, expected):
    assert grade(CTCAE_4, "high", "Hemoglobin increased", value, "g/L", high=160, base=base) == expected


@pytest.mark.parametrize(
    ("value", "low", "base", "expected"),
    [
        (4, 2, 4, "0"),
        (3.9, 2, 4, "1"),
        (3, 2, 4, "2"),  # 25 % less
        (2, 2, 4, "3"),
        (1, 2, 4, "4"),
        (1.9, 2, 1.9, "1"),
        (0.49, None, None, "4"),
        (0.6, None, None, ""),
        (1.4, 2, None, "2"),  # 0.7 times the limit; the baseline could only give more
    ],
)
def test_fibrinogen_4_by_value_limit_and_baseline(value, low, base, expected):
    assert grade(CTCAE_4, "low", "Fibrinogen decreased", value, "g/L", low=low, base=base) == expected


@pytest.mark.parametrize(("value", "expected"), [(3, "0"), (2, "0"), (1.99, "3"), (1, "4")])
def test_fibrinogen_5_counts_the_decrease_of_an_abnormal_value_only(value, expected):
    assert grade(CTCAE_5, "low", "Fibrinogen decreased", value, "g/L", low=2, base=4) == expected


@pytest.mark.parametrize(("value", "expected"), [(3.5, "0"), (2.99, "3"), (2.5, "3"), (2.49, "4")])
def test_a_condition_that_decides_nothing_need_not_be_stated(value, expected):
    assert grade(CTCAE_4, "low", "Hypokalemia", value, "mmol/L", low=3.5) == expected


def test_a_condition_that_decides_the_grade_must_be_stated():
    assert refused(CTCAE_4, "low", "Hypokalemia", 3.4, "mmol/L", low=3.5) == (
        'The grade depends on whether "symptomatic or intervention indicated", which conditions: does not state; the grade is blank '
        "(state it, or otherwise: true for the highest grade)"
    )


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({"otherwise": True}, "2"),
        ({"otherwise": False}, "1"),
        ({"symptomatic or intervention indicated": True}, "2"),
        ({"symptomatic or intervention indicated": False, "otherwise": True}, "1"),
        ({"symptomatic or intervention indicated": pd.Series([True], dtype="boolean")}, "2"),
        ({"symptomatic or intervention indicated": pd.Series([None], dtype="boolean")}, "1"),
    ],
)
def test_conditions(conditions, expected):
    assert grade(CTCAE_4, "low", "Hypokalemia", 3.4, "mmol/L", low=3.5, conditions=conditions) == expected


@pytest.mark.parametrize(
    ("value", "symptoms", "expected"),
    [
        (134, False, "1"),
        (130, False, "1"),
        (129, False, "2"),
        (129, True, "3"),
        (125, False, "2"),
        (124, False, "3"),
        (120, True, "3"),
        (119, True, "4"),
    ],
)
def test_hyponatremia_5(value, symptoms, expected):
    conditions = {"symptomatic": symptoms, "asymptomatic": not symptoms}
    assert grade(CTCAE_5, "low", "Hyponatremia", value, "mmol/L", low=135, conditions=conditions) == expected


@pytest.mark.parametrize("value", [129.5, 124.5])
def test_a_value_between_two_rows_is_refused(value):
    assert refused(CTCAE_5, "low", "Hyponatremia", value, "mmol/L", low=135, conditions={"otherwise": True}).startswith(
        "The value is between two rows"
    )


@pytest.mark.parametrize(("value", "expected"), [(7.35, "0"), (7.34, "1"), (7.3, "1"), (7.29, "3")])
def test_ph_has_no_unit(value, expected):
    assert grade(CTCAE_4, "low", "Acidosis", value, "", low=7.35) == expected


@pytest.mark.parametrize("unit", ["mmol/L", "g/dL", "G/L", ""])
def test_another_unit_is_refused(unit):
    message = "The criteria of Anemia are in g/L, but the value has another unit; the grade is blank"
    assert refused(CTCAE_5, "low", "Anemia", 7.4, unit, low=8.5) == message
    assert grade(CTCAE_5, "low", "Anemia", None, unit, low=8.5) == ""


def test_terms():
    assert grade(CTCAE_5, "low", "", 1) == ""
    assert grade(CTCAE_5, "low", "ANEMIA", 90, "g/L", low=120) == "2"
    text = "The term is not in table CTCAE_5 for this direction; the grade is blank (write a text of its column TERM)"
    assert refused(CTCAE_5, "high", "Anemia", 90, "g/L") == text
    assert grade(CTCAE_4, "low", "Hypocalcemia (Ionized)", 0.95, "mmol/L", low=1.1) == "2"
    assert grade(CTCAE_4, "low", "Hypocalcemia", 1.95, "mmol/L", low=2.1) == "2"


def test_multiples_are_decimal():
    assert grade(CTCAE_4, "high", "Alanine aminotransferase increased", 0.3, high=0.1) == "1"  # 3 * 0.1 is 0.3, not a little more


def arguments(**others):
    raw = {"table": CTCAE_5, "direction": "low", "term": "ATOXDSCL", "value": "AVAL", "unit": "UNIT", "low": "ANRLO", "baseline": "BASE"}
    return DERIVATIONS["toxicity_grade"].model.model_validate({**raw, **others})


def test_contract():
    contract = DERIVATIONS["toxicity_grade"].contract
    assert contract.possible_terms(arguments()).texts == ("0", "1", "2", "3", "4")
    stated = arguments(conditions={"symptomatic": 'SYMPFL == "Y"', "otherwise": False})
    assert list(contract.argument_errors(stated)) == []
    assert contract.method_text(stated, Prose()).startswith(
        "The highest grade of the low criteria of CTCAE_5 for the term ATOXDSCL that AVAL satisfies (LLN is ANRLO, "
        "the baseline is BASE); 0 if it satisfies none. Blank without a term, or if no grade is reached and a limit or baseline that the criteria "
        'need is missing. The condition "symptomatic" holds if SYMPFL is "Y". A condition of the criteria that is not listed does not hold. '
        "The low criteria of CTCAE_5: Acidosis: grade 1 if at least 7.3 and less than LLN, grade 3 if less than 7.3; "
    )


@pytest.mark.parametrize(
    ("others", "message"),
    [
        ({"unit": None}, "The criteria of Anemia require the argument 'unit'. Add unit:."),
        ({"low": None}, "The criteria of Acidosis require the argument 'low'. Add low:."),
        ({"conditions": {"symptomatc": True}}, "No row has the condition 'symptomatc'. Did you mean 'symptomatic'?"),
        ({"conditions": {"otherwise": "X == 1"}}, "otherwise of conditions must be true or false: whether the conditions that are not listed hold."),
        ({"table": table_of("T", [{"TERM": "X"}])}, "Table T has no column DIRECTION or UNIT"),
    ],
)
def test_arguments_that_do_not_go_together(others, message):
    found = list(DERIVATIONS["toxicity_grade"].contract.argument_errors(arguments(**others)))
    assert any(each.startswith(message) for each in found), found


@pytest.mark.parametrize(
    ("column", "cell", "message"),
    [
        ("BASIS", "ULN", "Table T has 'ULN' in column BASIS. It must be one of absolute, xULN"),
        ("LOWER", "1O", "Table T has '1O' in column LOWER. It must be a number, LLN, ULN or blank."),
        ("GRADE", "6", "Column GRADE of table T must have a grade from 1 to 5 in each row."),
        ("TERM", "", "Column TERM of table T has a blank cell."),
    ],
)
def test_a_wrong_cell_is_refused(column, cell, message):
    row = {"TERM": "X", "DIRECTION": "L", "UNIT": "", "GRADE": "1", "LOWER": "", "LOWER_INCLUSIVE": "", "UPPER": "LLN", "UPPER_INCLUSIVE": "N"}
    table = table_of("T", [{**row, "BASIS": "absolute", "CONDITION": "", column: cell}])
    (found,) = DERIVATIONS["toxicity_grade"].contract.argument_errors(arguments(table=table))
    assert found.startswith(message)
