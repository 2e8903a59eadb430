"""Classes of numbers."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Annotated, Any

import numpy as np
import pandas as pd  # noqa: F401  (the examples use it)
from pydantic import AfterValidator, Field, ValidationInfo

from adam.catalog.contract import Contract, ExpectedCase, Families, PossibleTerms, case_of
from adam.catalog.derivation import Constant, LiteralText, Number, Text, derivation
from adam.catalog.phrases import NUMERIC
from adam.catalog.prose import Prose
from adam.core.coded_text import text_column


def _rising(at: list[float]) -> list[float]:
    if any(low >= high for low, high in zip(at, at[1:], strict=False)):
        raise ValueError("at lists numbers from low to high")
    return at


def _one_more(terms: list[str] | None, info: ValidationInfo) -> list[str] | None:
    at = info.data.get("at")
    if terms is None:
        return None
    if at is not None and len(terms) != len(at) + 1:
        raise ValueError(f"cut needs one term more than numbers in at; it has {len(terms)} terms and {len(at)} numbers")
    twice = next((term for place, term in enumerate(terms) if term in terms[:place]), None)
    if twice is not None:
        raise ValueError(f"the term '{twice}' occurs twice, so two classes have the same name. Correct one, or join the classes.")
    return terms


def _bounds(arguments: Any) -> list[tuple[str, float | None, str, float | None]]:  # noqa: ANN401
    """Each class as comparisons with its lower and its upper limit; None where it is open."""
    above, below = (">", "<=") if arguments.right else (">=", "<")
    limits = [None, *map(float, arguments.at), None]
    return [(above, low, below, high) for low, high in zip(limits, limits[1:], strict=False)]


def named(arguments: Any) -> list[str]:  # noqa: ANN401
    """The terms of the classes: those written, or the comparisons that each class is.

    >>> from types import SimpleNamespace
    >>> named(SimpleNamespace(at=[18, 64.5], terms=None, right=False)), named(SimpleNamespace(at=[1, 2], terms=None, right=True))
    (['<18', '>=18-<64.5', '>=64.5'], ['<=1', '>1-<=2', '>2'])
    """
    if arguments.terms is not None:
        return list(arguments.terms)
    sides = [
        ([f"{a}{low:.15g}"] if low is not None else [], [f"{b}{high:.15g}"] if high is not None else []) for a, low, b, high in _bounds(arguments)
    ]
    return ["-".join([*low, *high]) for low, high in sides]


def _method(arguments: Any, prose: Prose) -> str:  # noqa: ANN401
    of = prose.part(arguments.of)
    ranges = []
    for above, low, below, high in _bounds(arguments):
        sides = [f"{NUMERIC[sign]} {limit:.15g}" for sign, limit in ((above, low), (below, high)) if limit is not None]
        ranges.append(f"{of} {' and '.join(sides).replace(' and is ', ' and ')}")
    classes = [f"{prose.term(term)} if {within}" for term, within in zip(named(arguments), ranges, strict=True)]
    return f"{'; '.join(classes)}; blank if {of} is missing."


def _cases(arguments: Any, families: Families) -> tuple[ExpectedCase, ...]:  # noqa: ANN401
    of = f"({arguments.of})"
    terms, sign = named(arguments), "<=" if arguments.right else "<"
    below = [case_of(f"{of} {sign} {bound!r}", term) for bound, term in zip(map(float, arguments.at), terms, strict=False)]
    return case_of(f"missing({of})", ""), *below, ExpectedCase(None, terms[-1])


CUT = Contract(_method, possible_terms=lambda arguments: PossibleTerms(tuple(term for term in named(arguments) if term)), expected_cases=_cases)


@derivation(CUT)
def cut(
    of: Number,
    *,
    at: Annotated[list[Constant[float]], Field(min_length=1), AfterValidator(_rising)],
    terms: Annotated[list[LiteralText] | None, AfterValidator(_one_more)] = None,
    right: bool = False,
) -> Text:
    """Return the class of a number; a number in `at` belongs to the class above it, with `right: true` to the class below it.

    Without `terms` a class is named by its limits: `<18`, `>=18-<65`, `>=65`, or with `right: true` `<=18`, `>18-<=65`, `>65`.

    Missing: blank where the number is missing.
    Errors: numbers that do not rise, a number of terms other than one more than the numbers, and repeated terms are specification errors.
    Source: admiral derive_vars_cat.

    YAML:
        AGEGR1: {cut: {of: AAGE, at: [18, 65], terms: [<18, 18-64, ">=65"]}}

    >>> cut(pd.Series([17.0, 18.0, 65.0, None]), at=[18, 65], terms=["<18", "18-64", ">=65"]).tolist()
    ['<18', '18-64', '>=65', '']
    """
    names = named(SimpleNamespace(at=at, terms=terms, right=right))
    place = np.searchsorted(np.asarray(at, dtype="float64"), of.to_numpy(), side="left" if right else "right")
    return text_column([*names, ""], np.where(of.isna(), len(names), place), of.index)
