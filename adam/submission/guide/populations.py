"""The number of subjects in each population."""

from __future__ import annotations

from collections.abc import Mapping

from adam.core.stored import StoredRecords
from adam.planning.values import ResolvedDataset
from adam.submission.guide.introduction import population_flags


def count_populations(records: Mapping[str, StoredRecords], datasets: Mapping[str, ResolvedDataset]) -> dict[str, int]:
    """The subjects whose population flag is Y, by flag, and under "" all subjects; empty without a subject-level dataset with flags.

    Args:
        records: those of each dataset; a subject-level dataset has one record per subject.
        datasets: the resolved datasets.
    """
    counts: dict[str, int] = {}
    for name, own in records.items():
        flags = population_flags(datasets[name])
        frame = own.read([flag.name for flag in flags])
        counts |= {"": len(own)} if flags else {}
        counts |= {flag.name: int((frame[flag.name] == "Y").sum()) for flag in flags}
    return counts
