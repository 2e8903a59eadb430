"""`exact`: every count that DOMAIN states or derives comes out of the SDTM frames, counted with plain pandas."""

import pytest

from tests.simulation import measured as m
from tests.simulation.measured import ARMS, HIGH, LOW, LTS_WEEKS, VEHICLE


@pytest.fixture(scope="module")
def s(exact):
    return m.responses(exact, m.subjects(exact))


@pytest.fixture(scope="module")
def ae(exact, s):
    return m.adverse_events(exact, s)


def test_populations(s):
    assert m.by_arm(s["STUDYID"].notna(), s["ARM"]) == [250, 500, 499]
    assert m.by_arm(s["STUDYID"] == "SYNAD1", s["ARM"]) == [126, 252, 253]
    assert m.by_arm(~s["EE"], s["ARM"]) == [6, 17, 18]
    assert m.by_arm(s["EE"], s["ARM"]) == [244, 483, 481]
    assert m.by_arm(s["EE"] & (s["STUDYID"] == "SYNAD2"), s["ARM"]) == [118, 231, 228]
    assert m.by_arm(s["TRTSDT"].notna(), s["ARM"]) == [250, 500, 499]


def test_week_8_iga(s):
    assert m.by_arm(s["SEEN"], s["ARM"]) == [202, 429, 450]
    assert m.by_arm(s["TS"], s["ARM"]) == [28, 216, 253]
    assert m.by_arm(s["TS"] & (s["STUDYID"] == "SYNAD1"), s["ARM"]) == [19, 126, 136]
    assert m.by_arm(s["NOTTS"], s["ARM"]) == [174, 213, 197]
    assert m.by_arm(s["EE"] & ~s["SEEN"], s["ARM"]) == [42, 54, 31]
    assert m.by_arm(s["SEEN"] & (s["IGA8"] <= 1), s["ARM"]) == [49, 266, 301]
    assert m.by_arm(s["NOTTS"] & (s["IGA0"] == 2) & (s["IGA8"] == 1), s["ARM"]) == [21, 50, 48]
    assert m.by_arm(s["NOTTS"] & (s["IGA0"] == 3) & (s["IGA8"] == 2), s["ARM"]) == [54, 103, 92]
    assert m.by_arm(s["NOTTS"] & (s["IGA0"] == 2), s["ARM"]) == [55, 83, 80]
    assert [int((s["EE"] & (s["IGA0"] == grade)).sum()) for grade in (2, 3)] == [312, 896]


def test_one_point_reduction(s):
    assert m.by_arm(s["NOTTS"] & s["ONEPT"], s["ARM"]) == [75, 153, 140]
    assert m.by_arm(s["SEEN"] & s["ONEPT"], s["ARM"]) == [103, 369, 393]
    assert [round(100 * n / d, 1) for n, d in ((103, 202), (369, 429), (393, 450))] == [51.0, 86.0, 87.3]


def test_composites(s):
    assert m.by_arm(s["NOTTS"] & s["CPR"], s["ARM"]) == [110, 188, 168]
    assert m.by_arm(s["NOTTS"] & (s["CPR"] | s["ONEPT"]), s["ARM"]) == [120, 199, 179]
    assert m.by_arm(s["SEEN"] & (s["TS"] | s["CPR"]), s["ARM"]) == [138, 404, 421]
    every = m.by_arm(s["SEEN"] & (s["TS"] | s["CPR"] | s["ONEPT"]), s["ARM"])
    assert [round(100 * n / d, 1) for n, d in zip(every, (202, 429, 450), strict=True)] == [73.3, 96.7, 96.0]


@pytest.mark.parametrize(("name", "easi75", "nrs4", "eligible"), [
    ("SYNAD1", [31, 141, 157], [12, 65, 84], [78, 161, 161]),
    ("SYNAD2", [17, 119, 141], [13, 64, 75], [80, 150, 148]),
])  # fmt: skip
def test_responses_of_each_study(s, name, easi75, nrs4, eligible):
    here = s["EE"] & (s["STUDYID"] == name)
    assert m.by_arm(here & s["EASI75"] & s["SEEN"], s["ARM"]) == easi75
    assert m.by_arm(here & (s["NRS0"] >= 4), s["ARM"]) == eligible
    assert m.by_arm(here & (s["NRS0"] >= 4) & s["NRS4"], s["ARM"]) == nrs4


def test_clear_itch_and_quality_of_life(s):
    itch, quality = m.by_arm(s["EE"] & s["NRS01"], s["ARM"]), m.by_arm(s["EE"] & s["QOL01"], s["ARM"])
    assert [round(100 * n / d, 1) for n, d in zip(itch, (244, 483, 481), strict=True)] == [16.4, 35.2, 42.8]
    assert [round(100 * n / d, 1) for n, d in zip(quality, (244, 483, 481), strict=True)] == [20.1, 48.9, 53.8]


