"""Rules for any SDTM data; the data of the default mode follow all of them."""

import numpy as np
import pandas as pd
import pytest

from adam.simulation import simulate
from adam.simulation.metadata import KEYS
from tests.simulation import measured as m

BY_SUBJECT = ["DM", "SUPPDM", "EX", "DS", "SE", "SV", "AE", "SUPPAE", "MH", "RS", "QS", "FA"]
DAYS = [
    ("DM", "DMDTC", "DMDY"), ("EX", "EXSTDTC", "EXSTDY"), ("EX", "EXENDTC", "EXENDY"), ("DS", "DSSTDTC", "DSSTDY"), ("SE", "SESTDTC", "SESTDY"),
    ("SE", "SEENDTC", "SEENDY"), ("SV", "SVSTDTC", "SVSTDY"), ("AE", "AESTDTC", "AESTDY"), ("AE", "AEENDTC", "AEENDY"), ("RS", "RSDTC", "RSDY"),
    ("QS", "QSDTC", "QSDY"), ("FA", "FADTC", "FADY"),
]  # fmt: skip
ORDERED = [
    ("DM", ["RFICDTC", "RFXSTDTC", "RFXENDTC", "RFPENDTC"]), ("EX", ["EXSTDTC", "EXENDTC"]), ("SE", ["SESTDTC", "SEENDTC"]),
    ("SV", ["SVSTDTC", "SVENDTC"]), ("AE", ["AESTDTC", "AEENDTC"]),
]  # fmt: skip
TERMS = {
    ("DM", "SEX"): {"F", "M"},
    ("DM", "AGEU"): {"YEARS"},
    ("DM", "ETHNIC"): {"HISPANIC OR LATINO", "NOT HISPANIC OR LATINO", "NOT REPORTED"},
    ("DM", "RACE"): {"WHITE", "BLACK OR AFRICAN AMERICAN", "ASIAN", "AMERICAN INDIAN OR ALASKA NATIVE", "NATIVE HAWAIIAN OR OTHER PACIFIC ISLANDER",
                     "MULTIPLE", "OTHER", "NOT REPORTED"},
    ("DM", "ARM"): {"RUX 0.75%", "RUX 1.5%", "VEHICLE", "VEHICLE / RUX 0.75%", "VEHICLE / RUX 1.5%"},
    ("EX", "EXTRT"): {"VEHICLE CREAM", "RUXOLITINIB CREAM"},
    ("EX", "EXDOSFRM"): {"CREAM"},
    ("DS", "DSCAT"): {"PROTOCOL MILESTONE", "DISPOSITION EVENT"},
    ("DS", "DSSCAT"): {"STUDY PARTICIPATION", "STUDY TREATMENT", ""},
    ("AE", "AESEV"): {"MILD", "MODERATE", "SEVERE"},
    ("AE", "AESER"): {"Y", "N"},
    ("AE", "AEACN"): {"DOSE NOT CHANGED", "DRUG INTERRUPTED", "DRUG WITHDRAWN", "NOT APPLICABLE"},
    ("AE", "AEOUT"): {"RECOVERED/RESOLVED", "NOT RECOVERED/NOT RESOLVED"},
    ("RS", "RSSTAT"): {"", "NOT DONE"},
    ("RS", "RSCAT"): {"IGA", "EASI", "BSA"},
    ("RS", "RSEVAL"): {"INVESTIGATOR"},
    ("QS", "QSSTAT"): {"", "NOT DONE"},
    ("QS", "QSCAT"): {"DLQI", "CDLQ", "ITCH NRS"},
    ("QS", "QSEVLINT"): {"-P1W", "-PT24H"},
    **{(domain, "EPOCH"): {"SCREENING", "BLINDED TREATMENT", "CONTINUATION TREATMENT", "FOLLOW-UP"} for domain in ("EX", "DS", "SE", "AE", "RS", "QS")},  # noqa: E501
}  # fmt: skip


