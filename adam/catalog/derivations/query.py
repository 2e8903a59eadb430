"""The queries of MedDRA, and other lists of terms, that a record belongs to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import numpy as np
import pandas as pd

from adam.catalog.contract import Contract, Path, PossibleTerms
from adam.catalog.derivation import AnyValue, Derived, Issue, derivation
from adam.catalog.prose import Prose
from adam.catalog.queries import QueryTerm, errors, queries, sources
from adam.catalog.table_argument import TableName
from adam.core.coded_text import text_column
from adam.core.errors import did_you_mean
from adam.core.kinds import ValueKind
from adam.core.reference_table import ReferenceTable

TEXTS = {"NAME": "name", "CODE": "code", "SCOPE": "scope", "SCOPEN": "number of the scope"}
Column = Literal["NAME", "CODE", "SCOPE", "SCOPEN"]


def _errors(arguments: Any) -> Iterator[str]:  # noqa: ANN401
    faults = errors(arguments.table)
    if faults:
        yield from faults
        return
    known = list(queries(arguments.table))
    if arguments.prefix not in known:
        yield f"Table {arguments.table.name} has no query '{arguments.prefix}'{did_you_mean(arguments.prefix, known)}"
        return
    needed = sources(arguments.table, arguments.prefix)
    if set(arguments.of) != set(needed):
        yield f"of must have an entry for each SOURCE_VARIABLE of the query: {', '.join(needed)}."


def _terms(arguments: Any) -> PossibleTerms | None:  # noqa: ANN401
    if arguments.take in ("CODE", "SCOPEN") or errors(arguments.table):
        return None
    mine = queries(arguments.table).get(arguments.prefix, ())
    return PossibleTerms(tuple(dict.fromkeys(filter(None, (row.name if arguments.take == "NAME" else row.scope for row in mine)))))


def _method(arguments: Any, prose: Prose) -> str:  # noqa: ANN401
    if errors(arguments.table):
        return f"The {TEXTS[arguments.take]} of query {arguments.prefix} of reference table {arguments.table.name}."
    rows = queries(arguments.table).get(arguments.prefix, ())
    cases: dict[str, dict[str, list[object]]] = {}
    for row in rows:
        cases.setdefault(_value_of(row, arguments.take, prose), {}).setdefault(row.variable, []).append(row.term)
    texts = []
    for value, of in cases.items():
        parts = [f"{prose.part(arguments.of[name])} is {_listed(terms, prose)}" for name, terms in of.items() if name in arguments.of]
        texts.append(f"{value} if {' or '.join(parts)}")
    query = f"Query {rows[0].name if rows else arguments.prefix}"
    return f"{'; '.join(texts)}; otherwise {prose.nothing}. {query}; the case of letters is ignored."


def _listed(terms: list[object], prose: Prose) -> str:
    if len(terms) > 1:
        return f"one of {prose.listed(terms)}"
    return prose.term(terms[0]) if isinstance(terms[0], str) else prose.listed(terms)


def _value_of(row: QueryTerm, take: str, prose: Prose) -> str:
    """What a query gives for one of its terms."""
    value = {"NAME": row.name, "CODE": row.code, "SCOPE": row.scope, "SCOPEN": row.scope_number}[take]
    return prose.term(value) if isinstance(value, str) else f"{value:.15g}"


def _gives(arguments: Any) -> ValueKind:  # noqa: ANN401
    return ValueKind.NUMBER if arguments.take in ("CODE", "SCOPEN") else ValueKind.TEXT


def _kinds(arguments: Any) -> dict[Path, ValueKind]:  # noqa: ANN401
    """The kind of each value: a text where the query has a TERM of its variable, a number where it has a TERMCODE."""
    if errors(arguments.table):
        return {}
    mine = [row for row in queries(arguments.table).get(arguments.prefix, ()) if row.variable in arguments.of]
    return {("of", row.variable): ValueKind.TEXT if isinstance(row.term, str) else ValueKind.NUMBER for row in mine}


@derivation(Contract(_method, possible_terms=_terms, argument_errors=_errors, kinds=_kinds, gives=_gives))
def query(table: TableName, prefix: str, of: dict[str, AnyValue], *, take: Column = "NAME") -> AnyValue:
    """Return the name of a query where a record has one of its terms, or the code or scope of the query.

    The table has a row for each term: PREFIX, NAME, SOURCE_VARIABLE and either TERM or TERMCODE; CODE, SCOPE and SCOPEN if they are known.
    `of` has an expression for each SOURCE_VARIABLE of the query. Texts match in any case of their letters.

    Missing: blank or missing where no term matches.
    Errors: a table with two names or codes of one query, or with both a TERM and a TERMCODE in a row, is a specification error. Matching
        rows of one query with different scopes are a warning, and the first row counts.
    Source: OCCDS, SMQzzNAM, SMQzzCD, SMQzzSC, SMQzzSCN and CQzzNAM; admiral derive_vars_query.

    YAML:
        CQ01NAM: {query: {table: QUERIES, prefix: CQ01, of: {AEDECOD: AEDECOD}}}

    >>> query(EXAMPLE, "CQ01", {"AEDECOD": pd.Series(["RASH", "Fever"], dtype="str")}).column.tolist()
    ['Skin', '']
    """
    index = next(iter(of.values())).index
    mine = queries(table)[prefix]
    first = np.full(len(index), len(mine))
    scopes = {scope: np.zeros(len(index), dtype=bool) for scope in dict.fromkeys(row.scope for row in mine)}
    for name, column in of.items():
        found, row_of = _matches([(place, row) for place, row in enumerate(mine) if row.variable == name], column)
        first[found] = np.minimum(first[found], row_of)
        for scope, mask in scopes.items():
            mask[found] |= np.array([mine[place].scope == scope for place in row_of], dtype=bool)
    several = np.sum(list(scopes.values()), axis=0) > 1
    texts = [{"NAME": row.name, "SCOPE": row.scope}.get(take, "") for row in mine]
    numbers = [{"CODE": row.code, "SCOPEN": row.scope_number}.get(take, np.nan) for row in mine]
    result = pd.Series(np.array([*numbers, np.nan])[first], index=index) if take in ("CODE", "SCOPEN") else text_column([*texts, ""], first, index)
    text = f"Terms of query {prefix} with different scopes match; the first row of table {table.name} counts"
    return Derived(result, (Issue(text, several if take in ("SCOPE", "SCOPEN") else several & False, values=of),))


def _matches(terms: list[tuple[int, QueryTerm]], column: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """The records whose value is one of the terms, and the place of the first such row in the query."""
    places: dict[object, int] = {}
    for place, row in terms:
        places.setdefault(row.term, place)
    values = column.str.upper() if column.dtype == "str" else column
    codes, uniques = pd.factorize(values)
    place_of = np.array([*(places.get(value, -1) for value in uniques), -1])
    found = np.flatnonzero(place_of[codes] >= 0)
    return found, place_of[codes][found]


def _example() -> ReferenceTable:
    columns = {"PREFIX": ("CQ01",), "NAME": ("Skin",), "SOURCE_VARIABLE": ("AEDECOD",), "TERM": ("Rash",)}
    return ReferenceTable("EXAMPLE", "", columns, dict.fromkeys(columns, ValueKind.TEXT))


EXAMPLE = _example()
"""The query of the example above."""
