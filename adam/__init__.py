"""adamsmith: ADaM analysis datasets from one YAML specification.

One function for each command of `adam`. Paths are texts or `pathlib.Path`.

    read        the specification as written
    check       report every error of a specification, without reading a record
    plan        resolve names and formulas; the datasets and the steps in order
    lineage     what one variable is derived from, down to collected variables
    difference  what differs between the plans of two specifications
    build       derive, check and export the datasets
    validate    check analysis datasets that exist as transport files
    simulate    write a simulated SDTM package
    demo        simulate and build the study that comes with the package
    compare     compare two versions of datasets: variables, attributes, records, values
    verify      compare an output folder with its manifest
    package     arrange an output folder as module 5 of a submission
    conform     run CDISC CORE on the datasets of an output folder
    trace       how the values of one record are made, down to the source records
    init        write a specification that builds from the data at hand
    init_like   start a specification from that of another study
    init_from   start a specification from define.xml or a workbook
    workbook    the specification as a workbook for review
    schema      the JSON Schema of the YAML, for editors
    derivations, functions, checks             the catalogs, name by name
    describe_derivation, describe_function     the page of one entry
    describe_check                             the same

What goes wrong is an `AdamError` with a message that states what to do: `SpecError`, `SourceError`, `UsageError`, `DerivationError`,
`ExportError` or `WorkerError`. A function is imported when it is first used, so `import adam` is cheap.

>>> import adam
>>> plan = adam.check("tests/study/specs")
>>> list(plan.datasets)
['ADSL', 'ADITCH', 'ADAE']
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from adam.core.collector import without_collector

if TYPE_CHECKING:
    from adam.core.errors import AdamError, DerivationError, ExportError, Finding, Problem, SourceError, SpecError, UsageError, WorkerError
    from adam.pipeline.build import BuildResult
    from adam.pipeline.build import build_study as build
    from adam.pipeline.catalogue import describe_check, describe_derivation, describe_function
    from adam.pipeline.catalogue import list_checks as checks
    from adam.pipeline.catalogue import list_derivations as derivations
    from adam.pipeline.catalogue import list_functions as functions
    from adam.pipeline.check import check_study as check
    from adam.pipeline.compare import Comparison
    from adam.pipeline.compare import compare_datasets as compare
    from adam.pipeline.demo import build_demo as demo
    from adam.pipeline.exchange import Imported
    from adam.pipeline.exchange import import_study as init_from
    from adam.pipeline.exchange import workbook_of as workbook
    from adam.pipeline.outputs import VerificationResult
    from adam.pipeline.outputs import conform_output as conform
    from adam.pipeline.outputs import package_output as package
    from adam.pipeline.outputs import verify_output as verify
    from adam.pipeline.planning import plan_study as plan
    from adam.pipeline.planning import read_study as read
    from adam.pipeline.plans import compare_plans as difference
    from adam.pipeline.plans import trace_variable as lineage
    from adam.pipeline.run import RunOptions
    from adam.pipeline.schema import schema_of as schema
    from adam.pipeline.simulate import simulate_study as simulate
    from adam.pipeline.start import StartedStudy
    from adam.pipeline.start import start_study as init
    from adam.pipeline.start_like import LikeStudy
    from adam.pipeline.start_like import start_like as init_like
    from adam.pipeline.trace import Trace
    from adam.pipeline.trace import trace_record as trace
    from adam.pipeline.validate import ValidationResult
    from adam.pipeline.validate import validate_study as validate

__version__ = "0.1.0"
__all__ = [
    "AdamError",
    "BuildResult",
    "Comparison",
    "DerivationError",
    "ExportError",
    "Finding",
    "Imported",
    "LikeStudy",
    "Problem",
    "RunOptions",
    "SourceError",
    "SpecError",
    "StartedStudy",
    "Trace",
    "UsageError",
    "ValidationResult",
    "VerificationResult",
    "WorkerError",
    "build",
    "check",
    "checks",
    "compare",
    "conform",
    "demo",
    "derivations",
    "describe_check",
    "describe_derivation",
    "describe_function",
    "difference",
    "functions",
    "init",
    "init_from",
    "init_like",
    "lineage",
    "package",
    "plan",
    "read",
    "schema",
    "simulate",
    "trace",
    "validate",
    "verify",
    "workbook",
]
_PLACES = {
    "BuildResult": "build.BuildResult",
    "Comparison": "compare.Comparison",
    "Imported": "exchange.Imported",
    "LikeStudy": "start_like.LikeStudy",
    "RunOptions": "run.RunOptions",
    "StartedStudy": "start.StartedStudy",
    "Trace": "trace.Trace",
    "ValidationResult": "validate.ValidationResult",
    "VerificationResult": "outputs.VerificationResult",
    "build": "build.build_study",
    "check": "check.check_study",
    "checks": "catalogue.list_checks",
    "compare": "compare.compare_datasets",
    "conform": "outputs.conform_output",
    "demo": "demo.build_demo",
    "derivations": "catalogue.list_derivations",
    "describe_check": "catalogue.describe_check",
    "describe_derivation": "catalogue.describe_derivation",
    "describe_function": "catalogue.describe_function",
    "difference": "plans.compare_plans",
    "functions": "catalogue.list_functions",
    "init_like": "start_like.start_like",
    "init_from": "exchange.import_study",
    "init": "start.start_study",
    "lineage": "plans.trace_variable",
    "package": "outputs.package_output",
    "plan": "planning.plan_study",
    "read": "planning.read_study",
    "schema": "schema.schema_of",
    "simulate": "simulate.simulate_study",
    "trace": "trace.trace_record",
    "validate": "validate.validate_study",
    "verify": "outputs.verify_output",
    "workbook": "exchange.workbook_of",
}
"""The module of the pipeline and the name there of each public name; the errors and findings are those of `adam.core.errors`."""


def __getattr__(name: str) -> Any:  # noqa: ANN401  (a function or a class)
    if name not in __all__:
        raise AttributeError(f"module 'adam' has no attribute {name!r}")
    module, _, original = _PLACES[name].partition(".") if name in _PLACES else ("", "", name)
    with without_collector():  # modules are kept, so there is nothing to collect
        value = getattr(import_module(f"adam.pipeline.{module}" if module else "adam.core.errors"), original)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
