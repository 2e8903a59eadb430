"""The sets of records of a study."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class RecordOrigin(StrEnum):
    """How the records of a set come about.

    COLLECTED: of a domain. DERIVED: by `records:` of a dataset or parameter. ADDED: by `add:` of a parameter. EACH_SUBJECT: one for each
    subject of a dataset, on which its variables can be computed; those are never kept.
    """

    COLLECTED = "collected"
    DERIVED = "derived"
    ADDED = "added"
    EACH_SUBJECT = "each subject"

    __hash__ = str.__hash__

    @property
    def temporary(self) -> bool:
        """Whether records of this origin never become records of the dataset."""
        return self is RecordOrigin.EACH_SUBJECT


class RecordSet(NamedTuple):
    """Records of a dataset or domain: all of them, or those of one parameter that have the same origin; added ones of one entry of `add:`."""

    dataset: str
    parameter: str = ""
    origin: RecordOrigin = RecordOrigin.DERIVED
    entry: int = 0

    def __str__(self) -> str:
        name = f"{self.dataset}.{self.parameter}" if self.parameter else self.dataset
        if self.origin in (RecordOrigin.COLLECTED, RecordOrigin.DERIVED):
            return name
        return f"{name} ({self.origin} {self.entry + 1})" if self.entry else f"{name} ({self.origin})"

    @property
    def label(self) -> str:
        """The set as it is named within its dataset; blank for all records."""
        return str(self).removeprefix(self.dataset).strip(" .")

    def of(self, origin: RecordOrigin, entry: int = 0) -> RecordSet:
        """The records of the same parameter with another origin."""
        return RecordSet(self.dataset, self.parameter, origin, entry)


def collected(domain: str) -> RecordSet:
    """The records of a domain."""
    return RecordSet(domain, "", RecordOrigin.COLLECTED)
