"""What a mutation is: a kind with several members, each a function that spoils the good study and what must come of it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Literal

from tests.bad_inputs.study import Inputs

Family = Literal["specification", "source"]
Expected = Literal["refused", "reported", "same", "unharmed"]
"""`refused`: exit 1 or 2. `reported`: that, or a new error or warning. `same`: exit 0 and the values of the good study.
`unharmed`: `reported` or `same`, whichever; no value may change in silence."""
Spoil = Callable[[Inputs, random.Random], str]


@dataclass(frozen=True)
class Member:
    """One way to spoil the study; `spoil` changes the inputs in place and says in a few words what it did."""

    expected: Expected
    spoil: Spoil


@dataclass(frozen=True)
class Kind:
    """Mutations of one kind."""

    name: str
    family: Family
    members: list[Member] = field(default_factory=list)


KINDS: dict[str, Kind] = {}


def add(kind: str, family: Family, expected: Expected, spoil: Spoil) -> None:
    """Add a member to a kind."""
    KINDS.setdefault(kind, Kind(kind, family)).members.append(Member(expected, spoil))


def mutation(kind: str, family: Family, expected: Expected, times: int = 1) -> Callable[[Spoil], Spoil]:
    """Register a function as a member of a kind, `times` times as likely as others (it draws something else each time)."""

    def registered(spoil: Spoil) -> Spoil:
        for _ in range(times):
            add(kind, family, expected, spoil)
        return spoil

    return registered


def replacements(kind: str, expected: Expected, members: Iterable[tuple[str, str, str]]) -> None:
    """Register members that replace one text of one file of the specification."""
    for file, old, new in members:
        add(kind, "specification", expected, _replacing(file, old, new))


def _replacing(file: str, old: str, new: str) -> Spoil:
    return lambda inputs, _: replaced(inputs, file, old, new)


def replaced(inputs: Inputs, file: str, old: str, new: str) -> str:
    """Replace a text of the specification that must be there once.

    Raises:
        ValueError: it is not, so the mutation itself is wrong.
    """
    if inputs.texts[file].count(old) != 1:
        raise ValueError(f"{file}: {old!r} occurs {inputs.texts[file].count(old)} times")
    inputs.texts[file] = inputs.texts[file].replace(old, new)
    return f"{file}: {_short(old)} -> {_short(new)}"


def _short(text: str) -> str:
    text = text.strip()
    return repr(text if len(text) <= 90 else f"{text[:60]}...({len(text)} characters)")
