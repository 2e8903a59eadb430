"""Datetimes of partly known DTC texts."""

from __future__ import annotations

import re
from typing import Annotated, Any

import numpy as np
import pandas as pd
from pydantic import AfterValidator

from adam.catalog.contract import Contract
from adam.catalog.derivation import Date, Datetime, Derived, Issue, LiteralText, Text, derivation
from adam.catalog.derivations.imputed_date import EVER, DayLevel, MonthLevel, YearLevel, imputed_date, levels_text
from adam.catalog.prose import Prose, joined
from adam.core import iso

CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9])")
TIMES = {"first": "00:00:00", "last": "23:59:59"}


def _time(value: str) -> str:
    if value not in TIMES and not CLOCK.fullmatch(value):
        raise ValueError(f"time must be first, last or HH:MM:SS; it is '{value}'")
    return value


def _method(arguments: Any, prose: Prose) -> str:  # noqa: ANN401
    dtc = prose.value(arguments.dtc)
    cap = [prose.value(each) for each in arguments.cap]
    parts = {"first": "the first possible ones", "last": "the last possible ones"}.get(arguments.time, f"those of {arguments.time}")
    texts = [*levels_text(arguments, prose), f"Missing hours and minutes are {parts}."]
    texts += [f"An imputed datetime is not later than {joined(cap)} where that is possible."] if cap else []
    texts += [f"An imputed datetime is not earlier than {prose.value(arguments.not_before)}."] if arguments.not_before is not None else []
    return " ".join([f"The date and time of {dtc} if they are complete to the minute.", *texts, "Otherwise missing."])


@derivation(Contract(_method, imputes=True))
def imputed_datetime(
    dtc: Text,
    *,
    time: Annotated[LiteralText, AfterValidator(_time)],
    day: DayLevel | None = None,
    month: MonthLevel | None = None,
    year: YearLevel | None = None,
    not_after: Date | None = None,
    not_before: Datetime | None = None,
    cap: list[Datetime] = [],  # noqa: B006  (never changed)
) -> Datetime:
    """Return the datetime of a DTC text, imputed where it is partial; a text complete to the minute and known parts never change.

    The date is that of `imputed_date` with `day`, `month`, `year` and `not_after`. `time` replaces missing hours and minutes: `first`
    is 00:00:00, `last` is 23:59:59, HH:MM:SS is that time; of 10:-- with `last` it is 10:59:59. Seconds that are not collected after a
    minute are 00. The result is then limited to the earliest `cap` inside the possible range, and raised to `not_before`, at most to the
    end of the range. Of an interval the first part is used.

    Missing: missing where the text is not a date, with a warning, and where the date has a missing part without an entry.
    Source: ADaMIG, *DTM; admiral derive_vars_dtm.

    YAML:
        ASTDTM: {imputed_datetime: {dtc: AESTDTC, time: first, day: {otherwise: first}, not_before: TRTSDTM}}

    >>> from adam.core.kinds import texts
    >>> imputed_datetime(texts("2019-03-20", "2019-03-20T10"), time="last").column.dt.strftime("%F %T").tolist()
    ['2019-03-20 23:59:59', '2019-03-20 10:59:59']
    """
    single = iso.first_part(dtc)
    found, date = iso.parts(single), imputed_date(single, day=day, month=month, year=year, not_after=not_after).column
    result = date + _clock(found, TIMES.get(time, time))
    no_year = np.isnan(found.year) & ~iso.invalid(single)
    low = iso.first_datetime(single).mask(no_year, EVER[0])
    high = iso.last_datetime(single).mask(no_year, EVER[1])
    whole = ~np.isnan(found.year) & ~np.isnan(found.month) & ~np.isnan(found.day)
    open_time = np.isnan(found.hour) | np.isnan(found.minute)
    movable = open_time & (whole | np.isnan(found.hour))  # a known hour on an imputed date stays as it is
    for bound in [pd.concat([c.where((c >= low) & (c <= high)) for c in cap], axis=1).min(axis=1)] if cap else []:
        result = result.where(~((result > bound) & movable), bound.astype("datetime64[s]"))
    if not_before is not None:
        up = not_before.where(~(not_before > high), high)
        result = result.where(~((result < up) & movable), up)
    text = "a text that is not a date, or an impossible one, has no imputed datetime; it is missing"
    return Derived(result, (Issue(text, iso.invalid(dtc)),))


def _clock(found: iso.Parts, time: str) -> np.ndarray:
    """The time since midnight: known parts, and those of `time` in place of missing ones; seconds count only where the minute is missing."""
    hour, minute, second = map(int, time.split(":"))
    hours, minutes = np.where(np.isnan(found.hour), hour, found.hour), np.where(np.isnan(found.minute), minute, found.minute)
    seconds = np.where(np.isnan(found.minute), second, np.nan_to_num(found.second))
    return np.asarray((hours * 3600 + minutes * 60 + seconds).astype("int64").astype("timedelta64[s]"))
