"""The campaign of bad inputs (`benchmarks/bad_inputs.py`) itself: what it draws, and that it sees a value changed in silence."""

from pathlib import Path

import tests.bad_inputs.campaign  # noqa: F401  (it registers the mutations)
from tests.bad_inputs.judging import Good, judged
from tests.bad_inputs.mutation import KINDS, add
from tests.bad_inputs.running import Case, drawn, first_run, run
from tests.bad_inputs.study import Inputs


def test_the_same_seed_draws_the_same_inputs(tmp_path: Path) -> None:
    assert [case.name for case in drawn(4, 50, tmp_path)] == [case.name for case in drawn(4, 50, tmp_path)]
    assert len({case.name for case in drawn(4, 300, tmp_path)}) == 300


def older(inputs: Inputs, _: object) -> str:
    """Everybody is ten years older, which nothing can find out."""
    for row in inputs.tables["DM"]:
        row["AGE"] += 10
    return "ten years older"


def test_a_changed_value_that_nothing_reports_is_seen(tmp_path: Path) -> None:
    for expected in ("refused", "reported", "same", "unharmed"):
        add("seen", "source", expected, older)  # type: ignore[arg-type]
    try:
        good = Good(first_run(tmp_path))
        found = [[kind for kind, _ in judged(ran, good)] for ran in run([Case("seen", number, 1, tmp_path / str(number)) for number in range(4)])]
    finally:
        del KINDS["seen"]
    assert sorted(found) == [["silent"], ["silent"], ["silent"], ["wrong"]]
