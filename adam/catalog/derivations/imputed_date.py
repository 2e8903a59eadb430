"""Dates of partly known DTC texts."""

from __future__ import annotations

import re
from calendar import monthrange
from typing import Any, NamedTuple, Self

import numpy as np
import pandas as pd
from pydantic import model_validator

from adam.catalog.contract import Contract
from adam.catalog.derivation import Date, Derived, Issue, LiteralText, Options, Text, derivation
from adam.catalog.prose import Prose, joined
from adam.core import iso
from adam.core.kinds import ValueKind, missing_column

DEFAULTS = re.compile(r"first|last|((0[1-9]|1[0-2])-)?(0[1-9]|[12][0-9]|3[01])")
EVER = (pd.Timestamp("0001-01-01").as_unit("s"), pd.Timestamp("9999-12-31").as_unit("s"))


class Level(Options):
    """What replaces a missing part of a date: the first of `use` that is possible, else `otherwise` (first, last, DD or MM-DD)."""

    use: list[Date] = []
    otherwise: LiteralText | None = None

    @model_validator(mode="after")
    def complete(self) -> Self:
        """Refuse an entry without `use` and `otherwise`, and an `otherwise` that is no day."""
        if self.otherwise is None and not self.use:
            raise ValueError("an entry needs use, otherwise or both")
        if self.otherwise is not None and not DEFAULTS.fullmatch(self.otherwise):
            raise ValueError(f"otherwise must be first, last, DD or MM-DD; it is '{self.otherwise}'")
        if self.otherwise is not None and "-" in self.otherwise:
            month, day = map(int, self.otherwise.split("-"))
            if day > monthrange(2000, month)[1]:  # a leap year
                raise ValueError(f"otherwise of month must be first, last or MM-DD; no year has the day {self.otherwise}")
        return self


class DayLevel(Level):
    """The day is missing."""

    @model_validator(mode="after")
    def possible(self) -> Self:
        """Refuse a default that would change a known month."""
        if self.otherwise and "-" in self.otherwise:
            raise ValueError(f"otherwise of day must be first, last or DD; '{self.otherwise}' would change the month")
        return self


class MonthLevel(Level):
    """The month is missing."""

    @model_validator(mode="after")
    def possible(self) -> Self:
        """Refuse a default that has a day but no month."""
        if self.otherwise and self.otherwise.isdigit():
            raise ValueError(f"otherwise of month must be first, last or MM-DD; '{self.otherwise}' has no month")
        return self


class YearLevel(Level):
    """The year is missing, or the whole date."""

    @model_validator(mode="after")
    def possible(self) -> Self:
        """Refuse a default, since no date is the first or last of an unknown year."""
        if self.otherwise is not None:
            raise ValueError("year has no otherwise, only use: no default decides which year it is")
        return self


MISSING = {"day": "only the day is missing", "month": "the month is missing", "year": "the year is missing"}
ENDS = {"first": "the first possible date", "last": "the last possible date"}


def _method(arguments: Any, prose: Prose) -> str:  # noqa: ANN401
    dtc, texts = prose.value(arguments.dtc), levels_text(arguments, prose)
    cap = [prose.value(each) for each in arguments.cap]
    texts += [f"An imputed date is not later than {joined(cap)} where that is a possible date."] if cap else []
    texts += [f"An imputed date is not earlier than {prose.value(arguments.not_before)}."] if arguments.not_before is not None else []
    return " ".join([f"The date of {dtc} if it is complete.", *texts, "Otherwise missing."])


def levels_text(arguments: Any, prose: Prose) -> list[str]:  # noqa: ANN401
    """A sentence for each part of a date that is imputed."""
    levels = {part: getattr(arguments, part) for part in MISSING}
    return [f"If {MISSING[part]}: {_level(level, arguments, prose)}." for part, level in levels.items() if level is not None]


