"""The pharmaverse study from its public SDTM, against the datasets that admiral's templates made of it."""

from pathlib import Path

import pandas as pd
import pytest

from adam.engine.run import build
from adam.pipeline.load import load_records
from adam.pipeline.planning import plan_with_source
from tests.pharmaverse.published import differences

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data" / "pharmaverse"
KEYS = {
    "ADSL": ["USUBJID"],
    "ADAE": ["USUBJID", "AESEQ"],
    "ADCM": ["USUBJID", "CMSEQ"],
    "ADEX": ["USUBJID", "ASEQ"],
    "ADVS": ["USUBJID", "PARAMCD", "ADT", "AVISITN", "VISITNUM", "ATPTN", "DTYPE"],
    "ADTTE": ["USUBJID", "PARAMCD"],
}
STALE = {"ADAE": {"LDOSEDTM": 299, "DOSEON": 295, "DOSEU": 295}}
"""The published ADAE was made with an older table of single doses (docs/pharmaverse.md)."""

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the public data are not here")


@pytest.fixture(scope="module")
def frames() -> dict[str, pd.DataFrame]:
    found, source = plan_with_source(ROOT / "specs" / "pharmaverse", DATA / "sdtm")
    assert source is not None
    return dict(build(found, load_records(source, found.columns)).frames)


@pytest.mark.parametrize("name", KEYS)
def test_every_cell_equals_the_published_one(frames: dict[str, pd.DataFrame], name: str) -> None:
    assert differences(frames[name], DATA / "adam" / f"{name.lower()}.parquet", KEYS[name]) == STALE.get(name, {})
