"""A test runs every recipe of the cookbook, unchanged.

These are the recipes of the first part, files of a study that extends true_ad. `tests/cookbook` has the others.
"""

import re
from pathlib import Path

import pandas as pd
import pytest

from adam.engine.run import build
from adam.pipeline.load import load_records
from adam.pipeline.planning import plan_with_source
from adam.pipeline.simulate import simulate_study
from adam.results.compute import compute_results
from tests.stored import stored
from validation.run_suites import run_suites
from validation.suite import suites

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"```yaml\n# my_study/(\w+\.yaml)\n(.*?)```", re.DOTALL)


def recipes() -> dict[str, dict[str, str]]:
    """The files of each recipe by its question; the files before the first one belong to all."""
    first, *rest = re.split(r"^### ", (ROOT / "docs" / "cookbook.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    common = dict(BLOCK.findall(first))
    found = {part.splitlines()[0]: dict(BLOCK.findall(part)) for part in rest}
    return {title: common | files for title, files in found.items() if files}


@pytest.fixture(scope="module")
def sdtm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cookbook") / "sdtm"
    simulate_study(ROOT / "specs" / "true_ad", folder, 25, 1, exact=False, edge_cases=False)
    return folder


@pytest.fixture(scope="module")
def built(sdtm: Path, tmp_path_factory: pytest.TempPathFactory):
    """A function that builds one recipe and returns its frames and the plan."""

    def work(title: str, change=None) -> tuple[dict[str, pd.DataFrame], object]:
        folder = tmp_path_factory.mktemp("recipe") / "my_study"
        folder.mkdir()
        for name, text in recipes()[title].items():
            (folder / name).write_text(text, encoding="utf-8")
        found, source = plan_with_source(folder, sdtm)
        assert source is not None
        frames = load_records(source, found.columns)
        if change is not None:
            change(frames)
        return dict(build(found, frames).frames), found

    return work


def parameter(frame: pd.DataFrame, code: str) -> pd.DataFrame:
    return frame[frame["PARAMCD"] == code]


def test_no_recipe_is_left_out() -> None:
    assert len(recipes()) == 9


def test_a_variable(built) -> None:
    frame = built("How do I add a variable?")[0]["ADSL"]
    ages = frame[["AAGE", "AGEGR3", "AGEGR3N"]].drop_duplicates().set_index("AAGE")
    expected = [("12-17", 1) if age < 18 else ("18-39", 2) if age < 40 else ("40-64", 3) if age < 65 else (">=65", 4) for age in ages.index]
    assert list(ages.itertuples(index=False, name=None)) == expected
    assert frame["AGEGR3"].nunique() > 1


def test_a_responder_parameter(built) -> None:
    frame = built("How do I add a responder parameter?")[0]["ADEFF"]
    clear = parameter(frame, "EASI").query("ANL01FL == 'Y' and AVISITN in (2, 4, 8) and CRIT4FL != ''")
    made = parameter(frame, "EASI100").query("DTYPE == '' and AVISITN in (2, 4, 8)")
    assert len(made) == len(clear) > 0
    assert made["AVAL"].sum() == (clear["AVAL"] == 0).sum()
    assert set(parameter(frame, "EASI100").query("DTYPE == 'NRI'")["AVAL"]) <= {0.0}
    assert set(parameter(frame, "EASI")["CRIT4"]) == {">=100% improvement from baseline"}


def with_scorad(frames: dict[str, pd.DataFrame]) -> None:
    """The simulation has no SCORAD: this adds a score of 40 to each IGA."""
    made = frames["RS"][frames["RS"]["RSTESTCD"] == "IGA0101"].copy()
    made[["RSTESTCD", "RSCAT", "RSSTRESN", "RSSTRESC", "RSSTAT"]] = ["SCORAD01", "SCORAD", 40.0, "40", ""]
    frames["RS"] = pd.concat([frames["RS"], made], ignore_index=True)


def test_a_parameter_from_collected_records(built) -> None:
    frame = built("How do I add a parameter from collected records?", with_scorad)[0]["ADEFF"]
    made, iga = (parameter(frame, code)[["USUBJID", "ADT", "AVISIT"]].reset_index(drop=True) for code in ("SCORAD", "IGA"))
    assert len(made) > 100
    assert made.equals(iga)
    assert set(parameter(frame, "SCORAD")["AVAL"]) == {40.0}


def test_a_score(built) -> None:
    frame = built("How do I add the score of a questionnaire?")[0]["ADEFF"]
    signs, total = parameter(frame, "TRSIGNS").set_index(["USUBJID", "ADT"]), parameter(frame, "EASITR").set_index(["USUBJID", "ADT"])
    assert len(signs) > 100
    assert ((total["AVAL"] == 0) | (signs["AVAL"] > 0)).all()
    assert (total["AVAL"] <= 0.3 * 6 * signs["AVAL"] + 1e-9).all()


def test_an_average(built) -> None:
    frame = built("How do I add an average over days?")[0]["ADEFF"]
    made = parameter(frame, "PPNRS")
    assert set(made["AVISITN"]) == {0.0, 4.0, 8.0}
    assert ((made["AENDT"] - made["ASTDT"]).dt.days == 13).all()


def test_last_observation_carried_forward(built) -> None:
    frame = built("How do I carry the last observation forward?")[0]["ADEFF"]
    bsa = parameter(frame, "BSA")
    carried = bsa[bsa["DTYPE"] == "LOCF"]
    assert len(carried) > 0
    for record in carried.itertuples():
        own = bsa[(bsa["USUBJID"] == record.USUBJID) & (bsa["DTYPE"] == "") & (bsa["ANL01FL"] == "Y") & (bsa["AVISITN"] > 0)]
        assert own[own["AVISITN"] < record.AVISITN].sort_values("AVISITN")["AVAL"].iloc[-1] == record.AVAL


def test_a_check(built) -> None:
    frames, found = built("How do I add a check?")
    frames["ADSL"].loc[0, "AAGE"] = 11.0
    rules = suites(found.study, found.datasets)
    assert {"S-01", "S-02", "L-19"} <= {rule.id for suite in rules for rule in suite.rules}
    assert "L-20" not in {rule.id for suite in rules for rule in suite.rules}
    assert [finding.count for finding in run_suites(rules, frames, {}) if finding.id == "S-01"] == [1]
    assert [rule.message for suite in rules for rule in suite.rules if rule.id == "S-02"] == [
        "Treated before randomization, or randomized before consent"
    ]


def test_a_dataset(built) -> None:
    frames, found = built("How do I add a dataset?")
    assert list(frames) == ["ADSL", "ADEFF", "ADAE", "ADMH"]
    assert frames["ADMH"]["ASTDT"].notna().any()
    assert found.datasets["ADMH"].variables["ASTDT"].label == "Analysis Start Date"


def test_a_result(built) -> None:
    frames, found = built("How do I add a result?")
    numbers = [
        each
        for each in compute_results(found.study.model_copy(update={"datasets": found.datasets}), stored(frames))
        if each.result.name == "W4_EASI50"
    ]
    efficacy = frames["ADEFF"].query("PARAMCD == 'EASI50' and AVISITN == 4 and ANL02FL == 'Y'")
    assert [(each.group, each.records, each.among) for each in numbers] == [
        (arm, int(efficacy[mask]["AVAL"].sum()), int(mask.sum()))
        for arm in ("Vehicle Cream BID", "Ruxolitinib 0.75% Cream BID", "Ruxolitinib 1.5% Cream BID")
        for mask in [efficacy["TRT01P"] == arm]
    ] + [("Total", int(efficacy["AVAL"].sum()), len(efficacy))]
