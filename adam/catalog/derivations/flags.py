"""Flags of one record: Y where a condition is true."""

from __future__ import annotations

from typing import Any

import pandas as pd

from adam.catalog.contract import Contract, ExpectedCase, Families, always
from adam.catalog.derivation import Condition, Text, derivation
from adam.core.coded_text import chosen_text
from adam.core.kinds import is_true

FLAG = Contract(
    method_text=lambda arguments, prose: f'"Y" if {prose.condition(arguments.when)}; otherwise blank.',
    possible_terms=always("Y"),
    expected_cases=lambda arguments, families: _cases(arguments, families, ""),
)
FLAG_YN = Contract(
    method_text=lambda arguments, prose: f'"Y" if {prose.condition(arguments.when)}; otherwise "N".',
    possible_terms=always("Y", "N"),
    expected_cases=lambda arguments, families: _cases(arguments, families, "N"),
)


def _cases(arguments: Any, families: Families, otherwise: str) -> tuple[ExpectedCase, ...]:  # noqa: ANN401
    return ExpectedCase(arguments.when, "Y"), ExpectedCase(None, otherwise)


@derivation(FLAG)
def flag(when: Condition) -> Text:
    """Return Y where the condition is true, blank elsewhere.

    Missing: blank where the condition is unknown.
    Source: ADaMIG, flags Y or blank (ABLFL, ANLzzFL, TRTEMFL).

    YAML:
        AEDISCFL: {flag: AEACN == "DRUG WITHDRAWN"}

    >>> flag(pd.Series([True, False, None], dtype="boolean")).tolist()
    ['Y', '', '']
    """
    return _terms(when, "")


@derivation(FLAG_YN)
def flag_yn(when: Condition) -> Text:
    """Return Y where the condition is true, N where it is false or unknown.

    Missing: N where the condition is unknown, so a population flag is never blank.
    Source: ADaMIG, population flags.

    YAML:
        SAFFL: {flag_yn: not missing(TRTSDT)}

    >>> flag_yn(pd.Series([True, False, None], dtype="boolean")).tolist()
    ['Y', 'N', 'N']
    """
    return _terms(when, "N")


def _terms(when: pd.Series, otherwise: str) -> pd.Series:
    return chosen_text(is_true(when), "Y", otherwise, when.index)
