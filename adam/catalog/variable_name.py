"""A variable as an argument of a record rule: a name, not an expression."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

NAME = re.compile(r"[A-Z][A-Z0-9_]{0,15}")


def _checked(value: str) -> str:
    """The name of a variable of the dataset, temporary ones included; it is also the name of a column of the new records.

    >>> _checked("ADT")
    'ADT'
    """
    if NAME.fullmatch(value):
        return value
    message = "'{value}' is not the name of a variable. Write a variable of the dataset; an expression needs a variable of its own, under temporary:."
    raise PydanticCustomError("variable_name", message, {"value": value})


VariableName = Annotated[str, AfterValidator(_checked)]
