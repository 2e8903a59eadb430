"""Derivations over the records of one source: one value for each group."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from adam.catalog.contract import Contract, Selection, always
from adam.catalog.derivation import Action, AnyValue, Condition, Derived, Group, Issue, Number, Order, Text, summary
from adam.catalog.prose import Prose, joined, sentence
from adam.core import decimals
from adam.core.coded_text import chosen_text
from adam.core.kinds import ValueKind, is_missing, is_true, missing_column


def _at(column: pd.Series, group: Group, rows: np.ndarray) -> pd.Series:
    """The values at `rows`, each in its group; missing or blank where a group has no row."""
    place = np.full(group.size, -1)
    place[group.number[rows]] = rows
    values = pd.Series(column.array.take(place, allow_fill=True)) if len(column) else _nothing(column, group.size)
    return values.fillna("") if column.dtype == "str" else values


def _nothing(column: pd.Series, size: int) -> pd.Series:
    kind = ValueKind.TEXT if column.dtype == "str" else ValueKind.DATE if column.dtype.kind == "M" else ValueKind.NUMBER
    return missing_column(kind, pd.RangeIndex(size))


def group_text(arguments: Any, prose: Prose) -> str:  # noqa: ANN401
    """Which records count: those of the subject, or of `within`, that match `where`."""
    within = [prose.value(name) for name in arguments.within or ()]
    same = f" with the same {joined(within)}" if within else ""
    return f"{same}{prose.where(arguments.where)}"


def _single_text(arguments: Any, prose: Prose) -> str:  # noqa: ANN401
    return sentence(f"{prose.part(arguments.of)} of the {prose.record}{group_text(arguments, prose)}")


def _extreme_text(last: bool) -> Callable[[Any, Prose], str]:
    def text(arguments: Any, prose: Prose) -> str:  # noqa: ANN401
        of, group = prose.part(arguments.of), group_text(arguments, prose)
        if arguments.order:
            place = "last" if last else "first"
            return sentence(f"{of} of the {place} {prose.record}{group}, in the order of {prose.order(arguments.order)}")
        value = of.removeprefix("the ") if of.startswith("the ") else of if prose.kind in DATED else f"value of {of}"
        lowest = ("latest" if last else "earliest") if of.endswith("DTC") else prose.lowest(last)
        return f"The {lowest} {value} among the {prose.records}{group}."

    return text


def _sum_text(arguments: Any, prose: Prose) -> str:  # noqa: ANN401
    return f"The sum of {prose.value(arguments.of)} over the {prose.records}{group_text(arguments, prose)}; missing values are left out."


def _exists_text(otherwise: str) -> Callable[[Any, Prose], str]:
    def text(arguments: Any, prose: Prose) -> str:  # noqa: ANN401
        article = "an" if prose.record[:1] in "AEFHILMNORSX" else "a"
        return f'"Y" if the subject has {article} {prose.record}{group_text(arguments, prose)}; otherwise {otherwise}.'

    return text


DATED = (ValueKind.DATE, ValueKind.DATETIME)
SINGLE = Contract(_single_text, selection=lambda arguments: Selection.SINGLE)
FIRST = Contract(_extreme_text(last=False), selection=lambda arguments: Selection.FIRST if arguments.order else Selection.LOWEST)
LAST = Contract(_extreme_text(last=True), selection=lambda arguments: Selection.LAST if arguments.order else Selection.HIGHEST)
SUM = Contract(_sum_text, selection=lambda arguments: Selection.SUM)
EXISTS_YN = Contract(_exists_text('"N"'), possible_terms=always("Y", "N"))
EXISTS = Contract(_exists_text("blank"), possible_terms=always("Y"), selection=lambda arguments: Selection.EXISTS)


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


@summary(SINGLE)
def single(of: AnyValue, group: Group, *, order: Order | None = None) -> AnyValue:
    """Return the value of the only matching record.

    Missing: missing without a record.
    Errors: several matching records are a finding of severity error; the first in `order`, else in the order of the source, is used.
    Source: admiral derive_vars_merged.

    YAML:
        RANDDT: {single: {of: DS.STDT, where: DS.DSDECOD == "RANDOMIZED", order: [DS.STDT, DS.DSSEQ]}}

    >>> single(pd.Series([5.0, 6.0]), Group(np.array([0, 1]), 3)).column.tolist()
    [5.0, 6.0, nan]
    """
    rows = np.flatnonzero(group.number >= 0)
    counts = np.bincount(group.number[rows], minlength=group.size)
    values = _at(of, group, rows[::-1]) if order is None else _extreme(of, group, order, last=False)
    return Derived(values, (Issue("Several records match where one is expected; the first is used", counts > 1, Action.ERROR),))


@summary(FIRST)
def first(of: AnyValue, group: Group, *, order: Order | None = None) -> AnyValue:
    """Return the lowest value that is not missing; with `order` the value of the first record, missing or not.

    Missing: missing without a record.
    Source: admiral derive_vars_merged(mode = "first").

    YAML:
        FEXDT: {first: {of: date(EX.EXSTDTC), where: EX.VALIDFL == "Y"}}

    >>> first(pd.Series([5.0, None, 3.0]), Group(np.array([0, 0, 0]), 1)).tolist()
    [3.0]
    """
    return _extreme(of, group, order, last=False)


@summary(LAST)
def last(of: AnyValue, group: Group, *, order: Order | None = None) -> AnyValue:
    """Return the highest value that is not missing; with `order` the value of the last record, missing or not.

    Missing: missing without a record.
    Source: admiral derive_vars_merged(mode = "last").

    YAML:
        EOSDECOD: {last: {of: DS.DSDECOD, order: [DS.STDT, DS.DSSEQ]}}

    >>> last(pd.Series([5.0, None, 3.0]), Group(np.array([0, 0, 0]), 1)).tolist()
    [5.0]
    """
    return _extreme(of, group, order, last=True)


@summary(SUM, "sum")
def sum_(of: Number, group: Group) -> Number:
    """Return the sum of the values that are not missing, in decimal arithmetic: ten times 0.1 is 1.

    Missing: missing where a group has no value. A note reports how many records have none.
    Source: admiral derive_vars_merged_summary.

    YAML:
        MMSETOT: {sum: {of: number(QS.QSORRES), where: QS.QSCAT == "MMSE"}}

    >>> sum_(pd.Series([1.0, 2.0, None]), Group(np.array([0, 0, 1]), 2)).column.tolist()
    [3.0, nan]
    """
    sums, counts = decimals.group_sums(of.to_numpy(), group.number, group.size)
    records = np.bincount(group.number[group.number >= 0], minlength=group.size)
    without = records - counts
    text, numbers = "The sum leaves out {} of {} records that have no value", (int(without.sum()), int(records.sum()))
    return Derived(pd.Series(np.where(counts > 0, sums, np.nan)), (Issue(text, without > 0, Action.NOTE, counts=numbers),))


@summary(EXISTS)
def exists(where: Condition, group: Group) -> Text:
    """Return Y where some record matches, else blank.

    Missing: an unknown condition does not match.
    Source: admiral derive_var_merged_exist_flag.

    YAML:
        LTSDISP: {exists: EX.EPOCH == "CONTINUATION TREATMENT"}

    >>> exists(pd.Series([True, None], dtype="boolean"), Group(np.array([0, 1]), 2)).tolist()
    ['Y', '']
    """
    return chosen_text(_matches(where, group), "Y", "")


@summary(EXISTS_YN)
def exists_yn(where: Condition, group: Group) -> Text:
    """Return Y where some record matches, else N.

    Missing: an unknown condition does not match, so a population flag is never blank.
    Source: ADaMIG, population flags; admiral derive_var_merged_exist_flag(false_value = "N", missing_value = "N").

    YAML:
        SAFFL: {exists_yn: EX.EXDOSE > 0}

    >>> exists_yn(pd.Series([True, None], dtype="boolean"), Group(np.array([0, 1]), 3)).tolist()
    ['Y', 'N', 'N']
    """
    return chosen_text(_matches(where, group), "Y", "N")


def _matches(where: pd.Series, group: Group) -> np.ndarray:
    """The groups with a record that matches."""
    matches = np.zeros(group.size, dtype=bool)
    matches[group.number[is_true(where) & (group.number >= 0)]] = True
    return matches
