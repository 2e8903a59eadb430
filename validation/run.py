"""Run suites with Great Expectations. A rule that raised, or has no answer, is an error finding, never a pass."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any

import great_expectations as gx
import numpy as np
import pandas as pd

from adam.core.errors import Finding, Severity
from validation.check import CheckedItems
from validation.expectations import RUNNING, Run, failed, knew_nothing, looked_at_nothing, suite_of
from validation.findings import Failure, found, raised
from validation.records import SUBJECTS, Records
from validation.rule import Rule, Suite
from validation.run_custom_suites import run_written

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
    wanted = {number: lacking for number, rule in enumerate(suite.rules) if (lacking := _lacking(rule, suite, frames, sources))}
    numbers = [number for number in range(len(suite.rules)) if number not in wanted]
    batch = _batch(datasource, name, records.frame)
    running = Run(suite, records)
    token = RUNNING.set(running)
    try:
        result = batch.validate(suite_of(suite, numbers), result_format="BASIC")
    finally:
        RUNNING.reset(token)
    answers = {answer.expectation_config.meta["number"]: answer for answer in result.results}
    wanted |= dict.fromkeys(sorted(running.lacking), suite.lacks)
    findings = [
        *_empty(suite, records),
        *_columns(suite, answers.get(-1)),
        *suite.notes,
        *_unfilled(suite, records),
        *_left_out(suite, wanted),
        *_idle(suite, running),
    ]
    for number in [number for number in numbers if number not in wanted]:
        findings += _finding(suite, suite.rules[number], answers.get(number), running, number)
    if suite.written is None:
        return findings
    numbered = count(1)
    return [*findings, *run_written(suite, records, lambda frame: _batch(datasource, f"{name} {next(numbered)}", frame))]


def _batch(datasource: Any, name: str, frame: pd.DataFrame) -> Any:  # noqa: ANN401  (gx is untyped)
    """Records as Great Expectations wants them; the name must be new."""
    return datasource.add_dataframe_asset(name).add_batch_definition_whole_dataframe("all").get_batch(batch_parameters={"dataframe": frame})


def _lacking(rule: Rule, suite: Suite, frames: Frames, sources: Frames) -> str:
    """What a rule needs and this run has not: datasets it does not make, collected records where there are none; blank if nothing."""
    datasets = sorted(name for name in rule.needs if name in suite.study.datasets and name not in frames)
    collected = [] if sources else sorted(name for name in rule.needs if name not in suite.study.datasets)
    return " and ".join([*datasets, *(f"collected {name}" for name in collected)])


def _left_out(suite: Suite, wanted: Mapping[int, str]) -> Iterator[Finding]:
    """A note for the rules that lack the same: how many they are, and their ids."""
    for lacking in dict.fromkeys(wanted.values()):
        rules = [suite.rules[number] for number, each in wanted.items() if each == lacking and not suite.rules[number].quiet]
        if not rules:
            continue
        ids = ", ".join(dict.fromkeys(rule.id for rule in rules))
        message = f"{len(rules)} rule{'s' if len(rules) > 1 else ''} not checked, as this run has no {lacking}: {ids}"
        yield Finding("not-checked", Severity.NOTE, suite.dataset.name, message, mark=suite.dataset.mark)


def _idle(suite: Suite, running: Run) -> Iterator[Finding]:
    """A note for the rules whose condition selects no record, where it may, or is unknown in all of them."""
    answered = [suite.rules[number] for number in sorted(running.answers) if suite.rules[number].allow_empty or suite.rules[number].kind == "expect"]
    looked = [rule for rule in answered if len(running.records.frame)]
    idle = [rule for rule in looked if (knew_nothing if rule.kind == "expect" else looked_at_nothing)(rule, running.records)]
    if idle:
        ids = ", ".join(dict.fromkeys(rule.id for rule in idle))
        message = f"{len(idle)} rule{'s' if len(idle) > 1 else ''} had no record to look at, or none where they can be told: {ids}"
        yield Finding("not-checked", Severity.NOTE, suite.dataset.name, message, mark=suite.dataset.mark)


def _empty(suite: Suite, records: Records) -> list[Finding]:
    """A dataset without records is an error: every rule holds of nothing.

    Not where the study lets the domain it comes from be absent and nothing was collected; where that is not known, it is a warning.
    """
    if len(records.frame):
        return []
    making = suite.dataset.records
    domain = str(making.arguments.get("from", "")) if making is not None and isinstance(making.arguments, Mapping) else ""
    use = suite.study.sources.get(domain)
    may = use is not None and use.may_be_absent and domain != SUBJECTS
    if may and records.sources and not len(records.sources.get(domain, ())):
        return []
    if may and not records.sources:
        message = f"the dataset has no record, so nothing was checked; without collected records it is not known whether {domain} has any"
        return [Finding("not-checked", Severity.WARNING, suite.dataset.name, message, mark=suite.dataset.mark)]
    why = f"{domain} has records" if may else "sources: optional: true of its domain says that it may"
    message = f"the dataset has no record, so nothing was checked ({why})"
    return [Finding("suite", Severity.ERROR, suite.dataset.name, message, mark=suite.dataset.mark)]


def _unfilled(suite: Suite, records: Records) -> Iterator[Finding]:
    """A warning for each parameter of the specification that no record has."""
    if not suite.dataset.parameters or "PARAMCD" not in records.frame or not len(records.frame):
        return
    there = set(records.frame["PARAMCD"].unique())
    for code, parameter in suite.dataset.parameters.items():
        if parameter.kept and code not in there:
            message = f"no record is of parameter {code}, so nothing of it was checked"
            yield Finding("not-checked", Severity.WARNING, suite.dataset.name, message, mark=parameter.mark)


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
    frame = given.keys if isinstance(given, CheckedItems) else running.records.frame
    if len(mask) != len(frame) or answer.success != (not mask.any()):
        return [_could_not(rule, f"rule {rule.id} was answered otherwise than it was worked out")]
    if mask.any():
        records = None if isinstance(given, CheckedItems) else running.records
        return found(suite, Failure(rule.id, rule.severity, rule.message, rule.mark, rule.variable, rule.spoken), frame, mask, records)
    if len(running.records.frame) and not rule.allow_empty and looked_at_nothing(rule, running.records):
        message = f"its condition selects no record, so nothing was checked (allow_empty: true says that it may): {rule.message}"
        return [Finding(rule.id, rule.severity, rule.dataset, message, mark=rule.mark, variable=rule.variable)]
    return []


def _could_not(rule: Rule, message: str) -> Finding:
    return Finding("suite", Severity.ERROR, rule.dataset, message, mark=rule.mark, variable=rule.variable)
