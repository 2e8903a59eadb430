"""Rules as expectations of Great Expectations: the metric of an expectation is how many records or items fail its rule."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextvars import ContextVar
from importlib.metadata import version
from typing import Any, ClassVar, Protocol

from pydantic.v1 import PrivateAttr

from adam.core.errors import Severity
from validation.library import (
    BatchExpectation,
    ExpectationConfiguration,
    MetricConfiguration,
    PandasExecutionEngine,
    TableMetricProvider,
    ValidationDependencies,
    gx,
    gxe,
    metric_value,
    parse_result_format,
)
from validation.rule import Suite

SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "warning", Severity.NOTE: "info"}
OF_SEVERITY = {name: severity for severity, name in SEVERITIES.items()}


class SuiteResults(Protocol):
    """What the rules of the running suite found."""

    def failing(self, number: int) -> int:
        """Return how many records or items fail a rule."""


RUNNING: ContextVar[SuiteResults] = ContextVar("running")


class RuleFailures(TableMetricProvider):
    """How many records or items fail a rule of the running suite."""

    metric_name = "table.rule_failures"
    value_keys = ("number",)

    @metric_value(engine=PandasExecutionEngine)
    def _pandas(cls, execution_engine: Any, metric_domain_kwargs: Any, metric_value_kwargs: Any, metrics: Any, runtime_configuration: Any) -> int:  # noqa: ANN401, N805
        return RUNNING.get().failing(metric_value_kwargs["number"])


class RuleConfiguration(ExpectationConfiguration):
    """The type and arguments of the expectation of a rule, and the expectation, which the library would copy and make again twice in a run."""

    expectation: Any

    def __deepcopy__(self, memo: Any) -> RuleConfiguration:  # noqa: ANN401  (a dictionary of `copy`)
        return self

    def to_domain_obj(self) -> Any:  # noqa: ANN401  (gx is untyped)
        """The expectation, with the batch that the library put among the arguments."""
        self.expectation.batch_id = self.kwargs.get("batch_id")
        return self.expectation


class ExpectRuleToHold(BatchExpectation):
    """No record fails a rule: `check` is the name of its check, `arguments` those of the check, `number` its place in the suite."""

    metric_dependencies: ClassVar = ("table.rule_failures",)
    domain_keys: ClassVar = ("batch_id",)
    success_keys: ClassVar = ("number",)
    args_keys: ClassVar = ("rule", "check", "arguments", "number")
    rule: str
    check: str
    arguments: dict[str, Any]
    number: int
    _configuration: Any = PrivateAttr(default=None)

    @property
    def configuration(self) -> Any:  # noqa: ANN401  (gx is untyped)
        """The expectation as its type and arguments. The library asks for it twenty times in a run, and makes it each time."""
        if self._configuration is None:
            arguments = {name: getattr(self, name) for name in self.args_keys}
            made = RuleConfiguration("expect_rule_to_hold", arguments, self.meta, description=self.description, severity=self.severity)
            made.expectation = self
            self._configuration = made
        return self._configuration

    def get_validation_dependencies(self, execution_engine: Any = None, runtime_configuration: dict[str, Any] | None = None) -> Any:  # noqa: ANN401, ARG002
        """The metric of the rule and the format of its result. The library would make the expectation again for it, twice."""
        name = self.metric_dependencies[0]
        metric = MetricConfiguration(name, {"batch_id": self.batch_id}, {"number": self.number})
        return ValidationDependencies({name: metric}, parse_result_format((runtime_configuration or {}).get("result_format", "BASIC")))

    def _validate(self, metrics: dict[str, Any], runtime_configuration: Any = None, execution_engine: Any = None) -> dict[str, Any]:  # noqa: ANN401
        failures = metrics["table.rule_failures"]
        return {"success": failures == 0, "result": {"observed_value": failures}}


def suite_of(suite: Suite, numbers: list[int]) -> Any:  # noqa: ANN401  (gx is untyped)
    """Return a suite of Great Expectations: the columns in order, and the rules.

    Args:
        suite: the rules.
        numbers: those that are run. They are without their arguments, which the library would copy several times.
    """
    columns = gxe.ExpectTableColumnsToMatchOrderedList(column_list=list(suite.dataset.variables), meta=_meta("G-01", -1, suite.dataset.mark))
    rules = [
        ExpectRuleToHold(
            rule=rule.id,
            check=rule.kind,
            arguments={},
            number=number,
            severity=SEVERITIES[rule.severity],
            description=rule.message,
            meta=_meta(rule.id, number, rule.mark),
        )
        for number, rule in ((number, suite.rules[number]) for number in numbers)
    ]
    return gx.ExpectationSuite(name=suite.dataset.name, expectations=[columns, *rules])


def _meta(identity: str, number: int, mark: Any) -> dict[str, Any]:  # noqa: ANN401
    place = f"{os.path.basename(mark.file)}:{mark.line}" if mark.file else ""  # noqa: PTH119  (text of a place, no path)
    return {"rule": identity, "number": number, "line": place}


def as_json(suite: Suite) -> str:
    """Return a suite as JSON with stable bytes: as Great Expectations writes it, without random ids, with sorted keys and all arguments."""
    columns = {
        "type": "expect_table_columns_to_match_ordered_list",
        "kwargs": {"column_list": list(suite.dataset.variables)},
        "meta": _meta("G-01", -1, suite.dataset.mark),
        "severity": SEVERITIES[Severity.ERROR],
    }
    rules = [
        {
            "type": "expect_rule_to_hold",
            "kwargs": {"rule": rule.id, "check": rule.kind, "arguments": rule.plain_arguments, "number": number},
            "meta": _meta(rule.id, number, rule.mark),
            "severity": SEVERITIES[rule.severity],
            "description": rule.message,
        }
        for number, rule in enumerate(suite.rules)
    ]
    custom = plain_json(dict(suite.custom))["expectations"] if suite.custom is not None else []
    whole = {
        "name": suite.dataset.name,
        "expectations": [columns, *rules, *custom],
        "meta": {"great_expectations_version": version("great_expectations")},
        "notes": None,
    }
    return json.dumps(whole, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def plain_json(value: Any) -> Any:  # noqa: ANN401  (any value of JSON)
    """Return a value without the keys `id`, which are random."""
    if isinstance(value, Mapping):
        return {key: entry if key in ("kwargs", "meta") else plain_json(entry) for key, entry in value.items() if key != "id"}
    return [plain_json(entry) for entry in value] if isinstance(value, list) else value
