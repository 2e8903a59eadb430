"""An expression as a field of a model: the text in the YAML becomes a tree with its place."""

from __future__ import annotations

from typing import Annotated

from pydantic_core import PydanticCustomError

from adam.core.block import ReadBy
from adam.core.errors import NOWHERE
from adam.expressions.parse import ExpressionError, parse
from adam.expressions.tree import Expr


def as_expression(value: object) -> Expr:
    """A text or a number of the YAML as an expression.

    Raises:
        PydanticCustomError: the text is not an expression; its context has the column of the error and the code.
    """
    if isinstance(value, Expr):
        return value
    text = getattr(value, "raw", value)
    if not isinstance(text, str):
        raise PydanticCustomError("expression", "Expected an expression, written as text.")
    try:
        return parse(text, getattr(value, "mark", NOWHERE))
    except ExpressionError as error:
        context = {"column": error.column, "code": error.code, "message": str(error)}
        raise PydanticCustomError("expression", "{message}", context) from None


Expression = Annotated[Expr, ReadBy(as_expression, json_schema_input_type=str)]
