"""Findings for everything the exported files cannot hold: the records, their values and the cure, before any file is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from adam.core.errors import ExportError, Finding, Severity
from adam.core.identifiers import LONGEST
from adam.submission.formats import column_mismatch
from adam.submission.split import plan_parts
from adam.submission.xpt_limits import Violation, display_value, find_violations, require_visible_end

if TYPE_CHECKING:
    import pandas as pd

    from adam.planning.values import ResolvedDataset, ResolvedStudy

ID = "export"
KEPT = 1000
"""How many of its records a finding keeps, as for the findings of checks."""
DAY = 86400
TYPES_AND_LENGTHS = "G-03"
"""The generated check of types and lengths: what it reports is not reported again."""


def find_unwritable(
    frames: Mapping[str, pd.DataFrame], datasets: Mapping[str, ResolvedDataset], study: ResolvedStudy, findings: Sequence[Finding]
) -> list[Finding]:
    """An error for each thing that the transport files or Dataset-JSON cannot hold.

    Args:
        frames: the records of each dataset, as they are to be exported.
        datasets: the resolved datasets, with the lengths and formats of their files.
        study: its policy for text, and the size over which files are split.
        findings: those of the checks; what they report already is left out.
    """
    reported = {(each.dataset, each.variable) for each in findings if each.id == TYPES_AND_LENGTHS and each.blocks}
    result = []
    for name, frame in frames.items():
        dataset = datasets[name]
        if column_mismatch(frame, dataset):
            continue  # a defect of this program; the writers refuse the dataset
        widths = {each.name: each.length or LONGEST for each in dataset.variables.values() if each.type == "text"}
        violations = [
            *find_violations(frame, dataset, widths, study.non_ascii),
            *_of_json(frame, dataset),
            *_of_file(frame, dataset, datasets, study),
        ]
        result += [_finding(each, frame, dataset) for each in violations if (name, each.variable) not in reported]
    return result


def _of_json(frame: pd.DataFrame, dataset: ResolvedDataset) -> Iterator[Violation]:
    """Numbers that Dataset-JSON cannot hold: an integer that is not whole, a time outside one day."""
    for name, variable in dataset.variables.items():
        if variable.type not in ("integer", "time"):
            continue
        values = frame[name].to_numpy(dtype="float64", na_value=np.nan)
        broken = np.isfinite(values) & (values != np.floor(values))
        if broken.any():
            yield Violation(dataset.name, name, f"a value of type {variable.type} is not whole", broken, "Round it, or declare type: float")
        outside = (values < 0) | (values >= DAY)
        if variable.type == "time" and outside.any():
            yield Violation(dataset.name, name, "a time is outside one day (00:00:00 to 23:59:59)", outside, "Correct the source or the formula")


def _of_file(frame: pd.DataFrame, dataset: ResolvedDataset, datasets: Mapping[str, ResolvedDataset], study: ResolvedStudy) -> Iterator[Violation]:
    """What makes a whole file unwritable: a blank last record, a subject that does not fit into one part."""
    try:
        if len(frame):
            require_visible_end(frame.tail(1), dataset)
    except ExportError as error:
        yield Violation(dataset.name, "", str(error).removeprefix(f"{dataset.name}: "), None, "Add a variable that is a number")
    try:
        plan_parts(frame, dataset, study.split_over, datasets)
    except ExportError as error:
        yield Violation(dataset.name, "", str(error), None, "Raise split_over in study.yaml")


def _finding(violation: Violation, frame: pd.DataFrame, dataset: ResolvedDataset) -> Finding:
    what = f"{violation.what[:1].upper()}{violation.what[1:]}"
    message = f"{what}, so a transport file cannot hold it" + (f". {violation.cure}" if violation.cure else "")
    variable = dataset.variables.get(violation.variable)
    mark = variable.mark if variable else dataset.mark
    finding = Finding(ID, Severity.ERROR, dataset.name, message, mark=mark, variable=violation.variable)
    if violation.mask is None:
        return finding
    rows = frame.iloc[np.flatnonzero(violation.mask)[:KEPT]]
    key = [name for name in dict.fromkeys(["USUBJID", *dataset.key]) if name in frame]
    keys = tuple({name: display_value(value) for name, value in row.items()} for row in rows[key].to_dict("records"))
    values = tuple({violation.variable: display_value(value)} for value in rows[violation.variable])
    return replace(finding, count=int(violation.mask.sum()), keys=keys, values=values)
