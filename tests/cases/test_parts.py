"""The messy package in parts and in two processes: every file, the rejected datasets and all findings are those of one part."""

import hashlib
from pathlib import Path

from tests.cases.built import SPECS, Built, command


def digests(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_the_cut_does_not_show(messy: Built, messy_folder: Path, tmp_path: Path) -> None:
    run = command(
        "build", str(SPECS), "--sdtm", str(messy_folder / "sdtm"), "--out", str(tmp_path / "out"), "--part-size", "50", "--jobs", "2", "--json"
    )
    assert run.exit_code == messy.returncode, run.stderr
    assert digests(tmp_path / "out") == digests(messy_folder / "out")
