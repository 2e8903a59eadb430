"""Derivations over the records of one source: one value for each group."""

from __future__ import annotations

import numpy as np
import pandas as pd

from adam.catalog.derivation import Action, AnyValue, Condition, Date, Derived, Each, Group, Issue, Number, Order, Text, summary
from adam.core import decimals, iso
from adam.core.kinds import ValueKind, is_missing, nothing, true

DAY = np.timedelta64(86400, "s")


def _at(column: pd.Series, group: Group, rows: np.ndarray) -> pd.Series:
    """The values at `rows`, each in its group; missing or blank where a group has no row."""
    place = np.full(group.size, -1)
    place[group.number[rows]] = rows
    values = pd.Series(column.array.take(place, allow_fill=True)) if len(column) else _nothing(column, group.size)
    return values.fillna("") if column.dtype == "str" else values


def _nothing(column: pd.Series, size: int) -> pd.Series:
    kind = ValueKind.TEXT if column.dtype == "str" else ValueKind.DATE if column.dtype.kind == "M" else ValueKind.NUMBER
    return nothing(kind, pd.RangeIndex(size))


def _extreme(of: pd.Series, group: Group, order: np.ndarray | None, last: bool) -> pd.Series:
    """The value of the first or last record of each group, in `order`, or of its own lowest or highest value."""
    rows = np.flatnonzero(group.number >= 0)
    if order is None:
        rows = rows[~is_missing(of).to_numpy()[rows]]
        codes, _ = pd.factorize(of.iloc[rows], sort=True)
        place = codes
    else:
        place = order[rows]
    rows = rows[np.argsort(place, kind="stable")]
    return _at(of, group, rows if last else rows[::-1])


@summary()
def single(of: AnyValue, group: Group, *, order: Order | None = None) -> AnyValue:
    """The value of the one fitting record.

    Missing: missing without a record.
    Errors: several records are a finding of severity error; the first in `order`, else in the order of the source, is taken.
    Source: admiral derive_vars_merged.

    YAML:
        RANDDT: {single: {of: DS.STDT, where: DS.DSDECOD == "RANDOMIZED", order: [DS.STDT, DS.DSSEQ]}}

    >>> single(pd.Series([5.0, 6.0]), Group(np.array([0, 1]), 3)).column.tolist()
    [5.0, 6.0, nan]
    """
    rows = np.flatnonzero(group.number >= 0)
    counts = np.bincount(group.number[rows], minlength=group.size)
    values = _at(of, group, rows[::-1]) if order is None else _extreme(of, group, order, last=False)
    return Derived(values, (Issue("several records fit where one is meant; the first is taken", counts > 1, Action.ERROR),))


@summary()
def first(of: AnyValue, group: Group, *, order: Order | None = None) -> AnyValue:
    """Without `order` the lowest value that is not missing; with it the value of the first record, missing or not.

    Missing: missing without a record.
    Source: admiral derive_vars_merged(mode = "first").

    YAML:
        FEXDT: {first: {of: date(EX.EXSTDTC), where: EX.VALIDFL == "Y"}}

    >>> first(pd.Series([5.0, None, 3.0]), Group(np.array([0, 0, 0]), 1)).tolist()
    [3.0]
    """
    return _extreme(of, group, order, last=False)


@summary()
def last(of: AnyValue, group: Group, *, order: Order | None = None) -> AnyValue:
    """Without `order` the highest value that is not missing; with it the value of the last record, missing or not.

    Missing: missing without a record.
    Source: admiral derive_vars_merged(mode = "last").

    YAML:
        EOSDECOD: {last: {of: DS.DSDECOD, order: [DS.STDT, DS.DSSEQ]}}

    >>> last(pd.Series([5.0, None, 3.0]), Group(np.array([0, 0, 0]), 1)).tolist()
    [5.0]
    """
    return _extreme(of, group, order, last=True)


@summary("sum")
def sum_(of: Number, group: Group) -> Number:
    """The sum of the values that are not missing, in decimal arithmetic: ten times 0.1 is 1.

    Missing: missing where a group has no value. A note tells how many records have none.
    Source: admiral derive_vars_merged_summary.

    YAML:
        MMSETOT: {sum: {of: number(QS.QSORRES), where: QS.QSCAT == "MMSE"}}

    >>> sum_(pd.Series([1.0, 2.0, None]), Group(np.array([0, 0, 1]), 2)).column.tolist()
    [3.0, nan]
    """
    sums, counts = decimals.group_sums(of.to_numpy(), group.number, group.size)
    asked = np.bincount(group.number[group.number >= 0], minlength=group.size)
    without = asked - counts
    text = f"the sum leaves out {without.sum()} of {asked.sum()} records that have no value"
    return Derived(pd.Series(np.where(counts > 0, sums, np.nan)), (Issue(text, without > 0, Action.NOTE),))


