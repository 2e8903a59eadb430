"""Functions of body measurements whose formula has several published versions: the name of the version is an argument."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from adam.core import decimals
from adam.core.errors import did_you_mean
from adam.core.kinds import ValueKind
from adam.expressions.function import TextConstant, function


def _boyd(height: np.ndarray, weight: np.ndarray) -> np.ndarray:
    grams = 1000 * weight
    return np.asarray(0.0003207 * height**0.3 * grams ** (0.7285 - 0.0188 * np.log10(grams)))


SURFACES: dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    "Mosteller": lambda height, weight: np.sqrt(height * weight / 3600),
    "DuBois-DuBois": lambda height, weight: 0.007184 * height**0.725 * weight**0.425,
    "Haycock": lambda height, weight: 0.024265 * height**0.3964 * weight**0.5378,
    "Gehan-George": lambda height, weight: 0.0235 * height**0.42246 * weight**0.51456,
    "Boyd": _boyd,
    "Fujimoto": lambda height, weight: 0.008883 * height**0.663 * weight**0.444,
    "Takahira": lambda height, weight: 0.007241 * height**0.725 * weight**0.425,
}
"""The body surface area in m2 from a height in cm and a weight in kg, by the name of the formula."""

FORMULAS = {
    "Mosteller": "(height * weight / 3600)^0.5",
    "DuBois-DuBois": "0.007184 * height^0.725 * weight^0.425",
    "Haycock": "0.024265 * height^0.3964 * weight^0.5378",
    "Gehan-George": "0.0235 * height^0.42246 * weight^0.51456",
    "Boyd": "0.0003207 * height^0.3 * grams^(0.7285 - 0.0188 * the logarithm of grams to base 10) with the weight in grams",
    "Fujimoto": "0.008883 * height^0.663 * weight^0.444",
    "Takahira": "0.007241 * height^0.725 * weight^0.425",
}
"""The same formulas for a reader."""


def _surface(value: float | str) -> str:
    name = str(value)
    return "" if name in SURFACES else f"Function bsa has no formula '{name}'{did_you_mean(name, SURFACES)} It has {', '.join(SURFACES)}."


@function(
    (ValueKind.NUMBER,),
    (ValueKind.NUMBER,),
    TextConstant,
    returns=ValueKind.NUMBER,
    refuses={2: _surface},
)
def bsa(height: pd.Series, weight: pd.Series, formula: str) -> pd.Series:
    """The body surface area in m2 from the height in cm, the weight in kg and the name of the formula.

    Missing: missing unless both are above 0.
    Example: bsa(180, 80, "Mosteller") → 2
    """
    tall, heavy = height.to_numpy(dtype="float64"), weight.to_numpy(dtype="float64")
    known = (tall > 0) & (heavy > 0)
    result = np.full(len(tall), np.nan)
    result[known] = decimals.significant(SURFACES[formula](tall[known], heavy[known]))
    return pd.Series(result, index=height.index)
