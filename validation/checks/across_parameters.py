"""Checks between the parameters of a BDS dataset, and of named counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd

from adam.core.kinds import is_missing
from adam.expressions.evaluate import Columns, Evaluation
from validation.across import Across
from validation.argument_types import By, Code, Condition, CountOf, Counts, OfCodes, OfCounts, SourceCode, Value, VariableName, Variables, Weights
from validation.check import CheckedItems, check, numbers
from validation.checks.record_sources import dates_of, source_variables, valid
from validation.matching import positions
from validation.origins import collected_records, origins
from validation.records import SUBJECT, Records


@check("Expected {expect:that} for each {by} of a subject[ where {where}]")
def across_parameters(
    records: Records,
    by: Variables,
    expect: OfCodes,
    where: Condition | None = None,
    missing: Literal["same"] | None = None,
) -> np.ndarray:
    """Values (AVAL) of parameters contradict each other.

    In `expect` a parameter code is its AVAL in the group of equal `by` of a subject; a parameter without a record there is missing,
    and what is unknown fails nothing. A group with several records of one parameter fails, as there is no one value. Blank text in `by`
    is a value; a record with a missing number or date there is in no group, or, with `missing: same`, in one with the others that miss it.

    YAML:
        E-14: {across_parameters: {by: [AVISITN], where: ANL02FL == "Y", expect: "CPR == max(EASI50, NRS2, QOLRSP)"}}
    """
    frame = records.frame
    codes = [str(name) for name in expect.names if not name.owner]
    mine = frame["PARAMCD"].isin(codes).to_numpy(dtype=bool) & records.selected(where)
    for name in by:
        if frame[name].dtype != "str" and missing is None:
            mine &= frame[name].notna().to_numpy()
    group = np.full(len(frame), -1)
    group[mine] = records.numbered([*SUBJECT, *by], np.flatnonzero(mine))
    size = int(group.max(initial=-1)) + 1
    columns = {}
    several = np.zeros(size, dtype=bool)
    for code in codes:
        rows = records.rows_of(code)
        rows = rows[mine[rows]]
        several |= np.bincount(group[rows], minlength=size) > 1
        values = np.full(size, np.nan)
        values[group[rows]] = frame["AVAL"].to_numpy(dtype="float64")[rows]
        columns[code] = pd.Series(values)
    broken = Evaluation(Columns(columns, pd.RangeIndex(size))).truth(expect.root)[1] | several
    failed = np.zeros(len(frame), dtype=bool)
    failed[mine] = broken[group[mine]]
    return failed


@check("Expected at least {at_least} days with a value of {of} from {from} to {to} for each record of {for}")
def records_in_window(records: Records, of: Code, for_: Code, from_: Value, to: Value, at_least: int, date: VariableName = "ADT") -> np.ndarray:
    """The window of a record contains too few days of another parameter.

    For each record of `for` the subject has records of `of` with AVAL on at least `at_least` days (`date`) that lie from `from` to `to`.

    YAML:
        E-18: {records_in_window: {of: ITCHNRSD, for: ITCHNRS, from: ASTDT, to: AENDT, at_least: 4}}
    """
    frame = records.frame
    there = ((frame["PARAMCD"] == of) & frame["AVAL"].notna() & frame[date].notna()).to_numpy(dtype=bool)
    return _few(records, frame.loc[there, [*SUBJECT, date]], for_, records.evaluated(from_), records.evaluated(to), at_least)


@check(
    "Expected at least {at_least} days with a collected value of {of} from {from} to {to} for each record of {for}",
    collects=source_variables("VISITNUM", "SEQ"),
)
def days_collected(records: Records, of: SourceCode, for_: Code, from_: Value, to: Value, at_least: int) -> np.ndarray:
    """The window of a record contains too few days with a collected value.

    As `records_in_window`, but the days are those of the source records of `of` (`from:`), a parameter that need not be kept: records
    that were done, with a complete date and a possible value of the parameter.

    YAML:
        E-18: {days_collected: {of: ITCHNRSD, for: ITCHNRS, from: ASTDT, to: AENDT, at_least: 4}}
    """
    days = [pd.DataFrame({name: records.frame[name].iloc[:0] for name in SUBJECT} | {"date": pd.Series(dtype="datetime64[s]")})]
    for way in [each for each in origins(records.study, records.dataset, of) if each.direct and each.named]:
        source = collected_records(records, way.domain)
        rows = np.flatnonzero(source.selected(way.where))
        rows = rows[~np.isnan(valid(records, source, rows, of))]
        days.append(source.frame[SUBJECT].assign(date=dates_of(records, source)).iloc[rows].dropna())
    return _few(records, pd.concat(days, ignore_index=True), for_, records.evaluated(from_), records.evaluated(to), at_least)


def _few(records: Records, days: pd.DataFrame, code: str, low: pd.Series, high: pd.Series, at_least: int) -> np.ndarray:
    """Return the records of a parameter with fewer days (subject and date) between two dates than required, or without one of the dates."""
    frame = records.frame
    asking = (frame["PARAMCD"] == code).to_numpy(dtype=bool)
    subject = numbers(pd.concat([frame.loc[asking, SUBJECT], days[SUBJECT]], ignore_index=True), SUBJECT)
    own, other = subject[: asking.sum()], subject[asking.sum() :]
    place = np.unique(_place(other, days.iloc[:, -1]))
    found = np.searchsorted(place, _place(own, high[asking]), side="right") - np.searchsorted(place, _place(own, low[asking]), side="left")
    bounded = (low[asking].notna() & high[asking].notna()).to_numpy()
    failed = np.zeros(len(frame), dtype=bool)
    failed[asking] = np.where(bounded, found, 0) < at_least
    return failed


def _place(subject: np.ndarray, date: pd.Series) -> np.ndarray:
    """Return a number for subject and day that increases with both."""
    days = date.fillna(pd.Timestamp("1960-01-01")).to_numpy().astype("datetime64[D]").astype("int64")
    return subject.astype("int64") * 10_000_000 + days + 1_000_000


def _counts(records: Records, counts: Counts, expect: OfCounts, by: By = "") -> pd.DataFrame:
    """How many records match each count, for each value of `by`; one row without it."""
    found = {name: _counted(records, each, by) for name, each in counts.items()}
    return pd.DataFrame(found).fillna(0.0) if by else pd.DataFrame({name: [float(len(rows))] for name, rows in found.items()})


def _compared(records: Records, summaries: Sequence[pd.DataFrame], counts: Counts, expect: OfCounts, by: By = "") -> CheckedItems:
    """The counts of all parts, and which of them contradict each other."""
    table = pd.concat(summaries)
    table = table.groupby(level=0, sort=True).sum() if len(summaries) > 1 else table.sort_index()
    if by:
        table.index = table.index.rename(by)
        table = table.reset_index()
    columns = {name: table[name].astype("float64") for name in counts}
    _, failed = Evaluation(Columns(columns, table.index)).truth(expect.root)
    return CheckedItems(table, failed)


@check(
    "Expected {expect:that}[ for each {by}], where {counts}",
    gathers="counts",
    across=Across(summary=_counts, merged=_compared),
)
def counts(records: Records, counts: Counts, expect: OfCounts, by: By = "") -> CheckedItems:
    """Counts contradict each other.

    Each name counts the records of a dataset that match its `where`; with `by`, for each value of that variable. A dataset that lacks the
    variable takes it from the subject-level dataset.

    YAML:
        X-02:
          counts:
            A: {dataset: ADSL, where: NIGATSFL == "Y"}
            B: {dataset: ADEFF, where: PARAMCD == "IGATS" and AVISITN == 8 and AVAL == 0}
            expect: A == B
    """
    return _compared(records, [_counts(records, counts, expect, by)], counts, expect, by)


def _counted(records: Records, each: CountOf, by: str) -> pd.Series:
    """Return how many records match, for each value of `by`, or, without it, one entry for each record."""
    other = records.of(each.dataset)
    selected = other.selected(each.where)
    if not by:
        return pd.Series(np.ones(int(selected.sum())))
    if by in other.frame:
        return other.frame.loc[selected, by].value_counts().astype("float64")
    subjects = records.subjects.frame
    rows = positions(subjects[SUBJECT], other.frame.loc[selected, SUBJECT])
    return subjects[by].reindex(rows).fillna("").value_counts().astype("float64")


def _numbers(records: Records, of: VariableName, expect: Weights, tolerance: float, where: Condition | None = None) -> pd.Series:
    """How many records have each value that is not missing, in the order in which the values first occur."""
    column = records.frame.loc[records.selected(where), of]
    column = column[~is_missing(column)]
    return column.value_counts(sort=False).reindex(column.unique()).astype("float64")


def _shares(
    records: Records,
    summaries: Sequence[pd.Series],
    of: VariableName,
    expect: Weights,
    tolerance: float,
    where: Condition | None = None,
) -> CheckedItems:
    """The numbers of all parts, and which of them differ from their share."""
    found = pd.concat(summaries).groupby(level=0, sort=True).sum()
    number = pd.Series(expect, dtype="float64")
    names = pd.Index([*number.index, *(name for name in found.index if name not in number.index)])
    seen = found.reindex(names).fillna(0.0).to_numpy(dtype="float64")
    share = (number.reindex(names).fillna(0.0) / number.sum() * seen.sum()).to_numpy(dtype="float64")
    keys = pd.DataFrame({of: pd.Series(list(names), dtype="str"), "records": seen, "expected": share})
    return CheckedItems(keys, np.abs(seen - share) > tolerance * share + 1e-9)


@check(
    "Expected {of} in the ratio {expect} (tolerance {tolerance})[ where {where}]",
    across=Across(summary=_numbers, merged=_shares),
)
def proportions(records: Records, of: VariableName, expect: Weights, tolerance: float, where: Condition | None = None) -> CheckedItems:
    """Values do not occur in the expected proportions.

    `expect` has the weight of each value. The number of records of each value differs from its share by at most `tolerance` of that share;
    a value without a weight has no share. Missing values do not count.

    YAML:
        L-20: {proportions: {of: TRT01P, tolerance: 0.15, expect: {A: 2, B: 1}}, severity: warning}
    """
    return _shares(records, [_numbers(records, of, expect, tolerance, where)], of, expect, tolerance, where)
