"""The flow of a run, room after room: read, plan, build, check, gate, export (DESIGN: one flow, no way back)."""

from __future__ import annotations

import datetime
import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from adam.build.build import build
from adam.errors import AdamError, Finding
from adam.plan.plan import Plan
from adam.prepare import collected, load, prepared
from adam.results.table import as_csv
from adam.results.tell import Told, tell
from adam.sdtm import Source
from adam.spec.layers import standard_layers
from adam.spec.models import Dataset, Study
from adam.spec.read import read

if TYPE_CHECKING:
    from validation.rule import Suite

DEMO = "true_ad"
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Outcome:
    """How a run ended: what was found, how many records each dataset has, and where it is (the rejected ones, if it failed)."""

    findings: tuple[Finding, ...]
    counts: Mapping[str, int]
    folder: Path
    exported: bool


def created(study: Study) -> datetime.datetime:
    """The one moment every file of a run bears: SOURCE_DATE_EPOCH, else the study's `as_of`, else 1 January 1960."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch:
        return datetime.datetime.fromtimestamp(int(epoch), datetime.UTC).replace(tzinfo=None)
    day = study.as_of or datetime.date(1960, 1, 1)
    return datetime.datetime(day.year, day.month, day.day)


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
    def study(self) -> Study:
        """The study with its resolved datasets."""
        return self.found.study.model_copy(update={"datasets": self.found.datasets})

    @cached_property
    def results(self) -> list[Told]:
        """The numbers the study tells of these datasets."""
        return tell(self.study, self.frames)


def run(specs: Path, sdtm: Path, out: Path, only: Iterable[str] = (), progress: Progress | None = None) -> Outcome:
    """Derive, check and export the datasets of a study.

    Raises:
        SpecError: the specification is wrong; SourceError: the data cannot be used; ExportError: a file cannot be written;
        UsageError: `out` cannot be replaced without loss.
    """
    from adam.export.folder import staged, usable  # noqa: PLC0415

    usable(out, specs, sdtm)
    derived = derive(specs, sdtm, only, progress)
    if derived.failed:
        return _rejected(out, derived)
    with staged(out) as staging:
        _publish(staging, derived)
    return Outcome(derived.findings, derived.counts, out / "adam", exported=True)


def demo(out: Path, progress: Progress | None = None) -> tuple[Outcome, list[Told]]:
    """Simulate the study that comes with the package, with exact counts, and make its submission; the numbers of the posters come along.

    The simulated SDTM files go to `out/sdtm`, all else where `run` puts it.
    """
    from adam.export.folder import staged  # noqa: PLC0415

    specs = standard_layers() / DEMO
    derived = None
    try:
        with staged(out) as staging:
            _simulate(read(specs), staging / "sdtm", exact=True)
            derived = derive(specs, staging / "sdtm", (), progress)
            if derived.failed:
                raise _NotExported
            _publish(staging, derived)
    except _NotExported:
        assert derived is not None
        return _rejected(out, derived), derived.results
    return Outcome(derived.findings, derived.counts, out / "adam", exported=True), derived.results


class _NotExported(Exception):  # noqa: N818  (leaves the staging folder, which is not an error)
    """The datasets failed a check, so what was staged is given up."""


def derive(specs: Path, sdtm: Path, only: Iterable[str] = (), progress: Progress | None = None) -> Derived:
    """Derive the datasets of a study and check them; nothing is written.

    Raises:
        SpecError: the specification is wrong; SourceError: the data cannot be used.
    """
    from validation.conformance.run import reads  # noqa: PLC0415
    from validation.conformance.run import run as conform  # noqa: PLC0415
    from validation.conformance.view import Package  # noqa: PLC0415
    from validation.suite import needs, suites  # noqa: PLC0415

    found, source = prepared(specs, sdtm, only)
    assert source is not None
    rules = suites(found.study, found.datasets, collected(source))
    frames = load(found, source, needs(rules), reads())
    findings = [*found.warnings, *source.check(frames), *source.findings]
    built = build(found, frames, progress)
    findings += built.findings
    finished: Mapping[str, pd.DataFrame] = built.frames
    if found.study.non_ascii == "transliterate":
        from adam.export.plain import transliterated  # noqa: PLC0415

        finished, changed = transliterated(finished, found.datasets)
        findings += changed
    if progress is not None:
        progress("checks", len(found.steps), len(found.steps))
    from validation.run import run as check  # noqa: PLC0415
    from validation.waivers import explained  # noqa: PLC0415

    package = Package(found.study, found.datasets, found.datasets, finished, frames, whole=not only)
    findings = explained([*findings, *check(rules, finished, frames), *conform(package)], found.study, found.datasets)
    return Derived(found, source, finished, tuple(findings), rules)


def _write(folder: Path, datasets: Mapping[str, Dataset], frames: Mapping[str, pd.DataFrame], moment: datetime.datetime, policy: str) -> None:
    from adam.export import write  # noqa: PLC0415

    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in frames.items():
        write(frame, datasets[name], folder / f"{name.lower()}.xpt", moment, non_ascii=policy)


def _report(folder: Path, derived: Derived) -> None:
    from adam.report.page import Run, page  # noqa: PLC0415
    from validation.expectations import as_json as suite_as_json  # noqa: PLC0415
    from validation.report import as_csv, as_json, records_as_csv  # noqa: PLC0415

    (folder / "suites").mkdir(parents=True, exist_ok=True)
    for suite in derived.suites:
        (folder / "suites" / f"{suite.dataset.name}.json").write_text(suite_as_json(suite), encoding="utf-8")
    files = {str(path): name for name, path in derived.found.study.files}  # not where they lie on this machine
    listed = [replace(each, mark=replace(each.mark, file=files.get(each.mark.file, each.mark.file))) for each in derived.findings]
    (folder / "findings.json").write_text(as_json(listed), encoding="utf-8")
    (folder / "findings.csv").write_text(as_csv(listed), encoding="utf-8-sig", newline="")
    (folder / "records.csv").write_text(records_as_csv(listed), encoding="utf-8-sig", newline="")
    finished = Run(derived.study, derived.frames, list(derived.findings), derived.results, created(derived.study), exported=not derived.failed)
    (folder / "index.html").write_text(page(finished), encoding="utf-8", newline="\n")


def _publish(staging: Path, derived: Derived) -> None:
    """Write the submission of datasets that passed their checks."""
    from adam.export.manifest import write_manifest  # noqa: PLC0415
    from adam.export.submission import write_submission  # noqa: PLC0415

    found = derived.found
    write_submission(staging, found.documented, found.datasets, derived.frames, derived.findings, created(found.study))
    _report(staging / "report", derived)
    if found.study.results:
        (staging / "report" / "results.csv").write_text(as_csv(derived.results), encoding="utf-8-sig", newline="")
    severities = Counter("explained" if finding.waived else str(finding.severity) for finding in derived.findings)
    specs = {**dict(found.study.files), **_written(found.study)}
    write_manifest(staging, found.study, derived.source.digests(), specs, derived.counts, severities)


def _written(study: Study) -> dict[str, Path]:
    """The suites written by hand: inputs of a run like the YAML."""
    from validation.written import FOLDER, files  # noqa: PLC0415

    return {f"{FOLDER}/{path.name}": path for path in files(study).values()}


def _rejected(out: Path, derived: Derived) -> Outcome:
    """Leave the datasets as derived where they can be looked at; nothing else in `out` changes."""
    from adam.export.folder import rejected  # noqa: PLC0415

    found = derived.found
    datasets = {name: _widened(found.datasets[name], frame) for name, frame in derived.frames.items()}
    with rejected(out) as folder:
        try:
            _write(folder, datasets, derived.frames, created(found.study), "keep")
        except AdamError as error:
            (folder / "not-written.txt").write_text(f"{error}\n", encoding="utf-8")
        _report(folder / "report", derived)
    return Outcome(derived.findings, derived.counts, out / "rejected", exported=False)


def simulated(specs: Path, out: Path, subjects: int | None, seed: int, exact: bool, edge_cases: bool) -> dict[str, int]:
    """Write the simulated SDTM package of a study; how many records each file has.

    Raises:
        SpecError: the study has no facts for a simulation; UsageError: `out` holds files of others, or the study.
    """
    from adam.export.folder import staged, usable  # noqa: PLC0415
    from adam.export.manifest import write_manifest  # noqa: PLC0415

    usable(out, specs)
    study = read(specs)
    with staged(out) as staging:
        counts = _simulate(study, staging, subjects=subjects, seed=seed, exact=exact, edge_cases=edge_cases)
        write_manifest(staging, study, {}, dict(study.files), counts)
    return counts


def _simulate(study: Study, folder: Path, **options: Any) -> dict[str, int]:  # noqa: ANN401  (those of `simulate`)
    """Write the files of a simulated study; how many records each has."""
    from adam.export import write, xpt  # noqa: PLC0415
    from adam.simulate.simulate import simulate  # noqa: PLC0415

    counts = {}
    for file in simulate(study, **options):
        path = folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".xpt":
            counts[file.path] = xpt.write_parts(file.parts, file.dataset, path, created(study), non_ascii="keep")
        else:
            frame = file.frame()
            write(frame, file.dataset, path, created(study), non_ascii="keep")
            counts[file.path] = len(frame)
    return counts


def _widened(dataset: Dataset, frame: pd.DataFrame) -> Dataset:
    """A dataset whose text is as long as its longest value, so that a rejected one can still be written."""
    variables = {}
    for name, variable in dataset.variables.items():
        longest = int(frame[name].str.encode("utf-8").str.len().max()) if variable.type == "text" and len(frame) else 1
        variables[name] = variable.model_copy(update={"length": max(longest, variable.length or 1)}) if variable.type == "text" else variable
    return dataset.model_copy(update={"variables": variables})
