"""How a command ends when it is interrupted, when no one reads what it prints, and what it prints of texts that do harm."""

import csv
import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from adam.core.errors import Finding, Severity
from adam.core.interrupts import deferred, state, terminable
from adam.core.printable import cell, visible
from adam.submission.folder import stage_output
from tests.right_or_refused.small_study import ADSL, SmallStudy, small_study
from validation.report import as_csv, listing, records_as_csv

ROOT = Path(__file__).parents[2]
SAY = "import sys; from adam.cli.commands import main; main(sys.argv[1:])"


def started(*arguments: str, stdout: object = subprocess.PIPE) -> subprocess.Popen:
    return subprocess.Popen([sys.executable, "-c", SAY, *arguments], stdout=stdout, stderr=subprocess.PIPE, text=True, cwd=ROOT)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> SmallStudy:
    study = small_study(tmp_path_factory.mktemp("endings"))
    assert study.build().exit_code == 0
    return study


def test_a_reader_that_has_gone_changes_nothing(built: SmallStudy) -> None:
    read, write = os.pipe()
    os.close(read)
    with started("check", str(built.specs), stdout=write) as process:
        os.close(write)
        error = process.stderr.read()
    assert (process.returncode, error) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")
@pytest.mark.parametrize("arguments", [["check"], ["check", "--json"], ["--help"], ["build", "--help"]])
def test_a_full_standard_output_is_one_sentence(built: SmallStudy, arguments: list[str]) -> None:
    more = [str(built.specs)] if arguments[0] == "check" else []
    with Path("/dev/full").open("w") as full, started(*arguments, *more, stdout=full) as process:
        error = process.stderr.read()
    assert process.returncode == 2
    assert len(error.splitlines()) == 1
    assert error.startswith("Standard output cannot be written: No space left on device.")


WORK = """
import os, sys, time
from pathlib import Path
from adam.submission import folder
from adam.cli.errors import run_command
out = Path(sys.argv[1])
if sys.argv[2] == "exchange":
    real = folder.exchange
    def slow(new, target):
        real(new, target)
        print("in", flush=True)
        time.sleep(1)
    folder.exchange = slow
def work():
    with folder.stage_output(out) as new:
        (new / "manifest.json").write_text('{"outputs": {}}')
        if sys.argv[2] == "staging":
            print("in", flush=True)
            time.sleep(60)
    if sys.argv[2] == "after":
        print("in", flush=True)
        time.sleep(60)
    return 0
run_command(work, False, False)
"""


@pytest.mark.parametrize(("number", "word", "code"), [(signal.SIGINT, "Interrupted", 130), (signal.SIGTERM, "Terminated", 143)])
@pytest.mark.parametrize(("moment", "done"), [("staging", False), ("exchange", True), ("after", True)])
def test_a_signal_leaves_one_true_sentence_and_no_staging(tmp_path: Path, number: int, word: str, code: int, moment: str, done: bool) -> None:
    out = tmp_path / "out"
    with subprocess.Popen(
        [sys.executable, "-c", WORK, str(out), moment], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        assert process.stdout.readline() == "in\n"
        process.send_signal(number)
        error = process.stderr.read()
    sentence = f"{out} has the complete output of this run." if done else "No output was changed; the previous output is in place."
    assert (process.returncode, error) == (code, f"{word}. {sentence}\n")
    assert [path.name for path in tmp_path.iterdir()] == (["out"] if done else [])


@pytest.mark.parametrize("folder", [".out.scratch", ".out.new"])
def test_an_interrupted_build_says_so_and_leaves_nothing(built: SmallStudy, tmp_path: Path, folder: str) -> None:
    """The signal comes as soon as the folder exists: of the records of the parts, or of the new output."""
    with started("build", str(built.specs), "--sdtm", str(built.sdtm), "--out", str(tmp_path / "out"), "--part-size", "1") as process:
        while not (tmp_path / folder).exists():
            assert process.poll() is None, "the build has ended"
            time.sleep(0.002)
        process.send_signal(signal.SIGINT)
        _, error = process.communicate()
    assert process.returncode == 130
    assert error.startswith("Interrupted. "), error
    assert [path.name for path in tmp_path.iterdir()] == (["out"] if (tmp_path / "out").exists() else [])
    assert ("No output was changed" in error) == (not (tmp_path / "out").exists())


def test_signals_wait_for_the_end_of_a_block(tmp_path: Path) -> None:
    seen = []
    with pytest.raises(KeyboardInterrupt), terminable():
        with deferred():
            os.kill(os.getpid(), signal.SIGINT)
            seen.append("the block goes on")
        seen.append("never")
    assert seen == ["the block goes on"]
    with terminable(), stage_output(tmp_path / "out") as new:
        (new / "manifest.json").write_text('{"outputs": {}}')
        assert state().startswith("No output was changed")
    assert state() == f"{tmp_path / 'out'} has the complete output of this run."


EVIL = "\x1b]0;title\x07\x1b[31mred\u202etxt\x9b2J\x00"


def test_a_terminal_is_given_nothing_it_obeys(tmp_path: Path) -> None:
    found = Finding("X-1", Severity.ERROR, "ADSL", f"bad {EVIL}", 1, ({"USUBJID": f"{EVIL}\nerror: forged"},), values=({"X": "\r"},))
    shown = listing([found])
    assert "\\u001b[31mred\\u202etxt\\u009b2J\\u0000" in shown
    assert "\\u000aerror: forged" in shown
    assert visible(shown.replace("\x1b[31m\x1b[1merror\x1b[0m", "error")) == shown.replace("\x1b[31m\x1b[1merror\x1b[0m", "error")
    assert len(shown.splitlines()) == 2
    study = small_study(tmp_path, {"adsl": ADSL.replace("AGE: DM", '"A\\e[31mGE": DM')})
    ran = study.check()
    assert (ran.exit_code, "\x1b" in ran.text, "\\u001b[31m" in ran.text) == (2, False, True)
    as_json = study.check("--json")
    assert not any(ord(sign) < 32 and sign != "\n" for sign in as_json.text)


STARTS = ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "'=1", "\uff1d1"]


@pytest.mark.parametrize("text", STARTS)
def test_a_cell_is_no_formula_and_loses_nothing(text: str) -> None:
    assert cell(text) == f"'{text}"
    found = Finding(text, Severity.ERROR, "ADSL", text, 1, ({"USUBJID": text, "X": "1"},), variable=text, waived=text, values=({"X": text},))
    for table in (as_csv([found]), records_as_csv([found])):
        (_, row) = list(csv.reader(io.StringIO(table, newline="")))
        assert not any(each.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d")) for each in row)
        assert row[1] == f"'{text}"
    assert csv.DictReader(io.StringIO(records_as_csv([found]), newline="")).__next__()["USUBJID"][1:] == text


@pytest.mark.parametrize("text", ["", "a=1", "1", "-1", "-0.5", "+3", "1e-5", "S-1"])
def test_a_number_and_a_plain_text_stay_as_they_are(text: str) -> None:
    assert cell(text) == text


def test_the_results_are_guarded_too(tmp_path: Path) -> None:
    results = 'results:\n  R1: {title: "=cmd()", dataset: ADSL, value: count}\n'
    ran = small_study(tmp_path, {"results": results}).build()
    assert ran.exit_code == 0, ran.text
    rows = list(csv.reader(io.StringIO((ran.out / "report" / "results.csv").read_bytes().decode("utf-8-sig"), newline="")))
    assert rows[1][1] == "'=cmd()"
