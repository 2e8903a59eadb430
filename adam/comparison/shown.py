"""Values as a reader sees them: text in quotes, numbers as short as they can be, dates in ISO 8601, missing numbers as SAS writes them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from adam.comparison.table import DATE, DATETIME, DAY, EPOCH, TIME, Column, Table
from adam.core.numerals import written
from adam.core.printable import visible

MISSING = "."
FIRST_DAY, LAST_DAY = -138_061, 2_936_547
"""The first and the last day of SAS: 1582-01-01 and 9999-12-31."""


def shown_value(column: Column, row: int) -> str:
    """The value of a record as text."""
    value = column.values.iloc[row]
    if column.is_text:
        return quoted(str(value))
    letter = column.special.iloc[row] if column.special is not None else ""
    return str(letter) if letter else shown_number(float(value), column.kind)


def quoted(text: str) -> str:
    r"""A text in quotes; characters that cannot be seen are escaped.

    >>> quoted("<25"), quoted("a\tb")
    ('"<25"', '"a\\tb"')
    """
    return '"' + visible(text, lines=False).replace("\t", "\\t") + '"'


def shown_number(value: float, kind: str) -> str:
    """A number of a kind as text.

    >>> [shown_number(value, "number") for value in (3.0, 0.1, float("nan"))]
    ['3', '0.1', '.']
    >>> shown_number(19000.0, "date"), shown_number(1.5, "datetime"), shown_number(3661.0, "time"), shown_number(0.5, "date")
    ('2012-01-08', '1960-01-01T00:00:01.5', '01:01:01', '0.5 (no whole day)')
    """
    if np.isnan(value):
        return MISSING
    if kind == DATE and FIRST_DAY <= value <= LAST_DAY:
        return _moment(value * DAY)[:10] if value.is_integer() else f"{written(value)} (no whole day)"
    if kind == DATETIME and FIRST_DAY <= value / DAY <= LAST_DAY:
        return _moment(value)
    if kind == TIME and 0 <= value < DAY:
        return _moment(value)[11:]
    return written(value)


def _moment(seconds: float) -> str:
    whole = int(np.floor(seconds))
    fraction = written(round(seconds - whole, 9))[1:] if seconds != whole else ""
    return str(EPOCH + np.timedelta64(whole, "s")) + fraction


def shown_difference(value: float, kind: str) -> str:
    """A difference with its sign, to six significant digits; of dates in days, of datetimes and times in seconds, from one day in days.

    >>> shown_difference(0.1, "number"), shown_difference(-2.0, "number"), shown_difference(1.5e-16, "number")
    ('+0.1', '-2', '+1.5e-16')
    >>> shown_difference(1.0, "date"), shown_difference(-604800.0, "datetime"), shown_difference(90.0, "time")
    ('+1 day', '-7 days', '+90 seconds')
    """
    if kind not in (DATE, DATETIME, TIME):
        return f"{value:+.6g}"
    days = kind == DATE or abs(value) >= DAY
    number = value if kind == DATE or not days else value / DAY
    return f"{number:+.6g} {'day' if days else 'second'}{'' if abs(number) == 1 else 's'}"


def record_key(table: Table, row: int, key: Sequence[str]) -> dict[str, str]:
    """The key of a record as text; without a key the number of the record."""
    if not key:
        return {"record": str(row + 1)}
    return {name: bare(shown_value(table.columns[name], row)) for name in key}


def bare(text: str) -> str:
    """A text of a key without its quotes; a blank one keeps them."""
    return text[1:-1] if text.startswith('"') and len(text) > 2 else text
