"""Checks that lines of `checks:` name."""

from __future__ import annotations

import numpy as np
import pandas as pd

from adam.expr.kinds import false, is_missing, true
from validation.checks.registry import Conditions, Expression, Names, Records, check, numbers


@check
def expect(records: Records, expect: Expression, where: Expression | None = None) -> np.ndarray:
    """The condition does not hold."""
    return false(records.evaluated(expect)).to_numpy() & records.fits(where)


@check
def ordered(records: Records, ordered: Names, where: Expression | None = None) -> np.ndarray:
    """The values are not in order; missing ones are skipped."""
    failed = np.zeros(len(records.frame), dtype=bool)
    highest: pd.Series | None = None
    for name in ordered:
        column = records.frame[name]
        if highest is not None:
            failed |= (column < highest).to_numpy(dtype=bool)
        highest = column if highest is None else highest.where(highest.notna() & ~(column > highest), column.where(column.notna(), highest))
    return failed & records.fits(where)


@check
def equivalent(records: Records, equivalent: Conditions, where: Expression | None = None) -> np.ndarray:
    """Some of the conditions hold and some do not."""
    held = np.vstack([true(records.evaluated(condition)).to_numpy() for condition in equivalent])
    return (held.any(axis=0) != held.all(axis=0)) & records.fits(where)


@check
def implies(records: Records, implies: Conditions, where: Expression | None = None) -> np.ndarray:
    """A condition holds and the one that follows from it does not."""
    held = [true(records.evaluated(condition)).to_numpy() for condition in implies]
    failed = np.zeros(len(records.frame), dtype=bool)
    for before, after in zip(held, held[1:], strict=False):
        failed |= before & ~after
    return failed & records.fits(where)


@check
def unique(records: Records, unique: Names, where: Expression | None = None) -> np.ndarray:
    """Several records share these values."""
    fits = records.fits(where)
    failed = np.zeros(len(records.frame), dtype=bool)
    failed[fits] = records.frame.loc[fits].duplicated(unique, keep=False).to_numpy()
    return failed


@check
def one_to_one(records: Records, one_to_one: Names, within: Names = [], where: Expression | None = None) -> np.ndarray:  # noqa: B006
    """A value goes with several values of another variable."""
    fits = records.fits(where)
    frame = records.frame
    failed = np.zeros(len(frame), dtype=bool)
    for first in one_to_one:
        for second in one_to_one:
            if first != second:
                pairs = frame.loc[fits, [*within, first, second]].drop_duplicates()
                several = pairs[pairs.duplicated([*within, first], keep=False)].set_index([*within, first]).index
                failed |= frame.set_index([*within, first]).index.isin(several) & fits
    return failed


@check
def at_most_one(
    records: Records,
    flag: str | None = None,
    within: Names = [],  # noqa: B006
    where: Expression | None = None,
    among: Expression | None = None,
) -> np.ndarray:
    """Several records of a subject are flagged where one may be."""
    mine = records.fits(where) & records.fits(among)
    if flag is not None:
        mine = mine & (records.frame[flag] == "Y").to_numpy(dtype=bool)
    mine &= ~np.any([is_missing(records.frame[name]).to_numpy() for name in within], axis=0) if within else True
    group = numbers(records.frame, ["STUDYID", "USUBJID", *within])
    counts = np.bincount(group[mine], minlength=len(records.frame) + 1)
    return mine & (counts[group] > 1)


@check
def same_records(records: Records, as_: str, key: Names) -> np.ndarray:
    """A record has no source record."""
    source = records.sources[as_].drop_duplicates(key).set_index(key)
    own = pd.MultiIndex.from_frame(records.frame[key])
    return ~np.asarray(own.isin(source.index))
