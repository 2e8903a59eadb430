"""Checks every dataset gets without a line: made from what the specification says of its variables (DOMAIN §8.1)."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from adam.core.kinds import DTYPES, OF_TYPE, is_missing
from adam.expressions.parse import parse
from adam.plan.values import ResolvedVariable
from validation.check import CheckedItems, Records, generated
from validation.records import SUBJECT, equal, positions, taken

WRONG = ("nan", "NaN", "NaT", "None", "<NA>")
NAME = re.compile(r"[A-Z][A-Z0-9_]{0,7}")
PARTS = {"DTF": ("D", "M", "Y"), "TMF": ("H", "M", "S")}


def _variables(records: Records, failed: list[bool]) -> CheckedItems:
    keys = pd.DataFrame({"VARIABLE": pd.Series(list(records.dataset.variables), dtype="str")})
    return CheckedItems(keys, np.asarray(failed, dtype=bool))


@generated
def named(records: Records) -> CheckedItems:
    """A name or label that a transport file does not take.

    A name is a capital and at most 7 more capitals, digits or _; a label has 1 to 40 bytes of ASCII.

    Rule: G-02.
    """
    variables = records.dataset.variables.values()
    return _variables(records, [not (NAME.fullmatch(each.name) and each.label.isascii() and 1 <= len(each.label) <= 40) for each in variables])


@generated
def typed(records: Records) -> CheckedItems:
    """A variable of another type than the specification says.

    Rule: G-03.
    """
    frame = records.frame
    wanted = {name: DTYPES[OF_TYPE[each.type or "text"]] for name, each in records.dataset.variables.items()}
    return _variables(records, [name not in frame or str(frame[name].dtype) != dtype for name, dtype in wanted.items()])


@generated
def length(records: Records, variable: ResolvedVariable) -> np.ndarray:
    """The text is longer than declared, has blanks at an end, or is a word for nothing.

    Rule: G-03.
    """
    codes, values = pd.factorize(records.frame[variable.name])
    texts = pd.Series(values, dtype="str")
    size = texts.str.encode("utf-8").str.len().to_numpy(dtype="float64")
    wrong = (size > min(variable.length or 0, 200)) | (texts.str.strip() != texts).to_numpy(dtype=bool) | texts.isin(WRONG).to_numpy(dtype=bool)
    return wrong[codes]


@generated
def whole(records: Records, variable: ResolvedVariable) -> np.ndarray:
    """The number is not whole.

    Rule: G-03.
    """
    values = records.frame[variable.name].to_numpy(dtype="float64")
    return ~np.isnan(values) & (values != np.round(values))


@generated
def term(records: Records, variable: ResolvedVariable) -> np.ndarray:
    """The value is not a term of the codelist.

    Rule: G-05.
    """
    column = records.frame[variable.name]
    codelist = records.study.codelists[variable.codelist]
    return ~(column.isin([*codelist.terms, ""])).to_numpy(dtype=bool)


@generated
def filled(records: Records, variable: ResolvedVariable) -> np.ndarray:
    """The value is missing.

    Rule: G-04.
    """
    return is_missing(records.frame[variable.name]).to_numpy()


@generated
def pair(records: Records, name: str, number: str, within: str = "", may_lack: bool = False) -> np.ndarray:
    """The variable and its number are not one to one, or one of them is missing.

    `within` PARAMCD where a parameter has its own terms; `may_lack` where the number may be missing although the text is not (AVISITN).

    Rule: G-07.
    """
    around = [within] if within else []
    frame = records.frame[[*around, name, number]]
    empty = is_missing(frame[name]).to_numpy(), is_missing(frame[number]).to_numpy()
    group = frame.groupby([*around, name, number], sort=False, dropna=False).ngroup().to_numpy()
    pairs = frame.iloc[np.unique(group, return_index=True)[1]]
    wrong = np.zeros(len(pairs), dtype=bool)
    both = ~is_missing(pairs[name]).to_numpy() & ~is_missing(pairs[number]).to_numpy()
    for side in (name, number):
        wrong[both] |= pairs[both].duplicated([*around, side], keep=False).to_numpy()
    failed = wrong[group]
    return failed | (empty[0] & ~empty[1]) | (~empty[0] & empty[1] & (not may_lack))


@generated
def day(records: Records, variable: ResolvedVariable, date: str = "", reference: str = "") -> np.ndarray:
    """The relative day is 0, or not the days from the reference to the date, without a day 0.

    Rule: G-10.
    """
    own = records.frame[variable.name]
    failed = (own == 0).to_numpy(dtype=bool)
    if not date:
        return failed

    end, start = records.evaluated(parse(date)), records.evaluated(parse(reference))
    days = (end - start).dt.total_seconds() / 86400
    days = days + (days >= 0)
    return failed | ~((own == days) | (own.isna() & days.isna())).to_numpy(dtype=bool)


@generated
def plausible(records: Records, variable: ResolvedVariable) -> np.ndarray:
    """The date is before 1900, more than a year after the cut-off, or no whole day.

    Rule: G-08.
    """
    column = records.frame[variable.name]
    last = records.study.constants.get("CUTOFF", records.study.as_of)
    failed = (column < pd.Timestamp("1900-01-01")).to_numpy(dtype=bool) | (column != column.dt.normalize()).to_numpy(
        dtype=bool
    ) & column.notna().to_numpy()
    return failed if last is None else failed | (column > pd.Timestamp(str(last)) + pd.DateOffset(years=1)).to_numpy(dtype=bool)


@generated
def same_day(records: Records, moment: str, date: str) -> np.ndarray:
    """The datetime is not of the day of the date.

    Rule: G-08.
    """
    moments, dates = records.frame[moment], records.frame[date]
    return (moments.notna() & (moments.dt.normalize() != dates)).to_numpy(dtype=bool)


@generated
def imputed(records: Records, flag: str, date: str) -> np.ndarray:
    """The imputation flag is none of its letters, or there is nothing it is the flag of.

    Rule: G-09.
    """
    flags = records.frame[flag]
    unknown = ~flags.isin(["", *PARTS[flag[-3:]]])
    return (unknown | ((flags != "") & is_missing(records.frame[date]))).to_numpy(dtype=bool)


@generated
def copied(records: Records, variable: ResolvedVariable, by: tuple[str, ...] = tuple(SUBJECT)) -> np.ndarray:
    """The value differs from the dataset it is copied from, or the record is not there.

    `by` finds the record there: that of the subject, or the one of equal keys.

    Rule: G-11.
    """
    other = records.frames[variable.predecessor]
    rows = records.rows(variable.predecessor, list(by))
    return (rows < 0) | ~equal(records.frame[variable.name], taken(other[variable.name], rows))


@generated
def collected(records: Records, variable: ResolvedVariable, source: str) -> np.ndarray:
    """The value is not the one that was collected.

    `source` is DOMAIN.X of the subject. A subject that is not in the domain is left to other rules, and so is text that is exported with
    other letters than it was collected with.

    Rule: G-11.
    """
    domain, name = source.split(".")
    rows = records.rows(domain, SUBJECT)
    found = taken(records.source(domain)[name], rows)
    other = (rows >= 0) & ~equal(records.frame[variable.name], found)
    if records.study.non_ascii == "transliterate" and found.dtype == "str":
        other &= found.fillna("").str.isascii().to_numpy(dtype=bool)
    return other


@generated
def known_subject(records: Records) -> np.ndarray:
    """The subject is not in the dataset with one record per subject.

    Rule: G-11, X-01.
    """
    return positions(records.subjects.frame[SUBJECT], records.frame[SUBJECT]) < 0


@generated
def consumed_once(records: Records) -> np.ndarray:
    """A source record gives several records of one parameter.

    Records with DTYPE are left out: those carried forward name the source of the record they come from.

    Rule: G-13.
    """
    frame = records.frame
    mine = frame["SRCSEQ"].notna().to_numpy()
    if "DTYPE" in frame:
        mine = mine & (frame["DTYPE"] == "").to_numpy(dtype=bool)
    failed = np.zeros(len(frame), dtype=bool)
    failed[mine] = frame.loc[mine, [*SUBJECT, "PARAMCD", "SRCDOM", "SRCSEQ"]].duplicated(keep=False).to_numpy()
    return failed
