"""Checks against the collected records: the same records, and the parts of a date."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from pydantic import BaseModel

from adam.core.coded_text import constant_text, text_column
from adam.expressions.tree import Expr
from adam.planning.values import ResolvedDataset, Value
from validation.across import Across
from validation.argument_types import Domain, VariableName, Variables
from validation.check import CheckedItems, Compares, check
from validation.contracts import source_of
from validation.matching import equal, positions, taken
from validation.records import SUBJECT, Records, SourceRecords, subject_level

if TYPE_CHECKING:
    from validation.rule import Suite
    from validation.scope import Scope


def copies(dataset: ResolvedDataset, domain: str) -> list[str]:
    """Return the variables of a dataset that are plain copies from a domain (`AETERM: AE`)."""
    return [name for name, each in dataset.variables.items() if isinstance(each.formula, Value) and str(each.formula.expr) == domain]


def conditions(records: Records | Suite, domain: str) -> list[Expr]:
    """Return the conditions by which the study and the dataset select records of a domain."""
    use, source = records.study.sources.get(domain), source_of(records.dataset)
    where = source.where if source is not None and source.domain == domain else None
    return [each for each in (use.where if use is not None else None, where) if each is not None]


def _copied_variables(scope: Scope, arguments: BaseModel) -> Iterable[tuple[str, list[str]]]:
    """The plain copies that are compared."""
    domain = getattr(arguments, "unchanged")  # noqa: B009  (its model is created)
    return [(domain, copies(scope.dataset, domain))] if domain else []


def records_compared(suite: Suite, arguments: BaseModel) -> Iterable[tuple[str, str]]:
    """Yield what decides which records of a domain a dataset has, and what is compared: the arguments are those of `same_records`."""
    given = vars(arguments)
    domain, copied = given.get("as") or given["domain"], given.get("unchanged")
    yield from ((owner, name) for owner in (suite.dataset.name, domain) for name in [*SUBJECT, *given["key"]])
    yield from ((owner, name) for name in (copies(suite.dataset, copied) if copied else []) for owner in (suite.dataset.name, domain))
    names = [name.last for condition in conditions(suite, domain) for name in condition.names]
    yield from ((domain, each) for name in names for each in (name, f"{domain[:2]}{name}"))
    if suite.dataset.subjects is not None:
        subjects = subject_level(suite.datasets)
        yield from ((subjects, name) for name in [*SUBJECT, *(name.last for name in suite.dataset.subjects.names)])


@check(
    "Expected the records of {as}, each once, by {key}[, with unchanged copies from {unchanged}]",
    selects="as",
    collects=_copied_variables,
    across=Across(within="key", reads=records_compared),
    compares=Compares.RECORDS,
)
def same_records(records: Records, as_: Domain, key: Variables, unchanged: Domain | None = None) -> CheckedItems:
    """The records differ from those of the domain.

    Every record has a record in the domain, by `key`, and every record of the domain that the dataset selects (the `where` of its source and of
    its `records:`, its `subjects:`) has one here. With `unchanged: AE` the variables that are plain copies have its values.

    YAML:
        A-01: {same_records: {as: AE, key: [STUDYID, USUBJID, AESEQ], unchanged: AE}}
    """
    source = SourceRecords(records.study, as_, records.source(as_).reset_index(drop=True))
    mine = np.ones(len(source.frame), dtype=bool)
    for condition in conditions(records, as_):
        mine &= source.selected(condition)
    if records.dataset.subjects is not None:
        subjects = records.subjects
        mine &= positions(subjects.frame.loc[subjects.selected(records.dataset.subjects), SUBJECT], source.frame[SUBJECT]) >= 0
    theirs, own = source.frame[mine].reset_index(drop=True), records.frame
    rows = positions(theirs[key], own[key])
    failed = (rows < 0) | own.duplicated(key, keep=False).to_numpy()
    for name in copies(records.dataset, unchanged) if unchanged else []:
        column = theirs[name] if name in theirs else constant_text("", theirs.index)
        failed |= (rows >= 0) & ~equal(own[name], taken(column, rows))
    absent = positions(own[key], theirs[key]) < 0
    keys = pd.concat([own[key], theirs.loc[absent, key]], ignore_index=True)
    return CheckedItems(keys, np.concatenate([failed, np.ones(int(absent.sum()), dtype=bool)]))


@check("Expected {flag} to be the highest missing part of {dtc}, and blank where {date} is missing")
def imputation_flag(records: Records, dtc: VariableName, date: VariableName, flag: VariableName) -> np.ndarray:
    """An imputation flag is not the highest missing part of the collected date.

    Y if the year of `dtc` is missing, M if the month is, D if the day is; blank if none is, or if `date` is missing. Of an interval either part may
    count.

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
    """Return the highest missing part of an ISO 8601 date: Y, M, D, or blank.

    >>> highest_missing(pd.Series(["2019-03-02T10", "2019-03", "2019---02", "--03-02", ""], dtype="str")).tolist()
    ['', 'D', 'M', 'Y', 'Y']
    """
    codes, values = pd.factorize(text, use_na_sentinel=False)
    return text_column([*_highest(pd.Series(values)), ""], codes, text.index)


def _highest(text: pd.Series) -> np.ndarray:
    """Return the highest missing part of each text."""
    date = text.str.split("T").str[0]
    year, month, day = date.str.match(r"\d{4}"), date.str.match(r"\d{4}-\d{2}"), date.str.match(r"\d{4}-\d{2}-\d{2}$")
    return np.select([~year, ~month, ~day], ["Y", "M", "D"], default="")
