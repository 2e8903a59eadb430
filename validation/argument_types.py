"""What the arguments of a check may be: each annotation declares how the argument is read and what it names."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, ConfigDict
from pydantic_core import PydanticCustomError

from adam.core.block import ReadBy
from adam.core.located import as_text
from adam.expressions.field import Expression, as_expression
from adam.expressions.tree import Call, Name

T = TypeVar("T")


class Role(StrEnum):
    """What an argument names."""

    CONDITION = "a condition on the records of this dataset"
    VALUES = "expressions on the records of this dataset"
    VARIABLE = "variables of this dataset"
    ORDER = "variables of this dataset in order; desc(X) from high to low, missing_last(X)"
    SUBJECTS = "a condition on the subject-level dataset"
    DOMAIN = "a domain"
    COLLECTED = "a condition on the records of the domain"
    COLLECTED_VALUE = "an expression on the records of the domain"
    PARAMETER = "a parameter of this dataset"
    SOURCE_PARAMETER = "a parameter of this dataset, kept or used only to derive others"
    CODES = "a condition whose names are parameters: their AVAL"
    COMBINATIONS = "variables with their values"
    COUNTS = "counts by name: {dataset, where}"
    BY = "a variable of the datasets, or of the subject-level dataset"
    OF_COUNTS = "a condition whose names are the counts"
    SIDES = "pairs of DATASET.X or DATASET.PARAMCD.X"


@dataclass(frozen=True)
class AtLeast:
    """How many entries a list argument has at least."""

    entries: int


TWO = AtLeast(2)


def _listed(value: object) -> object:
    return value if isinstance(value, list | tuple) else [value]


def _pairs(value: object) -> object:
    return [value] if isinstance(value, list) and value and not isinstance(value[0], list) else value


@dataclass(frozen=True)
class OrderKey:
    """One entry of an order list."""

    name: str
    descending: bool = False
    missing_last: bool = False


ORDERS = ("desc", "missing_last")
"""The functions an entry of an order list may be wrapped in."""


def as_order(value: object) -> tuple[OrderKey, ...]:
    """Return the entries of an order list.

    Raises:
        PydanticCustomError: an entry is neither a variable nor desc(X).
    """
    keys = []
    for item in value if isinstance(value, list) else [value]:
        root = as_expression(item).root
        way = root.function if isinstance(root, Call) and root.function in ORDERS and len(root.arguments) == 1 else ""
        name = root.arguments[0] if isinstance(root, Call) and way else root
        if not isinstance(name, Name) or name.owner:
            raise PydanticCustomError("expression", "an order list holds variables of this dataset, desc(X) or missing_last(X)")
        keys.append(OrderKey(name.last, way == "desc", way == "missing_last"))
    return tuple(keys)


class CountOf(BaseModel):
    """One count: how many records of a dataset match a condition."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True, defer_build=True)
    dataset: str
    where: Expression | None = None


Condition = Annotated[Expression, Role.CONDITION]
Conditions = Annotated[list[Expression], BeforeValidator(_listed), Role.CONDITION]
Value = Annotated[Expression, Role.VALUES]
Values = Annotated[list[Expression], BeforeValidator(_listed), Role.VALUES]
VariableName = Annotated[str, Role.VARIABLE]
Variables = Annotated[list[str], BeforeValidator(_listed), Role.VARIABLE]
Order = Annotated[Any, ReadBy(as_order), Role.ORDER]
SubjectCondition = Annotated[Expression, Role.SUBJECTS]
Domain = Annotated[str, Role.DOMAIN]
Collected = Annotated[Expression, Role.COLLECTED]
CollectedValue = Annotated[Expression, Role.COLLECTED_VALUE]
Code = Annotated[str, Role.PARAMETER]
SourceCode = Annotated[str, Role.SOURCE_PARAMETER]
OfCodes = Annotated[Expression, Role.CODES]
Combinations = Annotated[dict[str, list[Any]], Role.COMBINATIONS]
Counts = Annotated[dict[str, CountOf], Role.COUNTS]
By = Annotated[str, Role.BY]
OfCounts = Annotated[Expression, Role.OF_COUNTS]
Sides = Annotated[list[list[str]], BeforeValidator(_pairs), Role.SIDES]
Weights = dict[str, float]
Text = Annotated[str, BeforeValidator(as_text)]


def role_of(annotation: Any) -> Role | None:  # noqa: ANN401  (an annotation can be anything)
    """Return what an argument names, if it names anything."""
    return _metadata(annotation, Role)


def least_of(annotation: Any) -> int:  # noqa: ANN401
    """Return how many entries an argument has at least, if it is a list."""
    found = _metadata(annotation, AtLeast)
    return found.entries if found else 1


def _metadata(annotation: Any, kind: type[T]) -> T | None:  # noqa: ANN401
    """The first item of a type in an annotation, `X | None` included."""
    if get_origin(annotation) is Annotated:
        return next((item for item in get_args(annotation)[1:] if isinstance(item, kind)), None)
    inner = [arg for arg in get_args(annotation) if arg is not type(None)]
    return _metadata(inner[0], kind) if len(inner) == 1 and type(None) in get_args(annotation) else None
