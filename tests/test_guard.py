"""Every way a command can go wrong ends in a message and an exit code; with --json in JSON on stdout; never in a traceback."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import adam
from adam.cli.commands import main
from adam.core.interrupts import Terminated
from adam.pipeline import check

STUDY = Path(__file__).parent / "study"
BUILD = ["build", str(STUDY / "specs"), "--sdtm", str(STUDY / "sdtm"), "--out"]


@pytest.mark.parametrize(
    ("arguments", "kind"),
    [
        (["check", "/no/such"], "UsageError"),
        (["build", "x"], "UsageError"),
        (["simulate", "x", "--out", "y", "--subjects", "0"], "UsageError"),
        (["no-such-command"], "UsageError"),
        (["check", str(STUDY / "specs"), "--sdtm", "/no/such"], "SourceError"),
        ([*BUILD, "out", "--only", ","], "UsageError"),
        ([*BUILD, str(STUDY / "sdtm" / "out")], "UsageError"),
        (["verify", "/no/such"], "UsageError"),
        (["derivations", "no_such"], "UsageError"),
    ],
)
def test_a_mistake_is_json_where_json_is_asked_for(arguments: list[str], kind: str) -> None:
    asked = CliRunner().invoke(main, [*arguments, "--json"])
    assert (asked.exit_code, json.loads(asked.stdout)["error"], asked.stderr) == (2, kind, "")
    plain = CliRunner().invoke(main, arguments)
    assert plain.exit_code == 2 and plain.stdout == "" and plain.stderr


def test_what_may_not_be_read_or_written_is_a_mistake_that_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def raising(*arguments: object) -> None:
        raise PermissionError(13, "Permission denied", "specs/adsl.yaml")

    monkeypatch.setattr(check, "plan_with_source", raising)
    asked = CliRunner().invoke(main, ["check", "x", "--json"])
    assert (asked.exit_code, json.loads(asked.stdout)["error"]) == (2, "UsageError")
    assert "specs/adsl.yaml: permission denied" in json.loads(asked.stdout)["message"]


@pytest.mark.parametrize(
    ("error", "kind", "code"),
    [
        (OSError(28, "No space left on device"), "OSError", 3),
        (ZeroDivisionError(), "ZeroDivisionError", 3),
        (KeyboardInterrupt(), "Interrupted", 130),
        (Terminated(), "Terminated", 143),
        (OSError(36, "File name too long", "x" * 300), "UsageError", 2),
        (FileNotFoundError(2, "No such file or directory", "specs/adsl.yaml"), "UsageError", 2),
    ],
)
def test_what_should_not_happen_is_json_too(monkeypatch: pytest.MonkeyPatch, error: BaseException, kind: str, code: int) -> None:
    def raising(*arguments: object) -> None:
        raise error

    monkeypatch.setattr(check, "plan_with_source", raising)
    asked = CliRunner().invoke(main, ["check", "x", "--json"])
    assert (asked.exit_code, json.loads(asked.stdout)["error"]) == (code, kind)
    plain = CliRunner().invoke(main, ["check", "x"])
    assert plain.exit_code == code and plain.stdout == "" and "Traceback" not in plain.stderr


FREE = "Free space there and in the folder of temporary files, or choose another --out."


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (OSError(28, "Error writing bytes to file"), ("No space left on device. ", FREE)),
        (OSError(28, "No space left on device", "scratch/adeff.xpt"), ("scratch/adeff.xpt: No space left on device. ", FREE)),
        (OSError(122, "Disk quota exceeded"), ("Disk quota exceeded. ", FREE)),
        (OSError(27, "File too large"), ("File too large. ", "Choose an --out on a disk that can have larger files.")),
        (OSError(5, "Input/output error", "sdtm/qs.xpt"), ("sdtm/qs.xpt: Input/output error. ", "The disk may be damaged or gone.")),
    ],
)
def test_an_error_of_the_disk_says_what_is_in_place_and_what_to_do(
    monkeypatch: pytest.MonkeyPatch, error: OSError, expected: tuple[str, str]
) -> None:
    def raising(*arguments: object) -> None:
        raise error

    monkeypatch.setattr(check, "plan_with_source", raising)
    ended = CliRunner().invoke(main, ["check", "x"])
    what, advice = expected
    assert (ended.exit_code, ended.stderr) == (3, f"{what}No output was changed; the previous output is in place. {advice}\n")


def test_every_public_name_can_be_imported() -> None:
    assert [name for name in adam.__all__ if not hasattr(adam, name)] == []
    assert set(adam.__all__) <= set(dir(adam))
    with pytest.raises(AttributeError, match="no_such"):
        _ = adam.no_such  # type: ignore[attr-defined]


def test_the_names_for_type_checkers_are_those_at_run_time() -> None:
    tree = ast.parse(Path(str(adam.__file__)).read_text(encoding="utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    imported = [(node.module, alias) for node in block.body if isinstance(node, ast.ImportFrom) for alias in node.names]
    typed = {alias.asname or alias.name: f"{module}.{alias.name}" for module, alias in imported}
    assert sorted(typed) == sorted(adam.__all__)
    places = {name: place.removeprefix("adam.pipeline.") for name, place in typed.items() if not place.startswith("adam.core.errors.")}
    assert places == adam._PLACES


@pytest.mark.parametrize("module", ["adam", "adam.cli.commands"])
def test_an_import_is_quick_because_no_library_of_data_is_imported(module: str) -> None:
    code = f"import sys, {module}; print([name for name in ('pandas', 'great_expectations', 'pydantic', 'matplotlib') if name in sys.modules])"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ)
    assert ended.stdout.strip() == "[]"
