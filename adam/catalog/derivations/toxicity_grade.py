"""Toxicity grades of laboratory values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import numpy as np
import pandas as pd

from adam.catalog.contract import Contract, PossibleTerms
from adam.catalog.criteria import OF_BASELINE, Criterion, Direction, Values, criteria, criteria_text, errors, grades
from adam.catalog.derivation import Action, Derived, Issue, Number, Text, derivation
from adam.catalog.prose import Prose
from adam.catalog.table_argument import TableName
from adam.core import decimals
from adam.core.block import ReadBy
from adam.core.errors import did_you_mean
from adam.core.kinds import ValueKind, is_true
from adam.core.reference_table import ReferenceTable
from adam.expressions.field import as_expression

OTHERWISE = "otherwise"
"""The entry of `conditions` for those that it does not list."""
BETWEEN = "The value is between two rows of its criteria, which have bounds of fewer decimals; the grade is blank (round value:)"
Stated = Annotated[
    Any,
    ValueKind.CONDITION,
    ReadBy(lambda value: value if isinstance(value, bool) else as_expression(value), json_schema_input_type=str | bool),
]
"""A condition, or whether it always holds."""


def _needs(rows: list[Criterion]) -> dict[str, str]:
    """The arguments that rows need, each with a term that needs it."""
    found: dict[str, str] = {}
    for row in rows:
        words = {row.lower.word, row.upper.word, row.basis.removeprefix("x").removeprefix("above")}
        needed = {"low": "LLN" in words, "high": "ULN" in words, "baseline": "BASELINE" in words, "unit": row.unit != ""}
        found = {**{name: row.term for name, is_needed in needed.items() if is_needed}, **found}
    return found


def _errors(arguments: Any) -> Iterator[str]:  # noqa: ANN401
    faults = list(errors(arguments.table))
    if faults:
        yield from faults
        return
    rows = list(criteria(arguments.table, arguments.direction))
    if not rows:
        yield f"Table {arguments.table.name} has no row with DIRECTION {arguments.direction[0].upper()}. Choose the other direction, or add rows."
    for name, term in _needs(rows).items():
        if getattr(arguments, name) is None:
            yield f"The criteria of {term} require the argument '{name}'. Add {name}:."
    conditions = arguments.conditions or {}
    known = list(dict.fromkeys(row.condition for row in rows if row.condition and row.condition not in OF_BASELINE))
    for name in conditions:
        if name != OTHERWISE and name not in known:
            yield f"No row has the condition '{name}'{did_you_mean(name, known)} The conditions are {'; '.join(known) or 'none'}."
    if not isinstance(conditions.get(OTHERWISE, True), bool):
        yield "otherwise of conditions must be true or false: whether the conditions that are not listed hold."


def _terms(arguments: Any) -> PossibleTerms | None:  # noqa: ANN401
    if any(True for _ in errors(arguments.table)):
        return None
    found = sorted({row.grade for row in criteria(arguments.table, arguments.direction)})
    return PossibleTerms(tuple(map(str, [0, *found])))


def _method(arguments: Any, prose: Prose) -> str:  # noqa: ANN401
    names = {"low": "LLN", "high": "ULN", "baseline": "the baseline"}
    used = [f"{text} is {prose.part(value)}" for name, text in names.items() if (value := getattr(arguments, name)) is not None]
    against = f" ({', '.join(used)})" if used else ""
    listed = f"the {arguments.direction} criteria of {arguments.table.name} for the term {prose.part(arguments.term)}"
    text = f"The highest grade of {listed} that {prose.part(arguments.value)} satisfies{against}; 0 if it satisfies none."
    text += " Blank without a term, or if no grade is reached and a limit or baseline that the criteria need is missing."
    text += "".join(f" {each}" for each in _condition_texts(arguments, prose))
    if any(True for _ in errors(arguments.table)):
        return text
    return f"{text} The {arguments.direction} criteria of {arguments.table.name}: {criteria_text(arguments.table, arguments.direction)}."


def _condition_texts(arguments: Any, prose: Prose) -> Iterator[str]:  # noqa: ANN401
    for name, stated in (arguments.conditions or {}).items():
        holds = ("holds" if stated else "does not hold") if isinstance(stated, bool) else f"holds if {prose.condition(stated)}"
        yield f"A condition of the criteria that is not listed {holds}." if name == OTHERWISE else f'The condition "{name}" {holds}.'


def _significant(column: pd.Series | None, rows: np.ndarray) -> np.ndarray:
    return decimals.significant(column.to_numpy(dtype="float64")[rows]) if column is not None else np.full(len(rows), np.nan)


@derivation(Contract(_method, possible_terms=_terms, argument_errors=_errors))
def toxicity_grade(
    table: TableName,
    direction: Direction,
    term: Text,
    value: Number,
    *,
    unit: Text | None = None,
    low: Number | None = None,
    high: Number | None = None,
    baseline: Number | None = None,
    baseline_indicator: Text | None = None,
    conditions: dict[str, Stated] | None = None,
) -> Text:
    """Return the toxicity grade of a laboratory value in one direction: 0, 1, 2, 3 or 4.

    The grade is the highest of the rows of `table` for the term that the value satisfies, and 0 if it satisfies none. A term matches in
    any case of its letters. A baseline is abnormal where `baseline_indicator` begins with LOW (HIGH); without that argument, where it is
    below `low` (above `high`). A missing baseline is not abnormal. A condition such as "fasting" is stated under `conditions`: an
    expression, true or false; `otherwise: true` takes those that are not listed as true, which gives the highest grade.

    Units: the unit of the value must be that of the criteria; multiples of a limit or of the baseline have no unit.
    Missing: blank without a value or a term; where no row is satisfied and a limit or the baseline of one is missing.
    Errors: a unit that differs from that of the criteria, a term that is not in the table, a value that only a condition decides which is
        not stated, and a value between two rows are errors, and the grade is blank.
    Source: NCI CTCAE (the tables CTCAE_4 and CTCAE_5 of the layer safety); admiral derive_var_atoxgr_dir.

    YAML:
        ATOXGRL: {toxicity_grade: {table: CTCAE_5, direction: low, term: ATOXDSCL, value: AVAL, unit: SRC.STRESU, low: ANRLO}}

    >>> term, unit = (pd.Series([text] * 2, dtype="str") for text in ("Anemia", "g/L"))
    >>> toxicity_grade(EXAMPLE, "low", term, pd.Series([99.0, 120.0]), unit=unit, low=pd.Series([115.0] * 2)).column.tolist()
    ['2', '0']
    """
    by_term: dict[str, list[Criterion]] = {}
    for row in criteria(table, direction):
        by_term.setdefault(row.term.upper(), []).append(row)
    given = dict(conditions or {})
    otherwise = given.pop(OTHERWISE, None)
    codes, terms = pd.factorize(term.str.upper())
    result = np.full(len(term), "", dtype=object)
    issues = _Issues(len(term), table, {"term": term, "value": value, **({"unit": unit} if unit is not None else {})})
    present = value.notna().to_numpy()
    for code, name in enumerate(terms):
        rows = np.flatnonzero((codes == code) & present)
        if not name or not len(rows):
            continue
        if name not in by_term:
            issues.unknown(rows)
            continue
        rows = issues.with_unit(rows, by_term[name], unit)
        abnormal = _abnormal(direction, rows, low, high, baseline, baseline_indicator)
        compared = [_significant(column, rows) for column in (value, low, high, baseline)]
        values = Values(compared[0], compared[1], compared[2], compared[3], abnormal, direction)
        graded = grades(by_term[name], values, _stated(given, rows), otherwise)
        issues.of_grades(rows, graded.between, graded.unstated)
        result[rows] = np.where(graded.grade < 0, "", graded.grade.astype(str))
    return Derived(pd.Series(result, index=term.index, dtype="str"), issues.found())


def _stated(given: Mapping[str, Any], rows: np.ndarray) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Where each stated condition is true, and where it is unknown."""
    found = {}
    for name, each in given.items():
        if isinstance(each, bool):
            found[name] = np.full(len(rows), each), np.zeros(len(rows), dtype=bool)
        else:
            found[name] = is_true(each)[rows], each.isna().to_numpy()[rows]
    return found


