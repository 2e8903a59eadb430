"""Match the records of two datasets by a key, or by position."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from adam.comparison.equality import pair_columns
from adam.comparison.table import Table

LARGEST = 2**62


@dataclass(frozen=True, eq=False)
class Matched:
    """The records of two datasets, by their places.

    `base` and `compare` are the places of matched records, in the order of BASE; `only_base` and `only_compare` those of the others;
    `duplicates_base` and `duplicates_compare` those whose key another record of the same dataset has. `in_order` is whether the records
    of COMPARE have the order of those of BASE.
    """

    base: np.ndarray
    compare: np.ndarray
    only_base: np.ndarray
    only_compare: np.ndarray
    duplicates_base: np.ndarray
    duplicates_compare: np.ndarray

    @property
    def in_order(self) -> bool:
        """Whether the matched records of COMPARE have the order of those of BASE."""
        return bool((np.diff(self.compare) > 0).all())


def joint_codes(base: Table, compare: Table, names: Iterable[str], rows: np.ndarray | None = None, others: np.ndarray | None = None) -> np.ndarray:
    """A whole number for each record, first those of BASE: equal for records that are equal in some variables, exactly.

    Args:
        base: of BASE.
        compare: of COMPARE.
        names: variables of both.
        rows: the places of the records in BASE; all by default.
        others: those in COMPARE.
    """
    rows = np.arange(base.records) if rows is None else rows
    others = np.arange(compare.records) if others is None else others
    codes = np.zeros(len(rows) + len(others), dtype="int64")
    for name in names:
        codes = combined(codes, column_codes(base, compare, name, rows, others))
    return codes


def combined(codes: np.ndarray, more: np.ndarray) -> np.ndarray:
    """The codes of pairs of codes, numbered from 0."""
    if not len(codes):
        return codes
    size = int(more.max()) + 1
    if size == 1:
        return codes
    return more if not codes.any() else pd.factorize(codes * size + more)[0].astype("int64")


def column_codes(base: Table, compare: Table, name: str, rows: np.ndarray, others: np.ndarray) -> np.ndarray:
    """A whole number for each value of a variable; blank and missing values are equal to each other."""
    one, two = base.columns[name], compare.columns[name]
    if len(rows) and len(others):
        width = max(len(rows), len(others))  # a pair needs equally many records
        pair = pair_columns(one, two, np.resize(rows, width), np.resize(others, width))
        left, right = pair.base.iloc[: len(rows)], pair.compare.iloc[: len(others)]
        if pair.unread is not None and pair.unread.any():  # a text that is no number is a value of its own
            left, right = _as_text(left, one.values.take(rows)), _as_text(right, two.values.take(others))
    else:
        left, right = one.values.take(rows), two.values.take(others)
    parts = [each for each in (left, right) if len(each)]
    if not parts:
        return np.zeros(0, dtype="int64")
    return pd.factorize(pd.concat(parts, ignore_index=True), use_na_sentinel=False)[0].astype("int64")


def _as_text(numbers: pd.Series, original: pd.Series) -> pd.Series:
    """Numbers as text, and the original text where there is no number."""
    text = numbers.astype("str").fillna("").reset_index(drop=True)
    return text.where(numbers.notna().to_numpy(), original.astype("str").fillna("").reset_index(drop=True)).astype("str")


def occurrences(codes: np.ndarray) -> np.ndarray:
    """How many records before each have its code.

    >>> occurrences(np.array([5, 7, 5, 5])).tolist()
    [0, 0, 1, 2]
    """
    order = np.argsort(codes, kind="stable")
    ordered = codes[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if len(codes) else np.zeros(0, dtype="int64")
    result = np.empty(len(codes), dtype="int64")
    result[order] = np.arange(len(codes)) - np.repeat(starts, np.diff(np.r_[starts, len(codes)]))
    return result


def match_by_position(base: Table, compare: Table) -> Matched:
    """Match the first record with the first, and so on."""
    both = min(base.records, compare.records)
    none = np.zeros(0, dtype="int64")
    return Matched(np.arange(both), np.arange(both), np.arange(both, base.records), np.arange(both, compare.records), none, none)


def match_by_key(base: Table, compare: Table, key: Iterable[str], names: Iterable[str]) -> Matched:
    """Match the records with the same key.

    If a key has several records, those that are equal in all variables are matched first, then the others in their order.

    Args:
        base: of BASE.
        compare: of COMPARE.
        key: the variables of the key.
        names: the variables that both have.
    """
    codes = joint_codes(base, compare, key)
    one, two = codes[: base.records], codes[base.records :]
    left, right = _duplicated(one), _duplicated(two)
    if not len(left) and not len(right):
        return _matched(one, two, left, right)
    several = np.union1d(one[left], two[right])
    rows, others = np.flatnonzero(np.isin(one, several)), np.flatnonzero(np.isin(two, several))
    whole = joint_codes(base, compare, [name for name in names if _same_form(base, compare, name)], rows, others)
    pairs = _equal_records(combined(np.concatenate([one[rows], two[others]]), whole), len(rows))
    refined_one, refined_two = one.copy(), two.copy()
    fresh = int(codes.max()) + 1 + np.arange(len(pairs[0]))  # a code of its own for each pair of equal records
    refined_one[rows[pairs[0]]], refined_two[others[pairs[1]]] = fresh, fresh
    return _matched(refined_one, refined_two, left, right)


def _same_form(base: Table, compare: Table, name: str) -> bool:
    """Whether a variable is text in both, or a number in both, so that equal records can be found by it."""
    return base.columns[name].is_text == compare.columns[name].is_text


def _duplicated(codes: np.ndarray) -> np.ndarray:
    """The places of the records whose code another one has."""
    return np.flatnonzero(pd.Series(codes).duplicated(keep=False).to_numpy())


def _equal_records(codes: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """The places of records with the same code on both sides, each used once."""
    one, two = codes[:size], codes[size:]
    return _join(one, two)


def _join(one: np.ndarray, two: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The places of equal codes on both sides, the first with the first and so on, in the order of the first side."""
    count = max(len(one), len(two), 1)
    left, right = pd.Index(one * count + occurrences(one)), pd.Index(two * count + occurrences(two))
    found = right.get_indexer(left)
    places = np.flatnonzero(found >= 0)
    return places, found[places]


def _matched(one: np.ndarray, two: np.ndarray, left: np.ndarray, right: np.ndarray) -> Matched:
    places, found = _join(one, two)
    only_base = np.setdiff1d(np.arange(len(one)), places, assume_unique=True)
    only_compare = np.setdiff1d(np.arange(len(two)), found, assume_unique=True)
    return Matched(places, found, only_base, only_compare, left, right)