@pytest.mark.parametrize("domain", [*BY_SUBJECT, "TA", "TE", "TV", "TS"])
def test_keys_are_unique(drawn, domain):
    key = KEYS.get(domain, ("STUDYID", "USUBJID", f"{domain}SEQ"))
    assert not drawn[domain].duplicated(list(key)).any()


@pytest.mark.parametrize("domain", BY_SUBJECT)
def test_every_subject_is_in_dm_and_in_its_order(drawn, domain):
    known = drawn["DM"]["USUBJID"].astype(object)
    places = drawn[domain]["USUBJID"].astype(object).map(dict(zip(known, range(len(known)), strict=True)))
    assert places.notna().all()
    assert places.is_monotonic_increasing


@pytest.mark.parametrize("domain", ["EX", "DS", "SE", "AE", "MH", "RS", "QS", "FA"])
def test_seq_counts_from_1(drawn, domain):
    frame = drawn[domain]
    assert (frame[f"{domain}SEQ"] == frame.groupby("USUBJID").cumcount() + 1).all()


@pytest.mark.parametrize(("domain", "date", "number"), DAYS)
def test_study_days_have_no_day_0(drawn, domain, date, number):
    frame = drawn[domain]
    start = m.day(drawn["DM"].set_index("USUBJID")["RFSTDTC"])
    difference = (m.day(frame[date]) - frame["USUBJID"].map(start)).dt.days
    assert frame[number].equals((difference + (difference >= 0)).astype(float).rename(number))
    assert not (frame[number] == 0).any()


@pytest.mark.parametrize(("domain", "names"), ORDERED)
def test_dates_are_in_order(drawn, domain, names):
    for first, then in zip(names[:-1], names[1:], strict=True):
        a, b = drawn[domain][first].str.slice(0, 10), drawn[domain][then].str.slice(0, 10)
        both = (a.str.len() == 10) & (b.str.len() == 10)
        assert (a[both] <= b[both]).all(), (first, then)


def test_courses_of_treatment_do_not_overlap(drawn):
    ex = drawn["EX"]
    same = ex["USUBJID"] == ex["USUBJID"].shift(1)
    assert (m.day(ex["EXSTDTC"]) > m.day(ex["EXENDTC"]).shift(1))[same].all()


def test_nothing_is_later_than_the_end_of_participation_and_the_cut_off(drawn):
    end = m.day(drawn["DM"].set_index("USUBJID")["RFPENDTC"])
    assert end.max() <= pd.Timestamp("2020-12-31")
    for domain, date in (("EX", "EXENDTC"), ("RS", "RSDTC"), ("QS", "QSDTC"), ("DS", "DSSTDTC"), ("SV", "SVENDTC"), ("AE", "AESTDTC")):
        days = m.day(drawn[domain][date])
        assert not (days > drawn[domain]["USUBJID"].map(end)).any(), domain


def test_visits_are_in_order(drawn):
    sv = drawn["SV"][drawn["SV"]["SVSTDTC"] != ""]
    same = sv["USUBJID"] == sv["USUBJID"].shift(1)
    assert (sv["VISITNUM"].diff()[same] > 0).all()
    assert (m.day(sv["SVSTDTC"]).diff()[same].dt.days > 0).all()


@pytest.mark.parametrize("domain", ["RS", "QS"])
def test_assessments_are_on_days_of_visits(drawn, domain):
    sv = drawn["SV"].set_index(["USUBJID", "VISITNUM"])["SVSTDTC"]
    rows = drawn[domain][drawn[domain]["VISIT"] != ""].drop_duplicates(["USUBJID", "VISITNUM"])
    there = sv.reindex(pd.MultiIndex.from_frame(rows[["USUBJID", "VISITNUM"]]))
    assert (there.to_numpy() == rows[f"{domain}DTC"].to_numpy()).all()


@pytest.mark.parametrize(("domain", "variable"), list(TERMS))
def test_terms(drawn, domain, variable):
    assert set(drawn[domain][variable].unique()) <= TERMS[domain, variable]


