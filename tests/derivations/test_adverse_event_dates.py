"""DOMAIN §7.1, §7.2, §9.1 and rulings 4, 20, 21, 25, 35, 42: what the cases of imputation do not tell.

First dose 2019-03-20 09:30, entry into the second period 2019-05-15, as in the specification of the adverse events.
"""

import pandas as pd
import pytest

from adam.catalog.derivations import imputed_date as days
from adam.catalog.derivations.dates import date_imputation_flag, study_day, time_imputation_flag
from adam.catalog.derivations.imputed_date import Level
from adam.catalog.derivations.treatment_emergent import treatment_emergent
from adam.core import iso
from adam.core.kinds import conditions, dates, datetimes, numbers, texts


def imputed_date(*values, **options):
    return days.imputed_date(*values, **options).column


DOSE, ENTRY = "2019-03-20", "2019-05-15"


def day(column):
    return ["" if pd.isna(value) else value.date().isoformat() for value in column]


def level(otherwise, *use):
    return Level.model_construct(use=[dates(date) for date in use], otherwise=otherwise)


def start(text, end=""):
    date = imputed_date(texts(text), day=level("first", DOSE, ENTRY), month=level("first", DOSE), not_after=iso.last_date(texts(end)))
    return day(date)[0]


def end(text, cap=(), not_before=""):
    caps = [dates(date) for date in cap]
    date = imputed_date(texts(text), day=level("last"), month=level("last"), cap=caps, not_before=dates(not_before))
    return day(date)[0]


def emerged(begin, **more):
    given = {"end": dates(""), "last_dose": dates(""), "first_dose": dates(DOSE), "days_after": numbers(30), **more}
    return treatment_emergent(dates(begin), **given)[0]


def test_the_first_of_use_wins_not_the_earliest():
    assert day(imputed_date(texts("2019-03"), day=level("first", "2019-03-25", "2019-03-20"))) == ["2019-03-25"]


def test_case_08_a_year_never_jumps_to_the_entry():
    assert start("2019") == DOSE


@pytest.mark.parametrize(("finish", "expected"), [("2019-03-20", DOSE), ("2019-03-19", "2019-03-01"), ("2019-03", DOSE), ("2019-02", "2019-03-01")])
def test_the_end_as_late_as_it_may_be_decides(finish, expected):
    assert start("2019-03", finish) == expected


def test_ruling_25_a_known_month_after_the_end_is_not_changed():
    assert start("2019-03", "2019-01-05") == "2019-03-01"


def test_case_19_no_end_no_date():
    assert end("") == ""


def test_case_20_full_dates_are_kept_even_if_start_is_after_end():
    assert start("2019-06-10", "2019-06-01") == "2019-06-10"
    assert end("2019-06-01", cap=["2019-05-01"], not_before="2019-06-10") == "2019-06-01"


@pytest.mark.parametrize(("text", "expected"), [("2019-02", "2019-02-28"), ("2020-02", "2020-02-29"), ("2019", "2019-12-31")])
def test_an_end_is_the_last_day(text, expected):
    assert end(text) == expected


@pytest.mark.parametrize(
    ("cap", "expected"),
    [
        (["2019-05-20", "2019-05-10"], "2019-05-10"),
        (["", "2019-05-10"], "2019-05-10"),
        (["2019-04-30", "2019-05-10"], "2019-05-10"),
        (["2019-04-30", "2019-06-01"], "2019-05-31"),
        (["2019-05-01"], "2019-05-01"),
        (["2019-05-31"], "2019-05-31"),
    ],
)
def test_the_earliest_cap_inside_the_range(cap, expected):
    assert end("2019-05", cap) == expected


@pytest.mark.parametrize(("begin", "expected"), [("2019-05-25", "2019-05-25"), ("2019-06-25", "2019-05-31"), ("2019-04-01", "2019-05-10")])
def test_ruling_25_not_before_the_start_and_not_beyond_the_range(begin, expected):
    assert end("2019-05", ["2019-05-10"], begin) == expected


@pytest.mark.parametrize(("contact", "expected"), [("", "2019-07-01"), ("2019-07-12", "2019-07-12"), ("2019-08-02", "2019-07-31")])
def test_ruling_35_a_partial_death_is_the_last_contact_inside_its_range(contact, expected):
    found = imputed_date(texts("2019-07"), day=level("first"), month=level("first"), not_before=dates(contact))
    assert day(found) == [expected]


@pytest.mark.parametrize(("text", "expected"), [("2019-05", ENTRY), ("2019", ENTRY), ("2019-06", "2019-06-01")])
def test_ruling_42_a_partial_exposure_starts_at_the_entry_if_it_can(text, expected):
    assert day(imputed_date(texts(text), day=level("first", ENTRY), month=level("first", ENTRY))) == [expected]


