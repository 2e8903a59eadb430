"""Build a study: derive and check its datasets, then write the submission, or the rejected datasets if an error remains."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from adam.core.errors import Finding, UsageError
from adam.core.output_kinds import JSON, chosen_kinds
from adam.pipeline.creation import creation_moment
from adam.pipeline.derive import DerivedStudy, Progress, derive_study
from adam.pipeline.export import Export
from adam.pipeline.planning import StrPath, plan_with_source
from adam.pipeline.publish import exported_datasets, publish, reject
from adam.pipeline.run import RunOptions, open_run
from adam.pipeline.stopwatch import Stopwatch
from adam.results.compute import ResultValue

COMMAND = "adam build"


@dataclass(frozen=True)
class BuildResult:
    """The outcome of a build.

    Attributes:
        findings: all findings, errors and those that a waiver explains included.
        counts: the number of records of each dataset that was derived.
        folder: where these datasets are: `OUT/adam`, or `OUT/rejected` if a check failed.
        exported: whether the datasets passed their checks and the submission was written.
        results: the numbers under `results:` of the study.
        output_datasets: the datasets in `OUT/adam` now, of this build or, if it failed, of an earlier one.
        removed_datasets: datasets of an earlier build that the study no longer has.
        unwritten_datasets: datasets that a failed build could not write to `OUT/rejected`.
        seconds: the time of each stage, in order.
    """

    findings: tuple[Finding, ...]
    counts: Mapping[str, int]
    folder: Path
    exported: bool
    results: tuple[ResultValue, ...] = ()
    output_datasets: tuple[str, ...] = ()
    removed_datasets: tuple[str, ...] = ()
    unwritten_datasets: tuple[str, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)


def build_study(
    specs: StrPath,
    sdtm: StrPath,
    out: StrPath,
    datasets: Iterable[str] = (),
    progress: Progress | None = None,
    *,
    ndjson: bool = False,
    outputs: Iterable[str] = (),
    options: RunOptions | None = None,
) -> BuildResult:
    """Derive, check and export the datasets of a study.

    Args:
        specs: the folder of the YAML files.
        sdtm: the folder of the source files.
        out: the output folder. It is replaced as a whole, or not at all if a check fails.
        datasets: the datasets to make, together with those they depend on; without any all of the study.
        progress: is called with the name of each step, its number, and the number of steps.
        ndjson: write Dataset-JSON as `.ndjson`, one record in each line, instead of `.json`.
        outputs: the kinds of files to write: `xpt`, which is always one of them, `json`, `documents`, `report`; without any all of them.
            The checks are the same for all.
        options: the processes and the memory that the run uses; the files are the same for any options.

    Returns:
        Whether the datasets were exported, the findings, and where the datasets are.

    Raises:
        SpecError: the specification has errors.
        SourceError: the data cannot be used.
        DerivationError: a formula fails on the data.
        ExportError: a file cannot be written.
        UsageError: `out` cannot be replaced without loss, or a kind of output is not valid.
        WorkerError: a worker ended before its work was done.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     result = build_study("tests/study/specs", "tests/study/sdtm", Path(folder) / "out", ["ADSL"])
    >>> result.exported, dict(result.counts)
    (True, {'ADSL': 12})
    """
    from adam.submission.earlier_output import require_replaceable  # noqa: PLC0415
    from adam.submission.folder import require_usable_output  # noqa: PLC0415

    watch = Stopwatch()
    specs, sdtm, out, datasets = Path(specs), Path(sdtm), Path(out), list(datasets)
    kinds = chosen_kinds(outputs)
    if ndjson and JSON not in kinds:
        raise UsageError("--ndjson is a form of Dataset-JSON, but --outputs leaves it out. Add json to the outputs, or leave --ndjson out")
    require_usable_output(out, specs, sdtm)
    with open_run(out, options) as run:
        planned = plan_with_source(specs, sdtm, datasets)
        creation_moment(planned.plan.study)
        require_replaceable(out, planned.plan.study.name, COMMAND, list(planned.plan.datasets) if datasets else None, kinds)
        watch.done("plan")
        export = Export(kinds, ndjson, run)
        derived = derive_study(planned, progress, complete=not datasets, watch=watch, run=run, fitted=export.begin)
        return write_output(out, derived, COMMAND, export=export, watch=watch)


def write_output(
    out: Path,
    derived: DerivedStudy,
    command: str,
    simulated: Path | None = None,
    *,
    export: Export | None = None,
    watch: Stopwatch | None = None,
) -> BuildResult:
    """The gate: write the submission if no finding prevents it, otherwise only the rejected datasets.

    Args:
        out: the output folder.
        derived: the datasets and their findings.
        command: what replaces the output.
        simulated: a folder of simulated source files to add as `sdtm`.
        export: the kinds of files to write, and the workers that write those of the datasets.
        watch: measures the stage export.

    Raises:
        ExportError: a file cannot be written.
        UsageError: `out` cannot be replaced without loss.
    """
    from adam.submission.earlier_output import require_replaceable  # noqa: PLC0415
    from adam.submission.folder import stage_output  # noqa: PLC0415

    watch, export = watch or Stopwatch(), export or Export()
    results, before = tuple(derived.results), exported_datasets(out)
    if derived.failed:
        export.give_up()
        unwritten = reject(out, derived)
        watch.done("export")
        return BuildResult(derived.findings, derived.counts, out / "rejected", False, results, before, (), unwritten, watch.seconds)
    with stage_output(out) as staging:
        publish(staging, derived, simulated, export)
        require_replaceable(out, derived.plan.study.name, command, None if derived.complete else list(derived.counts), export.kinds)
    removed = tuple(name for name in before if name not in derived.counts)
    watch.done("export")
    return BuildResult(derived.findings, derived.counts, out / "adam", True, results, tuple(derived.counts), removed, (), watch.seconds)
