"""ISO 8601 dates and times as collected (DOMAIN §7.1, rulings 19, 20, 57): what is known of one text."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache

PART = re.compile(
    r"(?P<year>\d{4}|-)"
    r"(-(?P<month>\d\d|-)"
    r"(-(?P<day>\d\d|-)"
    r"(T(?P<hour>\d\d|-)"
    r"(:(?P<minute>\d\d|-)"
    r"(:(?P<second>\d\d|-))?)?"
    r"(?P<offset>Z|[+-]\d\d:\d\d)?)?)?)?"
)


@dataclass(frozen=True)
class Moment:
    """The known parts of a collected date; `lo` and `hi` bound the days it can mean, None without a year."""

    lo: date | None = None
    hi: date | None = None
    level: str = ""  # "" a full date, D the day is missing, M the month is missing
    hour: int | None = None
    minute: int | None = None
    second: int | None = None

    @property
    def date(self) -> date | None:
        return self.lo if self.lo is not None and self.level == "" else None

    @property
    def partial(self) -> bool:
        return self.level != ""

    @property
    def timed(self) -> bool:
        """Whether hours and minutes are known."""
        return self.hour is not None and self.minute is not None

    def first_time(self) -> time:
        return time(self.hour or 0, self.minute or 0, self.second or 0)

    def last_time(self) -> time:
        """The latest time the known hour allows; a minute is taken as its 00 second."""
        return self.first_time() if self.timed else time(self.hour, 59, 59)

    def at(self, day: date) -> datetime:
        return datetime.combine(day, self.first_time())

    def order(self) -> tuple:
        """Undated before dated, untimed before timed."""
        day = self.date
        return (day is not None, day or date.min, self.hour is not None, self.first_time())


NOTHING = Moment()


@cache
def parse(text: str, last: bool = False) -> Moment:
    """The parts of `text`; of an interval the first value, or the last one; NOTHING for what is outside the grammar."""
    if "/" in text:
        parts = [parse(part) for part in text.split("/")]
        return NOTHING if NOTHING in parts else parts[-1 if last else 0]
    match = PART.fullmatch(text)
    if match is None:
        return NOTHING
    known = {name: int(value) for name, value in match.groupdict().items() if name != "offset" and value not in (None, "-")}
    if not possible(known):
        return NOTHING
    lo, hi, level = span(known)
    hour = known.get("hour")
    minute = known.get("minute") if hour is not None else None
    second = known.get("second") if minute is not None else None
    return Moment(lo, hi, level, hour, minute, second)


def possible(known: dict) -> bool:
    """Whether every part lies within its calendar."""
    limits = {"month": (1, 12), "day": (1, 31), "hour": (0, 23), "minute": (0, 59), "second": (0, 59)}
    if any(not limits[name][0] <= value <= limits[name][1] for name, value in known.items() if name in limits):
        return False
    if "year" in known and known["year"] < 1:
        return False
    if {"year", "month", "day"} <= set(known):
        return known["day"] <= calendar.monthrange(known["year"], known["month"])[1]
    return True


def span(known: dict) -> tuple:
    """First day, last day and level; a day without its month is dropped."""
    if "year" not in known:
        return None, None, ""
    year = known["year"]
    if "month" not in known:
        return date(year, 1, 1), date(year, 12, 31), "M"
    month = known["month"]
    if "day" not in known:
        return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]), "D"
    day = date(year, month, known["day"])
    return day, day, ""


def capped_end(moment: Moment, caps: list, start: date | None) -> date | None:
    """Last day of a partial end: the earliest cap inside its range, not before its start, never beyond the range (§7.1, ruling 25)."""
    if not moment.partial:
        return moment.date
    day = min([cap for cap in caps if cap is not None and moment.lo <= cap <= moment.hi], default=moment.hi)
    if start is not None:
        day = max(day, start)
    return min(day, moment.hi)
