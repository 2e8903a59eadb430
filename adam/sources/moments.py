"""Dates, datetimes and times that SAS stores as numbers, days or seconds since 1960-01-01; the format shows which."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from adam.sources.formats import Note

MOMENTS = ("date", "datetime", "time")
EPOCH = np.datetime64("1960-01-01", "s")
DAY = 86400
FIRST, LAST = -138_061, 2_936_547
"""The first and the last day of SAS: 1582-01-01 and 9999-12-31."""
WIDTH = re.compile(r"[0-9]*\.?[0-9]*$")
DATES = re.compile(
    r"DATE|(DDMMYY|MMDDYY|YYMMDD|MMYY|YYMM|YYQR?)[BCDNPS]?|DAY|DOWNAME|JULDAY|JULIAN|MONNAME|MONTH|MONYY|QTRR?|WEEKDATX?|WEEKDATE|WEEKDAY|"
    r"WORDDATX?|WORDDATE|WEEK[UVW]|YEAR|YYMON|YYWEEK[UVW]|[BE]8601DA|IS8601DA|NENGO|MINGUO|EURDF(DD|DE|DN|DT|DWN|MN|MY|WDX|WKX)|"
    r"NLDATE[A-Z]*|XYYMMDD|ND8601DA"
)
DATETIMES = re.compile(
    r"DATETIME|DATEAMPM|MDYAMPM|DT(DATE|MONYY|WKDATX|YEAR|YYQC)|[BE]8601(DT|DZ|DN|DX|LX)|IS8601(DT|DZ|DN)|NLDATM[A-Z]*|EURDFDT|TOD?S?DT"
)
TIMES = re.compile(r"TIME|TIMEAMPM|HHMM|HOUR|MMSS|TOD|[BE]8601(TM|TZ|TX|LZ)|IS8601(TM|TZ|LZ)|NLTIMAP|NLTIME")


def kind_of_format(written: str) -> str:
    """The kind of a numeric variable with a SAS format.

    >>> kind_of_format("DATE9."), kind_of_format("E8601DT19."), kind_of_format("TIME5"), kind_of_format("8.2"), kind_of_format("")
    ('date', 'datetime', 'time', 'number', 'number')
    """
    name = WIDTH.sub("", written.strip().upper())
    for kind, pattern in (("datetime", DATETIMES), ("time", TIMES), ("date", DATES)):
        if pattern.fullmatch(name):
            return kind
    return "number"


def as_moments(values: pd.Series, kind: str) -> tuple[pd.Series, list[Note]]:
    """SAS numbers as dates or datetimes (datetime64[s]), and notes on what was lost; a time stays seconds since midnight.

    A number outside the days of SAS becomes missing, which is an error; the fraction of a day or second is cut off, as SAS shows it.
    """
    if kind == "time":
        return values, []
    scale = 1 if kind == "date" else DAY
    known = values.notna().to_numpy()
    numbers = values.to_numpy(dtype="float64")
    whole = np.floor(numbers)
    wrong = known & ~((numbers >= FIRST * scale) & (numbers < (LAST + 1) * scale))
    cut = known & ~wrong & (whole != numbers)
    seconds = np.where(known & ~wrong, whole * (DAY if kind == "date" else 1), 0).astype("int64").astype("timedelta64[s]")
    moments = pd.Series(np.where(known & ~wrong, EPOCH + seconds, np.datetime64("NaT", "s")), index=values.index, name=values.name)
    name, shown = str(values.name), values.astype("str")
    notes = (
        [Note(name, f"The number is not a valid SAS {kind} (years 1582 to 9999); it counts as missing", wrong, shown, error=True)]
        if wrong.any()
        else []
    )
    if cut.any():
        notes.append(Note(name, f"The fraction of a {'day' if kind == 'date' else 'second'} was cut off", cut, shown, rank=1))
    return moments.astype("datetime64[s]"), notes


def nearest_moments(values: pd.Series, kind: str) -> tuple[pd.Series, np.ndarray]:
    """SAS numbers as dates or datetimes to the nearest second, with fractions of a day; and the records whose number is not valid.

    >>> moments, invalid = nearest_moments(pd.Series([0.0, 1.5, 3_000_000.0, np.nan]), "date")
    >>> moments[:2].astype("str").tolist(), moments.isna().tolist(), invalid.tolist()
    (['1960-01-01 00:00:00', '1960-01-02 12:00:00'], [False, False, True, True], [False, False, True, False])
    """
    scale = DAY if kind == "date" else 1
    numbers = values.to_numpy(dtype="float64")
    days = numbers * scale / DAY
    invalid = ~np.isnan(numbers) & ~((days >= FIRST) & (days < LAST + 1))
    known = ~np.isnan(numbers) & ~invalid
    seconds = np.where(known, np.round(np.where(known, numbers, 0) * scale), 0).astype("int64")
    moments = EPOCH + seconds.astype("timedelta64[s]")
    return pd.Series(moments, index=values.index).where(known).astype("datetime64[s]"), invalid
