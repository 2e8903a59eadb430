"""Values within groups of records: one to one, once, a record that must be there."""

from __future__ import annotations

import numpy as np
import pandas as pd

from validation.conformance.general_check import general
from validation.conformance.names import bound, filled
from validation.conformance.view import Failure, Failures, View
from validation.wording import in_words


@general
def maps(view: View, each: str, to: str, within: list[str] = [], both: bool = False, blank: bool = False) -> Failures:  # noqa: B006
    """A value goes with several values of another variable.

    Of each value of `each`, within one combination of `within`, there is at most one value of `to`; with `both` also the other way.
    Records in which one of the two is missing are not looked at; with `blank` a missing `to` is a value too.
    """
    if not all(view.has(around) for around in within):
        return
    for name, digits in bound(each, view.variables):
        for other, _ in bound(filled(to, digits), view.variables):
            for one, several in [(name, other), (other, name)] if both else [(name, other)]:
                mask = _several(view, within, one, several, blank)
                if mask.any():
                    around = f" within {', '.join(within)}" if within else ""
                    yield Failure(one, f"one {one} goes with several {several}{around}", mask)


def _several(view: View, within: list[str], one: str, several: str, blank: bool) -> np.ndarray:
    """The records whose value of `one` goes with several of another."""
    filled_in = ~view.missing(one) & (~view.missing(several) | blank)
    codes = view.codes(several) + 1
    width = int(codes.max(initial=0)) + 1
    group = view.group([*within, one])
    pairs = pd.unique(pd.Series((group * width + codes)[filled_in]))
    lefts = pd.Series(pairs // width)
    return filled_in & np.isin(group, lefts[lefts.duplicated()].to_numpy())


@general
def once(view: View, by: list[str], where: str = "") -> Failures:
    """Several records share values that only one may have.

    Of the records `where` selects; a variable of `by` that is not there is left out, but for the first.
    """
    selected = view.holds(where) if where else None
    if not view.has(by[0]) or (where and selected is None):
        return
    names = [name for name in by if view.has(name)]
    mine = selected[0] if selected is not None else np.ones(len(view.frame), dtype=bool)
    group = pd.Series(view.group(names))[mine]
    mask = np.zeros(len(view.frame), dtype=bool)
    mask[group[group.duplicated(keep=False)].index] = True
    if mask.any():
        said = f" where {in_words(where)}" if where else ""
        yield Failure("" if where else by[0], f"several records share {', '.join(names)}{said}", mask)


@general
def some_record(view: View, where: str, has: str, within: list[str]) -> Failures:
    """A record lacks another one it needs.

    In each combination of `within` that has a record with `where` there is one with `has`.
    """
    asking, answering = view.holds(where), view.holds(has)
    if asking is None or answering is None or not all(view.has(name) for name in within):
        return
    group = view.group(within)
    mask = asking[0] & ~np.isin(group, group[answering[0]])
    if mask.any():
        yield Failure("", f"where {in_words(where)}, there is no record where {in_words(has)} of the same {', '.join(within)}", mask)
