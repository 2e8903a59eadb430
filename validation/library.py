"""Great Expectations, imported without the libraries for statistics, charts, JSON schemas and documents, which no check of ours uses.

A command has its process for itself. It also leaves out the data sources (databases, Spark, files in the cloud), the metrics that a program
may compute by itself, and the expectations until a custom suite names them: each is a model that takes long to define. Any other program
imports the whole library.
"""

from __future__ import annotations

import os
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from adam.core.collector import without_collector
from adam.core.own_process import is_own_process
from validation.late_modules import late_modules, load_classes

LATE = ("scipy.stats", "altair", "jsonschema", "mistune")
NAME, TESTED = "great_expectations", "1.24."
"""The library, and its releases of which classes may be left out; another release is imported whole."""
CLASSES = (
    ("compatibility", "aws.py"),
    ("core", "http.py"),
    ("datasource.fluent", "*_datasource.py"),
    ("datasource.fluent", "fabric.py"),
    ("expectations.core", "*expect*.py"),
    *((f"metrics.{kind}", "[a-z]*.py") for kind in ("batch", "column", "column_pair", "multi_column", "query")),
)
"""The packages and files of the classes that may be left out."""
SERVICES = ("requests",)
"""A library that only classes for services of a network use."""
USED = ("expect_table_columns_to_match_ordered_list",)


def _place() -> Path | None:
    """The folder of the library, if this process is that of a command and the release is tested; the library is not imported."""
    found = find_spec(NAME)
    if not is_own_process() or found is None or not found.submodule_search_locations or not version(NAME).startswith(TESTED):
        return None
    return Path(found.submodule_search_locations[0])


def _classes(place: Path) -> list[str]:
    """The modules of the classes that a command leaves out."""
    files = [(package, path.stem) for package, pattern in CLASSES for path in sorted(place.joinpath(*package.split(".")).glob(pattern))]
    return [f"{NAME}.{package}.{module}" for package, module in files if module not in USED]


def load_expectations() -> None:
    """Import every expectation of the library, so that it is found by its type."""
    load_classes(gxe)


os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")

_command = _place()
with late_modules((*LATE, *SERVICES), _classes(_command)) if _command else late_modules(LATE), without_collector():
    import great_expectations as gx
    import great_expectations.expectations as gxe
    from great_expectations.core.batch import Batch
    from great_expectations.execution_engine import PandasExecutionEngine
    from great_expectations.expectations.expectation import BatchExpectation
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration, parse_result_format
    from great_expectations.expectations.metrics.metric_provider import metric_value
    from great_expectations.expectations.metrics.table_metric_provider import TableMetricProvider
    from great_expectations.validator.metric_configuration import MetricConfiguration
    from great_expectations.validator.validator import ValidationDependencies, Validator

__all__ = [
    "Batch",
    "BatchExpectation",
    "ExpectationConfiguration",
    "MetricConfiguration",
    "PandasExecutionEngine",
    "TableMetricProvider",
    "ValidationDependencies",
    "Validator",
    "gx",
    "gxe",
    "load_expectations",
    "metric_value",
    "parse_result_format",
]
