"""A build of some kinds of files only: what it writes, what its manifest states, and which commands refuse it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from adam.cli.commands import main

STUDY = Path(__file__).parents[1] / "study"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def build(out: Path, *options: str) -> Result:
    return run("build", STUDY / "specs", "--sdtm", STUDY / "sdtm", "--out", out, *options)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "out"
    assert build(folder, "--outputs", "xpt").exit_code == 0
    return folder


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole") / "out"
    assert build(folder).exit_code == 0
    return folder


def files(out: Path) -> dict[str, bytes]:
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}


def test_only_the_transport_files(made: Path, whole: Path) -> None:
    found, complete = files(made), files(whole)
    assert sorted(name for name in found if not name.startswith("specs/")) == ["adam/adae.xpt", "adam/aditch.xpt", "adam/adsl.xpt", "manifest.json"]
    assert {name: found[name] for name in found if name != "manifest.json"} == {name: complete[name] for name in found if name != "manifest.json"}
    body, other = json.loads(found["manifest.json"]), json.loads(complete["manifest.json"])
    assert body.pop("left_out") == ["json", "documents", "report"]
    assert "left_out" not in other
    assert {key: value for key, value in body.items() if key != "outputs"} == {key: value for key, value in other.items() if key != "outputs"}
    assert body["outputs"].items() <= other["outputs"].items()


def test_verify_names_what_was_left_out(made: Path) -> None:
    result = run("verify", made)
    assert result.exit_code == 0
    assert result.output.splitlines()[1:] == [
        "The build left out the Dataset-JSON files (--outputs).",
        "The build left out define.xml, the reviewer's guide, the displays and the programs (--outputs).",
        "The build left out the report of the checks and results (--outputs).",
    ]


def test_a_value_can_be_traced(made: Path) -> None:
    result = run("trace", made, "ADSL", "--sdtm", STUDY / "sdtm", "--where", 'USUBJID == "EX01-001"', "--variable", "AGE")
    assert result.exit_code == 0, result.output
    assert "34" in result.output


@pytest.mark.parametrize(
    ("arguments", "kind"),
    [(["package", "--to"], "define.xml"), (["conform", "--core"], "define.xml")],
)
def test_what_needs_the_documents_is_refused(made: Path, tmp_path: Path, arguments: list[str], kind: str) -> None:
    command, option = arguments
    result = run(command, made, option, tmp_path / "to")
    assert result.exit_code == 2
    assert f"{made} was built without {kind}" in result.stderr
    assert "Build it again with --outputs that include documents, or without --outputs" in result.stderr


def test_a_package_of_dataset_json_needs_it(tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert build(out, "--outputs", "documents, xpt").exit_code == 0
    assert "../report" not in (out / "adam" / "define.html").read_text(encoding="utf-8")
    result = run("package", out, "--to", tmp_path / "to", "--dataset-json")
    assert result.exit_code == 2
    assert "was built without the Dataset-JSON files" in result.stderr
    assert run("package", out, "--to", tmp_path / "to").exit_code == 0


def test_a_larger_output_is_not_replaced(tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert build(out, "--outputs", "xpt,report").exit_code == 0
    assert "../adam/" not in (out / "report" / "index.html").read_text(encoding="utf-8"), "define.html and the guide do not exist"
    result = build(out, "--outputs", "xpt")
    assert result.exit_code == 2
    assert f"{out} holds the report of the checks and results, which this run would not write: its outputs are xpt" in result.stderr
    assert build(out, "--outputs", "report,json,xpt").exit_code == 0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--outputs", "xpt,pdf"], "'pdf' is not a kind of output. Use xpt, json, documents, report"),
        (["--outputs", "json"], "The outputs are json, without xpt. Add xpt: every output has the transport files"),
        (["--outputs", ""], "'' is not a kind of output"),
        (["--outputs", "xpt", "--ndjson"], "--ndjson is a form of Dataset-JSON, but --outputs leaves it out"),
    ],
)
def test_a_list_that_is_not_valid(tmp_path: Path, options: list[str], message: str) -> None:
    result = build(tmp_path / "out", *options)
    assert (result.exit_code, message in result.stderr) == (2, True)
    assert not (tmp_path / "out").exists()
