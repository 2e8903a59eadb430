"""The figures of size and speed in one run, each with its goal.

Run: python -m benchmarks.figures [--kills 300] [--pairs 12] [--sizes 1249 5000 20000] [--folder DIR] [--only floor growth jobs bytes kills task].

Ratios are of figures of the same run, so that another machine or another hour gives about the same. The run takes 40 minutes, most
of it for the kills, and needs an idle machine: other work changes the clock, and the processor time a little. `--folder` keeps the
simulated files for the next run.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

from benchmarks import efficacy_task, floor
from benchmarks.growth import STUDY, adam, measured

MANY = 5_000
"""The subjects of the study that is built in two processes."""
SCRIPT = (sys.executable, "-m")
WAYS = "parts,parts,parts,processes,dask"
"""How the builds that are killed run: three of five in one process, as those of most users."""


class Figures:
    """Measures, and prints a line for each figure."""

    def __init__(self, options: argparse.Namespace, temporary: Path) -> None:
        self.options, self.temporary, self.missed = options, temporary, 0
        self.folder = options.folder or temporary
        self.built = cache(self._built)

    def show(self, what: str, found: str, goal: str, reached: bool) -> None:
        """Print a figure, its goal, and whether it is reached."""
        self.missed += not reached
        print(f"{what:72} {found:>22}   goal {goal:18} {'reached' if reached else 'MISSED'}", flush=True)

    def source(self, subjects: int) -> Path:
        """The simulated files of a study of this size."""
        folder = self.folder / f"sdtm{subjects}"
        if not folder.exists():
            subprocess.run(adam("simulate", str(STUDY), "--out", str(folder), "--subjects", str(subjects)), check=True, stdout=subprocess.DEVNULL)
        return folder

    def command(self, subjects: int, jobs: int) -> list[str]:
        """The build of a study of this size."""
        return adam("build", str(STUDY), "--sdtm", str(self.source(subjects)), "--out", str(self.temporary / "out"), "--jobs", str(jobs))

    def _built(self, subjects: int, jobs: int) -> tuple[float, float]:
        """The least seconds by the clock and of the processor of some builds. Nothing else is measured meanwhile, which would take time."""
        runs = []
        for _ in range(3 if subjects <= MANY else 1):
            begun, before = time.perf_counter(), os.times()
            subprocess.run(self.command(subjects, jobs), check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            after = os.times()
            used = after.children_user + after.children_system - before.children_user - before.children_system
            runs.append((time.perf_counter() - begun, used))
        return min(clock for clock, _ in runs), min(used for _, used in runs)

    def floor(self) -> None:
        """The build of the demo and what reading and writing alone take."""
        _, used = self.built(1249, 1)
        least = floor.least(self.source(1249), self.temporary / "out")
        self.show("build of the demo, ratio to the floor of reading and writing", f"{used / least:.1f}", "at most 3", used <= 3 * least)
        self.show("build of the demo, processor time", f"{used:.1f} s", "at most 28 s", used <= 28)

    def growth(self) -> None:
        """The processor time of a subject, and the memory."""
        sizes = self.options.sizes
        first = self.built(sizes[0], 1)[1] / sizes[0]
        for size in sizes:
            each = self.built(size, 1)[1] / size / first
            _, _, peak = measured(self.command(size, 1))
            self.show(f"{size:,} subjects: time of a subject, ratio to {sizes[0]:,}", f"{each:.2f}", "at most 1.1", each <= 1.1)
            self.show(f"{size:,} subjects: peak memory", f"{peak / 1e9:.2f} GB", "below 3 GB", peak < 3e9)

    def jobs(self) -> None:
        """Two processes compared with one, by the clock."""
        one, two = (self.built(MANY, jobs)[0] for jobs in (1, 2))
        self.show(f"{MANY:,} subjects, --jobs 2: faster than one process, ratio", f"{one / two:.2f}", "at least 1.6", one >= 1.6 * two)

    def bytes(self) -> None:
        """The same files in parts, in processes and on Dask."""
        more = ["--folder", str(self.options.folder)] if self.options.folder else []
        code = self.script("same_bytes", *more)
        self.show("files of parts of 50 and 700, of two processes, of Dask, with a kill", "see above", "all the same", code == 0)

    def kills(self) -> None:
        """Runs that are killed, and two runs at a time; as many campaigns at once as there are cores."""
        cores = os.cpu_count() or 1
        shares = [[str((total + core) // cores) for total in (self.options.kills, self.options.pairs)] for core in range(cores)]
        commands = [
            [*SCRIPT, "benchmarks.crash", "--small", "--ways", WAYS, "--seed", str(seed), "--kills", kills, "--pairs", pairs]
            for seed, (kills, pairs) in enumerate(shares, 1)
        ]
        runs = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for command in commands]
        for run in runs:
            lines = run.communicate()[0].splitlines()
            print(*[line for line in lines if "FAULT" in line or line == lines[-1]], sep="\n", flush=True)
        reached = all(run.returncode == 0 for run in runs)
        self.show(f"{self.options.kills} kills, {self.options.pairs} pairs of runs", "see above", "none mixed, left", reached)

    def task(self) -> None:
        """A dataset of 16 variables and its transport file."""
        folder = self.temporary / "task"
        folder.mkdir()
        used = efficacy_task.seconds(12_000, folder, 3)
        self.show("12,000 subjects, 16 variables, --outputs xpt, processor time", f"{used:.1f} s", "at most 5.4 s", used <= 5.4)

    @staticmethod
    def script(name: str, *arguments: str) -> int:
        """Run another script of this folder; its exit code."""
        return subprocess.run([*SCRIPT, f"benchmarks.{name}", *arguments]).returncode


def main() -> int:
    """Measure the chosen figures; the exit code is 1 if a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--pairs", type=int, default=12)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1249, 5000, 20000])
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--only", nargs="+", choices=["floor", "growth", "jobs", "task", "bytes", "kills"])
    options = parser.parse_args()
    os.environ.setdefault("SOURCE_DATE_EPOCH", "0")
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # an installation has compiled modules
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    with tempfile.TemporaryDirectory() as temporary:
        figures = Figures(options, Path(temporary))
        parts: dict[str, Callable[[], None]] = {name: getattr(figures, name) for name in ("floor", "growth", "jobs", "task", "bytes", "kills")}
        for name, part in parts.items():
            if not options.only or name in options.only:
                part()
    return 1 if figures.missed else 0


if __name__ == "__main__":
    sys.exit(main())
