"""The report of a run as one HTML page: it loads no other file, and every value in it is escaped."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from adam import __version__
from adam.core.errors import Finding, Severity
from adam.core.stored import StoredRecords
from adam.core.templates import render
from adam.core.versions import versions_of
from adam.planning.values import ResolvedDataset, ResolvedParameter, ResolvedStudy, ResolvedVariable
from adam.report.distribution import Distribution, describe_column, distinct
from adam.report.links import Links
from adam.report.populations import count_populations
from adam.report.sections import result_sections
from adam.results.compute import ResultValue

TEMPLATE = Path(__file__).with_name("page.html.jinja")
PACKAGES = ("pandas", "great_expectations", "pyreadstat")
SUBJECT = ("STUDYID", "USUBJID")
CODE, VALUE = "PARAMCD", "AVAL"
GROUPS = {
    "Errors": "Errors stop the export.",
    "Warnings": "Review the warnings. They do not stop the export.",
    "Notes": "Notes report, for example, what was not checked.",
    "Explained": "A waiver of the study explains each of these findings. They do not stop the export.",
}


@dataclass(frozen=True)
class FinishedRun:
    """A finished run.

    Args:
        study: the study with its resolved datasets.
        records: those of each dataset that was derived.
        findings: what the checks found.
        results: the computed results.
        moment: the creation time of all files of the run.
        exported: whether the datasets were exported.
        documents: whether a run that exports them also writes define.html and the reviewer's guide.
        earlier: the datasets that an earlier run exported and that are still in the output, if this run exported none.
        described: what `describe_dataset` returned for the datasets, if it was called before.
    """

    study: ResolvedStudy
    records: Mapping[str, StoredRecords]
    findings: Sequence[Finding]
    results: Sequence[ResultValue]
    moment: datetime.datetime
    exported: bool
    documents: bool = True
    earlier: Sequence[str] = ()
    described: Mapping[str, DatasetSummary] = field(default_factory=dict)

    @property
    def has_documents(self) -> bool:
        """Whether the output has define.html and the reviewer's guide."""
        return self.exported and self.documents

    @property
    def datasets(self) -> list[ResolvedDataset]:
        """The datasets that were derived, in the order of the study."""
        return [self.study.datasets[name] for name in self.study.datasets if name in self.records]


@dataclass(frozen=True)
class DatasetSummary:
    """A dataset in the report: the numbers of its records, subjects and findings, and the distributions of parameters and variables."""

    dataset: ResolvedDataset
    records: int
    subjects: int | None
    parameters: tuple[tuple[ResolvedParameter, Distribution], ...]
    variables: tuple[tuple[ResolvedVariable, Distribution], ...]
    findings: int = 0


def report_page(run: FinishedRun) -> str:
    """The page as HTML.

    The same run gives the same bytes: the page has no current time and nothing of the machine. Files have the names that the study lists.
    """
    compared = [each for each in run.results if each.agrees is not None]
    return render(
        TEMPLATE,
        run=run,
        datasets=[_summary(dataset, run) for dataset in run.datasets],
        findings=group_findings(run.findings),
        descriptions=GROUPS,
        links=links_of(run),
        sections=result_sections(run.study, run.records, run.results),
        compared=len(compared),
        differing=sum(not each.agrees for each in compared),
        populations=count_populations(run.study, run.records),
        versions={"adamsmith": __version__, **versions_of(*PACKAGES)},
    )


def group_findings(findings: Sequence[Finding]) -> dict[str, list[Finding]]:
    """The findings by severity, explained ones separately. An empty group is included, except for explained findings."""
    groups = {f"{severity.capitalize()}s": [each for each in findings if each.severity is severity and not each.waived] for severity in Severity}
    explained = [each for each in findings if each.waived]
    return {**groups, **({"Explained": explained} if explained else {})}


def links_of(run: FinishedRun) -> Links:
    """The addresses of the report of a run."""
    files = {str(path): name for name, path in run.study.files}
    return Links({each.name: each for each in run.datasets}, files, run.exported, run.has_documents)


def _summary(dataset: ResolvedDataset, run: FinishedRun) -> DatasetSummary:
    described = run.described.get(dataset.name) or describe_dataset(run.study, (dataset, run.records[dataset.name]))
    return replace(described, findings=sum(finding.dataset == dataset.name for finding in run.findings))


def describe_dataset(study: ResolvedStudy, described: tuple[ResolvedDataset, StoredRecords]) -> DatasetSummary:
    """A dataset and its records as the report shows them, before its findings are known."""
    dataset, records = described
    keys = [name for name in SUBJECT if name in records.columns]
    columns = ((each, records.column(name)) for name, each in dataset.variables.items())  # one in memory at a time
    return DatasetSummary(
        dataset,
        len(records),
        len(distinct(records, keys)) if keys else None,
        tuple(_parameters(dataset, records)),
        tuple((each, describe_column(column, each, study.codelists.get(each.codelist))) for each, column in columns),
    )


def _parameters(dataset: ResolvedDataset, records: StoredRecords) -> list[tuple[ResolvedParameter, Distribution]]:
    """Each parameter with the distribution of its analysis values."""
    if CODE not in records.columns or VALUE not in records.columns:
        return []
    frame = records.read([CODE, VALUE])
    places = frame.groupby(CODE, sort=False).indices
    values = frame[VALUE]
    return [(each, describe_column(values.take(places[code]) if code in places else values[:0])) for code, each in dataset.parameters.items()]
