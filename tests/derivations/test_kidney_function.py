"""Kidney function: values worked out from the published equations."""

import pandas as pd
import pytest

from adam.catalog.derivation import Action
from adam.catalog.derivations import DERIVATIONS
from adam.catalog.derivations.kidney_function import creatinine_clearance, egfr
from adam.catalog.prose import Prose


def number(value):
    return pd.Series([value], dtype="float64")


def text(value):
    return pd.Series([value], dtype="str")


def rate(creatinine, unit, age, sex, equation, race=None):
    return egfr(number(creatinine), text(unit), number(age), text(sex), equation=equation, race=None if race is None else text(race))


@pytest.mark.parametrize(
    ("creatinine", "unit", "age", "sex", "value"),
    [
        (1.0, "mg/dL", 50, "M", 91.6915),  # 142 * (1 / 0.9) ** -1.2 * 0.9938 ** 50
        (0.6, "mg/dL", 30, "F", 123.7579),  # 142 * (0.6 / 0.7) ** -0.241 * 0.9938 ** 30 * 1.012
        (1.2, "mg/dL", 70, "F", 48.6966),  # 142 * (1.2 / 0.7) ** -1.2 * 0.9938 ** 70 * 1.012
        (90, "umol/L", 53, "M", 88.1040),  # 90 / 88.42 = 1.01787 mg/dL
    ],
)
def test_ckd_epi_2021(creatinine, unit, age, sex, value):
    assert rate(creatinine, unit, age, sex, "CKD-EPI 2021").column.iloc[0] == pytest.approx(value, abs=5e-5)


@pytest.mark.parametrize(
    ("creatinine", "unit", "age", "sex", "equation", "race", "value"),
    [
        (1.0, "mg/dL", 50, "M", "CKD-EPI 2009", "ASIAN", 87.3697),  # 141 * (1 / 0.9) ** -1.209 * 0.993 ** 50
        (0.6, "mg/dL", 30, "F", "CKD-EPI 2009", "BLACK OR AFRICAN AMERICAN", 141.7599),  # ... * 1.018 * 1.159
        (90, "umol/L", 53, "M", "MDRD", "ASIAN", 76.5832),  # 175 * 1.01787 ** -1.154 * 53 ** -0.203
        (70, "umol/L", 52, "F", "MDRD", "BLACK OR AFRICAN AMERICAN", 92.4000),  # ... * 0.742 * 1.212
    ],
)
def test_equations_with_race(creatinine, unit, age, sex, equation, race, value):
    assert rate(creatinine, unit, age, sex, equation, race).column.iloc[0] == pytest.approx(value, abs=5e-5)


@pytest.mark.parametrize(
    ("creatinine", "unit", "age", "sex", "weight", "value"),
    [
        (90, "umol/L", 53, "M", 85, 101.065),  # 87 * 85 * 1.23 / 90
        (70, "umol/L", 52, "F", 68.5, 89.5588571428571),  # 88 * 68.5 * 1.04 / 70
        (1, "mg/dL", 53, "M", 85, 102.708333333333),  # 87 * 85 / 72
        (0.8, "mg/dL", 52, "F", 68.5, 88.9548611111111),  # 88 * 68.5 * 0.85 / (72 * 0.8)
    ],
)
def test_cockcroft_gault(creatinine, unit, age, sex, weight, value):
    found = creatinine_clearance(number(creatinine), text(unit), number(age), text(sex), number(weight)).column.iloc[0]
    assert found == pytest.approx(value, rel=1e-14)


@pytest.mark.parametrize("unit", ["mg/L", "MG/DL", ""])
def test_another_unit_is_an_error(unit):
    found = rate(1.0, unit, 50, "M", "CKD-EPI 2021")
    assert found.column.isna().all()
    (issue,) = [each for each in found.issues if each.mask.any()]
    assert issue.action is Action.ERROR
    assert issue.values["unit"].tolist() == [unit]


def test_an_unknown_sex_is_a_warning_and_a_child_is_one():
    assert [issue.text for issue in rate(1.0, "mg/dL", 50, "U", "CKD-EPI 2021").issues if issue.mask.any()] == [
        "No coefficient is known for the sex: it must be M or F; the result is missing"
    ]
    child = rate(1.0, "mg/dL", 12, "M", "CKD-EPI 2021")
    assert child.column.notna().all()
    assert [issue.text for issue in child.issues if issue.mask.any()] == ["The equation is for adults, but the age is below 18"]


@pytest.mark.parametrize(("creatinine", "age", "sex"), [(None, 50, "M"), (1, None, "M"), (1, 50, ""), (0, 50, "M"), (-1, 50, "M")])
def test_without_an_input_there_is_no_rate_and_no_issue(creatinine, age, sex):
    found = rate(creatinine, "kg", age, sex, "CKD-EPI 2021") if creatinine in (None, 0, -1) else rate(creatinine, "mg/dL", age, sex, "CKD-EPI 2021")
    assert found.column.isna().all()
    assert not any(issue.mask.any() for issue in found.issues)


@pytest.mark.parametrize(
    ("equation", "race", "start"), [("MDRD", {}, "MDRD requires the argument 'race'"), ("CKD-EPI 2021", {"race": "RACE"}, "CKD-EPI 2021 has")]
)
def test_race_belongs_to_the_equations_that_have_a_coefficient_for_it(equation, race, start):
    known = DERIVATIONS["egfr"]
    arguments = known.model.model_validate({"creatinine": "CREAT", "unit": "UNIT", "age": "AGE", "sex": "SEX", "equation": equation, **race})
    (message,) = known.contract.argument_errors(arguments)
    assert message.startswith(start)


def test_method_text_has_the_equation():
    known = DERIVATIONS["egfr"]
    arguments = known.model.model_validate({"creatinine": "CREAT", "unit": "UNIT", "age": "AGE", "sex": "SEX", "equation": "CKD-EPI 2021"})
    text = known.contract.method_text(arguments, Prose())
    assert text.startswith("eGFR in mL/min/1.73 m2 by CKD-EPI 2021 from creatinine CREAT in UNIT, age AGE, sex SEX: 142 * min(SCr / k, 1) ** a")


@pytest.mark.parametrize("equation", ["CKD-EPI 2021", "CKD-EPI 2009", "MDRD"])
def test_an_age_that_is_not_above_zero_has_no_rate(equation):
    # 0 ** -0.203 would be infinite
    found = rate(1.0, "mg/dL", 0, "F", equation, None if equation == "CKD-EPI 2021" else "ASIAN")
    assert found.column.isna().tolist() == [True]
