"""ADaMIG and OCCDS, ONTRTFL: on treatment from the first dose to the last one, 2019-03-20 to 2019-04-20."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adam.catalog.derivations.on_treatment import on_treatment
from adam.core.kinds import dates

FIRST, LAST = "2019-03-20", "2019-04-20"


def flag(start, first=FIRST, last=LAST, **options):
    return on_treatment(dates(start), dates(first), dates(last), **options)[0]


@pytest.mark.parametrize(
    ("start", "expected"),
    [("2019-03-19", ""), ("2019-03-20", "Y"), ("2019-04-20", "Y"), ("2019-04-21", ""), ("", "Y")],
)
def test_the_first_and_the_last_day_are_on_treatment(start, expected):
    assert flag(start) == expected


def test_days_after_the_last_dose():
    assert [flag(day, days_after=30) for day in ("2019-05-20", "2019-05-21")] == ["Y", ""]


def test_without_a_dose_nothing_is_on_treatment_and_without_a_last_dose_treatment_goes_on():
    assert (flag("2019-03-25", first="", last=""), flag("", first="", last=""), flag("2030-01-01", last="")) == ("", "", "Y")


def test_what_ends_before_the_first_dose_is_not_on_treatment():
    assert flag("", end=dates("2019-03-19")) == ""
    assert flag("", end=dates("2019-03-20")) == "Y"


def test_what_goes_on_at_the_first_dose_is_on_treatment_if_asked():
    assert [flag("2019-01-01", end=dates(end), ongoing=True) for end in ("2019-03-19", "2019-03-20", "")] == ["", "Y", "Y"]
    assert flag("2019-01-01", end=dates("2019-03-20")) == ""


@given(st.dates(), st.dates(), st.dates())
def test_a_known_record_is_on_treatment_inside_the_interval_only(start, first, last):
    expected = "Y" if first <= start <= last else ""
    assert flag(start.isoformat(), first.isoformat(), last.isoformat()) == expected
