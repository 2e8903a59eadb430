"""What the suites cost, rule by rule. Run: python benchmarks/checks.py [SUBJECTS] (the 1,249 of the study if not said)."""

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
    """Build once; then time the import, each suite, each rule by itself, and the conformance rules."""
    subjects = int(sys.argv[1]) if len(sys.argv) > 1 else None
    with tempfile.TemporaryDirectory() as folder:
        simulate_study(SPECS, Path(folder), subjects, 1, exact=subjects is None, edge_cases=False)
        found, source = plan_with_source(SPECS, Path(folder))
        assert source is not None
        rules = suites(found.study, found.datasets)
        sources = load_records(source, found.columns, needs(rules), source_variables())
        frames = build(found, sources).frames
    start = time.process_time()
    from validation.run_suites import run_suites  # noqa: PLC0415  (its import is a part of the cost)

    told("import Great Expectations", start)
    start = time.process_time()
    package = Delivery(found.study, found.datasets, found.datasets, frames, sources, whole=True)
    told(f"conformance: {len(run_conformance(package))} findings", start)
    costs = []
    for suite in rules:
        start = time.process_time()
        findings = run_suites((suite,), frames, sources)
        name = suite.dataset.name
        told(f"{name}: {len(frames[name]):,} records, {len(suite.rules)} rules, {len(findings)} findings", start)
        records = suite.records(frames, sources)
        whole = time.process_time()
        for rule in suite.rules:
            start = time.process_time()
            rule.failures(records)
            costs.append((time.process_time() - start, f"{name} {rule.id} {rule.kind} {rule.variable} line {rule.mark.line}"))
        told("  its rules without Great Expectations", whole)
    print("the ten dearest rules")
    for cost, what in sorted(costs, reverse=True)[:10]:
        print(f"  {what:<60} {cost:6.2f} s")


def told(what: str, start: float) -> None:
    """Print seconds of the processor since the start."""
    print(f"{what:<62} {time.process_time() - start:6.2f} s", flush=True)


if __name__ == "__main__":
    main()
