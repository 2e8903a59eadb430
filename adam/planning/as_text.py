"""Formulas, conditions and arguments as text, in the form of the YAML."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel

from adam.catalog.derivation import OrderKey
from adam.expressions.tree import Expr
from adam.planning.values import Formula as WrittenFormula
from adam.planning.values import Term, Value
from adam.planning.values.formulas import Formula


def written(formula: WrittenFormula | None, where: Expr | None = None) -> str:
    """A formula as it is written in the specification, with its condition."""
    match formula:
        case Value(expr=expr):
            text = str(expr)
        case Term(text=text):
            text = f'"{text}"'
        case _:
            text = f"{formula.name}: {argument(formula.arguments)}" if formula is not None else ""
    return conditional(text, where)


def bound(formula: Formula) -> str:
    """A bound formula as it would be written, with its condition."""
    if formula.call is None:
        return conditional(str(formula.expr), formula.where)
    arguments = {name: value for name, value in formula.call.arguments.items() if value is not None and value != ()}
    return conditional(f"{formula.call.name}: {argument(arguments)}", formula.where)


def conditional(text: str, where: Expr | None) -> str:
    """A text with the condition of the records it is for."""
    return f"{text} where {where}" if where is not None else text


def argument(value: object) -> str:
    """An argument as it is written inside braces."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {argument(entry)}" for key, entry in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(argument, value)) + "]"
    if isinstance(value, BaseModel):
        return argument({name: getattr(value, name) for name in type(value).model_fields if getattr(value, name) not in (None, ())})
    if isinstance(value, OrderKey):
        return f"desc({value.value})" if value.descending else f"missing_last({value.value})" if value.missing_last else str(value.value)
    return f"{value:g}" if isinstance(value, float) else str(value)
