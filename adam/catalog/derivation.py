"""How a function becomes a derivation, and what its arguments may be.

A derivation is one of three:

    @derivation(CONTRACT)  on one record: columns of the dataset in, a column on the same records out
    @summary(CONTRACT)     over the records of one source: the columns of these records and `group`, for each of them the number of
                           the record (or of the group of `within`) that gets the value; one value per group out
    @along(CONTRACT)       along this dataset: columns, `group` and `order`; a column on the same records out

Every summary and along derivation has a `where:` too. It is applied before the function is called: a record that does not match has
group -1, and the function leaves such records out. Only a function whose point is the condition (`exists`) declares `where` itself.

The annotations declare the kinds of the arguments: `Condition`, `Number`, `Text`, `Date`, `Datetime` and `AnyValue` are expressions and
arrive as columns; `Within` is `within:`, `Order` is `order:`; `Family` is a name with xx, one column per period; `Each` is a list of
columns, each of its own source; the others are options of ordinary types, where `Constant[...]` may also be named `STUDY.X`. The
contract (`adam.catalog.contract`) declares the result: its method text, possible terms, expected cases.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any, TypeVar, get_args, get_origin, get_type_hints

import numpy as np
import pandas as pd
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, create_model
from pydantic_core import PydanticCustomError

from adam.catalog.contract import Contract
from adam.core.block import ReadBy
from adam.core.kinds import ValueKind
from adam.expressions.field import as_expression
from adam.expressions.tree import Call, Expr, Name, walk


class Reach(StrEnum):
    """What a derivation reads for one value: the record, records of a source, or the records of its dataset."""

    RECORD = "record"
    RECORDS = "records"
    ALONG = "along"


class Action(StrEnum):
    """What an issue means for the run."""

    NOTE = "note"
    WARN = "warning"
    ERROR = "error"
    REFUSE = "refuse"


@dataclass(frozen=True)
class Issue:
    """A bad value found while deriving: a text, and a mask of the records (or groups) concerned.

    `values` are the columns to show for these records; by default the ones that the formula reads. `counts` are numbers of records that
    the text has `{}` for: a run may derive its subjects in several parts, and adds the numbers of all.
    """

    text: str
    mask: np.ndarray
    action: Action = Action.WARN
    values: Mapping[str, pd.Series] = field(default_factory=dict)
    counts: tuple[int, ...] = ()


@dataclass(frozen=True)
class Derived:
    """A column with the issues found on the way.

    `tied` has the group of each record that shares the decisive place in `order` with other records of its group; -1 for all others.
    """

    column: pd.Series
    issues: tuple[Issue, ...] = ()
    tied: np.ndarray | None = None


@dataclass(frozen=True)
class Group:
    """For each record the number of its group, 0 to `size` - 1, or -1 for none."""

    number: np.ndarray
    size: int


@dataclass(frozen=True)
class OrderKey:
    """One entry of an order list: an expression `X`, `desc(X)` (missing is last then) or `missing_last(X)`."""

    value: Expr
    descending: bool = False
    missing_last: bool = False


ORDERS = ("desc", "missing_last")
"""What an entry of an order list may be wrapped in."""
ORDER_ENTRIES = "variables and expressions, each alone or in desc(...) or missing_last(...)"


def _as_order(value: object) -> tuple[OrderKey, ...]:
    items = value if isinstance(value, list) else [value]
    keys = []
    for item in items:
        expr = as_expression(item)
        root = expr.root
        way = root.function if isinstance(root, Call) and root.function in ORDERS and len(root.arguments) == 1 else ""
        value = root.arguments[0] if isinstance(root, Call) and way else root
        if not any(isinstance(node, Name) for node in walk(value)):
            raise PydanticCustomError("expression", f"{item} is the same on every record, so it orders nothing; an order list holds {ORDER_ENTRIES}")
        if any(isinstance(node, Call) and node.function in ORDERS for node in walk(value)):
            raise PydanticCustomError("expression", f"{item}: desc and missing_last come first and are not nested; missing is last in desc(NAME)")
        keys.append(OrderKey(Expr(str(value), value, expr.mark), way == "desc", way == "missing_last"))
    return tuple(keys)


def _as_group(value: object) -> tuple[Expr, ...]:
    exprs = tuple(as_expression(item) for item in (value if isinstance(value, list) else [value]))
    for expr in exprs:
        if not expr.names:
            raise PydanticCustomError("expression", f"{expr} is the same on every record, so it makes no groups; name variables in within:")
    return exprs


def _as_each(value: object) -> tuple[Expr, ...]:
    return tuple(as_expression(item) for item in (value if isinstance(value, list) else [value]))


def _constant(value: object, info: ValidationInfo) -> object:
    constants: Mapping[str, object] = (info.context or {}).get("constants", {})
    if isinstance(value, str) and value.startswith("STUDY."):
        if value[6:] not in constants:
            raise PydanticCustomError("constant", "STUDY has no constant '{name}'", {"name": value[6:]})
        return constants[value[6:]]
    return value


def _as_written(value: object) -> object:
    return getattr(value, "raw", value)


_EXPRESSION = ReadBy(as_expression, json_schema_input_type=str)
Condition = Annotated[Any, ValueKind.CONDITION, _EXPRESSION]
Number = Annotated[Any, ValueKind.NUMBER, _EXPRESSION]
Text = Annotated[Any, ValueKind.TEXT, _EXPRESSION]
Date = Annotated[Any, ValueKind.DATE, _EXPRESSION]
Datetime = Annotated[Any, ValueKind.DATETIME, _EXPRESSION]
AnyValue = Annotated[Any, ValueKind.ANY, _EXPRESSION]
Order = Annotated[Any, "order", ReadBy(_as_order, json_schema_input_type=list[str])]
Within = Annotated[Any, "within", ReadBy(_as_group, json_schema_input_type=list[str])]
Family = Annotated[Any, "family", _EXPRESSION]
Each = Annotated[Any, "each", ReadBy(_as_each, json_schema_input_type=list[str])]
LiteralText = Annotated[str, BeforeValidator(_as_written)]
"""A text taken as written; a number is taken as its text."""

T = TypeVar("T")
Constant = Annotated[T, BeforeValidator(_constant)]
"""An option that may also be written `STUDY.X`."""


class Options(BaseModel):
    """Arguments with a shape of their own: subclass it for an argument that is a block."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True, defer_build=True)


