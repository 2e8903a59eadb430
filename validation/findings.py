"""What failed, as findings: the records that fail one by one, those that a waiver explains apart from the others."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from adam.core.errors import Finding, Mark, Severity
from adam.expressions.tree import Name
from adam.plan.values import ResolvedDataset
from validation.records import SUBJECTS, Records, sequence
from validation.rule import Suite
from validation.waivers import parted, printed

KEPT = 1000
"""How many of its records a finding keeps; their count is whole."""
MOST = 8
"""How many variables are shown beside the key."""
NAME = re.compile(r"(?<![\w.])[A-Z]\w*(?:\.[A-Z]\w*)*")


@dataclass(frozen=True)
class Failure:
    """A rule that failed: what a finding of it says, and text that names the variables it speaks of."""

    id: str
    severity: Severity
    message: str
    mark: Mark
    variable: str
    spoken: str = ""


def listed(frame: pd.DataFrame, mask: np.ndarray) -> tuple[dict[str, str], ...]:
    """The first records of a mask as printable text."""
    rows = frame.iloc[np.flatnonzero(mask)[:KEPT]]
    return tuple({str(name): printed(value) for name, value in row.items()} for row in rows.to_dict("records"))


def keys_of(dataset: ResolvedDataset, frame: pd.DataFrame) -> pd.DataFrame:
    """The key of each record, USUBJID first; what is no record of the dataset is all key."""
    if not set(dataset.key) <= set(frame) and not set(frame) <= set(dataset.variables):
        return frame
    return frame[[name for name in dict.fromkeys(["USUBJID", *dataset.key]) if name in frame]]


def values_of(records: Records, text: str, but: Container[str] = ()) -> pd.DataFrame:
    """The variables a text names but those of the key: of the dataset, and ADSL.X or SRC.X of each record."""
    columns = {name: _spoken(records, name) for name in dict.fromkeys(NAME.findall(text)) if name not in but}
    known = [(name, column) for name, column in columns.items() if column is not None]
    return pd.DataFrame(dict(known[:MOST]), index=records.index)


def _spoken(records: Records, name: str) -> pd.Series | None:
    """The column of a name; none if it is a word, a constant, or nothing of this run."""
    parts = tuple(name.split("."))
    if len(parts) == 1:
        return records.frame.get(name)
    held = records.datasets[parts[0]].variables if parts[0] in records.frames else records.sources.get(parts[0], ())
    if len(parts) != 2 or (parts[0] != "SRC" and parts[1] not in held):
        return None
    if parts[0] not in ("SRC", SUBJECTS) and parts[0] not in records.frames and sequence(parts[0]) not in records.frame:
        return None  # several records of the subject, and none is the record's own
    column = records.column(Name(parts))
    return column if isinstance(column, pd.Series) else None


def found(suite: Suite, failure: Failure, frame: pd.DataFrame, mask: np.ndarray, records: Records | None = None) -> list[Finding]:
    """The findings of one rule: one for each waiver that explains some of its records, and one for the rest.

    With `records`, those of the frame, each shows the values of the variables the rule speaks of.
    """
    keys = keys_of(suite.dataset, frame)
    spoken = f"{failure.variable} {failure.message} {failure.spoken}"
    values = values_of(records, spoken, keys) if records is not None else pd.DataFrame(index=frame.index)
    whole = Finding(failure.id, failure.severity, suite.dataset.name, failure.message, mark=failure.mark, variable=failure.variable)
    return [
        replace(of_records(whole, keys, values, mine), waived=waiver.reason if waiver else "")
        for mine, waiver in parted(suite.study.waivers, {failure.id}, frame, mask)
    ]


def of_records(finding: Finding, keys: pd.DataFrame, values: pd.DataFrame, mask: np.ndarray) -> Finding:
    """A finding of the records of a mask: how many, the keys of the first, and the values there."""
    return replace(finding, count=int(mask.sum()), keys=listed(keys, mask), values=listed(values, mask) if len(values.columns) else ())


def raised(answer: Any) -> str:  # noqa: ANN401  (gx is untyped)
    """What Great Expectations caught instead of raising; nothing if the expectation was answered."""
    if answer is None:
        return "there is no answer"
    info = answer.exception_info or {}
    nested = [each for each in info.values() if isinstance(each, dict)] or [info]
    caught = [each for each in nested if each.get("raised_exception")]
    if not caught:
        return ""
    return next((str(each["exception_message"]) for each in caught if each.get("exception_message")), "no reason given")
