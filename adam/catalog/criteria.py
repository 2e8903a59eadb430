"""Grades of laboratory values by the criteria of a reference table: which rows a value satisfies, and which of them is the highest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from adam.core import decimals
from adam.core.numerals import number_of
from adam.core.reference_table import ReferenceTable

Array = np.ndarray
COLUMNS = ("TERM", "DIRECTION", "UNIT", "GRADE", "LOWER", "LOWER_INCLUSIVE", "UPPER", "UPPER_INCLUSIVE", "BASIS", "CONDITION")
"""The columns of a table of criteria; others, such as a note, are not read."""
BASES = ("absolute", "xULN", "xLLN", "xBASELINE", "aboveULN", "aboveBASELINE")
"""What a bound is: a value, a multiple of a limit or of the baseline, or a difference from one."""
OF_BASELINE = ("baseline abnormal", "baseline normal", "baseline above ULN", "baseline not above ULN", "value abnormal", "value above baseline")
"""The conditions that follow from the value, its limits and its baseline; others are stated by the study."""
Direction = Literal["low", "high"]


@dataclass(frozen=True)
class Bound:
    """One bound of a row: a number, or LLN or ULN; NaN without a word is open."""

    number: float
    word: str
    included: bool

    @property
    def open(self) -> bool:
        """Whether there is no bound."""
        return not self.word and np.isnan(self.number)


@dataclass(frozen=True)
class Criterion:
    """One row of a table of criteria."""

    term: str
    unit: str
    grade: int
    lower: Bound
    upper: Bound
    basis: str
    condition: str


@dataclass(frozen=True)
class Values:
    """The values of the records of one term, and what their criteria compare them with. Each is rounded to 15 digits.

    `abnormal` says whether the baseline is outside its reference range in the direction of the criteria; a missing baseline is not.
    """

    value: Array
    low: Array
    high: Array
    baseline: Array
    abnormal: Array
    direction: Direction

    def limit(self, basis: str) -> Array:
        """What a bound with this basis is a multiple of, or a difference from."""
        return self.low if basis.endswith("LLN") else self.high if basis.endswith("ULN") else self.baseline

    def bound(self, bound: Bound, basis: str) -> Array:
        """The bound on each record."""
        if bound.word:
            return self.low if bound.word == "LLN" else self.high
        if basis == "absolute":
            return np.full(len(self.value), bound.number)
        combine = decimals.times if basis.startswith("x") else decimals.plus
        return combine(self.limit(basis), bound.number)

    def built_in(self, condition: str) -> tuple[Array, Array]:
        """Where a condition of `OF_BASELINE` is true, and where it is unknown."""
        known = np.zeros(len(self.value), dtype=bool)
        with np.errstate(invalid="ignore"):
            match condition:
                case "baseline abnormal":
                    return self.abnormal, known
                case "baseline normal":
                    return ~self.abnormal, known
                case "baseline above ULN":
                    return self.baseline > self.high, known
                case "baseline not above ULN":
                    return ~(self.baseline > self.high), known
                case "value above baseline":
                    return self.value > self.baseline, np.isnan(self.baseline)
            limit = self.low if self.direction == "low" else self.high
            return (self.value < limit) if self.direction == "low" else (self.value > limit), np.isnan(limit)


@dataclass(frozen=True)
class Graded:
    """The highest grade of each record, -1 for none, and the records that cannot be graded for a reason to report.

    `between` are the values between two rows; `stated` has for each condition that the study does not state the records it decides.
    """

    grade: Array
    between: Array
    unstated: Mapping[str, Array]


def _side(text: str, included: str) -> Bound:
    word = text if text in ("LLN", "ULN") else ""
    return Bound(np.nan if word or not text else float(text), word, included == "Y")


def criteria(table: ReferenceTable, direction: Direction) -> Iterator[Criterion]:
    """The rows of one direction. `errors` must have found none in the table."""
    rows = zip(*(map(str, table.columns[name]) for name in COLUMNS), strict=True)
    for term, way, unit, grade, lower, lower_inclusive, upper, upper_inclusive, basis, condition in rows:
        if way == direction[0].upper():
            sides = _side(_filled(lower), lower_inclusive), _side(_filled(upper), upper_inclusive)
            yield Criterion(term, unit, int(float(grade)), *sides, basis, condition)


def criteria_text(table: ReferenceTable, direction: Direction) -> str:
    """The rows of one direction as text, by term: `Hypokalemia (mmol/L): grade 1 if at least 3 and less than LLN`."""
    found: dict[str, list[str]] = {}
    for row in criteria(table, direction):
        term = f"{row.term} ({row.unit})" if row.unit else row.term
        sides = [("at least", "greater than", row.lower), ("at most", "less than", row.upper)]
        within = [f"{closed if bound.included else open_} {_limit(bound, row.basis)}" for closed, open_, bound in sides if not bound.open]
        also = f" and {row.condition}" if row.condition else ""
        found.setdefault(term, []).append(f"grade {row.grade} if {' and '.join(within) or 'any value'}{also}")
    return "; ".join(f"{term}: {', '.join(grades)}" for term, grades in found.items())


def _limit(bound: Bound, basis: str) -> str:
    """What a value is compared with: a number, LLN or ULN, a multiple of one, or a difference from one."""
    if bound.word:
        return bound.word
    number, of = f"{bound.number:g}", basis.removeprefix("x").removeprefix("above").replace("BASELINE", "baseline")
    return number if basis == "absolute" else f"{number} * {of}" if basis.startswith("x") else f"{of} + {number}"


def _filled(text: str) -> str:
    return "" if text == "nan" else text


def errors(table: ReferenceTable) -> Iterator[str]:
    """What makes a table no table of criteria, as sentences."""
    absent = [name for name in COLUMNS if name not in table.columns]
    if absent:
        yield f"Table {table.name} has no column {' or '.join(absent)}. A table of criteria has the columns {', '.join(COLUMNS)}."
        return
    known = {"DIRECTION": ("L", "H"), "BASIS": BASES, "LOWER_INCLUSIVE": ("Y", "N", ""), "UPPER_INCLUSIVE": ("Y", "N", "")}
    for name, values in known.items():
        others = [cell for cell in dict.fromkeys(map(str, table.columns[name])) if cell not in values]
        if others:
            yield f"Table {table.name} has '{others[0]}' in column {name}. It must be one of {', '.join(filter(None, values))}."
    for name in ("LOWER", "UPPER"):
        texts = [_filled(str(cell)) for cell in table.columns[name]]
        bad = [text for text in texts if text not in ("", "LLN", "ULN") and np.isnan(number_of(text))]
        if bad:
            yield f"Table {table.name} has '{bad[0]}' in column {name}. It must be a number, LLN, ULN or blank."
    if any(str(grade) not in ("1.0", "2.0", "3.0", "4.0", "5.0") for grade in table.columns["GRADE"]):
        yield f"Column GRADE of table {table.name} must have a grade from 1 to 5 in each row."
    if any(not str(term) for term in table.columns["TERM"]):
        yield f"Column TERM of table {table.name} has a blank cell. Each row names the term it grades."


def grades(rows: list[Criterion], values: Values, stated: Mapping[str, tuple[Array, Array]], otherwise: bool | None) -> Graded:
    """The highest grade of the rows that each value satisfies.

    A row is unknown where a limit or the baseline that it needs is missing: without a row that is satisfied the grade is then missing.
    Where no row is satisfied and none is unknown, the grade is 0.

    Args:
        rows: the rows of one term.
        values: the values of its records.
        stated: for each condition the study states, where it is true and where it is unknown.
        otherwise: whether a condition that is not stated counts as true; None if that is not stated either.
    """
    size = len(values.value)
    grade, unknown, beyond = np.zeros(size, dtype=int), np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)
    left_open: list[tuple[Criterion, Array]] = []
    for row in rows:
        matches, open_, passed = _row(row, values)
        if row.condition and row.condition not in stated and row.condition not in OF_BASELINE and otherwise is None:
            left_open.append((row, matches))
            continue
        if row.condition:
            holds, doubtful = _condition(row.condition, values, stated, otherwise)
            matches, open_, passed = matches & holds, (open_ & (holds | doubtful)) | (matches & doubtful), passed & holds
        grade = np.where(matches, np.maximum(grade, row.grade), grade)
        unknown, beyond = unknown | open_, beyond | passed
    unstated: dict[str, Array] = {}
    for row, matches in left_open:
        decided = matches & (row.grade > grade)
        if decided.any():
            unstated[row.condition] = unstated.get(row.condition, np.zeros(size, dtype=bool)) | decided
    open_to_question = np.logical_or.reduce([np.zeros(size, dtype=bool), *unstated.values()])
    between = beyond & (grade == 0) & ~unknown & ~open_to_question
    missing = np.isnan(values.value) | ((grade == 0) & unknown) | between | open_to_question
    return Graded(np.where(missing, -1, grade), between & ~np.isnan(values.value), unstated)


def _condition(name: str, values: Values, stated: Mapping[str, tuple[Array, Array]], otherwise: bool | None) -> tuple[Array, Array]:
    if name in stated:
        return stated[name]
    if name in OF_BASELINE:
        return values.built_in(name)
    return np.full(len(values.value), bool(otherwise)), np.zeros(len(values.value), dtype=bool)


def _row(row: Criterion, values: Values) -> tuple[Array, Array, Array]:
    """Where a value is within the bounds of a row, where that is unknown, and where it is beyond the milder bound of the row."""
    size = len(values.value)
    within, unknown, outside = np.ones(size, dtype=bool), np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)
    mild = row.upper if values.direction == "low" else row.lower
    beyond = np.zeros(size, dtype=bool)
    for bound, compare, included in ((row.lower, np.greater, np.greater_equal), (row.upper, np.less, np.less_equal)):
        if bound.open:
            continue
        limit = values.bound(bound, row.basis)
        inside = (included if bound.included else compare)(values.value, limit)
        absent = np.isnan(limit)
        within, unknown, outside = within & inside, unknown | absent, outside | (~inside & ~absent)
        beyond = inside if bound is mild else beyond
    return within, unknown & ~outside, beyond
