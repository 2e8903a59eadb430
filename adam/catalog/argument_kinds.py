"""The kinds of the expressions among the arguments of a record rule, as its model declares them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, get_args, get_type_hints

from pydantic import BaseModel

from adam.core.kinds import ValueKind
from adam.expressions.tree import Expr


@cache
def _hints(model: type[BaseModel]) -> dict[str, Any]:
    return get_type_hints(model, include_extras=True)


def expected_kinds(model: BaseModel, path: str = "") -> Iterator[tuple[str, Expr, ValueKind]]:
    """Every expression among the arguments, nested ones included, with its name and the kind it must have."""
    for name, hint in _hints(type(model)).items():
        value = getattr(model, name, None)
        for item in value if isinstance(value, list | tuple) else [value]:
            if isinstance(item, BaseModel):
                yield from expected_kinds(item, f"{path}{name}.")
            elif isinstance(item, Expr) and (kind := _kind_in(hint)) is not None:
                yield f"{path}{name}", item, kind


def _kind_in(hint: Any) -> ValueKind | None:  # noqa: ANN401  (an annotation can be anything)
    """The kind in an annotation: of an expression, of an optional one, of the items of a list."""
    found = [each for each in getattr(hint, "__metadata__", ()) if isinstance(each, ValueKind)]
    return found[0] if found else next((kind for each in get_args(hint) if (kind := _kind_in(each)) is not None), None)
