"""Decimal arithmetic: operators, functions, sums and means return numbers with few decimal digits, without binary noise.

The rule (language.md §8), for doubles `a` and `b`:

    a + b, a - b    rounded to the 15th significant digit of the larger of |a|, |b|
    others          rounded to 15 significant digits
    a sum           the exact sum of the decimal values, rounded to the 15th digit of the larger of the largest value and the sum

A tie at that digit goes to the even digit, as in Python's `format(x, ".15g")`. A whole number up to 2**53 that results from whole numbers
is already exact and is not changed. Rounding gives the double nearest to the decimal number, so the same number is compared, cut and
exported, and its text is short. A value that is only copied is not changed; missing and infinite values stay as they are.
"""

from __future__ import annotations

import numpy as np

DIGITS = 15
EXACT = 22
"""10.0**22 is the largest power of ten that a double holds exactly."""
WHOLE = 2.0**53
POWERS = np.array([float(f"1e{power}") for power in range(-330, 310)])
SPLIT = 2.0**27 + 1
LIMB = 2.0**26


def _power(exponent: np.ndarray) -> np.ndarray:
    return np.asarray(POWERS[np.clip(exponent, -330, 309) + 330])


def magnitude(values: np.ndarray) -> np.ndarray:
    """The place of the first digit: 0 for 1 to 9.99, -1 for 0.1 to 0.99; 0 for zero and NaN.

    >>> magnitude(np.array([999.0, 1000.0, 0.1, 0.0, np.nan])).tolist()
    [2, 3, -1, 0, 0]
    """
    size = np.abs(values)
    size = np.where(np.isfinite(size) & (size > 0), size, 1.0)
    place = np.floor(np.log10(size)).astype("int64")
    place -= size < _power(place)  # the logarithm can be slightly wrong at a power of ten
    place += size >= _power(place + 1)
    return np.asarray(place)


def at_place(values: np.ndarray, place: np.ndarray) -> np.ndarray:
    """Each value rounded at the decimal place 10**place: the double nearest to that decimal number.

    Args:
        values: finite or not.
        place: where to round; -2 is hundredths.

    >>> at_place(np.array([0.30000000000000004, 2.675]), np.array([-15, -2])).tolist()
    [0.3, 2.67]
    """
    result = values.copy()
    decimals = -place
    scale = POWERS[np.clip(decimals, 0, EXACT) + 330]
    with np.errstate(all="ignore"):
        scaled = values * scale
        near = np.rint(scaled)
        plain = (decimals >= 0) & (decimals <= EXACT) & (np.abs(near) < WHOLE)
        # values * scale is rounded; where that may change which whole number is nearest, the rounding error is computed
        unsure = plain & (np.abs(np.abs(scaled - near) - 0.5) <= np.abs(scaled) * 2.0**-52)
        if unsure.any():
            near[unsure] = _nearest(values[unsure], scale[unsure], scaled[unsure])
        result = np.where(plain, near / scale, values)
    rest = np.flatnonzero(~plain & np.isfinite(values) & (values != 0))
    for row in rest:  # tiny and huge numbers: rare, so one by one
        result[row] = _written(float(values[row]), int(place[row]))
    return np.where(result == 0, 0.0, result)


def _nearest(values: np.ndarray, scale: np.ndarray, scaled: np.ndarray) -> np.ndarray:
    """The whole number nearest to the exact product, a tie to even (Dekker's product gives the error of `scaled`)."""
    parts = []
    for factor in (values, scale):
        big = factor * SPLIT
        high = big - (big - factor)
        parts.append((high, factor - high))
    (a, b), (c, d) = parts
    error = ((a * c - scaled) + a * d + b * c) + b * d
    low = np.floor(scaled)
    half = (scaled - low - 0.5) + error  # both are exact here, because scaled is very near a half
    return np.where(half > 0, low + 1, np.where(half < 0, low, 2 * np.rint(low / 2 + 0.25)))


def _written(value: float, place: int) -> float:
    """One value rounded at a place by its exact decimal digits."""
    digits = int(magnitude(np.array([value]))[0]) - place
    return float(f"{value:.{digits}e}") if digits >= 0 else 0.0 if digits < -1 else _below(value, place)


def _below(value: float, place: int) -> float:
    """A value whose first digit is directly after the place, rounded: 0, or one at the place."""
    return float(f"{'-' if value < 0 else ''}1e{place}") if abs(value) > float(f"5e{place - 1}") else 0.0


def significant(values: np.ndarray) -> np.ndarray:
    """Each value rounded to 15 significant digits.

    >>> significant(np.array([0.3 / 0.1, 3 * 1.1, -0.0, np.nan])).tolist()
    [3.0, 3.3, 0.0, nan]
    """
    result = np.asarray(values, dtype="float64") + 0.0
    with np.errstate(invalid="ignore"):
        rows = np.flatnonzero((result != np.rint(result)) | (np.abs(result) >= 10.0**DIGITS))
    result[rows] = at_place(result[rows], magnitude(result[rows]) - DIGITS + 1)
    return result


def _rounded(a: np.ndarray, b: np.ndarray, result: np.ndarray, *, place: bool) -> np.ndarray:
    """A result rounded by the rule: at the place of the operands, or to 15 digits; whole numbers from whole numbers are unchanged."""
    result = result + 0.0
    with np.errstate(invalid="ignore"):
        whole = (a == np.rint(a)) & (b == np.rint(b)) & (result == np.rint(result)) & (np.abs(result) <= WHOLE)
        rows = np.flatnonzero(~whole & np.isfinite(result))
    if not len(rows):
        return result
    some = result[rows]
    larger = np.maximum(np.abs(a[rows]), np.abs(b[rows])) if place else some
    result[rows] = at_place(some, magnitude(larger) - DIGITS + 1)
    return result


