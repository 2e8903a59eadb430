"""SAS data files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from adam.sdtm import readstat
from adam.sdtm.formats import Layout, register

FUNCTION = "read_sas7bdat"


def layout(path: Path) -> Layout:
    """The layout of a SAS data file."""
    return readstat.layout(FUNCTION, path)


def records(path: Path, layout: Layout, columns: Sequence[str], limit: int = 0) -> tuple[pd.DataFrame, bool]:
    """The records of a SAS data file."""
    return readstat.records(FUNCTION, path, layout, columns, limit)


register(".sas7bdat", layout, records)
