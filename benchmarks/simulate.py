"""How long a simulated study takes: drawing the frames, and writing them as XPT. Run: python benchmarks/simulate.py [SUBJECTS ...]."""

from __future__ import annotations

import datetime
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from adam.export import xpt
from adam.simulate import simulate
from adam.spec.read import read

SPECS = Path(__file__).parents[1] / "specs" / "true_ad"
CREATED = datetime.datetime(2021, 1, 15)


def measure(subjects: int) -> None:
    """Print the figures of one study of this size; files are written one after the other and thrown away."""
    study = read(SPECS)
    drawing = writing = 0.0
    records: dict[str, int] = {}
    size = 0
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        for file in simulate(study, subjects=subjects):
            frame = file.frame()
            drawn = time.perf_counter()
            path = Path(folder) / file.path
            xpt.write(frame, file.dataset, path, CREATED)
            written = time.perf_counter()
            records[file.path] = len(frame)
            size += path.stat().st_size
            path.unlink()
            drawing, writing = drawing + drawn - start, writing + written - drawn
            start = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(
        f"{subjects:>7,} subjects  {sum(records.values()):>9,} records (RS {records['rs.xpt']:,}, QS {records['qs.xpt']:,})  draw {drawing:5.1f} s  "
        f"write {writing:6.1f} s  {size / 2**20:,.0f} MB of files  peak memory {peak:.1f} GB",
        flush=True,
    )


def main() -> None:
    """Measure each size in a process of its own, so that each has its own peak of memory."""
    sizes = [int(text) for text in sys.argv[1:]]
    if len(sizes) == 1:
        measure(sizes[0])
        return
    for subjects in sizes or [1249, 10_000]:
        subprocess.run([sys.executable, __file__, str(subjects)], check=True)


if __name__ == "__main__":
    main()
