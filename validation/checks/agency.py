"""Checks of agency requirements for files: names, labels and text that any program can read (docs/agency.md)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from pydantic import BaseModel

from validation.across import Across
from validation.check import Failure, Failures, check
from validation.delivery import DeliveredDataset

PAIRS = {"(": ")", "[": "]", "{": "}"}
QUOTES = ('"', "'")
PRINTABLE = r"[ -~]*"


@check(of_variables=True)
def dataset_named_like(delivered: DeliveredDataset, pattern: str) -> Failures:
    """The dataset name is not valid for an analysis dataset."""
    if not re.fullmatch(pattern, delivered.name):
        yield Failure("", f"{delivered.name} does not match {pattern}")


@check(of_variables=True)
def plain_label(delivered: DeliveredDataset) -> Failures:
    """A label contains characters that some programs cannot read.

    These are characters that are not printable ASCII, and unpaired quotes, apostrophes or brackets. The labels of the dataset and of each
    variable are checked.
    """
    labels = {"": delivered.dataset.label, **{name: each.label for name, each in delivered.variables.items()}}
    for name, label in labels.items():
        if not re.fullmatch(PRINTABLE, label):
            yield Failure(name, f"'{label}' is not printable ASCII")
        elif lone := unbalanced(label):
            yield Failure(name, f"unpaired {lone} in '{label}'")


def unbalanced(label: str) -> str:
    """Return the first unpaired character of a label, or nothing.

    >>> unbalanced("Height (cm)"), unbalanced("Height (cm"), unbalanced("Height cm)"), unbalanced("Investigator's Score"), unbalanced("([)]")
    ('', '(', ')', "'", ')')
    """
    closing: list[str] = []
    opened: list[str] = []
    for sign in label:
        if sign in PAIRS:
            closing.append(PAIRS[sign])
            opened.append(sign)
        elif sign in PAIRS.values():
            if not closing or closing.pop() != sign:
                return sign
            opened.pop()
    return opened[0] if opened else next((quote for quote in QUOTES if label.count(quote) % 2), "")


@check()
def printable(delivered: DeliveredDataset) -> Failures:
    """A text value contains characters that are not printable ASCII."""
    for name, each in delivered.variables.items():
        if each.type != "text":
            continue
        values = delivered.distinct_values(name)
        wrong = ~values.str.fullmatch(PRINTABLE).fillna(True).to_numpy(dtype=bool)
        if wrong.any():
            yield Failure(name, f"{values[wrong].iloc[0]!a}", delivered.records_with(name, wrong))


@check(of_variables=True)
def one_length(delivered: DeliveredDataset) -> Failures:
    """A text variable has different lengths in two datasets."""
    for name, each in delivered.variables.items():
        first = next((held for held in delivered.delivery.held.values() if name in held.variables), delivered.dataset)
        other = first.variables[name]
        if each.type == other.type == "text" and each.length != other.length:
            yield Failure(name, f"{each.length} here and {other.length} in {first.name}")


def _sort_variables(delivered: Any, arguments: BaseModel) -> Iterator[tuple[str, str]]:  # noqa: ANN401  (a delivered dataset)
    yield from ((delivered.name, name) for name in delivered.dataset.order)


@check(across=Across(reads=_sort_variables, neighbors=True))
def in_key_order(delivered: DeliveredDataset) -> Failures:
    """The records are not sorted.

    The expected order is that of the sort variables of the dataset, missing values first. A sort variable that the dataset lacks ends the
    comparison.
    """
    after = np.ones(max(len(delivered.frame) - 1, 0), dtype=bool)
    wrong = np.zeros(len(after), dtype=bool)
    for name in delivered.dataset.order:
        if name not in delivered.frame:
            break
        step = np.diff(pd.factorize(delivered.frame[name], sort=True)[0])
        wrong |= after & (step < 0)
        after &= step == 0
    if wrong.any():
        yield Failure("", f"expected the order of {', '.join(delivered.dataset.order)}", np.append(False, wrong))
