"""A value for each text of a list."""

from __future__ import annotations

from typing import Annotated, Any

import numpy as np
import pandas as pd
from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from adam.catalog.contract import Contract, ExpectedCase, Families, LookupKeys, PossibleTerms
from adam.catalog.derivation import AnyValue, Constant, Derived, Issue, Text, derivation
from adam.catalog.prose import Prose
from adam.core.block import ReadBy
from adam.core.kinds import ValueKind, dates
from adam.expressions.check import is_date
from adam.expressions.parse import parse
from adam.expressions.tree import Comparison, Expr, Literal


class WrittenNumber(str):
    """A number of the YAML, as it is written."""

    __slots__ = ()


def _entry(value: object) -> str:
    """A text, or a number as it is written."""
    text = getattr(value, "raw", value)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise PydanticCustomError("recode", "a value of map is a text, a number or a date")
    return WrittenNumber(text) if isinstance(value, int | float) else str(text)


Entry = Annotated[str, ReadBy(_entry, json_schema_input_type=str | float)]


def _keys(value: object) -> object:
    """The keys as texts: a number as it is written."""
    return {str(getattr(key, "raw", key)): entry for key, entry in value.items()} if isinstance(value, dict) else value


def _results(arguments: Any) -> list[str]:  # noqa: ANN401
    return [*arguments.map.values(), *([arguments.otherwise] if arguments.otherwise is not None else [])]


def _kind(values: list[str]) -> ValueKind:
    """The kind of the result: numbers or dates if all values are, otherwise text."""
    if values and all(isinstance(value, WrittenNumber) for value in values):
        return ValueKind.NUMBER
    return ValueKind.DATE if values and all(is_date(value) for value in values) else ValueKind.TEXT


def _method(arguments: Any, prose: Prose) -> str:  # noqa: ANN401
    of, kind = prose.part(arguments.of), _kind(_results(arguments))
    shown = prose.term if kind is ValueKind.TEXT else str
    keys_of: dict[str, list[str]] = {}
    for key, text in arguments.map.items():
        keys_of.setdefault(str(text), []).append(str(key))
    simple = arguments.of.bare is not None and " " not in of
    subject, intro = (f"{of} is", "") if simple else ("it is", f"The recoded value of {prose.part(arguments.of)}: ")
    cases = {text: prose.term(keys[0]) if len(keys) == 1 else f"one of {prose.listed(keys)}" for text, keys in keys_of.items()}
    texts = [f"{shown(text)} if {subject} {case}" for text, case in cases.items()]
    return f"{intro}{'; '.join(texts)}; otherwise {shown(arguments.otherwise) if arguments.otherwise else prose.nothing}."


def _terms(arguments: Any) -> PossibleTerms | None:  # noqa: ANN401
    texts = _results(arguments)
    return PossibleTerms(tuple(dict.fromkeys(text for text in texts if text))) if _kind(texts) is ValueKind.TEXT else None


def _expected(value: str | None, kind: ValueKind) -> Expr | str:
    """The value as a check compares it."""
    if kind is ValueKind.TEXT:
        return str(value or "")
    return parse("missing") if value is None else parse(value if kind is ValueKind.NUMBER else f'date("{value}")')


def _cases(arguments: Any, families: Families) -> tuple[ExpectedCase, ...]:  # noqa: ANN401
    kind = _kind(_results(arguments))
    equal = [(Comparison("==", arguments.of.root, Literal(str(key))), _expected(value, kind)) for key, value in arguments.map.items()]
    default = ExpectedCase(None, _expected(arguments.otherwise, kind))
    return *(ExpectedCase(Expr(str(when), when), value) for when, value in equal), default


RECODE = Contract(
    _method,
    possible_terms=_terms,
    expected_cases=_cases,
    lookup_keys=lambda arguments: LookupKeys(arguments.of, tuple(arguments.map)),
    gives=lambda arguments: _kind(_results(arguments)),
)


@derivation(RECODE)
def recode(
    of: Text,
    *,
    map: Annotated[Constant[dict[str, Entry]], BeforeValidator(_keys)],  # noqa: A002  (the name in the YAML)
    otherwise: Entry | None = None,
) -> AnyValue:
    """Return the value that `map` has for each text; `otherwise` for every text that it has not.

    The result is a number if all values are numbers, and a date if all are ISO dates; otherwise it is a text. A number in quotes is a text.

    Missing: blank gives blank or missing without `otherwise`; `otherwise` replaces blank too.
    Errors: a text that is not in `map` gives blank or missing, with a warning.
    Source: metatools create_var_from_codelist.

    YAML:
        RACEGR1: {recode: {of: RACE, map: {WHITE: White}, otherwise: Other}}

    >>> recode(pd.Series(["WHITE", ""], dtype="str"), map={"WHITE": "White"}, otherwise="Other").column.tolist()
    ['White', 'Other']
    """
    kind = _kind([*map.values(), *([otherwise] if otherwise is not None else [])])
    codes, uniques = pd.factorize(of)
    found = pd.Series([*(map.get(value, otherwise or "") for value in uniques), otherwise or ""], dtype="str")
    if kind is ValueKind.NUMBER:
        typed = pd.to_numeric(found.where(found != ""), errors="raise").astype("float64")
    else:
        typed = dates(*found) if kind is ValueKind.DATE else found
    unmapped = np.zeros(len(of), dtype=bool)
    if otherwise is None:
        unmapped = (~of.isin([*map, ""])).to_numpy(dtype=bool)
    return Derived(typed.iloc[codes].set_axis(of.index), (Issue("value is not mapped", unmapped),))
