"""The plan is a value: it can be sent elsewhere, and what is built from it there is the same."""

import pickle
import time
from pathlib import Path

import pandas as pd
import pytest

from adam.engine.run import build
from adam.pipeline.load import load_records
from adam.pipeline.planning import plan_with_source
from adam.pipeline.simulate import simulate_study
from adam.sources import Source

ROOT = Path(__file__).parents[2]
STUDY = ROOT / "tests" / "study"


def assert_same(specs: Path, sdtm: Path) -> None:
    plan, source = plan_with_source(specs, sdtm)
    assert isinstance(source, Source)
    sent = pickle.loads(pickle.dumps(plan))
    frames = load_records(source, plan.columns)
    here, there = build(plan, frames), build(sent, frames)
    assert list(here.frames) == list(there.frames)
    for name, frame in here.frames.items():
        pd.testing.assert_frame_equal(frame, there.frames[name])
    assert [str(finding) for finding in here.findings] == [str(finding) for finding in there.findings]


def test_a_plan_that_was_sent_builds_the_same() -> None:
    assert_same(STUDY / "specs", STUDY / "sdtm")


@pytest.mark.parametrize("study", ["true_ad", "cdiscpilot01"])
def test_a_plan_of_a_study_that_comes_with_the_package_was_sent(study: str, tmp_path: Path) -> None:
    sdtm = ROOT.parent / "shared" / "data" / study / "sdtm"
    if not sdtm.exists():
        sdtm = tmp_path / "sdtm"
        simulate_study(ROOT / "specs" / "true_ad", sdtm, subjects=25)
    if study == "cdiscpilot01" and sdtm.parent == tmp_path:
        pytest.skip("the data of the pilot are not here")
    assert_same(ROOT / "specs" / study, sdtm)


@pytest.mark.parametrize("study", ["true_ad", "pharmaverse"])
def test_a_plan_is_sent_in_less_time_than_it_is_made(study: str) -> None:
    start = time.process_time()
    plan, _ = plan_with_source(ROOT / "specs" / study)
    made = time.process_time() - start
    start = time.process_time()
    sent = pickle.dumps(plan)
    received = pickle.loads(sent)
    assert time.process_time() - start < made
    assert len(sent) < 5_000_000
    assert [str(step) for step in received.steps] == [str(step) for step in plan.steps]


def test_a_plan_holds_no_resolver() -> None:
    modules = set()

    class Looking(pickle.Pickler):
        def reducer_override(self, value: object) -> object:
            modules.add(value.__module__ if isinstance(value, type) else type(value).__module__)
            return NotImplemented

    with Path("/dev/null").open("wb") as nowhere:
        Looking(nowhere).dump(plan_with_source(ROOT / "specs" / "true_ad")[0])
    ours = {name for name in modules if name.startswith("adam.")}
    assert ours
    assert {name for name in ours if name.startswith("adam.planning.") and not name.startswith("adam.planning.values.")} == set()
    assert not any(name.startswith(("adam.engine", "adam.sources", "adam.pipeline")) for name in ours)
