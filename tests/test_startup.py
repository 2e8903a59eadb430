"""A command imports only the libraries that it uses: each of these takes longer to import than a specification takes to be checked."""

import os
import subprocess
import sys

import pytest

LIBRARIES = ("great_expectations", "scipy", "altair", "matplotlib", "reportlab", "pyreadstat", "narwhals", "jinja2", "xlsxwriter", "pyarrow.parquet")
CHECK = "import adam; adam.check('tests/study/specs', 'tests/study/sdtm')"
VALIDATION = "from validation.library import gx"


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
