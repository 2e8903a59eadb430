"""The flow of a run, room after room: read, plan, build, check, gate, export (DESIGN: one flow, no way back)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from adam.core.errors import Finding
from adam.engine.run import build
from adam.pipeline.prepare import collected, load, prepared
from adam.pipeline.publish import created, holds, publish, reject
from adam.plan.plan import Plan
from adam.plan.values import ResolvedStudy
from adam.results.compute import ResultValue, compute_results
from adam.sources import Source
from adam.specification.layers import standard_layers
from adam.specification.read import read

if TYPE_CHECKING:
    from adam.specification.study import Study
    from validation.rule import Suite

DEMO = "true_ad"
BUILD = "adam build"
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Outcome:
    """How a run ended: what was found, how many records each dataset has, and where it is (the rejected ones, if it failed).

    `holds` are the datasets exported to the output now: those of this run, or of an earlier one if this one failed. `gone` are those an
    earlier run exported and this one does not make any more, `left_out` those a failed run could not write to `rejected`.
    """

    findings: tuple[Finding, ...]
    counts: Mapping[str, int]
    folder: Path
    exported: bool
    holds: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True)
class Derived:
    """The datasets of a run before they are written: the plan, the source, the frames and all that was found."""

    found: Plan
    source: Source
    frames: Mapping[str, pd.DataFrame]
    findings: tuple[Finding, ...]
    suites: tuple[Suite, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether a finding keeps the datasets from being exported."""
        return any(finding.blocks for finding in self.findings)

    @property
    def counts(self) -> dict[str, int]:
        """How many records each dataset has."""
        return {name: len(frame) for name, frame in self.frames.items()}

    @property
    def study(self) -> ResolvedStudy:
        """The study with its resolved datasets."""
        return self.found.study.model_copy(update={"datasets": self.found.datasets})

    @cached_property
    def results(self) -> list[ResultValue]:
        """The numbers the study tells of these datasets."""
        return compute_results(self.study, self.frames)


def run(specs: Path, sdtm: Path, out: Path, only: Iterable[str] = (), progress: Progress | None = None) -> Outcome:
    """Derive, check and export the datasets of a study.

    Raises:
        SpecError: the specification is wrong; SourceError: the data cannot be used; ExportError: a file cannot be written;
        UsageError: `out` cannot be replaced without loss.
    """
    from adam.submission.earlier_output import require_replaceable  # noqa: PLC0415
    from adam.submission.folder import require_usable_output, stage_output  # noqa: PLC0415

    require_usable_output(out, specs, sdtm)
    only = list(only)

    def keeps(found: Plan) -> None:
        created(found.study)
        require_replaceable(out, found.study.name, BUILD, list(found.datasets) if only else None)

    derived = derive(specs, sdtm, only, progress, keeps)
    if derived.failed:
        return _rejected(out, derived)
    before = holds(out)
    with stage_output(out) as staging:
        publish(staging, derived)
        keeps(derived.found)
    return _exported(out, derived, before)


def _exported(out: Path, derived: Derived, before: tuple[str, ...]) -> Outcome:
    made = tuple(derived.counts)
    gone = tuple(name for name in before if name not in made)
    return Outcome(derived.findings, derived.counts, out / "adam", exported=True, holds=made, gone=gone)


def _rejected(out: Path, derived: Derived) -> Outcome:
    left_out = reject(out, derived)
    return Outcome(derived.findings, derived.counts, out / "rejected", exported=False, holds=holds(out), left_out=left_out)


def demo(out: Path, progress: Progress | None = None) -> tuple[Outcome, list[ResultValue]]:
    """Simulate the study that comes with the package, with exact counts, and make its submission; the numbers of the posters come along.

    The simulated SDTM files go to `out/sdtm`, all else where `run` puts it.
    """
    from adam.submission.earlier_output import require_replaceable  # noqa: PLC0415
    from adam.submission.folder import stage_output  # noqa: PLC0415

    specs = standard_layers() / DEMO
    study = read(specs)
    created(study)
    require_replaceable(out, study.name, "adam demo")
    derived, before = None, holds(out)
    try:
        with stage_output(out) as staging:
            _simulate(study, staging / "sdtm", exact=True)
            derived = derive(specs, staging / "sdtm", (), progress)
            if derived.failed:
                raise _NotExported
            publish(staging, derived)
    except _NotExported:
        assert derived is not None
        return _rejected(out, derived), derived.results
    return _exported(out, derived, before), derived.results


