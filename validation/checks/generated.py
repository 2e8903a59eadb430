"""Checks every dataset gets without a line: made from what the specification says of its variables (DOMAIN §8.1)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from adam.expr.kinds import is_missing
from adam.spec.models import Variable
from validation.checks.registry import Records, check

WRONG = ("nan", "NaN", "NaT", "None", "<NA>")


@check
def length(records: Records, variable: Variable) -> np.ndarray:
    """The text is longer than declared, has blanks at an end, or is a word for nothing."""
    column = records.frame[variable.name]
    size = column.str.encode("utf-8").str.len().to_numpy()
    return (size > (variable.length or 0)) | (column.str.strip() != column).to_numpy(dtype=bool) | column.isin(WRONG).to_numpy(dtype=bool)


@check
def whole(records: Records, variable: Variable) -> np.ndarray:
    """The number is not whole."""
    values = records.frame[variable.name].to_numpy(dtype="float64")
    return ~np.isnan(values) & (values != np.round(values))


@check
def term(records: Records, variable: Variable) -> np.ndarray:
    """The value is not a term of the codelist."""
    column = records.frame[variable.name]
    codelist = records.study.codelists[variable.codelist]
    return ~(column.isin([*codelist.terms, ""])).to_numpy(dtype=bool)


@check
def filled(records: Records, variable: Variable) -> np.ndarray:
    """The value is missing."""
    return is_missing(records.frame[variable.name]).to_numpy()


@check
def pair(records: Records, name: str, number: str) -> np.ndarray:
    """The variable and its number are not one to one, or one of them is missing."""
    frame = records.frame[[name, number]]
    empty = is_missing(frame[name]).to_numpy(), is_missing(frame[number]).to_numpy()
    pairs = frame.drop_duplicates()
    failed = empty[0] != empty[1]
    for side in (name, number):
        several = pairs.loc[pairs[side].duplicated(keep=False), side]
        failed |= frame[side].isin(several).to_numpy(dtype=bool) & ~is_missing(frame[side]).to_numpy()
    return failed


@check
def day(records: Records, variable: Variable) -> np.ndarray:
    """The relative day is 0."""
    return (records.frame[variable.name] == 0).to_numpy(dtype=bool)


@check
def plausible(records: Records, variable: Variable) -> np.ndarray:
    """The date is before 1900 or more than a year after the cut-off."""
    column = records.frame[variable.name]
    last = records.study.constants.get("CUTOFF", records.study.as_of)
    failed = (column < pd.Timestamp("1900-01-01")).to_numpy(dtype=bool)
    return failed if last is None else failed | (column > pd.Timestamp(str(last)) + pd.DateOffset(years=1)).to_numpy(dtype=bool)


@check
def copied(records: Records, variable: Variable) -> np.ndarray:
    """The value differs from the dataset it is copied from, or the subject is not there."""
    other = records.frames.get(variable.predecessor)
    if other is None:
        return np.zeros(len(records.frame), dtype=bool)
    key = ["STUDYID", "USUBJID"]
    keyed = other.set_index(key, drop=False)[variable.name]
    found = keyed.reindex(pd.MultiIndex.from_frame(records.frame[key])).reset_index(drop=True)
    own = records.frame[variable.name]
    return ~((own == found) | (is_missing(own) & (found.isna() | is_missing(found)))).to_numpy(dtype=bool)
