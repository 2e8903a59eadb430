"""The analysis data reviewer's guide, from the specification, the plan and the findings, in the order in which a reviewer reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from adam import __version__
from adam.core.errors import Finding, Severity
from adam.planning.values import ResolvedDataset, ResolvedParameter, ResolvedStudy, ResolvedVariable
from adam.submission.data_profile import DataProfile
from adam.submission.define.document import SUBJECT_LEVEL
from adam.submission.document import Block, Cell, Heading, Link, Paragraph, Table
from adam.submission.split import FOLDER

OWNER = re.compile(r"([A-Z][A-Z0-9_]*)\.[A-Z0-9_.]+")
NO_OWNER = ("SRC", "STUDY")
IMPUTATION_FLAGS = ("DTF", "TMF")


def reviewers_guide(
    study: ResolvedStudy,
    datasets: Mapping[str, ResolvedDataset],
    profiles: Mapping[str, DataProfile],
    findings: Sequence[Finding],
    parts: Mapping[str, Sequence[str]] | None = None,
) -> list[Block]:
    """The guide as a document: introduction, standards, data, populations, windows, imputation, datasets, findings, programs.

    Args:
        study: its names, standards, treatments, windows and waivers.
        datasets: the resolved datasets.
        profiles: the number of records of each dataset.
        findings: those of the run; a finding that a waiver explains is shown with the reason.
        parts: the names of the parts of each dataset that is also exported in parts.
    """
    return [
        *_introduction(study),
        *_dependencies(datasets),
        *_considerations(study, datasets),
        *_intermediate_values(study, datasets),
        *_datasets(datasets, profiles),
        *_parts(study, parts or {}),
        *_findings(study, findings),
        *_programs(study),
    ]


def _introduction(study: ResolvedStudy) -> Iterator[Block]:
    yield Heading(f"Analysis Data Reviewer's Guide: {study.name}", 1)
    yield Heading("1. Introduction")
    ids = f" Study identifiers: {', '.join(study.ids)}." if study.ids else ""
    as_of = f" The data are as of {study.as_of}." if study.as_of else ""
    yield Paragraph(f"{study.label or study.name}.{ids}{as_of}")
    yield Paragraph(
        f"adamsmith {__version__} derived, checked and exported the analysis datasets from one specification. The definitions of all "
        "variables, parameters, codelists and methods are in define.xml. This guide explains what a reader should know before using the data."
    )
    rows = [[standard.name, standard.package, standard.version] for standard in study.standards]
    yield Table(("Standard", "Package", "Version"), rows, "The specification names no standards.")
    if study.treatments:
        yield Paragraph("The treatments and their numeric codes:")
        yield Table(("Treatment", "Number"), [[name, f"{number:g}"] for name, number in study.treatments.items()])
    for what, names in (("Period", study.periods), ("Phase", study.phases)):
        if names:
            yield Table((what, "Name"), [[str(number), name] for number, name in names.items()])


def _dependencies(datasets: Mapping[str, ResolvedDataset]) -> Iterator[Block]:
    yield Heading("2. Source data and dependencies")
    rows = []
    for name, dataset in datasets.items():
        owners = _owners(dataset)
        domains = [owner for owner in owners if owner not in datasets]
        rows.append([name, ", ".join(domains), ", ".join(owner for owner in owners if owner in datasets)])
    yield Paragraph("This table lists what the variables of each dataset read. define.xml has the sources of every variable.")
    yield Table(("Dataset", "Source domains", "Analysis datasets"), rows)


def _owners(dataset: ResolvedDataset) -> list[str]:
    """The domains and datasets that the variables and parameters of a dataset read."""
    variables = [*dataset.variables.values(), *(each for parameter in dataset.parameters.values() for each in parameter.variables.values())]
    owners = [match[1] for variable in variables for name in variable.lineage if (match := OWNER.fullmatch(name))]
    return [name for name in dict.fromkeys(owners) if name not in (*NO_OWNER, dataset.name)]


def _considerations(study: ResolvedStudy, datasets: Mapping[str, ResolvedDataset]) -> Iterator[Block]:
    yield Heading("3. Analysis considerations")
    yield Heading("3.1 Populations", 3)
    subject_level = [dataset for dataset in datasets.values() if dataset.class_ == SUBJECT_LEVEL]
    flags = [each for dataset in subject_level for each in dataset.variables.values() if each.name.endswith("FL") and "opulation" in each.label]
    rows = [[each.name, each.label, _definition(each)] for each in flags]
    yield Table(("Flag", "Population", "Definition"), rows, "There are no population flags.")
    yield Heading("3.2 Analysis windows", 3)
    for name in study.windows:
        users = [dataset.name for dataset in datasets.values() if dataset.windows is not None and dataset.windows.use == name]
        if users:
            yield Paragraph(f"{', '.join(users)} uses the analysis windows {name}. The first window that a record matches applies:")
            yield _windows(study, name)
    yield Heading("3.3 Imputation", 3)
    yield Table(("Variable", "Rule"), list(_imputation_rules(datasets)), "No value is imputed.")


def _windows(study: ResolvedStudy, name: str) -> Table:
    rows = [
        [
            window.name,
            f"{window.number:g}",
            _text(window.target),
            "day after the start of the period" if window.low == "period" else _text(window.low),
            _text(window.high),
            _text(window.where),
        ]
        for window in study.windows[name].values()
    ]
    return Table(("Visit", "Number", "Target day", "First day", "Last day", "Condition"), rows)


def _imputation_rules(datasets: Mapping[str, ResolvedDataset]) -> Iterator[list[str]]:
    for dataset in datasets.values():
        for variable in dataset.variables.values():
            if variable.imputed or variable.name.endswith(IMPUTATION_FLAGS):
                yield [f"{dataset.name}.{variable.name}", variable.method]
        rules: dict[str, list[str]] = {}
        for code, parameter in dataset.parameters.items():
            for rule in parameter.added_records:
                rules.setdefault(rule, []).append(code)
        for rule, codes in rules.items():
            yield [f"{dataset.name} {', '.join(codes)}", rule]


def _intermediate_values(study: ResolvedStudy, datasets: Mapping[str, ResolvedDataset]) -> Iterator[Block]:
    owners = [(name, dataset.temporary) for name, dataset in datasets.items()] + [(name, use.variables) for name, use in study.sources.items()]
    rows = [[f"{owner}.{name}", _definition(variable)] for owner, variables in owners for name, variable in variables.items()]
    if rows:
        yield Heading("3.4 Intermediate values", 3)
        yield Paragraph(
            "Method texts refer to these values. They are not in any dataset; each is computed for an analysis dataset, or for a source domain "
            "after it is read."
        )
        yield Table(("Value", "Definition"), rows)
    if study.constants:
        yield Heading("3.5 Constants", 3)
        yield Paragraph("Conditions and methods refer to these constants as STUDY.X:")
        yield Table(("Constant", "Value"), [[name, _text(value)] for name, value in study.constants.items()])


def _definition(variable: ResolvedVariable) -> str:
    return variable.method or ", ".join(variable.lineage)


def _text(value: object) -> str:
    """A value of the specification as text; blank for None."""
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {each}" for key, each in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


def _datasets(datasets: Mapping[str, ResolvedDataset], profiles: Mapping[str, DataProfile]) -> Iterator[Block]:
    yield Heading("4. Analysis datasets")
    rows: list[list[Cell]] = [
        [
            Link(name, f"{name.lower()}.xpt"),
            dataset.label,
            f"{dataset.class_} ({dataset.subclass})" if dataset.subclass else dataset.class_,
            dataset.structure,
            ", ".join(dataset.key),
            str(profiles[name].records),
            str(len(dataset.variables)),
        ]
        for name, dataset in datasets.items()
    ]
    yield Table(("Dataset", "Label", "Class", "Structure", "Key", "Records", "Variables"), rows)
    for number, (name, dataset) in enumerate(datasets.items(), 1):
        comments = [[each.name, each.comment] for each in dataset.variables.values() if each.comment]
        if not dataset.parameters and not comments and dataset.subjects is None:
            continue
        yield Heading(f"4.{number} {name}", 3)
        if dataset.subjects is not None:
            yield Paragraph(f"The dataset includes only subjects with {dataset.subjects}.")
        if dataset.parameters:
            yield Table(("PARAMCD", "Parameter", "Values"), [_parameter(each) for each in dataset.parameters.values()])
        if comments:
            yield Table(("Variable", "Comment"), comments)


def _parameter(parameter: ResolvedParameter) -> list[str]:
    value = parameter.variables.get("AVAL")
    return [parameter.name, parameter.label, _definition(value) if value is not None else ""]


def _parts(study: ResolvedStudy, parts: Mapping[str, Sequence[str]]) -> Iterator[Block]:
    rows = [[name, ", ".join(f"{FOLDER}/{part.lower()}.xpt" for part in names)] for name, names in parts.items() if names]
    if rows:
        yield Paragraph(
            f"These files are larger than {study.split_over} bytes. Each is also exported in parts of at most that size, in the order of the "
            "records, with all records of a subject in one part:"
        )
        yield Table(("Dataset", "Parts"), rows)


def _findings(study: ResolvedStudy, findings: Sequence[Finding]) -> Iterator[Block]:
    yield Heading("5. Findings")
    yield Paragraph(
        "Every dataset was checked before the export: structure, types, codelists and keys, and the rules of the specification. "
        "Every finding with the severity error has an explanation. These findings remain:"
    )
    rank = list(Severity)
    rows = [
        [
            finding.id,
            str(finding.severity),
            f"{finding.dataset}.{finding.variable}".strip("."),
            finding.message,
            str(finding.count or ""),
            finding.waived,
        ]
        for finding in sorted(findings, key=lambda finding: rank.index(finding.severity))
    ]
    yield Table(("Check", "Severity", "Dataset or variable", "Finding", "Records", "Explanation"), rows, "There are no findings.")
    waivers = [[waiver.check, _keys(waiver.keys), waiver.reason] for waiver in study.waivers]
    if waivers:
        yield Paragraph("The specification explains these findings:")
        yield Table(("Check", "Records", "Reason"), waivers)


def _keys(keys: Mapping[str, object]) -> str:
    return " ".join(f"{name}={value}" for name, value in keys.items()) or "all"


def _programs(study: ResolvedStudy) -> Iterator[Block]:
    yield Heading("6. Programs")
    yield Paragraph(
        "The datasets are built from the specification files listed here. manifest.json has the sha256 of each of them, of every source file "
        "that was read, and of every file in the output. `adam build` writes the same bytes from the same files."
    )
    yield Table(("File",), [[name] for name, _ in study.files])
