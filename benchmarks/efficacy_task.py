"""A small efficacy dataset from Parquet: 16 variables of four instruments at seven visits, checked, and written as a transport file only.

Run: python -m benchmarks.efficacy_task [--subjects 300 3000 12000].

The specification is next to this file. The figure is the processor time of the whole command with its start, and its ratio to a process that
only imports pandas and pyarrow, measured in the same run.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.growth import adam
from benchmarks.startup import UNIT, cpu_of

SPECS = Path(__file__).parent / "efficacy_task"
VISITS = {
    "SCREENING": (0, "2024-01-05"),
    "BASELINE": (1, "2024-01-15"),
    "WEEK 2": (2, "2024-01-29"),
    "WEEK 4": (4, "2024-02-12"),
    "WEEK 8": (8, "2024-03-11"),
    "WEEK 12": (12, "2024-04-08"),
    "WEEK 16": (16, "2024-05-06"),
}
TESTS = ("IGA", "EASI", "NRS", "DLQI")


def write_source(folder: Path, subjects: int) -> None:
    """DM and QS of some subjects with random values, as Parquet files."""
    draw = np.random.default_rng(1)
    ids = np.array([f"S01-{number:07d}" for number in range(subjects)])
    ages, sexes, arms = draw.integers(18, 80, subjects), draw.choice(["M", "F"], subjects), draw.choice(["Placebo", "Active"], subjects)
    demographics = {"STUDYID": "S01", "USUBJID": ids, "AGE": ages, "SEX": sexes, "ARM": arms, "RFSTDTC": "2024-01-15"}
    pd.DataFrame(demographics).to_parquet(folder / "dm.parquet")
    each = len(VISITS) * len(TESTS)
    visit = np.tile(np.repeat(np.arange(len(VISITS)), len(TESTS)), subjects)
    numbers, dates = (np.array(column)[visit] for column in zip(*VISITS.values(), strict=True))
    answers = {
        "STUDYID": "S01",
        "USUBJID": np.repeat(ids, each),
        "QSSEQ": np.tile(np.arange(1, each + 1), subjects),
        "QSTESTCD": np.tile(TESTS, subjects * len(VISITS)),
        "QSSTRESN": draw.uniform(0, 72, subjects * each).round(1),
        "QSDTC": dates,
        "VISIT": np.array(list(VISITS))[visit],
        "VISITNUM": numbers.astype(float),
    }
    pd.DataFrame(answers).to_parquet(folder / "qs.parquet")


def seconds(subjects: int, folder: Path, repeats: int) -> float:
    """The least processor time of some builds of a new source."""
    source = folder / str(subjects)
    source.mkdir()
    write_source(source, subjects)
    command = adam("build", str(SPECS), "--sdtm", str(source), "--out", str(folder / "out"), "--outputs", "xpt")
    return min(cpu_of(command) for _ in range(repeats))


def main() -> None:
    """Write the source of each size, build it, and print a line for it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--subjects", type=int, nargs="+", default=[300, 3_000, 12_000])
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; seconds of the processor")
    unit = min(cpu_of([sys.executable, "-c", UNIT]) for _ in range(options.repeats + 1))
    print(f"{UNIT:30} {unit:5.2f} s")
    with tempfile.TemporaryDirectory() as temporary:
        for size in options.subjects:
            least = seconds(size, Path(temporary), options.repeats)
            print(f"{f'adam build, {size:,} subjects':30} {least:5.2f} s {least / unit:6.1f}", flush=True)


if __name__ == "__main__":
    main()
