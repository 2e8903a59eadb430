"""Failures as findings: which records fail, separated by the waivers that explain them."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from adam.core.errors import Finding
from adam.expressions.tree import Name
from adam.planning.values import ResolvedDataset
from validation.check import Failure
from validation.part_answers import KEPT, FailingRecords
from validation.records import SUBJECT, SUBJECTS, Records, sequence
from validation.rule import Suite
from validation.waivers import parted, printed

MOST = 8
"""How many variables a finding shows next to the key."""
NAME = re.compile(r"(?<![\w.])[A-Z]\w*(?:\.[A-Z]\w*)*")


def listed(frame: pd.DataFrame, rows: np.ndarray) -> tuple[dict[str, str], ...]:
    """Return records as printable text."""
    return tuple({str(name): printed(value) for name, value in row.items()} for row in frame.iloc[rows].to_dict("records"))


def first_rows(frame: pd.DataFrame, mask: np.ndarray) -> np.ndarray:
    """Return the places of the first records of a mask, in the order of their subjects, so that they are the same for any parts."""
    rows = np.flatnonzero(mask)
    names = [name for name in SUBJECT if name in frame]
    if names and len(rows) > 1:
        rows = rows[np.argsort(frame[names].iloc[rows].groupby(names, sort=True, dropna=False).ngroup().to_numpy(), kind="stable")]
    return rows[:KEPT]


def keys_of(dataset: ResolvedDataset, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the key of each record, USUBJID first; all columns of items that are not records of the dataset."""
    if not set(dataset.key) <= set(frame) and not set(frame) <= set(dataset.variables):
        return frame
    return frame[[name for name in dict.fromkeys(["USUBJID", *dataset.key]) if name in frame]]


def values_of(records: Records, text: str, but: Container[str] = ()) -> pd.DataFrame:
    """Return the variables that a text names, except those of the key: of the dataset, and ADSL.X or SRC.X of each record."""
    columns = {name: _named(records, name) for name in dict.fromkeys(NAME.findall(text)) if name not in but}
    known = [(name, column) for name, column in columns.items() if column is not None]
    return pd.DataFrame(dict(known[:MOST]), index=records.index)


def _named(records: Records, name: str) -> pd.Series | None:
    """Return the column of a name; None if it is a word, a constant, or not in this run."""
    parts = tuple(name.split("."))
    if len(parts) == 1:
        return records.frame.get(name)
    known = records.datasets[parts[0]].variables if parts[0] in records.frames else records.sources.get(parts[0], ())
    if len(parts) != 2 or (parts[0] != "SRC" and parts[1] not in known):
        return None
    if parts[0] not in ("SRC", SUBJECTS) and parts[0] not in records.frames and sequence(parts[0]) not in records.frame:
        return None  # the subject has several records, and none belongs to this record
    column = records.column(Name(parts))
    return column if isinstance(column, pd.Series) else None


def failing_records(suite: Suite, identity: str, names: str, place: int, failure: Failure, records: Records) -> list[FailingRecords]:
    """Return the records of one failure: those of each waiver that explains some of them, and the others.

    Args:
        suite: the suite of the rule that failed.
        identity: the id of the rule.
        names: text with the names of the variables whose values are shown.
        place: the number of the failure among those of the rule.
        failure: which records or items fail.
        records: those of the dataset.
    """
    assert failure.mask is not None, "a check of records returns a mask"
    frame = records.frame if failure.items is None else failure.items
    keys = keys_of(suite.dataset, frame)
    values = values_of(records, names, keys) if failure.items is None else pd.DataFrame(index=frame.index)
    waivers = suite.study.waivers
    found = []
    for mine, waiver in parted(waivers, {identity}, frame, failure.mask):
        number = next((number for number, each in enumerate(waivers) if each is waiver), -1)
        rows = first_rows(frame, mine)
        shown = listed(values, rows) if len(values.columns) else ()
        found.append(FailingRecords(place, number, failure.detail, int(mine.sum()), listed(keys, rows), shown))
    return found


def finding_of(suite: Suite, whole: Finding, failing: FailingRecords) -> Finding:
    """Return a finding with its records; `whole` is the finding without them."""
    reason = suite.study.waivers[failing.waiver].reason if failing.waiver >= 0 else ""
    return replace(whole, count=failing.count, keys=failing.keys, values=failing.values, waived=reason)


def of_records(finding: Finding, keys: pd.DataFrame, values: pd.DataFrame, frame: pd.DataFrame, mask: np.ndarray) -> Finding:
    """Return a finding with the records of a mask: how many, the keys of the first, and their values."""
    rows = first_rows(frame, mask)
    return replace(finding, count=int(mask.sum()), keys=listed(keys, rows), values=listed(values, rows) if len(values.columns) else ())


def raised(answer: Any) -> str:  # noqa: ANN401  (gx is untyped)
    """Return the exception that Great Expectations caught; nothing if the expectation was evaluated."""
    if answer is None:
        return "Great Expectations returned no result"
    info = answer.exception_info or {}
    nested = [each for each in info.values() if isinstance(each, dict)] or [info]
    caught = [each for each in nested if each.get("raised_exception")]
    if not caught:
        return ""
    return next((str(each["exception_message"]) for each in caught if each.get("exception_message")), "no reason was reported")
