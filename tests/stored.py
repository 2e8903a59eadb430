"""Frames of a test as the stored records of a run."""

from collections.abc import Mapping

import pandas as pd

from adam.core.stored import StoredRecords


def stored(frames: Mapping[str, pd.DataFrame], parts: int = 1) -> dict[str, StoredRecords]:
    """The records of each frame, cut into parts of about the same number of records; a part may be empty."""
    return {name: in_parts(frame, parts) for name, frame in frames.items()}


def in_parts(frame: pd.DataFrame, parts: int) -> StoredRecords:
    """The records of a frame in parts."""
    ends = [round(len(frame) * number / parts) for number in range(parts + 1)]
    return StoredRecords.joined([StoredRecords.in_memory(frame.iloc[first:last]) for first, last in zip(ends, ends[1:], strict=False)])
