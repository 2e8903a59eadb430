"""Derivations that choose a value for one record: flags, cases, recoding, classes, joined texts."""

from __future__ import annotations

from typing import Annotated, Any, Self

import numpy as np
import pandas as pd
from pydantic import AfterValidator, Field, ValidationInfo, model_validator

from adam.catalog.derivation import (
    Action,
    AnyValue,
    Condition,
    Constant,
    Derived,
    Family,
    Issue,
    LiteralText,
    Number,
    Options,
    Text,
    derivation,
)
from adam.core.kinds import ValueKind as K
from adam.core.kinds import is_missing, nothing, true
from adam.expressions.tree import Expr


def _words(mask: np.ndarray, yes: str, no: str, index: pd.Index) -> pd.Series:
    return pd.Series(np.where(mask, yes, no), index=index, dtype="str")


@derivation
def flag(when: Condition) -> Text:
    """Y where the condition is true, blank elsewhere.

    Missing: an unknown condition is not true, so blank.
    Source: ADaMIG, flags Y or blank (ABLFL, ANLzzFL, TRTEMFL).

    YAML:
        AEDISCFL: {flag: AEACN == "DRUG WITHDRAWN"}

    >>> flag(pd.Series([True, False, None], dtype="boolean")).tolist()
    ['Y', '', '']
    """
    return _words(true(when).to_numpy(), "Y", "", when.index)


@derivation
def flag_yn(when: Condition) -> Text:
    """Y where the condition is true, N where it is false or unknown.

    Missing: an unknown condition gives N, so a population flag is never blank.
    Source: ADaMIG, population flags.

    YAML:
        SAFFL: {flag_yn: not missing(TRTSDT)}

    >>> flag_yn(pd.Series([True, False, None], dtype="boolean")).tolist()
    ['Y', 'N', 'N']
    """
    return _words(true(when).to_numpy(), "Y", "N", when.index)


class Branch(Options):
    """One entry of `case`: a condition, and a value, a term or an error."""

    when: Condition | None = None
    value: AnyValue | None = None
    term: LiteralText | None = None
    error: LiteralText | None = None

    @model_validator(mode="after")
    def one(self) -> Self:
        """Exactly one of value, term and error."""
        if sum(entry is not None for entry in (self.value, self.term, self.error)) != 1:
            raise ValueError("an entry has exactly one of value, term and error")
        return self


def _reached(branches: list[Branch]) -> list[Branch]:
    """Every entry can be reached: only the last may be without `when`."""
    if not branches or branches[0].when is None:
        raise ValueError("the first entry of case needs a when; a value without condition is value: or term: of the variable")
    if any(branch.when is None for branch in branches[:-1]):
        raise ValueError("an entry without when is the rest, so it comes last")
    conditions = [str(branch.when.root) for branch in branches if isinstance(branch.when, Expr)]
    for number, condition in enumerate(conditions):
        if condition in conditions[:number]:
            raise ValueError(f"entry {number + 1} has the condition of entry {conditions.index(condition) + 1}, so nothing reaches it: {condition}")
    return branches


@derivation
def case(branches: Annotated[list[Branch], AfterValidator(_reached)]) -> AnyValue:
    """The first entry whose condition is true; an entry without `when` is the rest.

    Missing: missing or blank where no entry fits; an unknown condition does not fit.
    Errors: an entry with `error` refuses the input, with the records' keys. An entry that nothing reaches is a fault of the specification.
    Source: DOMAIN §11.0.

    YAML:
        EOSSTT: {case: [{when: EOSDECOD == "", term: ONGOING}, {term: DISCONTINUED}]}

    >>> when = pd.Series([True, False], dtype="boolean")
    >>> case([Branch.model_construct(when=when, term="A"), Branch.model_construct(term="B")]).column.tolist()
    ['A', 'B']
    """
    index = next(part.index for branch in branches for part in (branch.when, branch.value) if isinstance(part, pd.Series))
    values = [branch.value for branch in branches if isinstance(branch.value, pd.Series)]
    kind_of = next((value for value in values if not value.isna().all()), values[0] if values else None)
    words = kind_of is None or any(branch.term is not None for branch in branches)
    result = nothing(K.TEXT, index) if words or kind_of is None else kind_of.where(np.zeros(len(index), dtype=bool), _empty(kind_of))
    open_ = np.ones(len(index), dtype=bool)
    issues = []
    for branch in branches:
        fits = open_ & (true(branch.when).to_numpy() if branch.when is not None else True)
        open_ &= ~fits
        if branch.error is not None:
            issues.append(Issue(branch.error, fits, Action.REFUSE))
            continue
        value: Any = branch.term if branch.term is not None else branch.value
        result = result.mask(fits, value if isinstance(value, str) or value.dtype == result.dtype else _empty(result))
    return Derived(result, tuple(issues))


