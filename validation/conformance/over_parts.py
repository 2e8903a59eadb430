"""Run the conformance rules over a delivery in parts of the subjects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from adam.core.errors import Finding
from validation.columns import Stored
from validation.conformance.run_conformance import run_conformance
from validation.delivery import Delivery


@dataclass(frozen=True)
class ConformanceAnswers:
    """What a part answers to the conformance rules."""


def conformance_part(package: Delivery) -> ConformanceAnswers:
    """Return what the records of a part answer to the conformance rules.

    Args:
        package: the datasets as the plan declares them (or as their files are), with the records of the part.
    """
    return ConformanceAnswers()


def conformance_findings(package: Delivery, parts: Sequence[ConformanceAnswers], datasets: Stored, sources: Stored) -> list[Finding]:
    """Return the findings of the conformance rules; they are the same for any parts.

    Args:
        package: the datasets with the attributes of their files; its records are not read.
        parts: what `conformance_part` returned for each part, in the order of the subjects.
        datasets: the records of each dataset, of all subjects.
        sources: the collected records of each domain.
    """
    frames, collected = ({name: stored.read() for name, stored in each.items()} for each in (datasets, sources))
    return run_conformance(replace(package, frames=frames, sources=collected))
