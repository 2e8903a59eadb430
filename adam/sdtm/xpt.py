"""SAS transport files, versions 5 and 8. ReadStat reads a second member as records, and a file cut short in silence: both are refused here."""

from __future__ import annotations

import mmap
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from adam.errors import SourceError
from adam.sdtm import readstat
from adam.sdtm.formats import Layout, readable, register

FUNCTION = "read_xport"
CARD = 80
OBSERVATIONS = b"HEADER RECORD*******OBS"
MEMBER = b"HEADER RECORD*******MEM"


def layout(path: Path) -> Layout:
    """The layout of a transport file; it does not say how many records there are."""
    return readstat.layout(FUNCTION, path)


def records(path: Path, layout: Layout, columns: Sequence[str], limit: int = 0) -> tuple[pd.DataFrame, bool]:
    """The records of a transport file.

    Raises:
        SourceError: the file is damaged, cut short, or holds a second dataset.
    """
    if not limit:
        _intact(path)
    return readstat.records(FUNCTION, path, layout, columns, limit)


def _intact(path: Path) -> None:
    width = sum(readstat.metadata(FUNCTION, path).variable_storage_width.values())
    with readable(path, ValueError), path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        start = data.find(OBSERVATIONS) + CARD
        if data.find(MEMBER, start) >= 0:
            raise SourceError(f"{path.name}: holds more than one dataset; a transport file of a submission holds one")
        left = (len(data) - start) % width
        if len(data) % CARD or data[len(data) - left :].strip():
            raise SourceError(f"{path.name}: is cut short: the last record is not whole")


register(".xpt", layout, records)
