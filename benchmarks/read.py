"""Measure how long it takes to read the domains and variables of a build. Run: python benchmarks/read.py [SUBJECTS ...]."""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from adam.pipeline.load import load_records
from adam.pipeline.planning import plan_with_source
from adam.pipeline.simulate import simulate_study
from validation.suite import needs, suites

SPECS = Path(__file__).parents[1] / "specs" / "true_ad"


def measure(folder: Path) -> None:
    """Print the figures of one package of SDTM data."""
    start = time.perf_counter()
    plan, source = plan_with_source(SPECS, folder)
    if source is None:
        raise SystemExit(f"{folder} has no source files")
    planned = time.perf_counter()
    frames = load_records(source, plan.columns, needs(suites(plan.study, plan.datasets)))
    read = time.perf_counter()
    values = sum(frame.size for frame in frames.values())
    records = sum(len(frame) for frame in frames.values())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(
        f"{len(frames['DM']):>7,} subjects  {records:>9,} records ({values:,} values)  headers and plan {planned - start:4.1f} s  "
        f"read {read - planned:5.1f} s  peak memory {peak:.1f} GB",
        flush=True,
    )


def main() -> None:
    """Simulate each size, and read it in its own process, so that each has its own peak memory."""
    if len(sys.argv) == 2 and Path(sys.argv[1]).is_dir():
        measure(Path(sys.argv[1]))
        return
    for subjects in [int(text) for text in sys.argv[1:]] or [1249, 10_000]:
        with tempfile.TemporaryDirectory() as folder:
            simulate_study(SPECS, Path(folder) / "sdtm", subjects, 1, exact=False, edge_cases=False)
            subprocess.run([sys.executable, __file__, str(Path(folder) / "sdtm")], check=True)


if __name__ == "__main__":
    main()
