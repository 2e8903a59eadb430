"""Checks along the records of one subject: which of a group is flagged, what a group must hold, what rises from visit to visit.

A group is a subject and equal values of `within`; blank and missing are a value like any other.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from adam.core.kinds import is_missing
from validation.check import Condition, Order, OrderKey, Records, Variable_, Variables, check, numbers
from validation.records import SUBJECT, positions


def grouped(records: Records, within: list[str]) -> np.ndarray:
    """The number of each record's group."""
    return numbers(records.frame, [*SUBJECT, *within])


def counted(group: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """For each record how many of its group are in the mask."""
    return np.bincount(group[mask], minlength=int(group.max(initial=-1)) + 1)[group]


def flagged(records: Records, flag: str) -> np.ndarray:
    """The records with the flag Y."""
    return (records.frame[flag] == "Y").to_numpy(dtype=bool)


def ranks(frame: pd.DataFrame, order: tuple[OrderKey, ...]) -> np.ndarray:
    """The place of each record in the order; the same place where all of it is equal. Missing and blank come first, as in SAS, or last."""
    rank = np.zeros(len(frame), dtype="int64")
    for key in order:
        column = frame[key.name].mask(is_missing(frame[key.name])) if key.missing_last else frame[key.name]
        place = column.rank(method="dense", na_option="bottom" if key.missing_last else "top").to_numpy().astype("int64")
        place = place.max(initial=0) - place if key.descending else place
        rank = np.unique(rank * (place.max(initial=0) + 1) + place, return_inverse=True)[1]
    return rank


def chosen(records: Records, flag: str, group: np.ndarray, candidates: np.ndarray, rank: np.ndarray) -> np.ndarray:
    """The records that fail where one of the lowest rank in each group, and no other candidate, is to be flagged.

    A flagged record fails if another candidate has a lower rank, or if another one of the group is flagged too. Where a group has
    candidates and none is flagged, its first one fails.
    """
    flags = flagged(records, flag) & candidates
    lowest = np.full(int(group.max(initial=-1)) + 1, np.iinfo("int64").max)
    np.minimum.at(lowest, group[candidates], rank[candidates])
    first = candidates & (rank == lowest[group])
    many = counted(group, flags)
    once = np.zeros(len(group), dtype=bool)
    rows = np.flatnonzero(first)
    once[rows[np.unique(group[rows], return_index=True)[1]]] = True
    return (flags & (~first | (many > 1))) | (once & (many == 0))


@check
def at_most_one(
    records: Records,
    flag: Variable_ | None = None,
    within: Variables = [],  # noqa: B006
    where: Condition | None = None,
    among: Condition | None = None,
) -> np.ndarray:
    """Several records of a subject are flagged where one may be.

    Without `flag` every record that fits `where` and `among` counts.

    YAML:
        E-04: {at_most_one: {flag: ABLFL, within: [PARAMCD]}}
    """
    group = grouped(records, within)
    mine = records.fits(where) & records.fits(among)
    if flag is not None:
        mine &= flagged(records, flag)
    return mine & (counted(group, mine) > 1)


@check
def constant(records: Records, constant: Variables, within: Variables = [], where: Condition | None = None) -> np.ndarray:  # noqa: B006
    """A value is not the same on all records of a group.

    Missing values are values here: a value that some records of a subject have and others lack is not the same.

    YAML:
        E-04: {constant: BASE, within: [PARAMCD]}
    """
    group = grouped(records, within)
    mine = records.fits(where)
    pairs = pd.DataFrame({"group": group, "value": numbers(records.frame, constant)})[mine].drop_duplicates()
    return mine & (np.bincount(pairs["group"], minlength=int(group.max(initial=-1)) + 1)[group] > 1)


@check
def first_flag(
    records: Records,
    flag: Variable_,
    order: Order,
    where: Condition | None = None,
    within: Variables = [],  # noqa: B006
) -> np.ndarray:
    """The flag is not on the first of the records that fit, or not on it alone.

    Of each group with records that fit `where` exactly one is flagged, and none comes before it in `order`; records that do not fit
    are not flagged. Records equal in all of `order` are equally first.

    YAML:
        A-09: {first_flag: {flag: AOCCFL, where: TRTEMFL == "Y", order: [ASTDT, AESEQ]}}
    """
    group = grouped(records, within)
    candidates = records.fits(where)
    return chosen(records, flag, group, candidates, ranks(records.frame, order)) | (flagged(records, flag) & ~candidates)


@check
def closest(
    records: Records,
    flag: Variable_,
    distance: Variable_,
    date: Variables,
    among: Condition,
    within: Variables = [],  # noqa: B006
) -> np.ndarray:
    """The flag is not on the record closest to the target day, or not on it alone.

    Of each group exactly one of the records `among` is flagged: the one of the lowest `distance`, of several the one with the latest
    `date` (of several variables the first decides, then the next). A record without a distance is farther than any with one.

    YAML:
        E-08: {closest: {flag: ANL01FL, distance: AWTDIFF, date: ADT, within: [PARAMCD, AVISITN], among: AVISITN > 0 and not missing(AVAL)}}
    """
    group = grouped(records, within)
    candidates = records.fits(among)
    frame = records.frame[date].assign(distance=records.frame[distance].fillna(np.inf))
    rank = ranks(frame, (OrderKey("distance"), *(OrderKey(name, descending=True) for name in date)))
    return chosen(records, flag, group, candidates, rank)


@check
def apart(records: Records, low: Variable_, high: Variable_, by: Variable_, within: Variables = []) -> np.ndarray:  # noqa: B006
    """The ranges overlap.

    In each group no range from `low` to `high` reaches that of another value of `by`, nor has one value of `by` two ranges. A record
    without one of the three has no range.

    YAML:
        E-07: {apart: {low: AWLO, high: AWHI, by: AVISITN, within: [APERIOD]}}
    """
    group = grouped(records, within)
    frame = records.frame
    columns = pd.DataFrame({"group": group, "low": frame[low], "high": frame[high], "by": frame[by]})
    mine = columns.notna().all(axis=1).to_numpy()
    ranges = columns[mine]
    each = ranges.drop_duplicates().sort_values(["group", "low", "high"], kind="stable")
    reached = each.groupby("group")["high"].cummax().groupby(each["group"]).shift()
    wrong = each.loc[(each["low"] <= reached).to_numpy(dtype=bool) | each.duplicated(["group", "by"], keep=False).to_numpy()]
    failed = np.zeros(len(records.frame), dtype=bool)
    failed[mine] = positions(wrong, ranges) >= 0
    return failed


@check
def some_record(records: Records, where: Condition, has: Condition, within: Variables = []) -> np.ndarray:  # noqa: B006
    """A record asks for another one of its group that is not there.

    Where a record fits `where`, its group has one that fits `has`.

    YAML:
        E-04: {some_record: {where: not missing(BASE), has: ABLFL == "Y", within: [PARAMCD]}}
    """
    group = grouped(records, within)
    return records.fits(where) & (counted(group, records.fits(has)) == 0)


@check
def increasing(
    records: Records,
    of: Variable_,
    by: Variable_,
    within: Variables = [],  # noqa: B006
    where: Condition | None = None,
) -> np.ndarray:
    """The value does not rise.

    In each group every record has a higher `of` than all with a lower `by`. Missing values are skipped.

    YAML:
        X-10: {increasing: {of: ADT, by: AVISITN, within: [PARAMCD], where: ANL01FL == "Y"}, severity: warning}
    """
    group = grouped(records, within)
    columns = records.frame[[of, by]]
    mine = records.fits(where) & columns.notna().all(axis=1).to_numpy()
    values = pd.DataFrame({"group": group, "of": columns[of].rank(method="dense"), "by": columns[by]})[mine]
    highest = values.groupby(["group", "by"], sort=True)["of"].max()
    before = highest.groupby(level="group").cummax().groupby(level="group").shift()
    keyed = values.join(before.rename("before"), on=["group", "by"])
    failed = np.zeros(len(records.frame), dtype=bool)
    failed[mine] = (keyed["of"] <= keyed["before"]).to_numpy(dtype=bool)
    return failed
