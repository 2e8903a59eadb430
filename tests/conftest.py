"""Which tests are slow: those that build, simulate or break a whole study, or run in processes of their own.

`python -m pytest -m "not slow"` leaves them out and takes less than a minute; the whole suite runs before a change is merged.
"""

import os
import signal
from pathlib import Path
from typing import Any

import pytest

from tests.order import rank

ROOT = Path(__file__).parent
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as a shell starts its background jobs; the programs of tests would inherit it
    signal.signal(signal.SIGINT, signal.default_int_handler)
SLOW = (
    "acceptance",
    "bad_inputs",
    "cases",
    "comparison/test_pilot.py",
    "engine",
    "oracle",
    "parts/test_same_files.py",
    "parts/test_temporary.py",
    "parts/test_workers.py",
    "pharmaverse/test_published.py",
    "right_or_refused",
    "simulation",
    "derivations/test_contracts.py",
    "derivations/test_subject_local.py",
    "planning/test_commands.py",
    "planning/test_value.py",
    "report/test_page.py",
    "report/test_run.py",
    "results/test_compute.py",
    "specification/test_bad_parameters.py",
    "submission/test_crash.py",
    "submission/test_folder_states.py",
    "submission/test_policies.py",
    "submission/test_programs.py",
    "submission/test_package.py",
    "submission/test_verify.py",
    "submission/test_xpt_parts.py",
    "validation/test_absent.py",
    "validation/test_conformance_bites.py",
    "validation/test_parts_of_study.py",
    "validation/test_forms.py",
    "validation/test_found_again.py",
    "validation/test_lawful.py",
    "validation/test_layer_checks.py",
    "validation/test_mutations.py",
    "validation/test_rules_bite.py",
    "validation/test_traps.py",
    "validation/test_waivers.py",
    "validation/test_wording.py",
    "cookbook",
    "test_cookbook.py",
    "test_example.py",
    "test_output.py",
    "test_pages.py",
    "test_pilot.py",
    "test_posters.py",
    "test_site.py",
    "test_snippets.py",
    "test_tutorial.py",
    "test_validate.py",
    "test_wheel.py",
    "test_wording.py",
)
"""Folders and files below this one."""


@pytest.fixture(scope="session", autouse=True)
def _without_sync():
    """Do not wait for the disk: an output is synced against a loss of power, which no test has. `submission/test_sync.py` tests that it is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda handle: None)
        yield


def is_slow(path: Path) -> bool:
    """Whether a file or folder is one of the slow ones, or in one."""
    return any(path == ROOT / place or ROOT / place in path.parents for place in SLOW)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Do not even import the slow files where only the fast ones run."""
    return True if config.option.markexpr == "not slow" and is_slow(collection_path) else None


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Spread the tests by file, or by study, instead of one by one."""
    from tests.schedule import ByStudy

    return ByStudy(config, log) if config.getvalue("dist") in ("load", "loadfile") else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the slow ones, and begin with the most expensive."""
    items.sort(key=lambda item: rank(item.nodeid))
    for item in items:
        if is_slow(item.path):
            item.add_marker(pytest.mark.slow)
