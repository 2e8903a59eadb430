"""Checks of conditions on single records, and of uniqueness."""

from __future__ import annotations

from functools import reduce
from typing import Annotated, Any

import numpy as np
import pandas as pd

from validation.across import Across
from validation.argument_types import TWO, Condition, Conditions, Values, Variables
from validation.check import check
from validation.matching import differing, repeated
from validation.records import Records


@check("Expected {expect:that}[ where {where}]")
def expect(records: Records, expect: Condition, where: Condition | None = None) -> np.ndarray:
    """A condition is false.

    Missing: an unknown condition fails nothing.

    YAML:
        L-07: {expect: AP01EDT < AP02SDT}
    """
    rows, (_, not_held) = records.truth_where(expect, where)
    failed = np.zeros(len(records.frame), dtype=bool)
    failed[rows] = not_held
    return failed


@check("Expected {ordered} in ascending order[ where {where}]")
def ordered(records: Records, ordered: Annotated[Values, TWO], where: Condition | None = None) -> np.ndarray:
    """Values are not in ascending order.

    Equal values are in order. Missing values are skipped, so their neighbors are compared.

    YAML:
        L-05: {ordered: [TRTSDT, TRTEDT]}
    """
    failed = np.zeros(len(records.frame), dtype=bool)
    highest: pd.Series | None = None
    for value in ordered:
        column = records.evaluated(value)
        if highest is None:
            highest = column
            continue
        failed |= (column < highest).to_numpy(dtype=bool)
        highest = highest.where(highest.notna() & ~(column > highest), column.where(column.notna(), highest))
    return failed & records.selected(where)


@check("Expected all of these conditions or none: {equivalent}[ where {where}]")
def equivalent(records: Records, equivalent: Annotated[Conditions, TWO], where: Condition | None = None) -> np.ndarray:
    """Some of the conditions are true and some are false.

    Missing: an unknown condition is skipped.

    YAML:
        L-04: {equivalent: [SAFFL == "Y", not missing(TRTSDT)]}
    """
    found = [records.truth_where(condition, where) for condition in equivalent]
    held, not_held = (reduce(np.logical_or, masks) for masks in zip(*(truth for _, truth in found), strict=True))
    failed = np.zeros(len(records.frame), dtype=bool)
    failed[found[0][0]] = held & not_held
    return failed


@check("Expected each condition to imply the next: {implies}[ where {where}]")
def implies(records: Records, implies: Annotated[Conditions, TWO], where: Condition | None = None) -> np.ndarray:
    """A condition is true, but one that it implies is false.

    Missing: an unknown condition is skipped, so its neighbors are compared.

    YAML:
        L-03: {implies: [NIGATSFL == "Y", W8IGAFL == "Y", EEFL == "Y"]}
    """
    failed = np.zeros(len(records.frame), dtype=bool)
    before = failed.copy()
    for condition in implies:
        holds, fails = records.truth(condition)
        failed |= before & fails
        before = holds | (before & ~fails)
    return failed & records.selected(where)


@check("Expected one record for each {unique}[ where {where}]", across=Across(within="unique"))
def unique(records: Records, unique: Variables, where: Condition | None = None) -> np.ndarray:
    """Several records have the same values.

    Missing values are values here: two records without a date have the same date.

    YAML:
        A-16: {unique: [USUBJID, AEDECOD, ASTDT, AESEV], severity: warning}
    """
    selected = records.selected(where)
    failed = np.zeros(len(records.frame), dtype=bool)
    failed[selected] = repeated(records.numbered(unique)[selected])
    return failed


def _compared(records: Records, arguments: Any) -> list[list[str]]:  # noqa: ANN401  (its model is created)
    """The variables whose combinations of values are compared."""
    return [[*arguments.within, *arguments.one_to_one]]


@check(
    "Expected one value of each of {one_to_one} for each value of the others[ within {within}][ where {where}]",
    across=Across(within="within", combinations=_compared),
)
def one_to_one(records: Records, one_to_one: Annotated[Variables, TWO], within: Variables = [], where: Condition | None = None) -> np.ndarray:  # noqa: B006
    """A value occurs with several values of another variable.

    Missing values are values here. `within` limits the comparison, for example to one parameter.

    YAML:
        E-22: {one_to_one: [AVAL, AVALC], within: [PARAM]}
    """
    selected = records.selected(where)
    failed = np.zeros(len(records.frame), dtype=bool)
    groups = {name: records.numbered([*within, name])[selected] for name in one_to_one}
    values = {name: records.numbered([name])[selected] for name in one_to_one}
    for first in one_to_one:
        for second in one_to_one:
            if first != second:
                failed[selected] |= differing(groups[first], values[second])
    return failed
