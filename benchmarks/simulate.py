"""Measure a simulation: drawing the frames, and writing them as XPT. Run: python benchmarks/simulate.py [SUBJECTS ...]."""

from __future__ import annotations

import datetime
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from adam.simulation import simulate
from adam.specification.read import read
from adam.submission import xpt

SPECS = Path(__file__).parents[1] / "specs" / "true_ad"
CREATED = datetime.datetime(2021, 1, 15)


def timed(parts: Iterator[pd.DataFrame], spent: list[float]) -> Iterator[pd.DataFrame]:
    """The parts; the seconds for each are added to `spent`."""
    start = time.perf_counter()
    for part in parts:
        spent.append(time.perf_counter() - start)
        yield part
        start = time.perf_counter()


def measure(subjects: int) -> None:
    """Print the figures of a study with so many subjects; each file is deleted after it is written."""
    study = read(SPECS)
    drawing: list[float] = []
    writing = 0.0
    records: dict[str, int] = {}
    size = 0
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        for file in simulate(study, subjects=subjects):
            drawing.append(time.perf_counter() - start)
            path = Path(folder) / file.path
            start, before = time.perf_counter(), sum(drawing)
            records[file.path] = xpt.write_parts(timed(file.parts, drawing), file.dataset, path, CREATED)
            writing += time.perf_counter() - start - (sum(drawing) - before)
            size += path.stat().st_size
            path.unlink()
            start = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(
        f"{subjects:>7,} subjects  {sum(records.values()):>9,} records (RS {records['rs.xpt']:,}, QS {records['qs.xpt']:,})  "
        f"draw {sum(drawing):4.1f} s  write {writing:5.1f} s  {size / 2**20:,.0f} MB of files  peak memory {peak:.1f} GB",
        flush=True,
    )


def main() -> None:
    """Measure each size in its own process, so that each has its own peak memory."""
    sizes = [int(text) for text in sys.argv[1:]]
    if len(sizes) == 1:
        measure(sizes[0])
        return
    for subjects in sizes or [1249, 5000, 10_000]:
        subprocess.run([sys.executable, __file__, str(subjects)], check=True)


if __name__ == "__main__":
    main()
