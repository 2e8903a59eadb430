"""Derivations of dates: study days and the flags of imputed dates and times."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from adam.catalog.contract import Contract, ExpectedCase, Families, always, case_of
from adam.catalog.derivation import Date, Datetime, Number, Text, derivation
from adam.catalog.prose import Prose
from adam.core import iso
from adam.expressions.parse import parse

DAY = np.timedelta64(86400, "s")


def _day_text(arguments: Any, prose: Prose) -> str:  # noqa: ANN401
    date, reference = prose.part(arguments.date), prose.part(arguments.reference)
    first = f"{date} - {reference} + 1 if {date} is on or after {reference}; otherwise {date} - {reference}"
    return f"{first}. Missing if either date is missing."


def _day_cases(arguments: Any, families: Families) -> tuple[ExpectedCase, ...]:  # noqa: ANN401
    date, reference = f"({arguments.date})", f"({arguments.reference})"
    return case_of(f"{date} >= {reference}", parse(f"{date} - {reference} + 1")), case_of(None, parse(f"{date} - {reference}"))


@derivation(Contract(_day_text, expected_cases=_day_cases))
def study_day(date: Date, reference: Date) -> Number:
    """Return the relative day; there is no day 0, so the reference date is day 1.

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


def _flag_text(arguments: Any, prose: Prose) -> str:  # noqa: ANN401
    date, dtc = prose.part(arguments.date), prose.part(arguments.dtc)
    parts = '"Y" if the year, "M" if the month, or "D" if only the day'
    return f"{parts} of {date} is imputed because {dtc} lacks it; blank if {date} is missing or {dtc} has a complete date."


def _flag_cases(arguments: Any, families: Families) -> tuple[ExpectedCase, ...]:  # noqa: ANN401
    dtc, part = f"({arguments.dtc})", f'scan({arguments.dtc}, 1, "T")'
    letters = [case_of(f'missing(scan({part}, {place}, "-"))', letter) for place, letter in ((1, "Y"), (2, "M"), (3, "D"))]
    return _not_judged(dtc), case_of(f"missing({arguments.date})", ""), *letters, case_of(None, "")


def _not_judged(dtc: str) -> ExpectedCase:
    """An interval, which does not show which of its ends is meant, and a text with a year that is not a date."""
    return case_of(f'contains({dtc}, "/") or (missing(first_date({dtc})) and not missing(scan({dtc}, 1, "-")))', None)


def _time_text(arguments: Any, prose: Prose) -> str:  # noqa: ANN401
    moment, dtc = prose.part(arguments.datetime), prose.part(arguments.dtc)
    parts = '"H" if the hour, or "M" if only the minute'
    return f"{parts} of {moment} is imputed because {dtc} lacks it; blank if {moment} is missing or {dtc} has both."


def _time_cases(arguments: Any, families: Families) -> tuple[ExpectedCase, ...]:  # noqa: ANN401
    dtc, time = f"({arguments.dtc})", f'scan({arguments.dtc}, 2, "T")'
    letters = [case_of(f'scan({time}, {place}, ":") in ("", "-")', letter) for place, letter in ((1, "H"), (2, "M"))]
    return _not_judged(dtc), case_of(f"missing({arguments.datetime})", ""), *letters, case_of(None, "")


@derivation(Contract(_flag_text, possible_terms=always("Y", "M", "D"), expected_cases=_flag_cases))
def date_imputation_flag(dtc: Text, date: Date) -> Text:
    """Return the highest part that the date has and the text has not: Y, M or D.

    Missing: blank where the date is missing or the text is complete.
    Source: ADaMIG, *DTF, codelist DATEFL.

    YAML:
        ASTDTF: {date_imputation_flag: {dtc: AESTDTC, date: ASTDT}}

    >>> from adam.core.kinds import dates, texts
    >>> date_imputation_flag(texts("2019", "2019-03", "2019-03-01"), dates("2019-01-01", "2019-03-01", "2019-03-01")).tolist()
    ['M', 'D', '']
    """
    found = iso.parts(dtc)
    letters = np.where(np.isnan(found.year), "Y", np.where(np.isnan(found.month), "M", np.where(np.isnan(found.day), "D", "")))
    return pd.Series(np.where(date.isna(), "", letters), index=dtc.index, dtype="str")


@derivation(Contract(_time_text, possible_terms=always("H", "M"), expected_cases=_time_cases))
def time_imputation_flag(dtc: Text, datetime: Datetime) -> Text:
    """Return the highest part of the time that the datetime has and the text has not: H or M; seconds are not collected and not flagged.

    Missing: blank where the datetime is missing.
    Source: ADaMIG, *TMF, codelist TIMEFL.

    YAML:
        ASTTMF: {time_imputation_flag: {dtc: AESTDTC, datetime: ASTDTM}}

    >>> from adam.core.kinds import datetimes, texts
    >>> time_imputation_flag(texts("2019-03-20", "2019-03-20T09"), datetimes("2019-03-20T00:00", "2019-03-20T09:00")).tolist()
    ['H', 'M']
    """
    found = iso.parts(dtc)
    letters = np.where(np.isnan(found.hour), "H", np.where(np.isnan(found.minute), "M", ""))
    return pd.Series(np.where(datetime.isna(), "", letters), index=dtc.index, dtype="str")
