"""SAS data files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from adam.sources import readstat
from adam.sources.formats import Layout, Records, register

FUNCTION = "read_sas7bdat"


def layout(path: Path, encoding: str = "") -> Layout:
    """The layout of a SAS data file."""
    return readstat.layout(FUNCTION, path, encoding)


def records(path: Path, layout: Layout, columns: Sequence[str], limit: int = 0) -> Records:
    """The records of a SAS data file."""
    return readstat.records(FUNCTION, path, layout, columns, limit, user_missing=True)


def windows(path: Path, layout: Layout, columns: Sequence[str], size: int) -> Iterator[Records]:
    """The records of a SAS data file by windows."""
    for start in range(0, max(layout.records or 0, 1), size):
        yield readstat.records(FUNCTION, path, layout, columns, size, user_missing=True, row_offset=start)


register(".sas7bdat", layout, records, "a SAS data file", windows=windows)
