"""Whether a value is within its reference range."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from adam.catalog.contract import Contract, ExpectedCase, Families, PossibleTerms, case_of
from adam.catalog.derivation import Derived, Issue, Number, Text, derivation
from adam.catalog.phrases import NUMERIC
from adam.catalog.prose import Prose

CROSSED = "The lower limit of the reference range is above the upper limit; the result is blank"


def _limits(arguments: Any) -> tuple[list[tuple[str, str, Any]], list[Any]]:  # noqa: ANN401
    """The terms outside the range with the operator and the limit of each, the farthest first; and the two limits of the range."""
    known = (("LOW LOW", "<", arguments.low_low), ("HIGH HIGH", ">", arguments.high_high), ("LOW", "<", arguments.low), ("HIGH", ">", arguments.high))
    return [(term, sign, limit) for term, sign, limit in known if limit is not None], [arguments.low, arguments.high]


def _method(arguments: Any, prose: Prose) -> str:  # noqa: ANN401
    value = prose.part(arguments.value)
    outside, (low, high) = _limits(arguments)
    texts = [f'"{term}" if {value} {NUMERIC[sign]} {prose.part(limit)}' for term, sign, limit in outside]
    return f'{"; ".join(texts)}; "NORMAL" if {value} is not missing and {prose.part(low)} or {prose.part(high)} is not missing; otherwise blank.'


def _cases(arguments: Any, families: Families) -> tuple[ExpectedCase, ...]:  # noqa: ANN401
    value = f"({arguments.value})"
    outside, (low, high) = _limits(arguments)
    known = f"not missing({value}) and (not missing({low}) or not missing({high}))"
    cases = [case_of(f"{value} {sign} ({limit})", term) for term, sign, limit in outside]
    return case_of(f"({low}) > ({high})", ""), *cases, case_of(known, "NORMAL"), case_of(None, "")


def _terms(arguments: Any) -> PossibleTerms:  # noqa: ANN401
    return PossibleTerms(("NORMAL", *(term for term, _, _ in _limits(arguments)[0])))


@derivation(Contract(_method, possible_terms=_terms, expected_cases=_cases))
def range_indicator(value: Number, low: Number, high: Number, *, low_low: Number | None = None, high_high: Number | None = None) -> Text:
    """Return LOW, NORMAL or HIGH: where a value is in relation to its reference range.

    A value at a limit is NORMAL. With one limit only, the other side has no end. With the alert limits `low_low` and `high_high` a value
    below or above them is LOW LOW or HIGH HIGH, even if the reference range has no limit on that side.

    Units: value and limits are in the same unit.
    Missing: blank where the value, or both limits of the range, are missing.
    Errors: a lower limit above the upper one is a warning, and the result is blank.
    Source: ADaMIG, ANRIND; admiral derive_var_anrind (use_a1hia1lo).

    YAML:
        ANRIND: {range_indicator: {value: AVAL, low: ANRLO, high: ANRHI, low_low: A1LO, high_high: A1HI}}

    >>> low, high = pd.Series([40.0, 40.0, float("nan")]), pd.Series([90.0, float("nan"), float("nan")])
    >>> range_indicator(pd.Series([39.0, 90.0, 70.0]), low, high).column.tolist()
    ['LOW', 'NORMAL', '']
    """
    known = value.notna() & (low.notna() | high.notna())
    result = np.where(known, "NORMAL", "").astype(object)
    for term, outside in (("LOW", value < low), ("HIGH", value > high)):
        result[outside.to_numpy()] = term
    if low_low is not None:
        result[(value < low_low).to_numpy()] = "LOW LOW"
    if high_high is not None:
        result[(value > high_high).to_numpy()] = "HIGH HIGH"
    crossed = (low > high).to_numpy()
    result[crossed] = ""
    return Derived(pd.Series(result, index=value.index, dtype="str"), (Issue(CROSSED, crossed),))
