"""Checks of which variables a dataset has: required, forbidden, and required by another variable."""

from __future__ import annotations

import re
from itertools import chain

from validation.check import Failure, Failures, check
from validation.delivery import DeliveredDataset
from validation.name_patterns import Digits, Pair, fill_places, has_place, matches, pattern


@check(of_variables=True)
def present(delivered: DeliveredDataset, any_of: list[str], source: str = "") -> Failures:
    """A required variable is missing.

    One of `any_of` is enough. With `source: EX` the check applies only if that domain was collected.
    """
    collected = not source or source in delivered.delivery.sources
    if collected and not any(delivered.has(name) for name in any_of):
        yield Failure("", " or ".join(any_of))


@check(of_variables=True)
def required(delivered: DeliveredDataset, but: list[str] = [], subclass: str = "") -> Failures:  # noqa: B006
    """A variable that the standard requires is missing.

    These are the variables with core Req in the dictionary of the standard, under ANY, under the class of the dataset and
    under `subclass`. `but` are patterns of variables that only some datasets of the class have.
    """
    dictionary, own = delivered.delivery.standard, delivered.dataset.class_
    cores = {name: entry.core for section in ("ANY", own, subclass) for name, entry in dictionary.get(section, {}).items() if entry.core}
    for name, core in cores.items():
        if core == "Req" and not has_place(name) and not delivered.has(name) and not any(pattern(each).fullmatch(name) for each in but):
            yield Failure("", name)


@check(of_variables=True)
def forbidden(delivered: DeliveredDataset, of: list[str]) -> Failures:
    """The standard does not allow this variable in this class of dataset."""
    for name, _ in chain.from_iterable(matches(each, delivered.variables) for each in of):
        yield Failure(name, name)


@check(of_variables=True)
def variable_requires(delivered: DeliveredDataset, has: list[str], requires: list[str], but: list[str] = []) -> Failures:  # noqa: B006
    """A variable exists without the variable it requires.

    A dataset with all variables of `has` has one of `requires`; `A and B` there means both. The places of the first name are filled in the
    others; `but` are patterns of names to skip.
    """
    for name, digits in matches(has[0], delivered.variables, but):
        if all(delivered.has(fill_places(each, digits)) for each in has[1:]) and not any(_all(delivered, each, digits) for each in requires):
            yield Failure(name, f"{name} requires {' or '.join(fill_places(each, digits) for each in requires)}")


def _all(delivered: DeliveredDataset, names: str, digits: Digits) -> bool:
    return all(delivered.has(fill_places(each, digits)) for each in names.split(" and "))


@check(of_variables=True)
def primary_present(delivered: DeliveredDataset, pairs: list[Pair]) -> Failures:
    """A secondary variable (xxxN, xxxC) exists without its primary variable."""
    for pair in pairs:
        primary, secondary = pair.of
        for name, digits in matches(secondary, delivered.variables):
            if not delivered.has(fill_places(primary, digits)):
                yield Failure(name, f"{name} requires {fill_places(primary, digits)}")


@check(of_variables=True)
def numbered(delivered: DeliveredDataset, stem: str, ends: list[str], digits: int = 2) -> Failures:
    """The number in a variable name is not valid.

    A name of `stem`, digits and one of `ends` has that many `digits`, not only zeros: 01 to 99, or 1 to 9.
    """
    first, last = f"{1:0{digits}}", "9" * digits
    for name in delivered.variables:
        match = re.fullmatch(rf"{stem}(\d+)(?:{'|'.join(ends)})", name)
        if match and (len(match[1]) != digits or not int(match[1])):
            yield Failure(name, f"{match[1]}; expected {first} to {last}")
