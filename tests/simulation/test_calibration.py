"""The default mode: every published quantity within three standard errors of what it is drawn from."""

import numpy as np
import pytest

from tests.simulation import measured as m
from tests.simulation.measured import ARMS, HIGH, LOW, VEHICLE
from tests.simulation.simulated import frames

PATHS = [(LOW, LOW), (HIGH, HIGH), (VEHICLE, LOW), (VEHICLE, HIGH)]
AT_WEEK_8 = {  # percent of the efficacy evaluable: vehicle, 0.75 %, 1.5 %
    "TS": (11.5, 44.7, 52.6),
    "IGA01": (20.1, 55.1, 62.6),
    "MISSING": (17.2, 11.2, 6.4),
    "EASI75": (19.7, 53.8, 62.0),
    "NRS01": (16.4, 35.2, 42.8),
    "QOL01": (20.1, 48.9, 53.8),
    "NOTTS": (71.3, 44.1, 41.0),
}
OF_FAILED = {"ONEPT": (43.1, 71.8, 71.1), "CPR": (63.2, 88.3, 85.3)}
NRS4 = {"SYNAD1": (15.4, 40.4, 52.2), "SYNAD2": (16.3, 42.7, 50.7)}
NRS4_WEEK_2 = {"SYNAD1": (5.1, None, 33.5), "SYNAD2": (5.0, None, 32.2)}
FIRST_PERIOD = {"": (33.2, None, 26.5), "Application site burning": (4.4, None, 0.8), "Nasopharyngitis": (0.8, None, 2.6)}
SECOND_PERIOD = {"": (67.4, 62.6, 53.5, 57.6), "Upper respiratory tract infection": (10.3, 11.4, 5.9, 7.1), "Nasopharyngitis": (8.9, 9.9, 7.9, 14.1),
                 "Application site": (3.8, 1.8, 1.0, 1.0)}  # fmt: skip


def near(found, size, percent):
    """Within three standard errors of a percentage; a published percentage is itself rounded."""
    p = percent / 100
    return abs(found / size - p) <= 3 * np.sqrt(max(p * (1 - p), 1e-4) / size) + 0.0006


@pytest.fixture(scope="module", params=[None, 4000], ids=["1249", "4000"])
def sdtm(request, drawn, study):
    return drawn if request.param is None else frames(study, subjects=request.param, seed=5)


@pytest.fixture(scope="module")
def s(sdtm):
    s = m.responses(sdtm, m.subjects(sdtm))
    s["IGA01"], s["MISSING"] = s["IGA8"] <= 1, s["IGA8"].isna()
    return s


def proportions(s, marks, expected, inside):
    for name, percents in expected.items():
        for arm, percent in zip(ARMS, percents, strict=True):
            here = inside & (s["ARM"] == arm)
            assert percent is None or near((here & s[marks.get(name, name)]).sum(), here.sum(), percent), (name, arm)


def test_week_8(s):
    proportions(s, {}, AT_WEEK_8, s["EE"])
    proportions(s, {}, OF_FAILED, s["NOTTS"])


def test_itch_response(sdtm, s):
    s["EARLY4"] = (m.itch(sdtm, s, "WEEK 2") - s["NRS0"]).round(6) <= -4
    for name in NRS4:
        inside = s["EE"] & (s["STUDYID"] == name) & (s["NRS0"] >= 4)
        proportions(s, {}, {"NRS4": NRS4[name], "EARLY4": NRS4_WEEK_2[name]}, inside)


def test_baseline(s):
    ee = s[s["EE"]]
    assert near((ee["IGA0"] == 3).sum(), len(ee), 74.2)
    assert near((s["AGE"] < 18).sum(), len(s), 19.6)
    for name, mean, sd in (("EASI0", 7.9, 4.9), ("BSA0", 9.6, 5.2), ("NRS0", 5.1, 2.4)):
        assert abs(ee[name].mean() - mean) <= 3 * sd / np.sqrt(len(ee)) + 0.05
        assert abs(ee[name].std() - sd) <= 3 * sd / np.sqrt(len(ee)) + 0.05


def test_adverse_events(sdtm, s):
    ae = m.adverse_events(sdtm, s)
    ae = ae[ae["TE"]]
    for name, percents in FIRST_PERIOD.items():
        ids = ae[(ae["PERIOD"] == 1) & ae["AEDECOD"].str.startswith(name)]["USUBJID"].unique()
        s["HAS"] = s.index.isin(ids)
        proportions(s, {}, {"HAS": percents}, s["TRTSDT"].notna())
    for name, percents in SECOND_PERIOD.items():
        ids = ae[(ae["PERIOD"] == 2) & ae["AEDECOD"].str.startswith(name)]["USUBJID"].unique()
        for (arm, second), percent in zip(PATHS, percents, strict=True):
            here = s[s["LTS"] & (s["ARM"] == arm) & (s["SECOND"] == second)]
            assert near(here.index.isin(ids).sum(), len(here), percent), (name, arm, second)


def test_long_term(sdtm, s):
    control = s[s["LTS"] & s["EE"]]
    iga, bsa = (m.scores(sdtm, code, "WEEK 52").reindex(control.index).dropna() for code in ("IGA0101", "BSA0101"))
    for (arm, second), percent in zip(PATHS[:2], (74.1, 77.8), strict=True):
        here = iga[(control["ARM"] == arm) & (control["SECOND"] == second)]
        assert near((here <= 1).sum(), len(here), percent)
        assert 1.2 <= bsa[here.index].mean() <= 2.0
    assert near((control[control["ARM"] == HIGH]["IGA8"] <= 1).sum(), (control["ARM"] == HIGH).sum(), 67.1)


def test_as_needed_use(sdtm, s):
    lts = s[s["LTS"]]
    late = (lts["FIRST2"] - lts["ENTRY"]).dt.days > 7
    assert near(late.sum(), len(lts), 15)
    entered = s["ENTRY"].notna()
    assert near((entered & ~s["LTS"]).sum(), entered.sum(), 2)
    ex = sdtm["EX"][sdtm["EX"]["EPOCH"] == "CONTINUATION TREATMENT"]
    on = ((m.day(ex["EXENDTC"]) - m.day(ex["EXSTDTC"])).dt.days + 1).groupby(ex["USUBJID"]).sum()
    ds = sdtm["DS"][sdtm["DS"]["EPOCH"].eq("CONTINUATION TREATMENT") & sdtm["DS"]["DSSCAT"].eq("STUDY TREATMENT")]
    days = (m.day(ds.set_index("USUBJID")["DSSTDTC"]) - s["ENTRY"]).dt.days
    off = 100 * (1 - on / days).reindex(lts.index)
    assert abs(off.median() - 43.9) <= 3 * 1.2533 * off.std() / np.sqrt(len(off))


def test_severely_ill(s):
    share = {VEHICLE: 16 / 250, LOW: 32 / 500, HIGH: 30 / 499}
    for arm, expected in share.items():
        here = s[s["ARM"] == arm]
        assert near(here["SEVERE"].sum(), len(here), 100 * expected)
