"""A few of the kills of benchmarks/crash.py: a build ended by signal 9 leaves the old output or the new one, and the next run leaves nothing else."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the processes of a run are found in /proc, so no build was killed")
def test_a_killed_build_leaves_one_whole_version() -> None:
    command = [sys.executable, "-m", "benchmarks.crash", "--small", "--kills", "6", "--seed", "3", "--ways", "parts"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "6 kills" in done.stdout
    assert "0 faults" in done.stdout
