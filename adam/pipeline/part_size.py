"""How many subjects a part has: as many as suit the memory, all of a small study."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping

from adam.pipeline.run import RunOptions
from adam.planning.values.plan import Plan
from adam.sources import Source
from adam.sources.keys import DEMOGRAPHY

SMALL = 2_000_000
"""The number of values of a source for which several processes are not worth their start."""
LARGE = 13_000_000
"""The largest number of values of the source in a part: its derivation takes about a gigabyte."""
BYTES = 100
"""The memory that the derivation of a part takes for each value of the source, with everything that a process needs."""


def part_size(plan: Plan, source: Source, columns: Mapping[str, Collection[str]], options: RunOptions) -> int | None:
    """The number of subjects of a part; None if all are in one part, as where records of a subject depend on those of others.

    Args:
        plan: what is derived.
        source: the headers.
        columns: the variables to read of each domain.
        options: the size that the user states, and the number of processes.
    """
    if plan.of_whole_study or DEMOGRAPHY not in source.headers:
        return None
    subjects = source.estimated_records(DEMOGRAPHY)
    if options.part_size is not None:
        return options.part_size if options.part_size < subjects else None
    values = sum(source.estimated_records(domain) * len(names) for domain, names in columns.items() if domain in source.headers)
    parts = -(-values // _most_values(options))
    if options.jobs > 1 and values > SMALL:
        parts = -(-parts // options.jobs) * options.jobs  # so that all processes have the same work
    return -(-subjects // parts) if parts > 1 else None


def _most_values(options: RunOptions) -> int:
    """The largest number of values in a part: less than `LARGE` if the memory of this machine is small for its processes."""
    if options.scheduler or not hasattr(os, "sysconf"):
        return LARGE
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return max(1, min(LARGE, memory // (options.jobs + 1) // BYTES))
