"""Results of SDTM frames, computed with pandas alone from the definitions in docs/true_ad/domain.md."""

import numpy as np
import pandas as pd

VEHICLE, LOW, HIGH = "VEHICLE", "RUX 0.75%", "RUX 1.5%"
ARMS = [VEHICLE, LOW, HIGH]
LTS_WEEKS = [f"WEEK {week}" for week in range(12, 53, 4)]


def day(column):
    """Complete ISO dates as days; missing otherwise."""
    return pd.to_datetime(column.astype(object).where(column.str.len() >= 10).str.slice(0, 10), format="%Y-%m-%d")


def subjects(sdtm):
    """One record per subject with populations, entry into LTS and Day 1 values."""
    dm = sdtm["DM"].set_index("USUBJID")
    s = pd.DataFrame({"STUDYID": dm["STUDYID"], "SITEID": dm["SITEID"], "SEX": dm["SEX"], "RACE": dm["RACE"], "COUNTRY": dm["COUNTRY"]})
    s["ARM"] = dm["ARM"].str.split(" / ").str[0]
    s["EE"] = ~((s["STUDYID"] == "SYNAD2") & (s["SITEID"] == "217"))
    s["TRTSDT"] = day(sdtm["EX"]["EXSTDTC"]).groupby(sdtm["EX"]["USUBJID"]).min()
    s["TRTEDT"] = day(sdtm["EX"]["EXENDTC"]).groupby(sdtm["EX"]["USUBJID"]).max()
    born = day(dm["BRTHDTC"])
    s["AGE"] = s["TRTSDT"].dt.year - born.dt.year - ((s["TRTSDT"].dt.month * 100 + s["TRTSDT"].dt.day) < (born.dt.month * 100 + born.dt.day))
    ds = sdtm["DS"]
    term = ds["DSDECOD"].eq("RE-RANDOMIZED") | (ds["DSDECOD"].eq("OPTED TO CONTINUE INTO NEXT TRIAL ELEMENT"))
    s["ENTRY"] = day(ds[term].drop_duplicates("USUBJID").set_index("USUBJID")["DSSTDTC"])
    ex = sdtm["EX"].assign(START=day(sdtm["EX"]["EXSTDTC"]), ENTRY=sdtm["EX"]["USUBJID"].map(s["ENTRY"]))
    second = ex[ex["START"] >= ex["ENTRY"]].sort_values("START").drop_duplicates("USUBJID").set_index("USUBJID")
    s["SECOND"] = second["EXDOSE"].map({0.75: LOW, 1.5: HIGH})
    s["LTS"] = s["SECOND"].notna()
    s["FIRST2"] = second["START"]
    return _severity(sdtm, s)


def scores(sdtm, code, visit):
    rs = sdtm["RS"]
    rows = rs[(rs["RSTESTCD"] == code) & (rs["VISIT"] == visit)]
    return rows.set_index("USUBJID")["RSSTRESN"].dropna()


def _severity(sdtm, s):
    for name, code in (("IGA0", "IGA0101"), ("EASI0", "EASI0125"), ("BSA0", "BSA0101")):
        s[name] = scores(sdtm, code, "DAY 1")
    s["SEVERE"] = (s["IGA0"] == 3) & (s["EASI0"] >= 16) & (s["BSA0"] >= 10)
    s["IGA8"], s["EASI8"] = scores(sdtm, "IGA0101", "WEEK 8"), scores(sdtm, "EASI0125", "WEEK 8")
    s["SEEN"] = s["EE"] & s["IGA8"].notna()
    s["TS"] = s["SEEN"] & (s["IGA8"] <= 1) & (s["IGA8"] - s["IGA0"] <= -2)
    s["NOTTS"] = s["SEEN"] & ~s["TS"]
    s["ONEPT"] = s["IGA8"] - s["IGA0"] <= -1
    return s


def itch(sdtm, s, visit=None):
    """Mean of the diary scores of the seven days before Day 1, or before a visit (before the target day without one)."""
    qs = sdtm["QS"][sdtm["QS"]["QSTESTCD"] == "ITCH0101"]
    if visit is None:
        anchor = s["TRTSDT"]
    else:
        rs = sdtm["RS"]
        rows = rs[(rs["RSTESTCD"] == "IGA0101") & (rs["VISIT"] == visit) & rs["RSSTRESN"].notna()].set_index("USUBJID")
        target = {"WEEK 2": 14, "WEEK 4": 28, "WEEK 8": 56}[visit]
        anchor = day(rows["RSDTC"]).reindex(s.index).fillna(s["TRTSDT"] + pd.Timedelta(days=target))
    before = (qs["USUBJID"].map(anchor) - day(qs["QSDTC"])).dt.days
    inside = qs[before.between(1, 7)]
    groups = inside.groupby("USUBJID")["QSSTRESN"]
    return (groups.mean()[groups.count() >= 4]).reindex(s.index).round(6)


def quality(sdtm, s, visit):
    """Total of the subject's own instrument: DLQI from 16 years, CDLQI below."""
    qs = sdtm["QS"]
    rows = qs[qs["QSTESTCD"].isin(["DLQI111", "CDLQ111"]) & (qs["VISIT"] == visit)].set_index("USUBJID")
    own = np.where(rows.index.map(s["AGE"]) >= 16, "DLQI", "CDLQ")
    return rows[rows["QSCAT"] == own]["QSSTRESN"].reindex(s.index)


def responses(sdtm, s):
    """The components of the composite at Week 8, missing counted as not met."""
    s["NRS0"], s["NRS8"] = itch(sdtm, s), itch(sdtm, s, "WEEK 8")
    s["QOL0"], s["QOL8"] = quality(sdtm, s, "DAY 1"), quality(sdtm, s, "WEEK 8")
    change = (100 * (s["EASI8"] - s["EASI0"]) / s["EASI0"]).round(6)
    s["EASI50"], s["EASI75"], s["EASI90"] = change <= -50, change <= -75, change <= -90
    drop = (s["NRS8"] - s["NRS0"]).round(6)
    s["NRS2"], s["NRS4"] = drop <= -2, drop <= -4
    s["QOLRSP"] = s["QOL8"] - s["QOL0"] <= np.where(s["AGE"] >= 16, -4, -6)
    s["CPR"] = s["EASI50"] | s["NRS2"] | s["QOLRSP"]
    s["NRS01"], s["QOL01"] = s["NRS8"] <= 1, s["QOL8"] <= 1
    return s


def adverse_events(sdtm, s):
    """AE records with the day of onset, the period and the treatment at onset, and whether they are treatment emergent."""
    ae = sdtm["AE"].copy()
    for name in ("TRTSDT", "TRTEDT", "ENTRY", "ARM", "SECOND", "SEVERE"):
        ae[name] = ae["USUBJID"].map(s[name])
    month = ae["AESTDTC"].str.len() == 7
    ae["START"] = day(ae["AESTDTC"].where(~month, ae["AESTDTC"] + "-01"))
    ae["TE"] = (ae["START"] >= ae["TRTSDT"]) & ((ae["START"] - ae["TRTEDT"]).dt.days <= 30)
    ae["PERIOD"] = np.where(ae["START"] >= ae["ENTRY"], 2, 1)
    ae["TRT"] = ae["SECOND"].where(ae["PERIOD"] == 2, ae["ARM"])
    return ae


def by_arm(mask, arm):
    """How many of a mask in each arm."""
    return [int((mask & (arm == name)).sum()) for name in ARMS]
