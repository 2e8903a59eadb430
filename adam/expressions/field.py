"""An expression as a field of a model: text of the YAML in, a checked tree with its place out."""

from __future__ import annotations

from typing import Annotated

from pydantic import PlainValidator
from pydantic_core import PydanticCustomError

from adam.core.errors import NOWHERE
from adam.expressions.parse import ExpressionError, parse
from adam.expressions.tree import Expr


def as_expression(value: object) -> Expr:
    """A text of the YAML as an expression; a number stands for itself.

    Raises:
        PydanticCustomError: with the column of the fault and its code in the context.
    """
    if isinstance(value, Expr):
        return value
    text = getattr(value, "raw", value)
    if not isinstance(text, str):
        raise PydanticCustomError("expression", "wants an expression, as text")
    try:
        return parse(text, getattr(value, "mark", NOWHERE))
    except ExpressionError as error:
        context = {"column": error.column, "code": error.code, "message": str(error)}
        raise PydanticCustomError("expression", "{message}", context) from None


Expression = Annotated[Expr, PlainValidator(as_expression, json_schema_input_type=str)]
