"""A few of the kills of benchmarks/crash.py: an export ended by signal 9 leaves the old output or the new one, never a mixture."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "crash.py"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork, so no export was killed")
def test_a_killed_export_leaves_one_whole_version() -> None:
    done = subprocess.run([sys.executable, str(SCRIPT), "--kills", "8", "--seed", "3"], capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 folders that were neither version" in done.stdout
