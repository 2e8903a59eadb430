"""Checks against what was collected: the same records, the parts of a date."""

from __future__ import annotations

import numpy as np
import pandas as pd

from adam.expressions.parse import parse
from adam.expressions.tree import Expr
from adam.plan.values import ResolvedDataset, Value
from validation.check import CheckedItems, Domain, Records, Variable_, Variables, check
from validation.records import SUBJECT, SourceRecords, equal, positions, taken


def copies(dataset: ResolvedDataset, domain: str) -> list[str]:
    """The variables of a dataset that are plain copies from a domain (`AETERM: AE`)."""
    return [name for name, each in dataset.variables.items() if isinstance(each.formula, Value) and str(each.formula.expr) == domain]


def conditions(records: Records, domain: str) -> list[Expr]:
    """Which records of the domain the study and the dataset take."""
    use, making = records.study.sources.get(domain), records.dataset.records
    said = making.arguments.get("where") if making is not None and making.kind == "from" and making.arguments.get("from") == domain else None
    return [*([use.where] if use is not None and use.where is not None else []), *([parse(str(said))] if said is not None else [])]


@check
def same_records(records: Records, as_: Domain, key: Variables, unchanged: Domain | None = None) -> CheckedItems:
    """The records are not those of the domain, each once.

    Every record has its record in the domain, by `key`, and every record of the domain that the dataset takes (the `where` of its source
    and of its `records:`, its `subjects:`) has one here. With `unchanged: AE` the variables that are plain copies have its values.

    YAML:
        A-01: {same_records: {as: AE, key: [STUDYID, USUBJID, AESEQ], unchanged: AE}}
    """
    source = SourceRecords(records.study, as_, records.source(as_).reset_index(drop=True))
    mine = np.ones(len(source.frame), dtype=bool)
    for condition in conditions(records, as_):
        mine &= source.fits(condition)
    if records.dataset.subjects is not None:
        subjects = records.subjects
        mine &= positions(subjects.frame.loc[subjects.fits(records.dataset.subjects), SUBJECT], source.frame[SUBJECT]) >= 0
    theirs, own = source.frame[mine].reset_index(drop=True), records.frame
    rows = positions(theirs[key], own[key])
    failed = (rows < 0) | own.duplicated(key, keep=False).to_numpy()
    for name in copies(records.dataset, unchanged) if unchanged else []:
        column = theirs[name] if name in theirs else pd.Series("", index=theirs.index, dtype="str")
        failed |= (rows >= 0) & ~equal(own[name], taken(column, rows))
    absent = positions(own[key], theirs[key]) < 0
    keys = pd.concat([own[key], theirs.loc[absent, key]], ignore_index=True)
    return CheckedItems(keys, np.concatenate([failed, np.ones(int(absent.sum()), dtype=bool)]))


@check
def imputation_flag(records: Records, dtc: Variable_, date: Variable_, flag: Variable_) -> np.ndarray:
    """The imputation flag is not the highest part of the date that was not collected.

    Y where the year of `dtc` is not there, M where the month is not, D where the day is not; blank where all are, or where `date` is missing.
    Of an interval either part may be the one that counts.

    YAML:
        A-03: {imputation_flag: {dtc: AESTDTC, date: ASTDT, flag: ASTDTF}}
    """
    frame = records.frame
    text, flags, some = frame[dtc], frame[flag], frame[date].notna()
    right = pd.Series(False, index=frame.index)
    for part in (text.str.split("/").str[0], text.str.split("/").str[-1]):
        right |= flags == highest_missing(part).where(some, "")
    return ~right.to_numpy(dtype=bool)


def highest_missing(text: pd.Series) -> pd.Series:
    """The highest part of an ISO 8601 date that is not there: Y, M, D, or blank.

    >>> highest_missing(pd.Series(["2019-03-02T10", "2019-03", "2019---02", "--03-02", ""], dtype="str")).tolist()
    ['', 'D', 'M', 'Y', 'Y']
    """
    date = text.str.split("T").str[0]
    year, month, day = date.str.match(r"\d{4}"), date.str.match(r"\d{4}-\d{2}"), date.str.match(r"\d{4}-\d{2}-\d{2}$")
    codes = np.select([~year, ~month, ~day], ["Y", "M", "D"], default="")
    return pd.Series(codes, index=text.index, dtype="str")
