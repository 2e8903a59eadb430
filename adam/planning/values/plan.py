"""The plan of a study: a value that a run, a report of its lineage or a comparison needs nothing beside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from adam.core.errors import Finding, Mark
from adam.planning.values.dataset import ResolvedDataset
from adam.planning.values.record_sets import RecordSet
from adam.planning.values.sources import SourceDomain
from adam.planning.values.steps import CreateRecords, CreateTogether, Step
from adam.planning.values.study import ResolvedStudy
from adam.planning.values.windows import Windows


@dataclass(frozen=True, eq=False)
class Layout:
    """The records of a dataset of the study, whether the run makes it or only reads it: the sets it keeps, its key and its variables."""

    name: str
    records: tuple[RecordSet, ...]
    key: tuple[str, ...]
    variables: tuple[str, ...]
    windows: Windows | None = None


@dataclass(frozen=True, eq=False)
class Plan:
    """What a run does, in order, and with what; nothing in it has to be resolved again.

    Attributes:
        study: with every dataset resolved.
        datasets: the resolved datasets the run makes.
        sources: the domains it reads.
        steps: in an order in which each step follows what it reads.
        layouts: the datasets of the study as sets of records.
        warnings: findings of the specification that do not stop a run.
    """

    study: ResolvedStudy
    datasets: Mapping[str, ResolvedDataset]
    sources: Mapping[str, SourceDomain]
    steps: tuple[Step, ...]
    layouts: Mapping[str, Layout]
    warnings: tuple[Finding, ...]

    @property
    def of_whole_study(self) -> tuple[Mark, ...]:
        """The lines whose records depend on those of other subjects. With any of them a run derives all subjects in one part."""
        created = [each for step in self.steps if isinstance(step, CreateRecords | CreateTogether) for each in step.steps]
        return tuple(creation.mark for each in created for creation in each.creations if creation.rule.of_whole_study(creation.arguments))

    @property
    def columns(self) -> dict[str, tuple[str, ...]]:
        """The collected variables to read, by domain."""
        return {name: source.columns for name, source in self.sources.items()}
