"""The scratch folder of a run is beside its output, and no run leaves one."""

import shutil
import threading
import time
from pathlib import Path

import pytest

from adam.core.errors import UsageError
from adam.pipeline.scratch import scratch_beside
from adam.submission.locks import lock_folder, unlock


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_it_exists_once_it_is_needed_and_until_the_end(tmp_path: Path) -> None:
    with scratch_beside(tmp_path / "out") as scratch:
        assert names(tmp_path) == []
        (scratch.folder("parts") / "x.arrow").write_text("x")
        assert names(tmp_path) == [".out.scratch"]
        assert names(scratch.folder("other")) == []
    assert names(tmp_path) == []


def test_an_error_removes_it(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), scratch_beside(tmp_path / "out") as scratch:
        scratch.folder("parts")
        raise KeyboardInterrupt
    assert names(tmp_path) == []


@pytest.mark.parametrize("left", [".out.scratch", ".out.scratch-old"])
def test_the_next_run_removes_what_a_killed_one_left(tmp_path: Path, left: str) -> None:
    (tmp_path / left / "parts").mkdir(parents=True)
    (tmp_path / left / "parts" / "x.arrow").write_text("x")
    with scratch_beside(tmp_path / "out"):
        assert names(tmp_path) == []


def test_a_folder_that_could_not_be_removed_does_not_stop_a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".out.scratch-old" / "open").mkdir(parents=True)
    remove = shutil.rmtree
    monkeypatch.setattr(shutil, "rmtree", lambda path, **options: path.name.endswith("-old") or remove(path, **options))
    with scratch_beside(tmp_path / "out") as scratch:
        scratch.folder("parts")
    assert names(tmp_path) == [".out.scratch-old"]


def test_two_runs_do_not_share_it(tmp_path: Path) -> None:
    (tmp_path / ".out.scratch").mkdir()
    lock = lock_folder(tmp_path / ".out.scratch")
    try:
        with pytest.raises(UsageError, match="Another run is writing"), scratch_beside(tmp_path / "out"):
            pass
        assert names(tmp_path) == [".out.scratch"]
    finally:
        unlock(lock)


def test_without_an_output_it_is_a_temporary_folder() -> None:
    with scratch_beside(None) as scratch:
        folder = scratch.folder("parts")
        assert folder.is_dir()
    assert not folder.parent.exists()


def test_a_folder_that_a_worker_of_a_killed_run_creates_again_is_removed_after_the_run(tmp_path: Path) -> None:
    with scratch_beside(tmp_path / "out"):
        (tmp_path / ".out.scratch" / "dask" / "worker").mkdir(parents=True)
    assert names(tmp_path) == []


def test_the_folder_of_a_run_that_started_meanwhile_is_left(tmp_path: Path) -> None:
    with scratch_beside(tmp_path / "out"):
        (tmp_path / ".out.scratch").mkdir()
        lock = lock_folder(tmp_path / ".out.scratch")
    assert names(tmp_path) == [".out.scratch"]
    unlock(lock)


def test_a_folder_is_not_abandoned_between_its_creation_and_its_lock(tmp_path: Path) -> None:
    """Another run has the lock on the parent as long as it creates the folder; this one waits for it and then sees the lock of the folder."""
    parent = lock_folder(tmp_path)
    (tmp_path / ".out.scratch").mkdir()

    def create() -> None:
        time.sleep(0.2)
        locks.append(lock_folder(tmp_path / ".out.scratch"))
        unlock(parent)

    locks: list[int | None] = []
    thread = threading.Thread(target=create)
    thread.start()
    with pytest.raises(UsageError, match="Another run is writing"), scratch_beside(tmp_path / "out"):
        pass
    thread.join()
    unlock(locks[0])
