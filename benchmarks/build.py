"""Measure the time of each stage of a build of the dermatology study. Run: python benchmarks/build.py [SUBJECTS] (default 1,249)."""

from __future__ import annotations

import datetime
import sys
import tempfile
import time
from pathlib import Path

from adam.engine.run import build
from adam.pipeline.load import load_records
from adam.pipeline.planning import plan_with_source
from adam.pipeline.simulate import simulate_study
from adam.submission import write
from validation.suite import needs, suites

SPECS = Path(__file__).parents[1] / "specs" / "true_ad"
CREATED = datetime.datetime(2021, 1, 15)


class Clock:
    """Prints the wall and processor time of each stage."""

    def __init__(self) -> None:
        self.wall, self.own = time.perf_counter(), time.process_time()

    def print_stage(self, stage: str) -> None:
        wall, own = time.perf_counter(), time.process_time()
        print(f"{stage:<34} {wall - self.wall:6.1f} s   {own - self.own:6.1f} s of processor", flush=True)
        self.wall, self.own = time.perf_counter(), time.process_time()


def main() -> None:
    """Simulate, then build in one process."""
    subjects = int(sys.argv[1]) if len(sys.argv) > 1 else None
    with tempfile.TemporaryDirectory() as folder:
        clock = Clock()
        simulate_study(SPECS, Path(folder) / "sdtm", subjects, 1, exact=subjects is None, edge_cases=False)
        clock.print_stage("simulate and write SDTM")
        plan, source = plan_with_source(SPECS, Path(folder) / "sdtm")
        assert source is not None
        rules = suites(plan.study, plan.datasets)
        clock.print_stage("read YAML and headers, plan")
        frames = load_records(source, plan.columns, needs(rules))
        clock.print_stage(f"read {sum(map(len, frames.values())):,} records")
        built = build(plan, frames)
        clock.print_stage(f"derive {sum(map(len, built.frames.values())):,} records")
        from validation.run_suites import run_suites  # noqa: PLC0415  (the import is part of the cost)

        clock.print_stage("import Great Expectations")
        findings = run_suites(rules, built.frames, frames)
        clock.print_stage(f"check: {sum(len(suite.rules) for suite in rules):,} rules, {len(findings)} findings")
        for name, frame in built.frames.items():
            write(frame, plan.datasets[name], Path(folder) / f"{name.lower()}.xpt", CREATED, non_ascii="error")
        clock.print_stage("write XPT and read it back")


if __name__ == "__main__":
    main()
