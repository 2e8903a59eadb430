"""Values that come from elsewhere: from a domain, from the dataset with one record per subject, from its periods and phases."""

from __future__ import annotations

import numpy as np
import pandas as pd

from validation.conformance.general_check import general
from validation.conformance.names import bound, filled
from validation.conformance.view import Failure, Failures, Package, View
from validation.records import SUBJECT, equal, positions, taken


@general
def in_domain(view: View, domain: str, key: list[str]) -> Failures:
    """A record is not in the domain it comes from."""
    source = view.package.sources.get(domain)
    if source is not None and set(key) <= set(source.columns) and all(view.has(name) for name in key):
        mask = positions(source[key], view.frame[key]) < 0
        if mask.any():
            yield Failure("", f"{domain} has no such {', '.join(key)}", mask)


@general
def from_domain(view: View, of: str, domain: str) -> Failures:
    """A value is not that of the domain it comes from.

    Text is compared without blanks at its ends, and with a number by the number it is. A variable the domain has not is missing there; a
    subject that is not in the domain is left to `in_domain`.
    """
    source = view.package.sources.get(domain)
    if source is None or not all(view.has(name) for name in (of, *SUBJECT)):
        return
    rows = view.records.rows(domain, SUBJECT)
    theirs = source[of] if of in source else pd.Series("", index=source.index, dtype="str")
    mask = (rows >= 0) & ~_same(view.frame[of], taken(theirs, rows))
    if mask.any():
        yield Failure(of, f"{domain}.{of} is another" if of in source else f"{domain} has no {of}", mask)


def _same(own: pd.Series, theirs: pd.Series) -> np.ndarray:
    """Whether values are the same, though one side may write as text what is a number on the other."""
    own, theirs = (side.str.strip() if side.dtype == "str" else side for side in (own.reset_index(drop=True), theirs))
    if own.dtype == theirs.dtype:
        return equal(own, theirs)
    text, number = (own, theirs) if own.dtype == "str" else (theirs, own)
    read = pd.to_numeric(text, errors="coerce")
    neither = (text.isna() | (text == "")) & number.isna()
    return ((read == number) | neither).to_numpy(dtype=bool)


@general
def in_subjects(view: View) -> Failures:
    """A subject is not in the dataset with one record per subject."""
    subjects = view.package.subjects
    if subjects and subjects != view.name and all(view.has(name) and name in view.package.held[subjects].variables for name in SUBJECT):
        mask = view.records.rows(subjects, SUBJECT) < 0
        if mask.any():
            yield Failure("USUBJID", f"it is not in {subjects}", mask)


@general
def of_subject(view: View, of: str, place: str, by: str) -> Failures:
    """A value is not the subject's own of that phase or period.

    Where `by` is 2, the value of `of` is that of PH2SDT (`place: PHwSDT`) in the dataset with one record per subject; without such a
    variable there it is missing.
    """
    subjects = view.package.subjects
    if not subjects or not all(view.has(name) for name in (of, by, *SUBJECT)) or view.is_text(by):
        return
    other = view.package.frames[subjects]
    rows = view.records.rows(subjects, SUBJECT)
    known = rows >= 0
    mask = known & ~view.missing(of) & ~view.missing(by)
    for name, digits in bound(place, view.package.held[subjects].variables):
        mine = (view.frame[by] == float(next(iter(digits.values())))).to_numpy(dtype=bool)
        other_kind = other[name].dtype != view.frame[of].dtype
        mask[mine] = False if other_kind else (known & ~equal(view.frame[of], taken(other[name], rows)))[mine]
    if mask.any():
        yield Failure(of, f"it is not {subjects}.{place} of {by}", mask)


@general
def of_period(view: View, by: str, wants: list[str]) -> Failures:
    """A period has no variable for it in the dataset with one record per subject.

    For each value xx of `by` one of `wants` (TRTxxP) is there.
    """
    subjects = view.package.subjects
    if not subjects or not view.has(by) or view.is_text(by):
        return
    there = view.package.held[subjects].variables
    known = view.values(by)
    lacking = np.zeros(len(known), dtype=bool)
    for number, value in enumerate(known.tolist()):
        digits = {"xx": f"{value:02.0f}"}
        lacking[number] = value == round(value) and not any(filled(name, digits) in there for name in wants)
    mask = view.of_values(by, lacking)
    if mask.any():
        first = f"{known[lacking].iloc[0]:g}"
        yield Failure(by, f"period {first} has no {' or '.join(wants)} in {subjects}", mask)


@general
def supplied(package: Package, domain: str, beside: str) -> Failures:
    """A domain was not supplied, so that what is traced to it was not checked.

    Looked at where some dataset has the variable `beside`.
    """
    if domain not in package.sources and any(beside in held.variables for held in package.held.values()):
        yield Failure("", f"{domain} was not supplied")
