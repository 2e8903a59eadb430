"""R reads the transport files as they were meant: labels, formats, dates that are dates, and every value to the last bit."""

import csv
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

SCRIPT = Path(__file__).with_name("read_xpt.R")
CLASSES = {"text": "character", "integer": "numeric", "float": "numeric", "time": "hms", "date": "Date", "datetime": "POSIXct"}


@pytest.fixture(scope="module")
def read(submission, tmp_path_factory):
    """What haven read: the folder of its dumps."""
    if shutil.which("Rscript") is None:
        pytest.skip("Rscript is not on PATH: that R reads the datasets is NOT tested")
    if subprocess.run(["Rscript", "-e", "library(haven)"], capture_output=True, check=False).returncode:
        pytest.skip("R has no package haven: that R reads the datasets is NOT tested")
    folder = tmp_path_factory.mktemp("haven")
    command = ["Rscript", str(SCRIPT), str(submission.out / "adam"), str(folder)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return folder


def lines(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_r_reads_every_dataset(submission, read):
    names = sorted(name.lower() for name in submission.derived.records)
    assert len(names) == 3
    assert sorted(path.stem for path in read.glob("*.csv") if not path.stem.endswith(".header")) == names


def test_labels_formats_and_classes(submission, read):
    for name, dataset in submission.derived.datasets.items():
        found = lines(read / f"{name.lower()}.header.csv")
        assert {line["dataset"] for line in found} == {dataset.label}
        meant = [(each.name, each.label, each.format.rstrip("."), CLASSES[each.type]) for each in dataset.variables.values()]
        assert [(line["name"], line["label"], line["format"], line["class"]) for line in found] == meant


def test_the_formats_of_dates_are_there_to_be_tested(submission, read):
    classes = {(line["format"], line["class"]) for path in read.glob("*.header.csv") for line in lines(path)}
    assert {("DATE9", "Date"), ("DATETIME20", "POSIXct")} <= classes
    assert {each for each in classes if each[0].startswith("DATE")} == {("DATE9", "Date"), ("DATETIME20", "POSIXct")}
    assert {line["zone"] for path in read.glob("*.header.csv") for line in lines(path)} == {"", "UTC"}


def test_every_value_is_the_one_that_was_derived(submission, read):
    missing = 0
    for name, dataset in submission.derived.plan.datasets.items():
        frame, found = submission.derived.records[name].read(), lines(read / f"{name.lower()}.csv")
        assert len(found) == len(frame)
        for each in dataset.variables.values():
            got = [line[each.name] for line in found]
            if each.type == "text":
                assert got == frame[each.name].tolist(), f"{name}.{each.name}"
                continue
            numbers = np.array([float(text) if text else np.nan for text in got])
            assert np.array_equal(numbers, since_1970(frame[each.name], each.type), equal_nan=True), f"{name}.{each.name}"
            missing += int(np.isnan(numbers).sum())
    assert missing > 0, "no number is missing, so that missing ones stay missing is not tested"


def since_1970(column, kind) -> np.ndarray:
    """Numbers as R has them: dates in days, datetimes in seconds."""
    if kind not in ("date", "datetime"):
        return column.to_numpy(dtype="float64")
    unit = "D" if kind == "date" else "s"
    passed = column.to_numpy(dtype=f"datetime64[{unit}]").astype("int64").astype("float64")
    return np.where(column.isna(), np.nan, passed)
