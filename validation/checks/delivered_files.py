"""Checks of the delivery as a whole: its datasets and their files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import BaseModel

from validation.across import Across
from validation.check import Failure, Failures, check
from validation.contracts import source_of
from validation.delivery import DeliveredDataset, Delivery
from validation.records import subject_level


@check()
def subjects_delivered(delivery: Delivery) -> Failures:
    """The delivery has no subject-level dataset."""
    if delivery.whole and not delivery.subjects:
        yield Failure("", f"expected {subject_level(delivery.datasets) or 'a dataset of that class'}")


@check()
def all_delivered(delivery: Delivery) -> Failures:
    """A dataset of the specification is missing."""
    lacking = [name for name in delivery.datasets if name not in delivery.held and name not in delivery.unreadable]
    if delivery.whole and lacking:
        yield Failure("", ", ".join(lacking))


@check()
def all_declared(delivery: Delivery) -> Failures:
    """The dataset is not in the specification."""
    extra = [name for name in delivery.sizes if name not in delivery.study.datasets]
    if extra:
        yield Failure("", ", ".join(extra))


@check()
def readable(delivery: Delivery) -> Failures:
    """The file is not a readable transport file."""
    for name, why in delivery.unreadable.items():
        yield Failure(name, why)


@check()
def size_at_most(delivery: Delivery, bytes: int) -> Failures:  # noqa: A002  (the unit of the standard)
    """The file is larger than the limit."""
    for name, size in delivery.sizes.items():
        if size > bytes:
            yield Failure(name, f"{name} has {size} bytes; the limit is {bytes}")


def _number(delivered: DeliveredDataset) -> int:
    """How many records there are."""
    return len(delivered.frame)


def _no_records(delivered: DeliveredDataset, numbers: Sequence[int]) -> Failures:
    if not sum(numbers) and not _may_be_empty(delivered):
        yield Failure("", "expected at least one")


@check(across=Across(summary=_number, merged=_no_records))
def some_records(delivered: DeliveredDataset) -> Failures:
    """The dataset has no records."""
    yield from _no_records(delivered, [len(delivered.frame)])


def _may_be_empty(delivered: DeliveredDataset) -> bool:
    """Whether the study declares the source domain of the dataset as optional."""
    source = source_of(delivered.declared) if delivered.declared is not None else None
    use = delivered.study.sources.get(source.domain) if source is not None else None
    return use is not None and use.may_be_absent


def _texts(delivered: Any, arguments: BaseModel) -> Iterator[tuple[str, str]]:  # noqa: ANN401  (a dataset with the others of its delivery)
    """Yield the text variables of the dataset, in each dataset that has them, if there are files whose lengths are compared."""
    if not delivered.delivery.sizes or delivered.study.lengths != "longest":
        return
    held = delivered.delivery.held
    yield from ((name, each) for name in held for each, own in held[name].variables.items() if own.type == "text" and each in delivered.variables)


@check(across=Across(reads=_texts))
def fitting_lengths(delivered: DeliveredDataset) -> Failures:
    """The length of a text variable exceeds its longest value.

    The check applies to files of a study with `lengths: longest`.
    """
    if delivered.delivery.study.lengths != "longest" or delivered.name not in delivered.delivery.sizes:
        return
    longest: dict[str, int] = {}
    for name, held in delivered.delivery.held.items():
        for variable in held.variables.values():
            if variable.type == "text" and variable.name in delivered.variables:
                size = delivered.delivery.frames[name][variable.name].str.encode("utf-8").str.len().max()
                longest[variable.name] = max(longest.get(variable.name, 1), 1 if size != size else int(size))
    for name, size in longest.items():
        declared = delivered.variables[name].length or 0
        if declared > size:
            yield Failure(name, f"the length is {declared}; the longest value has {size} bytes")
