"""The table of the known cases: each has its tests, and every test it names is there."""

import csv
from pathlib import Path

import pytest

HERE = Path(__file__).parent
SHARED = HERE.parents[2] / "shared" / "cases"
with (HERE / "cases.csv").open(newline="") as file:
    CASES = {row["case"]: row["tests"].split() for row in csv.DictReader(file)}


@pytest.mark.parametrize("case", CASES)
def test_a_case_has_tests(case: str) -> None:
    assert CASES[case]
    for name in CASES[case]:
        path, _, function = name.partition("::")
        assert f"def {function}" in (HERE / path).read_text(encoding="utf-8"), name


@pytest.mark.skipif(not SHARED.is_dir(), reason="the cases are not beside the project")
def test_every_known_case_is_in_the_table() -> None:
    assert sorted(CASES) == sorted(path.name for path in SHARED.iterdir() if path.is_dir())