def _abnormal(
    direction: Direction,
    rows: np.ndarray,
    low: pd.Series | None,
    high: pd.Series | None,
    baseline: pd.Series | None,
    indicator: pd.Series | None,
) -> np.ndarray:
    if indicator is not None:
        return indicator.str.startswith("LOW" if direction == "low" else "HIGH").to_numpy(dtype=bool)[rows]
    limit, base = _significant(low if direction == "low" else high, rows), _significant(baseline, rows)
    return np.asarray(base < limit if direction == "low" else base > limit)


class _Issues:
    """What is reported of the values that cannot be graded."""

    def __init__(self, size: int, table: ReferenceTable, shown: Mapping[str, pd.Series]) -> None:
        self.size, self.table, self.shown = size, table, shown
        self.masks: dict[str, np.ndarray] = {}

    def note(self, text: str, rows: np.ndarray) -> None:
        if len(rows):
            self.masks.setdefault(text, np.zeros(self.size, dtype=bool))[rows] = True

    def unknown(self, rows: np.ndarray) -> None:
        self.note(f"The term is not in table {self.table.name} for this direction; the grade is blank (write a text of its column TERM)", rows)

    def with_unit(self, rows: np.ndarray, criteria_: list[Criterion], unit: pd.Series | None) -> np.ndarray:
        """The records whose unit is that of the criteria; the others are noted."""
        expected = next((row.unit for row in criteria_ if row.unit), "")
        if not expected or unit is None:
            return rows
        same = (unit == expected).to_numpy()[rows]
        self.note(f"The criteria of {criteria_[0].term} are in {expected}, but the value has another unit; the grade is blank", rows[~same])
        return rows[same]

    def of_grades(self, rows: np.ndarray, between: np.ndarray, unstated: Mapping[str, np.ndarray]) -> None:
        self.note(BETWEEN, rows[between])
        for condition, mask in unstated.items():
            text = f'The grade depends on whether "{condition}", which conditions: does not state; the grade is blank'
            self.note(f"{text} (state it, or otherwise: true for the highest grade)", rows[mask])

    def found(self) -> tuple[Issue, ...]:
        return tuple(Issue(text, mask, Action.ERROR, self.shown) for text, mask in self.masks.items())


def _example() -> ReferenceTable:
    rows = [("1", "100", "Y", "LLN", "N"), ("2", "80", "Y", "100", "N"), ("3", "", "", "80", "N")]
    fixed = {"TERM": "Anemia", "DIRECTION": "L", "UNIT": "g/L", "BASIS": "absolute", "CONDITION": ""}
    sides = dict(zip(("GRADE", "LOWER", "LOWER_INCLUSIVE", "UPPER", "UPPER_INCLUSIVE"), zip(*rows, strict=True), strict=True))
    columns = {**{name: (text,) * len(rows) for name, text in fixed.items()}, **sides, "GRADE": (1.0, 2.0, 3.0)}
    return ReferenceTable("EXAMPLE", "", columns, {name: ValueKind.NUMBER if name == "GRADE" else ValueKind.TEXT for name in columns})


EXAMPLE = _example()
"""The criteria of anemia, for the example above."""
