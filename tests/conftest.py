"""Which tests are slow: those that build, simulate or break a whole study, or run in processes of their own.

`python -m pytest -m "not slow"` leaves them out and takes less than a minute; the whole suite runs before a change is merged.
"""

from pathlib import Path

import pytest

ROOT = Path(__file__).parent
SLOW = (
    "acceptance",
    "bad_inputs",
    "cases",
    "oracle",
    "simulation",
    "right_or_refused/test_endings.py",
    "right_or_refused/test_what_is_read.py",
    "report/test_page.py",
    "report/test_run.py",
    "submission/test_crash.py",
    "validation/test_absent.py",
    "validation/test_conformance_bites.py",
    "validation/test_mutations.py",
    "validation/test_rules_bite.py",
    "validation/test_waivers.py",
    "validation/test_wording.py",
    "test_cookbook.py",
    "test_lineage.py",
    "test_output.py",
    "test_pilot.py",
    "test_posters.py",
    "test_wheel.py",
)
"""Folders and files below this one."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the slow ones."""
    slow = tuple(ROOT / place for place in SLOW)
    for item in items:
        if any(item.path == place or place in item.path.parents for place in slow):
            item.add_marker(pytest.mark.slow)
