"""Time from one date or datetime to another, in seconds up to years."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

import numpy as np
import pandas as pd
from pydantic import AfterValidator, ValidationInfo

from adam.catalog.contract import Contract, ExpectedCase, Families, Path, case_of
from adam.catalog.derivation import Date, Number, derivation
from adam.catalog.prose import Prose
from adam.core import decimals
from adam.core.kinds import ValueKind
from adam.expressions.parse import parse

DAY = np.timedelta64(86400, "s")
DAYS = {"days": 1.0, "weeks": 7.0, "months": 30.4375, "years": 365.25}
"""The average length of each unit: a year has 365.25 days, a month a twelfth of it."""
SECONDS = {"seconds": 1.0, "minutes": 60.0, "hours": 3600.0}
"""The units of the time between two datetimes, in seconds."""
Unit = Literal["seconds", "minutes", "hours", "days", "weeks", "months", "years"]


def _days_only(name: str) -> Callable[[bool, ValidationInfo], bool]:
    """A validator that refuses `true` with a unit of datetimes."""

    def valid(value: bool, info: ValidationInfo) -> bool:
        unit = info.data.get("unit", "")
        if value and unit in SECONDS:
            raise ValueError(f"{name} must be false with unit: {unit}; the {unit} between two datetimes are only subtracted")
        return value

    return valid


def _method(arguments: Any, prose: Prose) -> str:  # noqa: ANN401
    start, end, unit = prose.part(arguments.start), prose.part(arguments.end), arguments.unit
    if unit in SECONDS:
        return f"The time from {start} to {end} in {unit}. Missing if either is missing."
    days = f"{end} - {start} + 1 if {end} is on or after {start}; otherwise {end} - {start}" if arguments.inclusive else f"{end} - {start}"
    if arguments.calendar:
        last = f"{end} included" if arguments.inclusive else f"{end} not included"
        return f"The number of completed calendar {unit} from {start} to {end}, {last}. Missing if either date is missing."
    divided = f" The days are divided by {DAYS[unit]:g} ({unit} of average length)." if unit != "days" else ""
    return f"{days}.{divided} Missing if either date is missing."


def _cases(arguments: Any, families: Families) -> tuple[ExpectedCase, ...] | None:  # noqa: ANN401
    start, end = f"({arguments.start})", f"({arguments.end})"
    if arguments.unit in SECONDS:
        return None
    if arguments.calendar:
        last = f"{end} + 1" if arguments.inclusive else end
        years = parse(f"full_years({start}, {last})") if arguments.unit == "years" else None
        return case_of(f"missing({start}) or missing({end})", parse("missing")), case_of(f"{end} < {start}", None), case_of(None, years)
    days = case_of(None, parse(f"({end} - {start}) / {DAYS[arguments.unit]}"))
    counted = case_of(f"{end} >= {start}", parse(f"({end} - {start} + 1) / {DAYS[arguments.unit]}"))
    return (counted, days) if arguments.inclusive else (days,)


def _months(first: pd.Series, last: pd.Series) -> pd.Series:
    """The completed months from one date to a later one; a day that the last month does not have is reached on the first of the next."""
    months = (last.dt.year - first.dt.year) * 12 + last.dt.month - first.dt.month
    return (months - (last.dt.day < first.dt.day)).astype("float64")


def _completed(start: pd.Series, end: pd.Series, unit: str) -> pd.Series:
    """The completed calendar months or years, negative where the end is before the start."""
    backwards = (end < start).to_numpy(dtype=bool)
    months = _months(start.where(~backwards, end), end.where(~backwards, start))
    units = np.floor(months / 12) if unit == "years" else months
    return units.where(~backwards, -units) + 0.0


def _kinds(arguments: Any) -> dict[Path, ValueKind]:  # noqa: ANN401
    kind = ValueKind.DATETIME if arguments.unit in SECONDS else ValueKind.DATE
    return {("start",): kind, ("end",): kind}


@derivation(Contract(_method, expected_cases=_cases, kinds=_kinds))
def duration(
    start: Date,
    end: Date,
    *,
    unit: Unit,
    inclusive: Annotated[bool, AfterValidator(_days_only("inclusive"))],
    calendar: Annotated[bool, AfterValidator(_days_only("calendar"))] = False,
) -> Number:
    """Return the time from `start` to `end`: of dates in days, weeks, months or years, of datetimes in seconds, minutes or hours.

    With `inclusive: true` both dates count: the same date is one day. Days become units by their average length: a week has 7 days, a
    month 30.4375 and a year 365.25. With `calendar: true` the result is the number of completed calendar months or years instead: from
    31 January the first month is completed on 1 March (1 March in a leap year, too). In seconds, minutes and hours, `start` and `end` are
    datetimes, and `inclusive` is false.

    Units: `unit`; not rounded.
    Missing: missing where either date is missing.
    Errors: dates with a unit of datetimes, and datetimes with a unit of dates, are specification errors. Where the end is before
        the start the result is negative, and no day is added.
    Source: ADaMIG, TRTDURD, ADURN and ADURU; admiral derive_vars_duration (type = "duration", add_one; "interval" with trunc_out).

    YAML:
        TRTDURW: {duration: {start: TRTSDT, end: TRTEDT, unit: weeks, inclusive: true}}

    >>> from adam.core.kinds import dates
    >>> duration(dates("2019-01-01", "2019-01-03", ""), dates("2019-01-14", "2019-01-01", "2019-01-01"), unit="days", inclusive=True).tolist()
    [14.0, -2.0, nan]
    """
    if unit in SECONDS:
        seconds = ((end - start) / np.timedelta64(1, "s")).to_numpy(dtype="float64")
        return pd.Series(decimals.over(seconds, np.full(len(seconds), SECONDS[unit])), index=start.index)
    days = (end - start) / DAY
    counted = days + (days >= 0) if inclusive else days
    if calendar and unit in ("months", "years"):
        last = end + DAY * (days >= 0).to_numpy(dtype="int64") if inclusive else end
        return _completed(start, last, unit).where(days.notna())
    return pd.Series(decimals.over(counted.to_numpy(dtype="float64"), np.full(len(days), DAYS[unit])), index=start.index)
