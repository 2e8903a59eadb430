"""The number of subjects in each population."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from adam.planning.values import ResolvedDataset
from adam.submission.guide.introduction import population_flags

if TYPE_CHECKING:
    import pandas as pd


def count_populations(frames: Mapping[str, pd.DataFrame], datasets: Mapping[str, ResolvedDataset]) -> dict[str, int]:
    """The subjects whose population flag is Y, by flag, and under "" all subjects; empty without a subject-level dataset with flags.

    Args:
        frames: the records of each dataset; a subject-level dataset has one record per subject.
        datasets: the resolved datasets.
    """
    counts: dict[str, int] = {}
    for name, frame in frames.items():
        flags = population_flags(datasets[name])
        counts |= {"": len(frame)} if flags else {}
        counts |= {flag.name: int((frame[flag.name] == "Y").sum()) for flag in flags}
    return counts
