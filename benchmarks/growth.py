"""CPU time and peak memory of whole builds of 1,249 to 20,000 simulated subjects: both figures should depend on the size as stated below.

Run: python benchmarks/growth.py [--sizes 1249 2500 5000 10000 20000] [--jobs 1] [--engine local] [--part-size N] [--folder DIR].

Each build is a process of its own, as a user starts it: it reads the SDTM files, derives, checks and exports. CPU is that of the process
and of all processes that it starts. Memory is the largest sum of what these processes have for themselves and of their share of what they have
in common (PSS), measured ten times a second. The CPU per subject of each size is compared with that of the first one.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

STUDY = Path(__file__).parents[1] / "specs" / "true_ad"
EVERY = 0.1


def family(process: int) -> list[int]:
    """A process and all that it started, directly or not."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(path.parent.name)] = int(path.read_text().rpartition(")")[2].split()[1])
        except (OSError, IndexError):
            continue
    found = [process]
    for number in found:
        found += [child for child, parent in parents.items() if parent == number]
    return found


def cpu(process: int) -> float:
    """The CPU seconds of a process so far; 0 if it has ended."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory(processes: list[int]) -> int:
    """The bytes of memory of processes; pages that they share are counted once."""
    total = 0
    for process in processes:
        try:
            lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
            total += next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * 1024
        except (OSError, StopIteration):
            continue
    return total


def measured(command: list[str]) -> tuple[float, float, int]:
    """The seconds, the CPU seconds and the peak memory of a command.

    Raises:
        SystemExit: the command failed.
    """
    begun, peak, over = time.perf_counter(), [0], threading.Event()
    spent: dict[int, float] = {}  # of each process as last seen: a worker is no child of this process, so that the system does not add it
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def watch() -> None:
        while not over.wait(EVERY):
            running = family(process.pid)
            peak[0] = max(peak[0], memory(running))
            spent.update({each: max(cpu(each), spent.get(each, 0.0)) for each in running})

    watcher = threading.Thread(target=watch)
    watcher.start()
    output, _ = process.communicate()
    over.set()
    watcher.join()
    if process.returncode:
        raise SystemExit(output[-2000:])
    return time.perf_counter() - begun, sum(spent.values()), peak[0]


def main() -> None:
    """Simulate and build each size, and print a line for it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1249, 2500, 5000, 10000, 20000])
    parser.add_argument("--jobs", type=int, nargs="+", default=[1])
    parser.add_argument("--engine", default="local")
    parser.add_argument("--part-size", type=int)
    parser.add_argument("--folder", type=Path, help="Where the simulated files are kept; by default they are temporary.")
    options = parser.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"{'subjects':>8} {'jobs':>4} {'seconds':>8} {'CPU s':>8} {'ms/subject':>10} {'to first':>8} {'peak GB':>8}")
    first = 0.0
    with tempfile.TemporaryDirectory() as temporary:
        for size in options.sizes:
            folder = (options.folder or Path(temporary)) / f"sdtm{size}"
            if not folder.exists():
                subprocess.run(adam("simulate", str(STUDY), "--out", str(folder), "--subjects", str(size)), check=True, stdout=subprocess.DEVNULL)
            for jobs in options.jobs:
                more = ["--jobs", str(jobs), "--engine", options.engine, *(["--part-size", str(options.part_size)] if options.part_size else [])]
                command = adam("build", str(STUDY), "--sdtm", str(folder), "--out", str(Path(temporary) / "out"), *more)
                seconds, used, peak = measured(command)
                first = first or used / size
                line = f"{size:8} {jobs:4} {seconds:8.1f} {used:8.1f} {1000 * used / size:10.1f} {used / size / first:8.2f} {peak / 1e9:8.2f}"
                print(line, flush=True)


def adam(*arguments: str) -> list[str]:
    """The command `adam` with this interpreter."""
    return [sys.executable, "-m", "adam", *arguments]


if __name__ == "__main__":
    os.environ.setdefault("SOURCE_DATE_EPOCH", "0")
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # an installation has compiled modules
    main()
