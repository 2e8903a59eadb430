"""The scratch folder of a run is beside its output, and no run leaves one."""

import shutil
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
