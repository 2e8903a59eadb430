"""Folders change whole or not at all."""

from pathlib import Path

import pytest

from adam.core.errors import UsageError
from adam.submission.folder import stage_folder, stage_output


def test_success_replaces_and_leaves_nothing_beside(tmp_path: Path) -> None:
    out = tmp_path / "out"
    for text in ("one", "two"):
        with stage_folder(out) as new:
            (new / "file.txt").write_text(text)
    assert (out / "file.txt").read_text() == "two"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_failure_leaves_the_old_content(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with stage_folder(out) as new:
        (new / "file.txt").write_text("old")
    with pytest.raises(ValueError, match="no"), stage_folder(out) as new:
        (new / "file.txt").write_text("new")
        raise ValueError("no")
    assert (out / "file.txt").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_what_a_killed_run_left_is_put_right(tmp_path: Path) -> None:
    out = tmp_path / "out"
    (tmp_path / ".out.old").mkdir()
    (tmp_path / ".out.old" / "file.txt").write_text("old")
    (tmp_path / ".out.new").mkdir()
    with pytest.raises(ValueError, match="no"), stage_folder(out):
        raise ValueError("no")
    assert (out / "file.txt").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_files_of_others_are_refused(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "thesis.doc").write_text("mine")
    with pytest.raises(UsageError, match=r"thesis\.doc"), stage_output(out):
        pass
    assert (out / "thesis.doc").read_text() == "mine"
