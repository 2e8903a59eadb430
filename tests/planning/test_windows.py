"""Windows count their days from a reference date, and only the records that `where` selects have one."""

import math
import shutil
from pathlib import Path

import pandas as pd
import pytest

from adam.engine.run import build
from adam.engine.windows import short_bounds
from adam.pipeline.load import load_records
from adam.pipeline.planning import plan_with_source

STUDY = Path(__file__).parents[1] / "study"
WINDOWS = "windows: {use: ITCH, date: ADT, reference: TRTSDT}"


@pytest.fixture
def aditch(tmp_path: Path):
    """Builds the itch dataset of the study with other windows."""

    def work(windows: str = WINDOWS) -> pd.DataFrame:
        specs = tmp_path / "specs"
        shutil.copytree(STUDY / "specs", specs, dirs_exist_ok=True)
        text = (STUDY / "specs" / "aditch.yaml").read_text(encoding="utf-8")
        assert text.count(WINDOWS) == 1
        (specs / "aditch.yaml").write_text(text.replace(WINDOWS, windows), encoding="utf-8")
        plan, source = plan_with_source(specs, STUDY / "sdtm")
        assert source is not None
        return build(plan, load_records(source, plan.columns)).frames["ADITCH"]

    return work


def test_the_days_of_windows_are_study_days(aditch) -> None:
    frame = aditch()
    mine = frame[(frame["DTYPE"] == "") & frame["AWTARGET"].notna()]
    assert len(mine) > 10
    same_sign = (mine["ADY"] > 0) == (mine["AWTARGET"] > 0)
    assert (mine["AWTDIFF"] == (mine["ADY"] - mine["AWTARGET"]).abs() - ~same_sign).all()


def test_a_record_that_where_does_not_select_has_no_window(aditch) -> None:
    before, after = aditch(), aditch(WINDOWS.replace("}", ", where: ADT > TRTSDT}"))
    early = before["ADT"] <= before["TRTSDT"]
    assert (before.loc[early & before["ADT"].notna(), "AVISIT"] != "").any()
    assert set(after.loc[after["ADT"] <= after["TRTSDT"], "AVISIT"]) == {""}
    assert after.loc[after["ADT"] <= after["TRTSDT"], "AWTARGET"].isna().all()
    assert set(after.loc[after["ADT"] > after["TRTSDT"], "AVISIT"]) == set(before.loc[before["ADT"] > before["TRTSDT"], "AVISIT"])


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [(2, 84, "2-84"), (141, math.nan, ">140"), (math.nan, 1, "<=1"), (1, math.nan, ">-1"), (-7, -1, "-7--1"), (math.nan, math.nan, "")],
)
def test_short_bounds(low: float, high: float, text: str) -> None:
    assert short_bounds(low, high) == text
