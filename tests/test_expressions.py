"""The language of expressions: three-valued logic, text that is never missing, thresholds without binary noise."""

import pandas as pd
import pytest

from adam.core.kinds import dates, numbers, texts
from adam.expressions.evaluate import Columns, Evaluation
from adam.expressions.parse import parse

COLUMNS = {"N": numbers(1, None, 3), "T": texts("a", "", "c"), "D": dates("2019-01-01", "", "2019-03-01"), "E": dates("2019-02-28", "", "")}


def value(text: str) -> list[object]:
    found = Evaluation(Columns(COLUMNS, pd.RangeIndex(3))).column(parse(text))
    return [None if pd.isna(entry) else entry for entry in found.tolist()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("N > 2", [False, None, True]),
        ("N != 1", [False, None, True]),
        ("not N > 2", [True, None, False]),
        ('T != "a"', [False, True, True]),
        ('N > 2 or T == ""', [False, True, True]),
        ('N > 2 and T == ""', [False, None, False]),
        ("N in (1, 2)", [True, None, False]),
        ("N not in (1, 2)", [False, None, True]),
        ("missing(N)", [False, True, False]),
        ("missing(T)", [False, True, False]),
        ('D < "2019-02-01"', [True, None, False]),
        ("E - D", [58, None, None]),
        ("N / 0", [None, None, None]),
        ("max(N, 2)", [2, 2, 3]),
        ("sum(N, N)", [2, None, 6]),
        ("nmiss(N, T)", [0, 2, 0]),
        ("coalesce(N, 9)", [1, 9, 3]),
        ("if_else(N > 2, N, 0)", [0, None, 3]),
        ("text(N / 2)", ["0.5", "", "1.5"]),
        ('number("12")', [12, 12, 12]),
        ('scan("a/ b/c", 2, "/")', ["b", "b", "b"]),
        ('scan("a/ b/c", -1, "/")', ["c", "c", "c"]),
        ('scan(T, 2, "/")', ["", "", ""]),
        ('concat(T, "-")', ["a-", "-", "c-"]),
    ],
)
def test_value(text: str, expected: list[object]) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(("text", "expected"), [("round(2.675, 2)", 2.68), ("round(-0.5, 0)", -1), ("round(-0.4, 0)", 0), ("round(1.005, 2)", 1.01)])
def test_rounding_is_half_away_from_zero(text: str, expected: float) -> None:
    assert value(text)[0] == expected
    assert str(value(text)[0]) != "-0.0"


def test_what_is_no_half_is_not_rounded_as_one() -> None:
    assert value("round(100 * (2 - 6.666667) / 6.666667, 6)")[0] == -70.000001  # the quotient is -70.0000014999999...


def test_fact_10_easi_4_8_to_2_4_is_a_fall_by_half() -> None:
    assert value("round(100 * (2.4 - (0.1 + 0.2 + 0.3 + 0.4) * 4.8) / 4.8, 6) <= -50")[0] is True


def test_fact_10_itch_13_sixths_to_1_sixth_is_a_fall_by_two() -> None:
    assert value("round(round(1 / 6, 6) - round(13 / 6, 6), 6) <= -2")[0] is True
