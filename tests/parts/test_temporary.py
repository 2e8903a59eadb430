"""Temporary folders are removed by their process, or by the next run if the process was killed; never those of a process at work."""

import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from adam.pipeline.scratch import scratch_beside
from adam.pipeline.temporary import PREFIX, remove_abandoned, temporary_folder
from adam.submission.locks import lock_folder, unlock

PROCESSES = """
from adam.pipeline import temporary
from adam.pipeline.workers import Processes
from tests.parts.test_workers import add, wait

if __name__ == "__main__":
    temporary.SHORT = {short!r}
    workers = Processes(2)
    workers.run(add, 10, [1, 2, 3])
    print("ready", flush=True)
    {then}
    workers.close()
"""


@pytest.fixture(autouse=True, params=["t", "t" * 100])
def temporary(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder for temporary files, short enough for sockets and too long for them."""
    with tempfile.TemporaryDirectory(dir="/tmp" if sys.platform != "win32" else None) as short:
        folder = Path(short) / request.param
        folder.mkdir()
        monkeypatch.setenv("TMPDIR", str(folder))
        monkeypatch.setattr(tempfile, "tempdir", None)
        monkeypatch.setattr("adam.pipeline.temporary.SHORT", short)
        yield folder


def test_it_is_removed_after_the_block(temporary: Path) -> None:
    with temporary_folder() as folder:
        (folder / "x").write_text("x")
        remove_abandoned()
        assert [path.name for path in folder.iterdir()] == ["x"]
    assert list(temporary.iterdir()) == []


def test_only_folders_that_no_process_uses_are_removed(temporary: Path) -> None:
    for name in ("used", "abandoned"):
        (temporary / f"{PREFIX}{name}" / "x").mkdir(parents=True)
    (temporary / "other").mkdir()
    (temporary / f"{PREFIX}link").symlink_to(temporary / "other")
    lock = lock_folder(temporary / f"{PREFIX}used")
    try:
        with scratch_beside(temporary / "out"):
            assert sorted(path.name for path in temporary.iterdir()) == [f"{PREFIX}link", f"{PREFIX}used", "other"]
    finally:
        unlock(lock)


def started(temporary: Path, then: str) -> subprocess.Popen:
    script = PROCESSES.format(then=then, short=str(temporary.parent))
    return subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def left(temporary: Path) -> list[Path]:
    return [*temporary.iterdir(), *temporary.parent.glob(f"{PREFIX}*")]


@pytest.mark.skipif(sys.platform == "win32", reason="there are no sockets of workers")
def test_a_killed_process_with_workers_leaves_nothing_after_the_next_run(temporary: Path) -> None:
    with started(temporary, "workers.run(wait, 10, [1, 2], print)") as process:
        assert process.stdout.readline() == "ready\n"
        remove_abandoned()
        assert left(temporary), "the folder of a process at work was removed"
        process.send_signal(signal.SIGKILL)
    with scratch_beside(None):
        pass
    assert left(temporary) == []


def test_a_process_with_workers_leaves_nothing(temporary: Path) -> None:
    with started(temporary, "") as process:
        assert process.communicate() == ("ready\n", "")
    assert left(temporary) == []
