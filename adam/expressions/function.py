"""The decorator that makes a Python function a function of expressions: the kinds of its arguments and its result, and its warnings."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from adam.core.kinds import ValueKind

Same = (ValueKind.ANY,)
WholeConstant = "a constant whole number"
TextConstant = "a constant text"
Expected = tuple[ValueKind, ...] | str
"""The kinds an argument can have, or the description of a constant."""
Refuse = Callable[[Any], str]
"""Why a constant is not valid, as a sentence; blank if it is."""

DATED = (ValueKind.TEXT, ValueKind.DATE)
SIZED = (ValueKind.NUMBER, ValueKind.DATE, ValueKind.DATETIME)


@dataclass(frozen=True)
class WithIssue:
    """A column, and the records of a warning. `lost` is true if a date became missing, which is no warning inside missing() or coalesce()."""

    column: pd.Series
    text: str
    mask: np.ndarray
    lost: bool = False


@dataclass(frozen=True)
class Function:
    """A function of expressions. `returns` is None for the kind that its `Same` arguments share."""

    name: str
    run: Callable[..., Any]
    expects: tuple[Expected, ...]
    returns: ValueKind | None
    least: int
    variadic: bool
    refuses: Mapping[int, Refuse] = field(default_factory=dict)

    @property
    def summary(self) -> str:
        """The first line of its documentation."""
        return (inspect.getdoc(self.run) or "").split("\n")[0]

    def expected(self, position: int) -> Expected:
        """The kinds, or the constant, of the argument at `position`."""
        return self.expects[min(position, len(self.expects) - 1)]

    def refused(self, position: int, value: float | str) -> str:
        """Why a constant at `position` is not valid; blank if it is."""
        last = min(position, len(self.expects) - 1)
        return self.refuses[last](value) if last in self.refuses else ""


FUNCTIONS: dict[str, Function] = {}


def function(
    *expects: Expected,
    returns: ValueKind | None,
    least: int | None = None,
    variadic: bool = False,
    name: str = "",
    refuses: Mapping[int, Refuse] | None = None,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a function of expressions.

    Args:
        expects: the kinds of each argument; of the last one for all further arguments if `variadic`.
        returns: the kind of the result; None for the kind that the `Same` arguments share.
        least: the smallest number of arguments; all of them if it is not given.
        variadic: whether the last argument can be repeated.
        name: the name in expressions; that of the Python function if it is not given.
        refuses: by position, why a constant is not valid.
    """

    def register(run: Callable[..., Any]) -> Callable[..., Any]:
        key = name or run.__name__.rstrip("_")
        FUNCTIONS[key] = Function(key, run, expects, returns, len(expects) if least is None else least, variadic, refuses or {})
        return run

    return register
