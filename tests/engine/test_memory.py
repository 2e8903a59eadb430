"""The records of a part are freed when it is derived and checked, without a search of Python for objects that refer to each other."""

import gc
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest

from adam.engine import run
from adam.engine.run import build_part
from adam.engine.view import Data
from adam.pipeline.simulate import simulate_study
from tests.engine.cutting import Study, opened
from validation.conformance import over_parts
from validation.conformance.over_parts import conformance_part
from validation.delivery import DeliveredDataset, Delivery

SPECS = Path(__file__).parents[2] / "specs" / "true_ad"


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """The dermatology study: its scores are prepared once for several parameters."""
    sdtm = tmp_path_factory.mktemp("memory") / "sdtm"
    simulate_study(SPECS, sdtm, 10, 1, exact=False, edge_cases=False)
    return opened(SPECS, sdtm)


@pytest.fixture
def uncollected() -> Iterator[None]:
    """No search for garbage."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("uncollected")
def test_a_derivation_keeps_only_its_datasets(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[weakref.ref[Data]] = []

    class Watched(Data):
        def __init__(self, *arguments: object) -> None:
            super().__init__(*arguments)
            made.append(weakref.ref(self))

    monkeypatch.setattr(run, "Data", Watched)
    assert len(build_part(*study).frames["ADEFF"]) > 1000
    assert [each() for each in made] == [None]


@pytest.mark.usefixtures("uncollected")
def test_checks_keep_only_their_answers(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[weakref.ref[DeliveredDataset]] = []

    class Watched(DeliveredDataset):
        def __init__(self, delivery: Delivery, name: str) -> None:
            super().__init__(delivery, name)
            made.append(weakref.ref(self))

    frames = build_part(*study).frames
    monkeypatch.setattr(over_parts, "DeliveredDataset", Watched)
    conformance_part(Delivery(study.plan.study, study.plan.datasets, study.plan.datasets, frames, study.frames))
    assert [each() for each in made] == [None, None, None]
