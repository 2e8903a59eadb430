"""One small submission as a study makes it, with the frames it was made of, for everyone who opens the folder."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from adam.pipeline import build as flow

SPECS = Path(__file__).parents[2] / "specs" / "true_ad"
SUBJECTS = 40


@dataclass(frozen=True)
class Submission:
    """The folder of a run, and what was derived before it was written."""

    out: Path
    derived: flow.Derived


@pytest.fixture(scope="session")
def submission(tmp_path_factory):
    folder = tmp_path_factory.mktemp("acceptance")
    flow.simulated(SPECS, folder / "sdtm", SUBJECTS, seed=1, exact=False, edge_cases=False)
    kept, derive = [], flow.derive
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flow, "derive", lambda *arguments: kept.append(derive(*arguments)) or kept[-1])
        outcome = flow.run(SPECS, folder / "sdtm", folder / "out")
    assert outcome.exported, outcome.findings
    return Submission(folder / "out", kept[0])
