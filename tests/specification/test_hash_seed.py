"""A plan and its checks are the same in every process: the order of a set of names differs from one to the next."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PRINT = """
from pathlib import Path
from adam.pipeline.planning import plan_with_source
from validation.suite import suites
plan, _ = plan_with_source(Path({specs!r}), None)
for step in plan.steps:
    print(step)
for dataset in plan.datasets.values():
    print(dataset.name, list(dataset.variables), list(dataset.parameters))
for suite in suites(plan.study, plan.datasets):
    for rule in suite.rules:
        print(suite.dataset.name, rule.id, rule.kind, rule.variable, rule.message, rule.plain_arguments)
"""


def printed(specs: Path, seed: int) -> str:
    code = PRINT.format(specs=str(specs))
    run = subprocess.run([sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": str(seed)}, capture_output=True, text=True, cwd=ROOT)
    assert run.returncode == 0, run.stderr[-2000:]
    return run.stdout


@pytest.mark.parametrize("specs", ["pharmaverse", "true_ad"])
def test_the_order_does_not_depend_on_the_hash_of_names(specs: str) -> None:
    first, second = (printed(ROOT / "specs" / specs, seed) for seed in (1, 2))
    assert len(first.splitlines()) > 500
    assert first == second