def _level(level: Level, arguments: Any, prose: Prose) -> str:  # noqa: ANN401
    use = [prose.value(each) for each in level.use]
    limit = f" and not after {prose.value(arguments.not_after)}" if arguments.not_after is not None else ""
    chosen = [f"{' or else '.join(use)} if that is a possible date{limit}"] if use else []
    otherwise = str(level.otherwise)
    fixed = ENDS.get(otherwise, f"day {otherwise} of the month" if "-" not in otherwise else f"the day {otherwise} (month-day) of the year")
    return ", otherwise ".join([*chosen, *([fixed] if level.otherwise is not None else [])])


@derivation(Contract(_method, imputes=True))
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
    """Return the date of a DTC text, imputed where it is partial; a complete date and known parts never change.

    `day` applies if only the day is missing, `month` if the month is missing (a day without month counts as missing), `year` if the year
    or the whole date is missing. A day that the month does not have becomes its last day. The date is then limited to the earliest `cap`
    inside the possible range, and raised to `not_before`, at most to the end of the range. Of an interval the first part is used.

    Missing: missing where the text is not a date, with a warning, and where the level that applies has no entry or no possible date.
    Source: admiral derive_vars_dt.

    YAML:
        ASTDT: {imputed_date: {dtc: AESTDTC, day: {use: [TRTSDT], otherwise: first}, month: {otherwise: first}}}

    >>> from adam.core.kinds import dates, texts
    >>> level = Level.model_construct(use=[dates("2019-03-20")], otherwise="first")
    >>> imputed_date(texts("2019-03"), day=level).column.dt.strftime("%F").tolist()
    ['2019-03-20']
    """
    codes, texts = pd.factorize(_without_time(dtc))
    each = _ranges(pd.Series(texts, dtype="str"))
    full, low, high = (column.take(codes).set_axis(dtc.index) for column in (each.full, each.low, each.high))
    no_year, no_month, valid, invalid = (mask[codes] for mask in (each.no_year, each.no_month, each.valid, each.invalid))
    result, dated = full.copy(), valid & ~no_year & full.isna().to_numpy()
    for level, mine in ((day, dated & ~no_month), (month, dated & no_month), (year, no_year)):
        if level is not None:
            result = result.where(~mine, _chosen(level, low, high, not_after))
    for bound in [pd.concat([c.where((c >= low) & (c <= high)) for c in cap], axis=1).min(axis=1)] if cap else []:
        result = result.where(~((result > bound) & full.isna()), bound.astype("datetime64[s]"))
    if not_before is not None:
        up = not_before.where(~(not_before > high), high)
        result = result.where(~((result < up) & full.isna()), up)
    return Derived(result, (Issue("a text that is not a date, or an impossible one, has no imputed date; it is missing", invalid),))


class _Ranges(NamedTuple):
    """What is known of texts: the complete date, the first and last possible one, and which parts they have."""

    full: pd.Series
    low: pd.Series
    high: pd.Series
    no_year: np.ndarray
    no_month: np.ndarray
    valid: np.ndarray
    invalid: np.ndarray


def _ranges(dtc: pd.Series) -> _Ranges:
    full, found, invalid = iso.complete_date(dtc), iso.parts(dtc), iso.invalid(dtc)
    no_year = np.isnan(found.year) & ~invalid
    low = iso.first_date(dtc).mask(no_year, EVER[0])
    high = iso.last_date(iso.first_part(dtc)).mask(no_year, EVER[1])
    return _Ranges(full, low, high, no_year, np.isnan(found.month), found.valid, invalid)


COMPLETE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?"


def _without_time(dtc: pd.Series) -> pd.Series:
    """The texts without a complete time of day, which no date depends on: far fewer different texts have to be read."""
    return dtc.mask(dtc.str.fullmatch(COMPLETE), dtc.str.slice(0, 10)).astype("str")


def _chosen(level: Level, low: pd.Series, high: pd.Series, not_after: pd.Series | None) -> pd.Series:
    """The first of `use` inside the range and not after the bound, else `otherwise`."""
    bounds = {None: missing_column(ValueKind.DATE, low.index), "first": low, "last": high}
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
