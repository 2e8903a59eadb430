"""Datasets given as files, by whoever made them: what their headers say and what their records hold, in the terms of the specification."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd

from adam.core.errors import Finding, Severity, SourceError, UsageError, suggestion
from adam.pipeline.prepare import collected, load, prepared
from adam.plan.values import ResolvedDataset, ResolvedVariable, VariableType
from adam.sources.attributes import Attribute, TransportFile, transport_file, transport_files

EPOCH = np.datetime64("1960-01-01", "s")
FIRST, LAST = -138_061, 2_936_547
"""The days SAS knows: 1582-01-01 to 9999-12-31."""
DAY = 86400
KINDS: dict[str, VariableType] = {"DATETIME": "datetime", "E8601DT": "datetime", "DATE": "date", "E8601DA": "date", "YYMMDD": "date", "TIME": "time"}


@dataclass
class Given:
    """The datasets of a folder.

    `datasets` are those of the specification; where a plan without source files could not know a type, that of the file. `held` are they
    with the variables, lengths, formats and labels of the files, `frames` their records. `absent` are for each the variables of the
    specification that are not there, or of another type. `sizes` are the bytes of all files, `unreadable` what was wrong with one.
    """

    datasets: dict[str, ResolvedDataset]
    held: dict[str, ResolvedDataset] = field(default_factory=dict)
    frames: dict[str, pd.DataFrame] = field(default_factory=dict)
    absent: dict[str, tuple[str, ...]] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    unreadable: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def given(folder: Path, datasets: Mapping[str, ResolvedDataset]) -> Given:
    """The datasets of a folder of transport files.

    Args:
        folder: where the files are; a file is the dataset of its name, in any case.
        datasets: resolved.

    Raises:
        SourceError: there is no such folder, or nothing in it.
    """
    found = Given(dict(datasets))
    for path in transport_files(folder):
        name = path.stem.upper()
        found.sizes[name] = path.stat().st_size
        if name not in datasets:
            continue
        try:
            file = transport_file(path)
        except SourceError as error:
            found.unreadable[name] = str(error)
            continue
        _take(found, file)
    return found


def _take(found: Given, file: TransportFile) -> None:
    dataset = _settled(found.datasets[file.name], file)
    found.datasets[file.name] = dataset
    variables = {name: _variable(name, attribute, dataset.variables.get(name)) for name, attribute in file.variables.items()}
    columns = {}
    for name, variable in variables.items():
        columns[name], wrong = _column(file.frame[name], variable)
        if wrong.any():
            message = "a number that is no date of SAS was taken as missing"
            mark = dataset.variables[name].mark if name in dataset.variables else dataset.mark
            found.findings.append(Finding("G-08", Severity.ERROR, file.name, message, int(wrong.sum()), mark=mark, variable=name))
    if file.inside != file.name:
        message = f"the file says that it holds {file.inside or 'a dataset without a name'}"
        found.findings.append(Finding("G-02", Severity.ERROR, file.name, message, mark=dataset.mark))
    if file.small:
        message = f"names that are not in capitals: {', '.join(file.small)} [AD0013]"
        found.findings.append(Finding("G-02", Severity.ERROR, file.name, message, mark=dataset.mark))
    for name, mask in file.windows.items():
        message = "text that is not UTF-8 was read as windows-1252"
        found.findings.append(Finding("issue", Severity.WARNING, file.name, message, int(mask.sum()), mark=dataset.mark, variable=name))
    found.held[file.name] = dataset.model_copy(update={"label": file.label, "variables": variables})
    found.frames[file.name] = pd.DataFrame(columns, index=file.frame.index)
    found.absent[file.name] = tuple(
        name for name, each in dataset.variables.items() if name not in variables or (variables[name].type == "text") != (each.type == "text")
    )


def _settled(dataset: ResolvedDataset, file: TransportFile) -> ResolvedDataset:
    """The dataset with the type, length and label of the file where they could not be known: of a text without a length, of a copy."""
    variables = dict(dataset.variables)
    for name, each in dataset.variables.items():
        attribute = file.variables.get(name)
        if attribute is not None and each.type == "text" and each.length is None:
            update = {"length": attribute.length} if attribute.is_text else {"type": _by_format(attribute.format)}
            variables[name] = each.model_copy(update={**update, "format": attribute.format})
        if attribute is not None and not each.label:
            variables[name] = variables[name].model_copy(update={"label": attribute.label})
    return dataset.model_copy(update={"variables": variables})


def _variable(name: str, attribute: Attribute, declared: ResolvedVariable | None) -> ResolvedVariable:
    """A variable as the file has it; a number is of the type the specification gives it, else of that of its format."""
    numeric = declared.type if declared is not None and declared.type != "text" else None
    type_: VariableType = "text" if attribute.is_text else numeric or _by_format(attribute.format)
    update = {"label": attribute.label, "type": type_, "length": attribute.length, "format": attribute.format}
    return declared.model_copy(update=update) if declared is not None else ResolvedVariable(name=name, **update)


def _by_format(text: str) -> VariableType:
    return next((kind for start, kind in KINDS.items() if text.upper().startswith(start)), "float")


def _column(column: pd.Series, variable: ResolvedVariable) -> tuple[pd.Series, np.ndarray]:
    """The values as the checks want them, and the records whose number is no date."""
    nothing = np.zeros(len(column), dtype=bool)
    if variable.type not in ("date", "datetime"):
        return column, nothing
    scale = DAY if variable.type == "date" else 1
    values = column.to_numpy(dtype="float64")
    days = values * scale / DAY
    wrong = ~np.isnan(values) & ~((days >= FIRST) & (days < LAST + 1))
    known = ~np.isnan(values) & ~wrong
    seconds = np.where(known, np.round(np.where(known, values, 0) * scale), 0).astype("int64")
    moments = EPOCH + seconds.astype("timedelta64[s]")
    return pd.Series(moments, index=column.index).where(known).astype("datetime64[s]"), wrong


@dataclass(frozen=True)
class Validated:
    """How datasets given as files were found: what was found, and how many records each has."""

    findings: tuple[Finding, ...]
    counts: Mapping[str, int]

    @property
    def failed(self) -> bool:
        """Whether something is an error that is not explained."""
        return any(finding.blocks for finding in self.findings)


def validate(specs: Path, adam: Path, sdtm: Path | None = None, only: Sequence[str] = ()) -> Validated:
    """Run the checks of a study on datasets given as transport files; nothing is written.

    The suites and the conformance rules are those of a build. With `only` the other datasets are read, as checks may need them, but not
    looked for and not checked. What reads a variable that is not there, or collected records without
    `sdtm`, is left out with a note.

    Raises:
        SpecError: the specification is wrong; SourceError: a folder cannot be used.
    """
    from validation.conformance.run import reads  # noqa: PLC0415
    from validation.conformance.run import run as conform  # noqa: PLC0415
    from validation.conformance.view import Package  # noqa: PLC0415
    from validation.run import run as check  # noqa: PLC0415
    from validation.suite import needs, suites  # noqa: PLC0415
    from validation.waivers import explained  # noqa: PLC0415

    found, source = prepared(specs, sdtm)
    unknown = [name for name in only if name not in found.datasets]
    if unknown:
        raise UsageError(f"there is no dataset {unknown[0]}{suggestion(unknown[0], found.datasets)}")
    files = given(adam, found.datasets)
    rules = suites(found.study, files.datasets, collected(source))
    sources = load(replace(found, columns={}), source, needs(rules), reads()) if source is not None else {}
    package = Package(found.study, files.datasets, files.held, files.frames, sources, files.sizes, files.unreadable, whole=not only)
    there = {name: _without(files.datasets[name], files.absent[name]) for name in files.held}
    frames = {name: files.frames[name][list(dataset.variables)] for name, dataset in there.items()}
    given_rules = [suite for suite in rules if suite.dataset.name in there and (not only or suite.dataset.name in only)]
    run = tuple(replace(suite, dataset=there[suite.dataset.name], datasets=there, absent=files.absent) for suite in given_rules)
    if found.study.conformance == "off":  # else a conformance rule reports them
        for name, why in files.unreadable.items():
            files.findings.append(Finding("G-12", Severity.ERROR, name, f"the file cannot be read: {why}", mark=found.datasets[name].mark))
    conforming = [each for each in conform(package) if not only or each.dataset in ("", *only)]
    findings = [*(source.findings if source is not None else []), *files.findings, *conforming, *check(run, frames, sources)]
    return Validated(
        tuple(explained(findings, found.study, [name for name in files.frames if not only or name in only])),
        {name: len(frame) for name, frame in files.frames.items()},
    )


def _without(dataset: ResolvedDataset, absent: tuple[str, ...]) -> ResolvedDataset:
    """A dataset with only the variables that are there."""
    variables = {name: each for name, each in dataset.variables.items() if name not in absent}
    key = tuple(name for name in dataset.key if name in variables)
    return dataset.model_copy(update={"variables": variables, "key": key})
