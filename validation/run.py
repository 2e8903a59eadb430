"""Run suites with Great Expectations. A rule that raised, or has no answer, is an error finding, never a pass."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any, ClassVar

import numpy as np
import pandas as pd

os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")

import great_expectations as gx
import great_expectations.expectations as gxe
from great_expectations.execution_engine import PandasExecutionEngine
from great_expectations.expectations.expectation import MulticolumnMapExpectation
from great_expectations.expectations.metrics.map_metric_provider import MulticolumnMapMetricProvider, multicolumn_condition_partial

from adam.errors import Finding, Severity
from validation.checks.registry import CHECKS, Records
from validation.suite import Rule, Suite

SHOWN = 10
MASKS: ContextVar[dict[int, np.ndarray]] = ContextVar("masks")
RUNNING: ContextVar[tuple[Suite, Records]] = ContextVar("running")


class RuleHolds(MulticolumnMapMetricProvider):
    """Whether each record keeps a rule of the running suite."""

    condition_metric_name = "multicolumn_values.keep_rule"
    condition_domain_keys = ("batch_id", "table", "column_list", "row_condition", "condition_parser", "ignore_row_if")
    condition_value_keys = ("number",)

    @multicolumn_condition_partial(engine=PandasExecutionEngine)
    def _pandas(cls, column_list: Any, number: int = -1, **_: Any) -> pd.Series:  # noqa: ANN401, N805
        suite, records = RUNNING.get()
        rule = suite.rules[number]
        mask = failing(rule, records)
        MASKS.get()[number] = mask
        return pd.Series(~mask, index=column_list.index)


class ExpectRuleToHold(MulticolumnMapExpectation):
    """Every record keeps a rule; `number` is its place in the suite."""

    map_metric = "multicolumn_values.keep_rule"
    args_keys: ClassVar = ("column_list", "number")
    success_keys: ClassVar = ("number", "mostly")
    number: int
    ignore_row_if: str = "never"


def failing(rule: Rule, records: Records) -> np.ndarray:
    """The records that fail a rule."""
    fields = type(rule.arguments).model_fields
    arguments = {name: getattr(rule.arguments, name, field.default) for name, field in fields.items()}
    arguments = {f"{name}_" if name == "as" else name: value for name, value in arguments.items()}
    return np.asarray(CHECKS[rule.kind].function(records, **arguments), dtype=bool)


def keys_of(suite: Suite, frame: pd.DataFrame, mask: np.ndarray) -> tuple[dict[str, str], ...]:
    """The key of the first failing records, as printable text."""
    rows = frame.loc[mask, [name for name in dict.fromkeys(["USUBJID", *suite.dataset.key]) if name in frame]].head(SHOWN)
    return tuple({str(name): _printed(value) for name, value in row.items()} for row in rows.to_dict("records"))


def _printed(value: object) -> str:
    if isinstance(value, pd.Timestamp):
        return value.strftime("%Y-%m-%d") if value == value.normalize() else value.strftime("%Y-%m-%dT%H:%M:%S")
    return f"{value:g}" if isinstance(value, float) else str(value)


def run(suites: tuple[Suite, ...], frames: Mapping[str, pd.DataFrame], sources: Mapping[str, pd.DataFrame]) -> list[Finding]:
    """What the suites find in the frames, in the order of the rules."""
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False, "metric_calculations": False}
    datasource = context.data_sources.add_pandas("adam")
    findings = []
    for suite in suites:
        findings += _suite(suite, datasource, frames, sources)
    return findings


def _suite(suite: Suite, datasource: Any, frames: Mapping[str, pd.DataFrame], sources: Mapping[str, pd.DataFrame]) -> list[Finding]:  # noqa: ANN401
    name = suite.dataset.name
    if not suite.rules:
        return [Finding("suite", Severity.ERROR, name, "the suite has no rule, so nothing was checked", mark=suite.dataset.mark)]
    records = Records(suite.study, suite.dataset, frames, sources)
    batch = datasource.add_dataframe_asset(name).add_batch_definition_whole_dataframe("all")
    columns = gxe.ExpectTableColumnsToMatchOrderedList(column_list=list(suite.dataset.variables), meta={"number": -1})
    rules = [
        ExpectRuleToHold(column_list=["STUDYID", "USUBJID"], number=number, meta={"number": number, "rule": rule.id})
        for number, rule in enumerate(suite.rules)
    ]
    expectations = gx.ExpectationSuite(name=name, expectations=[columns, *rules])
    masks: dict[int, np.ndarray] = {}
    tokens = RUNNING.set((suite, records)), MASKS.set(masks)
    try:
        batch_of = batch.get_batch(batch_parameters={"dataframe": records.frame})
        result = batch_of.validate(expectations, result_format="BASIC")
    finally:
        RUNNING.reset(tokens[0])
        MASKS.reset(tokens[1])
    answers = {answer.expectation_config.meta["number"]: answer for answer in result.results}
    return [finding for number in range(-1, len(suite.rules)) for finding in _finding(suite, number, answers.get(number), masks, records)]


def _finding(suite: Suite, number: int, answer: Any, masks: dict[int, np.ndarray], records: Records) -> list[Finding]:  # noqa: ANN401
    name = suite.dataset.name
    if number < 0:
        if answer is not None and answer.success:
            return []
        return [Finding("G-01", Severity.ERROR, name, "the columns are not the variables of the specification in order", mark=suite.dataset.mark)]
    rule = suite.rules[number]
    if answer is None or number not in masks:
        raised = _raised(answer)
        message = f"rule {rule.id} could not be run: {raised}"
        return [Finding("suite", Severity.ERROR, name, message, mark=rule.mark, variable=rule.variable)]
    mask = masks[number]
    if answer.success != (not mask.any()):
        message = f"rule {rule.id} was answered otherwise than it was worked out"
        return [Finding("suite", Severity.ERROR, name, message, mark=rule.mark, variable=rule.variable)]
    if answer.success:
        return []
    keys = keys_of(suite, records.frame, mask)
    return [Finding(rule.id, rule.severity, name, rule.message, int(mask.sum()), keys, rule.mark, rule.variable)]


def _raised(answer: Any) -> str:  # noqa: ANN401
    """What Great Expectations caught instead of raising."""
    if answer is None:
        return "there is no answer"
    info = answer.exception_info or {}
    nested = [each for each in info.values() if isinstance(each, dict)] or [info]
    return next((str(each.get("exception_message")) for each in nested if each.get("exception_message")), "no reason given")
