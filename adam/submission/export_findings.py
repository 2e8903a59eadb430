"""What the files of an export cannot hold, as findings: with the records, their values and the cure, before a file is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from adam.core.errors import ExportError, Finding, Severity
from adam.core.identifiers import LONGEST
from adam.submission.data_profile import profile_dataset, with_longest_lengths
from adam.submission.split import plan_parts
from adam.submission.xpt_limits import Violation, display_value, find_violations, require_visible_end

if TYPE_CHECKING:
    import pandas as pd

    from adam.plan.values import ResolvedDataset, ResolvedStudy

ID = "export"
KEPT = 1000
"""How many of its records a finding keeps, as those of the checks do."""
DAY = 86400
TYPED = "G-03"
"""The generated rule of types and lengths, whose findings are not repeated."""


def find_unwritable(
    frames: Mapping[str, pd.DataFrame], datasets: Mapping[str, ResolvedDataset], study: ResolvedStudy, found: Sequence[Finding]
) -> list[Finding]:
    """An error for each thing the transport files and Dataset-JSON cannot hold of some datasets.

    Args:
        frames: the records of each, as they are to be exported.
        datasets: resolved.
        study: its policies for text and lengths, and the size over which files are split.
        found: what the checks found; what they report already is left out.
    """
    known = {(each.dataset, each.variable) for each in found if each.id == TYPED and each.blocks}
    if study.lengths == "longest":
        datasets = with_longest_lengths(datasets, {name: profile_dataset(frame, datasets[name]) for name, frame in frames.items()})
    result = []
    for name, frame in frames.items():
        dataset = datasets[name]
        if [str(each) for each in frame.columns] != list(dataset.variables):
            continue  # a defect of ours, which the export refuses
        widths = {each.name: each.length or LONGEST for each in dataset.variables.values() if each.type == "text"}
        every = [*find_violations(frame, dataset, widths, study.non_ascii), *_of_json(frame, dataset), *_of_file(frame, dataset, datasets, study)]
        result += [_finding(fault, frame, dataset) for fault in every if (name, fault.variable) not in known]
    return result


def _of_json(frame: pd.DataFrame, dataset: ResolvedDataset) -> Iterator[Violation]:
    """What Dataset-JSON cannot hold of numbers: an integer that is not whole, a time that is not within a day."""
    for name, variable in dataset.variables.items():
        if variable.type not in ("integer", "time"):
            continue
        values = frame[name].to_numpy(dtype="float64", na_value=np.nan)
        broken = np.isfinite(values) & (values != np.floor(values))
        if broken.any():
            yield Violation(dataset.name, name, f"a value of type {variable.type} is not whole", broken, "Round it, or declare type: float")
        outside = (values < 0) | (values >= DAY)
        if variable.type == "time" and outside.any():
            yield Violation(dataset.name, name, "a time is not within a day", outside, "Correct the source or the formula")


def _of_file(frame: pd.DataFrame, dataset: ResolvedDataset, datasets: Mapping[str, ResolvedDataset], study: ResolvedStudy) -> Iterator[Violation]:
    """What a file as a whole cannot hold: a blank end, a subject that is larger than a part."""
    try:
        if len(frame):
            require_visible_end(frame.tail(1), dataset)
        plan_parts(frame, dataset, study.split_over, datasets)
    except ExportError as error:
        yield Violation(dataset.name, "", str(error).removeprefix(f"{dataset.name}: "), None, "Raise split_over, or add a variable that is a number")


def _finding(fault: Violation, frame: pd.DataFrame, dataset: ResolvedDataset) -> Finding:
    what = f"{fault.what[:1].upper()}{fault.what[1:]}, so no transport file can hold it"
    message = f"{what}. {fault.cure}" if fault.cure else what
    variable = dataset.variables.get(fault.variable)
    whole = Finding(ID, Severity.ERROR, dataset.name, message, mark=variable.mark if variable else dataset.mark, variable=fault.variable)
    if fault.mask is None:
        return whole
    rows = frame.iloc[np.flatnonzero(fault.mask)[:KEPT]]
    key = [name for name in dict.fromkeys(["USUBJID", *dataset.key]) if name in frame]
    keys = tuple({name: display_value(value) for name, value in row.items()} for row in rows[key].to_dict("records"))
    values = tuple({fault.variable: display_value(value)} for value in rows[fault.variable])
    return replace(whole, count=int(fault.mask.sum()), keys=keys, values=values)
