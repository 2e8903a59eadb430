"""Durations, counted by hand."""

import pandas as pd
import pytest

from adam.catalog.derivations import DERIVATIONS
from adam.catalog.derivations.duration import duration
from adam.catalog.prose import Prose
from adam.core.kinds import dates, datetimes


def of(start, end, **options):
    return duration(dates(start), dates(end), **{"inclusive": False, **options}).iloc[0]


@pytest.mark.parametrize(
    ("start", "end", "inclusive", "days"),
    [
        ("2020-02-28", "2020-03-01", False, 2),  # a leap year
        ("2020-02-28", "2020-03-01", True, 3),
        ("2020-03-01", "2020-03-01", False, 0),
        ("2020-03-01", "2020-03-01", True, 1),
        ("2020-03-02", "2020-03-01", True, -1),  # no day is added backwards
    ],
)
def test_days(start, end, inclusive, days):
    assert of(start, end, unit="days", inclusive=inclusive) == days


@pytest.mark.parametrize(
    ("unit", "end", "value"), [("weeks", "2020-01-15", 2), ("years", "2024-01-01", 4), ("months", "2021-05-03", 16.0328542094456)]
)
def test_units_of_average_length(unit, end, value):
    assert of("2020-01-01", end, unit=unit) == value


@pytest.mark.parametrize(
    ("start", "end", "unit", "completed"),
    [
        ("2019-01-31", "2019-02-28", "months", 0),
        ("2019-01-31", "2019-03-01", "months", 1),
        ("2019-01-15", "2019-02-14", "months", 0),
        ("2019-01-15", "2019-02-15", "months", 1),
        ("2016-02-29", "2017-02-28", "years", 0),
        ("2016-02-29", "2017-03-01", "years", 1),
        ("2019-03-15", "2019-01-15", "months", -2),
    ],
)
def test_completed_calendar_units(start, end, unit, completed):
    assert of(start, end, unit=unit, calendar=True) == completed


def test_the_last_day_counts_if_both_dates_do():
    assert of("2019-01-01", "2019-12-31", unit="years", calendar=True, inclusive=True) == 1


@pytest.mark.parametrize("calendar", [True, False])
def test_without_a_date_there_is_no_duration(calendar):
    found = duration(dates("", "2019-01-01"), dates("2019-01-01", ""), unit="months", inclusive=True, calendar=calendar)
    assert found.isna().all()


def test_an_empty_dataset_has_no_durations():
    nothing = pd.Series([], dtype="datetime64[s]")
    assert len(duration(nothing, nothing, unit="years", inclusive=True, calendar=True)) == 0


def test_the_method_text_is_a_sentence():
    known = DERIVATIONS["duration"]
    arguments = known.model.model_validate({"start": "TRTSDT", "end": "TRTEDT", "unit": "weeks", "inclusive": False})
    text = "TRTEDT - TRTSDT. The days are divided by 7 (weeks of average length). Missing if either date is missing."
    assert known.contract.method_text(arguments, Prose()) == text


@pytest.mark.parametrize(
    ("unit", "start", "end", "value"),
    [
        ("seconds", "2024-03-05T10:00:30", "2024-03-05T10:01:00", 30),
        ("minutes", "2024-03-05T23:50", "2024-03-06T00:05", 15),
        ("hours", "2024-02-28T12:00", "2024-03-01T00:00", 36),  # 29 February is in between
        ("hours", "2024-03-05T10:00", "2024-03-05T09:30", -0.5),
        ("hours", "2024-03-05T10:00", "2024-03-05T10:20", 0.333333333333333),
        ("hours", "", "2024-03-05T10:20", None),
    ],
)
def test_the_time_between_datetimes(unit, start, end, value):
    found = duration(datetimes(start), datetimes(end), unit=unit, inclusive=False).iloc[0]
    assert found == value if value is not None else pd.isna(found)


@pytest.mark.parametrize("option", ["inclusive", "calendar"])
def test_a_time_in_hours_counts_no_days(option):
    raw = {"start": "ADTM", "end": "AENDTM", "unit": "hours", "inclusive": False, option: True}
    with pytest.raises(ValueError, match=f"{option} must be false with unit: hours"):
        DERIVATIONS["duration"].model.model_validate(raw)
