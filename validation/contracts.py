"""What the plan states of the records of a dataset: how they are created, and which source records they name."""

from __future__ import annotations

from collections.abc import Iterator

from adam.catalog.traceability import Traceability
from adam.planning.values import ResolvedDataset, ResolvedParameter
from adam.planning.values.contracts import ResolvedCreation


def records_of(parameter: ResolvedParameter, *, added: bool = True) -> list[ResolvedCreation]:
    """Return how the records of a parameter are created; without `added` only those of `records:`."""
    return [each for each in parameter.creations if added or not each.is_added]


def source_of(dataset: ResolvedDataset) -> Traceability | None:
    """Return which records of which domain a dataset without parameters has one record of."""
    return dataset.creation.traceability[0] if dataset.creation is not None else None


def domains_of(dataset: ResolvedDataset) -> Iterator[str]:
    """Yield the domains whose variables SRC.X are on the records of a dataset."""
    created = [dataset.creation] if dataset.creation is not None else []
    created += [each for parameter in dataset.parameters.values() for each in records_of(parameter, added=False)]
    yield from (each.domain for each in created if each.domain)