@pytest.mark.parametrize("domain", ["RS", "QS", "FA"])
def test_test_codes(drawn, domain):
    tests = drawn[domain][[f"{domain}TESTCD", f"{domain}TEST"]].drop_duplicates()
    assert tests[f"{domain}TESTCD"].str.fullmatch("[A-Z][A-Z0-9_]{0,7}").all()
    assert (tests[f"{domain}TEST"].str.len() <= 40).all()
    assert tests[f"{domain}TESTCD"].is_unique and tests[f"{domain}TEST"].is_unique


@pytest.mark.parametrize("domain", ["RS", "QS"])
def test_not_done_has_no_result(drawn, domain):
    frame = drawn[domain]
    undone = frame[f"{domain}STAT"] == "NOT DONE"
    assert undone.any()
    assert (frame.loc[undone, [f"{domain}ORRES", f"{domain}STRESC"]] == "").all(axis=None)
    assert frame.loc[undone, f"{domain}STRESN"].isna().all()
    assert ((frame[f"{domain}REASND"] != "") == undone).all()
    assert (frame.loc[~undone, f"{domain}ORRES"] != "").all()


def test_supplements_resolve(drawn):
    ae, supp = drawn["AE"], drawn["SUPPAE"]
    known = set(zip(ae["USUBJID"], ae["AESEQ"], strict=True))
    assert set(zip(supp["USUBJID"], supp["IDVARVAL"].astype(float), strict=True)) <= known
    assert set(supp["IDVAR"]) == {"AESEQ"}
    assert set(drawn["SUPPDM"]["IDVAR"]) == {""}
    assert not set(drawn["SUPPDM"]["QNAM"]) & set(drawn["DM"].columns)


def test_easi_items_add_up(drawn):
    rs = drawn["RS"]
    easi = rs[rs["RSCAT"].eq("EASI") & rs["RSSTRESN"].notna()].pivot(index=["USUBJID", "VISITNUM"], columns="RSTESTCD", values="RSSTRESN")
    total = 0
    for region, weight in enumerate((1, 2, 3, 4)):
        signs = easi[[f"EASI01{region * 5 + i:02d}" for i in range(1, 5)]]
        area = easi[f"EASI01{region * 5 + 5:02d}"]
        assert signs.isin([0, 1, 2, 3]).all(axis=None) and area.isin(range(7)).all()
        assert ((area == 0) == (signs.sum(axis=1) == 0)).all()
        assert np.allclose(easi[f"EASI012{region + 1}"] * 10, weight * area * signs.sum(axis=1))
        total = total + weight * area * signs.sum(axis=1)
    assert np.allclose(easi["EASI0125"] * 10, total)


def test_clear_skin_is_clear_in_every_score(drawn):
    rs = drawn["RS"][drawn["RS"]["RSTESTCD"].isin(["IGA0101", "EASI0125", "BSA0101"])]
    wide = rs.pivot(index=["USUBJID", "VISITNUM"], columns="RSTESTCD", values="RSSTRESN").dropna()
    assert ((wide["IGA0101"] == 0) == (wide["EASI0125"] == 0)).all()
    assert ((wide["BSA0101"] == 0) == (wide["EASI0125"] == 0)).all()


def test_quality_of_life_items_add_up(drawn):
    qs = drawn["QS"]
    for category, total, seventh in (("DLQI", "DLQI111", ["DLQI107", "DLQI107A"]), ("CDLQ", "CDLQ111", ["CDLQ107", "CDLQ107B"])):
        items = qs[qs["QSCAT"].eq(category) & qs["QSSTRESN"].notna()].pivot(index=["USUBJID", "VISITNUM"], columns="QSTESTCD", values="QSSTRESN")
        others = [f"{category}1{i:02d}" for i in (1, 2, 3, 4, 5, 6, 8, 9, 10)]
        assert (items[others].sum(axis=1) + items[seventh].max(axis=1) == items[total]).all()
    assert not set(qs[qs["QSTESTCD"] == "DLQI107A"]["USUBJID"]) & set(qs[qs["QSCAT"] == "CDLQ"]["USUBJID"])


