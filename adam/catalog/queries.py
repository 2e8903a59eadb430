"""Query tables: which terms a query (a Standardised MedDRA Query, a customized query) has, read from a reference table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from adam.core.kinds import ValueKind
from adam.core.reference_table import ReferenceTable, shown

PREFIX = re.compile(r"[A-Z]{2,3}[0-9]{2}")
"""The start of the names of the variables of a query: SMQ01, CQ02."""
REQUIRED = ("PREFIX", "NAME", "SOURCE_VARIABLE")
PARTS = {"NAM": "NAME", "CD": "CODE", "SC": "SCOPE", "SCN": "SCOPEN"}
"""The end of the name of each variable of a query, and the column it takes."""
SCOPES = ("BROAD", "NARROW")


@dataclass(frozen=True)
class QueryTerm:
    """One row of a query table: a value of a variable that belongs to the query, and what the query's variables have for it.

    `term` is a text, compared in any case of its letters, or a number where the variable has codes.
    """

    prefix: str
    variable: str
    term: str | float
    name: str
    code: float
    scope: str
    scope_number: float


def _cells(table: ReferenceTable, name: str) -> list[object]:
    if name not in table.columns:
        return [None] * len(table)
    return [None if cell == "" or cell != cell else cell for cell in table.columns[name]]


def _number(cell: object) -> float:
    return float(cell) if isinstance(cell, float | int) else float("nan")


@lru_cache(maxsize=8)
def queries(table: ReferenceTable) -> Mapping[str, tuple[QueryTerm, ...]]:
    """The rows of a query table by prefix. `errors` must have found none in it. A table of all queries has many thousand rows."""
    columns = [_cells(table, name) for name in ("PREFIX", "SOURCE_VARIABLE", "TERM", "TERMCODE", "NAME", "CODE", "SCOPE", "SCOPEN")]
    found: dict[str, list[QueryTerm]] = {}
    for prefix, variable, term, code, name, query, scope, number in zip(*columns, strict=True):
        value = _number(code) if term is None else str(term).upper()
        row = QueryTerm(str(prefix), str(variable), value, str(name), _number(query), str(scope or ""), _number(number))
        found.setdefault(str(prefix), []).append(row)
    return {prefix: tuple(each) for prefix, each in found.items()}


def variables(table: ReferenceTable) -> Iterator[tuple[str, str, str]]:
    """The variables of the queries, in the order of the table: the name, the prefix and the column; those whose column is blank are left out."""
    for prefix, mine in queries(table).items():
        has = {
            "NAME": True,
            "CODE": any(row.code == row.code for row in mine),
            "SCOPE": any(row.scope for row in mine),
            "SCOPEN": any(row.scope_number == row.scope_number for row in mine),
        }
        yield from ((f"{prefix}{end}", prefix, column) for end, column in PARTS.items() if has[column])


def sources(table: ReferenceTable, prefix: str) -> list[str]:
    """The variables whose values decide whether a record belongs to a query."""
    return list(dict.fromkeys(row.variable for row in queries(table)[prefix]))


@lru_cache(maxsize=8)
def errors(table: ReferenceTable) -> tuple[str, ...]:
    """What makes a table no query table, as sentences."""
    return tuple(_errors(table))


def _errors(table: ReferenceTable) -> Iterator[str]:
    absent = [name for name in REQUIRED if name not in table.columns]
    if absent or not {"TERM", "TERMCODE"} & set(table.columns):
        names = " or ".join(absent) or "TERM or TERMCODE"
        yield f"Table {table.name} has no column {names}. A query table has PREFIX, NAME, SOURCE_VARIABLE and TERM."
        return
    numbers = [name for name in ("CODE", "SCOPEN", "TERMCODE") if table.kinds.get(name, ValueKind.NUMBER) is not ValueKind.NUMBER]
    if numbers:
        yield f"Column {numbers[0]} of table {table.name} has a cell that is not a number. Correct the cell."
        return
    yield from _errors_of_rows(table)
    yield from _errors_of_queries(table)


def _errors_of_rows(table: ReferenceTable) -> Iterator[str]:
    columns = [_cells(table, name) for name in ("PREFIX", "NAME", "SOURCE_VARIABLE", "TERM", "TERMCODE", "SCOPE")]
    seen, kinds = set(), dict[object, bool]()
    for place, (prefix, name, variable, term, code, scope) in enumerate(zip(*columns, strict=True), 1):
        row = f"Row {place} of table {table.name}"
        if prefix is None or not PREFIX.fullmatch(str(prefix)):
            yield f"{row} has the prefix '{prefix or ''}'. A prefix is two or three capitals and two digits: SMQ01, CQ01."
        if name is None or variable is None:
            yield f"{row} has no {'name' if name is None else 'source variable'}. Add it."
        if (term is None) == (code is None):
            has = "both a TERM and a TERMCODE" if term is not None else "neither a TERM nor a TERMCODE"
            yield f"{row} has {has}. A row has one of them: the text or the code that SOURCE_VARIABLE has."
        elif kinds.setdefault(variable, code is None) != (code is None):
            yield f"{row} has a {'TERMCODE' if term is None else 'TERM'}, but another row of {variable} has not. A variable has texts or codes."
        if scope is not None and scope not in SCOPES:
            yield f"{row} has the scope '{scope}'. A scope is BROAD, NARROW or blank."
        key = (prefix, variable, str(term).upper(), code)
        if key in seen:
            yield f"{row} has the same term of the same query as a row before it. Delete one of them."
        seen.add(key)


def _errors_of_queries(table: ReferenceTable) -> Iterator[str]:
    for column in ("NAME", "CODE"):
        for prefix, cells in _several(table, "PREFIX", column):
            texts = " and ".join(f"'{cell}'" for cell in cells)
            yield f"Query {prefix} of table {table.name} has several values in column {column}: {texts}. A query has one."
    for scope, _ in _several(table, "SCOPE", "SCOPEN"):
        yield f"Scope {scope or 'blank'} of table {table.name} has several numbers in column SCOPEN. A scope has one number."


def _several(table: ReferenceTable, name: str, other: str) -> Iterator[tuple[str, list[str]]]:
    """The values of a column that have several values in another one."""
    if name not in table.columns or other not in table.columns:
        return
    found: dict[str, dict[str, None]] = {}
    for key, cell in table.rows((name, other)):
        found.setdefault(shown(key), {})[shown(cell)] = None
    yield from ((key, list(cells)) for key, cells in found.items() if len(cells) > 1)
