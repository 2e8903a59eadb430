"""Variables that hold nothing where the standard or the key of a dataset needs a value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import pandas as pd

from adam.core.errors import Finding, Severity
from adam.core.kinds import is_missing
from adam.engine.notes import Note, Place, ShownRecord, Stage, first_records, first_rows, without_subjects
from adam.planning.values import ResolvedDataset, ResolvedVariable

NOT_IDENTIFIED = "The key variable is blank, so these records are not identified"


def blank(dataset: ResolvedDataset, number: int, frame: pd.DataFrame, subject: np.ndarray) -> Iterator[Note]:
    """Notes on the required variables of a dataset and those of its key; `subject` has the number of each record's subject.

    A blank part of the key is an error where the standard requires the variable (but a date may be unknown), and for a sequence number in
    a dataset without parameters: derived records of a parameter have none. Other parts, such as DTYPE, may be blank, but in every record only with
    `allow_empty: true`. A required variable may be blank in some records.
    """
    for item, (name, variable) in enumerate(dataset.variables.items()):
        keyed, required = name in dataset.key, variable.core == "Req"
        if not len(frame) or not (keyed or required):
            continue
        missing = is_missing(frame[name]).to_numpy()
        place = Place(Stage.FINISHED, number, item, dataset.name, name, mark=variable.mark)
        if keyed and _identifies(variable, dataset):
            others = [key for key in dataset.key if key != name]
            rows = first_rows(missing, subject)
            keys = ({key: _shown(record[key]) for key in others} for record in frame[others].iloc[rows].to_dict("records"))
            shown = tuple(ShownRecord(key, {}, number) for key, number in zip(keys, subject[rows].tolist(), strict=True))
            yield NoKey(place, int(missing.sum()), shown)
        elif not variable.allow_empty:
            why = "The standard requires the variable (core: Req)" if required else "The variable is part of the key"
            yield NoValue(place, why, len(frame), int(missing.sum()))


def _identifies(variable: ResolvedVariable, dataset: ResolvedDataset) -> bool:
    """Whether a variable of the key must have a value in each record."""
    dated = variable.type in ("date", "datetime", "time")  # a date in the key may be unknown
    return (variable.core == "Req" and not dated) or (variable.name.endswith("SEQ") and not dataset.parameters)


def _shown(value: object) -> str:
    return f"{value:.15g}" if isinstance(value, float) else str(value)


@dataclass(frozen=True)
class NoKey(Note):
    """The records in which a variable of the key is blank."""

    count: int
    records: tuple[ShownRecord, ...]

    def closed(self) -> Self:
        """The note without the numbers of the subjects."""
        return replace(self, records=without_subjects(self.records))

    def joined(self, other: Self) -> Self:
        """The records of both."""
        return replace(self, count=self.count + other.count, records=first_records(self.records, other.records))

    def findings(self) -> Iterator[Finding]:
        """An error if there are such records."""
        if self.count:
            place, keys = self.place, tuple(record.key for record in self.records)
            yield Finding("blank", Severity.ERROR, place.dataset, NOT_IDENTIFIED, self.count, keys, place.mark, place.variable)


@dataclass(frozen=True)
class NoValue(Note):
    """In how many records a variable is blank, and why it must not be blank in all of them."""

    why: str
    records: int
    missing: int

    def joined(self, other: Self) -> Self:
        """The records of both."""
        return replace(self, records=self.records + other.records, missing=self.missing + other.missing)

    def findings(self) -> Iterator[Finding]:
        """A warning if it is blank in every record."""
        if self.missing == self.records:
            place = self.place
            message = f"{self.why}, but it is blank in every record. Correct its formula or the key, or write 'allow_empty: true' in its block."
            yield Finding("blank", Severity.WARNING, place.dataset, message, self.records, mark=place.mark, variable=place.variable)
