"""A command imports only the libraries that it uses: each of these takes longer to import than a specification takes to be checked."""

import os
import subprocess
import sys
import types
from pathlib import Path

import pytest

from validation.late_modules import LateClass, late_modules, load_classes
from validation.library import TESTED

LIBRARIES = ("great_expectations", "scipy", "altair", "matplotlib", "reportlab", "pyreadstat", "narwhals", "jinja2", "xlsxwriter", "pyarrow.parquet")
CHECK = "import adam; adam.check('tests/study/specs', 'tests/study/sdtm')"
VALIDATION = "from validation.library import gx"
COMMAND = "from adam.core.own_process import own_process\nwith own_process():\n    import validation.library"
FEWER = (
    "great_expectations.datasource.fluent.sql_datasource",
    "great_expectations.expectations.core.expect_column_to_exist",
    "great_expectations.metrics.column.mean",
    "great_expectations.datasource.fluent.pandas_datasource",
    "requests",
)
KNOWN = "from great_expectations.expectations.registry import list_registered_expectation_implementations as known\nprint(sorted(known()))"
METRICS = """from great_expectations.expectations.registry import _registered_metrics as metrics
print([name for name in sorted(metrics) if "PandasExecutionEngine" in metrics[name]["providers"]])"""


def loaded(code: str, names: tuple[str, ...]) -> list[str]:
    """The modules of these names that are loaded when a process has run some code."""
    code = f"{code}\nimport sys\nprint([name for name in {names} if name in sys.modules])"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ)
    found: list[str] = eval(ended.stdout)
    return found


def test_a_check_of_a_specification_imports_no_library_of_checks_pictures_or_documents() -> None:
    assert loaded(CHECK, (*LIBRARIES, "adam.engine.run", "adam.submission", "adam.report.page")) == []


@pytest.mark.parametrize("code", ["import adam.pipeline.trace, adam.tracing.tracer, adam.engine.run", "import adam; adam.compare"])
def test_a_trace_and_a_comparison_import_no_library_of_checks_or_pictures(code: str) -> None:
    assert loaded(code, ("great_expectations", "scipy", "matplotlib", "reportlab")) == []


def test_great_expectations_is_imported_without_statistics_and_charts() -> None:
    assert loaded(VALIDATION, ("great_expectations", "scipy.stats", "altair", "jsonschema", "mistune")) == ["great_expectations"]


def test_an_expectation_that_needs_statistics_loads_them() -> None:
    module = "great_expectations.expectations.core.expect_column_kl_divergence_to_be_less_than"
    code = f"{VALIDATION}\nfrom importlib import import_module\nkl = import_module('{module}')\nassert kl.stats.entropy([1, 1], [1, 1]) == 0"
    assert loaded(code, ("scipy.stats", "altair")) == ["scipy.stats"]
    assert loaded(f"{code}\nkl.alt.Chart", ("scipy.stats", "altair")) == ["scipy.stats", "altair"]


def test_a_module_that_is_loaded_already_stays() -> None:
    code = f"import scipy.stats, sys\nbefore = sys.modules['scipy.stats']\n{VALIDATION}\nassert sys.modules['scipy.stats'] is before"
    assert loaded(code, ("scipy.stats",)) == ["scipy.stats"]


def printed(code: str) -> str:
    """What a process prints that runs some code."""
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ).stdout


def test_a_command_imports_neither_data_sources_nor_expectations_that_it_does_not_use() -> None:
    assert loaded(COMMAND, ("great_expectations", *FEWER)) == ["great_expectations"]
    assert loaded(VALIDATION, FEWER) == list(FEWER)


def test_a_custom_suite_of_a_command_finds_every_expectation_of_the_library() -> None:
    every = printed(f"import great_expectations\n{KNOWN}")
    assert "'expect_column_to_exist'" in every
    assert printed(f"{COMMAND}\n{KNOWN}") != every
    assert printed(f"{COMMAND}\nvalidation.library.load_expectations()\n{KNOWN}") == every
    metrics = printed(f"{VALIDATION}\n{METRICS}")
    assert "'column.mean'" in metrics and printed(f"{COMMAND}\nvalidation.library.load_expectations()\n{METRICS}") == metrics


def test_a_module_of_a_late_module_is_imported() -> None:
    assert "wsgiref" not in sys.modules
    with late_modules(["wsgiref"]):
        import wsgiref.headers
    assert wsgiref.headers.Headers and sys.modules["wsgiref"].headers is wsgiref.headers


def test_the_constrained_release_of_great_expectations_is_the_tested_one() -> None:
    constraints = Path("constraints.txt").read_text(encoding="utf-8")
    assert f"great_expectations=={TESTED}" in constraints, "does a command still run with fewer modules? If so, adapt TESTED"


def test_a_late_class_is_the_class_in_every_use() -> None:
    sys.modules.pop("sched", None)
    with late_modules([], ["sched"]):
        from sched import Event, scheduler
    assert type(scheduler) is LateClass and "sched" not in sys.modules
    assert scheduler(delayfunc=len).delayfunc is len
    import sched

    assert scheduler.run is sched.scheduler.run
    assert isinstance(sched.scheduler(), scheduler) and not isinstance(1, scheduler)
    assert types.new_class("Derived", (scheduler,)).__bases__ == (sched.scheduler,) and issubclass(sched.scheduler, scheduler)
    module = types.ModuleType("classes")
    module.Event, module.number = Event, 1
    load_classes(module)
    assert module.Event is sched.Event and module.number == 1


def test_the_pictures_of_a_report_need_no_library() -> None:
    assert loaded("import adam.report.page, adam.submission.pdf.styles", ("matplotlib",)) == []
