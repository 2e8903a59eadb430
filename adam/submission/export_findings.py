"""Findings for everything the exported files cannot hold: the records, their values and the cure, before any file is written.

What is wrong with values is gathered for each part of the records; the findings are made of all parts together.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from adam.core.errors import ExportError, Finding, Severity
from adam.core.identifiers import LONGEST
from adam.core.ordering import by_subject
from adam.submission.formats import column_mismatch
from adam.submission.split import SUBJECT, plan_parts
from adam.submission.xpt_limits import Violation, attribute_violations, display_value, require_visible_end, value_violations

if TYPE_CHECKING:
    import pandas as pd

    from adam.core.stored import StoredRecords
    from adam.planning.values import ResolvedDataset, ResolvedStudy

ID = "export"
KEPT = 1000
"""How many of its records a finding keeps, as for the findings of checks."""
DAY = 86400
TYPES_AND_LENGTHS = "G-03"
"""The generated check of types and lengths: what it reports is not reported again."""
OF_XPT, OF_JSON = 0, 1


@dataclass(frozen=True)
class UnwritableValues:
    """Records of a dataset with values of one variable that a file cannot hold: their number, and the keys and values of the first.

    `what` and `cure` are those of a `Violation`. `place` orders the faults of a dataset: format, variable, and place of the violation.
    """

    variable: str
    what: str
    cure: str
    place: tuple[int, int, int]
    count: int
    keys: tuple[dict[str, str], ...]
    values: tuple[dict[str, str], ...]


def unwritable_values(frame: pd.DataFrame, dataset: ResolvedDataset, study: ResolvedStudy) -> tuple[UnwritableValues, ...]:
    """What the transport files or Dataset-JSON cannot hold of some records of a dataset.

    Args:
        frame: the records, as they are to be exported.
        dataset: the resolved dataset, as planned.
        study: its policies for text and lengths. With `lengths: longest` no text is too long for its own variable.
    """
    if column_mismatch(frame, dataset):
        return ()  # a defect of this program; the writers refuse the dataset
    declared = study.lengths == "declared"
    widths = {each.name: (each.length or LONGEST) if declared else sys.maxsize for each in dataset.variables.values() if each.type == "text"}
    found = [(OF_XPT, each) for each in value_violations(frame, dataset, widths, study.non_ascii)]
    found += [(OF_JSON, each) for each in _of_json(frame, dataset)]
    return tuple(_records(each, file_format, frame, dataset) for file_format, each in found)


def find_unwritable(
    parts: Sequence[Mapping[str, tuple[UnwritableValues, ...]]],
    records: Mapping[str, StoredRecords],
    datasets: Mapping[str, ResolvedDataset],
    study: ResolvedStudy,
    findings: Sequence[Finding],
) -> list[Finding]:
    """An error for each thing that the transport files or Dataset-JSON cannot hold.

    Args:
        parts: the values by dataset, for each part of the records, in order.
        records: those of each dataset, as they are to be exported.
        datasets: the resolved datasets, with the lengths and formats of their files.
        study: its policy for text, and the size over which files are split.
        findings: those of the checks; what they report already is left out.
    """
    reported = {(each.dataset, each.variable) for each in findings if each.id == TYPES_AND_LENGTHS and each.blocks}
    result = []
    for name, dataset in datasets.items():
        if name not in records or list(records[name].columns) != list(dataset.variables):
            continue
        widths = {each.name: each.length or LONGEST for each in dataset.variables.values() if each.type == "text"}
        found: list[Violation | UnwritableValues] = [*attribute_violations(dataset, widths), *_together(part.get(name, ()) for part in parts)]
        found.sort(key=lambda each: _place(each, dataset))
        found += _of_file(records[name], dataset, datasets, study)
        result += [_finding(each, dataset) for each in found if (name, each.variable) not in reported]
    return result


def _place(found: Violation | UnwritableValues, dataset: ResolvedDataset) -> tuple[int, int, int]:
    """The attributes of a variable are before its values, those of the dataset before both."""
    if isinstance(found, UnwritableValues):
        return found.place
    return OF_XPT, list(dataset.variables).index(found.variable) if found.variable else -1, 0


def _together(parts: Iterable[tuple[UnwritableValues, ...]]) -> list[UnwritableValues]:
    """The values of all parts: those with the same fault are one."""
    found: dict[tuple[str, str], UnwritableValues] = {}
    for each in (each for part in parts for each in part):
        first = found.get((each.variable, each.what))
        if first is not None:
            keys, values = (*first.keys, *each.keys)[:KEPT], (*first.values, *each.values)[:KEPT]
            each = replace(first, count=first.count + each.count, keys=keys, values=values)
        found[each.variable, each.what] = each
    return list(found.values())


def _records(violation: Violation, file_format: int, frame: pd.DataFrame, dataset: ResolvedDataset) -> UnwritableValues:
    """A violation with its records; one without a mask has none."""
    mask = violation.mask if violation.mask is not None else np.zeros(len(frame), dtype=bool)
    rows = by_subject(frame[mask]).iloc[:KEPT]
    key = [name for name in dict.fromkeys([SUBJECT, *dataset.key]) if name in frame]
    keys = tuple({str(name): display_value(value) for name, value in row.items()} for row in rows[key].to_dict("records"))
    values = tuple({violation.variable: display_value(value)} for value in rows[violation.variable])
    place = (file_format, list(dataset.variables).index(violation.variable), violation.place)
    return UnwritableValues(violation.variable, violation.what, violation.cure, place, int(mask.sum()), keys, values)


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
            yield Violation(dataset.name, name, "a time is outside one day (00:00:00 to 23:59:59)", outside, "Correct the source or the formula", 1)


def _of_file(records: StoredRecords, dataset: ResolvedDataset, datasets: Mapping[str, ResolvedDataset], study: ResolvedStudy) -> Iterator[Violation]:
    """What makes a whole file unwritable: a blank last record, a subject that does not fit into one part."""
    try:
        if len(records) and all(variable.type == "text" for variable in dataset.variables.values()):
            require_visible_end([part for part in records.parts() if len(part)][-1].tail(1), dataset)
    except ExportError as error:
        yield Violation(dataset.name, "", str(error).removeprefix(f"{dataset.name}: "), None, "Add a variable that is a number")
    try:
        plan_parts(records, dataset, study.split_over, datasets)
    except ExportError as error:
        yield Violation(dataset.name, "", str(error), None, "Raise split_over in study.yaml")


def _finding(found: Violation | UnwritableValues, dataset: ResolvedDataset) -> Finding:
    what = f"{found.what[:1].upper()}{found.what[1:]}"
    message = f"{what}, so a transport file cannot hold it" + (f". {found.cure}" if found.cure else "")
    variable = dataset.variables.get(found.variable)
    mark = variable.mark if variable else dataset.mark
    finding = Finding(ID, Severity.ERROR, dataset.name, message, mark=mark, variable=found.variable)
    if not isinstance(found, UnwritableValues):
        return finding
    return replace(finding, count=found.count, keys=found.keys, values=found.values)
