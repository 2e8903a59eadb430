"""The arguments of a derivation with columns in place of its expressions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from typing import Any

from adam.catalog.contract import Path
from adam.catalog.derivation import Options, OrderKey
from adam.expressions.tree import Expr

Column = Callable[[Path, Any], Any]


def filled(arguments: Mapping[str, Any], column: Column, accepted: Set[str]) -> dict[str, Any]:
    """The accepted arguments by name, with every expression replaced by what `column(path, value)` gives for it."""
    return {name: _filled(value, (name,), column) for name, value in arguments.items() if name in accepted}


def _filled(value: Any, path: Path, column: Column) -> Any:  # noqa: ANN401
    if isinstance(value, Expr):
        return column(path, value)
    if isinstance(value, tuple) and value and isinstance(value[0], OrderKey):
        return column(path, value)
    if isinstance(value, Options):
        entries = {field: _filled(getattr(value, field), (*path, field), column) for field in type(value).model_fields}
        return type(value).model_construct(**entries)
    if isinstance(value, list | tuple):
        return [_filled(item, (*path, position), column) for position, item in enumerate(value)]
    if isinstance(value, dict):
        return {key: _filled(item, (*path, key), column) for key, item in value.items()}
    return value