@summary("exists")
def exists(where: Condition, group: Group) -> Text:
    """Y where some record fits, else blank.

    Missing: an unknown condition does not fit.
    Source: admiral derive_var_merged_exist_flag.

    YAML:
        LTSDISP: {exists: EX.EPOCH == "CONTINUATION TREATMENT"}

    >>> exists(pd.Series([True, None], dtype="boolean"), Group(np.array([0, 1]), 2)).tolist()
    ['Y', '']
    """
    fits = np.zeros(group.size, dtype=bool)
    fits[group.number[true(where).to_numpy() & (group.number >= 0)]] = True
    return pd.Series(np.where(fits, "Y", ""), dtype="str")


@summary()
def majority(of: Text, start: Date, end: Date, group: Group, *, order: Order | None = None) -> Text:
    """The value with the most distinct days from start to end; a tie goes to the one that starts first, then to the first record in `order`.

    Without `order` the first record is that of the source, with a warning. A record without start, or blank, does not count; one without
    end, or that ends before it starts, counts no day but its start.

    Units: calendar days.
    Missing: blank where nothing counts.
    Source: DOMAIN §4 TRT01A, §11.5.

    YAML:
        TRT01A: {majority: {of: EX.TRT, start: EX.P1STDT, end: EX.P1ENDT, order: [EX.STDT, EX.STTM, EX.EXSEQ]}}

    >>> from adam.core.kinds import dates, texts
    >>> majority(texts("A", "B"), dates("2019-01-01", "2019-01-03"), dates("2019-01-02", "2019-01-09"), Group(np.array([0, 0]), 1)).column.tolist()
    ['B']
    """
    rows = np.flatnonzero((group.number >= 0) & start.notna().to_numpy() & ~is_missing(of).to_numpy())
    begin = start.to_numpy()[rows].astype("datetime64[D]").astype("int64")
    stop = np.where(end.isna().to_numpy()[rows], begin, end.to_numpy()[rows].astype("datetime64[D]").astype("int64"))
    codes, words = pd.factorize(of.iloc[rows])
    spans = pd.DataFrame({"group": group.number[rows], "of": codes, "begin": begin, "stop": np.maximum(stop, begin)})
    spans["row"] = rows if order is None else order[rows]
    spans = spans.sort_values(["group", "of", "begin"], kind="stable")
    same = [spans["group"], spans["of"]]
    counted = spans.groupby(same)["stop"].cummax().groupby(same).shift()  # the days up to here are counted: an end of 9999 costs nothing
    spans["days"] = (spans["stop"] - np.fmax(spans["begin"], counted + 1) + 1).clip(lower=0)
    counts = spans.groupby(["group", "of"]).agg(size=("days", "sum"), start=("begin", "min"), row=("row", "min")).reset_index()
    best = counts.sort_values(["group", "size", "start", "row"], ascending=[True, False, True, True]).drop_duplicates("group")
    result = np.full(group.size, "", dtype=object)
    result[best["group"].to_numpy()] = np.asarray(words, dtype=object)[best["of"].to_numpy()]
    equal = counts.merge(best[["group", "size", "start"]], on=["group", "size", "start"]).groupby("group").size()
    tied = np.zeros(group.size, dtype=bool)
    tied[equal.index[equal > 1]] = order is None
    text = "several values have the same number of days from the same start; the first in the source is taken (add order to tell which)"
    return Derived(pd.Series(result, dtype="str"), (Issue(text, tied),))


@summary()
def latest_date(of: Each, *, up_to: Date | None = None) -> Date:
    """The last complete date of several sources; later ones than `up_to` are ignored.

    Missing: missing where no source has a complete date. `up_to` missing ignores nothing.
    Errors: `up_to` is one date for all, as a constant of the study.
    Source: DOMAIN §11.34 (LSTALVDT); admiral derive_vars_extreme_event.

    YAML:
        LASTDTC: {latest_date: {of: [AE.AESTDTC, EX.EXENDTC], up_to: STUDY.CUTOFF}}

    >>> from adam.core.kinds import texts
    >>> latest_date([(texts("2019-01-02", "2019-03"), Group(np.array([0, 0]), 1))]).dt.strftime("%F").tolist()
    ['2019-01-02']
    """
    if up_to is not None and up_to.nunique(dropna=False) > 1:
        raise ValueError("up_to of latest_date is one date for all subjects; here it differs between them")
    best = np.full(of[0][1].size, np.datetime64("NaT", "s"))
    limit = None if up_to is None or up_to.isna().all() else up_to.max().to_datetime64().astype("datetime64[s]")
    for column, group in of:
        date = (iso.complete_date(column) if column.dtype == "str" else column).to_numpy().astype("datetime64[s]")
        mine = (group.number >= 0) & ~np.isnat(date)
        if limit is not None:
            mine &= date <= limit
        rows = np.flatnonzero(mine)
        rows = rows[np.argsort(date[rows], kind="stable")]
        latest = np.full(group.size, np.datetime64("NaT", "s"))
        latest[group.number[rows]] = date[rows]
        best = np.fmax(best, latest)
    return pd.Series(best)
