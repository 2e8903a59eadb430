"""DOMAIN §7.1 and §9.1: partial dates of adverse events. First dose 2019-03-20, LTS entry 2019-05-15."""

import pytest

from adam.catalog.derivations import imputed_date as days
from adam.catalog.derivations.dates import date_imputation_flag
from adam.catalog.derivations.imputed_date import Level
from adam.catalog.derivations.treatment_emergent import treatment_emergent
from adam.core.iso import last_date
from adam.core.kinds import dates, texts


def imputed_date(*values, **options):
    return days.imputed_date(*values, **options).column


DOSE, ENTRY = "2019-03-20", "2019-05-15"


def start(dtc: str, end: str = "", crosses: bool = False) -> tuple[str, str]:
    level = Level.model_construct(use=[dates(DOSE), dates(ENTRY if crosses else "")], otherwise="first")
    year = Level.model_construct(use=[dates(DOSE)], otherwise="first")
    date = imputed_date(texts(dtc), day=level, month=year, not_after=last_date(texts(end)))
    shown = date.dt.strftime("%Y-%m-%d").fillna("").iloc[0]
    return shown, date_imputation_flag(texts(dtc), date).iloc[0]


CASES = {
    "01_year_of_first_dose": (("2019",), (DOSE, "M")),
    "02_year_before": (("2018",), ("2018-01-01", "M")),
    "04_month_of_first_dose": (("2019-03", "2019-03-25"), (DOSE, "D")),
    "05_ended_before_first_dose": (("2019-03", "2019-03-10"), ("2019-03-01", "D")),
    "07_month_after": (("2019-04",), ("2019-04-01", "D")),
    "08_month_of_crossover": (("2019-05", "", True), (ENTRY, "D")),
    "08_month_of_entry_same_treatment": (("2019-05",), ("2019-05-01", "D")),
    "09_day_without_month": (("2019---15",), (DOSE, "M")),
    "10_year_missing": (("--03-15",), ("", "")),
    "12_no_such_day": (("2019-02-30",), ("", "")),
    "12_no_such_month": (("2019-13",), ("", "")),
    "12_letters": (("2019-UN-UN",), ("", "")),
    "12_other_format": (("15MAR2019",), ("", "")),
    "16_leap_second": (("2019-03-20T23:59:60",), ("", "")),
    "16_hour_24": (("2019-03-20T24:00",), ("", "")),
    "16_offset_dropped": (("2019-03-20T23:30+02:00",), (DOSE, "")),
    "17_interval": (("2019-03-18/2019-03-22",), ("2019-03-18", "")),
    "22_blank": (("",), ("", "")),
}


@pytest.mark.parametrize("case", CASES)
def test_case(case: str) -> None:
    given, expected = CASES[case]
    assert start(*given) == expected


def test_an_end_is_capped_only_inside_its_range() -> None:
    last = Level.model_construct(use=[], otherwise="last")
    cap = [dates("2019-05-20", "2018-01-01")]
    found = imputed_date(texts("2019-05", "2019-05"), day=last, cap=cap)
    assert found.dt.strftime("%Y-%m-%d").tolist() == ["2019-05-20", "2019-05-31"]


def test_an_end_is_moved_up_to_the_start_but_not_out_of_its_range() -> None:
    last = Level.model_construct(use=[], otherwise="last")
    found = imputed_date(texts("2019-05", "2019-05"), day=last, cap=[dates("2019-05-02", "2019-05-02")], not_before=dates("2019-05-10", "2019-07-01"))
    assert found.dt.strftime("%Y-%m-%d").tolist() == ["2019-05-10", "2019-05-31"]


def test_year_is_not_imputed_for_a_level_without_entry() -> None:
    day = Level.model_construct(use=[], otherwise="first")
    assert imputed_date(texts("2019"), day=day).isna().all()


@pytest.mark.parametrize("otherwise", ["middle", "1", "13-", "07-1"])
def test_otherwise_is_one_of_its_words(otherwise: str) -> None:
    with pytest.raises(ValueError, match="otherwise must be first, last, DD or MM-DD"):
        Level(otherwise=otherwise)


@pytest.mark.parametrize("otherwise", ["02-30", "04-31"])
def test_otherwise_is_a_day_that_some_year_has(otherwise: str) -> None:
    with pytest.raises(ValueError, match=f"no year has the day {otherwise}"):
        Level(otherwise=otherwise)
    assert Level(otherwise="02-29").otherwise == "02-29"


def test_a_fixed_day_and_month() -> None:
    fixed = imputed_date(
        texts("2010", "2010-02"), month=Level.model_construct(use=[], otherwise="07-01"), day=Level.model_construct(use=[], otherwise="15")
    )
    assert fixed.dt.strftime("%Y-%m-%d").tolist() == ["2010-07-01", "2010-02-15"]


EMERGED = {
    "day_of_first_dose": ((DOSE, "", DOSE, ""), "Y"),
    "day_before": (("2019-03-19", "", DOSE, ""), ""),
    "108_no_start": (("", "2019-06-04", DOSE, "2019-09-01"), "Y"),
    "10_no_start_ended_before": (("", "2019-03-19", DOSE, "2019-09-01"), ""),
    "untreated": ((DOSE, "", "", ""), ""),
    "last_day_of_follow_up": (("2019-10-01", "", DOSE, "2019-09-01"), "Y"),
    "after_follow_up": (("2019-10-02", "", DOSE, "2019-09-01"), ""),
}


@pytest.mark.parametrize("case", EMERGED)
def test_emergence(case: str) -> None:
    given, expected = EMERGED[case]
    from adam.core.kinds import numbers

    assert treatment_emergent(*(dates(value) for value in given), days_after=numbers(30)).iloc[0] == expected


@pytest.mark.parametrize(("time", "expected"), [("2019-03-20T08:15", ""), ("2019-03-20T09:30", "Y"), ("", "Y")])
def test_case_13_14_the_time_decides_on_the_day(time: str, expected: str) -> None:
    from adam.core.kinds import datetimes

    found = treatment_emergent(
        dates(DOSE), dates(""), dates(DOSE), dates(""), start_time=datetimes(time), first_dose_time=datetimes("2019-03-20T09:30")
    )
    assert found.iloc[0] == expected


@pytest.mark.parametrize(("worse", "expected"), [(True, "Y"), (False, ""), (None, "")])
def test_case_105_106_worsening(worse: bool | None, expected: str) -> None:
    from adam.core.kinds import conditions

    found = treatment_emergent(dates("2019-03-15"), dates(""), dates(DOSE), dates(""), worsened=conditions(worse))
    assert found.iloc[0] == expected
