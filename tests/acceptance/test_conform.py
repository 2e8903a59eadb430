"""`adam conform` with reports of CDISC CORE and with commands that are not CORE; with CORE itself if ADAM_CORE is its command."""

import json
import os
import shlex
import shutil
import sys
from pathlib import Path

import pyreadstat
import pytest
from click.testing import CliRunner, Result

from adam.cli.commands import main

ROOT = Path(__file__).parents[2]
CORE = os.environ.get("ADAM_CORE", "")
PASSED = {"rule": "R1", "status": "passed"}
SKIPPED = {"rule": "R2", "status": "skipped", "reason": "Column not found in data: FASFL"}
ISSUE = {"rule": "R3", "status": "issue", "issues": [{"dataset": "ADX", "message": "SEX is absent", "count": 3, "first": "{}"}]}
ERROR = {"rule": "R4", "status": "error"}
FAKE = """
import json, pathlib, sys
folder, *options = sys.argv[1:]
assert options[0::2] == ["--define", "-o"] and pathlib.Path(options[1]).is_file() and pathlib.Path(folder, "adx.xpt").is_file(), options
{more}
pathlib.Path(options[3]).write_text({report!r})
"""


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A folder that looks like an output; the program that replaces CORE does not read it."""
    (tmp_path / "out" / "adam").mkdir(parents=True)
    for name in ("adx.xpt", "define.xml"):
        (tmp_path / "out" / "adam" / name).touch()
    return tmp_path / "out"


def conform(out: Path, core: str, *more: str) -> Result:
    return CliRunner().invoke(main, ["conform", str(out), "--core", core, *more])


def program(out: Path, report: str, more: str = "") -> str:
    """The command of a program that writes this report."""
    path = out.parent / "a program.py"
    path.write_text(FAKE.format(report=report, more=more))
    return shlex.join([sys.executable, str(path)])


def reported(out: Path, *rules: dict[str, object], missing: tuple[str, ...] = ()) -> str:
    return program(out, json.dumps({"engine": "0.17.1", "rules": rules, "missing_rules": missing}))


def test_all_that_ran_passed(out: Path) -> None:
    result = conform(out, reported(out, PASSED, SKIPPED, {**SKIPPED, "rule": "R5"}))
    assert result.output.splitlines() == [
        "skipped: R2, R5: Column not found in data: FASFL",
        "CDISC CORE 0.17.1: 3 rules, 1 run, 1 passed, 0 with issues (0), 0 in error, 2 skipped",
    ]
    assert result.exit_code == 0


@pytest.mark.parametrize(
    ("rules", "line"),
    [
        ((PASSED, ISSUE), "issue: R3 ADX: SEX is absent; 3; first: {}"),
        ((PASSED, ISSUE), "CDISC CORE 0.17.1: 2 rules, 2 run, 1 passed, 1 with issues (3), 0 in error, 0 skipped"),
        ((PASSED, ERROR), "error: R4: the engine reports no details"),
        ((SKIPPED,), "NO RULE WAS RUN, so these datasets were not checked"),
        ((), "NO RULE WAS RUN, so these datasets were not checked"),
    ],
)
def test_an_issue_an_error_and_a_run_without_rules_are_no_pass(out: Path, rules: tuple[dict[str, object], ...], line: str) -> None:
    result = conform(out, reported(out, *rules))
    assert line in result.output.splitlines()
    assert result.exit_code == 1


def test_a_rule_that_is_not_there_is_reported(out: Path) -> None:
    assert "no such rule: R8, R9" in conform(out, reported(out, PASSED, missing=("R8", "R9"))).output.splitlines()


def test_as_json(out: Path) -> None:
    result = conform(out, reported(out, PASSED, SKIPPED, ISSUE), "--json")
    report = json.loads(result.output)
    assert (report["passed"], report["engine"], result.exit_code) == (False, "0.17.1", 1)
    assert report["counts"] == {"rules": 3, "run": 2, "passed": 1, "issue": 1, "error": 0, "skipped": 1, "issues": 3}
    assert [rule["reason"] for rule in report["rules"]] == ["", SKIPPED["reason"], ""]


def test_a_folder_that_is_no_output(out: Path, tmp_path: Path) -> None:
    core = reported(out, PASSED)
    assert "has no transport files with a define.xml" in conform(tmp_path, core).output
    (out / "adam" / "define.xml").unlink()
    result = conform(out, core)
    assert (result.exit_code, "has no transport files with a define.xml" in result.output) == (2, True)


@pytest.mark.parametrize(
    ("core", "message"),
    [
        ("", "--core requires a command"),
        ("'python", "is not a command: No closing quotation"),
        ("no-such-program-here", "no-such-program-here cannot be run: No such file or directory"),
        (shlex.join([sys.executable, "-c", "import no_such_module"]), "ended with code 1: ModuleNotFoundError: No module named 'no_such_module'"),
        (shlex.join([sys.executable, "-c", "raise SystemExit(4)"]), "ended with code 4: it printed no message"),
        (shlex.join([sys.executable, "-c", ""]), "wrote no report"),
    ],
)
def test_a_command_that_is_not_core(out: Path, core: str, message: str) -> None:
    result = conform(out, core)
    assert message in result.output
    assert "Traceback" not in result.output
    assert result.exit_code == 2


@pytest.mark.parametrize(
    ("report", "message"),
    [
        ("", "the report: Invalid JSON"),
        ("[]", "the report: "),
        ('{"engine": "1"}', "rules: Field required"),
        ('{"engine": "1", "rules": [{"rule": "R", "status": "fine"}]}', "rules.0.status: "),
        ('{"engine": "1", "rules": [], "other": 1}', "other: Extra inputs"),
    ],
)
def test_a_report_of_another_form(out: Path, report: str, message: str) -> None:
    result = conform(out, program(out, report))
    assert "does not have the form that examples/core/run.py writes: " + message in result.output
    assert result.exit_code == 2


def test_the_rules_of_the_example_are_eighty() -> None:
    ids = [line for line in (ROOT / "examples" / "core" / "rules.txt").read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert len(ids) == len(set(ids)) == 80


with_core = pytest.mark.skipif(not CORE, reason="ADAM_CORE is not set to the command of CDISC CORE, so `adam conform` is NOT tested with CORE itself")


@with_core
def test_core_finds_nothing_in_a_submission(submission) -> None:
    result = conform(submission.out, CORE, "--json")
    report = json.loads(result.output)
    assert (result.exit_code, report["missing_rules"]) == (0, [])
    assert report["counts"] == {"rules": 80, "run": 58, "passed": 58, "issue": 0, "error": 0, "skipped": 22, "issues": 0}


@with_core
def test_core_finds_what_is_broken(submission, tmp_path: Path) -> None:
    shutil.copytree(submission.out, tmp_path / "out")
    path = tmp_path / "out" / "adam" / "adsl.xpt"
    frame, meta = pyreadstat.read_xport(str(path), disable_datetime_conversion=True)
    frame.loc[frame.index[0], "ITTFL"] = "X"
    names = [name for name in frame if name != "SEX"]
    pyreadstat.write_xport(frame[names], path, table_name="ADSL", column_labels=meta.column_names_to_labels, file_format_version=5)
    result = conform(tmp_path / "out", CORE, "--json")
    issues = {rule["rule"].split(".")[-1]: rule["issues"] for rule in json.loads(result.output)["rules"] if rule["status"] == "issue"}
    assert result.exit_code == 1
    assert {"AD0021", "AD051"} <= issues.keys()
    assert issues["AD0021"][0]["count"] == 1
