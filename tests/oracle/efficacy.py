"""An efficacy dataset derived record by record from DOMAIN alone, to compare a build with cell by cell."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tests.oracle.efficacy_rows import Row, responder_rows
from tests.oracle.efficacy_scores import Assessment, bsa, diary, easi, iga, itch, quality_of_life
from tests.oracle.efficacy_subject import NAMES, PHASES, Subject, subjects
from tests.oracle.efficacy_values import findings, rounded

PARAMETERS = {
    "IGA": (1, "Investigator's Global Assessment Score"),
    "EASI": (2, "EASI Total Score"),
    "EASIHN": (3, "EASI Head and Neck Region Score"),
    "EASIUL": (4, "EASI Upper Limbs Region Score"),
    "EASITR": (5, "EASI Trunk Region Score"),
    "EASILL": (6, "EASI Lower Limbs Region Score"),
    "BSA": (7, "Affected Body Surface Area (%)"),
    "ITCHNRS": (8, "Itch NRS, 7-Day Average"),
    "DLQI": (10, "DLQI Total Score"),
    "CDLQI": (11, "CDLQI Total Score"),
    "IGATS": (20, "IGA Treatment Success"),
    "IGA01": (21, "IGA Score of 0 or 1"),
    "IGA1PT": (22, ">=1-Point Reduction in IGA"),
    "EASI50": (23, ">=50% Improvement in EASI"),
    "EASI75": (24, ">=75% Improvement in EASI"),
    "EASI90": (25, ">=90% Improvement in EASI"),
    "NRS2": (26, ">=2-Point Reduction in Itch NRS"),
    "NRS4": (27, ">=4-Point Reduction in Itch NRS"),
    "DLQI4": (28, ">=4-Point Reduction in DLQI"),
    "CDLQI6": (29, ">=6-Point Reduction in CDLQI"),
    "QOLRSP": (30, "DLQI or CDLQI Response"),
    "CPR": (40, "Composite Partial Response"),
    "CPRIGA": (41, "Composite Partial Response incl. IGA"),
    "TSCPR": (42, "IGA-TS or Composite Partial Response"),
    "TSCPRIGA": (43, "IGA-TS or Comp Partial Resp incl. IGA"),
}
CATEGORIES = {"CLINICIAN SCORE": (1, 7), "PATIENT REPORTED": (8, 12), "RESPONDER": (20, 30), "COMPOSITE": (40, 43)}
CRITERIA = {
    "IGA": ("IGA 0 or 1", "IGA 0 or 1 and >=2-grade improvement", ">=1-point reduction from baseline"),
    "EASI": (">=50% improvement from baseline", ">=75% improvement from baseline", ">=90% improvement from baseline"),
    "ITCHNRS": (">=2-point reduction", ">=4-point reduction", "Itch NRS 0 or 1"),
    "DLQI": (">=4-point reduction",),
    "CDLQI": (">=6-point reduction",),
}
GRADES = ("Clear", "Almost clear", "Mild", "Moderate", "Severe")
BANDS = ((1, "0-1"), (5, "2-5"), (10, "6-10"), (20, "11-20"), (30, "21-30"))
COPIES = [
    "AAGE",
    "AGEGR1",
    "AGEGR2",
    "SEX",
    "RACEGR1",
    "REGION1",
    "ITTFL",
    "SAFFL",
    "EEFL",
    "LTSSAFFL",
    "TRT01P",
    "TRT01A",
    "TRT02P",
    "TRT02A",
    "TRTSEQP",
    "TRTSDT",
    "TRTEDT",
    "AP02SDT",
    "QOLINST",
    "SUBJID",
    "SITEID",
]
NUMBERS = {"Vehicle Cream BID": 1, "Ruxolitinib 0.75% Cream BID": 2, "Ruxolitinib 1.5% Cream BID": 3, "": None}


def observed_row(subject: Subject, a: Assessment) -> Row:
    """The row of one assessment, before baseline and analysis flags."""
    day = a.when.day
    avisitn = subject.visit(a.when) if a.avisitn is None or (day and subject.before_consent(day)) else a.avisitn
    row: Row = {
        "PARAMCD": a.param,
        "VISIT": a.visit,
        "VISITNUM": a.visitnum,
        "ADT": day,
        "ADTM": a.when.moment,
        "ADY": subject.day(day),
        "AVISITN": avisitn,
        "ASTDT": a.window[0] if a.window else None,
        "AENDT": a.window[1] if a.window else None,
        "AVAL": None if a.value is None else rounded(a.value),
        "SRCDOM": a.source[0],
        "SRCVAR": a.source[1],
        "SRCSEQ": a.source[2],
        "ONTRTFL": "Y" if subject.on_treatment(a.when) else "",
        "post": day is not None and not subject.before_dose(a.when),
        "own": a.param not in ("DLQI", "CDLQI") or a.param == subject.adsl["QOLINST"],
        "rank": (a.when.rank, a.seq),
    }
    return row | placed(subject, day, avisitn) | window(subject, avisitn, row["ADY"])


def placed(subject: Subject, day: date | None, avisitn: int | None) -> Row:
    """Period, phase and treatment of a date."""
    period = subject.period(day)
    phase = subject.phase(day, avisitn)
    return treated(subject, period) | {"APHASE": phase, "APHASEN": PHASES.get(phase)}


def treated(subject: Subject, period: int | None) -> Row:
    planned = subject.adsl[f"TRT0{period}P"] if period else ""
    actual = subject.adsl[f"TRT0{period}A"] if period else ""
    return {
        "APERIOD": period,
        "APERIODC": {1: "VC", 2: "LTS", None: ""}[period],
        "TRTP": planned,
        "TRTPN": NUMBERS[planned],
        "TRTA": actual,
        "TRTAN": NUMBERS[actual],
    }


def window(subject: Subject, avisitn: int | None, day: int | None) -> Row:
    """The AW variables: none outside a window and at Follow-up."""
    if avisitn in (None, 99):
        return {}
    assert avisitn is not None
    target, low, high = subject.window(avisitn)
    away = None if day is None else abs(day - target) - (day < 0)
    span = "<=1 DAYS" if low is None else f"{low}-{high} DAYS"
    return {"AWTARGET": target, "AWTDIFF": away, "AWLO": low, "AWHI": high, "AWU": "DAYS", "AWRANGE": span}


def choose(rows: list[Row], subject: Subject) -> None:
    """ABLFL and ANL01FL of one parameter's rows."""
    usable = [r for r in rows if r["own"] and r["AVAL"] is not None and r["AVISITN"] is not None]
    for avisitn in {r["AVISITN"] for r in usable}:
        at = [r for r in usable if r["AVISITN"] == avisitn]
        best = max(at, key=lambda r: (0 if avisitn in (0, 99) else -r["AWTDIFF"], r["rank"]))
        best["ANL01FL"] = "Y"
        if avisitn == 0:
            best["ABLFL"] = "Y"


