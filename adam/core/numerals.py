"""Numbers as text: which texts are numbers that a double can hold, and how a number is written."""

from __future__ import annotations

import re
from decimal import Decimal

import numpy as np
import pandas as pd

PLAIN = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]{1,6})?")
"""The text of a number; anything else (`inf`, `NA`, `0x1F`, `1,5`) is not a number."""
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""Characters that a dataset or document cannot hold: control characters and halves of surrogate pairs."""
LONG = 400
"""A longer text is not read as a number: no measurement has so many digits."""
MOST = 17
"""The number of digits that identify a double."""
UNREAD = "The text is not a number, or has more digits than a number can hold; it is missing"


def number_of(text: str) -> float:
    """The number of a text; NaN if it is not a number, or if the nearest double is another number.

    A text of up to 17 significant digits is a number if the double, written with as many digits, gives that text again.

    >>> [number_of(text) for text in ("5.0E3", " 1e-3 ", "+5", ".5", "5.", "1e999", "9007199254740993", "1,5", "")]
    [5000.0, 0.001, 5.0, 0.5, 5.0, nan, nan, nan, nan]
    """
    plain = text.strip()
    if len(plain) > LONG or not PLAIN.fullmatch(plain):
        return np.nan
    value, meant = float(plain), Decimal(plain)
    if not np.isfinite(value) or (value == 0) != (meant == 0):
        return np.nan
    digits = len(meant.normalize().as_tuple().digits)
    return value if digits <= MOST and Decimal(f"{value:.{digits - 1}e}") == meant else np.nan


def refusal(text: str) -> str:
    """Why a text is not a number that a double can hold.

    >>> refusal("9007199254740993")
    '9007199254740993 cannot be stored exactly as a number; the nearest is 9007199254740992 (use at most 15 digits)'
    """
    shown = text if len(text) <= 40 else f"{text[:20]}... ({len(text)} characters)"
    if not PLAIN.fullmatch(text):
        return f"{shown} is not a number (write plain decimals: 12, 1.5, 2e-3)"
    if len(text) <= LONG and np.isfinite(float(text)):
        return f"{shown} cannot be stored exactly as a number; the nearest is {written(float(text))} (use at most 15 digits)"
    return f"{shown} is too large or too long for a number (at most 17 significant digits, below 1.8e308)"


def read(text: pd.Series) -> tuple[pd.Series, np.ndarray]:
    """Texts as numbers, and the records whose text is neither blank nor a number."""
    codes, uniques = pd.factorize(text)
    values = np.array([*(number_of(str(each)) for each in uniques), np.nan], dtype="float64")
    column = pd.Series(values[codes], index=text.index)
    return column, (column.isna() & (text.str.strip() != "")).to_numpy(dtype=bool)


def written(value: float) -> str:
    """The shortest text of a number: 3.0 is 3, with an exponent only if there would be more than about twenty digits.

    >>> [written(value) for value in (3.0, 2.5, -0.0, 1e-07, 1e22, 0.30000000000000004)]
    ['3', '2.5', '0', '0.0000001', '1e+22', '0.30000000000000004']
    """
    if value == 0:
        return "0"
    if not 1e-15 <= abs(value) < 1e21:
        return repr(value)
    return np.format_float_positional(value, trim="-")
