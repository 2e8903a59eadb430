"""Groups of records, and which record of a group comes first: `by` and `order` of a record rule."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from adam.catalog.derivation import OrderKey
from adam.catalog.record_rule import InputRecords, expression
from adam.catalog.record_rules.ties import differing
from adam.core.kinds import is_true
from adam.core.ordering import placed
from adam.expressions.tree import Expr

PARAMETER = "PARAMCD"
"""The variable that records of an entry of `add:` always share: a set of records can have several parameters."""


def group_variables(by: Sequence[str]) -> list[str]:
    """The variables that the records of a group share: `by`, and AVISITN with AVISIT.

    >>> group_variables(["AVISIT", "ADT"])
    ['AVISIT', 'ADT', 'AVISITN']
    """
    return [*by, *(["AVISITN"] if "AVISIT" in by and "AVISITN" not in by else [])]


@dataclass(frozen=True)
class Groups:
    """Records in groups: `rows` are their numbers in the input, `number` is the group of each, `heads` the first record of each group."""

    rows: np.ndarray
    number: np.ndarray
    heads: np.ndarray

    @property
    def size(self) -> int:
        """The number of groups."""
        return len(self.heads)


def selected(base: InputRecords, of: Sequence[str] = ()) -> np.ndarray:
    """Which records `where` selects, all without one; with `of` only those of these parameters."""
    matches = is_true(base.columns["where"]) if "where" in base.columns else np.ones(len(base), dtype=bool)
    return matches & base.columns[PARAMETER].isin(of).to_numpy() if of else matches


def grouped(base: InputRecords, by: Iterable[str], matches: np.ndarray) -> Groups:
    """The groups of the records that match: those of a subject with equal `by`, in the order of their first records.

    Missing and blank are a value like any other.
    """
    rows = np.flatnonzero(matches)
    number = base.subject[rows]
    for name in by:
        codes = pd.factorize(base.columns[name].iloc[rows], use_na_sentinel=False)[0]
        number = np.unique(number * (int(codes.max(initial=0)) + 1) + codes, return_inverse=True)[1]
    _, first, number = np.unique(number, return_index=True, return_inverse=True)
    order = np.lexsort([first, base.subject[rows[first]]])  # not that of the values, which come up in other subjects in another order
    place = np.empty(len(order), dtype="int64")
    place[order] = np.arange(len(order))
    return Groups(rows, place[number], rows[first[order]])


def order_columns(order: Sequence[OrderKey], key: Sequence[str] = ()) -> dict[str, Expr]:
    """The columns that an order list reads, and those of the key, which breaks ties."""
    return {f"order{place}": each.value for place, each in enumerate(order)} | {f"key.{name}": expression(name) for name in key}


def order_places(base: InputRecords, order: Sequence[OrderKey], rows: np.ndarray) -> list[np.ndarray]:
    """The place of each record in each column of an order list."""
    return [_places(base.columns[f"order{place}"], rows, each.descending, each.missing_last) for place, each in enumerate(order)]


def _places(column: pd.Series, rows: np.ndarray, descending: bool = False, missing_last: bool = False) -> np.ndarray:
    """What sorts and compares as a column: a number is its own place, with missing first; last if it descends or if that is asked for."""
    if column.dtype.kind != "f":
        return placed(column.iloc[rows], descending, missing_last)
    values = column.to_numpy()[rows]
    values = -values if descending else values
    return np.where(np.isnan(values), np.inf if descending or missing_last else -np.inf, values)


def ends(groups: Groups, places: Sequence[np.ndarray], last: bool) -> np.ndarray:
    """The place among `groups.rows` of the first or last record of each group; records equal in all places keep the order of the input.

    >>> ends(Groups(np.arange(3), np.array([0, 0, 1]), np.array([0, 2])), [np.array([2, 1, 5])], last=False).tolist()
    [1, 2]
    """
    order = np.lexsort([*reversed(places), groups.number])
    bounds = np.searchsorted(groups.number[order], np.arange(groups.size + 1))
    return np.asarray(order[bounds[1:] - 1] if last else order[bounds[:-1]])


def chosen(base: InputRecords, groups: Groups, places: Sequence[np.ndarray], key: Sequence[str], last: bool) -> tuple[np.ndarray, np.ndarray]:
    """The first or last record of each group, and the records that differ from it only in the key; both by their place in `groups.rows`."""
    found = ends(groups, places, last)
    equal = equal_to(groups, places, found)
    if equal.sum() == groups.size:
        return found, np.zeros(0, dtype="int64")
    tied = np.flatnonzero(equal)
    among = Groups(groups.rows[tied], groups.number[tied], groups.heads)
    return tied[ends(among, [_places(base.columns[f"key.{name}"], among.rows) for name in key], last)], tied


def equal_to(groups: Groups, places: Sequence[np.ndarray], chosen: np.ndarray) -> np.ndarray:
    """Which records have the same places as the chosen one of their group."""
    same = np.ones(len(groups.rows), dtype=bool)
    for column in places:
        same &= column == column[chosen][groups.number]
    return same


def shared(column: pd.Series, groups: Groups) -> pd.Series:
    """The value that all records of a group have; missing or blank where they differ."""
    differs = np.zeros(groups.size, dtype=bool)
    differs[groups.number[differing(groups.number, [column.iloc[groups.rows]])]] = True
    found = column.iloc[groups.heads].reset_index(drop=True)
    return found.mask(differs, "") if found.dtype == "str" else found.mask(differs)
