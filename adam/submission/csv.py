"""Comma-separated values: for what a transport file cannot hold, such as the text of a package that must be refused."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from adam.plan.values import ResolvedDataset
from adam.submission.formats import register


def write(
    frame: pd.DataFrame,
    dataset: ResolvedDataset,
    path: Path,
    created: datetime.datetime,
    *,
    non_ascii: str = "keep",
    lengths: Mapping[str, int] | None = None,
) -> None:
    """Write a dataset as UTF-8; missing numbers are empty. The time, the policy and the lengths of other formats mean nothing here."""
    frame[list(dataset.variables)].to_csv(path, index=False, lineterminator="\n", encoding="utf-8")


register(".csv", write)
