"""Explained findings: a finding with a waiver does not stop the export, and stays in every report."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from adam.core.errors import Finding, Severity, as_assignments
from adam.core.located import as_text
from adam.planning.values import ResolvedStudy, Waiver

NEVER = ("suite", "export")
"""Ids that no waiver explains: a rule that could not be run, and content that a file cannot store."""


def printed(value: object) -> str:
    """Return a value as findings and waivers write it: dates in ISO 8601, whole numbers without a decimal point.

    >>> printed(pd.Timestamp("2024-01-05")), printed(3.0)
    ('2024-01-05', '3')
    """
    if isinstance(value, pd.Timestamp):
        return value.strftime("%Y-%m-%d") if value == value.normalize() else value.strftime("%Y-%m-%dT%H:%M:%S")
    if value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
        return ""
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def matching(waiver: Waiver, frame: pd.DataFrame) -> np.ndarray:
    """Return the records a waiver is for: all without `keys:`; none if it names a variable that they lack."""
    mask = np.ones(len(frame), dtype=bool)
    for name, value in waiver.keys.items():
        if name not in frame:
            return np.zeros(len(frame), dtype=bool)
        codes, values = pd.factorize(frame[name], use_na_sentinel=False)
        same = np.array([printed(each) == str(as_text(value)) for each in pd.Series(values)], dtype=bool)
        mask &= same[codes]
    return mask


def parted(waivers: Iterable[Waiver], ids: Container[str], frame: pd.DataFrame, mask: np.ndarray) -> Iterator[tuple[np.ndarray, Waiver | None]]:
    """Yield the records of a mask that each waiver of these ids explains, and the others without one."""
    left = mask.copy()
    for waiver in waivers:
        mine = left & matching(waiver, frame) if waiver.check in ids else np.zeros(len(left), dtype=bool)
        if mine.any():
            yield mine, waiver
            left &= ~mine
    if left.any():
        yield left, None


def explained(findings: Iterable[Finding], study: ResolvedStudy, made: Iterable[str] | None = None) -> list[Finding]:
    """The findings with the reasons of the waivers that explain them, and a warning for each waiver that explains none.

    A waiver of a line of a dataset that the study does not list is not reported. With `made` (a run of some datasets) a waiver may be for
    one of the others; only one that cannot be is reported.

    Findings of checks are separated by record before (`validation/findings.py`). One found while reading or deriving
    is explained if the waiver has no `keys:`, or if it lists every record and all of them match.
    """
    found = [_explained(finding, study.waivers) for finding in findings]
    used = {(finding.id, finding.waived) for finding in found if finding.waived}
    unused = [waiver for waiver in study.waivers if (waiver.check, waiver.reason) not in used]
    elsewhere = {each for ids in study.unlisted.values() for each in ids}
    unused = [waiver for waiver in unused if waiver.check not in elsewhere]
    if made is not None and set(made) < set(study.datasets):
        unused = [waiver for waiver in unused if _only_of(waiver, study, set(made))]
    return [*found, *(_unused(waiver) for waiver in unused)]


def _only_of(waiver: Waiver, study: ResolvedStudy, made: set[str]) -> bool:
    """Whether the check of a waiver is of lines of datasets that were made and of nothing else, so that what it explains would be there."""
    owners = {name for name, dataset in study.datasets.items() if any(line.id == waiver.check for line in dataset.checks)}
    generated = any(line.id == waiver.check and line.kind == "generated" for dataset in study.datasets.values() for line in dataset.checks)
    return bool(owners) and owners <= made and not generated


def _explained(finding: Finding, waivers: Sequence[Waiver]) -> Finding:
    if finding.waived or finding.id in NEVER:
        return finding
    for waiver in waivers:
        listed = pd.DataFrame(list(finding.keys), dtype="str")
        whole = len(finding.keys) >= max(finding.count, 1) and bool(len(listed)) and bool(matching(waiver, listed).all())
        if waiver.check == finding.id and (not waiver.keys or whole):
            return replace(finding, waived=waiver.reason)
    return finding


def _unused(waiver: Waiver) -> Finding:
    keys = as_assignments({name: str(as_text(value)) for name, value in waiver.keys.items()})
    message = f"The waiver of {waiver.check}{f' for {keys}' if keys else ''} explains no finding"
    return Finding("waiver", Severity.WARNING, "", message, mark=waiver.mark)
