"""Validate analysis datasets that exist as transport files, from any source: the checks are those of a build."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from adam.core.errors import Finding, Severity, SourceError, UsageError, did_you_mean
from adam.pipeline.analysis_files import AnalysisFiles, read_analysis_files
from adam.pipeline.checks import run_checks, suites_of, variables_of_checks
from adam.pipeline.load import load_records
from adam.pipeline.planning import StrPath, plan_with_source
from adam.planning.values import ResolvedDataset
from adam.sources.attributes import variables_of_files

if TYPE_CHECKING:
    from adam.planning.values.plan import Plan
    from validation.rule import Suite


@dataclass(frozen=True)
class ValidationResult:
    """The outcome of a validation.

    Attributes:
        findings: all findings, errors and those that a waiver explains included.
        counts: the number of records of each dataset that was read.
    """

    findings: tuple[Finding, ...]
    counts: Mapping[str, int]

    @property
    def failed(self) -> bool:
        """Whether an error remains that no waiver explains."""
        return any(finding.blocks for finding in self.findings)


def validate_study(specs: StrPath, adam: StrPath, sdtm: StrPath | None = None, datasets: Iterable[str] = ()) -> ValidationResult:
    """Run the checks of a study on analysis datasets that exist as transport files; nothing is written.

    Args:
        specs: the folder of the YAML files.
        adam: the folder of the analysis datasets, as XPT files.
        sdtm: the folder of the source files; without it the checks that read collected records are left out with a note.
        datasets: the datasets to check; without any all of the study. The others are read, as checks may need them, but they may be
            missing and are not checked.

    Returns:
        The findings, and the number of records of each dataset.

    Raises:
        SpecError: the specification has errors.
        SourceError: a folder cannot be read.
        UsageError: a name in `datasets` is not a dataset of the study.

    >>> import tempfile
    >>> from adam.pipeline.build import build_study
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     out = build_study("tests/study/specs", "tests/study/sdtm", Path(folder) / "out", ["ADSL"]).folder
    ...     result = validate_study("tests/study/specs", out, datasets=["ADSL"])
    >>> result.failed, dict(result.counts)
    (False, {'ADSL': 12})
    """
    from validation.delivery import Delivery  # noqa: PLC0415

    only = list(datasets)
    written = _variables_of_files(Path(adam)) if sdtm is None else {}
    planned = plan_with_source(Path(specs), Path(sdtm) if sdtm is not None else None, files=written, folder=Path(adam))
    plan, source = planned
    _require_datasets(only, plan.datasets)
    files = read_analysis_files(Path(adam), plan.datasets)
    suites = suites_of(planned, files.datasets)
    sources = load_records(source, *variables_of_checks(suites)) if source is not None else {}
    package = Delivery(plan.study, files.datasets, files.contents, files.frames, sources, files.sizes, files.unreadable, whole=not only)
    checkable = {name: _without(files.datasets[name], files.missing[name]) for name in files.contents}
    frames = {name: files.frames[name][list(dataset.variables)] for name, dataset in checkable.items()}
    checked = [name for name in files.frames if not only or name in only]
    earlier = [*(source.findings if source is not None else []), *files.findings, *_unreadable_files(files, plan)]
    selected = tuple(suite for suite in _suites_of_files(suites, checkable, files) if suite.dataset.name in checked)
    findings = run_checks(selected, package, frames, earlier, checked, only)
    return ValidationResult(tuple(findings), {name: len(frame) for name, frame in files.frames.items()})


def _variables_of_files(folder: Path) -> Mapping[str, tuple[str, ...]]:
    """The variables of the files; none of a folder that cannot be read, which is reported after the specification."""
    try:
        return variables_of_files(folder)
    except SourceError:
        return {}


def _require_datasets(names: Sequence[str], datasets: Mapping[str, ResolvedDataset]) -> None:
    unknown = [name for name in names if name not in datasets]
    if unknown:
        raise UsageError(f"The study has no dataset {unknown[0]}{did_you_mean(unknown[0], datasets)}")


def _suites_of_files(suites: tuple[Suite, ...], datasets: Mapping[str, ResolvedDataset], files: AnalysisFiles) -> tuple[Suite, ...]:
    """The suites of these datasets, restricted to the variables that are in their files."""
    selected = [suite for suite in suites if suite.dataset.name in datasets]
    return tuple(replace(suite, dataset=datasets[suite.dataset.name], datasets=datasets, absent=files.missing) for suite in selected)


def _unreadable_files(files: AnalysisFiles, plan: Plan) -> list[Finding]:
    """A finding for each file that cannot be read, where no conformance rule reports it."""
    if plan.study.conformance != "off":
        return []
    return [
        Finding("G-12", Severity.ERROR, name, f"The file cannot be read: {why}", mark=plan.datasets[name].mark)
        for name, why in files.unreadable.items()
    ]


def _without(dataset: ResolvedDataset, missing: tuple[str, ...]) -> ResolvedDataset:
    """A dataset without the variables that are missing."""
    variables = {name: each for name, each in dataset.variables.items() if name not in missing}
    key = tuple(name for name in dataset.key if name in variables)
    return dataset.model_copy(update={"variables": variables, "key": key})
