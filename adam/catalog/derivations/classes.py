"""Classes of numbers."""

from __future__ import annotations

from typing import Annotated, Any

import numpy as np
import pandas as pd
from pydantic import AfterValidator, Field, ValidationInfo

from adam.catalog.contract import Contract, ExpectedCase, Families, PossibleTerms, case_of
from adam.catalog.derivation import Constant, LiteralText, Number, Text, derivation
from adam.catalog.prose import Prose


def _rising(at: list[float]) -> list[float]:
    if any(low >= high for low, high in zip(at, at[1:], strict=False)):
        raise ValueError("at lists numbers from low to high")
    return at


def _one_more(terms: list[str], info: ValidationInfo) -> list[str]:
    at = info.data.get("at")
    if at is not None and len(terms) != len(at) + 1:
        raise ValueError(f"cut needs one term more than numbers in at; it has {len(terms)} terms and {len(at)} numbers")
    twice = next((term for place, term in enumerate(terms) if term in terms[:place]), None)
    if twice is not None:
        raise ValueError(f"the term '{twice}' occurs twice, so two classes have the same name. Correct one, or join the classes.")
    return terms


def _method(arguments: Any, prose: Prose) -> str:  # noqa: ANN401
    of, at = prose.part(arguments.of), [f"{bound:.15g}" for bound in arguments.at]
    ranges = [f"{of} < {at[0]}", *(f"{low} <= {of} < {high}" for low, high in zip(at, at[1:], strict=False)), f"{of} >= {at[-1]}"]
    classes = [f"{prose.term(term)} if {within}" for term, within in zip(arguments.terms, ranges, strict=True)]
    return f"{'; '.join(classes)}; blank if {of} is missing."


def _cases(arguments: Any, families: Families) -> tuple[ExpectedCase, ...]:  # noqa: ANN401
    of = f"({arguments.of})"
    below = [case_of(f"{of} < {bound!r}", term) for bound, term in zip(map(float, arguments.at), arguments.terms, strict=False)]
    return case_of(f"missing({of})", ""), *below, ExpectedCase(None, arguments.terms[-1])


CUT = Contract(_method, possible_terms=lambda arguments: PossibleTerms(tuple(term for term in arguments.terms if term)), expected_cases=_cases)


@derivation(CUT)
def cut(
    of: Number,
    *,
    at: Annotated[list[Constant[float]], Field(min_length=1), AfterValidator(_rising)],
    terms: Annotated[list[LiteralText], AfterValidator(_one_more)],
) -> Text:
    """Return the class of a number; a number in `at` belongs to the class above it.

    Missing: blank where the number is missing.
    Errors: numbers that do not rise, a number of terms other than one more than the numbers, and repeated terms are specification errors.
    Source: admiral derive_vars_cat.

    YAML:
        AGEGR1: {cut: {of: AAGE, at: [18, 65], terms: [<18, 18-64, ">=65"]}}

    >>> cut(pd.Series([17.0, 18.0, 65.0, None]), at=[18, 65], terms=["<18", "18-64", ">=65"]).tolist()
    ['<18', '18-64', '>=65', '']
    """
    place = np.searchsorted(np.asarray(at, dtype="float64"), of.to_numpy(), side="right")
    classes = np.array([*terms, ""], dtype=object)
    return pd.Series(classes[np.where(of.isna(), len(terms), place)], index=of.index, dtype="str")
