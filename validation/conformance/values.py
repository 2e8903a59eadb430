"""Which values a variable may have, by itself and beside others."""

from __future__ import annotations

import re
from itertools import chain

import numpy as np
import pandas as pd

from validation.conformance.general_check import general
from validation.conformance.names import WORD, Digits, Pair, bound, open_, told
from validation.conformance.names import filled as with_digits
from validation.conformance.view import Failure, Failures, View
from validation.wording import in_words

SHOWN = 3


def _shown(values: pd.Series, wrong: np.ndarray) -> str:
    """The first wrong values, for a message."""
    found = [f"{value:.10g}" if isinstance(value, float) else f"'{value}'" for value in values[wrong].tolist()[:SHOWN]]
    return ", ".join(found)


@general
def values(view: View, of: list[str], are: list[str | float], but: list[str] = []) -> Failures:  # noqa: B006
    """A variable has a value it may not have.

    `""` in `are` stands for missing too. A text variable is compared with the texts, a numeric one with the numbers of the list;
    one of a type of which the list has none is left to the rules of types.
    """
    may_lack = "" in are
    for name in dict.fromkeys(name for name, _ in chain.from_iterable(bound(each, view.variables, but) for each in of)):
        text = view.is_text(name)
        allowed = [each for each in are if isinstance(each, str) == text and each != ""]
        if not allowed or view.variables[name].type in ("date", "datetime", "time"):
            continue
        known = view.values(name)
        wrong = ~known.isin([*allowed, ""] if text else allowed).to_numpy(dtype=bool)
        mask = view.of_values(name, wrong) | (view.missing(name) & (not may_lack))
        if mask.any():
            may_be = ", ".join(map(_word, [*allowed, *([""] if may_lack else [])]))
            yield Failure(name, f"{_shown(known, wrong) or 'missing'}; it may be {may_be}", mask)


def _word(value: str | float) -> str:
    return "missing" if value == "" else f"{value:g}" if isinstance(value, float | int) else value


@general
def matching(view: View, of: str, pattern: str) -> Failures:
    """A value is not written as the standard asks."""
    for name, _ in bound(of, view.variables):
        if view.is_text(name):
            known = view.values(name)
            wrong = ~(known.str.fullmatch(pattern) | (known == "")).to_numpy(dtype=bool)
            if wrong.any():
                yield Failure(name, f"{_shown(known, wrong)} does not match {pattern}", view.of_values(name, wrong))


@general
def whole(view: View, of: str, least: float) -> Failures:
    """A number is not whole, or lower than it may be."""
    for name, _ in bound(of, view.variables):
        if not view.is_text(name) and view.variables[name].type in ("integer", "float"):
            known = view.values(name)
            wrong = ((known < least) | (known != known.round())).to_numpy(dtype=bool)
            if wrong.any():
                yield Failure(name, f"{_shown(known, wrong)}; it may be a whole number from {least:g} on", view.of_values(name, wrong))


@general
def expect(view: View, expect: str, where: str = "", of: str = "", but: list[str] = []) -> Failures:  # noqa: B006
    """Values that do not go together.

    The condition holds in every record `where` selects; an unknown condition fails nothing. Where a name has a place (`*SDT <= *EDT`) it is
    looked at for every variable the first such name, or `of`, fits. Nothing is looked at where a variable is not there.
    """
    lead = of or next((word for word in WORD.findall(f"{where} {expect}") if word[0] != '"' and open_(word)), "")
    found = list(bound(lead, view.variables, but)) if lead else [("", {})]
    for name, digits in found:
        condition = told(expect, digits)
        told_where = told(where, digits)
        selected = view.holds(told_where) if where else None
        if where and (selected is None or not selected[0].any()):
            continue
        answer = view.holds(condition)
        if answer is None:
            continue
        mask = answer[1] if selected is None else answer[1] & selected[0]
        if mask.any():
            said = f", where {in_words(told_where)}" if where else ""
            yield Failure(name or _first(condition), f"not so: {in_words(condition)}{said}", mask)


def _first(condition: str) -> str:
    return next(word for word in WORD.findall(condition) if word[0] != '"')


