"""End builds at random moments, fill their disk, or run two at a time: the output must be one whole version and nothing may be left.

Run: python -m benchmarks.crash [--kills 300] [--seed 1] [--pairs 0] [--disk FOLDER --full 0] [--ways parts,processes,dask].

Two versions of the example study differ in the date of every file. A build of four parts replaces one by the other: in one process, in
two, and on a Dask cluster of two workers. Signal 9 ends all its processes, or only the first, or only one that it started. A third of the
moments is anywhere in the run, a third in the export, a third between the last file and the removal of the old output.

After each kill the output must have exactly the files of one version. The next run must work, and after it no file may be left beside the
output or among the temporary files, and no process. A build that survives the loss of a worker must leave nothing itself.

--pairs starts two builds of one output at a time: one of them or both succeed, and a refused one says why. --full starts builds with too
little space in FOLDER, which is a small file system, such as: mount -t tmpfs -o size=8m none FOLDER.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

from benchmarks.started_runs import DATES, WAYS, Place, StartedRun

KILLED = ("all processes", "the first process", "another process")
MOMENTS = ("anywhere", "export", "exchange")
SECONDS = 15
"""How long a process may live after its run."""


class Campaign:
    """Counts what happened, and keeps the faults."""

    def __init__(self, place: Place, seed: int) -> None:
        self.place, self.draw = place, random.Random(seed)
        self.seen, self.faults, self.longest = Counter[str](), list[str](), {}

    def measure(self, ways: list[str]) -> None:
        """The seconds from the start of a build to each moment and to its end, for each way."""
        for way in ways:
            self.longest[way] = timed(self.place, way)

    def other(self) -> str:
        """The version that the output does not have."""
        return "new" if self.place.version() == "old" else "old"

    def require(self, holds: bool, what: str) -> None:
        """Keep a fault."""
        if not holds:
            self.faults.append(what)
            print(f"FAULT: {what}\n{self.place.log.read_text()[-800:]}", flush=True)

    def kill(self, way: str, killed: str, moment: str) -> None:
        """End one build, check the output, and let the next run clean up."""
        place, version = self.place, self.other()
        before = place.version()
        run = StartedRun(place, version, WAYS[way])
        wait_for(run, place, moment, self.longest[way], self.draw)
        name = f"{way}, {killed}, {moment}"
        at_work = ended_by_signal(run, killed, self.draw)
        pace = 1.05 if at_work else 0.8  # the machine may be busier or less busy than when the times were measured
        self.longest[way] = {stage: seconds * pace for stage, seconds in self.longest[way].items()}
        code, found = run.wait(), place.version()
        self.require(found in DATES, f"{name}: the output is {found}")
        if killed == KILLED[2]:
            self.require(code in (0, 1, 3, 4) and (code == 0) == (found == version), f"{name}: exit code {code}, the output is {found}")
            self.require(not place.left(), f"{name}: exit code {code} and left {place.left()}")
        following = StartedRun(place, version, [])
        self.require(following.wait() == 0 and place.version() == version, f"{name}: the next run wrote {place.version()}")
        self.require(not run.orphans(SECONDS), f"{name}: processes are alive")
        self.require(not place.left(), f"{name}: after the next run are left {place.left()}")
        self.clean()
        self.seen.update([way, killed, moment, "at work" if at_work else "already done", "changed" if found == version != before else "not changed"])

    def pair(self, ways: list[str]) -> None:
        """Two builds of one output; the second starts while the first is at work."""
        place, two = self.place, self.draw.sample(sorted(DATES), 2)
        first = StartedRun(place, two[0], WAYS[ways[0]])
        time.sleep(self.draw.uniform(0, self.longest[ways[0]]["end"]))
        overlap = not first.ended()
        log = place.log
        place.log = log.with_name("second.txt")
        second = StartedRun(place, two[1], WAYS[ways[1]])
        codes = (first.wait(), second.wait())
        texts, place.log = (log.read_text(), place.log.read_text()), log
        name = f"pair {ways}, exit codes {codes}"
        self.require(0 in codes and set(codes) <= {0, 2}, name)
        self.require(place.version() in [version for version, code in zip(two, codes, strict=True) if code == 0], f"{name}: {place.version()}")
        self.require(all("Another run is writing" in text for text, code in zip(texts, codes, strict=True) if code), f"{name}: {texts}")
        self.require(not place.left() and not first.orphans(SECONDS) and not second.orphans(SECONDS), f"{name}: left {place.left()}")
        self.seen.update(["pairs", "pairs at the same time" if overlap else "pairs one after another", f"pairs of which {codes.count(0)} wrote"])

    def fill(self, way: str, space: int) -> None:
        """A build with too little space; the output is unchanged, the message names the reason, and nothing is left."""
        place, version = self.place, self.other()
        ballast = place.folder.parent / "ballast"
        with ballast.open("wb") as file:
            available = os.statvfs(place.folder)
            os.posix_fallocate(file.fileno(), 0, max(1, available.f_bavail * available.f_frsize - space))
        run = StartedRun(place, version, WAYS[way])
        code, found, name = run.wait(), place.version(), f"full disk, {way}, {space} bytes"
        text = place.log.read_text()
        self.require(found == (version if code == 0 else self.opposite(version)), f"{name}: exit code {code}, the output is {found}")
        self.require(code == 0 or "No space left" in text, f"{name}: exit code {code}")
        self.require(not run.orphans(SECONDS) and not place.left(), f"{name}: exit code {code}, left {place.left()}")
        ballast.unlink()
        following = StartedRun(place, version, [])
        self.require(following.wait() == 0 and place.version() == version and not place.left(), f"{name}: the next run, left {place.left()}")
        self.clean()
        self.seen.update(["full disk", f"full disk, {way}", "full disk, written" if code == 0 else "full disk, refused"])

    @staticmethod
    def opposite(version: str) -> str:
        """The other version."""
        return next(name for name in DATES if name != version)

    def clean(self) -> None:
        """Remove what a fault left, so that it is counted once."""
        for path in [*self.place.folder.iterdir(), *self.place.temporary.iterdir()]:
            if path != self.place.out:
                shutil.rmtree(path, ignore_errors=True)
                path.unlink(missing_ok=True)

    def totals(self) -> str:
        """What was seen until now."""
        shown = ", ".join(f"{count} {name}" for name, count in sorted(self.seen.items()))
        return f"{shown}; {len(self.faults)} faults"


def timed(place: Place, way: str) -> dict[str, float]:
    """The seconds of one build: to its end, of its export, and from its last file to its end."""
    version = "new" if place.version() == "old" else "old"
    start, run, at = time.monotonic(), StartedRun(place, version, WAYS[way]), {}
    while not run.ended():
        if "export" not in at and place.exporting():
            at["export"] = time.monotonic()
        if "exchange" not in at and (place.staging / "manifest.json").exists():
            at["exchange"] = time.monotonic()
        time.sleep(0.003)
    end = time.monotonic()
    return {"end": end - start, **{name: end - moment for name, moment in at.items()}}


def wait_for(run: StartedRun, place: Place, moment: str, took: dict[str, float], draw: random.Random) -> None:
    """Wait until a random time in this stage of a build."""
    sign = {"export": place.exporting, "exchange": (place.staging / "manifest.json").exists}.get(moment)
    after = draw.uniform(0, took.get(moment, took["end"]))
    while sign is not None and not sign() and not run.ended():
        time.sleep(0.005)
    limit = time.monotonic() + after
    while time.monotonic() < limit and not run.ended():
        time.sleep(max(0, min(0.01, limit - time.monotonic())))


def ended_by_signal(run: StartedRun, killed: str, draw: random.Random) -> bool:
    """Send signal 9; whether the build was still at work."""
    if run.ended():
        return False
    if killed == KILLED[0]:
        os.killpg(run.child, signal.SIGKILL)
    elif killed == KILLED[1]:
        os.kill(run.child, signal.SIGKILL)
    else:
        while not (others := run.processes()) and not run.ended():
            time.sleep(0.02)
        if not others:
            return False
        with suppress(ProcessLookupError):
            os.kill(draw.choice(others), signal.SIGKILL)
    return True


def kills(campaign: Campaign, number: int, ways: list[str]) -> None:
    """The kills: the ways in turn, and for each way its processes and moments in turn."""
    turns = Counter[str]()
    for count in range(number):
        way = ways[count % len(ways)]
        turn, turns[way] = turns[way], turns[way] + 1
        killed = KILLED[turn % 3] if way in ("processes", "dask") else KILLED[1]
        campaign.kill(way, killed, MOMENTS[turn // (3 if way in ("processes", "dask") else 1) % 3] if killed != KILLED[2] else MOMENTS[0])
        print(f"{count + 1} kills: {campaign.totals()}", flush=True)


def main() -> int:
    """Run the campaigns and print the counts; the exit code is 1 if there is a fault."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("--kills", 300), ("--seed", 1), ("--pairs", 0), ("--full", 0)):
        parser.add_argument(name, type=int, default=default)
    parser.add_argument("--disk", type=Path)
    parser.add_argument("--small", action="store_true", help="build one dataset without documents")
    parser.add_argument("--ways", default="parts,processes,dask")
    options = parser.parse_args()
    ways = options.ways.split(",")
    folder = Path(tempfile.mkdtemp(prefix="crash-", dir=options.disk))
    try:
        place = Place(folder, small=options.small)
        campaign = Campaign(place, options.seed)
        campaign.measure(sorted(set(ways)))
        kills(campaign, options.kills, ways)
        for count in range(options.pairs):
            campaign.pair([ways[count % len(ways)], ways[(count + count // len(ways)) % len(ways)]])
            print(f"{count + 1} pairs: {campaign.totals()}", flush=True)
        for count in range(options.full):
            size = sum(path.stat().st_size for path in place.out.rglob("*"))
            campaign.fill(ways[count % len(ways)], campaign.draw.randrange(int(size * 1.5)))
            print(f"{count + 1} full disks: {campaign.totals()}", flush=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 1 if campaign.faults else 0


if __name__ == "__main__":
    sys.exit(main())
