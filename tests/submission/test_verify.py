"""A folder against its manifest: what each difference is, and what the exit codes say."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from adam.cli.commands import main

STUDY = Path(__file__).parents[1] / "study"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "out"
    assert run("build", STUDY / "specs", "--sdtm", STUDY / "sdtm", "--out", folder).exit_code == 0
    return folder


@pytest.fixture
def out(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "out"))


def test_a_folder_as_it_was_made(out: Path) -> None:
    result = run("verify", out)
    assert (result.exit_code, result.output) == (
        0,
        f"Unchanged: all {len(json.loads((out / 'manifest.json').read_text())['outputs'])} files in {out} match its manifest.\n",
    )


def test_every_kind_of_difference(out: Path) -> None:
    raw = bytearray((out / "adam" / "adsl.xpt").read_bytes())
    raw[-100] ^= 1
    (out / "adam" / "adsl.xpt").write_bytes(raw)
    (out / "adam" / "define.xml").unlink()
    (out / "adam" / "notes.txt").write_text("mine")
    result = run("verify", out)
    assert result.exit_code == 1
    assert result.output.splitlines() == [
        "changed: adam/adsl.xpt",
        "missing: adam/define.xml",
        "not listed: adam/notes.txt",
        "3 files differ from the manifest.",
    ]
    assert json.loads(run("verify", out, "--json").output)["differences"][0] == {"what": "changed", "file": "adam/adsl.xpt"}


def test_rejected_datasets_are_no_difference(out: Path) -> None:
    (out / "rejected").mkdir()
    (out / "rejected" / "adsl.xpt").write_bytes(b"")
    assert run("verify", out).exit_code == 0


@pytest.mark.parametrize("text", [None, "{}", "[]", '{"outputs": {"../secret": "1"}}', '{"outputs": {"/etc/passwd": "1"}}', '{"outputs": {"a": 1}}'])
def test_no_manifest_of_ours(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "manifest.json").write_text(text)
    result = run("verify", tmp_path)
    assert result.exit_code == 2
    assert "manifest" in result.stderr
