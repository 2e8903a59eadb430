"""Checks of which values a variable may have, alone and together with other variables."""

from __future__ import annotations

import re
from itertools import chain

import numpy as np
import pandas as pd

from validation.check import Failure, Failures, check
from validation.delivery import DeliveredDataset
from validation.name_patterns import Digits, Pair, fill_places, matches

SHOWN = 3


def _shown(values: pd.Series, wrong: np.ndarray) -> str:
    """Return the first failing values, for a message."""
    found = [f"{value:.10g}" if isinstance(value, float) else f"'{value}'" for value in values[wrong].tolist()[:SHOWN]]
    return ", ".join(found)


@check()
def one_of(delivered: DeliveredDataset, of: list[str], allowed: list[str | float], but: list[str] = []) -> Failures:  # noqa: B006
    """A value is not allowed.

    `""` in `allowed` means missing too. A text variable is compared with the texts of the list, a numeric one with the numbers; a variable of a
    type that the list does not have is skipped.
    """
    may_lack = "" in allowed
    for name in dict.fromkeys(name for name, _ in chain.from_iterable(matches(each, delivered.variables, but) for each in of)):
        text = delivered.is_text(name)
        values = [each for each in allowed if isinstance(each, str) == text and each != ""]
        if not values or delivered.variables[name].type in ("date", "datetime", "time"):
            continue
        known = delivered.distinct_values(name)
        wrong = ~known.isin([*values, ""] if text else values).to_numpy(dtype=bool)
        mask = delivered.records_with(name, wrong) | (delivered.missing(name) & (not may_lack))
        if mask.any():
            expected = ", ".join(map(_word, [*values, *([""] if may_lack else [])]))
            yield Failure(name, f"{_shown(known, wrong) or 'missing'}; allowed are {expected}", mask)


def _word(value: str | float) -> str:
    return "missing" if value == "" else f"{value:g}" if isinstance(value, float | int) else value


@check()
def matching(delivered: DeliveredDataset, of: str, pattern: str) -> Failures:
    """A value does not have the format the standard requires."""
    for name, _ in matches(of, delivered.variables):
        if delivered.is_text(name):
            known = delivered.distinct_values(name)
            wrong = ~(known.str.fullmatch(pattern) | (known == "")).to_numpy(dtype=bool)
            if wrong.any():
                yield Failure(name, f"{_shown(known, wrong)} does not match {pattern}", delivered.records_with(name, wrong))


@check()
def whole_number(delivered: DeliveredDataset, of: str, least: float) -> Failures:
    """A value is not a whole number, or too small."""
    for name, _ in matches(of, delivered.variables):
        if not delivered.is_text(name) and delivered.variables[name].type in ("integer", "float"):
            known = delivered.distinct_values(name)
            wrong = ((known < least) | (known != known.round())).to_numpy(dtype=bool)
            if wrong.any():
                yield Failure(name, f"{_shown(known, wrong)}; expected a whole number of at least {least:g}", delivered.records_with(name, wrong))


@check(per_records=True)
def filled_with(delivered: DeliveredDataset, of: str, requires: list[str]) -> Failures:
    """A value requires a value of another variable.

    Where `of` has a value each of `requires` has one; of `A or B` one is enough. Variables that the dataset lacks are left to `variable_requires`.
    """
    for name, digits in matches(of, delivered.variables):
        for each in requires:
            others = [other for other in each_of(each, digits) if delivered.has(other)]
            if others:
                mask = ~delivered.missing(name) & np.logical_and.reduce([delivered.missing(other) for other in others])
                if mask.any():
                    yield Failure(name, f"{name} has a value, but {' and '.join(others)} {'are' if len(others) > 1 else 'is'} missing", mask)


def each_of(names: str, digits: Digits) -> list[str]:
    """Return the names of `A or B`."""
    return [fill_places(each, digits) for each in names.split(" or ")]