def _both(a: np.ndarray | float, b: np.ndarray | float) -> tuple[np.ndarray, np.ndarray]:
    x, y = np.broadcast_arrays(np.asarray(a, dtype="float64"), np.asarray(b, dtype="float64"))
    return np.atleast_1d(x), np.atleast_1d(y)


def plus(a: np.ndarray | float, b: np.ndarray | float) -> np.ndarray:
    """The sum a + b.

    >>> plus(np.array([0.1, 1.0]), 0.2).tolist()
    [0.3, 1.2]
    """
    x, y = _both(a, b)
    with np.errstate(all="ignore"):
        return _rounded(x, y, x + y, place=True)


def minus(a: np.ndarray | float, b: np.ndarray | float) -> np.ndarray:
    """The difference a - b.

    >>> minus(np.array([2.3, 0.9]), np.array([2.1, 9.0])).tolist()
    [0.2, -8.1]
    """
    x, y = _both(a, b)
    with np.errstate(all="ignore"):
        return _rounded(x, y, x - y, place=True)


def times(a: np.ndarray | float, b: np.ndarray | float) -> np.ndarray:
    """The product a * b.

    >>> times(3.0, np.array([1.1, 0.1])).tolist()
    [3.3, 0.3]
    """
    x, y = _both(a, b)
    with np.errstate(all="ignore"):
        return _rounded(x, y, x * y, place=False)


def over(a: np.ndarray | float, b: np.ndarray | float) -> np.ndarray:
    """The quotient a / b; missing where b is 0.

    >>> over(np.array([0.3, 1.0]), np.array([0.1, 0.0])).tolist()
    [3.0, nan]
    """
    x, y = _both(a, b)
    with np.errstate(all="ignore"):
        return _rounded(x, y, np.where(y == 0, np.nan, x / y), place=False)


def power(a: np.ndarray | float, b: np.ndarray | float) -> np.ndarray:
    """The power a ** b; not a number where there is no real power.

    >>> power(np.array([1.1, -8.0]), np.array([2.0, 0.5])).tolist()
    [1.21, nan]
    """
    x, y = _both(a, b)
    with np.errstate(all="ignore"):
        return _rounded(x, y, x**y, place=False)


def group_sums(values: np.ndarray, number: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """The sum of each group, and its number of values. Missing values are left out; the sum of no value is 0.

    Args:
        values: one for each record.
        number: the group of each record, below 0 for none.
        size: the number of groups.

    >>> group_sums(np.array([0.7, 0.1, 0.1, 0.1, np.nan]), np.array([0, 0, 0, 0, 1]), 2)[0].tolist()
    [1.0, 0.0]
    """
    mine = (number >= 0) & ~np.isnan(values)
    group, terms = number[mine], values[mine]
    counts = np.bincount(group, minlength=size)
    largest = np.zeros(size)
    np.maximum.at(largest, group, np.abs(terms))
    sums = _exact(terms, group, largest, counts)
    finite = np.isfinite(sums)
    sums[~finite] = np.bincount(group, weights=terms, minlength=size)[~finite]
    whole = np.bincount(group, weights=terms != np.rint(terms), minlength=size) == 0
    rows = np.flatnonzero(finite & ~(whole & (np.abs(sums) <= WHOLE)))
    sums[rows] = at_place(sums[rows], magnitude(np.maximum(largest[rows], np.abs(sums[rows]))) - DIGITS + 1)
    return sums + 0.0, counts


def group_means(values: np.ndarray, number: np.ndarray, size: int) -> np.ndarray:
    """The mean of each group: its sum divided by the number of values, missing values left out; missing where there are none.

    >>> group_means(np.array([0.1, 0.2, np.nan]), np.array([0, 0, 1]), 2).tolist()
    [0.15, nan]
    """
    sums, counts = group_sums(values, number, size)
    return over(sums, counts)


def _exact(terms: np.ndarray, group: np.ndarray, largest: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """The sum of each group of decimal numbers; if those of a group have too many digits, the sum of its doubles.

    Each group has its own number of decimals: no sum depends on the values of another group.
    """
    size = len(largest)
    sums, decided, left = np.zeros(size), counts == 0, np.arange(len(terms))
    for decimals in range(EXACT + 1):
        scale = 10.0**decimals
        open_ = ~decided & (largest < WHOLE / scale)
        left = left[open_[group[left]]]
        if not len(left):
            break
        whole, of = np.rint(terms[left] * scale), group[left]
        exact = open_ & (np.bincount(of, weights=whole / scale != terms[left], minlength=size) == 0)
        mine = exact[of]
        sums[exact] = (_two_sums(whole[mine], LIMB, of[mine], size) / scale)[exact]
        decided |= exact
    rest = np.flatnonzero(~decided[group])
    if len(rest):
        with np.errstate(all="ignore"):
            unit = 2.0 ** np.ceil(np.log2(np.maximum(largest, 1e-290) * (counts + 1)) - 52)
            sums[~decided] = _two_sums(terms[rest], unit[group[rest]], group[rest], size)[~decided]
    return sums


def _two_sums(terms: np.ndarray, unit: float | np.ndarray, group: np.ndarray, size: int) -> np.ndarray:
    """Sums without intermediate rounding: multiples of a unit add up exactly, and the remainder of each term is small."""
    high = np.rint(terms / unit) * unit
    return np.asarray(np.bincount(group, weights=high, minlength=size) + np.bincount(group, weights=terms - high, minlength=size))
