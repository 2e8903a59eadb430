"""Checks over the records of one subject: which record of a group is flagged, what a group contains, what increases from visit to visit.

A group is a subject and equal values of `within`; blank and missing are values like any other.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from validation.argument_types import Condition, Order, OrderKey, VariableName, Variables
from validation.check import check
from validation.matching import LARGEST, at_rows, differing, distinct_rows, firsts, places, positions
from validation.records import SUBJECT, Records


def grouped(records: Records, within: list[str]) -> np.ndarray:
    """Return the number of each record's group."""
    names = [name for name in SUBJECT if name in records.frame]
    names = list(dict.fromkeys([*names, *within]))
    known = (grouped, *names)
    if known not in records.memo:
        records.memo[known] = records.numbered(names)
    found: np.ndarray = records.memo[known]
    return found


def counted(group: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Return for each record how many of its group are in the mask."""
    return np.bincount(group[mask], minlength=int(group.max(initial=-1)) + 1)[group]


def flagged(records: Records, flag: str) -> np.ndarray:
    """Return the records with the flag Y."""
    return (records.frame[flag] == "Y").to_numpy(dtype=bool)


def ranks(frame: pd.DataFrame, order: tuple[OrderKey, ...], rows: np.ndarray) -> np.ndarray:
    """Return the rank of some records in the order; equal records have the same rank. Missing and blank come first, as in SAS, or last."""
    rank, size = np.zeros(len(rows), dtype="int64"), 1
    for key in order:
        place, count = places(at_rows(frame[key.name], rows), key.missing_last)
        if size * count > LARGEST:
            values, rank = np.unique(rank, return_inverse=True)
            size = len(values)
        rank, size = rank * count + (count - 1 - place if key.descending else place), size * count
    return rank


def chosen(flags: np.ndarray, group: np.ndarray, candidates: np.ndarray, rank: np.ndarray) -> np.ndarray:
    """Return the records that fail if one candidate of the lowest rank in each group, and no other, must be flagged.

    A flagged record fails if another candidate has a lower rank, or if another one of the group is flagged too. Where a group has
    candidates and none is flagged, its first one fails.

    Args:
        flags: which records are flagged.
        group: the group of each record.
        candidates: the positions of the records that can be flagged; another one that is flagged fails.
        rank: their ranks.
    """
    failed = flags.copy()
    mine, flags, size = group[candidates], flags[candidates], int(group.max(initial=-1)) + 1
    lowest = np.full(size, np.iinfo("int64").max)
    np.minimum.at(lowest, mine, rank)
    first = rank == lowest[mine]
    many = np.bincount(mine[flags], minlength=size)[mine]
    rows = np.flatnonzero(first)
    each = firsts(mine[rows], size)
    once = np.zeros(len(mine), dtype=bool)
    once[rows[each[each < len(rows)]]] = True
    failed[candidates] = (flags & (~first | (many > 1))) | (once & (many == 0))
    return failed


@check("Expected at most one record of a subject[ within {within}][ with {flag} = Y][ where {where}][ among {among}]")
def at_most_one(
    records: Records,
    flag: VariableName | None = None,
    within: Variables = [],  # noqa: B006
    where: Condition | None = None,
    among: Condition | None = None,
) -> np.ndarray:
    """Several records of a subject are flagged.

    Without `flag` every record that matches `where` and `among` counts.

    YAML:
        E-04: {at_most_one: {flag: ABLFL, within: [PARAMCD]}}
    """
    group = grouped(records, within)
    mine = records.selected(where) & records.selected(among)
    if flag is not None:
        mine &= flagged(records, flag)
    return mine & (counted(group, mine) > 1)


@check("Expected the same value of {constant} on all records of a subject[ within {within}][ where {where}]")
def constant(records: Records, constant: Variables, within: Variables = [], where: Condition | None = None) -> np.ndarray:  # noqa: B006
    """A value differs between records of a group.

    Missing values are values here: a value that some records of a subject have and others lack differs.

    YAML:
        E-04: {constant: BASE, within: [PARAMCD]}
    """
    group = grouped(records, within)
    mine = records.selected(where)
    failed = np.zeros(len(group), dtype=bool)
    failed[mine] = differing(group[mine], records.numbered(constant)[mine])
    return failed


@check("Expected {flag} = Y on the first record only, in the order of {order}[ within {within}][ where {where}]")
def first_flag(
    records: Records,
    flag: VariableName,
    order: Order,
    where: Condition | None = None,
    within: Variables = [],  # noqa: B006
) -> np.ndarray:
    """The first record is not flagged, or another one is.

    Of each group with records that match `where` exactly one is flagged, and none precedes it in `order`; records that do not match are not
    flagged. Records equal in all of `order` are equally first.

    YAML:
        A-09: {first_flag: {flag: AOCCFL, where: TRTEMFL == "Y", order: [ASTDT, AESEQ]}}
    """
    group = grouped(records, within)
    candidates = np.flatnonzero(records.selected(where))
    return chosen(flagged(records, flag), group, candidates, ranks(records.frame, order, candidates))


@check("Expected {flag} = Y only on the record with the lowest {distance} (of several, the latest {date})[ within {within}], among {among}")
def closest(
    records: Records,
    flag: VariableName,
    distance: VariableName,
    date: Variables,
    among: Condition,
    within: Variables = [],  # noqa: B006
) -> np.ndarray:
    """The record closest to the target day is not flagged, or another one is.

    Of each group exactly one of the records `among` is flagged: the one with the lowest `distance`, of several the one with the latest
    `date` (of several variables the first decides, then the next). A record without a distance is farther than any with one.

    YAML:
        E-08: {closest: {flag: ANL01FL, distance: AWTDIFF, date: ADT, within: [PARAMCD, AVISITN], among: AVISITN > 0 and not missing(AVAL)}}
    """
    group = grouped(records, within)
    candidates, frame = records.selected(among), records.frame
    order = (OrderKey(distance, missing_last=True), *(OrderKey(name, descending=True) for name in date))
    rows = np.flatnonzero(candidates)
    return chosen(flagged(records, flag) & candidates, group, rows, ranks(frame, order, rows))


@check("Expected ranges from {low} to {high} that do not overlap for different values of {by}[ within {within}]")
def apart(records: Records, low: VariableName, high: VariableName, by: VariableName, within: Variables = []) -> np.ndarray:  # noqa: B006
    """Ranges overlap.

    In each group no range from `low` to `high` overlaps that of another value of `by`, and each value of `by` has one range. A record
    without one of the three has no range.

    YAML:
        E-07: {apart: {low: AWLO, high: AWHI, by: AVISITN, within: [APERIOD]}}
    """
    group = grouped(records, within)
    frame = records.frame
    mine = np.flatnonzero(frame[low].notna().to_numpy() & frame[high].notna().to_numpy() & frame[by].notna().to_numpy())
    ranges = pd.DataFrame({"group": group[mine], **{name: at_rows(frame[of], mine) for name, of in (("low", low), ("high", high), ("by", by))}})
    each = ranges.iloc[distinct_rows(ranges)].sort_values(["group", "low", "high"], kind="stable")
    reached = each.groupby("group")["high"].cummax().groupby(each["group"]).shift()
    wrong = each.loc[(each["low"] <= reached).to_numpy(dtype=bool) | each.duplicated(["group", "by"], keep=False).to_numpy()]
    failed = np.zeros(len(records.frame), dtype=bool)
    failed[mine] = positions(wrong, ranges) >= 0 if len(wrong) else False
    return failed


@check("Expected a record with {has}[ within {within}] where {where}")
def some_record(records: Records, where: Condition, has: Condition, within: Variables = []) -> np.ndarray:  # noqa: B006
    """A record requires another record of its group.

    The group of a record that matches `where` has a record that matches `has`.

    YAML:
        E-04: {some_record: {where: not missing(BASE), has: ABLFL == "Y", within: [PARAMCD]}}
    """
    group = grouped(records, within)
    return records.selected(where) & (counted(group, records.selected(has)) == 0)


@check("Expected {of} to increase with {by}[ within {within}][ where {where}]")
def increasing(
    records: Records,
    of: VariableName,
    by: VariableName,
    within: Variables = [],  # noqa: B006
    where: Condition | None = None,
) -> np.ndarray:
    """A value does not increase.

    In each group every record has a higher `of` than all records with a lower `by`. Missing values are skipped.

    YAML:
        X-10: {increasing: {of: ADT, by: AVISITN, within: [PARAMCD], where: ANL01FL == "Y"}, severity: warning}
    """
    group = grouped(records, within)
    columns = {name: records.frame[name] for name in (of, by)}
    mine = np.flatnonzero(records.selected(where) & columns[of].notna().to_numpy() & columns[by].notna().to_numpy())
    values = pd.DataFrame({"group": group[mine], "of": places(at_rows(columns[of], mine))[0], "by": at_rows(columns[by], mine)})
    highest = values.groupby(["group", "by"], sort=True)["of"].max()
    before = highest.groupby(level="group").cummax().groupby(level="group").shift()
    keyed = values.join(before.rename("before"), on=["group", "by"])
    failed = np.zeros(len(records.frame), dtype=bool)
    failed[mine] = (keyed["of"] <= keyed["before"]).to_numpy(dtype=bool)
    return failed
