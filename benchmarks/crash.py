"""Kill an export at random moments and check that the output is never a mix of two versions.

Run: python benchmarks/crash.py [--kills 200] [--seed 1].

A child process repeatedly exports one of two versions of the example study, which differ in every file; signal 9 ends it after a random
time. After each kill the output must be completely the old or the new version, as its manifest shows, and the next run must work. Half of
the kills are in the last milliseconds, in which the folders are exchanged.
"""

from __future__ import annotations

import argparse
import datetime
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from adam.pipeline.derive import DerivedStudy, derive_study
from adam.pipeline.planning import plan_with_source
from adam.planning.dataset_reads import dataset_reads
from adam.submission.folder import stage_output
from adam.submission.manifest import write_manifest
from adam.submission.submission import write_submission
from adam.submission.verify import require_manifest, verify

STUDY = Path(__file__).parents[1] / "tests" / "study"
MOMENTS = {"old": datetime.datetime(2001, 1, 1), "new": datetime.datetime(2002, 2, 2)}


def export(out: Path, derived: DerivedStudy, version: str) -> None:
    """Write one version of the output; its creation date distinguishes it from the other."""
    study = derived.plan.study.model_copy(update={"as_of": MOMENTS[version].date()})
    with stage_output(out) as staging:
        reads = dataset_reads(derived.plan)
        write_submission(staging, study, derived.datasets, derived.records, derived.findings, MOMENTS[version], reads=reads)
        write_manifest(staging, study, {}, dict(study.files), derived.counts, {})


def version_of(out: Path) -> str:
    """The version in the output if every file matches the manifest, otherwise what is wrong."""
    if not out.exists():
        return "nothing"
    differences = verify(out)
    if differences:
        return f"MIXED: {', '.join(map(str, differences[:3]))}"
    found = require_manifest(out)["as_of"]
    return next((name for name, moment in MOMENTS.items() if moment.date().isoformat() == found), f"UNKNOWN: {found}")


def export_and_kill(out: Path, derived: DerivedStudy, version: str, after: float | None) -> bool:
    """Export in a child process and kill it after some seconds, if `after` is set; return whether it was still running."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        try:
            export(out, derived, version)
            os._exit(0)
        except BaseException as error:  # noqa: BLE001  (a child that fails must not continue as the parent)
            print(f"the child failed: {error}", file=sys.stderr, flush=True)
            os._exit(1)
    if after is not None:
        time.sleep(after)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise SystemExit("a child failed instead of being killed")
    return os.WIFSIGNALED(status)


def main() -> int:
    """Kill, check, and print the counts; the exit code is 1 if an output was a mix."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    draw = random.Random(options.seed)
    derived = derive_study(plan_with_source(STUDY / "specs", STUDY / "sdtm"))
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        took = []
        for version in ("new", "old", "old"):
            start = time.perf_counter()
            export_and_kill(out, derived, version, None)
            took.append(time.perf_counter() - start)
        whole, current, seen = sum(took[1:]) / 2, "old", Counter[str]()
        for number in range(options.kills):
            version = "new" if current == "old" else "old"
            after = draw.uniform(0, whole * 1.2) if number % 2 else whole * draw.gauss(0.95, 0.08)
            at_work = export_and_kill(out, derived, version, max(after, 0))
            found = version_of(out)
            seen["still at work" if at_work else "already done"] += 1
            seen["changed" if found == version else "not changed" if found == current else found] += 1
            current = found if found in MOMENTS else current
        export(out, derived, "new")
        beside = sorted(path.name for path in Path(folder).iterdir())
        last = version_of(out)
    bad = sum(count for name, count in seen.items() if name.startswith(("MIXED", "UNKNOWN", "nothing")))
    shown = ", ".join(f"{count} {name}" for name, count in sorted(seen.items()))
    print(f"{options.kills} kills, an export in a child takes {whole * 1000:.0f} ms: {shown}")
    print(f"{bad} folders that were neither version; the next run wrote '{last}' and left beside it {[name for name in beside if name != 'out']}")
    return 1 if bad or last != "new" or beside != ["out"] else 0


if __name__ == "__main__":
    sys.exit(main())
