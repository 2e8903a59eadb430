"""Values that differ from period to period."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from adam.catalog.contract import Contract, ExpectedCase, Families
from adam.catalog.derivation import AnyValue, Family, Number, derivation
from adam.catalog.prose import Prose
from adam.core.kinds import is_missing
from adam.expressions.tree import Call, Comparison, Expr, Literal, Name, Node


def _method(arguments: Any, prose: Prose) -> str:  # noqa: ANN401
    period = prose.part(arguments.period)
    choices = "; ".join(f"{prose.part(name)} if {period} is {number}" for number, name in prose.families.get("of", {}).items())
    otherwise = f" {prose.part(arguments.otherwise)} if that is {prose.nothing}." if arguments.otherwise is not None else ""
    return f"{choices or f'The variable of the period in {period}'}; otherwise {prose.nothing}.{otherwise}"


def _cases(arguments: Any, families: Families) -> tuple[ExpectedCase, ...]:  # noqa: ANN401
    return tuple(_case(arguments, number, name) for number, name in families["of"].items())


def _case(arguments: Any, number: int, name: Name) -> ExpectedCase:  # noqa: ANN401
    when = Comparison("==", arguments.period.root, Literal(float(number)))
    value: Node = name if arguments.otherwise is None else Call("coalesce", (name, arguments.otherwise.root))
    return ExpectedCase(Expr(str(when), when), Expr(str(value), value))


@derivation(Contract(_method, expected_cases=_cases))
def by_period(of: Family, period: Number, *, otherwise: AnyValue | None = None) -> AnyValue:
    """Return the variable of the record's period.

    Missing: missing where the period is missing or has no variable; `otherwise` where the variable is missing or blank.
    Source: ADaMIG, TRTP and TRTA by APERIOD; admiral derive_vars_joined.

    YAML:
        TRTP: {by_period: {of: ADSL.TRTxxP, period: APERIOD}}

    >>> treatments = {1: pd.Series(["A", "A"], dtype="str"), 2: pd.Series(["B", "B"], dtype="str")}
    >>> by_period(treatments, pd.Series([2.0, None])).tolist()
    ['B', '']
    """
    first = next(iter(of.values()))
    empty = "" if first.dtype == "str" else pd.NaT if first.dtype.kind == "M" else np.nan
    result = first.mask(np.ones(len(first), dtype=bool), empty)
    for number, column in of.items():
        mine = (period == number).to_numpy(dtype=bool)
        value = column if otherwise is None else column.where(~is_missing(column), otherwise)
        result = result.where(~mine, value)
    return result
