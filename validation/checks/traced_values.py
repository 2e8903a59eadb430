"""Checks of values against their origin: a domain, the subject-level dataset, its periods and phases."""

from __future__ import annotations

import numpy as np
import pandas as pd

from validation.check import Failure, Failures, check
from validation.delivery import DeliveredDataset, Delivery
from validation.matching import equal, positions, taken
from validation.name_patterns import fill_places, matches
from validation.records import SUBJECT


@check()
def in_domain(delivered: DeliveredDataset, domain: str, key: list[str]) -> Failures:
    """The record does not exist in its source domain."""
    source = delivered.delivery.sources.get(domain)
    if source is not None and set(key) <= set(source.columns) and all(delivered.has(name) for name in key):
        mask = positions(source[key], delivered.frame[key]) < 0
        if mask.any():
            yield Failure("", f"{domain} has no record with this {', '.join(key)}", mask)


@check()
def from_domain(delivered: DeliveredDataset, of: str, domain: str) -> Failures:
    """The value differs from the source domain.

    Text is compared without leading and trailing blanks, and with a number as a number. A variable that the domain lacks is missing there; a
    subject that is not in the domain is reported by `in_domain`.
    """
    source = delivered.delivery.sources.get(domain)
    if source is None or not all(delivered.has(name) for name in (of, *SUBJECT)):
        return
    rows = delivered.rows(domain, SUBJECT)
    theirs = source[of] if of in source else pd.Series("", index=source.index, dtype="str")
    mask = (rows >= 0) & ~_same(delivered.frame[of], taken(theirs, rows))
    if mask.any():
        yield Failure(of, f"expected the value of {domain}.{of}" if of in source else f"{domain} has no variable {of}", mask)


def _same(own: pd.Series, theirs: pd.Series) -> np.ndarray:
    """Return whether values are the same, although one side may be text and the other numeric."""
    own, theirs = (side.str.strip() if side.dtype == "str" else side for side in (own.reset_index(drop=True), theirs))
    if own.dtype == theirs.dtype:
        return equal(own, theirs)
    text, number = (own, theirs) if own.dtype == "str" else (theirs, own)
    read = pd.to_numeric(text, errors="coerce")
    neither = (text.isna() | (text == "")) & number.isna()
    return ((read == number) | neither).to_numpy(dtype=bool)


@check()
def in_subjects(delivered: DeliveredDataset) -> Failures:
    """The subject is not in the subject-level dataset."""
    subjects = delivered.delivery.subjects
    if (
        subjects
        and subjects != delivered.name
        and all(delivered.has(name) and name in delivered.delivery.held[subjects].variables for name in SUBJECT)
    ):
        mask = delivered.rows(subjects, SUBJECT) < 0
        if mask.any():
            yield Failure("USUBJID", f"expected a record in {subjects}", mask)


@check()
def of_subject(delivered: DeliveredDataset, of: str, place: str, by: str) -> Failures:
    """The value differs from the subject's value of that phase or period.

    Where `by` is 2, the value of `of` is that of PH2SDT (`place: PHwSDT`) in the subject-level dataset, or missing if that has no such variable.
    """
    subjects = delivered.delivery.subjects
    if not subjects or not all(delivered.has(name) for name in (of, by, *SUBJECT)) or delivered.is_text(by):
        return
    other = delivered.delivery.frames[subjects]
    rows = delivered.rows(subjects, SUBJECT)
    known = rows >= 0
    mask = known & ~delivered.missing(of) & ~delivered.missing(by)
    for name, digits in matches(place, delivered.delivery.held[subjects].variables):
        mine = (delivered.frame[by] == float(next(iter(digits.values())))).to_numpy(dtype=bool)
        other_kind = other[name].dtype != delivered.frame[of].dtype
        mask[mine] = False if other_kind else (known & ~equal(delivered.frame[of], taken(other[name], rows)))[mine]
    if mask.any():
        yield Failure(of, f"expected {subjects}.{place} of {by}", mask)


@check()
def of_period(delivered: DeliveredDataset, by: str, requires: list[str]) -> Failures:
    """A period has no variable in the subject-level dataset.

    For each value xx of `by` the subject-level dataset has one of `requires` (TRTxxP).
    """
    subjects = delivered.delivery.subjects
    if not subjects or not delivered.has(by) or delivered.is_text(by):
        return
    there = delivered.delivery.held[subjects].variables
    known = delivered.distinct_values(by)
    lacking = np.zeros(len(known), dtype=bool)
    for number, value in enumerate(known.tolist()):
        digits = {"xx": f"{value:02.0f}"}
        lacking[number] = value == round(value) and not any(fill_places(name, digits) in there for name in requires)
    mask = delivered.records_with(by, lacking)
    if mask.any():
        first = f"{known[lacking].iloc[0]:g}"
        yield Failure(by, f"period {first} requires {' or '.join(requires)} in {subjects}", mask)


@check()
def supplied(delivery: Delivery, domain: str, used_by: str) -> Failures:
    """A domain was not supplied.

    The check applies if some dataset has the variable `used_by`.
    """
    if domain not in delivery.sources and any(used_by in held.variables for held in delivery.held.values()):
        yield Failure("", f"{domain} was not supplied")
