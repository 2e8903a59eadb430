"""Build studies in parts, in two processes and on Dask, once with a worker killed: every file must be that of a build in one part.

Run: python -m benchmarks.same_bytes [--sizes 50 700] [--studies demo messy pilot pharmaverse] [--folder DIR].

The studies are the one of the demo (1,249 simulated subjects), the same with every edge case, which is rejected, the CDISC pilot and the
pharmaverse. The last two need their public data in ../shared/data and are left out without it. The exit codes must agree, too. The
killed worker is the one of a Dask cluster that had the most processor time after a third of the time that the same build took before.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from benchmarks.growth import adam, cpu, family
from benchmarks.started_runs import digests

ROOT = Path(__file__).parents[1]
DATA = ROOT.parent / "shared" / "data"
ENGINES = {"2 processes": ["--jobs", "2"], "dask": ["--jobs", "2", "--engine", "dask"]}
KILLED = "dask, one worker killed"


class Study(NamedTuple):
    """A specification and its data; data that are simulated have the options of the simulation."""

    specs: Path
    data: Path | None
    simulated: tuple[str, ...] = ()


STUDIES = {
    "demo": Study(ROOT / "specs" / "true_ad", None, ("--subjects", "1249")),
    "messy": Study(ROOT / "specs" / "true_ad", None, ("--subjects", "200", "--edge-cases")),
    "pilot": Study(ROOT / "specs" / "cdiscpilot01", DATA / "cdiscpilot01" / "sdtm"),
    "pharmaverse": Study(ROOT / "specs" / "pharmaverse", DATA / "pharmaverse" / "sdtm"),
}


class Run(NamedTuple):
    """What a build returned and wrote."""

    code: int
    files: dict[str, str]
    seconds: float


def run(specs: Path, data: Path, folder: Path, options: list[str], meanwhile: Callable[[subprocess.Popen[str]], None] | None = None) -> Run:
    """One build in a folder of its own; `meanwhile` gets its process."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    began = time.monotonic()
    command = adam("build", str(specs), "--sdtm", str(data), "--out", str(folder / "out"), *options)
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if meanwhile is not None:
        meanwhile(process)
    _, message = process.communicate()
    if process.returncode not in (0, 1):
        raise SystemExit(f"{' '.join(command)}\n{message[-2000:]}")
    left = sorted(path.name for path in folder.iterdir() if path.name != "out")
    return Run(process.returncode, digests(folder / "out") | dict.fromkeys(left, "left beside the output"), time.monotonic() - began)


def kill_worker_after(seconds: float) -> Callable[[subprocess.Popen[str]], None]:
    """Something that ends, after some seconds, the busiest process that a build started."""

    def kill(process: subprocess.Popen[str]) -> None:
        time.sleep(seconds)
        others = [each for each in family(process.pid) if each != process.pid]
        if process.poll() is not None or not others:
            raise SystemExit("The build ended before a worker could be killed.")
        os.kill(max(others, key=cpu), signal.SIGKILL)

    return kill


def compare(name: str, specs: Path, data: Path, folder: Path, sizes: list[int]) -> int:
    """Build a study in each way and print a line for each; the number of ways with other files."""
    whole = run(specs, data, folder, [])
    print(f"{name}: {len(whole.files)} files, exit code {whole.code}, {whole.seconds:.0f} s in one part", flush=True)
    faults, took = 0, whole.seconds
    middle = ["--part-size", str(max(sizes))] if name == "demo" else ["--part-size", str(min(sizes))]
    ways = {f"parts of {size}": ["--part-size", str(size)] for size in sizes} | {way: [*middle, *more] for way, more in ENGINES.items()}
    for way, options in [*ways.items(), (KILLED, ways["dask"])]:
        found = run(specs, data, folder, options, kill_worker_after(took / 3) if way == KILLED else None)
        took = found.seconds
        other = sorted(path for path in whole.files.keys() | found.files.keys() if whole.files.get(path) != found.files.get(path))
        wrong = bool(other) or found.code != whole.code
        faults += wrong
        print(f"  {way:25} {found.seconds:5.0f} s  {f'exit code {found.code}, other files: {other}' if wrong else 'the same'}", flush=True)
    return faults


def main() -> int:
    """Compare the studies that are there; the exit code is 1 if a file differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[50, 700])
    parser.add_argument("--studies", nargs="+", choices=STUDIES, default=list(STUDIES))
    parser.add_argument("--folder", type=Path, help="Where simulated files are kept; by default they are temporary.")
    options = parser.parse_args()
    os.environ.setdefault("SOURCE_DATE_EPOCH", "0")
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    faults = 0
    with tempfile.TemporaryDirectory() as temporary:
        for name in options.studies:
            specs, data, simulated = STUDIES[name]
            data = data or (options.folder or Path(temporary)) / name
            if simulated and not data.exists():
                subprocess.run(adam("simulate", str(specs), "--out", str(data), *simulated), check=True, stdout=subprocess.DEVNULL)
            if not data.exists():
                print(f"{name}: its data are not in {data}, so it is left out")
                continue
            faults += compare(name, specs, data, Path(temporary) / "builds", options.sizes)
    print(f"{faults} ways with other files")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