@dataclass(frozen=True)
class Derivation:
    """A registered derivation: its function, what it reads, the fields of the model of its arguments, the kind it gives, its contract.

    `gives` is None where the result has the kind of the arguments of any kind.
    """

    name: str
    function: Callable[..., Any]
    looks: Reach
    fields: Mapping[str, Any]
    gives: ValueKind | None
    hints: Mapping[str, Any]
    contract: Contract

    @cached_property
    def model(self) -> type[BaseModel]:
        """The model of its arguments. It is made when a study uses the derivation, because a model costs more than its module."""
        config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)
        return create_model(self.name, __config__=config, **self.fields)

    @property
    def summary(self) -> str:
        """The first line of its documentation."""
        return (inspect.getdoc(self.function) or "").split("\n")[0]

    @property
    def first(self) -> str | None:
        """The argument that may be written without its name: the only one, or the first if all others are optional."""
        fields = self.model.model_fields
        head, *rest = fields
        return head if all(not fields[name].is_required() for name in rest) else None


DERIVATIONS: dict[str, Derivation] = {}


def role_of(annotation: Any) -> ValueKind | str | None:  # noqa: ANN401  (an annotation can be anything)
    """What an argument is: the kind of a column, `order`, `within`, `family`, `each`, or None for an option."""
    if get_origin(annotation) is Annotated:
        return next((item for item in get_args(annotation)[1:] if isinstance(item, ValueKind | str)), None)
    return None


def _optional(annotation: Any) -> Any:  # noqa: ANN401
    """`X` of `X | None`."""
    inner = [arg for arg in get_args(annotation) if arg is not type(None)]
    return inner[0] if len(inner) == 1 and type(None) in get_args(annotation) else annotation


def _register(function: Callable[..., Any], name: str, looks: Reach, contract: Contract) -> Derivation:
    hints = get_type_hints(function, include_extras=True)
    returns = hints.pop("return")
    signature = inspect.signature(function)
    fields: dict[str, Any] = {}
    for argument, parameter in signature.parameters.items():
        if argument == "group":
            fields["within"] = (Within, None if looks is Reach.RECORDS else ())
            continue
        default = ... if parameter.default is inspect.Parameter.empty else parameter.default
        fields[argument] = (hints[argument], Field(default))
    if looks is not Reach.RECORD:
        fields.setdefault("where", (Condition | None, None))
    kind = role_of(returns)
    roles = {argument: _optional(hint) for argument, hint in hints.items() if argument != "group"}
    if looks is not Reach.RECORD:
        roles.setdefault("where", Condition)
    gives = None if kind is ValueKind.ANY else ValueKind(kind) if kind else None
    return Derivation(name, function, looks, fields, gives, roles, contract)


F = TypeVar("F", bound=Callable[..., Any])


def _decorator(looks: Reach, contract: Contract, name: str | None) -> Callable[[F], F]:
    def register(function: F) -> F:
        key = name or function.__name__
        if key in DERIVATIONS:
            raise ValueError(f"derivation '{key}' is registered twice")
        DERIVATIONS[key] = _register(function, key, looks, contract)
        return function

    return register


def derivation(contract: Contract) -> Callable[[F], F]:
    """Register a derivation on one record."""
    return _decorator(Reach.RECORD, contract, None)


def summary(contract: Contract, name: str | None = None) -> Callable[[F], F]:
    """Register a derivation over the records of one source, one value per group; `name` where Python needs another one."""
    return _decorator(Reach.RECORDS, contract, name)


def along(contract: Contract) -> Callable[[F], F]:
    """Register a derivation along the records of this dataset, always within subject."""
    return _decorator(Reach.ALONG, contract, None)
