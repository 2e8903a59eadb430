"""Datetimes of partial texts, worked out by hand: the time that is missing, the date that is missing, and the limits."""

import pytest

from adam.catalog.derivations import DERIVATIONS
from adam.catalog.derivations.dates import time_imputation_flag
from adam.catalog.derivations.imputed_date import Level
from adam.catalog.derivations.imputed_datetime import imputed_datetime
from adam.core.kinds import dates, datetimes, texts

FIRST = Level.model_construct(otherwise="first")
LAST = Level.model_construct(otherwise="last")


def of(dtc: str, time: str = "first", **options: object) -> str:
    found = imputed_datetime(texts(dtc), time=time, **options)
    return found.column.dt.strftime("%Y-%m-%dT%H:%M:%S").fillna("").iloc[0]


@pytest.mark.parametrize(
    ("dtc", "time", "expected", "flag"),
    [
        ("2024-03-05T10:30:15", "last", "2024-03-05T10:30:15", ""),
        ("2024-03-05T10:30", "last", "2024-03-05T10:30:00", ""),  # seconds are not collected
        ("2024-03-05T10", "first", "2024-03-05T10:00:00", "M"),
        ("2024-03-05T10", "last", "2024-03-05T10:59:59", "M"),
        ("2024-03-05T10", "12:45:10", "2024-03-05T10:45:10", "M"),
        ("2024-03-05T-:30", "first", "2024-03-05T00:30:00", "H"),
        ("2024-03-05", "first", "2024-03-05T00:00:00", "H"),
        ("2024-03-05", "last", "2024-03-05T23:59:59", "H"),
        ("2024-03-05", "12:00:00", "2024-03-05T12:00:00", "H"),
        ("2024-03-05T22:00/2024-03-06", "last", "2024-03-05T22:00:00", ""),
        ("2024-03", "first", "", ""),
        ("", "first", "", ""),
        ("2024-02-30T10:00", "first", "", ""),
    ],
)
def test_a_missing_time(dtc: str, time: str, expected: str, flag: str) -> None:
    assert of(dtc, time) == expected
    assert time_imputation_flag(texts(dtc), datetimes(expected)).iloc[0] == flag


@pytest.mark.parametrize(
    ("dtc", "time", "options", "expected"),
    [
        ("2024-02", "last", {"day": LAST}, "2024-02-29T23:59:59"),
        ("2024", "first", {"month": FIRST}, "2024-01-01T00:00:00"),
        ("2024", "first", {"day": FIRST}, ""),
        ("2024-03", "first", {"day": Level.model_construct(use=[dates("2024-03-20")], otherwise="first")}, "2024-03-20T00:00:00"),
        ("", "first", {"year": Level.model_construct(use=[dates("2024-03-20")], otherwise=None)}, "2024-03-20T00:00:00"),
        # the first dose at 08:15 is possible, so an imputed start is not earlier; a known later time is not changed
        ("2024-03-05", "first", {"not_before": datetimes("2024-03-05T08:15")}, "2024-03-05T08:15:00"),
        ("2024-03-05T07:00", "first", {"not_before": datetimes("2024-03-05T08:15")}, "2024-03-05T07:00:00"),
        ("2024-03-04", "first", {"not_before": datetimes("2024-03-05T08:15")}, "2024-03-04T23:59:59"),
        ("2024-03", "first", {"day": FIRST, "not_before": datetimes("2024-03-05T08:15")}, "2024-03-05T08:15:00"),
        # death at 14:00 caps an imputed end on that day and in that month, and no other
        ("2024-03-05", "last", {"cap": [datetimes("2024-03-05T14:00")]}, "2024-03-05T14:00:00"),
        ("2024-03", "last", {"day": LAST, "cap": [datetimes("2024-03-05T14:00")]}, "2024-03-05T14:00:00"),
        ("2024-03-06", "last", {"cap": [datetimes("2024-03-05T14:00")]}, "2024-03-06T23:59:59"),
        ("2024-03-05", "last", {"cap": [datetimes("")]}, "2024-03-05T23:59:59"),
    ],
)
def test_a_missing_date_and_the_limits(dtc: str, time: str, options: dict[str, object], expected: str) -> None:
    assert of(dtc, time, **options) == expected


@pytest.mark.parametrize("time", ["noon", "24:00:00", "10:30", "10:60:00"])
def test_a_time_is_first_last_or_a_time(time: str) -> None:
    with pytest.raises(ValueError, match="time must be first, last or HH:MM:SS"):
        DERIVATIONS["imputed_datetime"].model.model_validate({"dtc": "AESTDTC", "time": time})
