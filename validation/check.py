"""How a function becomes a check, and what its arguments may be.

A check gets `Records` and its arguments, and says what fails: a plain bool mask of the records, or `Looked` where it looks at something
else (subjects, combinations, counts). It fails only on what is false: an unknown condition fails nothing (LANGUAGE §8). The annotations of
its arguments say what stands in the YAML, and so what is looked at before any data are read (`validation/bind.py`).
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, TypeVar, get_args, get_origin, get_type_hints

import numpy as np
import pandas as pd
from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainValidator, create_model
from pydantic_core import PydanticCustomError

from adam.expressions.field import Expression, as_expression
from adam.expressions.tree import Call, Expr, Name
from adam.specification.located import as_text
from validation.records import Records


class Role(StrEnum):
    """What an argument names."""

    CONDITION = "a condition on the records of this dataset"
    VALUES = "expressions on the records of this dataset"
    VARIABLE = "variables of this dataset"
    ORDER = "variables of this dataset in order; desc(X) from high to low, missing_last(X)"
    SUBJECTS = "a condition on the dataset with one record per subject"
    DOMAIN = "a domain"
    COLLECTED = "a condition on the records of the domain"
    COLLECTED_VALUE = "an expression on the records of the domain"
    PARAMETER = "a parameter of this dataset"
    MADE = "a parameter of this dataset, kept or made only for others"
    CODES = "a condition whose names are parameters: their AVAL"
    COMBINATIONS = "variables with their values"
    COUNTS = "counts by name: {dataset, where}"
    BY = "a variable of the datasets, or of the one with one record per subject"
    OF_COUNTS = "a condition whose names are the counts"
    SIDES = "pairs of DATASET.X or DATASET.PARAMCD.X"


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
"""What an entry of an order list may be wrapped in."""


def as_order(value: object) -> tuple[OrderKey, ...]:
    """The entries of an order list.

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
    """One count: how many records of a dataset fit."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)
    dataset: str
    where: Expression | None = None


Condition = Annotated[Expression, Role.CONDITION]
Conditions = Annotated[list[Expression], BeforeValidator(_listed), Role.CONDITION]
Value = Annotated[Expression, Role.VALUES]
Values = Annotated[list[Expression], BeforeValidator(_listed), Role.VALUES]
Variable_ = Annotated[str, Role.VARIABLE]
Variables = Annotated[list[str], BeforeValidator(_listed), Role.VARIABLE]
Order = Annotated[Any, PlainValidator(as_order), Role.ORDER]
SubjectCondition = Annotated[Expression, Role.SUBJECTS]
Domain = Annotated[str, Role.DOMAIN]
Collected = Annotated[Expression, Role.COLLECTED]
CollectedValue = Annotated[Expression, Role.COLLECTED_VALUE]
Code = Annotated[str, Role.PARAMETER]
MadeCode = Annotated[str, Role.MADE]
OfCodes = Annotated[Expression, Role.CODES]
Combinations = Annotated[dict[str, list[Any]], Role.COMBINATIONS]
Counts = Annotated[dict[str, CountOf], Role.COUNTS]
By = Annotated[str, Role.BY]
OfCounts = Annotated[Expression, Role.OF_COUNTS]
Sides = Annotated[list[list[str]], BeforeValidator(_pairs), Role.SIDES]
Weights = dict[str, float]
Text = Annotated[str, BeforeValidator(as_text)]


@dataclass(frozen=True)
class CheckedItems:
    """What a check looked at that is not the records of its dataset: one record of `keys` for each, and which of them fail."""

    keys: pd.DataFrame
    failed: np.ndarray


Answer = np.ndarray | CheckedItems


@dataclass(frozen=True)
class CheckKind:
    """A registered check: its function, the model of its arguments, what they name, and whether lines of `checks:` may name it.

    `gathers` is the argument that takes every key of the block that is no argument (the named counts).
    """

    name: str
    function: Callable[..., Answer]
    model: type[BaseModel]
    roles: Mapping[str, Role]
    generated: bool = False
    gathers: str = ""

    @property
    def message(self) -> str:
        """What a failure says."""
        return self.documentation.split("\n")[0].rstrip(".")

    @property
    def documentation(self) -> str:
        """Its docstring."""
        return inspect.getdoc(self.function) or ""


CHECKS: dict[str, CheckKind] = {}


def role_of(annotation: Any) -> Role | None:  # noqa: ANN401  (an annotation can be anything)
    """What an argument names, if it names anything."""
    if get_origin(annotation) is Annotated:
        return next((item for item in get_args(annotation)[1:] if isinstance(item, Role)), None)
    inner = [arg for arg in get_args(annotation) if arg is not type(None)]
    return role_of(inner[0]) if len(inner) == 1 and type(None) in get_args(annotation) else None


F = TypeVar("F", bound=Callable[..., Answer])


def _register(function: Callable[..., Answer], generated: bool, gathers: str) -> None:
    hints = get_type_hints(function, include_extras=True)
    fields: dict[str, Any] = {}
    roles = {}
    for name, parameter in list(inspect.signature(function).parameters.items())[1:]:
        key = name.rstrip("_")
        fields[key] = (hints[name], ... if parameter.default is inspect.Parameter.empty else parameter.default)
        role = role_of(hints[name])
        if role is not None:
            roles[key] = role
    config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)
    name = function.__name__
    if name in CHECKS:
        raise ValueError(f"check '{name}' is registered twice")
    CHECKS[name] = CheckKind(name, function, create_model(name, __config__=config, **fields), roles, generated, gathers)


def check(function: F) -> F:
    """Register a check: its first argument is the `Records`, the others stand in the YAML; the first of them may be given bare."""
    _register(function, generated=False, gathers="")
    return function


def check_of(gathers: str) -> Callable[[F], F]:
    """Register a check one of whose arguments takes every key of the block that is no argument."""

    def register(function: F) -> F:
        _register(function, generated=False, gathers=gathers)
        return function

    return register


def generated(function: F) -> F:
    """Register a check that no line names: it is made from what the specification says."""
    _register(function, generated=True, gathers="")
    return function


def numbers(frame: pd.DataFrame, names: list[str]) -> np.ndarray:
    """A number for each combination of values.

    >>> numbers(pd.DataFrame({"X": ["b", "a", "b"]}), ["X"]).tolist()
    [0, 1, 0]
    """
    return frame.groupby(names, sort=False, dropna=False).ngroup().to_numpy()


def distinct(frame: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """The combinations of values, each once, numbered anew."""
    return frame[names].drop_duplicates().reset_index(drop=True)


__all__ = ["CHECKS", "Answer", "CheckKind", "Expr", "CheckedItems", "OrderKey", "Records", "Role", "check", "check_of", "generated", "numbers"]
