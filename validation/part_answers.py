"""What one part of the subjects answers to the rules: small values, which can be pickled, put together, and made findings of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

KEPT = 1000
"""How many records a finding stores; its count is of all."""
Texts = dict[str, str]


@dataclass(frozen=True)
class FailingRecords:
    """The records that fail a rule and that one waiver explains, or none: how many, and the first ones.

    `place` is the number of the failure if a check reports several, `waiver` the number of the waiver in the study, -1 without one.
    """

    place: int
    waiver: int
    detail: str
    count: int
    keys: tuple[Texts, ...]
    values: tuple[Texts, ...]


@dataclass(frozen=True)
class RuleAnswer:
    """What the records of a part answer to one rule.

    Attributes:
        failing: the records or items that fail.
        error: why the rule could not be run; blank if it was.
        lacks: the rule reads a variable that the data lack.
        selects: whether each condition that selects records selects some.
        known: the expected condition is known on some of them.
        summary: what a check across subjects reports of the part; None if that would be too much.
    """

    failing: tuple[FailingRecords, ...] = ()
    error: str = ""
    lacks: bool = False
    selects: tuple[bool, ...] = ()
    known: bool = True
    summary: Any = None


@dataclass(frozen=True)
class SuiteAnswer:
    """What the records of a part answer to a suite: by the number of each rule, and what shows that something was checked."""

    rules: Mapping[int, RuleAnswer]
    columns: tuple[str, ...]
    count: int
    collected: int
    parameters: frozenset[str]
    studies: frozenset[str]


PartAnswers = tuple[SuiteAnswer, ...]
"""What a part answers to each suite, in their order."""


def joined(answers: Sequence[RuleAnswer]) -> RuleAnswer:
    """Return the answer of all parts, in their order; without records if a part could not be evaluated."""
    stopped = next((answer for answer in answers if answer.error or answer.lacks), None)
    if stopped is not None:
        return stopped
    return RuleAnswer(
        failing_of_all([failing for answer in answers for failing in answer.failing]),
        "",
        False,
        tuple(any(each) for each in zip(*(answer.selects for answer in answers), strict=True)),
        any(answer.known for answer in answers),
    )


def failing_of_all(pieces: Sequence[FailingRecords]) -> tuple[FailingRecords, ...]:
    """Return the failing records of all parts, those that no waiver explains last."""
    found: dict[tuple[int, int], list[FailingRecords]] = {}
    for piece in pieces:
        found.setdefault((piece.place, piece.waiver), []).append(piece)
    first = {place: next(piece.detail for piece in pieces if piece.place == place) for place, _ in found}
    ordered = sorted(found, key=lambda each: (each[0], each[1] < 0, each[1]))
    return tuple(replace(_joined(found[place, waiver]), detail=first[place]) for place, waiver in ordered)


def _joined(pieces: list[FailingRecords]) -> FailingRecords:
    if len(pieces) == 1:
        return pieces[0]
    keys = tuple(key for piece in pieces for key in piece.keys)[:KEPT]
    values = tuple(value for piece in pieces for value in piece.values)[:KEPT]
    return replace(pieces[0], count=sum(piece.count for piece in pieces), keys=keys, values=values)


def distinct(failing: tuple[FailingRecords, ...]) -> tuple[FailingRecords, ...]:
    """Return failing items that are the same in each part, each once."""
    found = []
    for each in failing:
        keys = tuple(dict(pairs) for pairs in dict.fromkeys(tuple(key.items()) for key in each.keys))
        found.append(replace(each, count=len(keys), keys=keys))
    return tuple(found)
