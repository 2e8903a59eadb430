"""The records that the conditions of a run selected, so that a condition that selected none of the study is reported."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Self, TypeVar

import numpy as np
import pandas as pd

from adam.core.errors import Finding, Mark, Severity
from adam.engine.notes import Note, Place, Stage
from adam.expressions.tree import Expr


@dataclass(frozen=True)
class _Condition:
    """A condition with the records it was evaluated on and those it selected, over all steps from `step` on."""

    owner: str
    variable: str
    what: str
    text: str
    mark: Mark
    block: str
    step: int
    of_subjects: bool
    asked: int = 0
    selected: int = 0

    @property
    def place(self) -> tuple[int, bool, Mark, str, str, str]:
        """The place among the findings: of a step those that select subjects first, then by the line."""
        return self.step, not self.of_subjects, self.mark, self.owner, self.variable, self.what

    def joined(self, other: _Condition) -> _Condition:
        """The records of both."""
        return replace(self, step=min(self.step, other.step), asked=self.asked + other.asked, selected=self.selected + other.selected)


@dataclass(frozen=True)
class _Keys:
    """The keys of a `recode`, and those that occurred."""

    owner: str
    variable: str
    keys: tuple[str, ...]
    mark: Mark
    step: int
    asked: int = 0
    occurred: frozenset[str] = field(default_factory=frozenset)

    @property
    def place(self) -> tuple[int, str, str, Mark]:
        """The place among the findings."""
        return self.step, self.owner, self.variable, self.mark

    def joined(self, other: _Keys) -> _Keys:
        """The keys of both."""
        return replace(self, step=min(self.step, other.step), asked=self.asked + other.asked, occurred=self.occurred | other.occurred)


Conditions = dict[tuple[str, str, str, Mark], _Condition]
Recoded = dict[tuple[str, str, Mark], _Keys]


class UnmatchedConditions:
    """Gathers over the steps of a part; a condition that is evaluated on several sets of records is one. `step` is the current step."""

    def __init__(self) -> None:
        self.conditions: Conditions = {}
        self.recoded: Recoded = {}
        self.step = -1

    def note(
        self, owner: str, variable: str, what: str, expr: Expr, mask: np.ndarray, mark: Mark, block: str = "", *, of_subjects: bool = False
    ) -> None:
        """What a condition selected among the records, or subjects, it was evaluated on; `block` is the parameter whose block takes `allow_empty`."""
        key = (owner, variable, what, expr.mark if expr.mark.line else mark)
        found = _Condition(owner, variable, what, str(expr), key[3], block, self.step, of_subjects, len(mask), int(mask.sum()))
        self.conditions[key] = self.conditions[key].joined(found) if key in self.conditions else found

    def keys(self, owner: str, variable: str, keys: Iterable[str], values: pd.Series, mark: Mark) -> None:
        """Gather the texts that a derivation looks values up in, and the values that occurred."""
        key, texts = (owner, variable, mark), tuple(keys)
        found = _Keys(owner, variable, texts, mark, self.step, len(values), frozenset(texts) & set(values.unique()))
        self.recoded[key] = self.recoded[key].joined(found) if key in self.recoded else found

    def gathered(self) -> UnmatchedNote:
        """What was gathered, as a note."""
        return UnmatchedNote(Place(Stage.CONDITIONS), self.conditions, self.recoded)


@dataclass(frozen=True)
class UnmatchedNote(Note):
    """All conditions and keys of a part."""

    conditions: Conditions
    recoded: Recoded

    def joined(self, other: Self) -> Self:
        """The conditions and keys of both."""
        return replace(self, conditions=_merged(self.conditions, other.conditions), recoded=_merged(self.recoded, other.recoded))

    def findings(self) -> Iterator[Finding]:
        """A warning for each condition that selected nothing, a note for the keys that never occur; none where there was no record to ask."""
        for each in sorted(self.conditions.values(), key=lambda each: each.place):
            if each.asked and not each.selected:
                records = "the one record" if each.asked == 1 else f"none of {each.asked} records"
                selects = f"does not select {records}" if each.asked == 1 else f"selects {records}"
                block = f"the block of {each.block}" if each.block else "its block"
                message = f"{each.what} {selects}, so it does nothing: {each.text}. Correct it, or add 'allow_empty: true' to {block}."
                yield Finding("unmatched", Severity.WARNING, each.owner, message, mark=each.mark, variable=each.variable)
        for recode in sorted(self.recoded.values(), key=lambda each: each.place):
            dead = [key for key in recode.keys if key and key not in recode.occurred]  # a blank one says what blank becomes
            if recode.asked and dead:
                message = f"recode: no record has {', '.join(repr(key) for key in dead)}; check the spelling and the case"
                yield Finding("unmatched", Severity.NOTE, recode.owner, message, mark=recode.mark, variable=recode.variable)


K = TypeVar("K")
V = TypeVar("V", _Condition, _Keys)


def _merged(first: Mapping[K, V], second: Mapping[K, V]) -> dict[K, V]:
    both = {key: each.joined(second[key]) if key in second else each for key, each in first.items()}
    return {**second, **both}
