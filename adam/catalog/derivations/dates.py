"""Derivations of dates: study days, imputation and its flags, treatment emergence."""

from __future__ import annotations

import re
from calendar import monthrange
from typing import Self

import numpy as np
import pandas as pd
from pydantic import model_validator

from adam.catalog.derivation import Condition, Date, Datetime, Derived, Issue, LiteralText, Number, Options, Text, derivation
from adam.core import iso
from adam.core.kinds import ValueKind, nothing, true

DAY = np.timedelta64(86400, "s")
WORDS = re.compile(r"first|last|((0[1-9]|1[0-2])-)?(0[1-9]|[12][0-9]|3[01])")
EVER = (pd.Timestamp("0001-01-01").as_unit("s"), pd.Timestamp("9999-12-31").as_unit("s"))


@derivation
def study_day(date: Date, reference: Date) -> Number:
    """Relative day; there is no day 0, so the reference date is day 1.

    Units: days.
    Missing: missing where either date is missing.
    Source: ADaMIG, --DY variables; admiral derive_vars_dy.

    YAML:
        ASTDY: {study_day: {date: ASTDT, reference: TRTSDT}}

    >>> from adam.core.kinds import dates
    >>> study_day(dates("2014-01-18", "2014-01-16"), dates("2014-01-17", "2014-01-17")).tolist()
    [2.0, -1.0]
    """
    days = (date - reference) / DAY
    return days + (days >= 0)


class Level(Options):
    """What is done where a part of a date is missing: the first of `use` that is possible, else `otherwise` (first, last, DD or MM-DD)."""

    use: list[Date] = []
    otherwise: LiteralText | None = None

    @model_validator(mode="after")
    def known(self) -> Self:
        """There is something to do, and `otherwise` is one of its words."""
        if self.otherwise is None and not self.use:
            raise ValueError("an entry says use, otherwise or both")
        if self.otherwise is not None and not WORDS.fullmatch(self.otherwise):
            raise ValueError(f"otherwise is first, last, DD or MM-DD; '{self.otherwise}' is none of them")
        if self.otherwise is not None and "-" in self.otherwise:
            month, day = map(int, self.otherwise.split("-"))
            if day > monthrange(2000, month)[1]:  # a leap year
                raise ValueError(f"otherwise of month is first, last or MM-DD; no year has the day {self.otherwise}")
        return self


class DayLevel(Level):
    """The day is missing."""

    @model_validator(mode="after")
    def fits(self) -> Self:
        """A known month is never changed."""
        if self.otherwise and "-" in self.otherwise:
            raise ValueError(f"otherwise of day is first, last or DD; '{self.otherwise}' would change the month")
        return self


class MonthLevel(Level):
    """The month is missing."""

    @model_validator(mode="after")
    def fits(self) -> Self:
        """A day alone does not say the month."""
        if self.otherwise and self.otherwise.isdigit():
            raise ValueError(f"otherwise of month is first, last or MM-DD; '{self.otherwise}' says no month")
        return self


class YearLevel(Level):
    """The year is missing, or the whole date."""

    @model_validator(mode="after")
    def fits(self) -> Self:
        """No date is the first or last where the year is not known."""
        if self.otherwise is not None:
            raise ValueError("year has no otherwise, only use: nothing says which year")
        return self


@derivation
def imputed_date(
    dtc: Text,
    *,
    day: DayLevel | None = None,
    month: MonthLevel | None = None,
    year: YearLevel | None = None,
    not_after: Date | None = None,
    not_before: Date | None = None,
    cap: list[Date] = [],  # noqa: B006  (never changed)
) -> Date:
    """The date of a DTC text, imputed where it is partial; a full date is never changed, nor a part that is known.

    `day` says what to do if only the day is missing, `month` if the month is (a day without month counts as missing), `year` if the year
    or the whole date is. A day that the month does not have is its last. Then the date is not after the earliest `cap` inside the possible
    range, and moved up to `not_before`, at most to the end of the range. Of an interval the first part is read.

    Missing: missing where the text is no date, with a warning, and where a level that is needed has no entry, or no date of its own.
    Source: DOMAIN §7.1, §11.25; admiral derive_vars_dt.

    YAML:
        ASTDT: {imputed_date: {dtc: AESTDTC, day: {use: [TRTSDT], otherwise: first}, month: {otherwise: first}}}

    >>> from adam.core.kinds import dates, texts
    >>> level = Level.model_construct(use=[dates("2019-03-20")], otherwise="first")
    >>> imputed_date(texts("2019-03"), day=level).column.dt.strftime("%F").tolist()
    ['2019-03-20']
    """
    full, found = iso.complete_date(dtc), iso.parts(dtc)
    no_year, no_month = np.isnan(found.year) & ~iso.invalid(dtc), np.isnan(found.month)
    low = iso.first_date(dtc).mask(no_year, EVER[0])
    high = iso.last_date(dtc.where(~iso.interval(dtc), dtc.str.split("/").str.get(0).astype("str"))).mask(no_year, EVER[1])
    result, dated = full.copy(), found.valid & ~no_year & full.isna().to_numpy()
    for level, mine in ((day, dated & ~no_month), (month, dated & no_month), (year, no_year)):
        if level is not None:
            result = result.where(~mine, _chosen(level, low, high, not_after))
    for bound in [pd.concat([c.where((c >= low) & (c <= high)) for c in cap], axis=1).min(axis=1)] if cap else []:
        result = result.where(~((result > bound) & full.isna()), bound.astype("datetime64[s]"))
    if not_before is not None:
        up = not_before.where(~(not_before > high), high)
        result = result.where(~((result < up) & full.isna()), up)
    return Derived(result, (Issue("a text that is not a date, or an impossible one, has no imputed date; it is missing", iso.invalid(dtc)),))


