"""Values of reference tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Self

import numpy as np
import pandas as pd
from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, model_validator

from adam.catalog.contract import Contract, LengthOf, Path, PossibleTerms
from adam.catalog.derivation import Action, AnyValue, Derived, Issue, Options, derivation
from adam.catalog.prose import Prose, joined
from adam.catalog.table_argument import TableName
from adam.core.errors import did_you_mean
from adam.core.kinds import ValueKind, is_missing
from adam.core.reference_table import ReferenceTable, shown

BOUNDS = {"low": ">=", "above": ">", "high": "<=", "below": "<"}
"""The columns of `between`, each with how the value is compared with it."""


def _column_of(table: ReferenceTable | None, name: object) -> str:
    if table is not None and name not in table.columns:
        message = f"Table {table.name} has no column '{name}'{did_you_mean(str(name), table.columns)} Its columns are {', '.join(table.columns)}."
        raise ValueError(message)
    return str(name)


def _is_column(name: object, info: ValidationInfo) -> object:
    return _column_of(info.data.get("table"), name)


class Between(Options):
    """One entry of `between`: a value, and the columns with its bounds; a blank bound is open."""

    of: AnyValue
    low: str | None = None
    above: str | None = None
    high: str | None = None
    below: str | None = None

    @model_validator(mode="after")
    def bounded(self) -> Self:
        """Refuse an entry without a bound, and one with two bounds on one side."""
        if not self.bounds or (self.low and self.above) or (self.high and self.below):
            raise ValueError("between has low or above, high or below, or one of each")
        return self

    @property
    def bounds(self) -> dict[str, str]:
        """The column of each bound."""
        return {bound: column for bound in BOUNDS if (column := getattr(self, bound)) is not None}


def _are_bounds(entries: list[Between] | None, info: ValidationInfo) -> list[Between] | None:
    table: ReferenceTable | None = info.data.get("table")
    for entry in entries or ():
        for name in entry.bounds.values():
            _column_of(table, name)
        kinds = {name: table.kinds[name] for name in _filled(entry, table).values()} if table else {}
        if len(set(kinds.values())) > 1:
            found = joined([f"{name} is a {kind}" for name, kind in kinds.items()])
            raise ValueError(f"The bounds of between must be of one kind, but in table {info.data['table'].name} {found}")
        if table:
            _are_intervals(entry, table)
    return entries


def _are_intervals(entry: Between, table: ReferenceTable) -> None:
    """Refuse a row whose lower bound is above its upper one: no value is in it, so the row would do nothing."""
    filled = _filled(entry, table)
    low, high = (next((filled[bound] for bound in pair if bound in filled), None) for pair in (("low", "above"), ("high", "below")))
    if low is None or high is None or table.kinds[low] is ValueKind.TEXT or table.kinds[low] is not table.kinds[high]:
        return
    lower, upper = table.column(low), table.column(high)
    closed = {"low", "high"} <= set(filled)
    rows = np.flatnonzero((lower > upper) | ((lower == upper) & (not closed)))
    if len(rows):
        bounds = " and ".join(f"{name} {shown(table.columns[name][rows[0]])}" for name in (low, high))
        raise ValueError(f"No value is in the interval of row {rows[0] + 1} of table {table.name}, with {bounds}. Correct the bounds.")


def _filled(entry: Between, table: ReferenceTable) -> dict[str, str]:
    """The bounds that some row has. A column without any value is of no kind: the bound is open."""
    return {bound: name for bound, name in entry.bounds.items() if any(shown(cell) for cell in table.columns[name])}


def _are_keys(match: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
    table: ReferenceTable | None = info.data.get("table")
    if table is None:
        return match
    for name in match:
        _column_of(table, name)
    twice = table.duplicates(list(match)) if match and not info.data.get("between") else None
    if twice is not None:
        row = ", ".join(f"{name} = {shown(cell) or 'blank'}" for name, cell in zip(match, twice, strict=True))
        raise ValueError(f"Table {table.name} has several rows with {row}, but a record must match one row. Delete one, or match more columns.")
    return match


def _as_list(value: object) -> object:
    return value if isinstance(value, list) else [value]


ColumnName = Annotated[str, BeforeValidator(_is_column)]
Bounds = Annotated[list[Between], BeforeValidator(_as_list), AfterValidator(_are_bounds)]
Match = Annotated[dict[str, AnyValue], AfterValidator(_are_keys), Field(min_length=1)]


def _kinds(arguments: Any) -> dict[Path, ValueKind]:  # noqa: ANN401
    """The kind of each value is that of the column it is compared with."""
    kinds = arguments.table.kinds
    found: dict[Path, ValueKind] = {("match", name): kinds[name] for name in arguments.match}
    for place, each in enumerate(arguments.between or ()):
        bounds = _filled(each, arguments.table) or each.bounds
        found["between", place, "of"] = kinds[next(iter(bounds.values()))]
    if arguments.otherwise is not None and kinds[arguments.take] is not ValueKind.TEXT:
        found["otherwise",] = kinds[arguments.take]
    return found


WRITTEN_OUT = 60
"""A table with at most so many rows is written out in the method text."""


def _rows(arguments: Any, prose: Prose) -> Iterator[str]:  # noqa: ANN401
    """The value of each row of the table, with what it matches."""
    table: ReferenceTable = arguments.table
    for place, value in enumerate(table.columns[arguments.take]):
        parts = [f"{prose.part(expr)} is {_cell(table.columns[name][place], prose)}" for name, expr in arguments.match.items()]
        for each in arguments.between or ():
            sides = [(BOUNDS[bound], table.columns[column][place]) for bound, column in each.bounds.items()]
            compared = [f"{prose.verb(sign, each.of)} {_cell(cell, prose)}" for sign, cell in sides if shown(cell)]
            parts += [f"{prose.part(each.of)} {' and '.join(compared).replace(' and is ', ' and ')}"] if compared else []
        yield f"{_cell(value, prose)} if {' and '.join(parts)}"


def _cell(cell: object, prose: Prose) -> str:
    return prose.term(cell) if isinstance(cell, str) else shown(cell) or "missing"  # type: ignore[arg-type]


def _parts(arguments: Any, prose: Prose) -> Iterator[str]:  # noqa: ANN401
    for name, expr in arguments.match.items():
        yield f"{name} is {prose.value(expr)}"
    for each in arguments.between or ():
        yield joined([f"{prose.part(each.of)} {prose.verb(BOUNDS[bound], each.of)} {column}" for bound, column in each.bounds.items()])


def _method(arguments: Any, prose: Prose) -> str:  # noqa: ANN401
    other = prose.part(arguments.otherwise) if arguments.otherwise is not None else prose.nothing
    if 0 < len(arguments.table) <= WRITTEN_OUT:
        return f"{'; '.join(_rows(arguments, prose))}; otherwise {other}."
    table = f"reference table {arguments.table.name} ({arguments.table.file})"
    return f"Column {arguments.take} of the row of {table} in which {joined([*_parts(arguments, prose)])}; otherwise {other}."


def _terms(arguments: Any) -> PossibleTerms | None:  # noqa: ANN401
    if arguments.table.kinds[arguments.take] is not ValueKind.TEXT:
        return None
    return PossibleTerms(arguments.table.texts(arguments.take), arguments.otherwise is None)


def _length(arguments: Any, length_of: LengthOf) -> int | None:  # noqa: ANN401
    other = length_of(arguments.otherwise) if arguments.otherwise is not None else 0
    longest = max((len(text.encode()) for text in arguments.table.texts(arguments.take)), default=0)
    return None if other is None else max(longest, other)


LOOKUP = Contract(
    _method,
    possible_terms=_terms,
    text_length=_length,
    kinds=_kinds,
    gives=lambda arguments: arguments.table.kinds[arguments.take],
)


@derivation(LOOKUP)
def lookup(*, table: TableName, between: Bounds | None = None, match: Match, take: ColumnName, otherwise: AnyValue | None = None) -> AnyValue:
    """Return the value of a column of a reference table, from the row that a record matches.

    `match` has an expression for each column that must be equal to it; texts are compared exactly, and a blank matches a blank cell.
    `between` has a value `of` and the columns of its bounds: `low` and `high` include the bound, `above` and `below` do not. A blank bound
    is open, and a missing value is in no interval.

    Missing: `otherwise` where no row matches; without it missing or blank, with a warning unless a value that is looked up is missing.
    Errors: several matching rows are an error with the records. Two rows with the same values of `match` are a specification error,
        unless `between` distinguishes them.
    Source: SQL left join; admiral derive_vars_merged_lookup.

    YAML:
        ATOXDSCL: {lookup: {table: LAB_TESTS, match: {PARAMCD: PARAMCD}, take: ATOXDSCL}}

    >>> units = ReferenceTable("U", "u.csv", {"CODE": ("A", "B"), "FACTOR": (1.0, 10.0)}, {"CODE": ValueKind.TEXT, "FACTOR": ValueKind.NUMBER})
    >>> lookup(table=units, match={"CODE": pd.Series(["B", "A"], dtype="str")}, take="FACTOR").column.tolist()
    [10.0, 1.0]
    """
    keys = {f"match {name}": (table.column(name), column) for name, column in match.items()}
    index = next(iter(match.values())).index
    values = {f"of {place}": each.of for place, each in enumerate(between or ())}
    asked = pd.DataFrame({**{name: column for name, (_, column) in keys.items()}, **values}, index=index)
    number = asked.groupby(list(asked), sort=False, dropna=False).ngroup().to_numpy()
    distinct = asked[~asked.duplicated()].reset_index(drop=True)  # each combination of values once, in the order of their numbers
    rows = pd.DataFrame({name: cells for name, (cells, _) in keys.items()}).assign(row=np.arange(len(table)))
    pairs = distinct.assign(asked=np.arange(len(distinct))).merge(rows, on=list(keys), how="inner")
    for place, each in enumerate(between or ()):
        pairs = pairs[_inside(pairs[f"of {place}"], pairs["row"].to_numpy(), each, table)]
    counts = np.bincount(pairs["asked"], minlength=len(distinct))
    row = np.full(len(distinct), -1)
    row[pairs["asked"]] = pairs["row"]
    row[counts != 1] = -1
    found, several = row[number], counts[number] > 1
    column = _taken(table.column(take), found, index)
    missing = np.logical_or.reduce([is_missing(each).to_numpy() for each in asked.to_dict("series").values()])
    several_values = len(between or ()) > 1
    shown_values = {**match, **{f"between {place + 1}" if several_values else "between": each.of for place, each in enumerate(between or ())}}
    issues = [Issue(f"several rows of table {table.name} match, where one is expected", several, Action.ERROR, shown_values)]
    if otherwise is None:
        unmatched = (found < 0) & ~several & ~missing
        issues.append(Issue(f"no row of table {table.name} matches", unmatched, values=shown_values))
    else:
        column = column.where((found >= 0) | several, otherwise)
    return Derived(column, tuple(issue for issue in issues if issue.mask.any()))


def _inside(value: pd.Series, row: np.ndarray, entry: Between, table: ReferenceTable) -> np.ndarray:
    """Whether the value of each pair is within the bounds that its row has."""
    values = value.to_numpy()
    result = value.notna().to_numpy().copy()
    for bound, name in _filled(entry, table).items():
        limits = table.column(name).to_numpy()[row]
        beyond = {"low": values < limits, "above": values <= limits, "high": values > limits, "below": values >= limits}[bound]
        result &= ~beyond | pd.isna(limits)
    return result


def _taken(cells: pd.Series, rows: np.ndarray, index: pd.Index) -> pd.Series:
    values = pd.Series(cells.array.take(rows, allow_fill=True), index=index)
    return values.fillna("") if cells.dtype == "str" else values
