"""What was met while deriving becomes findings: which records, with which values, in words; or the input is refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from adam.build.view import View
from adam.derive.registry import Action, Issue
from adam.errors import Finding, Mark, Severity, SourceError
from adam.expr.numerals import written
from adam.expr.tree import Name
from adam.plan.names import How, Ref

SHOWN = 10
COLUMNS = 8
"""How many variables are shown beside the key."""
OWN = {How.OWN, How.SUBJECT, How.SRC, How.SOURCE}


def keys_of(view: View, mask: np.ndarray) -> tuple[dict[str, str], ...]:
    """The subject, and the sequence number where there is one, of the first records concerned."""
    rows = np.flatnonzero(mask)[:SHOWN]
    columns = {name: view.data.subject_key(name)[view.subject[rows]] for name in ("STUDYID", "USUBJID")}
    names = {table_domain for part in view.parts for table_domain in part.rows}
    domain = view.owner if not view.data.catalogue.is_dataset(view.owner) else next(iter(sorted(names)), "")
    sequence = _sequence(view, domain)
    found = []
    for position, row in enumerate(rows):
        key = {name: str(values[position]) for name, values in columns.items()}
        if sequence is not None and not np.isnan(sequence[row]):
            key[f"{domain[:2]}SEQ"] = written(float(sequence[row]))
        found.append(key)
    return tuple(found)


def _sequence(view: View, domain: str) -> np.ndarray | None:
    if not domain:
        return None
    name, data = f"{domain[:2]}SEQ", view.data
    if name not in data.tables[domain, ""].collected:
        return None
    column = view.own(name, raw=True) if view.owner == domain else None
    if column is None:
        pieces = [view.source(part, domain, name, raw=True).to_numpy(dtype="float64") for part in view.parts]
        return np.concatenate(pieces)
    return np.asarray(column.to_numpy(dtype="float64"))


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


def columns_read(view: View, refs: Mapping[Name, Ref]) -> dict[str, pd.Series]:
    """The columns on the records of a view that the names of a formula stand for."""
    found = {str(name): view.of_ref(ref) for name, ref in list(refs.items())[: 2 * COLUMNS] if ref.how in OWN}
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
        SourceError: the issue refuses the input (DOMAIN §11.0).
    """
    if not mask.any():
        return []
    severity = Severity.WARNING if action is Action.WARN else Severity.ERROR
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
