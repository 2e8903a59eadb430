"""Run suites with Great Expectations. A rule that raised, or was not evaluated, is an error finding, never a pass."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sized
from functools import cache
from itertools import count
from threading import Lock
from typing import Any

import great_expectations as gx
import pandas as pd

from adam.core.errors import Finding, Severity
from validation.contracts import source_of
from validation.expectations import RUNNING, SuiteRun, always_unknown, expects, selects_nothing, suite_of
from validation.findings import of_failure, raised
from validation.records import SUBJECTS, Records
from validation.rule import Rule, Suite
from validation.run_custom_suites import run_custom_suite

Frames = Mapping[str, pd.DataFrame]
RUN = Lock()
"""Held by the run of a thread, because batches of the same name share their place in Great Expectations."""


def run_suites(suites: tuple[Suite, ...], frames: Frames, sources: Frames) -> list[Finding]:
    """Return the findings of the suites, in the order of the rules.

    `sources` are the collected records the rules read; without any, the rules that require them are left out with a note.
    """
    with RUN:
        try:
            return [finding for suite in suites for finding in _suite(suite, frames, sources)]
        finally:
            _datasource()._execution_engine = None  # it holds the records of the last batches


def _suite(suite: Suite, frames: Frames, sources: Frames) -> list[Finding]:
    name = suite.dataset.name
    if not suite.rules:
        return [Finding("suite", Severity.ERROR, name, "The suite has no rules, so nothing was checked.", mark=suite.dataset.mark)]
    records = suite.records(frames, sources)
    left_out = {number: lacking for number, rule in enumerate(suite.rules) if (lacking := _lacking(rule, suite, frames, sources))}
    numbers = [number for number in range(len(suite.rules)) if number not in left_out]
    batch = _batch(name, records.frame)
    running = SuiteRun(suite, records)
    token = RUNNING.set(running)
    try:
        result = batch.validate(suite_of(suite, numbers), result_format="BASIC")
    finally:
        RUNNING.reset(token)
    answers = {answer.expectation_config.meta["number"]: answer for answer in result.results}
    left_out |= dict.fromkeys(sorted(running.lacking), suite.lacks)
    findings = [
        *_empty(suite, records),
        *_columns(suite, answers.get(-1)),
        *suite.notes,
        *_unfilled(suite, records),
        *_left_out(suite, left_out),
        *_idle(suite, running),
    ]
    for number in [number for number in numbers if number not in left_out]:
        findings += _finding(suite, suite.rules[number], answers.get(number), running, number)
    if suite.custom is None:
        return findings
    numbered = count(1)
    return [*findings, *run_custom_suite(suite, records, lambda frame: _batch(f"{name} {next(numbered)}", frame))]


def _batch(name: str, frame: pd.DataFrame) -> Any:  # noqa: ANN401  (gx is untyped)
    """Return records as a batch of Great Expectations; a run has one batch of a name at a time."""
    return _definition(name).get_batch(batch_parameters={"dataframe": frame})


@cache
def _datasource() -> Any:  # noqa: ANN401
    """The place of all records in memory. Great Expectations writes its whole configuration at each change, so a process makes it once."""
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False, "metric_calculations": False}
    return context.data_sources.add_pandas("adam")


@cache
def _definition(name: str) -> Any:  # noqa: ANN401
    """The definition of the batches of a name."""
    return _datasource().add_dataframe_asset(name).add_batch_definition_whole_dataframe("all")


def _lacking(rule: Rule, suite: Suite, frames: Frames, sources: Frames) -> str:
    """Return what a rule requires and this run lacks: datasets it does not create, or collected records; blank if nothing."""
    datasets = sorted(name for name in rule.needs if name in suite.study.datasets and name not in frames)
    collected = [] if sources else sorted(name for name in rule.needs if name not in suite.study.datasets)
    return " and ".join([*datasets, *(f"collected {name}" for name in collected)])


def _left_out(suite: Suite, left_out: Mapping[int, str]) -> Iterator[Finding]:
    """A note for the rules that lack the same: how many there are, and their ids."""
    for lacking in dict.fromkeys(left_out.values()):
        rules = [suite.rules[number] for number, each in left_out.items() if each == lacking and not suite.rules[number].quiet]
        if not rules:
            continue
        ids = ", ".join(dict.fromkeys(rule.id for rule in rules))
        message = f"{counted(rules)} not run, because this run has no {lacking}: {ids}"
        yield Finding("not-checked", Severity.NOTE, suite.dataset.name, message, mark=suite.dataset.mark)


def _idle(suite: Suite, running: SuiteRun) -> Iterator[Finding]:
    """A note for the rules whose condition selects no record although it may, or is unknown on all of them."""
    evaluated = [suite.rules[number] for number in sorted(running.failures) if suite.rules[number].allow_empty or expects(suite.rules[number])]
    known = evaluated if len(running.records.frame) else []
    idle = [rule for rule in known if (always_unknown if expects(rule) else selects_nothing)(rule, running.records)]
    if idle:
        ids = ", ".join(dict.fromkeys(rule.id for rule in idle))
        message = f"{len(idle)} check{'s' if len(idle) > 1 else ''} did not apply to any record: {ids}"
        yield Finding("not-checked", Severity.NOTE, suite.dataset.name, message, mark=suite.dataset.mark)


def _empty(suite: Suite, records: Records) -> list[Finding]:
    """A dataset without records is an error, because every rule passes.

    It is none if the study declares the source domain as optional and nothing was collected; if that is not known, it is a warning.
    """
    if len(records.frame):
        return []
    source = source_of(suite.dataset)
    domain = source.domain if source is not None else ""
    use = suite.study.sources.get(domain)
    may = use is not None and use.may_be_absent and domain != SUBJECTS
    if may and records.sources and not len(records.sources.get(domain, ())):
        return []
    if may and not records.sources:
        message = f"The dataset has no records, so nothing was checked. Without collected records it is not known whether {domain} has any."
        return [Finding("not-checked", Severity.WARNING, suite.dataset.name, message, mark=suite.dataset.mark)]
    why = f"{domain} has records." if may else "If its domain may be empty, declare optional: true for it in sources:."
    message = f"The dataset has no records, so nothing was checked. {why}"
    return [Finding("suite", Severity.ERROR, suite.dataset.name, message, mark=suite.dataset.mark)]


def _unfilled(suite: Suite, records: Records) -> Iterator[Finding]:
    """A warning for each parameter of the specification that no record has."""
    if not suite.dataset.parameters or "PARAMCD" not in records.frame or not len(records.frame):
        return
    there = set(records.frame["PARAMCD"].unique())
    for code, parameter in suite.dataset.parameters.items():
        if parameter.kept and code not in there:
            message = f"No record has PARAMCD = {code}, so the parameter was not checked."
            yield Finding("not-checked", Severity.WARNING, suite.dataset.name, message, mark=parameter.mark)


def _columns(suite: Suite, answer: Any) -> list[Finding]:  # noqa: ANN401
    if answer is not None and answer.success:
        return []
    message = "Expected the variables of the specification, in its order"
    return [Finding("G-01", Severity.ERROR, suite.dataset.name, message, mark=suite.dataset.mark)]


def _finding(suite: Suite, rule: Rule, answer: Any, running: SuiteRun, number: int) -> list[Finding]:  # noqa: ANN401
    why = raised(answer)
    if why or number not in running.failures:
        return [_not_run(rule, f"Rule {rule.id} could not be run: {why or 'there is no result'}")]
    failures, records = running.failures[number], running.records
    if any(len(each.mask) != len(records.frame if each.items is None else each.items) for each in failures if each.mask is not None):
        return [_not_run(rule, f"Rule {rule.id} could not be run: its result has another length than its records")]
    if answer.success == bool(failures):
        return [_not_run(rule, f"Rule {rule.id} could not be run: Great Expectations reports another result than the check")]
    if failures:
        return [finding for failure in failures for finding in of_failure(suite, _whole(rule, failure.detail), rule.names, failure, records)]
    if len(records.frame) and not rule.allow_empty and selects_nothing(rule, records):
        return [_whole(rule, f"The condition selects no record, so nothing was checked. If that is valid, add allow_empty: true. {rule.message}")]
    return []


def _whole(rule: Rule, detail: str) -> Finding:
    """The finding of a rule without its records; a detail of the check replaces the message of the rule."""
    return Finding(rule.id, rule.severity, rule.dataset, detail or rule.message, mark=rule.mark, variable=rule.variable)


def _not_run(rule: Rule, message: str) -> Finding:
    return Finding("suite", Severity.ERROR, rule.dataset, message, mark=rule.mark, variable=rule.variable)


def counted(rules: Sized) -> str:
    """Return how many rules there are, as the subject of a sentence."""
    return f"{len(rules)} rule{'s were' if len(rules) > 1 else ' was'}"
