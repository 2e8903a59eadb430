"""Timelines of simulated subjects, so that a reader can judge whether they look like patients.

`python -m tests.simulation.timeline specs/true_ad > docs/true_ad/subjects.md` writes the page of the documentation.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd

from adam.simulation.simulate import simulate
from adam.specification.read import read

Frames = Mapping[str, pd.DataFrame]

INTRODUCTION = """# Three simulated subjects

Written by `python -m tests.simulation.timeline specs/true_ad` from the simulation with exact counts and the default seed. No subject exists.
IGA 0 to 4, EASI 0 to 72, BSA in percent, itch as the mean of the diary scores of the seven days before the visit (0 to 10), DLQI or CDLQI 0 to 30.
"""
CHOICES: tuple[tuple[str, Callable[[pd.DataFrame], pd.Series]], ...] = (
    ("Success, then a flare under as-needed use", lambda s: s["TS"] & (s["ARM"] == "RUX 1.5%") & s["FLARED"] & s["COMPLETED"]),
    (
        "Vehicle without success, then active cream",
        lambda s: ~s["TS"] & s["IGA"].ge(2) & s["ARM"].str.startswith("VEHICLE / RUX 1.5%") & s["COMPLETED"],
    ),
    ("Adolescent who left the study early", lambda s: s["AGE"].between(12, 15) & ~s["COMPLETED"] & s["LEFT"] & s["EVENTS"].ge(1)),
)


def page(specs: Path) -> str:
    """The three subjects of a study as Markdown."""
    frames = {file.path.removesuffix(".xpt").upper(): file.frame() for file in simulate(read(specs), exact=True)}
    facts = _facts(frames)
    parts = [INTRODUCTION]
    for title, choice in CHOICES:
        usubjid = str(facts.index[choice(facts)][0])
        parts.append(f"\n## {title}: {usubjid}\n\n{_person(frames, usubjid)}\n\n{timeline(frames, usubjid)}")
    return "".join(parts)


def timeline(frames: Frames, usubjid: str) -> str:
    """What happened to a subject, in order, as a Markdown table."""
    rows = pd.concat([_milestones(frames, usubjid), _cream(frames, usubjid), _visits(frames, usubjid), _events(frames, usubjid)])
    rows = rows.sort_values(["date", "order"], kind="stable")
    start = pd.Timestamp(str(frames["DM"].set_index("USUBJID").loc[usubjid, "RFSTDTC"])[:10])
    lines = ["| Day | Date | |", "| --: | --- | --- |"]
    for date, text in zip(rows["date"], rows["text"], strict=True):
        days = (pd.Timestamp(date) - start).days
        lines.append(f"| {days + (days >= 0)} | {date} | {text} |")
    return "\n".join(lines) + "\n"


def _facts(frames: Frames) -> pd.DataFrame:
    """What the subjects of the page are chosen by."""
    dm, rs = frames["DM"].set_index("USUBJID"), frames["RS"]
    iga = rs[rs["RSTESTCD"] == "IGA0101"].pivot(index="USUBJID", columns="VISIT", values="RSSTRESN").reindex(dm.index)
    later = iga[[f"WEEK {week}" for week in range(12, 53, 4)]]
    ended = frames["DS"][frames["DS"]["DSSCAT"] == "STUDY PARTICIPATION"].set_index("USUBJID")["DSDECOD"]
    last = frames["EX"].groupby("USUBJID")["EXENDY"].max()
    return pd.DataFrame(
        {
            "ARM": dm["ARM"],
            "AGE": dm["AGE"],
            "IGA": iga["WEEK 8"],
            "TS": (iga["WEEK 8"] <= 1) & (iga["DAY 1"] - iga["WEEK 8"] >= 2),
            "FLARED": (later >= 2).sum(axis=1).eq(2) & later.notna().all(axis=1),
            "COMPLETED": ended == "COMPLETED",
            "LEFT": last.between(100, 250),
            "EVENTS": frames["AE"].groupby("USUBJID").size().reindex(dm.index).fillna(0),
        }
    )


def _person(frames: Frames, usubjid: str) -> str:
    dm = frames["DM"].set_index("USUBJID").loc[usubjid]
    fa = frames["FA"][frames["FA"]["USUBJID"] == usubjid].set_index("FATESTCD")["FASTRESC"]
    history = frames["MH"][frames["MH"]["USUBJID"] == usubjid]
    since = history[history["MHCAT"] == "ATOPIC DERMATITIS"]["MHSTDTC"].iloc[0]
    others = ", ".join(term.lower() for term in history["MHTERM"].iloc[1:])
    sex = "Female" if dm["SEX"] == "F" else "Male"
    face = "" if fa["FACEIND"] == "Y" else "not "
    race = str(dm["RACE"]).title().replace(" Or ", " or ")
    return (
        f"{sex}, {dm['AGE']:.0f} years, {race}, {dm['COUNTRY']}. Atopic dermatitis since {since}; flares in the last twelve "
        f"months: {fa['FLARENUM']}; face {face}affected. Also: {others or 'nothing'}. Arm: {dm['ARM']}."
    )


def _table(dates: pd.Series, texts: pd.Series | list[str], order: int) -> pd.DataFrame:
    return pd.DataFrame({"date": dates.str.slice(0, 10).to_list(), "text": list(texts), "order": order})


def _milestones(frames: Frames, usubjid: str) -> pd.DataFrame:
    ds = frames["DS"][frames["DS"]["USUBJID"] == usubjid]
    ending = ds["DSCAT"] == "DISPOSITION EVENT"
    texts = (
        ds["DSTERM"].str.capitalize().where(~ending, ds["DSSCAT"].str.capitalize() + ", " + ds["EPOCH"].str.lower() + ": " + ds["DSTERM"].str.lower())
    )
    rows = _table(ds["DSSTDTC"], "**" + texts + "**", 2)
    rows.loc[ds["DSDECOD"].eq("INFORMED CONSENT OBTAINED").to_numpy(), "order"] = 0
    return rows


def _cream(frames: Frames, usubjid: str) -> pd.DataFrame:
    ex = frames["EX"][frames["EX"]["USUBJID"] == usubjid]
    days = ex["EXENDY"] - ex["EXSTDY"] + 1
    texts = [
        f"{name.capitalize()} {dose:g}% until {end} ({n:.0f} days)"
        for name, dose, end, n in zip(ex["EXTRT"], ex["EXDOSE"], ex["EXENDTC"], days, strict=True)
    ]
    return _table(ex["EXSTDTC"], texts, 3)


def _visits(frames: Frames, usubjid: str) -> pd.DataFrame:
    rs, qs = (frames[domain][frames[domain]["USUBJID"] == usubjid] for domain in ("RS", "QS"))
    diary = qs[qs["QSTESTCD"] == "ITCH0101"]
    when = pd.to_datetime(diary["QSDTC"].str.slice(0, 10))
    texts, dates = [], []
    for (_, visit, date), group in rs.groupby(["VISITNUM", "VISIT", "RSDTC"]):
        scores = group.set_index("RSTESTCD")["RSSTRESN"]
        found = [
            f"{name} {scores[code]:g}"
            for name, code in (("IGA", "IGA0101"), ("EASI", "EASI0125"), ("BSA", "BSA0101"))
            if scores.notna().get(code, False)
        ]
        before = (pd.Timestamp(date) - when).dt.days.between(1, 7)
        if visit in ("DAY 1", "WEEK 2", "WEEK 4", "WEEK 8") and before.sum() >= 4:
            found.append(f"itch {diary['QSSTRESN'][before].mean():.1f}")
        total = qs[qs["QSTESTCD"].isin(["DLQI111", "CDLQ111"]) & (qs["VISIT"] == visit)]
        found += [f"{'DLQI' if code == 'DLQI111' else 'CDLQI'} {value:g}" for code, value in zip(total["QSTESTCD"], total["QSSTRESN"], strict=True)]
        dates.append(date)
        texts.append(f"{visit.capitalize()}: {', '.join(found) or 'not done'}")
    return _table(pd.Series(dates, dtype="str"), texts, 1)


def _events(frames: Frames, usubjid: str) -> pd.DataFrame:
    ae = frames["AE"][frames["AE"]["USUBJID"] == usubjid]
    ends = ae["AEENDTC"].where(ae["AEENDTC"] != "", "ongoing")
    texts = [
        f"Adverse event: {term.lower()}, {severity.lower()}, {relation.lower()}, {action.lower()} (end: {end})"
        for term, severity, relation, action, end in zip(ae["AETERM"], ae["AESEV"], ae["AEREL"], ae["AEACN"], ends, strict=True)
    ]
    dates = ae["AESTDTC"].where(ae["AESTDTC"].str.len() >= 10, ae["AESTDTC"] + "-01")
    return _table(dates, texts, 4)


if __name__ == "__main__":
    print(page(Path(sys.argv[1])), end="")
