"""`set` of a record rule: variables with new values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from adam.catalog.prose import Prose, joined
from adam.catalog.record_rule import ArgumentError
from adam.core.block import ReadBy
from adam.core.errors import NOWHERE
from adam.expressions.field import as_expression
from adam.expressions.parse import ExpressionError, parse
from adam.expressions.tree import Expr, Literal

FIXED = ("STUDYID", "USUBJID", "PARAMCD", "PARAM", "PARAMN")
"""What identifies the subject and the parameter, and so cannot be set."""
VARIABLE = re.compile(r"[A-Z][A-Z0-9_]*")
OF_EXPRESSIONS = re.compile(r"[()\"'=<>+*/,#&|\\]")
"""Signs that a text without quotes cannot have: it would be an expression with an error."""


def _assigned(value: object) -> Expr:
    """A value of `set`: an expression, or a text such as End of Treatment, which is the text itself.

    >>> str(_assigned("max(ADT)").root), str(_assigned("End of Treatment").root), str(_assigned("Baseline").root)
    ('max(ADT)', '"End of Treatment"', '"Baseline"')
    """
    text = str(getattr(value, "raw", value)).strip()
    if text and not OF_EXPRESSIONS.search(text):
        mark = getattr(value, "mark", NOWHERE)
        try:
            names = parse(text, mark).names
        except ExpressionError:
            return Expr(f'"{text}"', Literal(text), mark)
        if any(not VARIABLE.fullmatch(part) for name in names for part in name.parts):
            return Expr(f'"{text}"', Literal(text), mark)
    return as_expression(value if isinstance(value, str) or hasattr(value, "raw") else text)


def _assignments(value: object) -> dict[str, Expr]:
    if not isinstance(value, Mapping):
        raise PydanticCustomError("mapping", "set must be a block of variables and their values, such as {AVISIT: End of Treatment, AVISITN: 99}")
    return {str(name): _assigned(each) for name, each in value.items()}


def _listed(value: object) -> object:
    return value if isinstance(value, list | tuple) else [value]


Assignments = Annotated[dict[str, Any], ReadBy(_assignments, json_schema_input_type=dict[str, str])]
Codes = Annotated[list[str], BeforeValidator(_listed)]
"""One text or a list of texts: parameter codes, or names of variables."""


def assigned_columns(assigned: Mapping[str, Expr]) -> dict[str, Expr]:
    """The columns of `set`."""
    return {f"set.{name}": expr for name, expr in assigned.items()}


def assigns(assigned: Mapping[str, Expr]) -> dict[str, str]:
    """The variable that each column of `set` is the new value of."""
    return {f"set.{name}": name for name in assigned}


def assignment_errors(
    assigned: Mapping[str, Expr], dtype: str, others: Iterable[str] = (), *, value: Expr | None = None, text: Expr | None = None
) -> Iterator[ArgumentError]:
    """Variables of `set` that cannot be set, or that have a value already: AVAL with `value`, AVALC with `text`, DTYPE with `dtype`."""
    for name, expr in assigned.items():
        if name in FIXED:
            message = f"set cannot change {name}, which identifies the subject or the parameter. Give the records a parameter of their own"
            yield ArgumentError(message, "spec-wrong-argument", expr)
        if name in others:
            yield ArgumentError(f"set gives {name}, which the records of a group share by by:. Delete one of them", "spec-wrong-argument", expr)
    given = {"DTYPE": "dtype" if dtype else "", "AVAL": "value" if value is not None else "", "AVALC": "text" if text is not None else ""}
    for name, argument in given.items():
        if argument and name in assigned:
            yield ArgumentError(f"{argument} and set both give {name}. Delete one of them", "spec-wrong-argument", assigned[name])


def assignment_text(assigned: Mapping[str, Expr], dtype: str, prose: Prose) -> str:
    """The new values, as the end of a sentence."""
    kept = [name for name, expr in assigned.items() if str(expr.bare) == name]
    values = [f"{name} set to {prose.value(expr)}" for name, expr in assigned.items() if name not in kept]
    values += [f'DTYPE set to "{dtype}"'] if dtype else []
    values += [f"{joined(kept)} as on that record"] if kept else []
    return f", with {joined(values)}" if values else ""