@check()
def required_filled(delivered: DeliveredDataset, but: list[str] = []) -> Failures:  # noqa: B006
    """A required value is missing.

    The check applies to variables with core Req, except flags whose only term is Y; `but` are patterns of names that only some records
    require. In define.xml such a variable is mandatory only if no record lacks a value.
    """
    codelists = delivered.delivery.study.codelists
    for name, each in (delivered.declared.variables if delivered.declared is not None else {}).items():
        codelist = codelists.get(each.codelist)
        exempt = (codelist is not None and set(codelist.terms) == {"Y"}) or any(True for other in but for _ in matches(other, [name]))
        if each.core == "Req" and delivered.has(name) and not exempt:
            mask = delivered.missing(name)
            if mask.any():
                yield Failure(name, f"the standard requires {name} (core: Req)", mask)


DECIMALS = re.compile(r"[0-9]+\.([0-9]*)")
EXACT = 1e-9


@check()
def shown_whole(delivered: DeliveredDataset) -> Failures:
    """A number has more decimals than its format displays."""
    for name, each in delivered.variables.items():
        match = DECIMALS.fullmatch(each.format) if each.type in ("integer", "float") else None
        if match is None or delivered.is_text(name):
            continue
        known = delivered.distinct_values(name)
        shown = known.round(int(match[1] or 0))
        wrong = ((known - shown).abs() > EXACT * known.abs().clip(lower=1)).to_numpy(dtype=bool)
        if wrong.any():
            yield Failure(name, f"{_shown(known, wrong)} with format {each.format}", delivered.records_with(name, wrong))


@check()
def secondary_filled(delivered: DeliveredDataset, pairs: list[Pair]) -> Failures:
    """A primary variable has a value, but its secondary variable (xxxN, xxxC) is missing."""
    yield from _unfilled(delivered, [pair for pair in pairs if not pair.may_lack], 0)


@check()
def primary_filled(delivered: DeliveredDataset, pairs: list[Pair]) -> Failures:
    """A secondary variable (xxxN, xxxC) has a value, but its primary variable is missing."""
    yield from _unfilled(delivered, pairs, 1)


def _unfilled(delivered: DeliveredDataset, pairs: list[Pair], side: int) -> Failures:
    for pair in pairs:
        for name, digits in matches(pair.of[side], delivered.variables):
            other = fill_places(pair.of[1 - side], digits)
            if delivered.has(other):
                mask = ~delivered.missing(name) & delivered.missing(other)
                if mask.any():
                    yield Failure(other, f"{name} has a value, but {other} is missing", mask)


@check()
def same_time(delivered: DeliveredDataset, of: str, time: str) -> Failures:
    """The time of a datetime differs from the time variable."""
    for name, digits in matches(of, delivered.variables):
        other = fill_places(time, digits)
        if delivered.has(other) and delivered.variables[name].type == "datetime" and not delivered.is_text(other):
            moments = delivered.frame[name]
            seconds = (moments - moments.dt.normalize()).dt.total_seconds()
            mask = (moments.notna() & delivered.frame[other].notna() & (seconds != delivered.frame[other])).to_numpy(dtype=bool)
            if mask.any():
                yield Failure(name, f"expected the time of {other}", mask)


@check()
def latest(delivered: DeliveredDataset, of: str, among: str, started: str, ongoing: str) -> Failures:
    """A date is not the latest of its dates.

    It may be missing where `ongoing` is true, and while one of the others is expected: one that is missing although its start (`started`, TRxxSDT of
    TRxxEDT) has a value, or whose start is not in the dataset.
    """
    names = {name: fill_places(started, digits) for name, digits in matches(among, delivered.variables) if delivered.variables[name].type == "date"}
    if delivered.has(of) and delivered.variables[of].type == "date" and names:
        last, going = delivered.frame[list(names)].max(axis=1), delivered.outcome(ongoing)
        open_ended = going[0].copy() if going is not None else np.zeros(len(delivered.frame), dtype=bool)
        for end, start in names.items():
            open_ended |= delivered.missing(end) & (~delivered.missing(start) if delivered.has(start) else True)
        mask = (last.notna() & (last != delivered.frame[of])).to_numpy(dtype=bool) & ~(delivered.missing(of) & open_ended)
        if mask.any():
            yield Failure(of, f"expected the latest of {', '.join(names)}", mask)
