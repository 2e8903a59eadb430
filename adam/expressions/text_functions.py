"""The functions of expressions about texts. Positions count characters, from 1; a blank text has length 0."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from adam.core import numerals
from adam.core.coded_text import constant_text, text_column
from adam.core.kinds import ValueKind, is_missing
from adam.expressions.function import TextConstant, WholeConstant, WithIssue, by_value, function, same_length, where_value
from adam.expressions.pattern import Pattern, PatternError

TEXT, NUMBER = (ValueKind.TEXT,), (ValueKind.NUMBER,)


@function((ValueKind.NUMBER, ValueKind.DATE), returns=ValueKind.TEXT, phrase="{0} as text", brief=True)
def text(x: pd.Series) -> pd.Series:
    """A number or a date as text; a date as in ISO 8601.

    Missing: blank if x is missing.
    Example: text(3.0) → "3"
    Example: text(date("2024-03-05")) → "2024-03-05"
    """
    codes, uniques = pd.factorize(x)
    shown = [iso_date(value) for value in uniques] if x.dtype.kind == "M" else [numerals.written(float(value)) for value in uniques]
    return text_column([*shown, ""], codes, x.index)


def iso_date(value: Any) -> str:  # noqa: ANN401  (a date of either library)
    """The ISO text of a date."""
    return str(np.datetime64(value, "D"))


@function(TEXT, returns=ValueKind.NUMBER, phrase="{0} as a number", brief=True)
def number(x: pd.Series) -> WithIssue:
    """A text as a number, such as 12, -0.5 or 5.0E3.

    Missing: missing for a blank and, with a warning, for a text that is not a number or too large for one.
    Example: number("5.0E3") → 5000
    """
    column, bad = numerals.read(x)
    return WithIssue(column, numerals.UNREAD, bad)


@function(TEXT, returns=ValueKind.TEXT, phrase="{0} in upper case", brief=True, longest=same_length)
def upper(x: pd.Series) -> pd.Series:
    """The text in capitals.

    Missing: blank stays blank.
    Example: upper("mild") → "MILD"
    """
    return x.str.upper()


@function(TEXT, returns=ValueKind.TEXT, phrase="{0} in lower case", brief=True, longest=same_length)
def lower(x: pd.Series) -> pd.Series:
    """The text in small letters.

    Missing: blank stays blank.
    Example: lower("MILD") → "mild"
    """
    return x.str.lower()


WORD = re.compile(r"(^|[\s/(.-])([^\W\d_])")


def titled(value: str) -> str:
    """A text with a capital at the start of each word.

    >>> titled("SKIN AND SUBCUTANEOUS TISSUE (NON-SEVERE)")
    'Skin And Subcutaneous Tissue (Non-Severe)'
    """
    return WORD.sub(lambda found: found.group(1) + found.group(2).upper(), value.lower())


@function(TEXT, returns=ValueKind.TEXT, phrase="{0} with a capital at the start of each word", longest=same_length)
def title(x: pd.Series) -> pd.Series:
    """The text with a capital at the start of each word and small letters elsewhere; a word follows a blank or one of the signs `/ - ( .`.

    Missing: blank stays blank.
    Example: title("NON-SERIOUS patient's event") → "Non-Serious Patient's Event"
    """
    return by_value(x, titled)


@function(TEXT, returns=ValueKind.TEXT, phrase="{0} without blanks at its ends", longest=same_length)
def trim(x: pd.Series) -> pd.Series:
    """The text without blanks at its ends.

    Missing: blank stays blank.
    Example: trim("  A B ") → "A B"
    """
    return x.str.strip()


@function(TEXT, returns=ValueKind.TEXT, least=1, variadic=True)
def concat(*values: pd.Series) -> pd.Series:
    """The texts one after another, without a separator. The derivation `concatenate` has a separator and leaves blanks out.

    Missing: a blank adds nothing.
    Example: concat("A", "", "B") → "AB"
    """
    result = values[0]
    for value in values[1:]:
        result = result + value
    return result


def _some_text(value: float | str) -> str:
    return "" if value else 'An empty text "" is part of every text. Write the characters to search for.'


def _start(value: float | str) -> str:
    valid = isinstance(value, float) and value >= 1 and value.is_integer()
    return "" if valid else f"Function substr counts characters from 1; there is no character {value:g}."


def _count(value: float | str) -> str:
    valid = isinstance(value, float) and value >= 0 and value.is_integer()
    return "" if valid else f"Function substr requires a whole number of characters, not {value:g}."


def _substr_length(first: int, constants: tuple[Any, ...]) -> int:
    """A character has up to four bytes."""
    count = constants[1] if len(constants) > 1 else None
    return first if not isinstance(count, float) else min(first, 4 * int(count))


NO_PLACE = "substr() requires a whole number from 1 as the position and from 0 as the number of characters; the result is blank"


@function(TEXT, NUMBER, NUMBER, returns=ValueKind.TEXT, least=2, refuses={1: _start, 2: _count}, longest=_substr_length)
def substr(x: pd.Series, start: pd.Series, n: pd.Series | None = None) -> WithIssue:
    """The n characters of x from the position `start`; without n all of them.

    Missing: blank where x is blank, a number is missing or x is shorter than `start`; with a warning where a number is not valid.
    Example: substr("S001-0042", 6, 4) → "0042"
    Example: substr("2024-03", 6) → "03"
    """
    first, count = start.to_numpy(), n.to_numpy() if n is not None else np.full(len(x), np.inf)
    with np.errstate(invalid="ignore"):
        valid = (first >= 1) & (first == np.floor(first)) & (count >= 0) & (count == np.floor(count))
    result = constant_text("", x.index)
    for (at, size), mine in _pairs(first, count, valid):
        result = result.where(~mine, x.str.slice(int(at) - 1, None if np.isinf(size) else int(at) - 1 + int(size)))
    bad = ~valid & ~np.isnan(first) & ~np.isnan(count) & ~is_missing(x).to_numpy()
    return WithIssue(result, NO_PLACE, bad)


def _pairs(first: np.ndarray, count: np.ndarray, valid: np.ndarray) -> Iterator[tuple[tuple[float, float], np.ndarray]]:
    """Each distinct pair of valid numbers, and its records."""
    for at in np.unique(first[valid]):
        for size in np.unique(count[valid & (first == at)]):
            yield (at, size), valid & (first == at) & (count == size)


@function(TEXT, returns=ValueKind.NUMBER, phrase="the number of characters of {0}", brief=True)
def length(x: pd.Series) -> pd.Series:
    """The number of characters of the text.

    Missing: 0 for a blank.
    Example: length("mild") → 4
    """
    return x.str.len().astype("float64")


@function(TEXT, TextConstant, returns=ValueKind.NUMBER, refuses={1: _some_text}, phrase="the position of {1} in {0}")
def index(x: pd.Series, t: str) -> pd.Series:
    """The position of the first occurrence of the text t in x, counted from 1; 0 if there is none.

    Missing: 0 for a blank.
    Example: index("S001-0042", "-") → 5
    """
    return x.str.find(t).astype("float64") + 1


def _replace_length(first: int, constants: tuple[Any, ...]) -> int:
    old, new = (len(str(each).encode()) for each in constants[:2])
    return first if new <= old else first + first // old * (new - old)


@function(
    TEXT,
    TextConstant,
    TextConstant,
    returns=ValueKind.TEXT,
    refuses={1: _some_text},
    longest=_replace_length,
    phrase="{0} with {2} in place of each {1}",
)
def replace(x: pd.Series, old: str, new: str) -> pd.Series:
    """The text with `new` in place of each `old`; a `new` of "" deletes it.

    Missing: blank stays blank.
    Example: replace("a b c", " ", "") → "abc"
    """
    return x.str.replace(old, new, regex=False)


def _part(n: float | str) -> str:
    return "" if n else "Function scan counts parts from 1, or from -1 at the end; there is no part 0."


@function(TEXT, WholeConstant, TextConstant, returns=ValueKind.TEXT, refuses={1: _part, 2: _some_text}, longest=same_length)
def scan(x: pd.Series, n: int, sep: str) -> pd.Series:
    """The n-th part of the text between separators, without blanks at its ends; -1 is the last part.

    Missing: blank if there is no such part.
    Example: scan("10-15-20", 2, "-") → "15"
    Example: scan("10-15-20", -1, "-") → "20"
    """
    position = n - 1 if n > 0 else n

    def part(value: str) -> str:
        found = value.split(sep)
        return found[position].strip() if -len(found) <= position < len(found) else ""

    return by_value(x, part)


SEARCH: dict[str, Any] = {"returns": ValueKind.CONDITION, "least": 2, "variadic": True, "refuses": {1: _some_text}}


@function(TEXT, TextConstant, **SEARCH, phrase="{0} starts with {rest}", negated="{0} does not start with {rest}")
def startswith(x: pd.Series, *t: str) -> pd.Series:
    """Whether the text starts with one of the constant texts.

    Missing: false for a blank.
    Example: startswith("WEEK 12", "WEEK", "DAY") → true
    """
    return where_value(x, lambda value: value.startswith(t))


@function(TEXT, TextConstant, **SEARCH, phrase="{0} ends with {rest}", negated="{0} does not end with {rest}")
def endswith(x: pd.Series, *t: str) -> pd.Series:
    """Whether the text ends with one of the constant texts.

    Missing: false for a blank.
    Example: endswith("VISIT 3 UNSCHEDULED", "UNSCHEDULED") → true
    """
    return where_value(x, lambda value: value.endswith(t))


@function(TEXT, TextConstant, **SEARCH, phrase="{0} contains {rest}", negated="{0} does not contain {rest}")
def contains(x: pd.Series, *t: str) -> pd.Series:
    """Whether the text contains one of the constant texts.

    Missing: false for a blank.
    Example: contains("SKIN RASH", "RASH") → true
    """
    return where_value(x, lambda value: any(part in value for part in t))


def _pattern(value: float | str) -> str:
    try:
        Pattern(str(value))
    except PatternError as error:
        return str(error)
    return ""


@function(
    TEXT,
    TextConstant,
    returns=ValueKind.CONDITION,
    refuses={1: _pattern},
    phrase="{0} matches the pattern {1}",
    negated="{0} does not match the pattern {1}",
)
def matches(x: pd.Series, pattern: str) -> pd.Series:
    r"""Whether a regular expression occurs in the text; `^` is the start of the text and `$` its end.

    A pattern has characters, `.`, `[a-z]`, `[^a-z]`, `\\d`, `\\w`, `\\s`, `( )`, `|`, and the repetitions `* + ? {m,n}`. The time grows
    with the length of the text only; what would need more (`\\1`, `(?=...)`) is refused. A backslash is written twice.

    Missing: a blank is a text without characters.
    Example: matches("WEEK 12", "^(WEEK|DAY) [0-9]+$") → true
    Example: matches("WEEK 12 EXTRA", "^WEEK \\d+$") → false
    """
    compiled = Pattern(pattern)
    codes, uniques = pd.factorize(x)
    found = np.array([*(compiled.occurs_in(str(value)) for value in uniques), False], dtype=bool)
    return pd.Series(found[codes], index=x.index).astype("boolean")
