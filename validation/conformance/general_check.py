"""How a function becomes a general check: its first argument is the `View` of a dataset, the others stand in `rules.yaml`."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, get_type_hints

from pydantic import BaseModel, ConfigDict, create_model

from validation.conformance.view import Failures, Package

General = Callable[..., Failures]


@dataclass(frozen=True)
class GeneralCheck:
    """A general check: its function and the model of its arguments; `package`: it looks at the whole delivery, not at one dataset."""

    name: str
    function: General
    model: type[BaseModel]
    package: bool = False

    @property
    def documentation(self) -> str:
        """Its docstring."""
        return inspect.getdoc(self.function) or ""

    @property
    def message(self) -> str:
        """What a failure says."""
        return self.documentation.split("\n")[0].rstrip(".")


GENERAL: dict[str, GeneralCheck] = {}


def general(function: General) -> General:
    """Register a general check."""
    name = function.__name__
    if name in GENERAL:
        raise ValueError(f"general check '{name}' is registered twice")
    hints = get_type_hints(function)
    names = list(inspect.signature(function).parameters.items())
    fields: dict[str, Any] = {key: (hints[key], ... if each.default is inspect.Parameter.empty else each.default) for key, each in names[1:]}
    model = create_model(name, __config__=ConfigDict(frozen=True, extra="forbid"), **fields)
    GENERAL[name] = GeneralCheck(name, function, model, hints[names[0][0]] is Package)
    return function
