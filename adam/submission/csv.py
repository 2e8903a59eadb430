"""Comma-separated values, for data that a transport file cannot hold, such as simulated source files that must be refused."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from adam.submission.formats import register

if TYPE_CHECKING:
    import pandas as pd

    from adam.planning.values import ResolvedDataset


def write(frame: pd.DataFrame, dataset: ResolvedDataset, path: Path, created: datetime.datetime, *, non_ascii: str = "keep") -> None:
    """Write a dataset as UTF-8; missing numbers are empty. CSV has no creation time and holds any text, so those arguments have no effect."""
    frame[list(dataset.variables)].to_csv(path, index=False, lineterminator="\n", encoding="utf-8")


register(".csv", write)
