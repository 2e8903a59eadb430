"""Checks of subjects: required records, the same subjects in another dataset, and the same value in two datasets."""

from __future__ import annotations

import numpy as np
import pandas as pd

from adam.core.kinds import missing_mask
from validation.argument_types import Collected, Combinations, Condition, Domain, Sides, SubjectCondition
from validation.check import CheckedItems, Compares, check, distinct
from validation.matching import at_rows, positions
from validation.records import SUBJECT, Records, SourceRecords


def taken(records: Records, where: SubjectCondition | None) -> pd.DataFrame:
    """Return the subjects, each once, that match a condition on the subject-level dataset."""
    subjects = records.subjects
    return subjects.frame.loc[subjects.selected(where), SUBJECT].drop_duplicates(ignore_index=True)


@check("Expected a record with {has} for every subject[ with {where}]", subjects=True)
def every_subject(records: Records, has: Condition, where: SubjectCondition | None = None) -> CheckedItems:
    """A subject lacks a required record.

    Every subject that matches `where` has a record that matches `has`; without `where` every subject of the dataset (its `subjects:`). Names
    without a dataset in `where` are those of the subject-level dataset.

    YAML:
        E-25: {every_subject: {where: EEFL == "Y", has: PARAMCD == "IGA" and AVISITN > 0}, severity: warning}
    """
    subjects = taken(records, where if where is not None else records.dataset.subjects)
    having = records.some(SUBJECT, np.flatnonzero(records.selected(has)))
    return CheckedItems(subjects, positions(having, subjects) < 0)


@check("Expected exactly one record for each combination of {of}[ where {where}], for every subject with {subjects}")
def one_record_per(records: Records, subjects: SubjectCondition, of: Combinations, where: Condition | None = None) -> CheckedItems:
    """A subject does not have exactly one record of a combination.

    For every subject that matches `subjects` and every combination of the values of `of`, one record matches `where`. Names without a dataset in
    `subjects` are those of the subject-level dataset.

    YAML:
        E-11: {one_record_per: {subjects: EEFL == "Y", of: {PARAMCD: [IGATS], AVISITN: [2, 4, 8]}, where: ANL02FL == "Y"}}
    """
    wanted = taken(records, subjects)
    for name, values in of.items():
        text = records.frame[name].dtype == "str"
        column = pd.Series([str(value) for value in values], dtype="str") if text else pd.Series(values, dtype="float64")
        wanted = wanted.merge(column.rename(name), how="cross")
    key = [*SUBJECT, *of]
    fitting = records.some(key, np.flatnonzero(records.selected(where)))
    number = positions(wanted, fitting)
    counts = np.bincount(number[number >= 0], minlength=len(wanted))
    return CheckedItems(wanted.assign(records=counts.astype("float64")), counts != 1)


@check("Expected the subjects of {as}, each once[, where {where}]", compares=Compares.RECORDS)
def same_subjects(records: Records, as_: Domain, where: Collected | None = None) -> CheckedItems:
    """The subjects differ from those of the domain.

    `where` selects the records of the domain that count; its names are those of the domain.

    YAML:
        L-01: {same_subjects: {as: DM}}
    """
    domain = SourceRecords(records.study, as_, records.source(as_).reset_index(drop=True))
    theirs = domain.frame.loc[domain.selected(where), SUBJECT]
    own = records.frame[SUBJECT]
    keys = distinct(pd.concat([own, theirs], ignore_index=True), SUBJECT)
    counts = np.bincount(positions(keys, own), minlength=len(keys))
    return CheckedItems(keys.assign(records=counts.astype("float64")), (counts != 1) | (positions(theirs, keys) < 0))


@check("Expected the same value for a subject in both datasets: {same_value}")
def same_value(records: Records, same_value: Sides) -> CheckedItems:
    """A subject has different values in two datasets.

    Both sides have the same values for the subject. Missing values are skipped, so a side without a value differs from one with a value.

    YAML:
        X-07: {same_value: [ADSL.IGABL, ADEFF.IGA.BASE]}
    """
    found = [_differing(records, *pair) for pair in same_value]
    keys = pd.concat([side.keys for side in found], ignore_index=True)
    return CheckedItems(keys, np.concatenate([side.failed for side in found]))


def _side(records: Records, side: str) -> pd.DataFrame:
    """Return the values of one side that are not missing, each once per subject."""
    dataset, *code, variable = side.split(".")
    other = records.of(dataset)
    rows = other.rows_of(code[0]) if code else np.arange(len(other.frame))
    rows = rows[~missing_mask(at_rows(other.frame[variable], rows))]
    frame = other.combinations([*SUBJECT, variable], rows)[0]
    value = frame[variable].round(9) if frame[variable].dtype == "float64" else frame[variable]
    return distinct(frame[SUBJECT].assign(value=value), [*SUBJECT, "value"])


def _differing(records: Records, first: str, second: str) -> CheckedItems:
    sides = [_side(records, first), _side(records, second)]
    subjects = distinct(pd.concat(sides, ignore_index=True), SUBJECT)
    failed = np.zeros(len(subjects), dtype=bool)
    for side, other in (sides, sides[::-1]):
        alone = side[positions(other, side) < 0]
        failed |= positions(alone[SUBJECT], subjects) >= 0
    return CheckedItems(subjects.assign(values=pd.Series(f"{first}, {second}", index=subjects.index, dtype="str")), failed)
