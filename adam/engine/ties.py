"""Flags on one of several records that `order` does not tell apart: a warning where these differ in their analysis value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import pandas as pd

from adam.catalog.record_rules.ties import differing
from adam.core.errors import Finding, Mark, Severity
from adam.engine.issues import keys_of, printed
from adam.engine.notes import SHOWN, Note, Place, ShownRecord, Stage, first_records, without_subjects
from adam.engine.view import Data, View
from adam.planning.values.record_sets import RecordSet

VALUES = ("AVAL", "AVALC")
RESULTS = ("STRESN", "STRESC", "ORRES", "DOSE")
"""What matters of a record of a dataset, and of a domain (--STRESN), where it is there."""


@dataclass(frozen=True)
class Tied:
    """A variable on sets of records, and the group of each record among which `order` leaves open which one is flagged (-1 for all others)."""

    variable: str
    records: tuple[RecordSet, ...]
    group: np.ndarray
    mark: Mark
    step: int

    @property
    def owner(self) -> str:
        """The dataset or domain."""
        return self.records[0].dataset


def tie_notes(data: Data, found: Iterable[Tied]) -> list[Note]:
    """A note for each step that left records tied which differ in what matters."""
    return [note for each in found if (note := _note(data, each)) is not None]


def _note(data: Data, tied: Tied) -> Note | None:
    layout = data.layouts.get(tied.owner)
    view = View(data, tied.owner, tied.records)
    if layout is not None:
        columns = {name: view.own(name) for name in VALUES if name in layout.variables}
    else:
        collected = data.tables[tied.records[0]].collected
        columns = {name: collected[name] for name in (f"{tied.owner[:2]}{result}" for result in RESULTS) if name in collected}
    rows = np.flatnonzero(tied.group >= 0)
    rows = rows[differing(tied.group[rows], [column.iloc[rows] for column in columns.values()])]
    if not len(rows):
        return None
    _, first, group = np.unique(tied.group[rows], return_index=True, return_inverse=True)
    rows = rows[np.lexsort([first[group], view.subject[rows]])]  # group by group, in the order of the subjects
    values = ({name: printed(column.iloc[row]) for name, column in columns.items()} for row in rows[:SHOWN])
    shown = zip(_keys(view, rows[:SHOWN]), values, view.subject[rows[:SHOWN]].tolist(), strict=True)
    breaker = "the key of the dataset" if layout is not None else f"{tied.owner[:2]}SEQ"
    found = _Open(tied.mark, len(rows), tuple(ShownRecord(*each) for each in shown), tuple(columns))
    return TiesNote(Place(Stage.TIES, dataset=tied.owner, variable=tied.variable), breaker, {tied.step: found})


def _keys(view: View, rows: np.ndarray) -> tuple[dict[str, str], ...]:
    """The key of the dataset on some records, those of a domain by their sequence number."""
    layout = view.data.layouts.get(view.owner)
    if layout is None:
        return keys_of(view, rows)
    columns = {name: view.own(name) for name in layout.key if name in layout.variables}
    columns |= {name: pd.Series(view.data.subject_key(name)[view.subject]) for name in ("STUDYID", "USUBJID")}
    return tuple({name: printed(column.iloc[row]) for name, column in columns.items()} for row in rows)


@dataclass(frozen=True)
class _Open:
    """The tied records of one step that differ: how many, the first of them with their values, and in what."""

    mark: Mark
    count: int
    records: tuple[ShownRecord, ...]
    names: tuple[str, ...]

    def joined(self, other: _Open) -> _Open:
        """The records of both."""
        return replace(self, count=self.count + other.count, records=first_records(self.records, other.records))


@dataclass(frozen=True)
class TiesNote(Note):
    """The tied records of a variable, by the number of the step."""

    breaker: str
    steps: Mapping[int, _Open]

    def closed(self) -> Self:
        """The note without the numbers of the subjects."""
        return replace(self, steps={step: replace(each, records=without_subjects(each.records)) for step, each in self.steps.items()})

    def joined(self, other: Self) -> Self:
        """The records of both."""
        both = {step: each.joined(other.steps[step]) if step in other.steps else each for step, each in self.steps.items()}
        return replace(self, steps={**other.steps, **both})

    def findings(self) -> Iterator[Finding]:
        """One warning."""
        steps = [self.steps[step] for step in sorted(self.steps)]
        names = " and ".join(dict.fromkeys(name for each in steps for name in each.names))
        text = f"several records are equal in order and differ in {names}; only {self.breaker} decides which one is flagged"
        records = [record for each in steps for record in each.records][:SHOWN]
        keys, values = tuple(record.key for record in records), tuple(record.values for record in records)
        count, mark = sum(each.count for each in steps), steps[0].mark
        text += " (add to order what decides)"
        yield Finding("issue", Severity.WARNING, self.place.dataset, text, count, keys, mark, self.place.variable, values=values)
