"""Run suites with Great Expectations. A rule that raised, or has no answer, is an error finding, never a pass."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import great_expectations as gx
import numpy as np
import pandas as pd

from adam.errors import Finding, Severity
from validation.byhand import run_written
from validation.checks.registry import Looked
from validation.expectations import RUNNING, Run, failed, looked_at_nothing, suite_of
from validation.findings import Failure, found, raised
from validation.records import SUBJECTS, Records
from validation.rule import Rule, Suite

Frames = Mapping[str, pd.DataFrame]


def failing(rule: Rule, records: Records) -> np.ndarray:
    """What fails a rule: records, or whatever else it looks at."""
    return failed(rule.answer(records))


def run(suites: tuple[Suite, ...], frames: Frames, sources: Frames) -> list[Finding]:
    """What the suites find in the frames, in the order of the rules.

    `sources` are the collected records the rules read; without any the rules that need them are left out with a note.
    """
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False, "metric_calculations": False}
    datasource = context.data_sources.add_pandas("adam")
    findings = []
    for suite in suites:
        findings += _suite(suite, datasource, frames, sources)
    return findings


def _suite(suite: Suite, datasource: Any, frames: Frames, sources: Frames) -> list[Finding]:  # noqa: ANN401  (gx is untyped)
    name = suite.dataset.name
    if not suite.rules:
        return [Finding("suite", Severity.ERROR, name, "the suite has no rule, so nothing was checked", mark=suite.dataset.mark)]
    records = suite.records(frames, sources)
    notes = {number: note for number, rule in enumerate(suite.rules) if (note := _left_out(rule, suite, frames, sources))}
    numbers = [number for number in range(len(suite.rules)) if number not in notes]
    batch = datasource.add_dataframe_asset(name).add_batch_definition_whole_dataframe("all").get_batch(batch_parameters={"dataframe": records.frame})
    running = Run(suite, records)
    token = RUNNING.set(running)
    try:
        result = batch.validate(suite_of(suite, numbers), result_format="BASIC")
    finally:
        RUNNING.reset(token)
    answers = {answer.expectation_config.meta["number"]: answer for answer in result.results}
    findings = [*_empty(suite, records), *_columns(suite, answers.get(-1)), *suite.notes]
    for number, rule in enumerate(suite.rules):
        findings += [notes[number]] if number in notes else _finding(suite, rule, answers.get(number), running, number)
    return [*findings, *(run_written(suite, records, batch) if suite.written is not None else [])]


def _left_out(rule: Rule, suite: Suite, frames: Frames, sources: Frames) -> Finding | None:
    """A note for a rule that needs a dataset this run does not make, or collected records where there are none."""
    datasets = sorted(name for name in rule.needs if name in suite.study.datasets and name not in frames)
    collected = [] if sources else sorted(name for name in rule.needs if name not in suite.study.datasets)
    if not datasets and not collected:
        return None
    wanted = " and ".join([*datasets, *(f"the collected {name}" for name in collected)])
    message = f"not checked, as it needs {wanted}: {rule.message}"
    return Finding(rule.id, Severity.NOTE, rule.dataset, message, mark=rule.mark, variable=rule.variable)


def _empty(suite: Suite, records: Records) -> list[Finding]:
    """A dataset without records is an error: every rule holds of nothing. Not where the study lets the domain it comes from be absent."""
    if len(records.frame):
        return []
    making = suite.dataset.records
    domain = str(making.arguments.get("from", "")) if making is not None and isinstance(making.arguments, Mapping) else ""
    use = suite.study.sources.get(domain)
    if use is not None and use.absent == "allowed" and domain != SUBJECTS:
        return []
    message = "the dataset has no record, so nothing was checked (sources: absent: allowed of its domain says that it may)"
    return [Finding("suite", Severity.ERROR, suite.dataset.name, message, mark=suite.dataset.mark)]


def _columns(suite: Suite, answer: Any) -> list[Finding]:  # noqa: ANN401
    if answer is not None and answer.success:
        return []
    message = "the columns are not the variables of the specification in order"
    return [Finding("G-01", Severity.ERROR, suite.dataset.name, message, mark=suite.dataset.mark)]


def _finding(suite: Suite, rule: Rule, answer: Any, running: Run, number: int) -> list[Finding]:  # noqa: ANN401
    why = raised(answer)
    if why or number not in running.answers:
        return [_could_not(rule, f"rule {rule.id} could not be run: {why or 'there is no answer'}")]
    given = running.answers[number]
    mask = failed(given)
    frame = given.keys if isinstance(given, Looked) else running.records.frame
    if len(mask) != len(frame) or answer.success != (not mask.any()):
        return [_could_not(rule, f"rule {rule.id} was answered otherwise than it was worked out")]
    if mask.any():
        return found(suite, Failure(rule.id, rule.severity, rule.message, rule.mark, rule.variable), frame, mask)
    if len(running.records.frame) and not rule.empty and looked_at_nothing(rule, running.records):
        message = f"its condition selects no record, so nothing was checked (empty: allowed says that it may): {rule.message}"
        return [Finding(rule.id, Severity.WARNING, rule.dataset, message, mark=rule.mark, variable=rule.variable)]
    return []


def _could_not(rule: Rule, message: str) -> Finding:
    return Finding("suite", Severity.ERROR, rule.dataset, message, mark=rule.mark, variable=rule.variable)