def _chosen(level: Level, low: pd.Series, high: pd.Series, not_after: pd.Series | None) -> pd.Series:
    """The first of `use` inside the range and not after the bound, else `otherwise`."""
    bounds = {None: nothing(ValueKind.DATE, low.index), "first": low, "last": high}
    result = bounds[level.otherwise] if level.otherwise in bounds else _fixed(str(level.otherwise), low)
    for date in reversed(level.use):
        fits = (date >= low) & (date <= high)
        if not_after is not None:
            fits &= ~(date > not_after)
        result = result.where(~fits, date)
    return result


def _fixed(text: str, low: pd.Series) -> pd.Series:
    """A day of the month, or a month and day of the year; the last day of a month that has not so many."""
    month, _, day = text.rpartition("-")
    start = low.to_numpy().astype("datetime64[Y]") if month else low.to_numpy().astype("datetime64[M]")
    months = start.astype("datetime64[M]") + (int(month) - 1 if month else 0)
    date = np.minimum(months.astype("datetime64[D]") + (int(day) - 1), (months + 1).astype("datetime64[D]") - 1)
    return pd.Series(date.astype("datetime64[s]"), index=low.index)


@derivation
def date_imputation_flag(dtc: Text, date: Date) -> Text:
    """The highest part that the date has and the text has not: Y, M or D.

    Missing: blank where the date is missing or the text is complete.
    Source: ADaMIG, *DTF, codelist DATEFL; DOMAIN §7.1.

    YAML:
        ASTDTF: {date_imputation_flag: {dtc: AESTDTC, date: ASTDT}}

    >>> from adam.core.kinds import dates, texts
    >>> date_imputation_flag(texts("2019", "2019-03", "2019-03-01"), dates("2019-01-01", "2019-03-01", "2019-03-01")).tolist()
    ['M', 'D', '']
    """
    found = iso.parts(dtc)
    words = np.where(np.isnan(found.year), "Y", np.where(np.isnan(found.month), "M", np.where(np.isnan(found.day), "D", "")))
    return pd.Series(np.where(date.isna(), "", words), index=dtc.index, dtype="str")


@derivation
def time_imputation_flag(dtc: Text, datetime: Datetime) -> Text:
    """The highest part of the time that the datetime has and the text has not: H or M; seconds are not collected and not flagged.

    Missing: blank where the datetime is missing.
    Source: ADaMIG, *TMF, codelist TIMEFL; DOMAIN §11.20.

    YAML:
        ASTTMF: {time_imputation_flag: {dtc: AESTDTC, datetime: ASTDTM}}

    >>> from adam.core.kinds import datetimes, texts
    >>> time_imputation_flag(texts("2019-03-20", "2019-03-20T09"), datetimes("2019-03-20T00:00", "2019-03-20T09:00")).tolist()
    ['H', 'M']
    """
    found = iso.parts(dtc)
    words = np.where(np.isnan(found.hour), "H", np.where(np.isnan(found.minute), "M", ""))
    return pd.Series(np.where(datetime.isna(), "", words), index=dtc.index, dtype="str")


@derivation
def treatment_emergent(
    start: Date,
    end: Date,
    first_dose: Date,
    last_dose: Date,
    *,
    start_time: Datetime | None = None,
    first_dose_time: Datetime | None = None,
    days_after: Number | None = None,
    worsened: Condition | None = None,
) -> Text:
    """Whether an event emerged on treatment: Y or blank.

    Untreated: blank. Ended before the first dose: blank. No start: Y. Started at the first dose or later, and not more than `days_after`
    days after the last one (any time if there is none): Y. Started before it and `worsened`: Y. The times decide where both are known.

    Units: days_after in days; without it the window is open.
    Missing: as said for each; an unknown condition is not true.
    Source: DOMAIN §7.2, §11.21; PHUSE WP-087; admiral derive_var_trtemfl.

    YAML:
        TRTEMFL: {treatment_emergent: {start: ASTDT, end: AENDT, first_dose: TRTSDT, last_dose: TRTEDT, days_after: STUDY.FUPDAYS}}

    >>> from adam.core.kinds import dates
    >>> none, dose = dates("", ""), dates("2019-03-20", "2019-03-20")
    >>> treatment_emergent(dates("2019-03-20", "2019-03-19"), none, dose, none).tolist()
    ['Y', '']
    """
    before = (start < first_dose).to_numpy(dtype=bool)
    if start_time is not None and first_dose_time is not None:
        timed = (start_time.notna() & first_dose_time.notna()).to_numpy()
        before = np.where(timed, start_time < first_dose_time, before)
    late = np.zeros(len(start), dtype=bool)
    if days_after is not None:
        late = (((start - last_dose) / DAY) > days_after).to_numpy(dtype=bool)
    worse = true(worsened).to_numpy() if worsened is not None else np.zeros(len(start), dtype=bool)
    emerged = np.where(before, worse, ~late) | start.isna().to_numpy()
    emerged &= first_dose.notna().to_numpy() & ~(end < first_dose).to_numpy(dtype=bool)
    return pd.Series(np.where(emerged, "Y", ""), index=start.index, dtype="str")