def describe(row: Row) -> None:
    """AVALC and AVALCAT1."""
    value = row["AVAL"]
    if value is None:
        return
    if row["PARAMCD"] == "IGA":
        row["AVALC"] = GRADES[int(value)]
        row["AVALCAT1"] = "0/1" if value <= 1 else ">=2"
    if row["PARAMCD"] == "DLQI":
        row["AVALCAT1"] = next(text for top, text in BANDS if value <= top)


def against_baseline(rows: list[Row]) -> None:
    """BASE on every row of the parameter; change and criteria on the post-baseline ones."""
    base = next((r for r in rows if r.get("ABLFL") == "Y"), None)
    for row in rows:
        row["BASETYPE"] = "VC DAY 1"
        if base and row["own"]:
            row |= {"BASE": base["AVAL"], "BASEC": base.get("AVALC", "")}
        value, start = row["AVAL"], row.get("BASE")
        if not row["post"] or value is None or not row["own"]:
            continue
        if start is not None:
            row["CHG"] = rounded(value - start)
            if row["PARAMCD"] in ("EASI", "BSA", "ITCHNRS") and start != 0:
                row["PCHG"] = rounded(100 * (value - start) / start)
            if row["PARAMCD"] == "IGA":
                row["SHIFT1"] = f"{start:.0f} to {value:.0f}"
        row |= criteria(row["PARAMCD"], value, start, row.get("CHG"), row.get("PCHG"))


def criteria(param: str, value: float, start: float | None, change: float | None, percent: float | None) -> Row:
    """The criterion flags of a post-baseline value."""
    met: dict[int, bool] = {"IGA": {1: value <= 1}, "ITCHNRS": {3: value <= 1}}.get(param, {})
    if change is not None:
        improved = [start != 0 and percent is not None and percent <= limit for limit in (-50, -75, -90)]
        of_change = {
            "IGA": {2: value <= 1 and change <= -2, 3: change <= -1},
            "EASI": dict(enumerate(improved, 1)),
            "ITCHNRS": {1: change <= -2, 2: change <= -4},
            "DLQI": {1: change <= -4},
            "CDLQI": {1: change <= -6},
        }
        met |= of_change.get(param, {})
    return {f"CRIT{n}FL": "Y" if flag else "N" for n, flag in met.items()}


def collected_rows(subject: Subject, rs: list[Any], qs: list[Any], fa: list[Any]) -> list[Row]:
    """Every row of a source parameter, with baseline, flags and criteria."""
    found = iga(rs) + easi(rs) + bsa(rs, fa) + quality_of_life(qs, "DLQI") + quality_of_life(qs, "CDLQI")
    rows = [observed_row(subject, a) for a in found]
    for param in {r["PARAMCD"] for r in rows}:
        choose([r for r in rows if r["PARAMCD"] == param], subject)
    itchy = [observed_row(subject, a) for a in itch_windows(subject, diary(qs), rows)]
    choose(itchy, subject)
    rows += itchy
    for row in rows:
        describe(row)
    for param in {r["PARAMCD"] for r in rows}:
        against_baseline([r for r in rows if r["PARAMCD"] == param])
    return rows


