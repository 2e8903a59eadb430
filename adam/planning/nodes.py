"""The nodes of the graph of a study, and the records a formula reads."""

from __future__ import annotations

from enum import Enum, auto
from typing import NamedTuple

from adam.planning.values.record_sets import RecordSet


class Node(NamedTuple):
    """A variable on sets of records that are computed together; without a variable the records, or (`window`) their analysis window."""

    variable: str
    records: tuple[RecordSet, ...]
    window: bool = False

    @property
    def owner(self) -> str:
        """The dataset or domain."""
        return self.records[0].dataset

    def __str__(self) -> str:
        parameters = {each.parameter for each in self.records}
        where = str(self.records[0]) if len(self.records) == 1 else f"{self.owner}.{parameters.pop()}" if len(parameters) == 1 else self.owner
        return f"{where}.{self.variable or ('analysis window' if self.window else 'records')}"


class Span(Enum):
    """The records a formula reads of its own dataset: those of one set, of one parameter, or of all parameters."""

    SET = auto()
    PARAMETER = auto()
    DATASET = auto()
