"""The analysis data reviewer's guide: what the specification, the plan and the findings know, in the order a reviewer asks for it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from adam import __version__
from adam.core.errors import Finding, Severity
from adam.plan.values import ResolvedDataset, ResolvedParameter, ResolvedStudy, ResolvedVariable
from adam.submission.data_profile import DataProfile
from adam.submission.define import SUBJECT_LEVEL
from adam.submission.document import Block, Heading, Paragraph, Table
from adam.submission.split import FOLDER

IMPUTED = "imputed_date ("
OWNER = re.compile(r"([A-Z][A-Z0-9_]*)\.[A-Z0-9_.]+")
NO_OWNER = ("SRC", "STUDY")


def reviewers_guide(
    study: ResolvedStudy,
    datasets: Mapping[str, ResolvedDataset],
    facts: Mapping[str, DataProfile],
    findings: Sequence[Finding],
    parts: Mapping[str, Sequence[str]] | None = None,
) -> list[Block]:
    """The guide as blocks: introduction, standards, data, populations, windows, imputation, datasets, findings, programs.

    Args:
        study: names, standards, treatments, windows, waivers.
        datasets: resolved.
        facts: how many records each dataset has.
        findings: of the run; those a waiver explains are shown with its reason.
        parts: the names of the parts of each dataset that is also there in parts.
    """
    return [
        *_introduction(study),
        *_data(datasets),
        *_considerations(study, datasets),
        *_intermediate(study, datasets),
        *_datasets(datasets, facts),
        *_parts(study, parts or {}),
        *_conformance(study, findings),
        *_programs(study),
    ]


def _introduction(study: ResolvedStudy) -> Iterator[Block]:
    yield Heading(f"Analysis Data Reviewer's Guide: {study.name}", 1)
    yield Heading("1. Introduction")
    ids = f" Study identifiers: {', '.join(study.ids)}." if study.ids else ""
    of_day = f" The data are as of {study.as_of}." if study.as_of else ""
    yield Paragraph(f"{study.label or study.name}.{ids}{of_day}")
    yield Paragraph(
        f"The analysis datasets were derived, checked and exported by adamsmith {__version__} from one specification. The definitions of all "
        "variables, parameters, codelists and methods are in define.xml; this guide says what a reader should know before the data."
    )
    rows = [[standard.name, standard.package, standard.version] for standard in study.standards]
    yield Table(("Standard", "Package", "Version"), rows, "The specification names no standards.")
    if study.treatments:
        yield Paragraph("Treatments, with the number that stands for each:")
        yield Table(("Treatment", "Number"), [[name, f"{number:g}"] for name, number in study.treatments.items()])
    for what, names in (("Period", study.periods), ("Phase", study.phases)):
        if names:
            yield Table((what, "Name"), [[str(number), name] for number, name in names.items()])


def _owners(dataset: ResolvedDataset) -> list[str]:
    """The domains and datasets the variables and parameters of a dataset read."""
    variables = [*dataset.variables.values(), *(each for of in dataset.parameters.values() for each in of.variables.values())]
    found = [match[1] for variable in variables for name in variable.lineage if (match := OWNER.fullmatch(name))]
    return [name for name in dict.fromkeys(found) if name not in (*NO_OWNER, dataset.name)]


def _data(datasets: Mapping[str, ResolvedDataset]) -> Iterator[Block]:
    yield Heading("2. Source data and dependencies")
    rows = []
    for name, dataset in datasets.items():
        owners = _owners(dataset)
        of_datasets = [owner for owner in owners if owner in datasets]
        rows.append([name, ", ".join(owner for owner in owners if owner not in datasets), ", ".join(of_datasets)])
    yield Paragraph("What the variables of each dataset read; every variable's own sources are in define.xml.")
    yield Table(("Dataset", "Source domains", "Analysis datasets"), rows)


def _considerations(study: ResolvedStudy, datasets: Mapping[str, ResolvedDataset]) -> Iterator[Block]:
    yield Heading("3. Analysis considerations")
    yield Heading("3.1 Populations", 3)
    subject_level = [dataset for dataset in datasets.values() if dataset.class_ == SUBJECT_LEVEL]
    flags = [each for dataset in subject_level for each in dataset.variables.values() if each.name.endswith("FL") and "opulation" in each.label]
    yield Table(("Flag", "Population", "Definition"), [[each.name, each.label, _how(each)] for each in flags], "No population flags.")
    yield Heading("3.2 Analysis windows", 3)
    for name, table in study.windows.items():
        using = [dataset.name for dataset in datasets.values() if dataset.windows is not None and dataset.windows.use == name]
        if using:
            yield Paragraph(f"Windows {name} of {', '.join(using)}; the first that fits holds:")
            yield Table(
                ("Visit", "Number", "Target day", "First day", "Last day", "Condition"),
                [
                    [
                        window.name,
                        f"{window.number:g}",
                        _shown(window.target),
                        "day after the start of the period" if window.low == "period" else _shown(window.low),
                        _shown(window.high),
                        str(window.where) if window.where is not None else "",
                    ]
                    for window in table.values()
                ],
            )
    yield Heading("3.3 Imputation", 3)
    yield Table(("Variable", "Rule"), list(_imputed(datasets)), "No value is imputed.")


def _shown(value: object) -> str:
    return "" if value is None else str(value)


def _how(variable: ResolvedVariable) -> str:
    return variable.method or ", ".join(variable.lineage)


def _imputed(datasets: Mapping[str, ResolvedDataset]) -> Iterator[list[str]]:
    for dataset in datasets.values():
        for variable in dataset.variables.values():
            if IMPUTED in variable.method or variable.name.endswith(("DTF", "TMF")):
                yield [f"{dataset.name}.{variable.name}", variable.method]
        for code, parameter in dataset.parameters.items():
            for entry in parameter.add:
                given = entry.arguments.items() if isinstance(entry.arguments, Mapping) else ()
                yield [f"{dataset.name} {code}", f"{entry.kind} ({'; '.join(f'{key}: {_listed(value)}' for key, value in given)})"]


def _intermediate(study: ResolvedStudy, datasets: Mapping[str, ResolvedDataset]) -> Iterator[Block]:
    owners = [(name, dataset.temporary) for name, dataset in datasets.items()] + [(name, use.variables) for name, use in study.sources.items()]
    rows = [[f"{owner}.{name}", _how(variable)] for owner, variables in owners for name, variable in variables.items()]
    if rows:
        yield Heading("3.4 Intermediate values", 3)
        yield Paragraph("Methods name these values, which are in no dataset: of an analysis dataset, or of a source domain after it was read.")
        yield Table(("Value", "Definition"), rows)
    if study.constants:
        yield Heading("3.5 Constants", 3)
        yield Paragraph("Methods name these as STUDY.X:")
        yield Table(("Constant", "Value"), [[name, _constant(value)] for name, value in study.constants.items()])


def _constant(value: object) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {each}" for key, each in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _listed(value: object) -> str:
    """An argument as the specification has it."""
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _datasets(datasets: Mapping[str, ResolvedDataset], facts: Mapping[str, DataProfile]) -> Iterator[Block]:
    yield Heading("4. Analysis datasets")
    rows: list[list[str | tuple[str, str]]] = [
        [
            (name, f"{name.lower()}.xpt"),
            dataset.label,
            f"{dataset.class_} ({dataset.subclass})" if dataset.subclass else dataset.class_,
            dataset.structure,
            ", ".join(dataset.key),
            str(facts[name].records),
            str(len(dataset.variables)),
        ]
        for name, dataset in datasets.items()
    ]
    yield Table(("Dataset", "Label", "Class", "Structure", "Key", "Records", "Variables"), rows)
    for name, dataset in datasets.items():
        comments = [[each.name, each.comment] for each in dataset.variables.values() if each.comment]
        if not dataset.parameters and not comments and dataset.subjects is None:
            continue
        yield Heading(f"4.{list(datasets).index(name) + 1} {name}", 3)
        if dataset.subjects is not None:
            yield Paragraph(f"Only subjects with {dataset.subjects}.")
        if dataset.parameters:
            yield Table(("PARAMCD", "Parameter", "Values"), [_parameter(each) for each in dataset.parameters.values()])
        if comments:
            yield Table(("Variable", "Comment"), comments)


def _parts(study: ResolvedStudy, parts: Mapping[str, Sequence[str]]) -> Iterator[Block]:
    rows = [[name, ", ".join(f"{FOLDER}/{part.lower()}.xpt" for part in names)] for name, names in parts.items() if names]
    if rows:
        yield Paragraph(
            f"These files are over {study.split_over} bytes; beside the whole file there are parts of at most that size, in the order of the "
            "records, each subject in one part:"
        )
        yield Table(("Dataset", "Parts"), rows)


def _parameter(parameter: ResolvedParameter) -> list[str]:
    value = parameter.variables.get("AVAL")
    return [parameter.name, parameter.label, _how(value) if value is not None else ""]


def _conformance(study: ResolvedStudy, findings: Sequence[Finding]) -> Iterator[Block]:
    yield Heading("5. Findings")
    yield Paragraph(
        "Every dataset was checked before it was exported: structure, types, codelists and keys, and the rules of the specification. "
        "No finding of severity error is left without an explanation. Left to say:"
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
    yield Table(("Check", "Severity", "Of", "Finding", "Records", "Explanation"), rows, "Nothing was found.")
    waivers = [[waiver.check, _keys(waiver.keys), waiver.reason] for waiver in study.waivers]
    if waivers:
        yield Paragraph("Explanations the specification gives:")
        yield Table(("Check", "Records", "Reason"), waivers)


def _keys(keys: Mapping[str, object]) -> str:
    return " ".join(f"{name}={value}" for name, value in keys.items()) or "all"


def _programs(study: ResolvedStudy) -> Iterator[Block]:
    yield Heading("6. Programs")
    yield Paragraph(
        "The datasets are made by the files of the specification listed here. manifest.json has the sha256 of each, of every source file "
        "that was read and of every file made; `adam build` on the same files gives the same bytes."
    )
    yield Table(("File",), [[name] for name, _ in study.files])
