"""Write the output of a build: the submission if the datasets passed their checks, otherwise the rejected datasets for inspection."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from adam import __version__
from adam.core.errors import ExportError
from adam.core.output_kinds import DOCUMENTS, KINDS, REPORT
from adam.pipeline.creation import creation_moment
from adam.pipeline.export import Export
from adam.planning.dataset_reads import dataset_reads
from adam.planning.notation import notation
from adam.planning.values import ResolvedDataset, ResolvedStudy
from adam.results.table import to_csv, to_records

if TYPE_CHECKING:
    from adam.pipeline.derive import DerivedStudy
    from adam.report.page import DatasetSummary
    from adam.submission.guide.facts import Tool

REASONS = "not-written.txt"


def exported_datasets(out: Path) -> tuple[str, ...]:
    """The datasets that an earlier build exported to an output; none if there is no output of ours."""
    from adam.submission.earlier_output import read_earlier_output  # noqa: PLC0415

    before = read_earlier_output(out)
    return before.datasets if before is not None else ()


def publish(staging: Path, derived: DerivedStudy, simulated: Path | None = None, export: Export | None = None) -> None:
    """Write the submission, the report and the manifest of datasets that passed their checks.

    Args:
        staging: the empty folder that becomes the output.
        derived: the datasets and their findings.
        simulated: a folder of simulated source files to add as `sdtm`.
        export: the kinds of files to write, and the workers that write those of the datasets.

    Raises:
        ExportError: a format cannot hold the data.
    """
    from adam.submission.manifest import write_manifest  # noqa: PLC0415
    from adam.submission.submission import copy_specification  # noqa: PLC0415

    plan, export = derived.plan, export or Export()
    if simulated is not None:
        shutil.copytree(simulated, staging / "sdtm")
    files = export.files(derived, staging)
    copy_specification(plan.study, staging)
    if DOCUMENTS in export.kinds:
        _write_documents(staging, derived, files.parts(), export.kinds)
    if REPORT in export.kinds:
        _write_report(staging / "report", derived, documents=DOCUMENTS in export.kinds, described=export.described())
        if plan.study.results:
            (staging / "report" / "results.csv").write_text(to_csv(derived.results), encoding="utf-8-sig", newline="")
    inputs = derived.source.digests()
    severities = Counter("explained" if finding.waived else str(finding.severity) for finding in derived.findings)
    specs = {**dict(plan.study.files), **_custom_suites(plan.study)}
    left_out = [kind for kind in KINDS if kind not in export.kinds]
    written = files.finish(staging)
    write_manifest(staging, plan.study, inputs, specs, derived.counts, severities, written=written, left_out=left_out)


def _write_documents(staging: Path, derived: DerivedStudy, parts: Mapping[str, Sequence[str]], kinds: Collection[str]) -> None:
    """Write define.xml, the guide and the programs."""
    from adam.submission.submission import write_documents  # noqa: PLC0415

    plan = derived.plan
    write_documents(
        staging,
        plan.study,
        derived.datasets,
        derived.records,
        derived.findings,
        creation_moment(plan.study),
        reads=dataset_reads(plan),
        parts=parts,
        tools=_tools(derived),
        notation=notation(plan.datasets.values()),
        kinds=kinds,
        profiles=derived.profiles,
        numbers=to_records(derived.results),
    )


def _tools(derived: DerivedStudy) -> list[Tool]:
    """The tools that checked the datasets, for the guide."""
    from importlib.metadata import version  # noqa: PLC0415

    from adam.submission.guide.facts import Tool  # noqa: PLC0415
    from validation.conformance.rule_file import conformance_rules  # noqa: PLC0415

    plan = derived.plan
    rules = [rule for suite in derived.suites for rule in suite.rules]
    stated = {line.id for line in (*plan.study.checks, *(line for dataset in plan.datasets.values() for line in dataset.checks))}
    generated = sum(rule.id not in stated for rule in rules)
    custom = sum(suite.custom is not None for suite in derived.suites)
    conformance = conformance_rules()
    return [
        Tool("adamsmith", __version__, f"{generated} rules generated from the specification, {len(rules) - generated} rules of its checks"),
        Tool("adamsmith", __version__, f"{len(conformance.decided) + len(conformance.own)} ADaM conformance rules, where they apply to the datasets"),
        Tool("Great Expectations", version("great_expectations"), f"runs {len(derived.suites)} suites of these rules, {custom} custom suites"),
    ]


def reject(out: Path, derived: DerivedStudy) -> tuple[str, ...]:
    """Write the datasets that failed their checks and their report to `out/rejected`; everything else in `out` is unchanged.

    Returns:
        The datasets that a transport file cannot hold; `not-written.txt` gives the reasons.
    """
    from adam.submission.folder import stage_rejected  # noqa: PLC0415

    with stage_rejected(out) as folder:
        unwritten = _write_rejected(folder, derived)
        _write_report(folder / "report", derived, exported_datasets(out))
    return tuple(unwritten)


def _write_report(
    folder: Path,
    derived: DerivedStudy,
    earlier: tuple[str, ...] = (),
    *,
    documents: bool = True,
    described: Mapping[str, DatasetSummary] = MappingProxyType({}),
) -> None:
    """Write the suites, the findings and the report page.

    Args:
        folder: the folder of the report.
        derived: the datasets and their findings.
        earlier: the datasets of an earlier build that are still in the output.
        documents: whether the output has documents that the report links to.
        described: the datasets as the report shows them, if they were described before.
    """
    from adam.planning.lineage_graph import lineage_graph  # noqa: PLC0415
    from adam.report.lineage import LineageSource, lineage_page  # noqa: PLC0415
    from adam.report.links import LINEAGE, RECORDS, REPORT  # noqa: PLC0415
    from adam.report.page import FinishedRun, report_page  # noqa: PLC0415
    from adam.report.records import records_page  # noqa: PLC0415
    from validation.expectations import as_json as suite_as_json  # noqa: PLC0415
    from validation.report import as_csv, as_json, records_as_csv  # noqa: PLC0415

    (folder / "suites").mkdir(parents=True, exist_ok=True)
    for suite in derived.suites:
        (folder / "suites" / f"{suite.dataset.name}.json").write_text(suite_as_json(suite), encoding="utf-8")
    names = {str(path): name for name, path in derived.plan.study.files}  # the same on every machine, unlike paths
    findings = [replace(each, mark=replace(each.mark, file=names.get(each.mark.file, each.mark.file))) for each in derived.findings]
    (folder / "findings.json").write_text(as_json(findings), encoding="utf-8")
    (folder / "findings.csv").write_text(as_csv(findings), encoding="utf-8-sig", newline="")
    (folder / "records.csv").write_text(records_as_csv(findings), encoding="utf-8-sig", newline="")
    moment = creation_moment(derived.study)
    exported = not derived.failed
    run = FinishedRun(derived.study, derived.records, list(derived.findings), derived.results, moment, exported, documents, earlier, described)
    (folder / REPORT).write_text(report_page(run), encoding="utf-8", newline="\n")
    (folder / RECORDS).write_text(records_page(run), encoding="utf-8", newline="\n")
    labels = {name: header.labels for name, header in derived.source.headers.items()}
    lineage = LineageSource(lineage_graph(derived.plan), derived.source_counts, labels)
    (folder / LINEAGE).write_text(lineage_page(run, lineage), encoding="utf-8", newline="\n")


def _custom_suites(study: ResolvedStudy) -> dict[str, Path]:
    """The files of the custom suites by name: inputs of a build like the YAML files."""
    from validation.custom_suites import FOLDER, files  # noqa: PLC0415

    return {f"{FOLDER}/{path.name}": path for path in files(study).values()}


def _write_rejected(folder: Path, derived: DerivedStudy) -> dict[str, str]:
    """Write each dataset that a transport file can hold, and return for each of the others why it cannot be written."""
    from adam.submission import xpt  # noqa: PLC0415

    reasons = {}
    for name, records in derived.records.items():
        dataset = _with_longest_values(derived.datasets[name], derived.profiles[name].longest)
        try:
            xpt.write_parts(records.parts(), dataset, folder / f"{name.lower()}.xpt", creation_moment(derived.plan.study), non_ascii="keep")
        except ExportError as error:
            reasons[name] = str(error)
    if reasons:
        text = "".join(f"{name} is not in this folder, because a transport file cannot hold it:\n{why}\n" for name, why in reasons.items())
        (folder / REASONS).write_text(text, encoding="utf-8")
    return reasons


def _with_longest_values(dataset: ResolvedDataset, longest: Mapping[str, int]) -> ResolvedDataset:
    """A dataset whose text lengths suffice for its longest values, so that rejected records can be written."""
    variables = {
        name: variable.model_copy(update={"length": max(longest[name], variable.length or 1)}) if variable.type == "text" else variable
        for name, variable in dataset.variables.items()
    }
    return dataset.model_copy(update={"variables": variables})
