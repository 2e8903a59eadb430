"""Measure the time of the suites, rule by rule. Run: python benchmarks/checks.py [SUBJECTS] (default 1,249)."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from adam.engine.run import build
from adam.pipeline.load import load_records
from adam.pipeline.planning import plan_with_source
from adam.pipeline.simulate import simulate_study
from validation.conformance.run_conformance import run_conformance, source_variables
from validation.delivery import Delivery
from validation.suite import needs, suites

SPECS = Path(__file__).parents[1] / "specs" / "true_ad"


def main() -> None:
    """Build once; then measure the import, each suite, each rule on its own, and the conformance rules."""
    subjects = int(sys.argv[1]) if len(sys.argv) > 1 else None
    with tempfile.TemporaryDirectory() as folder:
        simulate_study(SPECS, Path(folder), subjects, 1, exact=subjects is None, edge_cases=False)
        plan, source = plan_with_source(SPECS, Path(folder))
        assert source is not None
        rules = suites(plan.study, plan.datasets)
        sources = load_records(source, plan.columns, needs(rules), source_variables())
        frames = build(plan, sources).frames
    start = time.process_time()
    from validation.run_suites import run_suites  # noqa: PLC0415  (the import is part of the cost)

    print_seconds("import Great Expectations", start)
    start = time.process_time()
    package = Delivery(plan.study, plan.datasets, plan.datasets, frames, sources, whole=True)
    print_seconds(f"conformance: {len(run_conformance(package))} findings", start)
    costs = []
    for suite in rules:
        start = time.process_time()
        findings = run_suites((suite,), frames, sources)
        name = suite.dataset.name
        print_seconds(f"{name}: {len(frames[name]):,} records, {len(suite.rules)} rules, {len(findings)} findings", start)
        records = suite.records(frames, sources)
        whole = time.process_time()
        for rule in suite.rules:
            start = time.process_time()
            rule.failures(records)
            costs.append((time.process_time() - start, f"{name} {rule.id} {rule.kind} {rule.variable} line {rule.mark.line}"))
        print_seconds("  the same rules without Great Expectations", whole)
    print("the ten most expensive rules")
    for cost, what in sorted(costs, reverse=True)[:10]:
        print(f"  {what:<60} {cost:6.2f} s")


def print_seconds(what: str, start: float) -> None:
    """Print the processor time since the start."""
    print(f"{what:<62} {time.process_time() - start:6.2f} s", flush=True)


if __name__ == "__main__":
    main()
