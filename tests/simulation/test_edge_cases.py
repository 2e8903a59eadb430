"""`edge_cases`: one subject for each case; no other subject changes; cases that a run must refuse are separate packages."""

import pytest

from adam.simulation import simulate
from tests.simulation.simulated import frames

CASES = [
    1, 2, 4, 5, 7, 8, 9, 10, 12, 13, 14, 16, 17, 19, 20, 22, 23, 25, 26, 27, 28, 29, 30, 32, 33, 34, 35, 36, 37, 38, 41, 42, 45, 47, 49, 50, 52, 57, 58, 60,  # noqa: E501
    61, 63, 65, 66, 68, 70, 71, 72, 73, 75, 76, 77, 79, 80, 82, 83, 85, 86, 88, 89, 91, 92, 94, 96, 97, 99, 100, 102, 103, 104, 105, 106, 108, 109, 111,  # noqa: E501
    112, 113, 118,
]  # fmt: skip
REFUSED = [21, 54, 55, 113, 114, 200, 215, 236, 276]


@pytest.fixture(scope="module")
def messy(study):
    return frames(study, subjects=40, edge_cases=True)


@pytest.fixture(scope="module")
def refused(study):
    files = simulate(study, subjects=5, edge_cases=True)
    return {file.path: file.frame() for file in files if file.path.startswith("refused/")}


def subject(messy, domain, case):
    frame = messy[domain]
    return frame[frame["USUBJID"].str.endswith(f"-E{case:03d}")]


def test_every_case_has_its_subject(study, messy):
    names = messy["DM"]["USUBJID"]
    found = {int(number) for number in names[names.str.contains("-E")].str.extract(r"-E(\d{3})[A-H]?$")[0]}
    assert sorted(number for number in found if number < 200) == CASES
    rulings = [key for key, case in study.simulation["ruling_cases"].items() if not case.get("refused")]
    assert {number for number in found if number > 200} == {int(str(key).rstrip("abcdefgh")) for key in rulings}
    assert names.is_unique


def test_no_other_subject_changes(study, messy):
    for domain, frame in frames(study, subjects=40).items():
        if "USUBJID" in frame:
            others = messy[domain][~messy[domain]["USUBJID"].str.contains("-E")]
            assert others.equals(frame), domain


def test_the_same_for_every_seed(study, messy):
    other = frames(study, subjects=40, edge_cases=True, seed=7)
    for case in (8, 83, 91):
        for domain in ("DM", "RS", "QS"):
            assert subject(messy, domain, case).reset_index(drop=True).equals(subject(other, domain, case).reset_index(drop=True))


def test_keys_stay_unique(messy):
    for domain in ("AE", "EX", "DS", "RS", "QS"):
        assert not messy[domain].duplicated(["USUBJID", f"{domain}SEQ"]).any()


@pytest.mark.parametrize(("case", "dates"), [
    (1, ["2019"]), (2, ["2018"]), (9, ["2019---15"]), (10, ["--03-15"]), (12, ["2019-02-30", "2019-13", "2019-UN-UN", "15MAR2019"]),
    (13, ["2019-03-20T08:15"]), (17, ["2019-03-18/2019-03-22"]), (108, ["", ""]),
])  # fmt: skip
def test_dates_are_those_of_the_case(messy, case, dates):
    assert subject(messy, "AE", case)["AESTDTC"].tolist() == dates


def test_treatment_and_periods(messy):
    first = subject(messy, "EX", 29)
    second = first[first["EPOCH"] == "CONTINUATION TREATMENT"]
    assert second["EXSTDTC"].iloc[0] == "2019-06-26" and (second["EXDOSE"] == 1.5).all()
    assert not subject(messy, "EX", 30)["EPOCH"].eq("CONTINUATION TREATMENT").any()
    assert "RE-RANDOMIZED" in set(subject(messy, "DS", 30)["DSDECOD"])
    assert set(subject(messy, "EX", 32)["EXDOSE"]) == {1.5} and set(subject(messy, "DM", 32)["ARM"]) == {"RUX 0.75%"}
    assert subject(messy, "EX", 35).empty and subject(messy, "EX", 36).empty
    assert subject(messy, "EX", 41)["EXENDTC"].tolist()[-1] == ""
    assert set(subject(messy, "DM", 38)["SITEID"]) == {"217"}


def test_scores(messy):
    def values(domain, case, code, visit):
        frame = subject(messy, domain, case)
        return frame[(frame[f"{domain}TESTCD"] == code) & (frame["VISIT"] == visit)][f"{domain}STRESN"].tolist()

    assert (values("RS", 72, "EASI0125", "DAY 1"), values("RS", 72, "EASI0125", "WEEK 8")) == ([4.8], [2.4])
    assert values("RS", 71, "EASI0125", "DAY 1") == [0]
    assert (values("RS", 75, "IGA0101", "DAY 1"), values("RS", 75, "IGA0101", "WEEK 8")) == ([2], [1])
    diary = subject(messy, "QS", 73)
    diary = diary[
        (diary["QSTESTCD"] == "ITCH0101") & (diary["QSDTC"].str.slice(0, 10) >= "2019-03-13") & (diary["QSDTC"].str.slice(0, 10) < "2019-03-20")
    ]  # noqa: E501
    assert (diary["QSSTRESN"].sum(), len(diary)) == (13, 6)
    assert len(subject(messy, "VS", 94)) == 1


def test_refused_packages(refused):
    assert sorted({int(path.split("/")[1]) for path in refused}) == REFUSED
    assert refused["refused/21/ex.xpt"]["EXSTDTC"].iloc[0] == "2019-03"
    assert refused["refused/54/suppdm.xpt"].duplicated(["USUBJID", "QNAM"]).any()
    assert "SEX" in set(refused["refused/55/suppdm.xpt"]["QNAM"])
    assert refused["refused/113/ae.xpt"]["AESEQ"].tolist() == [1, 1]
    assert max(len(term.encode()) for term in refused["refused/114/ae.csv"]["AETERM"]) > 200


def test_every_case_has_an_expected_result(study):
    cases = [*study.simulation["edge_cases"]["cases"].values(), *study.simulation["ruling_cases"].values()]
    assert all(case["title"] and (case.get("expect") or case.get("refused")) for case in cases)
