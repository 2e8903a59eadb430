"""Decimal arithmetic against Python's `decimal`, and by hand: the rule of language.md §8 in one place."""

from decimal import ROUND_HALF_EVEN, Context, Decimal

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from adam.core.decimals import at_place, group_means, group_sums, magnitude, minus, over, plus, power, significant, times

FIFTEEN = Context(prec=15, rounding=ROUND_HALF_EVEN, Emin=-400, Emax=400)
MANY = Context(prec=2000)
doubles = st.floats(allow_nan=False, allow_infinity=False)
short = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**8), max_value=10**8, places=6)


def one(values: np.ndarray) -> float:
    assert values.shape == (1,)
    return float(values[0])


def exact(value: float) -> Decimal:
    return Decimal(value)


def fifteen(value: Decimal) -> float:
    return float(FIFTEEN.plus(value))


def placed(value: Decimal, *operands: float) -> float:
    """A decimal number rounded at the 15th digit of the larger operand."""
    larger = max(abs(Decimal(repr(operand))) for operand in operands)  # as it is written: 1e-14 is not a hair below itself
    place = (larger.adjusted() if larger else 0) - 14
    return float(value.quantize(Decimal(1).scaleb(place), rounding=ROUND_HALF_EVEN, context=MANY))


@given(doubles)
@example(1.5e14 + 0.5)
@example(5e-324)
@example(1.7976931348623157e308)
@example(0.1234567890123455)
@example(9.999999999999999e22)
@settings(max_examples=1000)
def test_15_digits_is_the_double_nearest_to_the_decimal_number(value: float) -> None:
    assert one(significant(np.array([value]))) == fifteen(exact(value))


@given(doubles, st.integers(-25, 18))
@settings(max_examples=1000)
def test_a_place_is_the_double_nearest_to_the_decimal_number(value: float, place: int) -> None:
    wanted = float(exact(value).quantize(Decimal(1).scaleb(place), rounding=ROUND_HALF_EVEN, context=MANY))
    assert one(at_place(np.array([value]), np.array([place]))) == wanted


@given(st.integers(-(10**15), 10**15), st.integers(0, 15))
def test_ties_and_their_neighbours_go_where_the_exact_digits_say(whole: int, decimals_: int) -> None:
    for value in (whole + 0.5, np.nextafter(whole + 0.5, -np.inf), np.nextafter(whole + 0.5, np.inf)):
        scaled = float(value / 10.0**decimals_)
        assert one(significant(np.array([scaled]))) == fifteen(exact(scaled))


@given(short, short)
@settings(max_examples=500)
def test_sums_and_differences_of_decimal_numbers_are_exact(a: Decimal, b: Decimal) -> None:
    assert one(plus(np.array([float(a)]), float(b))) == float(a + b)
    assert one(minus(np.array([float(a)]), float(b))) == float(a - b)


@given(doubles, doubles)
@settings(max_examples=500)
def test_a_sum_is_the_double_rounded_at_the_place_of_the_larger_operand(a: float, b: float) -> None:
    total = a + b
    if not np.isfinite(total) or (total.is_integer() and abs(total) <= 2**53 and a.is_integer() and b.is_integer()):
        return
    assert one(plus(np.array([a]), b)) == placed(exact(total), a, b)


few = st.decimals(allow_nan=False, allow_infinity=False, min_value=-999, max_value=999, places=3)


@given(few, few)
@settings(max_examples=500)
def test_products_of_decimal_numbers_are_exact_and_quotients_have_15_digits(a: Decimal, b: Decimal) -> None:
    assert one(times(np.array([float(a)]), float(b))) == float(a * b)
    if b:
        quotient = float(a) / float(b)
        assert one(over(np.array([float(a)]), float(b))) == (quotient if quotient.is_integer() else fifteen(exact(quotient)))


@given(few, few)
@settings(max_examples=300)
def test_a_quotient_that_is_a_decimal_number_is_that_number(a: Decimal, b: Decimal) -> None:
    if b:
        assert one(over(np.array([float(a * b)]), float(b))) == float(a)


@given(st.lists(short, max_size=60))
def test_the_sum_of_records_is_the_decimal_sum(values: list[Decimal]) -> None:
    terms = np.array([*map(float, values)])
    sums, counts = group_sums(terms, np.zeros(len(terms), dtype="int64"), 1)
    assert (sums.tolist(), counts.tolist()) == ([float(sum(values, Decimal(0)))], [len(values)])


