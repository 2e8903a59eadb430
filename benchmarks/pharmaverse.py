"""Measure the processor time of deriving each dataset of the pharmaverse study.

Run: python benchmarks/pharmaverse.py [SDTM] [--specs SPECS] [--steps N] (default ../shared/data/pharmaverse/sdtm).

Every step of the plan is measured by itself and counts for the dataset whose variable or records it makes; a prepared variable of a source counts
for the source. Sorting and assembling the finished datasets is one line of its own. --steps N lists the N most expensive steps.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from pathlib import Path

from adam.engine.run import build
from adam.pipeline.load import load_records
from adam.pipeline.planning import plan_with_source
from adam.planning.values.steps import Step

ROOT = Path(__file__).parents[1]


def dataset_of(step: Step) -> str:
    """The dataset, or the source, that a step makes something of."""
    return step.records[0].dataset


class StepClock:
    """Collects the processor time of each step; it is the progress callback of the engine."""

    def __init__(self) -> None:
        self.number: int | None = None
        self.start = time.process_time()
        self.seconds: Counter[int] = Counter()

    def __call__(self, _: str, number: int, __: int) -> None:
        self.stop()
        self.number = number

    def stop(self) -> float:
        """End the current step; return the time since the last one."""
        now = time.process_time()
        passed, self.start = now - self.start, now
        if self.number is not None:
            self.seconds[self.number] += passed
        return passed


def main() -> None:
    """Plan, load, derive and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("sdtm", nargs="?", type=Path, default=ROOT.parent / "shared" / "data" / "pharmaverse" / "sdtm")
    parser.add_argument("--specs", type=Path, default=ROOT / "specs" / "pharmaverse")
    parser.add_argument("--steps", type=int, default=0, help="list the most expensive steps")
    options = parser.parse_args()
    begin = time.process_time()
    plan, source = plan_with_source(options.specs, options.sdtm)
    assert source is not None
    print(f"read YAML and headers, plan {len(plan.steps):,} steps: {time.process_time() - begin:.2f} s")
    begin = time.process_time()
    frames = load_records(source, plan.columns)
    print(f"read {sum(map(len, frames.values())):,} records: {time.process_time() - begin:.2f} s")
    clock = StepClock()
    begin = time.process_time()
    built = build(plan, frames, clock)
    total = time.process_time() - begin
    seconds: Counter[str] = Counter()
    for number, passed in clock.seconds.items():
        seconds[dataset_of(plan.steps[number])] += passed
    last = max(clock.seconds, default=0)
    print(f"{'dataset':<10} {'records':>9} {'variables':>10} {'CPU s':>7}")
    for name, passed in seconds.most_common():
        frame = built.frames.get(name)
        print(f"{name:<10} {len(frame) if frame is not None else '':>9} {frame.shape[1] if frame is not None else '':>10} {passed:7.2f}")
    print(f"{'all steps':<10} {'':>9} {'':>10} {sum(clock.seconds.values()):7.2f}")
    print(f"{'assemble':<10} {'':>9} {'':>10} {total - sum(clock.seconds.values()):7.2f}")
    print(f"{'total':<10} {'':>9} {'':>10} {total:7.2f}   (last step {last})")
    for number, passed in clock.seconds.most_common(options.steps):
        print(f"{passed:7.3f} {plan.steps[number]}")


if __name__ == "__main__":
    main()
