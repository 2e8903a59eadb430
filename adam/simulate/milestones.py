"""DS, SE and SV: milestones and dispositions, elements of the design, visits that took place or were missed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from adam.simulate.calendar import EPOCHS, UNSCHEDULED, Calendar, names
from adam.simulate.columns import BLANK, dtc, frame, number, sequence, study_day, text, where
from adam.simulate.draws import Flags, Ints
from adam.simulate.trial_facts import UNSEEN, TrialFacts
from adam.simulate.visits import NOT_ENTERED, WEEK_52

MILESTONES = ("INFORMED CONSENT OBTAINED", "RANDOMIZED", "RE-RANDOMIZED", "OPTED TO CONTINUE INTO NEXT TRIAL ELEMENT")
ELEMENTS = (
    ("SCRN", "Screening"), ("VEH", "Vehicle Cream BID"), ("RUX075", "Ruxolitinib 0.75% Cream BID"), ("RUX15", "Ruxolitinib 1.5% Cream BID"),
    ("LTS075", "Ruxolitinib 0.75% Cream As Needed"), ("LTS15", "Ruxolitinib 1.5% Cream As Needed"), ("FU", "Safety Follow-Up"),
)  # fmt: skip


def dispositions(facts: TrialFacts, people: pd.DataFrame, entry: Ints) -> pd.DataFrame:
    """DS: consent, randomisation, entry into the second period, end of treatment in each period, end of the study."""
    terms = [*MILESTONES, *(str(term) for term in facts.get("reasons.terms"))]
    size = len(people)
    everyone = np.ones(size, dtype=bool)
    entered = entry != BLANK
    vehicle = (people["arm"] == 0).to_numpy()
    reason = people["disposition"].to_numpy() + len(MILESTONES)
    done = len(MILESTONES)
    stop, end = people["stop"].to_numpy(), people["end"].to_numpy()
    stayed = (people["category"] != UNSEEN).to_numpy()
    rows = [                                                         # who, day, minute, term, sub-category, epoch
        (everyone, people["consent"], BLANK, 0, BLANK, 0),
        (everyone, people["day1"], people["dose_minute"] - 45, 1, BLANK, 0),
        (entered, entry, people["dose_minute"] + 30, 3, BLANK, 1),
        (entered & vehicle, entry, people["dose_minute"] + 30, 2, BLANK, 1),
        (everyone, np.where(entered, entry, stop), BLANK, np.where(stayed, done, reason), 0, 1),
        (entered, stop, BLANK, reason, 0, 2),
        (everyone, end, BLANK, reason, 1, np.where(end > stop, 3, np.where(entered, 2, 1))),
    ]  # fmt: skip
    order_in = np.arange(len(rows))
    stacked = [np.stack([np.broadcast_to(np.asarray(row[i], dtype=np.int64), size) for row in rows], axis=1) for i in range(1, 6)]
    subject, place = np.nonzero(np.stack([np.asarray(row[0]) for row in rows], axis=1))
    day, minute, term, group, epoch = (column[subject, place] for column in stacked)
    order = np.lexsort((order_in[place], day, subject))
    subject, day, minute, term, group, epoch = (column[order] for column in (subject, day, minute, term, group, epoch))
    milestone = group == BLANK
    columns: dict[str, pd.Series | str] = {
        "STUDYID": text(people["study"].to_numpy()[subject], facts.studies),
        "DOMAIN": "DS",
        "USUBJID": text(subject, people["usubjid"].to_numpy()),
        "DSSEQ": sequence(subject),
        "DSTERM": text(term, [str(facts.get("reasons.words").get(name, name)) for name in terms]),
        "DSDECOD": text(term, terms),
        "DSCAT": text((~milestone).astype(np.int64), ["PROTOCOL MILESTONE", "DISPOSITION EVENT"]),
        "DSSCAT": text(group, ["STUDY TREATMENT", "STUDY PARTICIPATION"]),
        "EPOCH": text(epoch, EPOCHS),
        "DSSTDTC": dtc(day, minute),
        "DSSTDY": number(study_day(day, people["day1"].to_numpy()[subject])),
    }
    return frame(columns, len(subject))


def elements(facts: TrialFacts, people: pd.DataFrame, entry: Ints) -> pd.DataFrame:
    """SE: screening, the two periods, follow-up; an element ends where the next begins."""
    entered = entry != BLANK
    stop, end, day1 = people["stop"].to_numpy(), people["end"].to_numpy(), people["day1"].to_numpy()
    size = len(people)
    start = np.stack([people["consent"].to_numpy(), day1, np.where(entered, entry, BLANK), np.where(end > stop, stop, BLANK)], axis=1)
    finish = np.stack([day1, np.where(entered, entry, stop), stop, end], axis=1)
    element = np.stack([np.zeros(size, dtype=np.int64), people["arm"].to_numpy() + 1, people["second"].to_numpy() + 3, np.full(size, 6)], axis=1)
    subject, place = np.nonzero(start != BLANK)
    code, begins, ends = element[subject, place], start[subject, place], finish[subject, place]
    reference = day1[subject]
    columns: dict[str, pd.Series | str] = {
        "STUDYID": text(people["study"].to_numpy()[subject], facts.studies),
        "DOMAIN": "SE",
        "USUBJID": text(subject, people["usubjid"].to_numpy()),
        "SESEQ": sequence(subject),
        "ETCD": text(code, [e[0] for e in ELEMENTS]),
        "ELEMENT": text(code, [e[1] for e in ELEMENTS]),
        "TAETORD": number(place + 1),
        "EPOCH": text(place, EPOCHS),
        "SESTDTC": dtc(begins),
        "SEENDTC": dtc(ends),
        "SESTDY": number(study_day(begins, reference)),
        "SEENDY": number(study_day(ends, reference)),
    }
    return frame(columns, len(subject))


def visits(facts: TrialFacts, people: pd.DataFrame, days: Ints, calendar: Calendar, pandemic: Flags) -> pd.DataFrame:
    """SV: the visits that took place, and the planned ones between them that were missed (SVOCCUR = N)."""
    subject, visit = np.nonzero(_missed(people, days))
    nothing = np.full(len(subject), BLANK)
    both = Calendar(
        np.r_[calendar.subject, subject], np.r_[calendar.visit, visit], np.r_[calendar.after, visit], np.r_[calendar.day, nothing],
        np.r_[calendar.done, nothing], np.r_[calendar.remote, np.zeros(len(subject), dtype=bool)],
    )  # fmt: skip
    order = np.lexsort((both.visit == UNSCHEDULED, both.after, both.subject))
    both = both.only(order)
    gone = both.day == BLANK
    by_pandemic = np.zeros(len(gone), dtype=bool)
    by_pandemic[gone] = pandemic[both.subject[gone], both.visit[gone]]
    day = number(study_day(both.day, people["day1"].to_numpy()[both.subject]))
    columns: dict[str, pd.Series | str] = {
        "STUDYID": text(people["study"].to_numpy()[both.subject], facts.studies),
        "DOMAIN": "SV",
        "USUBJID": text(both.subject, people["usubjid"].to_numpy()),
        **names(facts, both),
        "SVPRESP": text(where(both.visit != UNSCHEDULED, 0), ["Y"]),
        "SVOCCUR": text(where(both.visit != UNSCHEDULED, gone.astype(np.int64)), ["Y", "N"]),
        "SVREASOC": text(where(gone, by_pandemic.astype(np.int64)), ["VISIT MISSED", "SITE CLOSED IN THE PANDEMIC"]),
        "SVCNTMOD": text(where(~gone, both.remote.astype(np.int64)), ["IN PERSON", "REMOTE AUDIO VIDEO"]),
        "SVEPCHGI": text(where(by_pandemic | both.remote, 0), ["Y"]),
        "SVSTDTC": dtc(both.day),
        "SVENDTC": dtc(both.day),
        "SVSTDY": day,
        "SVENDY": day,
        "SVUPDES": text(where(both.visit == UNSCHEDULED, 0), ["WORSENING OF DISEASE"]),
    }
    return frame(columns, len(gone))


def _missed(people: pd.DataFrame, days: Ints) -> Flags:
    """Visits not held although a later treatment visit was."""
    scheduled = days[:, : WEEK_52 + 1]
    there = scheduled != BLANK
    later = np.flip(np.maximum.accumulate(np.flip(there, axis=1), axis=1), axis=1)
    missed = np.zeros(days.shape, dtype=bool)
    missed[:, : WEEK_52 + 1] = later & ~there
    return missed


def entry_days(people: pd.DataFrame, week8: Ints) -> Ints:
    """Day of entry into the second period: that of the Week 8 visit; BLANK without entry."""
    return np.where(people["entry"] == NOT_ENTERED, BLANK, week8)