def test_one_diary_entry_a_day_from_0_to_10(drawn):
    diary = drawn["QS"][drawn["QS"]["QSTESTCD"] == "ITCH0101"]
    assert not pd.DataFrame({"id": diary["USUBJID"], "day": diary["QSDTC"].str.slice(0, 10)}).duplicated().any()
    assert diary["QSSTRESN"].isin(range(11)).all()


def test_inclusion_criteria(drawn):
    s = m.subjects(drawn)
    assert s["IGA0"].isin([2, 3]).all()
    assert s["BSA0"].between(3, 20).all()
    assert (drawn["DM"]["AGE"] >= 12).all()
    assert (s["AGE"] - drawn["DM"].set_index("USUBJID")["AGE"]).isin([0, 1]).all()


def test_texts_fit_and_are_ascii(study):
    for file in simulate(study, subjects=60, edge_cases=False):
        frame = file.frame()
        assert len(file.dataset.label) <= 40 and "ynthetic" in file.dataset.label
        assert list(frame.columns) == list(file.dataset.variables)
        for name, variable in file.dataset.variables.items():
            assert 0 < len(variable.label) <= 40, name
            if variable.type == "text":
                assert frame[name].dtype == "str"
                assert int(frame[name].str.len().max() or 0) <= (variable.length or 0) <= 200, name
                assert frame[name].str.isascii().all() and not frame[name].isna().any(), name
                assert not frame[name].isin(["nan", "NaN", "NaT", "None", "<NA>"]).any()
            else:
                assert frame[name].dtype == "float64"


def test_it_says_that_it_is_made_up(drawn):
    titles = drawn["TS"][drawn["TS"]["TSPARMCD"] == "TITLE"]["TSVAL"]
    assert len(titles) == 2 and titles.str.startswith("SYNTHETIC DATA").all()
    assert (drawn["SUPPDM"]["QNAM"] == "SYNTH").sum() == len(drawn["DM"])
    assert set(drawn["DM"]["STUDYID"]) == {"SYNAD1", "SYNAD2"}


def test_who_looks_worse_has_more_signs(drawn):
    rs = drawn["RS"][drawn["RS"]["RSTESTCD"].isin(["IGA0101", "EASI0125"])]
    for before, after in (("DAY 1", "WEEK 2"), ("WEEK 2", "WEEK 4")):
        a, b = (rs[rs["VISIT"] == visit].pivot(index="USUBJID", columns="RSTESTCD", values="RSSTRESN").dropna() for visit in (before, after))
        worse = (b - a).dropna().query("IGA0101 > 0")
        assert (worse["EASI0125"] > 0).all()


def test_who_is_ill_at_week_8_starts_at_once_and_applies_more(drawn):
    s = m.subjects(drawn)
    s = s[s["LTS"] & s["IGA8"].notna()]
    ill = s["IGA8"] >= 2
    assert (s["FIRST2"] - s["ENTRY"]).dt.days[ill].max() <= 3
    ex = drawn["EX"][drawn["EX"]["EPOCH"] == "CONTINUATION TREATMENT"]
    start, entry = m.day(ex["EXSTDTC"]), ex["USUBJID"].map(s["ENTRY"])
    end = np.minimum(m.day(ex["EXENDTC"]), entry + pd.Timedelta(days=27))
    days = ((end - start).dt.days + 1).clip(lower=0).groupby(ex["USUBJID"]).sum().reindex(s.index)
    assert days[ill].mean() > days[~ill].mean() + 5


@pytest.mark.parametrize("seed", [7, 11])
def test_an_adverse_event_ended_the_treatment_of_whom_it_is_said(study, seed):
    sdtm = {file.path: file.frame() for file in simulate(study, seed=seed) if file.path in ("ds.xpt", "ae.xpt")}
    ds, ae = sdtm["ds.xpt"], sdtm["ae.xpt"]
    stopped = set(ds[(ds["DSDECOD"] == "ADVERSE EVENT") & (ds["DSSCAT"] == "STUDY TREATMENT")]["USUBJID"])
    assert stopped == set(ae[ae["AEACN"] == "DRUG WITHDRAWN"]["USUBJID"])
