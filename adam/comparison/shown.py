"""Values as a reader sees them: text in quotes, numbers as short as they can be, dates in ISO 8601, missing numbers as SAS writes them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

import numpy as np

from adam.comparison.table import DATE, DATETIME, DAY, EPOCH, TIME, Column, Table
from adam.core.numerals import written
from adam.core.printable import visible

MISSING = "."
UNSEEN = re.compile("[\t\u00a0\u00ad\u034f\u1680\u2000-\u200d\u202f\u205f\u2060-\u2064\u3000]")
"""White space other than a blank, and characters without width."""
FIRST_DAY, LAST_DAY = -138_061, 2_936_547
"""The first and the last day of SAS: 1582-01-01 and 9999-12-31."""


def shown_value(column: Column, row: int) -> str:
    """The value of a record as text."""
    value = column.values.iloc[row]
    if column.is_text:
        return quoted(str(value))
    letter = column.special.iloc[row] if column.special is not None else ""
    return str(letter) if letter else shown_number(float(value), column.kind)


def shown_pair(base: Column, row: int, compare: Column, other: int) -> tuple[str, str]:
    """Two different values as text, in which the difference can be seen."""
    texts = shown_value(base, row), shown_value(compare, other)
    if base.is_text and compare.is_text:
        return escaped_alike(*texts)
    if texts[0] == texts[1] and not base.is_text and not compare.is_text:
        return written(float(base.values.iloc[row])), written(float(compare.values.iloc[other]))
    return texts


def escaped_alike(one: str, two: str) -> tuple[str, str]:
    r"""Two texts; if they look alike, every character that is not ASCII is escaped.

    >>> escaped_alike('"caf\u00e9"', '"cafe\u0301"')
    ('"caf\\xe9"', '"cafe\\u0301"')
    >>> escaped_alike('"caf\u00e9"', '"bar"')
    ('"café"', '"bar"')
    """
    if unicodedata.normalize("NFKC", one) != unicodedata.normalize("NFKC", two):
        return one, two
    return one.encode("ascii", "backslashreplace").decode("ascii"), two.encode("ascii", "backslashreplace").decode("ascii")


def quoted(text: str) -> str:
    r"""A text in quotes; characters that cannot be seen are escaped.

    >>> quoted("<25"), quoted("a\tb"), quoted("a\u00a0b")
    ('"<25"', '"a\\u0009b"', '"a\\u00a0b"')
    """
    return '"' + UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", visible(text, lines=False)) + '"'


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
