"""How a Python function becomes a function of expressions: what its arguments may be, and what it warns of."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from adam.core.kinds import ValueKind

Same = (ValueKind.ANY,)
Whole = "a whole number"
Word = "a text"
Wanted = tuple[ValueKind, ...] | str
Refuse = Callable[[Any], str]
"""Says why a literal argument cannot be; nothing if it can."""

DATED = (ValueKind.TEXT, ValueKind.DATE)
SIZED = (ValueKind.NUMBER, ValueKind.DATE, ValueKind.DATETIME)


@dataclass(frozen=True)
class WithIssue:
    """A column, and the records that are warned of. `lost` says that a date became missing: no news where the formula asks for that."""

    column: pd.Series
    text: str
    mask: np.ndarray
    lost: bool = False


@dataclass(frozen=True)
class Function:
    """A function of the language: what it wants, what it gives (None: the kind its `Same` arguments share)."""

    name: str
    run: Callable[..., Any]
    wants: tuple[Wanted, ...]
    gives: ValueKind | None
    least: int
    variadic: bool
    refuses: Mapping[int, Refuse] = field(default_factory=dict)

    @property
    def summary(self) -> str:
        """The first line of its documentation."""
        return (inspect.getdoc(self.run) or "").split("\n")[0]

    def wanted(self, position: int) -> Wanted:
        """What the argument at `position` may be."""
        return self.wants[min(position, len(self.wants) - 1)]

    def refused(self, position: int, value: float | str) -> str:
        """Why a literal at `position` cannot be; nothing if it can."""
        last = min(position, len(self.wants) - 1)
        return self.refuses[last](value) if last in self.refuses else ""


FUNCTIONS: dict[str, Function] = {}


def function(
    *wants: Wanted,
    gives: ValueKind | None,
    least: int | None = None,
    variadic: bool = False,
    name: str = "",
    refuses: Mapping[int, Refuse] | None = None,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a function: the kinds of its arguments, the last one repeated if `variadic`, of its result, and literals it refuses."""

    def register(run: Callable[..., Any]) -> Callable[..., Any]:
        key = name or run.__name__.rstrip("_")
        FUNCTIONS[key] = Function(key, run, wants, gives, len(wants) if least is None else least, variadic, refuses or {})
        return run

    return register
