"""DM and its supplemental qualifiers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from adam.simulation.columns import BLANK, constant, dtc, frame, number, study_day, text
from adam.simulation.draws import Ints
from adam.simulation.formula import values
from adam.simulation.steps import run
from adam.simulation.trial import Trial


def subjects(trial: Trial) -> pd.DataFrame:
    """DM. ARM is the path through the study; `design: path:` gives its place in `design: paths:`."""
    facts, people = trial.facts, trial.people
    everyone = np.arange(people.size)
    paths = facts.get("design.paths")
    path = values(facts.get("design.path"), trial.scope("DM")).astype(np.int64)
    codes, names = (text(path, [str(entry[key]) for entry in paths]) for key in ("code", "arm"))
    first, last, day1, consent = (people[name] for name in ("first_dose", "last_dose", "day1", "consent"))
    start = dtc(first, np.where(first == day1, people["dose_minute"], BLANK))
    columns: dict[str, pd.Series | str] = {
        **trial.identity("DM", everyone),
        "SUBJID": trial.subjid,
        "RFSTDTC": start,
        "RFENDTC": dtc(last),
        "RFXSTDTC": start,
        "RFXENDTC": dtc(last),
        "RFICDTC": dtc(consent),
        "RFPENDTC": dtc(people["end"]),
        "DTHDTC": "",
        "DTHFL": "",
        "SITEID": text(people["site"] - 1, [str(i) for i in range(1, int(people["site"].max()) + 1)]),
        "BRTHDTC": dtc(people["birth"]),
        "AGE": number(_years(people["birth"], consent)),
        "AGEU": "YEARS",
        "SEX": text((~people["female"].astype(np.bool_)).astype(np.int64), ["F", "M"]),
        "RACE": text(people["race"], facts.texts("races")),
        "ETHNIC": text(people["ethnic"], facts.texts("characteristics.ethnic")),
        "ARMCD": codes,
        "ARM": names,
        "ACTARMCD": codes,
        "ACTARM": names,
        "ARMNRS": "",
        "COUNTRY": text(people["country"], facts.texts("countries")),
        "DMDTC": dtc(consent),
        "DMDY": number(study_day(consent, day1)),
    }
    return frame(columns, people.size)


def _years(born: Ints, day: Ints) -> Ints:
    """Completed years."""
    start, end = born.astype("datetime64[D]"), day.astype("datetime64[D]")
    months = end.astype("datetime64[M]").astype(np.int64) - start.astype("datetime64[M]").astype(np.int64)
    within = (end - end.astype("datetime64[M]")).astype(np.int64) < (start - start.astype("datetime64[M]")).astype(np.int64)
    return np.asarray((months - within) // 12, dtype=np.int64)


def qualifiers(trial: Trial) -> pd.DataFrame:
    """SUPPDM: the entries of `qualifiers:` for the subjects each applies to, after the steps that draw their values."""
    facts, scope = trial.facts, trial.scope("SUPPDM")
    run(scope, facts.optional("qualifiers.steps", []))
    parts, subjects_ = [], []
    for entry in facts.get("qualifiers.records"):
        subject = np.flatnonzero(values(entry.get("who", "1 == 1"), scope))
        terms = entry["terms"] if isinstance(entry["terms"], list) else facts.texts(str(entry["terms"]))
        code = values(entry.get("value", 0), scope).astype(np.int64)[subject]
        name = (str(entry["name"]), str(entry["label"]), str(entry["origin"]))
        parts.append(supplement(trial, "DM", subject, name, text(code, [str(term) for term in terms])))
        subjects_.append(subject)
    order = np.argsort(np.concatenate(subjects_), kind="stable")
    return pd.concat(parts, ignore_index=True).take(order).reset_index(drop=True)


def supplement(
    trial: Trial, domain: str, subject: Ints, name: tuple[str, str, str], value: pd.Series, record: pd.Series | None = None
) -> pd.DataFrame:
    """One supplemental qualifier (name, label, origin) of some subjects; of their records where `record` gives --SEQ as text."""
    size = len(subject)
    identity = trial.identity(domain, subject)
    columns: dict[str, pd.Series | str] = {
        "STUDYID": identity["STUDYID"],
        "RDOMAIN": domain,
        "USUBJID": identity["USUBJID"],
        "IDVAR": "" if record is None else f"{domain}SEQ",
        "IDVARVAL": constant("", size) if record is None else record,
        "QNAM": name[0],
        "QLABEL": name[1],
        "QVAL": value,
        "QORIG": name[2],
        "QEVAL": "",
    }
    return frame(columns, size)