class _NotExported(Exception):  # noqa: N818  (leaves the staging folder, which is not an error)
    """The datasets failed a check, so what was staged is given up."""


def derive(
    specs: Path, sdtm: Path, only: Iterable[str] = (), progress: Progress | None = None, planned: Callable[[Plan], None] | None = None
) -> Derived:
    """Derive the datasets of a study and check them; nothing is written. `planned` may refuse the plan before data are read.

    Raises:
        SpecError: the specification is wrong; SourceError: the data cannot be used.
    """
    from adam.submission.export_findings import find_unwritable  # noqa: PLC0415
    from validation.conformance.run import reads  # noqa: PLC0415
    from validation.conformance.run import run as conform  # noqa: PLC0415
    from validation.conformance.view import Package  # noqa: PLC0415
    from validation.suite import needs, suites  # noqa: PLC0415

    only = list(only)
    found, source = prepared(specs, sdtm, only)
    if planned is not None:
        planned(found)
    assert source is not None
    rules = suites(found.study, found.datasets, collected(source))
    frames = load(found, source, needs(rules), reads())
    findings = [*found.warnings, *source.check(frames, found.study.ids), *source.findings]
    built = build(found, frames, progress)
    findings += built.findings
    finished: Mapping[str, pd.DataFrame] = built.frames
    if found.study.non_ascii == "transliterate":
        from adam.submission.transliterate import transliterate  # noqa: PLC0415

        finished, changed = transliterate(finished, found.datasets)
        findings += changed
    if progress is not None:
        progress("checks", len(found.steps), len(found.steps))
    from validation.run import run as check  # noqa: PLC0415
    from validation.waivers import explained  # noqa: PLC0415

    package = Package(found.study, found.datasets, found.datasets, finished, frames, whole=not only)
    findings = explained([*findings, *check(rules, finished, frames), *conform(package)], found.study, found.datasets)
    findings += find_unwritable(finished, found.datasets, found.study, findings)
    return Derived(found, source, finished, tuple(findings), rules)


def simulated(specs: Path, out: Path, subjects: int | None, seed: int, exact: bool, edge_cases: bool) -> dict[str, int]:
    """Write the simulated SDTM package of a study; how many records each file has.

    Raises:
        SpecError: the study has no facts for a simulation; UsageError: `out` holds files of others, or the study.
    """
    from adam.submission.earlier_output import require_replaceable  # noqa: PLC0415
    from adam.submission.folder import require_usable_output, stage_output  # noqa: PLC0415
    from adam.submission.manifest import write_manifest  # noqa: PLC0415

    require_usable_output(out, specs)
    study = read(specs)
    created(study)
    require_replaceable(out, study.name, "adam simulate")
    with stage_output(out) as staging:
        counts = _simulate(study, staging, subjects=subjects, seed=seed, exact=exact, edge_cases=edge_cases)
        write_manifest(staging, study, {}, dict(study.files), counts)
    return counts


def _simulate(study: Study, folder: Path, **options: Any) -> dict[str, int]:  # noqa: ANN401  (those of `simulate`)
    """Write the files of a simulated study; how many records each has."""
    from adam.simulate.simulate import simulate  # noqa: PLC0415
    from adam.submission import write, xpt  # noqa: PLC0415
    from adam.submission.earlier_output import path_inside  # noqa: PLC0415

    counts = {}
    for file in simulate(study, **options):
        path = path_inside(folder, file.path)
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".xpt":
            counts[file.path] = xpt.write_parts(file.parts, file.dataset, path, created(study), non_ascii="keep")
        else:
            frame = file.frame()
            write(frame, file.dataset, path, created(study), non_ascii="keep")
            counts[file.path] = len(frame)
    return counts
