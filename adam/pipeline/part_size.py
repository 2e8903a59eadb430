"""How many subjects a part has: as many as suit the memory, all of a small study."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from adam.pipeline.run import RunOptions
from adam.planning.values.plan import Plan
from adam.sources import Source
from adam.sources.keys import DEMOGRAPHY

SMALL = 4_000_000
"""The number of values of the source up to which a study is one part, if its size is not stated."""
LARGE = 12_000_000
"""The number of values of the source in a part, in all processes together."""


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
    subjects = _records(source, DEMOGRAPHY)
    if options.part_size is not None:
        return options.part_size if options.part_size < subjects else None
    values = sum(_records(source, domain) * len(names) for domain, names in columns.items() if domain in source.headers)
    if values <= SMALL or not subjects:
        return None
    parts = -(-values * options.jobs // LARGE)
    return -(-subjects // max(parts, options.jobs))


def _records(source: Source, domain: str) -> int:
    """The number of records of a domain; a format that does not store it is read for it."""
    known = source.headers[domain].records
    return known if known is not None else len(source.read(domain, []))