@general
def filled(view: View, of: str, wants: list[str]) -> Failures:
    """A value stands without one it needs.

    Where `of` has a value each of `wants` has one; of `A or B` one is enough. What is not there at all is left to `needs`.
    """
    for name, digits in bound(of, view.variables):
        for each in wants:
            others = [other for other in each_of(each, digits) if view.has(other)]
            if others:
                mask = ~view.missing(name) & np.logical_and.reduce([view.missing(other) for other in others])
                if mask.any():
                    yield Failure(name, f"{' and '.join(others)} missing beside it", mask)


def each_of(names: str, digits: Digits) -> list[str]:
    """The names of `A or B`."""
    return [with_digits(each, digits) for each in names.split(" or ")]


@general
def required_filled(view: View, but: list[str] = []) -> Failures:  # noqa: B006
    """A required variable has no value.

    The variables whose core is Req: define.xml says of them that they are mandatory. A flag that is Y or blank says something where it is
    blank; `but` are patterns of names that only some records need.
    """
    codelists = view.package.study.codelists
    for name, each in (view.declared.variables if view.declared is not None else {}).items():
        codelist = codelists.get(each.codelist)
        exempt = (codelist is not None and set(codelist.terms) == {"Y"}) or any(True for other in but for _ in bound(other, [name]))
        if each.core == "Req" and view.has(name) and not exempt:
            mask = view.missing(name)
            if mask.any():
                yield Failure(name, "it is missing, and define.xml calls it mandatory (core: Req)", mask)


DECIMALS = re.compile(r"[0-9]+\.([0-9]*)")
EXACT = 1e-9


@general
def shown_whole(view: View) -> Failures:
    """A number has more decimals than its format shows."""
    for name, each in view.variables.items():
        match = DECIMALS.fullmatch(each.format) if each.type in ("integer", "float") else None
        if match is None or view.is_text(name):
            continue
        known = view.values(name)
        shown = known.round(int(match[1] or 0))
        wrong = ((known - shown).abs() > EXACT * known.abs().clip(lower=1)).to_numpy(dtype=bool)
        if wrong.any():
            yield Failure(name, f"{_shown(known, wrong)} with format {each.format}", view.of_values(name, wrong))


@general
def secondary_filled(view: View, pairs: list[Pair]) -> Failures:
    """A primary variable has a value and its secondary one (xxxN, xxxC) has none."""
    yield from _unfilled(view, [pair for pair in pairs if not pair.may_lack], 0)


@general
def primary_filled(view: View, pairs: list[Pair]) -> Failures:
    """A secondary variable (xxxN, xxxC) has a value and its primary one has none."""
    yield from _unfilled(view, pairs, 1)


def _unfilled(view: View, pairs: list[Pair], side: int) -> Failures:
    for pair in pairs:
        for name, digits in bound(pair.of[side], view.variables):
            other = with_digits(pair.of[1 - side], digits)
            if view.has(other):
                mask = ~view.missing(name) & view.missing(other)
                if mask.any():
                    yield Failure(other, f"it is missing beside {name}", mask)


@general
def same_time(view: View, of: str, time: str) -> Failures:
    """The time of a datetime is not that of the time beside it."""
    for name, digits in bound(of, view.variables):
        other = with_digits(time, digits)
        if view.has(other) and view.variables[name].type == "datetime" and not view.is_text(other):
            moments = view.frame[name]
            seconds = (moments - moments.dt.normalize()).dt.total_seconds()
            mask = (moments.notna() & view.frame[other].notna() & (seconds != view.frame[other])).to_numpy(dtype=bool)
            if mask.any():
                yield Failure(name, f"{other} has another time", mask)


@general
def latest(view: View, of: str, among: str, began: str, still: str) -> Failures:
    """A date is not the latest of others.

    It may be missing where `still` holds, and while one of the others is to come: one that is missing though what it ends has begun (`began`,
    TRxxSDT of TRxxEDT), or of which nobody tells whether it has.
    """
    names = {name: with_digits(began, digits) for name, digits in bound(among, view.variables) if view.variables[name].type == "date"}
    if view.has(of) and view.variables[of].type == "date" and names:
        last, going = view.frame[list(names)].max(axis=1), view.holds(still)
        open_ended = going[0].copy() if going is not None else np.zeros(len(view.frame), dtype=bool)
        for end, start in names.items():
            open_ended |= view.missing(end) & (~view.missing(start) if view.has(start) else True)
        mask = (last.notna() & (last != view.frame[of])).to_numpy(dtype=bool) & ~(view.missing(of) & open_ended)
        if mask.any():
            yield Failure(of, f"it is not the latest of {', '.join(names)}", mask)