def test_long_term_safety(s):
    applied = s[s["LTS"]].groupby(["ARM", "SECOND"]).size().to_dict()
    assert applied == {(LOW, LOW): 426, (HIGH, HIGH): 446, (VEHICLE, LOW): 101, (VEHICLE, HIGH): 99}
    control = s["LTS"] & s["EE"] & (s["ARM"] == HIGH)
    assert int(control.sum()) == 428
    assert round(100 * (s["IGA8"][control] <= 1).mean(), 1) == 67.1
    never = s["ENTRY"].notna() & ~s["LTS"]
    assert m.by_arm(never, s["ARM"]) == [4, 9, 9]
    assert int(((s["ARM"] == LOW) | (s["SECOND"] == LOW)).sum()) == 601
    assert int(((s["ARM"] == HIGH) | (s["SECOND"] == HIGH)).sum()) == 598


def test_severe_subgroup(s):
    any_period = {a: int((s["SEVERE"] & ((s["ARM"] == a) | (s["SECOND"] == a))).sum()) for a in (LOW, HIGH)}
    control = {a: int((s["SEVERE"] & s["EE"] & (s["SECOND"] == a)).sum()) for a in (LOW, HIGH)}
    assert any_period == {LOW: 39, HIGH: 36}
    assert control == {LOW: 31, HIGH: 28}


def test_severe_subgroup_week_by_week(exact, s):
    here = s[s["SEVERE"] & s["EE"] & s["LTS"]]
    for strength, lowest, highest, last_mean, first_mean in ((LOW, (15, 31), (24, 29), 3.0, 5.5), (HIGH, (15, 24), (21, 23), 2.5, 4.8)):
        who = here.index[here["SECOND"] == strength]
        iga = [m.scores(exact, "IGA0101", week).reindex(who).dropna() for week in LTS_WEEKS]
        shares = [(int((v <= 1).sum()), len(v)) for v in iga]
        assert min(shares, key=lambda p: p[0] / p[1]) == lowest
        assert max(shares, key=lambda p: p[0] / p[1]) == highest == shares[-1]
        means = [round(m.scores(exact, "BSA0101", week).reindex(who).dropna().mean(), 1) for week in LTS_WEEKS]
        assert (min(means), max(means)) == (last_mean, first_mean)
    assert [f"{100 * n / d:.1f}" for n, d in ((15, 31), (24, 29), (15, 24), (21, 23))] == ["48.4", "82.8", "62.5", "91.3"]


def test_severe_subgroup_adverse_events(s, ae):
    te = ae[ae["TE"] & ae["SEVERE"]]
    for strength, with_any, related, site in ((LOW, 28, 6, 1), (HIGH, 24, 6, 2)):
        mine = te[te["TRT"] == strength]
        assert mine["USUBJID"].nunique() == with_any
        assert mine[mine["AEREL"] == "RELATED"]["USUBJID"].nunique() == related
        local = mine[mine["AEDECOD"].str.startswith("Application site") & (mine["PERIOD"] == 2)]
        assert local["USUBJID"].nunique() == site
    assert not ((te["AEREL"] == "RELATED") & (te["AESER"] == "Y")).any()
    assert not te["AEACN"].eq("DRUG WITHDRAWN").any()


def test_severe_subgroup_never_stops_for_an_adverse_event(exact, s):
    ds = exact["DS"]
    stopped = ds[ds["DSDECOD"] == "ADVERSE EVENT"]["USUBJID"]
    assert not s.loc[stopped, "SEVERE"].any()


def test_adverse_events_of_the_first_period(s, ae):
    first = ae[ae["TE"] & (ae["PERIOD"] == 1)]
    count = lambda rows: [rows[rows["ARM"] == a]["USUBJID"].nunique() for a in ARMS]  # noqa: E731
    assert count(first)[0::2] == [83, 132]
    assert count(first[first["AEDECOD"] == "Application site burning"])[0::2] == [11, 4]
    assert count(first[first["AEDECOD"] == "Application site pruritus"])[0::2] == [6, 0]
    assert count(first[first["AEDECOD"] == "Nasopharyngitis"])[0::2] == [2, 13]
    assert count(first[first["AEACN"] == "DRUG WITHDRAWN"])[0::2] == [8, 4]


def test_adverse_events_of_the_second_period(s, ae):
    second = ae[ae["TE"] & (ae["PERIOD"] == 2) & ae["SECOND"].notna()]
    paths = [(LOW, LOW), (HIGH, HIGH), (VEHICLE, LOW), (VEHICLE, HIGH)]
    size = [426, 446, 101, 99]

    def percent(rows):
        found = [rows[(rows["ARM"] == a) & (rows["SECOND"] == b)]["USUBJID"].nunique() for a, b in paths]
        return [round(100 * n / d, 1) for n, d in zip(found, size, strict=True)]

    assert percent(second) == [67.4, 62.6, 53.5, 57.6]
    assert percent(second[second["AEDECOD"] == "Upper respiratory tract infection"]) == [10.3, 11.4, 5.9, 7.1]
    assert percent(second[second["AEDECOD"] == "Nasopharyngitis"]) == [8.9, 9.9, 7.9, 14.1]
    assert percent(second[second["AEDECOD"].str.startswith("Application site")]) == [3.8, 1.8, 1.0, 1.0]
