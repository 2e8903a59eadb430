"""Damage to a subject's own facts: exposure, randomisation, LTS entry, end, death, consent, age."""

from datetime import date, timedelta
from random import Random
from typing import Any

Record = dict[str, Any]
ENTRY = ("RE-RANDOMIZED", "OPTED TO CONTINUE INTO NEXT TRIAL ELEMENT")


def drop(subject: Any, domain: str, gone: Any) -> None:
    subject.records[domain][:] = [r for r in subject.records[domain] if not gone(r)]


def untreated(subject: Any, rng: Random) -> None:
    subject.records["ex"].clear()
    drop(subject, "ds", lambda r: r["DSDECOD"] in ENTRY)
    drop(subject, "se", lambda r: r["EPOCH"] == "CONTINUATION TREATMENT")
    subject.records["dm"][0] |= {"RFXSTDTC": "", "RFXENDTC": ""}


def not_randomised(subject: Any, rng: Random) -> None:
    drop(subject, "ds", lambda r: r["DSDECOD"] in ("RANDOMIZED", "RE-RANDOMIZED"))


def no_lts(subject: Any, rng: Random) -> None:
    drop(subject, "ds", lambda r: r["DSDECOD"] in ENTRY)
    drop(subject, "se", lambda r: r["EPOCH"] == "CONTINUATION TREATMENT")
    drop(subject, "ex", lambda r: r["EPOCH"] == "CONTINUATION TREATMENT")


def never_applied(subject: Any, rng: Random) -> None:
    drop(subject, "ex", lambda r: r["EPOCH"] == "CONTINUATION TREATMENT")


def dead(subject: Any, rng: Random) -> None:
    day = subject.start + timedelta(days=rng.randrange(10, 300))
    subject.records["dm"][0] |= {"DTHFL": "Y", "DTHDTC": day.isoformat()[: rng.choice((10, 7))]}


def consent(subject: Any, rng: Random) -> None:
    day = subject.start + timedelta(days=rng.choice((-7, -5, -3, -1, 0, 0, 4, 20)))
    subject.records["dm"][0]["RFICDTC"] = rng.choice((day.isoformat(), day.isoformat(), f"{day.isoformat()}T08:00", day.isoformat()[:7], ""))


def ageless(subject: Any, rng: Random) -> None:
    subject.records["dm"][0] |= {"BRTHDTC": "", "AGE": rng.choice((None, 11.0, 14.0, 15.0, 16.0, 40.0))}


def no_baseline(subject: Any, rng: Random) -> None:
    """No pre-dose record of some instrument, or no value but zero."""
    cat = rng.choice(("IGA", "EASI", "BSA", "DLQI", "CDLQ", "ITCH NRS"))
    first = subject.start.isoformat()
    zero = rng.random() < 0.4
    for domain in ("rs", "qs"):
        name = domain.upper()
        for record in subject.records[domain]:
            if zero and record[f"{name}CAT"] == cat and record[f"{name}DTC"][:10] <= first:
                record |= {f"{name}STRESN": 0.0, f"{name}STRESC": "0"}
        if not zero:
            drop(subject, domain, lambda r, name=name: r[f"{name}CAT"] == cat and r[f"{name}DTC"][:10] <= first)


def ends(subject: Any, rng: Random) -> None:
    """The disposition records: none, other dates, partial, an ongoing subject, a second one."""
    way = rng.randrange(6)
    treatment = [r for r in subject.records["ds"] if r["DSSCAT"] == "STUDY TREATMENT"]
    if way in (0, 1):
        drop(subject, "ds", lambda r: r["DSSCAT"] == "STUDY TREATMENT" or (way == 1 and r["DSSCAT"] == "STUDY PARTICIPATION"))
    for record in treatment:
        if way == 2:
            record["DSSTDTC"] = (subject.start + timedelta(days=rng.randrange(5, 390))).isoformat()
        if way == 3:
            record["DSSTDTC"] = record["DSSTDTC"][:7]
        if way == 4:
            record["EPOCH"] = ""
        if way == 5:
            record["DSSTDTC"] = record["DSSTDTC"][:10] + "T11:00"


def dosing(subject: Any, rng: Random) -> None:
    """The first dose with another time or none, an open last row, a stop."""
    rows = sorted(subject.records["ex"], key=lambda r: r["EXSTDTC"])
    rows[0]["EXSTDTC"] = rows[0]["EXSTDTC"][:10] + rng.choice(("", "T09", "T09:30", "T13:00", "T09:30:20", "T09:30+02:00"))
    way = rng.randrange(4)
    if way == 0:
        rows[-1]["EXENDTC"] = ""
    if way == 1 and len(rows) > 3:
        kept = {id(r) for r in rows[: rng.randrange(1, len(rows))]}
        drop(subject, "ex", lambda r: id(r) not in kept)


def entry(subject: Any, rng: Random) -> None:
    """LTS entry on another day, with or without its time."""
    if subject.entry is None:
        return
    moved = subject.entry + timedelta(days=rng.choice((-20, -7, -1, 1, 5, 14, 40)))
    for record in subject.records["ds"]:
        if record["DSDECOD"] in ENTRY:
            record["DSSTDTC"] = moved.isoformat() + rng.choice(("", "T10:15"))
    subject.entry = moved


WAYS = (
    untreated,
    not_randomised,
    no_lts,
    never_applied,
    dead,
    consent,
    consent,
    ageless,
    no_baseline,
    no_baseline,
    ends,
    ends,
    dosing,
    dosing,
    entry,
)


def damage_subject(subject: Any, rng: Random) -> None:
    """One or two changes to two subjects in three."""
    while rng.random() < 0.5:
        way = rng.choice(WAYS)
        if way in (dosing,) and not subject.records["ex"]:
            continue
        way(subject, rng)


__all__ = ["damage_subject", "date"]
