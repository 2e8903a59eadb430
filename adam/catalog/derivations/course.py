"""The course of a value: what earlier records of the dataset hold, and whether later records confirm it."""

from __future__ import annotations

from typing import Annotated, Any

import numpy as np
import pandas as pd
from pydantic import Field

from adam.catalog.contract import Contract, always
from adam.catalog.derivation import AnyValue, Condition, Date, Group, Number, Options, Order, Text, along
from adam.catalog.derivations.sequences import group_text
from adam.catalog.prose import Prose, joined
from adam.core.kinds import is_true

DAY = np.timedelta64(86400, "s")


def _nadir_text(arguments: Any, prose: Prose) -> str:  # noqa: ANN401
    records = f"of the earlier records of {group_text(arguments, prose)}{prose.where(arguments.where)}"
    return f"The lowest {prose.value(arguments.of)} {records}, in the order of {prose.order(arguments.order)}."


def _previous_text(arguments: Any, prose: Prose) -> str:  # noqa: ANN401
    records = f"of the record before, among those of {group_text(arguments, prose)}{prose.where(arguments.where)}"
    return f"{prose.value(arguments.of)} {records}, in the order of {prose.order(arguments.order)}."


def _matching(where: pd.Series | None, size: int) -> np.ndarray:
    return np.ones(size, dtype=bool) if where is None else is_true(where)


def _sorted(group: Group, order: np.ndarray) -> np.ndarray:
    """The records of all groups, group by group in their order."""
    rows = np.flatnonzero(group.number >= 0)
    return rows[np.lexsort((order[rows], group.number[rows]))]


@along(Contract(_nadir_text))
def nadir(of: Number, group: Group, order: Order, where: Condition | None = None) -> Number:
    """Return the lowest value of the earlier records of each group.

    The record itself and later ones do not count. `where` restricts the records that count, not those that get a value.

    Units: that of `of`.
    Missing: missing where no earlier record has a value.
    Source: RECIST 1.1 section 4.3.1, progressive disease ("the smallest sum on study", baseline included); admiralonco, nadir.

    YAML:
        NADIR: {nadir: {of: AVAL, within: [PARAMCD], order: [ADT]}}

    >>> nadir(pd.Series([50.0, 30.0, 40.0]), Group(np.array([0, 0, 0]), 1), np.array([0, 1, 2])).tolist()
    [nan, 50.0, 30.0]
    """
    rows = _sorted(group, order)
    counted = of.where(_matching(where, len(of))).iloc[rows].reset_index(drop=True)
    number = group.number[rows]
    lowest = counted.groupby(number).cummin().groupby(number).ffill().groupby(number).shift(1)
    result = np.full(len(of), np.nan)
    result[rows] = lowest.to_numpy()
    return pd.Series(result, index=of.index)


@along(Contract(_previous_text))
def previous(of: AnyValue, group: Group, order: Order, where: Condition | None = None) -> AnyValue:
    """Return the value of the record before, in each group.

    `where` restricts the records that can be the one before, not those that get a value.

    Missing: missing or blank on the first record; the value of the record before is taken even if it is missing.
    Source: admiral derive_vars_joined (join_type = "before", mode = "last").

    YAML:
        PREVDT: {label: Date of Previous Assessment, previous: {of: ADT, where: AVALC != "NE", within: [PARAMCD], order: [ADT]}}

    >>> previous(pd.Series([50.0, 30.0, 40.0]), Group(np.array([0, 0, 0]), 1), np.array([2, 0, 1])).tolist()
    [40.0, nan, 30.0]
    """
    rows = _sorted(group, order)
    place = pd.Series(np.where(_matching(where, len(of))[rows], rows, -1)).replace(-1, np.nan)
    before = place.groupby(group.number[rows]).ffill().groupby(group.number[rows]).shift(1)
    source = np.full(len(of), -1)
    source[rows] = before.fillna(-1).to_numpy(dtype="int64")
    found = of.reset_index(drop=True).reindex(source)
    return found.fillna("").astype("str").set_axis(of.index) if of.dtype == "str" else found.set_axis(of.index)


