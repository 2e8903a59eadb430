"""Which variables are there: those that must be, those that may not, those that go together."""

from __future__ import annotations

import re
from itertools import chain

from validation.conformance.general_check import general
from validation.conformance.names import Digits, Pair, bound, filled, open_, pattern
from validation.conformance.view import Failure, Failures, View


@general
def present(view: View, any_of: list[str], source: str = "") -> Failures:
    """A variable that must be there is not.

    One of `any_of` is enough. With `source: EX` only if that domain was collected.
    """
    collected = not source or source in view.package.sources
    if collected and not any(view.has(name) for name in any_of):
        yield Failure("", " or ".join(any_of))


@general
def required(view: View, but: list[str] = []) -> Failures:  # noqa: B006
    """A variable that the standard requires is not there.

    The variables of the standard's dictionary with core Req, of ANY and of the class; `but` are patterns of those that only some of the class have.
    """
    dictionary, own = view.package.standard, view.held.class_
    cores = {name: entry.core for section in ("ANY", own) for name, entry in dictionary.get(section, {}).items() if entry.core}
    for name, core in cores.items():
        if core == "Req" and not open_(name) and not view.has(name) and not any(pattern(each).fullmatch(name) for each in but):
            yield Failure("", name)


@general
def forbidden(view: View, of: list[str]) -> Failures:
    """A variable that this class of dataset does not have is there."""
    for name, _ in chain.from_iterable(bound(each, view.variables) for each in of):
        yield Failure(name, "this class does not have it")


@general
def needs(view: View, has: list[str], wants: list[str], but: list[str] = []) -> Failures:  # noqa: B006
    """A variable is there without one it needs.

    Where all of `has` are there, one of `wants` is; `A and B` there stands for both. Places of the first name are those of the others;
    `but` are patterns of names that are something else.
    """
    for name, digits in bound(has[0], view.variables, but):
        if all(view.has(filled(each, digits)) for each in has[1:]) and not any(_all(view, each, digits) for each in wants):
            yield Failure(name, f"there is no {' or '.join(filled(each, digits) for each in wants)}")


def _all(view: View, names: str, digits: Digits) -> bool:
    return all(view.has(filled(each, digits)) for each in names.split(" and "))


@general
def primary_present(view: View, pairs: list[Pair]) -> Failures:
    """A secondary variable (xxxN, xxxC) is there without its primary one."""
    for pair in pairs:
        primary, secondary = pair.of
        for name, digits in bound(secondary, view.variables):
            if not view.has(filled(primary, digits)):
                yield Failure(name, f"there is no {filled(primary, digits)}")


@general
def numbered(view: View, stem: str, ends: list[str], digits: int = 2) -> Failures:
    """The number in a name is not one it may have.

    A name that is `stem`, digits and one of `ends` has that many `digits`, not only zeros: 01 to 99, or 1 to 9.
    """
    first, last = f"{1:0{digits}}", "9" * digits
    for name in view.variables:
        match = re.fullmatch(rf"{stem}(\d+)(?:{'|'.join(ends)})", name)
        if match and (len(match[1]) != digits or not int(match[1])):
            yield Failure(name, f"{match[1]} is not one of {first} to {last}")
