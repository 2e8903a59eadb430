"""Builds of the example study in processes of their own, for campaigns that end them: what each started, wrote and left."""

from __future__ import annotations

import atexit
import hashlib
import importlib
import os
import shutil
import signal
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from adam.submission.verify import verify

STUDY = Path(__file__).parents[1] / "tests" / "study"
DATES = {"old": "2024-06-30", "new": "2024-12-31"}
WAYS = {
    "one part": [],
    "parts": ["--part-size", "3"],
    "processes": ["--part-size", "3", "--jobs", "2"],
    "dask": ["--part-size", "3", "--jobs", "2", "--engine", "dask"],
}
"""The options of a build; the study has 12 subjects, so four parts."""
SMALL = ["--only", "ADSL", "--outputs", "xpt,json"]
"""What makes a build short, if there is little time for many kills."""
PATIENCE = 180
"""The seconds after which a run counts as one that never ends."""


class Place:
    """A folder for outputs, with two versions of the specification and a folder for temporary files beside it.

    `staging` becomes the output; `files` are those of the datasets that workers write before.
    """

    def __init__(self, folder: Path, *, small: bool = False) -> None:
        self.folder, self.temporary, self.log = folder / "beside", folder / "tmp", folder / "log.txt"
        self.options = SMALL if small else []
        self.out, self.staging = self.folder / "out", self.folder / ".out.new"
        self.files = self.folder / ".out.scratch" / "files"
        self.specs = {version: folder / version for version in DATES}
        for each in (self.folder, self.temporary):
            each.mkdir(exist_ok=True)
        for version, date in DATES.items():
            shutil.copytree(STUDY / "specs", self.specs[version])
            study = self.specs[version] / "study.yaml"
            study.write_text(study.read_text().replace("as_of: 2024-06-30", f"as_of: {date}"))
        self.whole = {version: self._reference(version) for version in DATES}

    def exporting(self) -> bool:
        """Whether files of the datasets are being written."""
        return self.files.exists() or self.staging.exists()

    def _reference(self, version: str) -> dict[str, str]:
        modules = self.folder.parent / "modules.txt"
        if StartedRun(self, version, [], modules).wait() != 0:
            raise SystemExit(f"the build of the example study fails: {self.log.read_text()}")
        preload(modules)
        return digests(self.out)

    def version(self) -> str:
        """The version in the output, if every file is that of a build without parts and the manifest agrees; otherwise what is wrong."""
        if not self.out.exists():
            return "NOTHING"
        found = digests(self.out)
        version = next((name for name, files in self.whole.items() if files == found), None)
        differences = verify(self.out) if version else ["files of neither version"]
        return version if version and not differences else f"MIXED: {', '.join(map(str, differences[:3]))}"

    def left(self) -> list[str]:
        """What is beside the output and among the temporary files."""
        beside = [path.name for path in self.folder.iterdir() if path != self.out]
        return sorted(beside + [f"tmp/{path.name}" for path in self.temporary.iterdir()])


class StartedRun:
    """`adam build` in a process and session of its own."""

    def __init__(self, place: Place, version: str, options: list[str], note: Path | None = None) -> None:
        arguments = ["build", str(place.specs[version]), "--sdtm", str(STUDY / "sdtm"), "--out", str(place.out), *place.options, *options]
        sys.stdout.flush()
        self.code: int | None = None
        self.child = os.fork()
        if self.child == 0:
            os._exit(_build(arguments, place, note))

    def ended(self) -> bool:
        """Whether the process has ended; its exit code is in `code`."""
        if self.code is None:
            found, status = os.waitpid(self.child, os.WNOHANG)
            self.code = os.waitstatus_to_exitcode(status) if found else None
        return self.code is not None

    def wait(self) -> int:
        """The exit code; the run is ended if it never ends by itself."""
        limit = time.monotonic() + PATIENCE
        while not self.ended():
            if time.monotonic() > limit:
                os.killpg(self.child, signal.SIGKILL)
                os.waitpid(self.child, 0)
                self.code = -PATIENCE
            time.sleep(0.02)
        return self.code if self.code is not None else -1

    def processes(self) -> list[int]:
        """The processes that it started and that are alive."""
        return [pid for pid in session(self.child) if pid != self.child]

    def orphans(self, seconds: float) -> list[int]:
        """The processes that are still alive some seconds after the run ended; they are ended."""
        limit = time.monotonic() + seconds
        while self.processes() and time.monotonic() < limit:
            time.sleep(0.05)
        alive = self.processes()
        for pid in alive:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return alive


def _build(arguments: list[str], place: Place, note: Path | None) -> int:
    """The exit code of a build in this process, which has just been forked; `note` is written with the names of the modules it loaded."""
    os.setsid()
    log = os.open(place.log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.environ["TMPDIR"] = str(place.temporary)
    tempfile.tempdir = None
    code: object = 1
    try:
        from adam.cli.commands import main  # noqa: PLC0415

        main(arguments)
    except SystemExit as exit_:
        code = exit_.code
    finally:
        if note is not None:
            note.write_text("\n".join(name for name in sys.modules if name.split(".")[0] in ("adam", "validation", "great_expectations", "pandas")))
        with suppress(BaseException):
            atexit._run_exitfuncs()
    return code if isinstance(code, int) else 0


def preload(modules: Path) -> None:
    """Import here what a build imported, so that the builds forked from this process start at once. No record is read here."""
    for name in modules.read_text().split():
        with suppress(ImportError):
            importlib.import_module(name)


def session(leader: int) -> list[int]:
    """The processes of a session that are alive."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError, IndexError):
                state, _, _, number = (entry / "stat").read_text().rsplit(")", 1)[1].split()[:4]
                if int(number) == leader and state != "Z":
                    found.append(int(entry.name))
    return sorted(found)


def digests(folder: Path) -> dict[str, str]:
    """The sha256 of each file in a folder."""
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.rglob("*")) if path.is_file()}