class Limit(Options):
    """How many of the records in between may match a condition."""

    when: Condition
    count: Annotated[int, Field(ge=0)]


def _confirmed_text(arguments: Any, prose: Prose) -> str:  # noqa: ANN401
    later = prose.condition(arguments.later if arguments.later is not None else arguments.when)
    parts = [f'"Y" if {prose.condition(arguments.when)} and {later} on a later record of {group_text(arguments, prose)}']
    parts += [prose.where(arguments.where), f", at least {arguments.days} days after {prose.value(arguments.date)}"]
    parts += [f", and on every record in between {prose.condition(arguments.between)}"] if arguments.between is not None else []
    limits = [f"{prose.condition(each.when)} on at most {each.count} of them" for each in arguments.at_most]
    parts += [f", with {joined(limits)}"] if limits else []
    return f"{''.join(parts)}; otherwise blank."


@along(Contract(_confirmed_text, possible_terms=always("Y")))
def confirmed(
    when: Condition,
    date: Date,
    group: Group,
    order: Order,
    *,
    days: Annotated[int, Field(ge=0)],
    later: Condition | None = None,
    between: Condition | None = None,
    at_most: list[Limit] = [],  # noqa: B006  (a default of the model, never changed)
) -> Text:
    """Return Y on each record with an event that a later record of the group confirms, blank elsewhere.

    The later record is at least `days` days after it and matches `later` (`when` without it). Every record in between matches `between`,
    and at most `count` of them match `when` of an entry of `at_most`. Records that do not match `where` are left out.

    Units: days.
    Missing: an unknown condition is not true; a record without a date confirms nothing.
    Source: RECIST 1.1 section 4.4, confirmation; admiral filter_joined; admiralonco, confirmed response.

    YAML:
        CRCFL:
          label: Confirmed Complete Response Flag
          codelist: Y
          confirmed:
            when: AVALC == "CR"
            date: ADT
            days: 28
            between: AVALC in ("CR", "NE")
            at_most: [{when: AVALC == "NE", count: 1}]
            where: ANL01FL == "Y"
            within: [PARAMCD]
            order: [ADT]

    >>> from adam.core.kinds import dates
    >>> response = pd.Series([True, False, True], dtype="boolean")
    >>> day = dates("2024-01-01", "2024-01-15", "2024-02-01")
    >>> confirmed(response, day, Group(np.array([0, 0, 0]), 1), np.array([0, 1, 2]), days=28).tolist()
    ['Y', '', '']
    """
    rows = _sorted(group, order)
    first, second = is_true(when)[rows], is_true(when if later is None else later)[rows]
    allowed = is_true(between)[rows] if between is not None else np.ones(len(rows), dtype=bool)
    limited = [(is_true(each.when)[rows], each.count) for each in at_most]
    day, number = date.to_numpy().astype("datetime64[s]")[rows], group.number[rows]
    found, open_ = np.zeros(len(rows), dtype=bool), np.flatnonzero(first)
    seen, step = [np.zeros(len(open_), dtype="int64") for _ in limited], 1
    while len(open_):
        inside = open_ + step < len(rows)
        inside[inside] = number[open_[inside] + step] == number[open_[inside]]
        open_, seen = open_[inside], [counts[inside] for counts in seen]
        other = open_ + step
        found[open_] |= second[other] & ((day[other] - day[open_]) / DAY >= days)
        seen = [counts + matches[other] for counts, (matches, _) in zip(seen, limited, strict=True)]
        goes_on = ~found[open_] & allowed[other]
        for counts, (_, most) in zip(seen, limited, strict=True):
            goes_on &= counts <= most
        open_, seen, step = open_[goes_on], [counts[goes_on] for counts in seen], step + 1
    result = np.full(len(when), "", dtype=object)
    result[rows[found]] = "Y"
    return pd.Series(result, index=when.index, dtype="str")
