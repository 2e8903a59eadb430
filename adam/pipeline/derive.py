"""Derive the datasets of a planned study, part by part, and check them; nothing is exported."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from adam.core.errors import Finding
from adam.core.memory import keep_freed_memory, release_memory
from adam.core.own_process import is_own_process
from adam.core.stored import StoredRecords
from adam.engine.notes import merge_notes
from adam.pipeline.checks import findings_of_parts, suites_of, variables_of_checks
from adam.pipeline.join import join_parts
from adam.pipeline.part import PartResult, StudyWork, derive_part
from adam.pipeline.part_size import part_size
from adam.pipeline.planning import PlannedStudy
from adam.pipeline.run import Run
from adam.pipeline.stopwatch import Stopwatch
from adam.planning.values import ResolvedDataset, ResolvedStudy
from adam.planning.values.plan import Plan
from adam.results.compute import ResultValue, compute_results
from adam.sources import Source
from adam.sources.parts import SourcePart, SplitSource, split

if TYPE_CHECKING:
    from adam.submission.data_profile import DataProfile
    from validation.rule import Suite

Progress = Callable[[str, int, int], None]
"""Is called with the name of a step or part, its number, and the number of steps or parts."""


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


def derive_study(
    planned: PlannedStudy,
    progress: Progress | None = None,
    *,
    complete: bool = True,
    watch: Stopwatch | None = None,
    run: Run | None = None,
    fitted: Callable[[DerivedStudy], None] | None = None,
) -> DerivedStudy:
    """Load the records a plan reads, derive its datasets and check them. What the study becomes does not depend on the run.

    Args:
        planned: the plan and its source.
        progress: is called before each step, or after each part if there are several.
        complete: the plan has all datasets of the study.
        watch: measures the stages read, derive and check.
        run: the size of the parts, the workers, and the scratch folder, which has the records as long as they are read. Without it all
            records are in memory.
        fitted: is called with the datasets as they are exported, before they are checked as a whole.

    Raises:
        SourceError: the data cannot be used.
        DerivationError: a formula fails on the data.
        WorkerError: a worker of the run ended before its work was done.
    """
    plan, source = planned
    if source is None:
        raise ValueError("a study is derived from a source; plan it with one")
    watch = watch or Stopwatch()
    if is_own_process():
        keep_freed_memory()
    suites = suites_of(planned)
    divided = _divided(plan, source, suites, run)
    watch.done("read")
    results = _derived(StudyWork(plan, suites, complete), divided.parts, run, progress)
    findings = [*plan.warnings, *divided.findings, *merge_notes([each.notes for each in results])]
    findings += _transliterated(results, plan)
    watch.done_together(sum((Counter(each.seconds) for each in results), Counter()))
    if len(results) > 1:
        release_memory()
    records = join_parts([each.records for each in results], plan.datasets, lambda: _folder(run, "sorted"))
    derived = _fitted(plan, source, records, results, complete)
    derived = replace(derived, suites=suites, source_counts=divided.counts)
    if fitted is not None:
        fitted(derived)
    findings = _checked(derived, results, divided, findings)
    watch.done("check")
    return replace(derived, findings=tuple(findings))


def _divided(plan: Plan, source: Source, suites: tuple[Suite, ...], run: Run | None) -> SplitSource:
    """The records that the plan and the checks read, in parts; all of them in memory if they are one part."""
    columns: dict[str, set[str]] = {}
    for each in (plan.columns, *variables_of_checks(suites)):
        for domain, names in each.items():
            columns.setdefault(domain, set()).update(names)
    size = part_size(plan, source, columns, run.sizing()) if run is not None else None
    if run is None or size is None:
        return split(source, columns, None, None, plan.study.ids)
    return split(source, columns, run.scratch.folder("source"), size, plan.study.ids, run.start_readers().run)


def _folder(run: Run | None, name: str) -> Path:
    if run is None:
        raise ValueError("records of several parts need the scratch folder of a run")
    return run.scratch.folder(name)


def _derived(work: StudyWork, parts: Sequence[SourcePart], run: Run | None, progress: Progress | None) -> list[PartResult]:
    """What each part contributes. A single part is derived here, and shows each step."""
    if run is None or (len(parts) == 1 and run.options.engine == "local"):
        results = [derive_part(work, part, progress) for part in parts]
        if progress is not None:
            progress("checks", len(work.plan.steps), len(work.plan.steps))
        return results
    workers = run.start()

    def done(number: int) -> None:
        if progress is not None:
            progress(f"part {number} of {len(parts)}", number, len(parts))

    return workers.run(derive_part, replace(work, folder=run.scratch.folder("parts")), parts, done)


def _transliterated(results: Sequence[PartResult], plan: Plan) -> list[Finding]:
    if plan.study.non_ascii != "transliterate":
        return []
    from adam.submission.transliterate import transliteration_findings  # noqa: PLC0415

    return transliteration_findings([each.changes for each in results], plan.datasets)


def _fitted(plan: Plan, source: Source, records: Mapping[str, StoredRecords], results: Sequence[PartResult], complete: bool) -> DerivedStudy:
    """The datasets with the lengths and formats of their files, before they are checked as a whole."""
    from adam.submission.data_profile import merge_profiles  # noqa: PLC0415
    from adam.submission.fitted_attributes import fitted_datasets  # noqa: PLC0415

    profiles = {name: merge_profiles(each.profiles[name] for each in results) for name in records}
    datasets = fitted_datasets(plan.study, plan.datasets, profiles)
    return DerivedStudy(plan, source, datasets, records, profiles, (), complete=complete)


def _checked(derived: DerivedStudy, results: Sequence[PartResult], divided: SplitSource, earlier: Sequence[Finding]) -> list[Finding]:
    """All findings: those of reading and deriving, of the checks, and of what the files cannot hold."""
    from adam.submission.export_findings import find_unwritable  # noqa: PLC0415
    from validation.delivery import Delivery  # noqa: PLC0415

    plan = derived.plan
    package = Delivery(plan.study, plan.datasets, derived.datasets, {}, {}, whole=derived.complete)
    findings = findings_of_parts(derived.suites, results, package, derived.records, divided.records, earlier)
    return findings + find_unwritable([each.unwritable for each in results], derived.records, derived.datasets, plan.study, findings)
