"""adamsmith: ADaM analysis datasets from one YAML specification.

One function for each command of `adam`. Paths are texts or `pathlib.Path`.

    read_study        the specification as written
    check_study       report every error of a specification, without reading a record
    plan_study        resolve names and formulas; the datasets and the steps in order
    trace_variable    where a variable comes from, down to the collected variables
    compare_plans     how two specifications differ, and every variable that a change reaches
    build_study       derive, check and export the datasets
    validate_study    check analysis datasets that exist as transport files
    simulate_study    write a simulated SDTM package
    build_demo        simulate and build the study that comes with the package
    verify_output     compare an output folder with its manifest
    package_output    arrange an output folder as module 5 of a submission
    conform_output    run CDISC CORE on the datasets of an output folder
    list_derivations, describe_derivation, list_checks, describe_check

What goes wrong is an `AdamError` with a message that states what to do: `SpecError`, `SourceError`, `UsageError`, `DerivationError` or
`ExportError`. A function is imported when it is first used, so `import adam` is cheap.

>>> import adam
>>> plan = adam.check_study("tests/study/specs")
>>> list(plan.datasets)
['ADSL', 'ADITCH', 'ADAE']
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from adam.core.errors import AdamError, DerivationError, ExportError, Finding, Problem, SourceError, SpecError, UsageError
    from adam.pipeline.build import BuildResult, build_study
    from adam.pipeline.catalogue import describe_check, describe_derivation, list_checks, list_derivations
    from adam.pipeline.check import check_study
    from adam.pipeline.demo import build_demo
    from adam.pipeline.outputs import VerificationResult, conform_output, package_output, verify_output
    from adam.pipeline.planning import plan_study, read_study
    from adam.pipeline.plans import compare_plans, trace_variable
    from adam.pipeline.simulate import simulate_study
    from adam.pipeline.validate import ValidationResult, validate_study

__version__ = "0.1.0"
__all__ = [
    "AdamError",
    "BuildResult",
    "DerivationError",
    "ExportError",
    "Finding",
    "Problem",
    "SourceError",
    "SpecError",
    "UsageError",
    "ValidationResult",
    "VerificationResult",
    "build_demo",
    "build_study",
    "check_study",
    "compare_plans",
    "conform_output",
    "describe_check",
    "describe_derivation",
    "list_checks",
    "list_derivations",
    "package_output",
    "plan_study",
    "read_study",
    "simulate_study",
    "trace_variable",
    "validate_study",
    "verify_output",
]
_MODULES = {
    "build_demo": "adam.pipeline.demo",
    "build_study": "adam.pipeline.build",
    "BuildResult": "adam.pipeline.build",
    "check_study": "adam.pipeline.check",
    "compare_plans": "adam.pipeline.plans",
    "conform_output": "adam.pipeline.outputs",
    "describe_check": "adam.pipeline.catalogue",
    "describe_derivation": "adam.pipeline.catalogue",
    "list_checks": "adam.pipeline.catalogue",
    "list_derivations": "adam.pipeline.catalogue",
    "package_output": "adam.pipeline.outputs",
    "plan_study": "adam.pipeline.planning",
    "read_study": "adam.pipeline.planning",
    "simulate_study": "adam.pipeline.simulate",
    "trace_variable": "adam.pipeline.plans",
    "validate_study": "adam.pipeline.validate",
    "ValidationResult": "adam.pipeline.validate",
    "VerificationResult": "adam.pipeline.outputs",
    "verify_output": "adam.pipeline.outputs",
}
"""The module of each public name; the errors and findings are those of `adam.core.errors`."""


def __getattr__(name: str) -> Any:  # noqa: ANN401  (a function or a class)
    if name not in __all__:
        raise AttributeError(f"module 'adam' has no attribute {name!r}")
    value = getattr(import_module(_MODULES.get(name, "adam.core.errors")), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
