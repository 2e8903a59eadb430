"""Folders at the worst moments: killed runs, two runs, folders of others, systems that cannot exchange."""

import errno
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from adam.core.errors import UsageError
from adam.submission import folder
from adam.submission.folder import recover, stage_folder, stage_output, stage_rejected

ROOT = Path(__file__).parents[2]


def run(out: Path, text: str) -> None:
    with stage_output(out) as new:
        (new / "adam").mkdir()
        (new / "adam" / "adx.xpt").write_text(text)
        (new / "manifest.json").write_text(json.dumps({"outputs": {"adam/adx.xpt": "0"}}))


def state(parent: Path) -> dict[str, str]:
    return {path.relative_to(parent).as_posix(): path.read_text() for path in sorted(parent.rglob("*")) if path.is_file() and path.suffix != ".json"}


@pytest.fixture(params=["exchange", "renames"])
def out(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An output of a first run, on systems that can exchange and that cannot."""
    if request.param == "renames":
        monkeypatch.setattr(folder, "_exchange_atomically", lambda new, target: False)
    run(tmp_path / "out", "first")
    return tmp_path / "out"


def test_a_second_run_replaces_the_first(out: Path) -> None:
    run(out, "second")
    assert state(out.parent) == {"out/adam/adx.xpt": "second"}


@pytest.mark.parametrize("wrong", [ValueError, KeyboardInterrupt])
def test_a_run_that_fails_changes_nothing(out: Path, wrong: type[BaseException]) -> None:
    with pytest.raises(wrong), stage_output(out) as new:
        (new / "half.xpt").write_text("half")
        raise wrong
    assert state(out.parent) == {"out/adam/adx.xpt": "first"}


def test_rejected_stays_with_the_old_output_until_the_next_good_run(out: Path) -> None:
    for text in ("bad", "worse"):
        with stage_rejected(out) as new:
            (new / "adx.xpt").write_text(text)
        assert state(out.parent) == {"out/adam/adx.xpt": "first", f"out/{folder.REJECTED}/adx.xpt": text}
    run(out, "good")
    assert state(out.parent) == {"out/adam/adx.xpt": "good"}


def test_rejected_where_there_is_no_output_yet(tmp_path: Path) -> None:
    with stage_rejected(tmp_path / "deep" / "out") as new:
        (new / "adx.xpt").write_text("bad")
    run(tmp_path / "deep" / "out", "good")
    assert state(tmp_path) == {"deep/out/adam/adx.xpt": "good"}


def test_a_run_killed_while_it_rejects_does_not_block_the_next(out: Path) -> None:
    for left in (".rejected.new", ".rejected.old"):
        (out / left).mkdir()
        (out / left / "adx.xpt").write_text("half")
    run(out, "good")
    assert state(out.parent) == {"out/adam/adx.xpt": "good"}


def test_rejected_is_not_written_into_a_folder_of_others(tmp_path: Path) -> None:
    (tmp_path / "home" / "rejected").mkdir(parents=True)
    (tmp_path / "home" / "rejected" / "letter.txt").write_text("mine")
    (tmp_path / "home" / "thesis.txt").write_text("mine")
    before = state(tmp_path)
    with pytest.raises(UsageError, match=r"letter\.txt"), stage_rejected(tmp_path / "home"):
        pass
    assert state(tmp_path) == before


@pytest.mark.parametrize(("name", "listed"), [("extra.txt", "extra.txt"), ("adam/notes.txt", "adam/notes.txt"), ("rejected", "rejected")])
def test_a_file_of_others_is_refused(out: Path, name: str, listed: str) -> None:
    (out / name).write_text("mine")
    with pytest.raises(UsageError, match=f"holds {listed}, which no manifest of adamsmith lists"):
        run(out, "second")
    assert (out / "adam" / "adx.xpt").read_text() == "first"


def test_a_file_that_came_during_the_run_is_refused(out: Path) -> None:
    with pytest.raises(UsageError, match=r"late\.txt"), stage_output(out):
        (out / "late.txt").write_text("mine")
    assert (out / "late.txt").read_text() == "mine"


def test_a_link_to_a_folder_is_a_file_of_others(out: Path) -> None:
    (out / "rejected").symlink_to(ROOT)
    with pytest.raises(UsageError, match="holds rejected"):
        run(out, "second")


def test_an_invalid_manifest_is_refused(out: Path) -> None:
    (out / "manifest.json").write_text("[]")
    with pytest.raises(UsageError, match="not a manifest of adamsmith"):
        run(out, "second")


def test_an_output_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    with pytest.raises(UsageError, match="is a file"):
        run(tmp_path / "out", "x")


def test_an_output_that_is_a_link_stays_one(out: Path) -> None:
    link = out.parent / "link"
    link.symlink_to("out")
    run(link, "second")
    assert link.is_symlink()
    assert (out / "adam" / "adx.xpt").read_text() == "second"


def test_the_current_folder_can_be_the_output(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(out)
    run(Path(), "second")
    assert (out / "adam" / "adx.xpt").read_text() == "second"


def test_the_root_of_a_file_system_is_refused() -> None:
    with pytest.raises(UsageError, match="root of a file system"), stage_folder(Path("/")):
        pass


def test_who_may_read_the_output_stays(out: Path) -> None:
    out.chmod(0o750)
    run(out, "second")
    assert out.stat().st_mode & 0o777 == 0o750


def test_two_runs_at_once(out: Path) -> None:
    with stage_output(out) as new:
        (new / "manifest.json").write_text('{"outputs": {}}')
        with pytest.raises(UsageError, match="Another run is writing"):
            run(out, "second")
    assert [path.name for path in out.iterdir()] == ["manifest.json"]


def test_a_killed_run_holds_nothing(out: Path) -> None:
    code = f"""
import time
from pathlib import Path
from adam.submission.folder import stage_output
with stage_output(Path({str(out)!r})):
    print('in', flush=True)
    time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"in\n"
        with pytest.raises(UsageError, match="Another run"):
            run(out, "second")
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert (out.parent / ".out.new").is_dir()
    run(out, "third")
    assert state(out.parent) == {"out/adam/adx.xpt": "third"}


def test_between_two_renames_the_old_output_comes_back(out: Path) -> None:
    out.rename(out.parent / ".out.old")
    recover(out)
    assert state(out.parent) == {"out/adam/adx.xpt": "first"}


def test_after_two_renames_the_new_output_stays(out: Path) -> None:
    (out.parent / ".out.old").mkdir()
    (out.parent / ".out.old" / "adx.xpt").write_text("older")
    recover(out)
    assert state(out.parent) == {"out/adam/adx.xpt": "first"}


def test_a_second_rename_that_fails_undoes_the_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(tmp_path / "out", "first")
    monkeypatch.setattr(folder, "_exchange_atomically", lambda new, target: False)
    real = Path.rename

    def rename(self: Path, target: Path) -> Path:
        if self.name == ".out.new":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(self, target)

    monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises(OSError, match="No space left"):
        run(tmp_path / "out", "second")
    assert state(tmp_path) == {"out/adam/adx.xpt": "first"}


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux exchanges folders")
def test_an_exchange_is_one_act(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text(name)
    if folder._exchange_atomically(tmp_path / "a", tmp_path / "b"):
        assert state(tmp_path) == {"a/file": "b", "b/file": "a"}
    with pytest.raises(OSError, match="No such file"):
        folder._exchange_atomically(tmp_path / "nothing", tmp_path / "b")
