"""Compare reading the domains and variables of a build with its floor: whole, and in parts of subjects.

Run: python -m benchmarks.read [SDTM ...] (default: a simulated study of 1,249 subjects).

The floor reads the same variables of the same files with numpy and pyarrow and hashes the files. The build checks keys and text as well,
merges SUPP-- and reports what it finds. Each figure is measured in its own process, and includes what that process does to start.
"""

from __future__ import annotations

import ast
import hashlib
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from adam.pipeline.load import load_records
from adam.pipeline.planning import plan_with_source
from adam.pipeline.simulate import simulate_study
from adam.sources import Source, open_source
from adam.sources.parts import split
from benchmarks.floor import columns_of
from validation.suite import needs, suites

SPECS = Path(__file__).parents[1] / "specs" / "true_ad"
PART = 700
"""The number of subjects of a part."""
Columns = Mapping[str, Iterable[str]]


def floor(source: Source, columns: Columns) -> int:
    """Read the variables with numpy and pyarrow, one file at a time."""
    values = 0
    for domain, names in columns.items():
        for path in source.headers[domain].files:
            values += sum(map(len, columns_of(path, names)[2].values()))
            with path.open("rb") as file:
                hashlib.file_digest(file, "sha256")
    return values


def whole(source: Source, columns: Columns) -> int:
    """Read each domain at once; all of them are in memory."""
    frames = load_records(source, columns)
    source.check(frames)
    return sum(frame.size for frame in frames.values())


def parts(source: Source, columns: Columns) -> int:
    """Split the source, then load one part after another."""
    with tempfile.TemporaryDirectory() as folder:
        found = split(source, columns, Path(folder), PART)
        return sum(sum(frame.size for frame in part.load().values()) for part in found.parts)


WAYS: dict[str, Callable[[Source, Columns], int]] = {"floor": floor, "whole": whole, "parts": parts}


def columns_read(folder: Path) -> dict[str, list[str]]:
    """The variables of each domain that a build reads."""
    plan, source = plan_with_source(SPECS, folder)
    if source is None:
        raise SystemExit(f"{folder} has no source files")
    found: dict[str, set[str]] = {}
    for each in (plan.columns, needs(suites(plan.study, plan.datasets))):
        for domain, names in each.items():
            header = source.headers.get(domain)
            found.setdefault(domain, set()).update(name for name in names if header and name in {*header.variables, *header.qualifiers})
    return {domain: sorted(names) for domain, names in found.items() if domain in source.headers}


def measure(way: str, folder: Path, columns: Columns) -> None:
    """Print processor seconds of reading, peak memory in GB and the number of values."""
    source = open_source(folder)
    start = time.process_time()
    values = WAYS[way](source, columns)
    print(time.process_time() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, values)


def compare(folder: Path) -> None:
    """Measure each way in its own process, and print ratios to the floor."""
    columns = columns_read(folder)
    lines = {}
    for way in WAYS:
        command = [sys.executable, "-m", "benchmarks.read", way, str(folder), repr(columns)]
        lines[way] = [float(text) for text in subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()]
    for way, (seconds, peak, values) in lines.items():
        print(
            f"{way:<6} {seconds / lines['floor'][0]:5.2f} x the floor  {seconds:6.1f} CPU s  peak memory {peak:4.1f} GB  {values:>12,.0f} values",
            flush=True,
        )


def main() -> None:
    """Compare for each folder of SDTM files."""
    if sys.argv[1:2] and sys.argv[1] in WAYS:
        measure(sys.argv[1], Path(sys.argv[2]), ast.literal_eval(sys.argv[3]))
        return
    print(f"{platform.processor() or platform.machine()}, Python {platform.python_version()}, parts of {PART} subjects", flush=True)
    for argument in sys.argv[1:]:
        compare(Path(argument))
    if not sys.argv[1:]:
        with tempfile.TemporaryDirectory() as folder:
            simulate_study(SPECS, Path(folder) / "sdtm", 1249, 1, exact=False, edge_cases=False)
            compare(Path(folder) / "sdtm")


if __name__ == "__main__":
    main()
