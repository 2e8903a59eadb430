"""Reference ranges: each side, both, and the alert limits."""

import pandas as pd
import pytest

from adam.catalog.derivations import DERIVATIONS
from adam.catalog.derivations.range_indicator import range_indicator
from adam.catalog.prose import Prose
from adam.expressions.parse import parse

NONE = None


def of(value, low, high, **alerts):
    def column(number):
        return pd.Series([number], dtype="float64")

    found = range_indicator(column(value), column(low), column(high), **{name: column(number) for name, number in alerts.items()})
    return found.column.iloc[0], [issue.text for issue in found.issues if issue.mask.any()]


@pytest.mark.parametrize(
    ("value", "low", "high", "term"),
    [
        (59.9, 60, 100, "LOW"),
        (60, 60, 100, "NORMAL"),
        (100, 60, 100, "NORMAL"),
        (100.1, 60, 100, "HIGH"),
        (59.9, 60, NONE, "LOW"),
        (1000, 60, NONE, "NORMAL"),
        (-5, NONE, 100, "NORMAL"),
        (101, NONE, 100, "HIGH"),
        (70, NONE, NONE, ""),
        (NONE, 60, 100, ""),
    ],
)
def test_a_limit_belongs_to_the_range_and_one_limit_is_enough(value, low, high, term):
    assert of(value, low, high) == (term, [])


@pytest.mark.parametrize(
    ("value", "term"), [(39, "LOW LOW"), (40, "LOW"), (59, "LOW"), (60, "NORMAL"), (100, "NORMAL"), (101, "HIGH"), (110, "HIGH"), (111, "HIGH HIGH")]
)
def test_alert_limits(value, term):
    assert of(value, 60, 100, low_low=40, high_high=110) == (term, [])


def test_a_missing_alert_limit_decides_nothing():
    assert of(1, 60, 100, low_low=NONE, high_high=110) == ("LOW", [])


def test_below_an_alert_limit_is_low_low_even_if_the_range_is_open_there():
    assert of(39, NONE, 100, low_low=40) == ("LOW LOW", [])


def test_limits_in_the_wrong_order_are_a_warning():
    assert of(80, 100, 60) == ("", ["The lower limit of the reference range is above the upper limit; the result is blank"])


def test_contract():
    known = DERIVATIONS["range_indicator"]
    names = {"value": "AVAL", "low": "ANRLO", "high": "ANRHI"}
    arguments = known.model.model_validate(names)
    assert known.contract.possible_terms(arguments).texts == ("NORMAL", "LOW", "HIGH")
    assert known.contract.method_text(arguments, Prose()) == (
        '"LOW" if AVAL is less than ANRLO; "HIGH" if AVAL is greater than ANRHI; '
        '"NORMAL" if AVAL is not missing and ANRLO or ANRHI is not missing; otherwise blank.'
    )
    alerts = known.model.model_validate({**names, "high_high": "A1HI"})
    assert known.contract.possible_terms(alerts).texts == ("NORMAL", "HIGH HIGH", "LOW", "HIGH")
    assert all(case.when is None or parse(str(case.when)) for case in known.contract.expected_cases(alerts, {}))
