"""Notes: what one part of the subjects adds to the findings of a run.

A run derives the subjects in one part or in several. Each part has its notes; `merge_notes` joins those of all parts and makes the
findings, which are the same for any cut of the subjects: counts are added, sets are united, and the records that a finding shows are the
first ones in the order of the subjects.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from traceback import clear_frames
from typing import NamedTuple, Self

import numpy as np

from adam.catalog.derivation import Action
from adam.core.errors import NOWHERE, AdamError, Finding, Mark, Severity, SourceError

SHOWN = 10
"""The number of records that a finding shows."""
SEVERITIES = {Action.NOTE: Severity.NOTE, Action.WARN: Severity.WARNING, Action.ERROR: Severity.ERROR, Action.REFUSE: Severity.ERROR}
RANKS = {Action.REFUSE: 0, Action.ERROR: 1, Action.WARN: 2, Action.NOTE: 3}


class Stage(IntEnum):
    """The stages of a run, in the order of their findings."""

    READ = 0
    STEPS = 1
    WARNINGS = 2
    TIES = 3
    CONDITIONS = 4
    FINISHED = 5


class Place(NamedTuple):
    """What a note is about, which is the same in every part; the findings are in the order of their places.

    `number` is that of the step, the source or the dataset in the plan, `item` that of the parameter or the variable in it.
    """

    stage: int = 0
    number: int = 0
    item: int = 0
    dataset: str = ""
    variable: str = ""
    rank: int = 0
    text: str = ""
    mark: Mark = NOWHERE


@dataclass(frozen=True)
class Note(ABC):
    """What one part, or several, found in one place."""

    place: Place

    @property
    def stops(self) -> bool:
        """Whether it ends the run."""
        return False

    def at(self, stage: Stage, number: int) -> Self:
        """The same note in a stage, at the step of a number."""
        return replace(self, place=self.place._replace(stage=int(stage), number=number))

    def of_item(self, item: int) -> Self:
        """The same note about the parameter of a number."""
        return replace(self, place=self.place._replace(item=item))

    def closed(self) -> Self:
        """The note of a finished part: without what only this part needs."""
        return self

    @abstractmethod
    def joined(self, other: Self) -> Self:
        """Both notes, which have one place, as one; the subjects of `other` follow."""

    @abstractmethod
    def findings(self) -> Iterable[Finding]:
        """The findings.

        Raises:
            AdamError: the note ends the run.
        """


Notes = tuple[Note, ...]
"""The notes of one part, one for each place."""


class ShownRecord(NamedTuple):
    """A record that a finding shows: its key, its values, and the number of its subject in the part."""

    key: dict[str, str]
    values: dict[str, str]
    subject: int = 0


def first_records(*several: Sequence[ShownRecord]) -> tuple[ShownRecord, ...]:
    """The first records of all in the order of their subjects; those of one subject keep their order."""
    return tuple(sorted((record for each in several for record in each), key=lambda record: record.subject)[:SHOWN])


def without_subjects(records: Sequence[ShownRecord]) -> tuple[ShownRecord, ...]:
    """The records of a finished part: those of the parts after it follow."""
    return tuple(record._replace(subject=0) for record in records)


def first_rows(mask: np.ndarray, subject: np.ndarray, count: int | None = SHOWN) -> np.ndarray:
    """The first rows of a mask in the order of their subjects, or all of them: what a finding shows.

    >>> first_rows(np.array([True, True, False, True]), np.array([1, 0, 0, 1])).tolist()
    [1, 0, 3]
    """
    rows = np.flatnonzero(mask)
    return np.asarray(rows[np.argsort(subject[rows], kind="stable")[:count]])


@dataclass(frozen=True)
class IssueNote(Note):
    """Records with an issue. `counts` are the numbers in place of each `{}` in the text, summed over all parts."""

    action: Action
    count: int
    records: tuple[ShownRecord, ...]
    counts: tuple[int, ...] = ()

    @property
    def stops(self) -> bool:
        """Whether the issue refuses the input."""
        return self.action is Action.REFUSE and self.count > 0

    def joined(self, other: Self) -> Self:
        """The records of both."""
        counts = tuple(a + b for a, b in zip(self.counts, other.counts, strict=True))
        return replace(self, count=self.count + other.count, records=first_records(self.records, other.records), counts=counts)

    def closed(self) -> Self:
        """The note without the numbers of the subjects."""
        return replace(self, records=without_subjects(self.records))

    def findings(self) -> Iterator[Finding]:
        """One finding; none without records.

        Raises:
            SourceError: the issue refuses the input.
        """
        if not self.count:
            return
        place = self.place
        text = place.text.format(*self.counts) if self.counts else place.text
        keys, values = tuple(record.key for record in self.records), tuple(record.values for record in self.records)
        values = values if any(values) else ()
        finding = Finding("issue", SEVERITIES[self.action], place.dataset, text, self.count, keys, place.mark, place.variable, values=values)
        if self.action is Action.REFUSE:
            subject = f"{place.dataset}.{place.variable}" if place.variable else place.dataset
            raise SourceError(f"refused: {subject}: {text}{finding.extent} ({place.mark})", [finding])
        yield finding


LAST = 1_000_000
"""The item of what follows all other notes of a step."""


@dataclass(frozen=True)
class Failure(Note):
    """An error that ended a part."""

    error: AdamError

    @property
    def stops(self) -> bool:
        """It does."""
        return True

    def closed(self) -> Self:
        """The note with the lines of its traceback, but without their variables, which hold the records of the part."""
        error: BaseException | None = self.error
        while error is not None:
            clear_frames(error.__traceback__)
            error = error.__cause__ or error.__context__
        return self

    def joined(self, other: Self) -> Self:
        """The error of the first part."""
        return self

    def findings(self) -> Iterator[Finding]:
        """None.

        Raises:
            AdamError: the error.
        """
        raise self.error


def joined_notes(notes: Iterable[Note]) -> list[Note]:
    """Notes in the order of their places, those of one place as one."""
    found: dict[Place, Note] = {}
    for note in notes:
        before = found.get(note.place)
        found[note.place] = note if before is None else before.joined(note)
    return sorted(found.values(), key=lambda note: note.place)


def closed_notes(notes: Iterable[Note]) -> Notes:
    """The notes of a finished part."""
    return tuple(note.closed() for note in joined_notes(notes))


def merge_notes(parts: Sequence[Notes]) -> tuple[Finding, ...]:
    """The findings of a run from the notes of its parts, in the order of the parts.

    Raises:
        SourceError: an issue refuses the input; the message has the records of all parts.
        AdamError: a derivation failed. Of several errors, the one of the first step is raised.
    """
    notes = joined_notes(note for part in parts for note in part)
    for note in notes:
        if note.stops:
            list(note.findings())
    return tuple(_summed(finding for note in notes for finding in note.findings()))


def _summed(findings: Iterable[Finding]) -> list[Finding]:
    """Findings with the same text about one variable, from several steps, as one."""
    found: dict[tuple[object, ...], Finding] = {}
    for each in findings:
        key = (each.id, each.severity, each.dataset, each.variable, each.message, each.mark, bool(each.values))
        if not each.variable or key not in found:
            found[key if each.variable else (*key, len(found))] = each
            continue
        first = found[key]
        found[key] = replace(
            first, count=first.count + each.count, keys=(*first.keys, *each.keys)[:SHOWN], values=(*first.values, *each.values)[:SHOWN]
        )
    return list(found.values())