def test_of_an_interval_the_first_part_and_its_own_range():
    column = texts("2019-03/2019-05", "2019-03-18/2019-05")
    assert day(imputed_date(column, day=level("last"))) == ["2019-03-31", "2019-03-18"]


def test_a_bound_that_is_missing_bounds_nothing():
    nobody = dates("")
    assert day(imputed_date(texts("2019-05"), day=level("last"), cap=[nobody], not_before=nobody, not_after=nobody)) == ["2019-05-31"]


@pytest.mark.parametrize(
    ("text", "date", "expected"),
    [
        ("2019-03-20", "2019-03-20", ""),
        ("2019-03", "2019-03-20", "D"),
        ("2019", "2019-03-20", "M"),
        ("2019---15", "2019-03-20", "M"),
        ("--03-15", "2019-03-20", "Y"),
        ("", "2019-03-20", "Y"),
        ("2019-UN-UN", "2019-03-20", "Y"),
        ("2019-03", "", ""),
    ],
)
def test_ruling_4_the_highest_part_that_was_imputed(text, date, expected):
    assert date_imputation_flag(texts(text), dates(date)).tolist() == [expected]


@pytest.mark.parametrize(
    ("text", "time", "expected"),
    [
        ("2019-03-20", "2019-03-20T00:00:00", "H"),
        ("2019-03-20T-:30", "2019-03-20T00:00:00", "H"),
        ("2019-03-20T09", "2019-03-20T09:00:00", "M"),
        ("2019-03-20T09:30", "2019-03-20T09:30:00", ""),
        ("2019-03-20T09:30:15", "2019-03-20T09:30:15", ""),
        ("2019-03-20", "", ""),
    ],
)
def test_ruling_20_seconds_are_never_flagged(text, time, expected):
    assert time_imputation_flag(texts(text), datetimes(time)).tolist() == [expected]


def test_there_is_no_day_0():
    days = study_day(dates("2019-03-21", "2019-03-20", "2019-03-19", "", "2019-03-20"), dates(*[DOSE] * 4, ""))
    assert days[:3].tolist() == [2, 1, -1]
    assert days[3:].isna().all()


def test_study_day_over_a_leap_day():
    assert study_day(dates("2020-03-01"), dates("2020-02-28")).tolist() == [3]


@pytest.mark.parametrize(("begin", "expected"), [("2019-10-01", "Y"), ("2019-10-02", "")])
def test_the_last_day_of_the_window_belongs_to_it(begin, expected):
    assert emerged(begin, last_dose=dates("2019-09-01")) == expected


def test_case_42_without_a_last_dose_the_window_is_open():
    assert emerged("2025-01-01") == "Y"


def test_case_104_the_worse_record_of_a_group_is_its_own():
    assert (emerged("2019-03-15"), emerged("2019-03-29")) == ("", "Y")


def test_case_105_worsened_but_ended_before_the_first_dose():
    assert emerged("2019-03-15", worsened=conditions(True)) == "Y"
    assert emerged("2019-03-15", worsened=conditions(True), end=dates("2019-03-19")) == ""
    assert emerged("2019-03-15", worsened=conditions(True), end=dates(DOSE)) == "Y"


def test_worsening_says_nothing_of_an_event_that_started_after_the_window():
    assert emerged("2019-12-01", worsened=conditions(True), last_dose=dates("2019-09-01")) == ""


def test_case_13_a_start_before_the_dose_of_the_day_can_worsen():
    times = {"start_time": datetimes("2019-03-20T08:15"), "first_dose_time": datetimes("2019-03-20T09:30")}
    assert emerged(DOSE, **times) == ""
    assert emerged(DOSE, **times, worsened=conditions(True)) == "Y"


@pytest.mark.parametrize(
    ("start_time", "dose_time"), [("", "2019-03-20T09:30"), ("2019-03-20T08:15", ""), ("2019-03-20T09:59:59", "2019-03-20T09:30")]
)
def test_case_14_on_the_day_it_emerged_unless_surely_before_the_dose(start_time, dose_time):
    assert emerged(DOSE, start_time=datetimes(start_time), first_dose_time=datetimes(dose_time)) == "Y"


def test_case_108_without_start_it_emerged_unless_it_ended_before():
    assert [emerged("", end=dates(date)) for date in ("2019-06-04", "", DOSE, "2019-03-19")] == ["Y", "Y", "Y", ""]


def test_case_36_an_untreated_subject_has_none():
    assert emerged("2019-06-01", first_dose=dates("")) == emerged("", first_dose=dates("")) == ""
