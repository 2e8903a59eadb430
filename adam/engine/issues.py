"""Issues found while deriving become findings with their records and values, or refuse the input."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from adam.catalog.derivation import Action, Issue
from adam.core.errors import Finding, Mark, Severity, SourceError
from adam.core.numerals import written
from adam.engine.view import View
from adam.expressions.tree import Name
from adam.planning.values.record_sets import collected
from adam.planning.values.references import Binding, Reference

SHOWN = 10
COLUMNS = 8
"""How many variables are shown beside the key."""
OWN = {Binding.OWN, Binding.SUBJECT, Binding.SRC, Binding.SOURCE}


def keys_of(view: View, mask: np.ndarray) -> tuple[dict[str, str], ...]:
    """The subject of the first records concerned, and the sequence number of the source record of each, where it has one."""
    rows = np.flatnonzero(mask)[:SHOWN]
    columns = {name: view.data.subject_key(name)[view.subject[rows]] for name in ("STUDYID", "USUBJID")}
    found = [{name: str(values[position]) for name, values in columns.items()} for position in range(len(rows))]
    for name, sequence in _sequences(view).items():
        for key, number in zip(found, sequence[rows], strict=True):
            if not np.isnan(number):
                key[name] = written(float(number))
    return tuple(found)


def _sequences(view: View) -> dict[str, np.ndarray]:
    """--SEQ of each domain the records come from, missing on the records of another."""
    read = {domain for part in view.parts for domain in part.rows}
    found = {}
    for domain in sorted(read) if view.owner in view.data.layouts else [view.owner]:
        name, table = f"{domain[:2]}SEQ", view.data.tables.get(collected(domain))
        if table is None or name not in table.collected:
            continue
        if view.owner == domain:
            found[name] = view.own(name, raw=True).to_numpy(dtype="float64")
            continue
        pieces = [
            view.source(part, domain, name, raw=True).to_numpy(dtype="float64") if domain in part.rows else np.full(len(part), np.nan)
            for part in view.parts
        ]
        found[name] = view.selected(np.concatenate(pieces))
    return found


def printed(value: object) -> str:
    """A value as findings write it: numbers short, dates in ISO 8601, nothing for missing."""
    if value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
        return ""
    if isinstance(value, pd.Timestamp):
        return value.isoformat().removesuffix("T00:00:00")
    return written(value) if isinstance(value, float) else str(value)


def values_of(columns: Mapping[str, pd.Series], mask: np.ndarray) -> tuple[dict[str, str], ...]:
    """The values of the columns on the first records concerned."""
    rows = np.flatnonzero(mask)[:SHOWN]
    listed = [(name, column.iloc[rows].tolist()) for name, column in list(columns.items())[:COLUMNS]]
    return tuple({name: printed(values[position]) for name, values in listed} for position in range(len(rows))) if listed else ()


def columns_read(view: View, refs: Mapping[Name, Reference]) -> dict[str, pd.Series]:
    """The columns on the records of a view that the names of a formula stand for."""
    found = {str(name): view.of(ref) for name, ref in list(refs.items())[: 2 * COLUMNS] if ref.binding in OWN}
    return {name: column for name, column in found.items() if isinstance(column, pd.Series)}


def findings_of(
    owner: str,
    variable: str,
    text: str,
    mask: np.ndarray,
    view: View,
    mark: Mark,
    action: Action = Action.WARN,
    values: Mapping[str, pd.Series] | None = None,
) -> list[Finding]:
    """One finding for the records of a mask, with the values of the columns there.

    Raises:
        SourceError: the issue refuses the input.
    """
    if not mask.any():
        return []
    severity = {Action.NOTE: Severity.NOTE, Action.WARN: Severity.WARNING}.get(action, Severity.ERROR)
    shown = values_of(values or {}, mask)
    finding = Finding("issue", severity, owner, text, int(mask.sum()), keys_of(view, mask), mark, variable, values=shown)
    if action is Action.REFUSE:
        subject = f"{owner}.{variable}" if variable else owner
        raise SourceError(f"refused: {subject}: {text}{finding.extent} ({mark})", [finding])
    return [finding]


def together(issues: Iterable[Issue]) -> Iterator[Issue]:
    """Issues of one variable with the same text as one, each record counted once and shown with the values of the first."""
    found: dict[tuple[str, Action], Issue] = {}
    for issue in issues:
        key = (issue.text, issue.action)
        before = found.get(key)
        if before is None or len(before.mask) != len(issue.mask):
            found[key if before is None else (f"{issue.text} ", issue.action)] = issue
            continue
        values = {**issue.values, **before.values} if before.values and issue.values else before.values or issue.values
        found[key] = replace(before, mask=before.mask | issue.mask, values=values)
    yield from found.values()


def summed(findings: Iterable[Finding]) -> list[Finding]:
    """Findings that say the same of one variable, met on one part of its records after another, as one."""
    found: dict[tuple[object, ...], Finding] = {}
    for each in findings:
        key = (each.id, each.severity, each.dataset, each.variable, each.message, each.mark, bool(each.values))
        if not each.variable or key not in found:
            found[key if each.variable else (*key, len(found))] = each
            continue
        first = found[key]
        found[key] = replace(
            first, count=first.count + each.count, keys=(*first.keys, *each.keys)[:SHOWN], values=(*first.values, *each.values)[:SHOWN]
        )
    return list(found.values())
