"""What the datasets of a plan read: domains and other datasets, variable by variable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class DatasetReads:
    """What the variables, the records and the intermediate values of one dataset read.

    Attributes:
        domains: the collected variables by domain; a domain can be read for its records alone.
        datasets: the variables by analysis dataset.
        readers: for each analysis dataset the variables of this dataset that read it; "" is the selection or creation of records.
    """

    domains: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    datasets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    readers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
