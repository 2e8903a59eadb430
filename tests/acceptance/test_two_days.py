"""Another run on another day, in another place, by another user's settings: every file of the output has the same bytes."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LATER = Path(__file__).with_name("later.py")
OTHER = {"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "4711", "LC_ALL": "C.UTF-8", "COLUMNS": "40", "HOME": "/", "MPLBACKEND": "svg"}


@pytest.fixture(scope="module")
def again(submission, tmp_path_factory):
    """The output of the same files, copied elsewhere with other times, built with the clock ahead."""
    place = tmp_path_factory.mktemp("elsewhere") / "a folder with blanks" / "and a longer path"
    (place / "here").mkdir(parents=True)
    shutil.copytree(ROOT / "specs", place / "studies")
    shutil.copytree(submission.out.parent / "sdtm", place / "collected")
    for path in place.rglob("*"):
        os.utime(path, (1_000_000_000, 1_000_000_000))
    command = [sys.executable, str(LATER), "build", "../studies/true_ad", "--sdtm", "../collected", "--out", "../made"]
    settings = {name: value for name, value in os.environ.items() if name != "SOURCE_DATE_EPOCH"}
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    run = subprocess.run(command, capture_output=True, text=True, check=False, cwd=place / "here", env={**settings, **OTHER, "PYTHONPATH": path})
    assert run.returncode == 0, run.stdout + run.stderr
    return place / "made"


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_the_same_files(submission, again):
    assert files(again) == files(submission.out)
    assert len(files(again)) > 25


def test_the_same_bytes(submission, again):
    names = files(submission.out)
    assert [name for name in names if (again / name).read_bytes() != (submission.out / name).read_bytes()] == []


def test_no_file_names_the_place_it_was_made_in(submission, again):
    for folder, place in ((submission.out, submission.out.parent), (again, again.parent), (again, ROOT)):
        assert [name for name in files(folder) if str(place).encode() in (folder / name).read_bytes()] == []
