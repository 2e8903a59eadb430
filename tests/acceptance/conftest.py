"""One small submission as a study makes it, with the frames it was made of, for everyone who opens the folder."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from adam.pipeline.build import COMMAND, write_output
from adam.pipeline.derive import DerivedStudy, derive_study
from adam.pipeline.planning import plan_with_source
from adam.pipeline.simulate import simulate_study

SPECS = Path(__file__).parents[2] / "specs" / "true_ad"
SUBJECTS = 40


@dataclass(frozen=True)
class Submission:
    """The folder of a run, and what was derived before it was written."""

    out: Path
    derived: DerivedStudy


@pytest.fixture(scope="session")
def submission(tmp_path_factory):
    folder = tmp_path_factory.mktemp("acceptance")
    simulate_study(SPECS, folder / "sdtm", SUBJECTS, seed=1, exact=False, edge_cases=False)
    derived = derive_study(plan_with_source(SPECS, folder / "sdtm"))
    result = write_output(folder / "out", derived, COMMAND)
    assert result.exported, result.findings
    return Submission(folder / "out", derived)
