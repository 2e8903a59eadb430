"""The records that the conditions of a run selected, so that a condition that selected none of the study is reported."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from adam.core.errors import Finding, Mark, Severity
from adam.expressions.tree import Expr


@dataclass
class _Condition:
    """A condition with the records it was asked of and those it selected, over all steps."""

    owner: str
    variable: str
    what: str
    text: str
    mark: Mark
    block: str
    asked: int = 0
    selected: int = 0


@dataclass
class _Keys:
    """The keys of a `recode`, and those that occurred."""

    owner: str
    variable: str
    keys: tuple[str, ...]
    mark: Mark
    asked: int = 0
    occurred: set[str] = field(default_factory=set)


class UnmatchedConditions:
    """Gathers over the steps of a run; a condition that is asked on several parts of a dataset is one."""

    def __init__(self) -> None:
        self.conditions: dict[tuple[str, str, str, Mark], _Condition] = {}
        self.recoded: dict[tuple[str, str, Mark], _Keys] = {}

    def note(self, owner: str, variable: str, what: str, expr: Expr, mask: np.ndarray, mark: Mark, block: str = "") -> None:
        """What a condition selected among the records it was asked of; `block` is the parameter whose block takes `allow_empty`."""
        key = (owner, variable, what, expr.mark if expr.mark.line else mark)
        found = self.conditions.setdefault(key, _Condition(owner, variable, what, str(expr), key[3], block))
        found.asked += len(mask)
        found.selected += int(mask.sum())

    def keys(self, owner: str, variable: str, keys: Iterable[str], values: pd.Series, mark: Mark) -> None:
        """Gather the texts that a derivation looks values up in, and the values that occurred."""
        found = self.recoded.setdefault((owner, variable, mark), _Keys(owner, variable, tuple(keys), mark))
        found.asked += len(values)
        found.occurred |= set(values.unique())

    def findings(self) -> Iterator[Finding]:
        """A warning for each condition that selected nothing, a note for the keys that never occur; none where there was no record to ask."""
        for each in self.conditions.values():
            if each.asked and not each.selected:
                records = "the one record" if each.asked == 1 else f"none of {each.asked} records"
                selects = f"does not select {records}" if each.asked == 1 else f"selects {records}"
                block = f"the block of {each.block}" if each.block else "its block"
                message = f"{each.what} {selects}, so it does nothing: {each.text}. Correct it, or add 'allow_empty: true' to {block}."
                yield Finding("unmatched", Severity.WARNING, each.owner, message, mark=each.mark, variable=each.variable)
        for recode in self.recoded.values():
            dead = [key for key in recode.keys if key and key not in recode.occurred]  # a blank one says what blank becomes
            if recode.asked and dead:
                message = f"recode: no record has {', '.join(repr(key) for key in dead)}; check the spelling and the case"
                yield Finding("unmatched", Severity.NOTE, recode.owner, message, mark=recode.mark, variable=recode.variable)
