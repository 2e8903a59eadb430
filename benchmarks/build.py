"""How long a build of the dermatology study takes, stage by stage. Run: python benchmarks/build.py [SUBJECTS] (1,249 if not said)."""

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
    """Prints what each stage took, of wall and of processor time."""

    def __init__(self) -> None:
        self.wall, self.own = time.perf_counter(), time.process_time()

    def told(self, stage: str) -> None:
        wall, own = time.perf_counter(), time.process_time()
        print(f"{stage:<34} {wall - self.wall:6.1f} s   {own - self.own:6.1f} s of processor", flush=True)
        self.wall, self.own = time.perf_counter(), time.process_time()


def main() -> None:
    """Simulate, then build in one process."""
    subjects = int(sys.argv[1]) if len(sys.argv) > 1 else None
    with tempfile.TemporaryDirectory() as folder:
        clock = Clock()
        simulate_study(SPECS, Path(folder) / "sdtm", subjects, 1, exact=subjects is None, edge_cases=False)
        clock.told("simulate and write SDTM")
        found, source = plan_with_source(SPECS, Path(folder) / "sdtm")
        assert source is not None
        rules = suites(found.study, found.datasets)
        clock.told("read YAML and headers, plan")
        frames = load_records(source, found.columns, needs(rules))
        clock.told(f"read {sum(map(len, frames.values())):,} records")
        built = build(found, frames)
        clock.told(f"derive {sum(map(len, built.frames.values())):,} records")
        from validation.run_suites import run_suites  # noqa: PLC0415  (its import is a part of the cost)

        clock.told("import Great Expectations")
        findings = run_suites(rules, built.frames, frames)
        clock.told(f"check: {sum(len(suite.rules) for suite in rules):,} rules, {len(findings)} findings")
        for name, frame in built.frames.items():
            write(frame, found.datasets[name], Path(folder) / f"{name.lower()}.xpt", CREATED, non_ascii="error")
        clock.told("write XPT and read it back")


if __name__ == "__main__":
    main()
