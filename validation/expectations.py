"""Our rules as Great Expectations knows them: an expectation whose metric is the number of failures of a rule of the running suite."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")

import great_expectations as gx
import great_expectations.expectations as gxe
from great_expectations.execution_engine import PandasExecutionEngine
from great_expectations.expectations.expectation import BatchExpectation
from great_expectations.expectations.metrics.metric_provider import metric_value
from great_expectations.expectations.metrics.table_metric_provider import TableMetricProvider

from adam.core.errors import Severity
from adam.core.kinds import false, true
from adam.expressions.tree import Expr
from validation.check import CHECKS, CheckedItems, Role
from validation.records import Records, SourceRecords
from validation.rule import Rule, Suite

SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "warning", Severity.NOTE: "info"}
OF_SEVERITY = {name: severity for severity, name in SEVERITIES.items()}


@dataclass
class Run:
    """A suite being run: its records, the answer to each rule so far, and the rules that read a variable the data lack."""

    suite: Suite
    records: Records
    answers: dict[int, np.ndarray | CheckedItems] = field(default_factory=dict)
    lacking: list[int] = field(default_factory=list)


RUNNING: ContextVar[Run] = ContextVar("running")


class RuleFailures(TableMetricProvider):
    """How often a rule of the running suite fails."""

    metric_name = "table.rule_failures"
    value_keys = ("number",)

    @metric_value(engine=PandasExecutionEngine)
    def _pandas(cls, execution_engine: Any, metric_domain_kwargs: Any, metric_value_kwargs: Any, metrics: Any, runtime_configuration: Any) -> int:  # noqa: ANN401, N805
        running = RUNNING.get()
        number = metric_value_kwargs["number"]
        try:
            answer = running.suite.rules[number].answer(running.records)
        except KeyError as error:
            if not running.suite.is_absent(error):
                raise
            running.lacking.append(number)
            return 0
        running.answers[number] = answer
        return int(np.count_nonzero(failed(answer)))


class ExpectRuleToHold(BatchExpectation):
    """Nothing fails a rule: `check` is its kind, `arguments` what it is given, `number` its place in the suite."""

    metric_dependencies: ClassVar = ("table.rule_failures",)
    domain_keys: ClassVar = ("batch_id",)
    success_keys: ClassVar = ("number",)
    args_keys: ClassVar = ("rule", "check", "arguments", "number")
    rule: str
    check: str
    arguments: dict[str, Any]
    number: int

    def _validate(self, metrics: dict[str, Any], runtime_configuration: Any = None, execution_engine: Any = None) -> dict[str, Any]:  # noqa: ANN401
        failures = metrics["table.rule_failures"]
        return {"success": failures == 0, "result": {"observed_value": failures}}


def failed(answer: np.ndarray | CheckedItems) -> np.ndarray:
    """What fails, as plain bool."""
    return np.asarray(answer.failed if isinstance(answer, CheckedItems) else answer, dtype=bool)


def looked_at_nothing(rule: Rule, records: Records) -> bool:
    """Whether the `where` (or `among`) of a rule selects nothing, so that it could not fail."""
    for name in ("where", "among"):
        where, role = getattr(rule.arguments, name, None), CHECKS[rule.kind].roles.get(name)
        if where is None or role is None:
            continue
        if role is Role.SUBJECTS:
            looked = records.subjects.fits(where)
        elif role is Role.COLLECTED:
            domain = str(getattr(rule.arguments, "as"))  # noqa: B009  (a word of Python)
            looked = SourceRecords(records.study, domain, records.source(domain).reset_index(drop=True)).fits(where)
        else:
            looked = records.fits(where)
        if not looked.any():
            return True
    return False


def knew_nothing(rule: Rule, records: Records) -> bool:
    """Whether what a rule expects is unknown in every record it looks at, for values that are missing."""
    expected = getattr(rule.arguments, "expect", None)
    if rule.kind != "expect" or not isinstance(expected, Expr) or (not rule.allow_empty and looked_at_nothing(rule, records)):
        return False
    column = records.evaluated(expected)
    return not (records.fits(getattr(rule.arguments, "where", None)) & (true(column) | false(column)).to_numpy()).any()


def suite_of(suite: Suite, numbers: list[int] | None = None) -> Any:  # noqa: ANN401  (gx is untyped)
    """A suite as Great Expectations has it: the columns in order, and the rules (all, or those numbered)."""
    columns = gxe.ExpectTableColumnsToMatchOrderedList(column_list=list(suite.dataset.variables), meta=_meta("G-01", -1, suite.dataset.mark))
    wanted = range(len(suite.rules)) if numbers is None else numbers
    rules = [
        ExpectRuleToHold(
            rule=rule.id,
            check=rule.kind,
            arguments=rule.said,
            number=number,
            severity=SEVERITIES[rule.severity],
            description=rule.message,
            meta=_meta(rule.id, number, rule.mark),
        )
        for number, rule in ((number, suite.rules[number]) for number in wanted)
    ]
    return gx.ExpectationSuite(name=suite.dataset.name, expectations=[columns, *rules])


def _meta(identity: str, number: int, mark: Any) -> dict[str, Any]:  # noqa: ANN401
    place = f"{os.path.basename(mark.file)}:{mark.line}" if mark.file else ""  # noqa: PTH119  (text of a place, no path)
    return {"rule": identity, "number": number, "line": place}


def as_json(suite: Suite) -> str:
    """A suite as JSON with stable bytes: no ids made up at random, keys sorted, the version of the library only where it is written."""
    made = [plain_json(suite_of(suite).to_json_dict())]
    if suite.written is not None:
        made.append(plain_json(dict(suite.written)))
    whole = {**made[0], "expectations": [each for part in made for each in part["expectations"]]}
    return json.dumps(whole, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def plain_json(value: Any) -> Any:  # noqa: ANN401  (whatever JSON holds)
    """A value without the keys `id`, which are made up at random, where they stand beside what they identify."""
    if isinstance(value, Mapping):
        return {key: entry if key in ("kwargs", "meta") else plain_json(entry) for key, entry in value.items() if key != "id"}
    return [plain_json(entry) for entry in value] if isinstance(value, list) else value
