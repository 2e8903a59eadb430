"""Files of the same records: they are written block by block, so that what they have in common is computed once for each block."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Protocol

from adam.submission.same_values import combined_blocks

if TYPE_CHECKING:
    import pandas as pd

    from adam.planning.values import ResolvedDataset
    from adam.submission.combinations import Combinations
    from adam.submission.new_file import WrittenFile


class RecordFile(Protocol):
    """A file under construction. `written` is known when it is complete."""

    written: WrittenFile

    def begin(self, part: pd.DataFrame) -> None:
        """Check the next records before their first block is added.

        Raises:
            ExportError: the format cannot hold them.
        """

    def add(self, block: Sequence[Combinations]) -> None:
        """Write the next records, read them back and compare them.

        Raises:
            ExportError: the format cannot hold them, or they do not read back as they were written.
        """


def add_records(parts: Iterable[pd.DataFrame], dataset: ResolvedDataset, files: Sequence[RecordFile]) -> None:
    """Add the records of frames, in order, to files. Only one part is in memory at a time.

    Raises:
        ExportError: the format of a file cannot hold them, or they do not read back as they were written.
    """
    for part in parts:
        for file in files:
            file.begin(part)
        for block in combined_blocks(part, dataset):
            for file in files:
                file.add(block)
        del part  # free its memory before the next part is made
