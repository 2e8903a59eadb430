"""Kidney function estimated from serum creatinine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Literal

import numpy as np
import pandas as pd

from adam.catalog.contract import Contract
from adam.catalog.derivation import Action, Derived, Issue, Number, Text, derivation
from adam.catalog.prose import Prose
from adam.core import decimals

Array = np.ndarray
MICROMOLES = 88.42
"""How many umol/L of creatinine are 1 mg/dL."""
UNITS = ("umol/L", "mg/dL")
BLACK = "BLACK OR AFRICAN AMERICAN"
UNIT = "The unit of creatinine must be umol/L or mg/dL; the result is missing"
SEX = "No coefficient is known for the sex: it must be M or F; the result is missing"
ADULTS = "The equation is for adults, but the age is below 18"


def _ckd_epi_2021(creatinine: Array, age: Array, female: Array, black: Array) -> Array:
    kappa, alpha = np.where(female, 0.7, 0.9), np.where(female, -0.241, -0.302)
    ratio = creatinine / kappa
    return np.asarray(142 * np.minimum(ratio, 1) ** alpha * np.maximum(ratio, 1) ** -1.2 * 0.9938**age * np.where(female, 1.012, 1))


def _ckd_epi_2009(creatinine: Array, age: Array, female: Array, black: Array) -> Array:
    kappa, alpha = np.where(female, 0.7, 0.9), np.where(female, -0.329, -0.411)
    ratio = creatinine / kappa
    shape = np.minimum(ratio, 1) ** alpha * np.maximum(ratio, 1) ** -1.209
    return np.asarray(141 * shape * 0.993**age * np.where(female, 1.018, 1) * np.where(black, 1.159, 1))


def _mdrd(creatinine: Array, age: Array, female: Array, black: Array) -> Array:
    return np.asarray(175 * creatinine**-1.154 * age**-0.203 * np.where(female, 0.742, 1) * np.where(black, 1.212, 1))


EQUATIONS: dict[str, Callable[[Array, Array, Array, Array], Array]] = {
    "CKD-EPI 2021": _ckd_epi_2021,
    "CKD-EPI 2009": _ckd_epi_2009,
    "MDRD": _mdrd,
}
WITH_RACE = ("CKD-EPI 2009", "MDRD")
"""The equations with a coefficient for Black subjects."""
TEXTS = {
    "CKD-EPI 2021": "142 * min(SCr / k, 1) ** a * max(SCr / k, 1) ** -1.2 * 0.9938 ** age, * 1.012 if female; "
    "k is 0.7 and a is -0.241 if female, k is 0.9 and a is -0.302 if male",
    "CKD-EPI 2009": "141 * min(SCr / k, 1) ** a * max(SCr / k, 1) ** -1.209 * 0.993 ** age, * 1.018 if female, * 1.159 if Black; "
    "k is 0.7 and a is -0.329 if female, k is 0.9 and a is -0.411 if male",
    "MDRD": "175 * SCr ** -1.154 * age ** -0.203, * 0.742 if female, * 1.212 if Black",
}
Equation = Literal["CKD-EPI 2021", "CKD-EPI 2009", "MDRD"]


def _egfr_text(arguments: Any, prose: Prose) -> str:  # noqa: ANN401
    inputs = f"creatinine {prose.part(arguments.creatinine)} in {prose.part(arguments.unit)}, age {prose.part(arguments.age)}"
    race = f", race {prose.part(arguments.race)}" if arguments.race is not None else ""
    made = f"from {inputs}, sex {prose.part(arguments.sex)}{race}"
    return (
        f"eGFR in mL/min/1.73 m2 by {arguments.equation} {made}: {TEXTS[arguments.equation]}. SCr is creatinine in mg/dL (umol/L / {MICROMOLES:g})."
    )


def _egfr_errors(arguments: Any) -> Iterator[str]:  # noqa: ANN401
    if arguments.equation in WITH_RACE and arguments.race is None:
        yield f"{arguments.equation} requires the argument 'race': it has a coefficient for {BLACK}. Add race:, or use CKD-EPI 2021."
    if arguments.equation not in WITH_RACE and arguments.race is not None:
        yield f"{arguments.equation} has no coefficient for race. Delete race:."


def _clearance_text(arguments: Any, prose: Prose) -> str:  # noqa: ANN401
    creatinine, unit = prose.part(arguments.creatinine), prose.part(arguments.unit)
    above = f"(140 - {prose.part(arguments.age)}) * {prose.part(arguments.weight)}"
    sex = prose.part(arguments.sex)
    return (
        f"Creatinine clearance in mL/min by Cockcroft and Gault. {unit} is mg/dL: {above} / (72 * {creatinine}), * 0.85 if {sex} is F. "
        f"{unit} is umol/L: {above} * 1.23 / {creatinine}, with 1.04 for 1.23 if {sex} is F."
    )


def _issues(known: Array, unit: pd.Series, sex: pd.Series, age: pd.Series) -> tuple[Array, tuple[Issue, ...]]:
    """Which records have a unit and a sex that the equations know, and what to report of the others."""
    measured, described = unit.isin(UNITS).to_numpy(), sex.isin(("M", "F")).to_numpy()
    young = known & measured & described & (age < 18).to_numpy()
    bad_unit = Issue(UNIT, known & ~measured, Action.ERROR, {"unit": unit})
    return known & measured & described, (bad_unit, Issue(SEX, known & measured & ~described, values={"sex": sex}), Issue(ADULTS, young))


def _placed(rows: Array, values: Array, index: pd.Index) -> pd.Series:
    result = np.full(len(index), np.nan)
    result[rows] = decimals.significant(values)
    return pd.Series(result, index=index)


@derivation(Contract(_egfr_text, argument_errors=_egfr_errors))
def egfr(creatinine: Number, unit: Text, age: Number, sex: Text, *, equation: Equation, race: Text | None = None) -> Number:
    """Return the estimated glomerular filtration rate (eGFR) by a named equation: CKD-EPI 2021, CKD-EPI 2009 or MDRD.

    CKD-EPI 2009 and MDRD have a coefficient for the race BLACK OR AFRICAN AMERICAN and require `race`; CKD-EPI 2021 has none.

    Units: mL/min/1.73 m2, not rounded. Creatinine in umol/L or mg/dL, as `unit` of the record states (1 mg/dL is 88.42 umol/L); age in years.
    Missing: missing where creatinine, age or sex is missing, or creatinine or age is not above 0.
    Errors: another unit is an error, and the value is missing. A sex that is not M or F is a warning. An age below 18 is a warning.
    Source: Inker et al. 2021, Levey et al. 2009, Levey et al. 2006 (standardized creatinine); admiral compute_egfr.

    YAML:
        EGFRBL: {egfr: {creatinine: CREATBL, unit: '"umol/L"', age: AGE, sex: SEX, equation: CKD-EPI 2021}}

    >>> one = pd.Series([1.0])
    >>> egfr(one, pd.Series(["mg/dL"]), pd.Series([50.0]), pd.Series(["M"]), equation="CKD-EPI 2021").column.round(1).tolist()
    [91.7]
    """
    known = (creatinine > 0).to_numpy() & (age > 0).to_numpy() & (sex != "").to_numpy()
    rows, issues = _issues(known, unit, sex, age)
    values = np.where(unit == "umol/L", decimals.over(creatinine.to_numpy(), MICROMOLES), creatinine.to_numpy())[rows]
    black = (race == BLACK).to_numpy()[rows] if race is not None else np.zeros(rows.sum(), dtype=bool)
    rate = EQUATIONS[equation](values, age.to_numpy()[rows], (sex == "F").to_numpy()[rows], black)
    return Derived(_placed(rows, rate, creatinine.index), issues)


@derivation(Contract(_clearance_text))
def creatinine_clearance(creatinine: Number, unit: Text, age: Number, sex: Text, weight: Number) -> Number:
    """Return the creatinine clearance estimated by the equation of Cockcroft and Gault.

    Units: mL/min, not rounded. Creatinine in umol/L or mg/dL, as `unit` of the record states; age in years, weight in kg.
    Missing: missing where an argument is missing, or creatinine, age or weight is not above 0.
    Errors: another unit is an error, and the value is missing. A sex that is not M or F is a warning. An age below 18 is a warning.
    Source: Cockcroft and Gault 1976, with the constants 1.23 and 1.04 for umol/L; admiral compute_egfr (method = "CRCL").

    YAML:
        CRCLBL: {creatinine_clearance: {creatinine: CREATBL, unit: '"mg/dL"', age: AGE, sex: SEX, weight: WEIGHTBL}}

    >>> one = pd.Series([1.0])
    >>> creatinine_clearance(one, pd.Series(["mg/dL"]), pd.Series([50.0]), pd.Series(["M"]), pd.Series([72.0])).column.tolist()
    [90.0]
    """
    known = (creatinine > 0).to_numpy() & (age > 0).to_numpy() & (weight > 0).to_numpy() & (sex != "").to_numpy()
    rows, issues = _issues(known, unit, sex, age)
    values, female = creatinine.to_numpy()[rows], (sex == "F").to_numpy()[rows]
    above = (140 - age.to_numpy()[rows]) * weight.to_numpy()[rows]
    molar = (unit == "umol/L").to_numpy()[rows]
    rate = np.where(molar, above * np.where(female, 1.04, 1.23) / values, above * np.where(female, 0.85, 1) / (72 * values))
    return Derived(_placed(rows, rate, creatinine.index), issues)
