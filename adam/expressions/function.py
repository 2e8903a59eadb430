"""The decorator that makes a Python function a function of expressions: the kinds of its arguments and its result, and its warnings."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from adam.core.coded_text import text_column
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


Longest = Callable[[int, tuple[Any, ...]], int]
"""The length in bytes of the longest result, from that of the first argument and the constants after it."""


@dataclass(frozen=True)
class Function:
    """A function of expressions. `returns` is None for the kind that its `Same` arguments share.

    `phrase` is its result in English: `{0}` is the first argument, `{all}` lists all, `{rest}` joins those after the first with "or".
    `negated` is the phrase of a condition that is not true. `brief` is true where the phrase needs no brackets inside another one.
    `longest` is None where the length of a text is not known. `special` is true where a part of the language evaluates it, not `run`.
    """

    name: str
    run: Callable[..., Any]
    expects: tuple[Expected, ...]
    returns: ValueKind | None
    least: int
    variadic: bool
    refuses: Mapping[int, Refuse] = field(default_factory=dict)
    phrase: str = ""
    negated: str = ""
    brief: bool = False
    longest: Longest | None = None
    special: bool = False

    @property
    def documentation(self) -> str:
        """Its documentation: the result, then `Missing:` and `Example:` lines."""
        return inspect.getdoc(self.run) or ""

    @property
    def signature(self) -> str:
        """How it is written: `round(x, n)`."""
        names = [f"{each.name}, ..." if each.kind is each.VAR_POSITIONAL else each.name for each in inspect.signature(self.run).parameters.values()]
        return f"{self.name}({', '.join(names)})"

    @property
    def count(self) -> str:
        """How many arguments it has, in words."""
        most = len(self.expects)
        if self.variadic:
            return f"at least {self.least} value{'s' if self.least > 1 else ''}"
        least = "" if self.least == most else f"{self.least} to "
        return f"{least}{most} value{'s' if most > 1 else ''}"

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
    phrase: str = "",
    negated: str = "",
    brief: bool = False,
    longest: Longest | None = None,
    special: bool = False,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a function of expressions.

    Args:
        expects: the kinds of each argument; of the last one for all further arguments if `variadic`.
        returns: the kind of the result; None for the kind that the `Same` arguments share.
        least: the smallest number of arguments; all of them if it is not given.
        variadic: whether the last argument can be repeated.
        name: the name in expressions; that of the Python function if it is not given.
        refuses: by position, why a constant is not valid.
        phrase: the result in English, see `Function`.
        negated: the phrase of a condition that is not true.
        brief: whether the phrase needs no brackets inside another one.
        longest: the length of the longest text.
        special: whether a part of the language evaluates it.
    """

    def register(run: Callable[..., Any]) -> Callable[..., Any]:
        key = name or run.__name__.rstrip("_")
        count = len(expects) if least is None else least
        FUNCTIONS[key] = Function(key, run, expects, returns, count, variadic, refuses or {}, phrase, negated, brief, longest, special)
        return run

    return register


def by_value(column: pd.Series, change: Callable[[str], str]) -> pd.Series:
    """A text column with each distinct text changed once."""
    codes, uniques = pd.factorize(column)
    return text_column([*(change(str(value)) for value in uniques), ""], codes, column.index)


def where_value(column: pd.Series, test: Callable[[str], bool]) -> pd.Series:
    """Where a text passes a test, which each distinct text takes once."""
    codes, uniques = pd.factorize(column)
    passed = np.array([*(test(str(value)) for value in uniques), False], dtype=bool)
    return pd.Series(passed[codes], index=column.index).astype("boolean")


def same_length(first: int, constants: tuple[Any, ...]) -> int:
    """The result is never longer than the first argument."""
    return first
