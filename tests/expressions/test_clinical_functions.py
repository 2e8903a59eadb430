"""Body surface area, worked out from the published formulas for 170 cm and 75 kg."""

import math

import pandas as pd
import pytest

from adam.expressions.clinical_functions import bsa
from adam.expressions.function import FUNCTIONS


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("Mosteller", 1.8819316),  # sqrt(170 * 75 / 3600)
        ("DuBois-DuBois", 1.8635576),  # 0.007184 * 170 ** 0.725 * 75 ** 0.425
        ("Haycock", 1.8946901),  # 0.024265 * 170 ** 0.3964 * 75 ** 0.5378
        ("Gehan-George", 1.8974696),  # 0.0235 * 170 ** 0.42246 * 75 ** 0.51456
        ("Boyd", 1.9050693),  # 0.0003207 * 170 ** 0.3 * 75000 ** (0.7285 - 0.0188 * log10(75000))
        ("Fujimoto", 1.8191751),  # 0.008883 * 170 ** 0.663 * 75 ** 0.444
        ("Takahira", 1.8783437),  # 0.007241 * 170 ** 0.725 * 75 ** 0.425
    ],
)
def test_formulas(formula, value):
    assert bsa(pd.Series([170.0]), pd.Series([75.0]), formula).iloc[0] == pytest.approx(value, abs=5e-8)


def test_a_height_or_weight_that_is_missing_or_not_above_0_has_no_surface():
    height, weight = pd.Series([170.0, None, 0.0, 170.0]), pd.Series([None, 75.0, 75.0, -1.0])
    assert [math.isnan(value) for value in bsa(height, weight, "Boyd")] == [True] * 4


def test_another_formula_is_refused_before_any_data_is_read():
    assert FUNCTIONS["bsa"].refused(2, "Mosteler").startswith("Function bsa has no formula 'Mosteler'. Did you mean 'Mosteller'?")
