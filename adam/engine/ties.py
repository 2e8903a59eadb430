"""Flags on one of several records that `order` does not tell apart: a warning where these differ in their analysis value."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from adam.catalog.record_rules.ties import differing
from adam.core.errors import Finding, Mark, Severity
from adam.engine.issues import SHOWN, keys_of, printed
from adam.engine.view import Data, View
from adam.planning.values.record_sets import RecordSet

VALUES = ("AVAL", "AVALC")
RESULTS = ("STRESN", "STRESC", "ORRES", "DOSE")
"""What matters of a record of a dataset, and of a domain (--STRESN), where it is there."""


@dataclass(frozen=True)
class Tied:
    """A variable on sets of records, and the group of each record among which `order` leaves open which one is flagged (-1 for all others)."""

    variable: str
    records: tuple[RecordSet, ...]
    group: np.ndarray
    mark: Mark

    @property
    def owner(self) -> str:
        """The dataset or domain."""
        return self.records[0].dataset


def tie_findings(data: Data, found: Iterable[Tied]) -> list[Finding]:
    """One warning for each variable with records that are tied and differ in what matters."""
    pieces: dict[tuple[str, str], list[_Open]] = {}
    for each in found:
        piece = _open(data, each)
        if piece is not None:
            pieces.setdefault((each.owner, each.variable), []).append(piece)
    return [_finding(owner, variable, several) for (owner, variable), several in pieces.items()]


@dataclass(frozen=True)
class _Open:
    """The tied records of one step that differ: how many, the first of them with their values, and in what."""

    count: int
    keys: tuple[dict[str, str], ...]
    values: tuple[dict[str, str], ...]
    names: tuple[str, ...]
    breaker: str
    mark: Mark


def _open(data: Data, tied: Tied) -> _Open | None:
    layout = data.layouts.get(tied.owner)
    view = View(data, tied.owner, tied.records)
    if layout is not None:
        columns = {name: view.own(name) for name in VALUES if name in layout.variables}
    else:
        collected = data.tables[tied.records[0]].collected
        columns = {name: collected[name] for name in (f"{tied.owner[:2]}{result}" for result in RESULTS) if name in collected}
    rows = np.flatnonzero(tied.group >= 0)
    rows = rows[differing(tied.group[rows], [column.iloc[rows] for column in columns.values()])]
    if not len(rows):
        return None
    rows = rows[np.argsort(tied.group[rows], kind="stable")]
    shown = rows[:SHOWN]
    values = tuple({name: printed(column.iloc[row]) for name, column in columns.items()} for row in shown)
    breaker = "the key of the dataset" if layout is not None else f"{tied.owner[:2]}SEQ"
    return _Open(len(rows), _keys(view, shown), values, tuple(columns), breaker, tied.mark)


def _keys(view: View, rows: np.ndarray) -> tuple[dict[str, str], ...]:
    """The key of the dataset on some records, those of a domain by their sequence number."""
    layout = view.data.layouts.get(view.owner)
    if layout is None:
        mask = np.zeros(len(view), dtype=bool)
        found: list[dict[str, str]] = []
        for row in rows:
            mask[:] = False
            mask[row] = True
            found += keys_of(view, mask)
        return tuple(found)
    columns = {name: view.own(name) for name in layout.key if name in layout.variables}
    columns |= {name: pd.Series(view.data.subject_key(name)[view.subject]) for name in ("STUDYID", "USUBJID")}
    return tuple({name: printed(column.iloc[row]) for name, column in columns.items()} for row in rows)


def _finding(owner: str, variable: str, pieces: list[_Open]) -> Finding:
    names = " and ".join(dict.fromkeys(name for piece in pieces for name in piece.names))
    text = f"several records are equal in order and differ in {names}; only {pieces[0].breaker} decides which one is flagged"
    text += " (add to order what decides)"
    keys = tuple(key for piece in pieces for key in piece.keys)[:SHOWN]
    values = tuple(value for piece in pieces for value in piece.values)[:SHOWN]
    count = sum(piece.count for piece in pieces)
    return Finding("issue", Severity.WARNING, owner, text, count, keys, pieces[0].mark, variable, values=values)
