"""Read analysis datasets from transport files: their attributes beside those of the specification, and their records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from adam.core.errors import Finding, Severity, SourceError
from adam.planning.values import ResolvedDataset, ResolvedVariable, VariableType
from adam.sources.attributes import Attribute, TransportFile, transport_file, transport_files
from adam.sources.moments import kind_of_format, nearest_moments


@dataclass
class AnalysisFiles:
    """The analysis datasets of a folder.

    Attributes:
        datasets: all datasets of the specification; the type of a variable that a plan without source cannot know is that of the file.
        contents: the datasets of the files, with the variables, lengths, formats and labels of the files.
        frames: the records of these datasets.
        missing: for each of these datasets the variables of the specification that the file lacks or has with another type.
        sizes: the bytes of every file.
        unreadable: why a file cannot be read.
        findings: what reading the files shows.
    """

    datasets: dict[str, ResolvedDataset]
    contents: dict[str, ResolvedDataset] = field(default_factory=dict)
    frames: dict[str, pd.DataFrame] = field(default_factory=dict)
    missing: dict[str, tuple[str, ...]] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    unreadable: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def read_analysis_files(folder: Path, datasets: Mapping[str, ResolvedDataset]) -> AnalysisFiles:
    """Read the datasets of a specification from a folder of transport files.

    Args:
        folder: where the files are; the name of a file, in any case, is the name of its dataset.
        datasets: resolved.

    Raises:
        SourceError: the folder does not exist or has no transport file.
    """
    files = AnalysisFiles(dict(datasets))
    for path in transport_files(folder):
        name = path.stem.upper()
        files.sizes[name] = path.stat().st_size
        if name not in datasets:
            continue
        try:
            file = transport_file(path)
        except SourceError as error:
            files.unreadable[name] = str(error)
            continue
        _add(files, file)
    return files


def _add(files: AnalysisFiles, file: TransportFile) -> None:
    """Add the attributes, the records and the findings of one file."""
    dataset = _completed(files.datasets[file.name], file)
    files.datasets[file.name] = dataset
    variables = {name: _variable(name, attribute, dataset.variables.get(name)) for name, attribute in file.variables.items()}
    columns = {}
    for name, variable in variables.items():
        columns[name], invalid = _column(file.frame[name], variable)
        if invalid.any():
            message = "The number is not a valid SAS date (years 1582 to 9999); it counts as missing"
            mark = dataset.variables[name].mark if name in dataset.variables else dataset.mark
            files.findings.append(Finding("G-08", Severity.ERROR, file.name, message, int(invalid.sum()), mark=mark, variable=name))
    files.findings += _findings(file, dataset)
    files.contents[file.name] = dataset.model_copy(update={"label": file.label, "variables": variables})
    files.frames[file.name] = pd.DataFrame(columns, index=file.frame.index)
    files.missing[file.name] = tuple(
        name for name, each in dataset.variables.items() if name not in variables or (variables[name].type == "text") != (each.type == "text")
    )


def _findings(file: TransportFile, dataset: ResolvedDataset) -> list[Finding]:
    """Findings on the names and the encoding of a file."""
    findings = []
    if file.inside != file.name:
        message = f"The dataset name in the file is {file.inside or 'blank'}; expected {file.name}"
        findings.append(Finding("G-02", Severity.ERROR, file.name, message, mark=dataset.mark))
    if file.small:
        message = f"Variable names must be in capitals; these are not: {', '.join(file.small)} [AD0013]"
        findings.append(Finding("G-02", Severity.ERROR, file.name, message, mark=dataset.mark))
    for name, mask in file.windows.items():
        message = "Text that is not UTF-8 was read as windows-1252"
        findings.append(Finding("issue", Severity.WARNING, file.name, message, int(mask.sum()), mark=dataset.mark, variable=name))
    return findings


def _completed(dataset: ResolvedDataset, file: TransportFile) -> ResolvedDataset:
    """The dataset with the type, length and label of the file where a plan without source cannot know them."""
    variables = dict(dataset.variables)
    for name, each in dataset.variables.items():
        attribute = file.variables.get(name)
        if attribute is not None and each.type == "text" and each.length is None:
            update = {"length": attribute.length} if attribute.is_text else {"type": _type_of_format(attribute.format)}
            variables[name] = each.model_copy(update={**update, "format": attribute.format})
        if attribute is not None and not each.label:
            variables[name] = variables[name].model_copy(update={"label": attribute.label})
    return dataset.model_copy(update={"variables": variables})


def _variable(name: str, attribute: Attribute, declared: ResolvedVariable | None) -> ResolvedVariable:
    """A variable with the attributes of the file; a number has the type that the specification declares, else that of its format."""
    numeric = declared.type if declared is not None and declared.type != "text" else None
    type_: VariableType = "text" if attribute.is_text else numeric or _type_of_format(attribute.format)
    update = {"label": attribute.label, "type": type_, "length": attribute.length, "format": attribute.format}
    return declared.model_copy(update=update) if declared is not None else ResolvedVariable(name=name, **update)


def _type_of_format(written: str) -> VariableType:
    """The type of a numeric variable with a SAS format."""
    types: dict[str, VariableType] = {"date": "date", "datetime": "datetime", "time": "time"}
    return types.get(kind_of_format(written), "float")


def _column(column: pd.Series, variable: ResolvedVariable) -> tuple[pd.Series, np.ndarray]:
    """The values in the form the checks read, and the records whose number is not a date."""
    if variable.type not in ("date", "datetime"):
        return column, np.zeros(len(column), dtype=bool)
    return nearest_moments(column, variable.type)
