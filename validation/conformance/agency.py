"""What agencies ask of files beside the rules of the standard: names, labels and text that any program reads (docs/agency.md)."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from validation.conformance.general_check import general
from validation.conformance.view import Failure, Failures, View

PAIRS = {"(": ")", "[": "]", "{": "}"}
QUOTES = ('"', "'")
PRINTABLE = r"[ -~]*"


@general
def dataset_named_like(view: View, pattern: str) -> Failures:
    """The name of the dataset is none an analysis dataset may have."""
    if not re.fullmatch(pattern, view.name):
        yield Failure("", f"it does not match {pattern}")


@general
def plain_label(view: View) -> Failures:
    """A label has signs that a program may stumble over.

    Signs that are not printable ASCII; a quote, an apostrophe or a bracket without its other half. Looked at in the label of the dataset
    and of each variable.
    """
    labels = {"": view.held.label, **{name: each.label for name, each in view.variables.items()}}
    for name, label in labels.items():
        if not re.fullmatch(PRINTABLE, label):
            yield Failure(name, f"'{label}' is not printable ASCII")
        elif lone := unbalanced(label):
            yield Failure(name, f"a {lone} without its other half in '{label}'")


def unbalanced(label: str) -> str:
    """The first sign of a label that lacks its other half, or nothing.

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


@general
def printable(view: View) -> Failures:
    """A text has signs that are not printable ASCII."""
    for name, each in view.variables.items():
        if each.type != "text":
            continue
        values = view.values(name)
        wrong = ~values.str.fullmatch(PRINTABLE).fillna(True).to_numpy(dtype=bool)
        if wrong.any():
            yield Failure(name, f"{values[wrong].iloc[0]!a}", view.of_values(name, wrong))


@general
def one_length(view: View) -> Failures:
    """A text variable has another length in another dataset."""
    for name, each in view.variables.items():
        first = next((held for held in view.package.held.values() if name in held.variables), view.held)
        other = first.variables[name]
        if each.type == other.type == "text" and each.length != other.length:
            yield Failure(name, f"{each.length}, and {other.length} in {first.name}")


@general
def in_key_order(view: View) -> Failures:
    """The records are not in the order of the dataset's sort variables.

    Missing comes first. A sort variable that is not there ends what can be compared.
    """
    after = np.ones(max(len(view.frame) - 1, 0), dtype=bool)
    wrong = np.zeros(len(after), dtype=bool)
    for name in view.held.order:
        if name not in view.frame:
            break
        step = np.diff(pd.factorize(view.frame[name], sort=True)[0])
        wrong |= after & (step < 0)
        after &= step == 0
    if wrong.any():
        yield Failure("", f"sorted by {', '.join(view.held.order)} they are not", np.append(False, wrong))
