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
        summaries: what a check across subjects reports of each part; None if that would be too much.
    """

    failing: tuple[FailingRecords, ...] = ()
    error: str = ""
    lacks: bool = False
    selects: tuple[bool, ...] = ()
    known: bool = True
    summaries: tuple[Any, ...] = ()


@dataclass(frozen=True)
class SuiteAnswer:
    """What the records of some parts answer to a suite.

    Attributes:
        rules: the answers by the number of the rule.
        columns: the variables of the records, in order; several if parts differ.
        parts: the number of parts.
        count: the number of records of the dataset.
        collected: the number of records of the domain that they come from.
        parameters: the parameters that have records.
        studies: the studies of the records.
    """

    rules: Mapping[int, RuleAnswer]
    columns: tuple[tuple[str, ...], ...]
    parts: int
    count: int
    collected: int
    parameters: frozenset[str]
    studies: frozenset[str]


PartAnswers = tuple[SuiteAnswer, ...]
"""What a part answers to each suite, in their order."""


def together(parts: Sequence[PartAnswers]) -> PartAnswers:
    """Return the answers of several parts as those of one, so that a run need not keep those of each part."""
    return tuple(_suite(answers) for answers in zip(*parts, strict=True))


def _suite(answers: Sequence[SuiteAnswer]) -> SuiteAnswer:
    if len(answers) == 1:
        return answers[0]
    return SuiteAnswer(
        {number: joined([answer.rules[number] for answer in answers]) for number in answers[0].rules},
        tuple(dict.fromkeys(columns for answer in answers for columns in answer.columns)),
        sum(answer.parts for answer in answers),
        sum(answer.count for answer in answers),
        sum(answer.collected for answer in answers),
        frozenset().union(*(answer.parameters for answer in answers)),
        frozenset().union(*(answer.studies for answer in answers)),
    )


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
        tuple(summary for answer in answers for summary in answer.summaries),
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
