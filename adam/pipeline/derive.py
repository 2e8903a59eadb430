"""Derive the datasets of a planned study and check them; nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from adam.core.errors import Finding
from adam.core.stored import StoredRecords
from adam.engine.run import build as run_plan
from adam.pipeline.checks import run_checks, suites_of, variables_of_checks
from adam.pipeline.load import load_records
from adam.pipeline.planning import PlannedStudy
from adam.pipeline.stopwatch import Stopwatch
from adam.planning.values import ResolvedDataset, ResolvedStudy
from adam.planning.values.plan import Plan
from adam.results.compute import ResultValue, compute_results
from adam.sources import Source

if TYPE_CHECKING:
    from adam.submission.data_profile import DataProfile
    from validation.rule import Suite

Progress = Callable[[str, int, int], None]
"""Is called with the name of a step, its number, and the number of steps."""


@dataclass(frozen=True)
class DerivedStudy:
    """The datasets of a study before they are written: the plan, the source, the records, and all findings.

    `datasets` are those of the plan with the lengths and formats of their files, `records` their records, `profiles` what these show.
    `complete` is False where only some datasets of the study were derived. `source_counts` are the records of each domain that was read.
    """

    plan: Plan
    source: Source
    datasets: Mapping[str, ResolvedDataset]
    records: Mapping[str, StoredRecords]
    profiles: Mapping[str, DataProfile]
    findings: tuple[Finding, ...]
    suites: tuple[Suite, ...] = ()
    complete: bool = True
    source_counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def failed(self) -> bool:
        """Whether a finding prevents the export of the datasets."""
        return any(finding.blocks for finding in self.findings)

    @property
    def counts(self) -> dict[str, int]:
        """The number of records of each dataset."""
        return {name: len(records) for name, records in self.records.items()}

    @property
    def study(self) -> ResolvedStudy:
        """The study with its resolved datasets."""
        return self.plan.study.model_copy(update={"datasets": dict(self.datasets)})

    @cached_property
    def results(self) -> list[ResultValue]:
        """The numbers under `results:` of the study."""
        return compute_results(self.study, self.records)


def derive_study(planned: PlannedStudy, progress: Progress | None = None, *, complete: bool = True, watch: Stopwatch | None = None) -> DerivedStudy:
    """Load the records a plan reads, derive its datasets and check them.

    Args:
        planned: the plan and its source.
        progress: is called before each step.
        complete: the plan has all datasets of the study.
        watch: measures the stages read, derive and check.

    Raises:
        SourceError: the data cannot be used.
        DerivationError: a formula fails on the data.
    """
    from adam.submission.data_profile import profile_dataset  # noqa: PLC0415
    from adam.submission.export_findings import find_unwritable, unwritable_values  # noqa: PLC0415
    from adam.submission.fitted_attributes import fitted_datasets  # noqa: PLC0415
    from validation.delivery import Delivery  # noqa: PLC0415

    plan, source = planned
    if source is None:
        raise ValueError("a study is derived from a source; plan it with one")
    watch = watch or Stopwatch()
    suites = suites_of(planned)
    sources = load_records(source, plan.columns, *variables_of_checks(suites))
    findings = [*plan.warnings, *source.check(sources, plan.study.ids), *source.findings]
    watch.done("read")
    built = run_plan(plan, sources, progress)
    frames, changes = _transliterated(plan, built.frames)
    findings += [*built.findings, *changes]
    watch.done("derive")
    if progress is not None:
        progress("checks", len(plan.steps), len(plan.steps))
    profiles = {name: profile_dataset(frame, plan.datasets[name]) for name, frame in frames.items()}
    datasets = fitted_datasets(plan.study, plan.datasets, profiles)
    package = Delivery(plan.study, plan.datasets, datasets, frames, sources, whole=complete)
    findings = run_checks(suites, package, frames, findings, plan.datasets)
    records = {name: StoredRecords.in_memory(frame) for name, frame in frames.items()}
    values = {name: unwritable_values(frame, plan.datasets[name], plan.study) for name, frame in frames.items()}
    findings += find_unwritable([values], records, datasets, plan.study, findings)
    watch.done("check")
    return DerivedStudy(
        plan, source, datasets, records, profiles, tuple(findings), suites, complete, {name: len(frame) for name, frame in sources.items()}
    )


def _transliterated(plan: Plan, frames: Mapping[str, pd.DataFrame]) -> tuple[Mapping[str, pd.DataFrame], list[Finding]]:
    """The records with their text in ASCII if the study declares that, and a finding for each variable that changed."""
    if plan.study.non_ascii != "transliterate":
        return frames, []
    from adam.submission.transliterate import transliterate, transliteration_findings  # noqa: PLC0415

    changed, changes = transliterate(frames, plan.datasets)
    return changed, transliteration_findings([changes], plan.datasets)