@given(st.lists(few, min_size=1, max_size=60))
def test_the_mean_of_records_is_the_decimal_mean_to_15_digits(values: list[Decimal]) -> None:
    terms = np.array([*map(float, values)])
    mean = one(group_means(terms, np.zeros(len(terms), dtype="int64"), 1))
    wanted = float(sum(values, Decimal(0))) / len(values)
    assert mean == fifteen(exact(wanted)) or float(wanted).is_integer()


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (over(0.3, 0.1), 3.0),
        (times(3, 1.1), 3.3),
        (plus(plus(plus(0.7, 0.1), 0.1), 0.1), 1.0),
        (times(over(minus(0.9, 9.0), 9.0), 100), -90.0),
        (minus(2.3, 2.1), 0.2),
        (minus(1.1, 1.0), 0.1),
        (plus(0.1, 0.2), 0.3),
        (minus(0.3, plus(0.1, 0.2)), 0.0),
        (power(1.1, 2), 1.21),
        (plus(1e15, 0.3), 1e15),  # the 15th digit of 1e15 is the tens
        (minus(1e15 + 0.5, 1e15), 0.0),
        (plus(9007199254740991.0, 1.0), 9007199254740992.0),  # whole numbers are exact
        (minus(1234567890123456.0, 1.0), 1234567890123455.0),
        (times(0.0, -5.0), 0.0),
        (over(1.0, 3.0), 0.333333333333333),
        (over(2.0, 3.0), 0.666666666666667),
        (plus(1e-20, 2e-20), 3e-20),
    ],
)
def test_by_hand(found: np.ndarray, expected: float) -> None:
    assert one(found) == expected
    assert not (one(found) == 0 and np.signbit(found[0]))


def test_missing_and_infinite_stay_what_they_are() -> None:
    assert np.isnan(plus(np.array([np.nan]), 1.0)).all() and np.isnan(significant(np.array([np.nan]))).all()
    assert times(1e200, 1e200).tolist() == [np.inf]
    assert np.isnan(over(1.0, 0.0)).all() and np.isnan(power(-8.0, 1 / 3)).all()


def test_sums_that_cancel_are_nothing_and_those_of_too_many_digits_are_as_good_as_the_doubles() -> None:
    group = np.array([0, 0, 0, 1, 1])
    assert group_sums(np.array([0.1, 0.2, -0.3, 1 / 3, 2 / 3]), group, 2)[0].tolist() == [0.0, 1.0]
    many = np.full(100_000, 0.1)
    sums, _ = group_sums(many, np.zeros(len(many), dtype="int64"), 1)
    assert sums.tolist() == [10000.0]
    wide = np.array([1e300, 1.0, -1e300, 5e-300])
    assert group_sums(wide, np.zeros(4, dtype="int64"), 1)[0].tolist() == [0.0]
    assert np.isnan(group_means(np.array([np.nan]), np.array([0]), 1)).all()


def test_a_group_below_0_is_none() -> None:
    assert group_sums(np.array([5.0, 6.0]), np.array([-1, 0]), 1)[0].tolist() == [6.0]


@given(doubles)
@example(1e-14)  # the double is a hair below the decimal number it is written as
@example(9.999999999999999e-15)
@settings(max_examples=1000)
def test_magnitude_is_the_place_of_the_first_digit_as_written(value: float) -> None:
    if value:
        assert magnitude(np.array([value])).tolist() == [Decimal(repr(value)).adjusted()]


def test_the_sum_of_a_group_does_not_depend_on_other_groups() -> None:
    few, many = [0.1, 0.2, 0.3], [1 / 3, 2e300, 1e15, 0.7]
    together, _ = group_sums(np.array([*few, *many]), np.array([0, 0, 0, 1, 1, 1, 1]), 2)
    assert together[0] == 0.6
    assert together.tolist() == [group_sums(np.array(each), np.zeros(len(each), dtype="int64"), 1)[0][0] for each in (few, many)]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([0.1, 0.25, 1 / 3, 7.0, 1e15, 2.5e-9, 1e300, -0.1]), st.integers(0, 2)), max_size=12))
def test_each_group_is_summed_as_if_it_were_alone(values: list[tuple[float, int]]) -> None:
    terms, number = np.array([value for value, _ in values], dtype="float64"), np.array([group for _, group in values], dtype="int64")
    sums, counts = group_sums(terms, number, 3)
    for group in range(3):
        mine = terms[number == group]
        alone, count = group_sums(mine, np.zeros(len(mine), dtype="int64"), 1)
        assert (sums[group], counts[group]) == (alone[0], count[0])
