"""The lineage of all variables of a plan: what each reads directly, and where the records of each dataset come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class LineagePart(StrEnum):
    """What a node of a lineage is.

    VARIABLE: of a dataset. TEMPORARY: a variable that a dataset computes and does not keep. PREPARED: computed on the records of a domain.
    READ: as it is in the source data, or in a dataset that the run only reads. RECORDS: the records of a dataset or domain. WINDOW: the
    analysis window of a record.
    """

    VARIABLE = "variable"
    TEMPORARY = "temporary"
    PREPARED = "prepared"
    READ = "read"
    RECORDS = "records"
    WINDOW = "window"

    __hash__ = str.__hash__


class LineageNode(NamedTuple):
    """A node: the dataset or domain, and the name of the variable, which is blank for records and windows."""

    owner: str
    variable: str
    part: LineagePart


@dataclass(frozen=True)
class LineageGraph:
    """The lineage of all variables.

    Attributes:
        reads: the nodes that each node reads directly; of records, the variables and records they are created from.
        origins: for each dataset, by parameter (blank without parameters), the domains and datasets its records are created from.
    """

    reads: Mapping[LineageNode, tuple[LineageNode, ...]]
    origins: Mapping[str, Mapping[str, tuple[str, ...]]]
