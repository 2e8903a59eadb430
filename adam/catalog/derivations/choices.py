"""A value chosen by conditions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Self

import numpy as np
import pandas as pd
from pydantic import AfterValidator, model_validator

from adam.catalog.contract import Contract, ExpectedCase, Families, PossibleTerms
from adam.catalog.derivation import (
    Action,
    AnyValue,
    Condition,
    Derived,
    Issue,
    LiteralText,
    Options,
    derivation,
)
from adam.catalog.prose import Prose
from adam.core.kinds import ValueKind as K
from adam.core.kinds import is_true, missing_column
from adam.expressions.tree import Expr


class Branch(Options):
    """One entry of `case`: a condition, and a value, a term or an error."""

    when: Condition | None = None
    value: AnyValue | None = None
    term: LiteralText | None = None
    error: LiteralText | None = None

    @model_validator(mode="after")
    def one(self) -> Self:
        """Refuse an entry that has not exactly one of value, term and error."""
        if sum(entry is not None for entry in (self.value, self.term, self.error)) != 1:
            raise ValueError("an entry has exactly one of value, term and error")
        return self


def _reached(branches: list[Branch]) -> list[Branch]:
    """Every entry can be reached: only the last may be without `when`."""
    if not branches or branches[0].when is None:
        raise ValueError("the first entry of case needs a when; a value without condition is value: or term: of the variable")
    if any(branch.when is None for branch in branches[:-1]):
        raise ValueError("an entry without when is the default, so it comes last")
    conditions = [str(branch.when.root) for branch in branches if isinstance(branch.when, Expr)]
    for number, condition in enumerate(conditions):
        if condition in conditions[:number]:
            raise ValueError(f"entry {number + 1} has the condition of entry {conditions.index(condition) + 1}, so nothing reaches it: {condition}")
    return branches


def _branch_texts(arguments: Any, prose: Prose) -> Iterator[str]:  # noqa: ANN401
    for branch in arguments.branches:
        value = prose.term(branch.term) if branch.term is not None else ""
        value = value or (prose.part(branch.value) if branch.value is not None else f'reported as an error ("{branch.error}")')
        yield f"{value} if {prose.condition(branch.when)}" if branch.when is not None else f"otherwise {value}"


def _case_method(arguments: Any, prose: Prose) -> str:  # noqa: ANN401
    default = "" if arguments.branches[-1].when is None else f"; otherwise {prose.nothing}"
    return f"{'; '.join(_branch_texts(arguments, prose))}{default}."


def _case_terms(arguments: Any) -> PossibleTerms | None:  # noqa: ANN401
    terms = dict.fromkeys(branch.term for branch in arguments.branches if branch.term is not None)
    complete = all(branch.value is None for branch in arguments.branches)
    return PossibleTerms(tuple(term for term in terms if term), complete) if terms or complete else None


def _case_cases(arguments: Any, families: Families) -> tuple[ExpectedCase, ...]:  # noqa: ANN401
    return tuple(ExpectedCase(branch.when, branch.term if branch.term is not None else branch.value) for branch in arguments.branches)


@derivation(Contract(_case_method, possible_terms=_case_terms, expected_cases=_case_cases))
def case(branches: Annotated[list[Branch], AfterValidator(_reached)]) -> AnyValue:
    """Return the value of the first entry whose condition is true; an entry without `when` is the default.

    Missing: missing or blank where no entry matches; an unknown condition does not match.
    Errors: an entry with `error` refuses the input, with the records' keys. An entry that no record can reach is a specification error.
    Source: SQL CASE; SAS SELECT.

    YAML:
        EOSSTT: {case: [{when: EOSDECOD == "", term: ONGOING}, {term: DISCONTINUED}]}

    >>> when = pd.Series([True, False], dtype="boolean")
    >>> case([Branch.model_construct(when=when, term="A"), Branch.model_construct(term="B")]).column.tolist()
    ['A', 'B']
    """
    index = next(part.index for branch in branches for part in (branch.when, branch.value) if isinstance(part, pd.Series))
    values = [branch.value for branch in branches if isinstance(branch.value, pd.Series)]
    kind_of = next((value for value in values if not value.isna().all()), values[0] if values else None)
    text = kind_of is None or any(branch.term is not None for branch in branches)
    result = missing_column(K.TEXT, index) if text or kind_of is None else kind_of.where(np.zeros(len(index), dtype=bool), _empty(kind_of))
    undecided = np.ones(len(index), dtype=bool)
    issues = []
    for branch in branches:
        matches = undecided & (is_true(branch.when) if branch.when is not None else True)
        undecided &= ~matches
        if branch.error is not None:
            issues.append(Issue(branch.error, matches, Action.REFUSE))
            continue
        value: Any = branch.term if branch.term is not None else branch.value
        result = result.mask(matches, value if isinstance(value, str) or value.dtype == result.dtype else _empty(result))
    return Derived(result, tuple(issues))


def _empty(column: pd.Series) -> object:
    """The missing value of a column of this dtype."""
    return "" if column.dtype == "str" else pd.NaT if column.dtype.kind == "M" else np.nan
