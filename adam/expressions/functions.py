"""The functions of expressions. A decorated function is a function of the language.

Arguments of kind `Same` share one kind, which is that of the result; a `WholeConstant` or `TextConstant` is written in the expression.
Every function has columns with one index as arguments and result. Its documentation is the page functions.md: the result, `Missing:`
and `Example:` lines, each `expression → value`.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from adam.core import decimals
from adam.core.kinds import ValueKind, choose, is_false, is_true, missing_column, missing_mask
from adam.expressions import (  # noqa: F401  (registers their functions)
    clinical_functions,
    date_functions,
    date_part_functions,
    number_functions,
    text_functions,
)
from adam.expressions.function import FUNCTIONS, SIZED, Expected, Function, Same, WithIssue, function
from adam.expressions.number_functions import half_away
from adam.expressions.text_functions import text

__all__ = ["FUNCTIONS", "Function", "Same", "Expected", "WithIssue", "half_away", "text"]


@function(Same, returns=ValueKind.CONDITION, phrase="{0} is missing", negated="{0} is not missing")
def missing(x: pd.Series) -> pd.Series:
    """True where x is missing or blank.

    Missing: never unknown.
    Example: missing(number("")) → true
    """
    empty = missing_mask(x)
    return pd.Series(pd.arrays.BooleanArray(empty, np.zeros(len(empty), dtype=bool)), index=x.index, copy=False)


@function(Same, returns=None, least=1, variadic=True)
def coalesce(*values: pd.Series) -> pd.Series:
    """The first value that is not missing or blank.

    Missing: missing if all are.
    Example: coalesce("", "B", "C") → "B"
    """
    result = values[0]
    for value in values[1:]:
        result = choose(missing_mask(result), value, result)
    return result


@function((ValueKind.CONDITION,), Same, Same, returns=None, least=2)
def if_else(c: pd.Series, a: pd.Series, b: pd.Series | None = None) -> pd.Series:
    """The value a where the condition c is true, and b where it is false.

    Missing: missing where c is unknown, and where it is false without b.
    Example: if_else(2 > 1, "yes", "no") → "yes"
    """
    kind = ValueKind.TEXT if a.dtype == "str" or (b is not None and b.dtype == "str") else None
    empty = missing_column(ValueKind.TEXT, a.index) if kind else _like(a if b is None or a.dtype != "float64" else b)
    result = empty if b is None else choose(is_false(c), b, empty)
    return choose(is_true(c), a, result)


def _like(column: pd.Series) -> pd.Series:
    return pd.Series(pd.NaT if column.dtype.kind == "M" else np.nan, index=column.index, dtype=column.dtype)


@function(
    *((ValueKind.NUMBER,),) * 3,
    returns=ValueKind.CONDITION,
    phrase="{0} and {1} differ by at most {2}",
    negated="{0} and {1} differ by more than {2}",
)
def near(a: pd.Series, b: pd.Series, tolerance: pd.Series) -> pd.Series:
    """Whether two numbers differ by at most the tolerance.

    Missing: unknown where one is missing.
    Example: near(1.00, 1.04, 0.05) → true
    """
    apart, most = np.abs(decimals.minus(a.to_numpy(), b.to_numpy())), tolerance.to_numpy()
    unknown = np.isnan(apart) | np.isnan(most)
    return pd.Series(pd.arrays.BooleanArray(np.asarray(apart <= most, dtype=bool), unknown), index=a.index)


@function(Same, Same, Same, returns=ValueKind.CONDITION, special=True)
def between(x: pd.Series, a: pd.Series, b: pd.Series) -> pd.Series:
    """Whether x is at least a and at most b; short for `x >= a and x <= b`.

    Missing: unknown where the comparisons are.
    Example: between(5, 1, 5) → true
    """
    raise NotImplementedError("the parser writes the two comparisons")


@function(Same, returns=ValueKind.NUMBER, special=True, brief=True)
def codelist_number(variable: pd.Series) -> pd.Series:
    """The number of the value of a variable in the codelist of that variable.

    Missing: missing for a blank and, with a warning, for a value that is not in the codelist.
    """
    raise NotImplementedError("the evaluation maps the terms")


@function((ValueKind.NUMBER,), returns=ValueKind.TEXT, special=True, brief=True)
def codelist_term(x: pd.Series) -> pd.Series:
    """The term with number x in the codelist of the variable that the formula computes.

    Missing: blank for a missing number and, with a warning, for a number that is not in the codelist.
    """
    raise NotImplementedError("the evaluation maps the numbers")


def _stack(values: tuple[pd.Series, ...]) -> np.ndarray:
    return np.vstack([value.to_numpy() for value in values])


@function(SIZED, returns=None, least=1, variadic=True, name="min")
def least(*values: pd.Series) -> pd.Series:
    """The lowest, or earliest, of the values.

    Missing: missing values are left out; missing if all are.
    Example: min(3, missing, 2) → 2
    """
    return pd.Series(np.fmin.reduce(_stack(values)), index=values[0].index)


@function(SIZED, returns=None, least=1, variadic=True, name="max")
def greatest(*values: pd.Series) -> pd.Series:
    """The highest, or latest, of the values.

    Missing: missing values are left out; missing if all are.
    Example: max(3, missing, 2) → 3
    """
    return pd.Series(np.fmax.reduce(_stack(values)), index=values[0].index)


@function((ValueKind.NUMBER,), returns=ValueKind.NUMBER, least=1, variadic=True, name="sum", phrase="the sum of {all}", brief=True)
def total(*values: pd.Series) -> pd.Series:
    """The sum of the values.

    Missing: missing values are left out; missing if all are.
    Example: sum(0.1, missing, 0.2) → 0.3
    """
    result = values[0].to_numpy()
    for value in values[1:]:
        term = value.to_numpy()
        result = np.where(np.isnan(result), term, np.where(np.isnan(term), result, decimals.plus(result, term)))
    return pd.Series(result, index=values[0].index)


@function((ValueKind.NUMBER,), returns=ValueKind.NUMBER, least=1, variadic=True, phrase="the mean of {all}", brief=True)
def mean(*values: pd.Series) -> pd.Series:
    """The mean of the values.

    Missing: missing values are left out; missing if all are.
    Example: mean(1, missing, 2) → 1.5
    """
    return pd.Series(decimals.over(total(*values).to_numpy(), n(*values).to_numpy()), index=values[0].index)


@function(Same, returns=ValueKind.NUMBER, least=1, variadic=True, phrase="the number of non-missing values among {all}", brief=True)
def n(*values: pd.Series) -> pd.Series:
    """The number of values that are not missing or blank.

    Missing: never missing.
    Example: n(3, missing, 2) → 2
    """
    return pd.Series(np.sum([~missing_mask(value) for value in values], axis=0).astype("float64"), index=values[0].index)


@function(Same, returns=ValueKind.NUMBER, least=1, variadic=True, phrase="the number of missing values among {all}", brief=True)
def nmiss(*values: pd.Series) -> pd.Series:
    """The number of values that are missing or blank.

    Missing: never missing.
    Example: nmiss(3, missing, 2) → 1
    """
    return len(values) - n(*values)
