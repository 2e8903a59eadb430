"""Issues found while deriving become notes with their records and values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from adam.catalog.derivation import Action, Issue
from adam.core.errors import Mark
from adam.core.numerals import written
from adam.engine.notes import RANKS, IssueNote, Place, ShownRecord, first_rows
from adam.engine.view import View
from adam.expressions.tree import Name
from adam.planning.values.record_sets import collected
from adam.planning.values.references import Binding, Reference

COLUMNS = 8
"""How many variables are shown beside the key."""
OWN = {Binding.OWN, Binding.SUBJECT, Binding.SRC, Binding.SOURCE}


def keys_of(view: View, rows: np.ndarray) -> tuple[dict[str, str], ...]:
    """The subject of each record, and the sequence number of its source record, where it has one."""
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


def values_of(columns: Mapping[str, pd.Series], rows: np.ndarray) -> list[dict[str, str]]:
    """The values of the first columns that concern each record; None is in a column that does not."""
    listed = [(name, column.iloc[rows].tolist()) for name, column in columns.items()]
    each = ([(name, values[position]) for name, values in listed if values[position] is not None] for position in range(len(rows)))
    return [{name: printed(value) for name, value in found[:COLUMNS]} for found in each]


def columns_read(view: View, refs: Mapping[Name, Reference]) -> dict[str, pd.Series]:
    """The columns on the records of a view that the names of a formula stand for."""
    found = {str(name): view.of(ref) for name, ref in list(refs.items())[: 2 * COLUMNS] if ref.binding in OWN}
    return {name: column for name, column in found.items() if isinstance(column, pd.Series)}


def notes_of(
    owner: str,
    variable: str,
    text: str,
    mask: np.ndarray,
    view: View,
    mark: Mark,
    action: Action = Action.WARN,
    values: Mapping[str, pd.Series] | None = None,
    counts: tuple[int, ...] = (),
) -> list[IssueNote]:
    """One note for the records of a mask, with the values of the columns there; none for no records, unless the text has counts."""
    place = Place(dataset=owner, variable=variable, rank=RANKS[action], text=text, mark=mark)
    if not mask.any():
        return [IssueNote(place, action, 0, (), counts)] if counts else []
    rows = first_rows(mask, view.subject)
    shown = zip(keys_of(view, rows), values_of(values or {}, rows), view.subject[rows].tolist(), strict=True)
    return [IssueNote(place, action, int(mask.sum()), tuple(ShownRecord(*each) for each in shown), counts)]


def together(issues: Iterable[Issue], read: Callable[[], Mapping[str, pd.Series]]) -> Iterator[Issue]:
    """Issues of one variable with the same text as one: each record is counted once and shown with the values of the issues it has.

    `read` has the values for an issue that has none of its own.
    """
    found: dict[tuple[str, Action, int], list[Issue]] = {}
    for issue in issues:
        if issue.counts or issue.mask.any():
            found.setdefault((issue.text, issue.action, len(issue.mask)), []).append(issue)
    for several in found.values():
        yield several[0] if len(several) == 1 else _united(several, read)


def _united(several: list[Issue], read: Callable[[], Mapping[str, pd.Series]]) -> Issue:
    mask = np.logical_or.reduce([issue.mask for issue in several])
    columns: dict[str, np.ndarray] = {}
    for issue in several:
        for name, column in (issue.values or read()).items():
            values = columns.setdefault(name, np.full(len(mask), None, dtype=object))
            rows = np.array([row for row in np.flatnonzero(issue.mask) if values[row] is None], dtype="int64")
            values[rows] = column.iloc[rows].astype(object).to_numpy()
    counts = tuple(map(sum, zip(*(issue.counts for issue in several), strict=True)))
    return replace(several[0], mask=mask, values={name: pd.Series(values, dtype=object) for name, values in columns.items()}, counts=counts)
