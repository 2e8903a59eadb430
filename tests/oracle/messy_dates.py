"""Texts of dates as sites write them."""

from datetime import date, timedelta
from random import Random

from tests.oracle.iso import parse

IMPOSSIBLE = [
    "2019-02-30",
    "2019-13",
    "2019-UN-UN",
    "15MAR2019",
    "2019-6-1",
    "2019-03-20T24:00",
    "2019-03-20T23:59:60",
    "UNK",
    "2019-00-10",
    "20190320",
]
TIMES = ["T08:15", "T09:30", "T23:59", "T00:00", "T09", "T-:30", "T10:05Z", "T07:45+02:00", "T22:10-05:00", "T10:05:33", "T13:-:17"]


def complete(rng: Random, day: date) -> str:
    return day.isoformat() + (rng.choice(TIMES) if rng.random() < 0.35 else "")


def month(day: date) -> str:
    return day.isoformat()[:7]


def partial(rng: Random, day: date) -> str:
    """The day with its day, or its day and month, not known."""
    year = day.isoformat()[:4]
    return rng.choice([month(day), month(day), month(day) + "--", year, year, f"{year}---{day.day:02d}"])


def odd(rng: Random, day: date) -> str:
    """What gives no date, or only with care."""
    interval = f"{day.isoformat()}/{(day + timedelta(days=rng.randint(0, 20))).isoformat()}"
    timed = f"{day.isoformat()}T09:30/{day.isoformat()}T{rng.choice(['11:00', '12', '-:30'])}"
    return rng.choice(["", "", rng.choice(IMPOSSIBLE), f"--{day:%m-%d}", interval, timed, f"{month(day)}--T10:15", "-----T10:00"])


def any_date(rng: Random, day: date) -> str:
    """Mostly complete, often partial, now and then odd."""
    return rng.choice([complete, complete, complete, partial, partial, odd])(rng, day)


def shifted(rng: Random, text: str, most: int) -> str:
    """Another complete date near a collected one, or the text itself when that has none."""
    day = parse(text).date
    return text if day is None else complete(rng, day + timedelta(days=rng.randint(-most, most)))
