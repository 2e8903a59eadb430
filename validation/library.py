"""Great Expectations, imported without the libraries for statistics, charts, JSON schemas and documents, which no check of ours uses."""

from __future__ import annotations

import os

from adam.core.collector import without_collector
from validation.late_modules import late_modules

os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")

with late_modules(("scipy.stats", "altair", "jsonschema", "mistune")), without_collector():
    import great_expectations as gx
    import great_expectations.expectations as gxe
    from great_expectations.execution_engine import PandasExecutionEngine
    from great_expectations.expectations.expectation import BatchExpectation
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
    from great_expectations.expectations.metrics.metric_provider import metric_value
    from great_expectations.expectations.metrics.table_metric_provider import TableMetricProvider

__all__ = ["BatchExpectation", "ExpectationConfiguration", "PandasExecutionEngine", "TableMetricProvider", "gx", "gxe", "metric_value"]