def itch_windows(subject: Subject, days: dict[date, tuple[float, str]], rows: list[Row]) -> list[Assessment]:
    """Baseline before the first dose; weeks 2, 4 and 8 before the visit's IGA, EASI or target day (ruling 2)."""
    begin = subject.start or subject.randomised
    found = [itch(days, begin, 0, None)] if begin else []
    for week, target in ((2, 14), (4, 28), (8, 56)):
        chosen = {r["PARAMCD"]: r["ADT"] for r in rows if r.get("ANL01FL") == "Y" and r["AVISITN"] == week}
        anchor = chosen.get("IGA") or chosen.get("EASI")
        if anchor is None and subject.start:
            anchor = subject.start + timedelta(days=target)
            if (subject.entry and anchor > subject.entry) or subject.follow_up(anchor) or subject.before_consent(anchor):
                continue
        if anchor:
            found.append(itch(days, anchor, week, subject.start))
    return [a for a in found if a]


def subject_rows(subject: Subject, rs: list[Any], qs: list[Any], fa: list[Any]) -> tuple[list[Row], Row]:
    """The subject's rows and its efficacy-based ADSL variables."""
    rows = collected_rows(subject, rs, qs, fa)
    level = subject_level(subject, rows)
    period1 = treated(subject, 1) | {"APHASE": "VC", "APHASEN": PHASES["VC"]}
    rows += responder_rows(rows, subject.adsl | level, period1)
    for row in rows:
        finish(row, subject, level)
    return rows, level


def subject_level(subject: Subject, rows: list[Row]) -> Row:
    """IGABL to LTSEVFL."""
    base = {r["PARAMCD"]: r["AVAL"] for r in rows if r.get("ABLFL") == "Y"}
    iga0, easi0, bsa0, itch0 = (base.get(p) for p in ("IGA", "EASI", "BSA", "ITCHNRS"))
    week8 = [r for r in rows if r["PARAMCD"] == "IGA" and r["AVISITN"] == 8 and r.get("ANL01FL") == "Y"]
    seen = subject.adsl["EEFL"] == "Y" and bool(week8) and iga0 is not None
    severe = iga0 == 3 and easi0 is not None and easi0 >= 16 and bsa0 is not None and bsa0 >= 10
    return {
        "IGABL": iga0,
        "EASIBL": easi0,
        "BSABL": bsa0,
        "NRSBL": itch0,
        "DLQIBL": base.get("DLQI"),
        "CDLQIBL": base.get("CDLQI"),
        "NRS2BLFL": "Y" if itch0 is not None and itch0 >= 2 else "N",
        "NRS4BLFL": "Y" if itch0 is not None and itch0 >= 4 else "N",
        "W8IGAFL": "Y" if seen else "N",
        "NIGATSFL": "Y" if seen and week8[0]["CRIT2FL"] != "Y" else "N",
        "SEVADFL": "Y" if severe else "N",
        "LTSEVFL": "Y" if subject.adsl["LTSSAFFL"] == "Y" and subject.adsl["EEFL"] == "Y" else "N",
    }


def finish(row: Row, subject: Subject, level: Row) -> None:
    """What every row of a parameter and of a subject has."""
    n, text = PARAMETERS[row["PARAMCD"]]
    category = next(c for c, (low, high) in CATEGORIES.items() if low <= n <= high)
    row |= {"PARAMN": n, "PARAM": text, "PARCAT1": category, "PARCAT1N": list(CATEGORIES).index(category) + 1}
    row |= {f"CRIT{k}": text for k, text in enumerate(CRITERIA.get(row["PARAMCD"], ()), 1)}
    row["AVISIT"] = NAMES[row["AVISITN"]] if row["AVISITN"] is not None else ""
    row |= {name: subject.adsl[name] for name in ("STUDYID", "USUBJID", *COPIES)}
    row |= {name: level[name] for name in ("LTSEVFL", "SEVADFL", "W8IGAFL", "NIGATSFL")}


def order(row: Row) -> tuple[Any, ...]:
    """Ruling 40: missing first."""
    keys = ("PARAMN", "AVISITN", "ADT", "DTYPE", "ADTM", "SRCSEQ", "VISITNUM")
    return tuple((row.get(k) not in (None, ""), row.get(k) or 0) if k != "DTYPE" else row.get(k) or "" for k in keys)


def oracle(folder: Path, adsl: Path) -> tuple[list[Row], list[Row]]:
    """The efficacy records in order with ASEQ, and the efficacy-based variables of every ADSL record."""
    source = {name: findings(folder, name) for name in ("RS", "QS", "FA")}
    rows: list[Row] = []
    levels: list[Row] = []
    for subject in sorted(subjects(adsl, folder), key=lambda s: (s.adsl["STUDYID"], s.adsl["USUBJID"])):
        key = (subject.adsl["STUDYID"], subject.adsl["USUBJID"])
        own, level = subject_rows(subject, *(source[name].get(key, []) for name in ("RS", "QS", "FA")))
        analysed = "Y" in (subject.adsl["SAFFL"], subject.adsl["ITTFL"])
        levels.append({"STUDYID": key[0], "USUBJID": key[1]} | level)
        if not analysed:
            continue
        rows += [row | {"ASEQ": n} for n, row in enumerate(sorted(own, key=order), 1)]
    return rows, levels
