"""Blocks of records, which a file is written in: each is encoded, read back and compared before the next one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from adam.planning.values import ResolvedDataset

BLOCK, BYTES = 32_768, 24 << 20
"""The most records and bytes of a block: enough to work on whole arrays, few enough to need little memory."""
NUMBER = 8


def record_size(dataset: ResolvedDataset) -> int:
    """The bytes of one record of a transport file."""
    return sum(variable.length or 1 if variable.type == "text" else NUMBER for variable in dataset.variables.values())


def blocks_of(records: int, dataset: ResolvedDataset) -> Iterator[slice]:
    """The places of some records in blocks."""
    size = max(1, min(BLOCK, BYTES // record_size(dataset)))
    for first in range(0, records, size):
        yield slice(first, min(first + size, records))
