"""Runs the command in a child process of its own, two at a time: what it prints, how it ends and what it leaves, whatever happens to it."""

from __future__ import annotations

import contextlib
import io
import os
import random
import shutil
import signal
import sys
import time
import traceback
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.bad_inputs.formats import files
from tests.bad_inputs.mutation import KINDS, Expected
from tests.bad_inputs.study import Inputs, good

TIMEOUT = 60.0
STREAMS = ((1, "strict"), (2, "backslashreplace"))
CRASHED = 70
"""How a child ends that raised an exception to the top; Python itself would end with 1, which a finding does too."""


@dataclass(frozen=True)
class Case:
    """One bad input: a member of a kind, the seed of its random numbers, and the folder it is tried in. No kind is the good study."""

    kind: str
    number: int
    seed: int
    folder: Path

    @property
    def expected(self) -> Expected:
        return KINDS[self.kind].members[self.number].expected if self.kind else "same"

    @property
    def name(self) -> str:
        """What repeats the case."""
        return f"--repeat '{self.kind}:{self.number}:{self.seed}'"


@dataclass(frozen=True)
class Ran:
    """How a case ended: `code` is negative for a signal; `done` is what the mutation says it did."""

    case: Case
    done: str
    code: int
    seconds: float
    strays: tuple[str, ...]

    @property
    def stdout(self) -> str:
        return _read(self.case.folder / "stdout")

    @property
    def stderr(self) -> str:
        return _read(self.case.folder / "stderr")

    @property
    def out(self) -> Path:
        return self.case.folder / "out"


def _read(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "backslashreplace")


def drawn(seed: int, count: int, folder: Path) -> list[Case]:
    """So many cases, none twice before every member had its turn."""
    draw = random.Random(seed)
    members = [(name, number) for name, kind in KINDS.items() for number in range(len(kind.members))]
    chosen: list[tuple[str, int]] = []
    while len(chosen) < count:
        chosen += draw.sample(members, len(members))
    return [Case(kind, number, draw.randrange(10**6), folder / f"{place:04}") for place, (kind, number) in enumerate(chosen[:count])]


def every(seed: int, folder: Path) -> list[Case]:
    """Every member of every kind once."""
    members = [(name, number) for name, kind in KINDS.items() for number in range(len(kind.members))]
    return [Case(kind, number, seed, folder / f"{place:04}") for place, (kind, number) in enumerate(members)]


def spoilt(case: Case) -> tuple[Inputs, str]:
    """The inputs of a case and what was done to them; the good ones without a kind."""
    inputs = good()
    return inputs, KINDS[case.kind].members[case.number].spoil(inputs, random.Random(case.seed)) if case.kind else "nothing"


def first_run(folder: Path) -> Path:
    """The output of the good study, made in this process so that no child has to import anything.

    Raises:
        RuntimeError: it does not pass.
    """
    case = Case("", 0, 0, folder / "good")
    _write(case.folder, spoilt(case)[0])
    with contextlib.redirect_stdout(io.StringIO()) as said:
        code = _command(case.folder, [])
    if code:
        raise RuntimeError(f"the good study ends with {code}: {said.getvalue()}")
    return case.folder / "out"


def run(cases: Iterable[Case], at_once: int = 2) -> Iterator[Ran]:
    """Run the cases, so many at once; each is given as soon as it has ended."""
    running: dict[int, tuple[Case, str, float, set[str]]] = {}
    waiting = iter(cases)
    while True:
        while len(running) < at_once and (case := next(waiting, None)) is not None:
            inputs, done = spoilt(case)
            _write(case.folder, inputs)
            running[_started(case.folder, inputs)] = (case, done, time.monotonic(), _listing(case.folder))
        if not running:
            return
        ended, status = os.waitpid(-1, os.WNOHANG)
        if not ended:
            _stop_the_slow(running)
            time.sleep(0.005)
            continue
        case, done, start, before = running.pop(ended)
        code = os.waitstatus_to_exitcode(status)
        yield Ran(case, done, code, time.monotonic() - start, tuple(sorted(_listing(case.folder) - before)))


def _stop_the_slow(running: dict[int, tuple[Case, str, float, set[str]]]) -> None:
    for child, (_, _, start, _) in running.items():
        if time.monotonic() - start > TIMEOUT:
            os.kill(child, signal.SIGKILL)


def _write(folder: Path, inputs: Inputs) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    for part, content in zip(("specs", "sdtm"), files(inputs), strict=True):
        (folder / part).mkdir(parents=True)
        for name, raw in content.items():
            path = folder / part / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(raw)


def _listing(folder: Path) -> set[str]:
    """What lies in the folder of a case and beside it, but for the output and what is printed."""
    own = {path.relative_to(folder).as_posix() for path in folder.rglob("*")}
    return {name for name in own if name.split("/")[0] not in ("out", "stdout", "stderr")}


def _started(folder: Path, inputs: Inputs) -> int:
    sys.stdout.flush()
    sys.stderr.flush()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of threads: those of Arrow survive a fork
        child = os.fork()
    if child:
        return child
    code = CRASHED
    try:
        for number, name in ((1, "stdout"), (2, "stderr")):
            file = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(file, number)
            os.close(file)
        sys.stdout, sys.stderr = (open(number, "w", encoding="utf-8", errors=errors, closefd=False) for number, errors in STREAMS)  # noqa: SIM115, PTH123
        warnings.resetwarnings()
        for ignored in (DeprecationWarning, PendingDeprecationWarning, ImportWarning, ResourceWarning):  # as Python itself starts
            warnings.simplefilter("ignore", ignored)
        os.environ.update(inputs.environment)
        code = _command(folder, inputs.options)
    except BaseException:  # noqa: BLE001  (whatever it is, it is what this looks for)
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _command(folder: Path, options: list[str]) -> int:
    from adam.cli.commands import main  # noqa: PLC0415  (after the fork it is there already)

    arguments = ["build", str(folder / "specs"), "--sdtm", str(folder / "sdtm"), "--out", str(folder / "out"), *options]
    try:
        main(arguments)
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else CRASHED
    return CRASHED
