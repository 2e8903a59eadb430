"""Run the rules of the suites on the records of a part of the subjects: each rule that does not look across subjects."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from adam.core.ordering import codes, rows_in_order
from adam.expressions.tree import Expr
from validation.across import MOST_COMBINATIONS
from validation.argument_types import Role
from validation.check import Failure
from validation.contracts import source_of
from validation.findings import failing_records
from validation.part_answers import FailingRecords, PartAnswers, RuleAnswer, SuiteAnswer
from validation.records import SUBJECT, Records, SourceRecords
from validation.rule import Rule, Suite

Frames = Mapping[str, pd.DataFrame]
SELECTING = ("where", "among")
"""The arguments whose condition selects the records that are checked."""


def run_part(suites: tuple[Suite, ...], frames: Frames, sources: Frames) -> PartAnswers:
    """Return what the records of a part answer to the suites.

    Args:
        suites: those of the study.
        frames: the records of each dataset of the part.
        sources: the collected records of the part, of each domain of the study (without records if the part has none); without any, the rules
            that require them are left out.
    """
    ordered = {name: by_subject(frame) for name, frame in frames.items()}
    return tuple(_suite(suite, ordered, sources) for suite in suites)


def by_subject(frame: pd.DataFrame) -> pd.DataFrame:
    """Return records in the order of their subjects; those of a subject keep their order."""
    names = [name for name in SUBJECT if name in frame]
    rows = rows_in_order([codes(frame[name]) for name in names]) if names else np.arange(len(frame))
    return (frame if (rows[1:] > rows[:-1]).all() else frame.take(rows)).reset_index(drop=True)


def _suite(suite: Suite, frames: Frames, sources: Frames) -> SuiteAnswer:
    records = suite.records(frames, sources)
    frame = records.frame
    numbers = [number for number, rule in enumerate(suite.rules) if not lacking(rule, suite, frames, sources)]
    source = source_of(suite.dataset)
    return SuiteAnswer(
        {number: answer(suite, suite.rules[number], records) for number in numbers},
        (tuple(map(str, frame.columns)),),
        1,
        len(frame),
        len(sources.get(source.domain, ())) if source is not None else 0,
        frozenset(frame["PARAMCD"].unique()) if suite.dataset.parameters and "PARAMCD" in frame else frozenset(),
        frozenset(frame["STUDYID"].unique()) if "STUDYID" in frame else frozenset(),
    )


def lacking(rule: Rule, suite: Suite, frames: Mapping[str, Any], sources: Mapping[str, Any]) -> str:
    """Return what a rule requires and this run lacks: datasets it does not create, or collected records; blank if nothing."""
    datasets = sorted(name for name in rule.needs if name in suite.study.datasets and name not in frames)
    collected = [] if sources else sorted(name for name in rule.needs if name not in suite.study.datasets)
    return " and ".join([*datasets, *(f"collected {name}" for name in collected)])


def answer(suite: Suite, rule: Rule, records: Records) -> RuleAnswer:
    """Return what the records of a part answer to a rule."""
    return attempted(suite, lambda: _answer(suite, rule, records))


def attempted(suite: Suite, run: Callable[[], RuleAnswer]) -> RuleAnswer:
    """Return the answer of a rule; why it has none, if it raises."""
    try:
        return run()
    except KeyError as error:
        return RuleAnswer(lacks=True) if suite.is_absent(error) else RuleAnswer(error=str(error))
    except Exception as error:  # the reason is a finding
        return RuleAnswer(error=str(error) or type(error).__name__)


def _answer(suite: Suite, rule: Rule, records: Records) -> RuleAnswer:
    across, check = rule.check.across, rule.check
    pieces: tuple[FailingRecords, ...] = ()
    summary = None
    if across is None or across.settled is not None or across.within_subject(rule.arguments, several_studies=False):
        pieces = failing_of(suite, rule, rule.failures(records), records)
    if across is not None and across.combinations is not None:
        selected = records.selected(getattr(rule.arguments, "where", None))
        summary = combinations(records, across.combinations(records, rule.arguments), selected)
    elif across is not None and across.summary is not None:
        summary = across.summary(records, **check.values(rule.arguments))
    return RuleAnswer(pieces, selects=_selects(rule, records), known=bool(pieces) or _known(rule, records), summaries=(summary,))


def failing_of(suite: Suite, rule: Rule, failures: list[Failure], records: Records) -> tuple[FailingRecords, ...]:
    """Return the records of the failures of a rule.

    Raises:
        ValueError: the check returned another number of results than there are records.
    """
    if any(_is_misfit(failure, records) for failure in failures):
        raise ValueError("its result has another length than its records")
    found = (failing_records(suite, rule.id, rule.names, place, failure, records) for place, failure in enumerate(failures))
    return tuple(each for some in found for each in some)


def _is_misfit(failure: Failure, records: Records) -> bool:
    return failure.mask is not None and len(failure.mask) != len(records.frame if failure.items is None else failure.items)


def combinations(records: Records, sets: Iterable[list[str]], selected: np.ndarray) -> list[pd.DataFrame] | None:
    """Return the distinct combinations of values of each set of variables, among the selected records; None if they are too many."""
    found = []
    rows = None if selected.all() else np.flatnonzero(selected)
    for names in sets:
        found.append(records.combinations(names, rows)[0])
        if len(found[-1]) > MOST_COMBINATIONS:
            return None
    return found


def _selects(rule: Rule, records: Records) -> tuple[bool, ...]:
    """Whether each condition by which a rule selects what it checks selects something."""
    found = []
    for name in SELECTING:
        where, role = getattr(rule.arguments, name, None), rule.check.roles.get(name)
        if where is None or role is None:
            continue
        if role is Role.SUBJECTS:
            selected: np.ndarray = records.subjects.selected(where)
        elif role is Role.COLLECTED:
            domain = str(getattr(rule.arguments, "as"))  # noqa: B009  (a word of Python)
            selected = SourceRecords(records.study, domain, records.source(domain).reset_index(drop=True)).selected(where)
        else:
            selected = records.selected(where)
        found.append(bool(selected.any()))
    return tuple(found)


def expects(rule: Rule) -> bool:
    """Return whether a rule is a plain condition on the records."""
    return rule.check.roles.get("expect") is Role.CONDITION


def _known(rule: Rule, records: Records) -> bool:
    """Whether the condition a rule expects is true or false on a record it selects; missing values make it unknown."""
    expected = getattr(rule.arguments, "expect", None)
    if not expects(rule) or not isinstance(expected, Expr):
        return True
    _, (held, not_held) = records.truth_where(expected, getattr(rule.arguments, "where", None))
    return bool(held.any() or not_held.any())