def _empty(column: pd.Series) -> object:
    """What says nothing in a column of this dtype."""
    return "" if column.dtype == "str" else pd.NaT if column.dtype.kind == "M" else np.nan


@derivation
def recode(of: Text, *, map: Constant[dict[str, LiteralText]], otherwise: LiteralText | None = None) -> Text:  # noqa: A002  (the word of the YAML)
    """The text each value stands for; `otherwise` takes all the rest.

    Missing: blank stays blank without `otherwise`, which takes blank too.
    Errors: a value that is not mapped is blank, with a warning.
    Source: metatools create_var_from_codelist.

    YAML:
        RACEGR1: {recode: {of: RACE, map: {WHITE: White}, otherwise: Other}}

    >>> recode(pd.Series(["WHITE", ""], dtype="str"), map={"WHITE": "White"}, otherwise="Other").column.tolist()
    ['White', 'Other']
    """
    codes, uniques = pd.factorize(of)
    rest = "" if otherwise is None else otherwise
    found = np.array([*(map.get(value, rest) for value in uniques), rest], dtype=object)[codes]
    unmapped = np.zeros(len(of), dtype=bool)
    if otherwise is None:
        unmapped = (~of.isin([*map, ""])).to_numpy(dtype=bool)
    return Derived(pd.Series(found, index=of.index, dtype="str"), (Issue("value is not mapped", unmapped),))


def _rising(at: list[float]) -> list[float]:
    if any(low >= high for low, high in zip(at, at[1:], strict=False)):
        raise ValueError("at lists numbers from low to high")
    return at


def _one_more(terms: list[str], info: ValidationInfo) -> list[str]:
    at = info.data.get("at")
    if at is not None and len(terms) != len(at) + 1:
        raise ValueError(f"cut wants one term more than numbers in at; here are {len(terms)} terms and {len(at)} numbers")
    twice = next((term for place, term in enumerate(terms) if term in terms[:place]), None)
    if twice is not None:
        raise ValueError(f"the term '{twice}' is there twice, so two classes could not be told apart. Correct one, or join the classes.")
    return terms


@derivation
def cut(
    of: Number,
    *,
    at: Annotated[list[Constant[float]], Field(min_length=1), AfterValidator(_rising)],
    terms: Annotated[list[LiteralText], AfterValidator(_one_more)],
) -> Text:
    """The class a number falls in; a number of `at` belongs to the class above it.

    Missing: blank where the number is missing.
    Errors: numbers that do not rise, or not one term more than numbers, are faults of the specification.
    Source: admiral derive_vars_cat.

    YAML:
        AGEGR1: {cut: {of: AAGE, at: [18, 65], terms: [<18, 18-64, ">=65"]}}

    >>> cut(pd.Series([17.0, 18.0, 65.0, None]), at=[18, 65], terms=["<18", "18-64", ">=65"]).tolist()
    ['<18', '18-64', '>=65', '']
    """
    place = np.searchsorted(np.asarray(at, dtype="float64"), of.to_numpy(), side="right")
    words = np.array([*terms, ""], dtype=object)
    return pd.Series(words[np.where(of.isna(), len(terms), place)], index=of.index, dtype="str")


@derivation
def concatenate(of: Annotated[list[Text], Field(min_length=1)], *, by: str) -> Text:
    """Texts joined by a separator; blanks are left out.

    Missing: blank where all are blank.
    Source: SAS catx.

    YAML:
        TRTSEQP: {concatenate: {of: [TRT01P, TRT02P], by: " / "}}

    >>> concatenate([pd.Series(["A", ""], dtype="str"), pd.Series(["B", "C"], dtype="str")], by=" / ").tolist()
    ['A / B', 'C']
    """
    result = of[0]
    for text in of[1:]:
        gap = _words(~is_missing(result).to_numpy() & ~is_missing(text).to_numpy(), by, "", text.index)
        result = result + gap + text
    return result


@derivation
def by_period(of: Family, period: Number, *, otherwise: AnyValue | None = None) -> AnyValue:
    """The variable of the record's period.

    Missing: missing where the period is missing or has no variable; `otherwise` where the variable is blank.
    Source: ADaMIG, TRTP and TRTA by APERIOD; admiral derive_vars_joined.

    YAML:
        TRTP: {by_period: {of: ADSL.TRTxxP, period: APERIOD}}

    >>> treatments = {1: pd.Series(["A", "A"], dtype="str"), 2: pd.Series(["B", "B"], dtype="str")}
    >>> by_period(treatments, pd.Series([2.0, None])).tolist()
    ['B', '']
    """
    first = next(iter(of.values()))
    result = first.mask(np.ones(len(first), dtype=bool), _empty(first))
    for number, column in of.items():
        mine = (period == number).to_numpy(dtype=bool)
        value = column if otherwise is None else column.where(~is_missing(column), otherwise)
        result = result.where(~mine, value)
    return result
