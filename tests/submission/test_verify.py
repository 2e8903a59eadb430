"""A folder against its manifest, and the package of module 5: what each difference is, and what the exit codes say."""

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


def test_the_package_has_the_folders_of_module_5(out: Path, tmp_path: Path) -> None:
    assert run("package", out, "--to", tmp_path / "to").exit_code == 0
    root = tmp_path / "to" / "m5" / "datasets" / "example" / "analysis" / "adam"
    assert sorted(path.name for path in root.iterdir()) == ["datasets", "programs"]
    found = sorted(path.name for path in (root / "datasets").iterdir())
    assert found == ["adae.xpt", "adamsmith-define.xsl", "aditch.xpt", "adrg.html", "adrg.md", "adsl.xpt", "define.html", "define.xml"]
    assert (root / "programs" / "specs" / "aditch.yaml").read_bytes() == (STUDY / "specs" / "aditch.yaml").read_bytes()
    assert (root / "datasets" / "adsl.xpt").read_bytes() == (out / "adam" / "adsl.xpt").read_bytes()
    assert run("verify", tmp_path / "to").exit_code == 0


def test_the_programs_of_a_package_make_the_same_datasets(out: Path, tmp_path: Path) -> None:
    assert run("package", out, "--to", tmp_path / "to").exit_code == 0
    programs = tmp_path / "to" / "m5" / "datasets" / "example" / "analysis" / "adam" / "programs"
    assert run("build", programs / "specs", "--sdtm", STUDY / "sdtm", "--out", tmp_path / "again").exit_code == 0
    assert json.loads((tmp_path / "again" / "manifest.json").read_text()) == json.loads((out / "manifest.json").read_text())


def test_a_package_is_replaced_whole_and_twice_the_same(out: Path, tmp_path: Path) -> None:
    to = tmp_path / "to"
    texts = set()
    for _ in range(2):
        assert run("package", out, "--to", to).exit_code == 0
        texts.add((to / "manifest.json").read_text())
    assert len(texts) == 1
    assert sorted(path.name for path in to.iterdir()) == ["m5", "manifest.json"]


def test_an_output_that_differs_is_not_packaged(out: Path, tmp_path: Path) -> None:
    (out / "adam" / "define.xml").write_text("")
    result = run("package", out, "--to", tmp_path / "to")
    assert (result.exit_code, result.output.splitlines()[0]) == (1, "changed: adam/define.xml")
    assert not (tmp_path / "to").exists()


def test_where_no_package_goes(out: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.doc").write_text("")
    assert "thesis.doc" in run("package", out, "--to", tmp_path / "mine").stderr
    assert "are inside each other" in run("package", out, "--to", out / "here").stderr
    assert "are inside each other" in run("package", out, "--to", tmp_path).stderr
    body = json.loads((out / "manifest.json").read_text())
    (out / "manifest.json").write_text(json.dumps({**body, "study": "A/../B"}))
    result = run("package", out, "--to", tmp_path / "to")
    assert (result.exit_code, "cannot name a folder" in result.stderr) == (2, True)
