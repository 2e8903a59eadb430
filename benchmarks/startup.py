"""Measure what a command costs before it has anything to do.

Run: python benchmarks/startup.py [--demo OUT] [--repeats 5].

Each command runs in a process of its own, and the least of its CPU seconds is printed, user and system together: other work on the machine
makes them more, never less. The last column is the ratio to a process that only imports pandas and pyarrow, measured in between, so that the
numbers of two machines can be compared. Modules are compiled before, as an installation does it. `--demo` is the output of `adam demo`.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

SPECS, SDTM, STUDY = "tests/study/specs", "tests/study/sdtm", "specs/true_ad"
UNIT = "import pandas, pyarrow"
WHERE = 'USUBJID == "{}" and PARAMCD == "EASI75" and AVISITN == 8'


def main() -> None:
    """Run each command and print its figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--demo", type=Path)
    options.add_argument("--repeats", type=int, default=5)
    chosen = options.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; seconds of the processor")
    with tempfile.TemporaryDirectory() as folder:
        commands = commands_of(Path(folder), chosen.demo)
        seconds: dict[str, list[float]] = {name: [] for name in commands}
        for turn in range(chosen.repeats + 1):
            for name, command in commands.items():
                took = cpu_of([each.replace("TURN", str(turn)) for each in command])
                seconds[name] += [took] if turn else []  # the first turn compiles the modules
    least = {name: min(each) for name, each in seconds.items()}
    for name, each in least.items():
        print(f"{name:45} {each:6.2f} s {each / least[UNIT]:6.1f}")


def commands_of(folder: Path, demo: Path | None) -> dict[str, list[str]]:
    """The commands by their name; TURN is the number of the turn."""
    python, adam = [sys.executable, "-c"], [sys.executable, "-m", "adam"]
    data = ["--sdtm", str(demo / "sdtm")] if demo is not None else []
    found = {
        UNIT: [*python, UNIT],
        "import great_expectations": [*python, "import great_expectations"],
        "adam --help": [*adam, "--help"],
        "adam check, 3 datasets, 63 variables": [*adam, "check", SPECS, "--sdtm", SDTM],
        "adam check, the study of the demo": [*adam, "check", STUDY, *data],
        "adam plan, the study of the demo": [*adam, "plan", STUDY, *data],
        "adam build, 12 subjects": [*adam, "build", SPECS, "--sdtm", SDTM, "--out", str(folder / "TURN")],
    }
    if demo is not None:
        found["adam trace, one record of the demo"] = [*adam, "trace", str(demo), "ADEFF", "--where", WHERE.format(first_subject(demo))]
    return found


def first_subject(demo: Path) -> str:
    """The first subject of ADEFF."""
    import pyreadstat

    return str(pyreadstat.read_xport(str(demo / "adam" / "adeff.xpt"), usecols=["USUBJID"], row_limit=1)[0]["USUBJID"].iloc[0])


def cpu_of(command: Sequence[str]) -> float:
    """The seconds of the processor that a command takes."""
    surrounding = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    before = os.times()
    ended = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=surrounding)
    after = os.times()
    if ended.returncode not in (0, 1):
        raise SystemExit(f"{' '.join(command)}: {ended.stderr}")
    return after.children_user + after.children_system - before.children_user - before.children_system


if __name__ == "__main__":
    main()
