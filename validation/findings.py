"""What failed, as findings: the records that fail one by one, those that a waiver explains apart from the others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from adam.errors import Finding, Mark, Severity
from validation.rule import Suite
from validation.waivers import matching, printed

SHOWN = 10


@dataclass(frozen=True)
class Failure:
    """A rule that failed: what a finding of it says."""

    id: str
    severity: Severity
    message: str
    mark: Mark
    variable: str


def keys_of(suite: Suite, frame: pd.DataFrame, mask: np.ndarray) -> tuple[dict[str, str], ...]:
    """The key of the first failing records, as printable text; all columns of what is no record of the dataset."""
    names = list(frame.columns)
    if set(suite.dataset.variables) <= set(names):
        names = [name for name in dict.fromkeys(["USUBJID", *suite.dataset.key]) if name in frame]
    rows = frame.iloc[np.flatnonzero(mask)[:SHOWN]][names]
    return tuple({str(name): printed(value) for name, value in row.items()} for row in rows.to_dict("records"))


def found(suite: Suite, failure: Failure, frame: pd.DataFrame, mask: np.ndarray) -> list[Finding]:
    """The findings of one rule: one for each waiver that explains some of its records, and one for the rest."""
    return list(_parts(suite, failure, frame, mask.copy()))


def _parts(suite: Suite, failure: Failure, frame: pd.DataFrame, mask: np.ndarray) -> Iterator[Finding]:
    for waiver in suite.study.waivers:
        if waiver.check == failure.id:
            mine = mask & matching(waiver, frame)
            if mine.any():
                yield replace(_finding(suite, failure, frame, mine), waived=waiver.reason)
                mask &= ~mine
    if mask.any():
        yield _finding(suite, failure, frame, mask)


def _finding(suite: Suite, failure: Failure, frame: pd.DataFrame, mask: np.ndarray) -> Finding:
    keys = keys_of(suite, frame, mask)
    return Finding(failure.id, failure.severity, suite.dataset.name, failure.message, int(mask.sum()), keys, failure.mark, failure.variable)


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
