"""What a derivation declares about its result, so that no other code depends on its name.

The plan reads `possible_terms`, `text_length` and `lookup_keys`; define.xml, the guide and `adam plan` read `method_text`; the checks
that are generated from the specification read `expected_cases` and `selection`. All of these are declarative: they return texts and
expressions, and never call the derivation, so a check cannot repeat its mistake.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from adam.catalog.prose import Prose
from adam.core.kinds import ValueKind
from adam.expressions.parse import parse
from adam.expressions.tree import Expr, Name


@dataclass(frozen=True)
class PossibleTerms:
    """The texts a derivation gives besides blank.

    `complete` is false where an expression among the arguments can give other values too.
    """

    texts: tuple[str, ...]
    complete: bool = True


@dataclass(frozen=True)
class ExpectedCase:
    """The value of the records that match `when` and no case before it.

    Args:
        when: the condition; None for every remaining record. An unknown condition does not match.
        value: a literal text ("" is blank), an expression of the record, `missing` as an expression, or None where a check cannot
            judge the value (the input is refused, or the specification leaves it open).
    """

    when: Expr | None
    value: Expr | str | None


class Selection(StrEnum):
    """What one value per group of records is, for derivations with Reach.RECORDS; or which record is flagged Y, for Reach.ALONG.

    SINGLE is `of` of the group's only record, LOWEST and HIGHEST are over the values of `of` that are not missing, FIRST and LAST are
    `of` (or the flag) of the first and last record in `order`, SUM is the sum of `of`, EXISTS is Y or blank. Records outside `where`
    do not count.
    """

    SINGLE = "single"
    LOWEST = "lowest"
    HIGHEST = "highest"
    FIRST = "first"
    LAST = "last"
    SUM = "sum"
    EXISTS = "exists"


@dataclass(frozen=True)
class LookupKeys:
    """The texts that the values of an expression are looked up in: a key that never occurs is reported."""

    of: Expr
    keys: tuple[str, ...]


Families = Mapping[str, Mapping[int, Name]]
"""For each argument that is a name with xx, the variable of each period."""
Path = tuple[str | int, ...]
"""Where an expression is among the arguments of a derivation: `("cases", 0, "when")`."""
LengthOf = Callable[[Expr], int | None]
"""The length in bytes of the longest text of an expression; None if it is not known."""


def _no_terms(arguments: Any) -> PossibleTerms | None:  # noqa: ANN401  (each derivation has its own model)
    return None


def _no_cases(arguments: Any, families: Families) -> tuple[ExpectedCase, ...] | None:  # noqa: ANN401
    return None


def _no_selection(arguments: Any) -> Selection | None:  # noqa: ANN401
    return None


def _no_keys(arguments: Any) -> LookupKeys | None:  # noqa: ANN401
    return None


def _no_errors(arguments: Any) -> Iterable[str]:  # noqa: ANN401
    return ()


def _no_kinds(arguments: Any) -> Mapping[Path, ValueKind]:  # noqa: ANN401
    return {}


def _no_kind(arguments: Any) -> ValueKind | None:  # noqa: ANN401
    return None


@dataclass(frozen=True)
class Contract:
    """The contract of a derivation: functions of its validated arguments.

    Args:
        method_text: complete sentences for a reviewer; `prose` renders expressions with names and constants resolved.
        possible_terms: the texts it gives; None where they are not known, or where it gives no text.
        text_length: the length in bytes of its longest text, given the length of an expression. Without it the length follows from
            `possible_terms` and from the arguments of any kind.
        expected_cases: the value of a record in terms of expressions of the same record; None where it cannot be expressed so.
        selection: for summaries and flags, which value or record of a group is meant; None where it is something else.
        lookup_keys: the texts that values are looked up in.
        argument_errors: arguments that are valid alone but not together, each as a sentence: expected, actual, what to do.
        kinds: the kinds of expressions that depend on other arguments, by path.
        gives: the kind of the result if that depends on the arguments; None if it does not.
        imputes: whether it fills in parts of a value that are missing in the source.
        several: whether it has no meaning in a group of one record, as in a dataset with one record per subject.
    """

    method_text: Callable[[Any, Prose], str]
    possible_terms: Callable[[Any], PossibleTerms | None] = _no_terms
    text_length: Callable[[Any, LengthOf], int | None] | None = None
    expected_cases: Callable[[Any, Families], tuple[ExpectedCase, ...] | None] = _no_cases
    selection: Callable[[Any], Selection | None] = _no_selection
    lookup_keys: Callable[[Any], LookupKeys | None] = _no_keys
    argument_errors: Callable[[Any], Iterable[str]] = _no_errors
    kinds: Callable[[Any], Mapping[Path, ValueKind]] = _no_kinds
    gives: Callable[[Any], ValueKind | None] = _no_kind
    imputes: bool = False
    several: bool = False


def case_of(when: str | Expr | None, value: str | Expr | None) -> ExpectedCase:
    """A case whose condition may be written as text.

    >>> str(case_of("AGE < 18", "<18").when)
    'AGE < 18'
    """
    return ExpectedCase(parse(when) if isinstance(when, str) else when, value)


def always(*texts: str) -> Callable[[Any], PossibleTerms]:
    """The terms of a derivation that gives the same texts whatever its arguments are."""
    terms = PossibleTerms(texts)
    return lambda arguments: terms
