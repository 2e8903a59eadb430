"""DS, SE and SV: milestones and dispositions, elements of the design, visits that took place or were missed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from adam.simulation.calendar import Calendar, names
from adam.simulation.columns import BLANK, dtc, frame, number, sequence, study_day, text, where
from adam.simulation.draws import Flags, Ints
from adam.simulation.formula import values
from adam.simulation.trial import Trial


def dispositions(trial: Trial) -> pd.DataFrame:
    """DS: for each subject the entries of `dispositions:` that apply, in the order of days."""
    facts, people, scope = trial.facts, trial.people, trial.scope("DS")
    entries = facts.get("dispositions")
    reasons = facts.texts("reasons.terms")
    terms = [*reasons, *(str(entry["term"]) for entry in entries if "term" in entry)]
    applies, columns = [], []
    for entry in entries:
        term = values(entry["reason"], scope) if "reason" in entry else np.full(people.size, terms.index(str(entry["term"])))
        applies.append(values(entry.get("who", "1 == 1"), scope).astype(np.bool_))
        columns.append([values(entry["day"], scope), values(entry.get("minute", "missing"), scope), term, values(entry["epoch"], scope)])
    subject, place = np.nonzero(np.stack(applies, axis=1))
    day, minute, term, epoch = (np.stack([column[i] for column in columns], axis=1).astype(np.int64)[subject, place] for i in range(4))
    order = np.lexsort((place, day, subject))
    subject, place, day, minute, term, epoch = (column[order] for column in (subject, place, day, minute, term, epoch))
    result: dict[str, pd.Series | str] = {
        **trial.identity("DS", subject),
        "DSSEQ": sequence(subject),
        "DSTERM": text(term, [str(facts.optional("reasons.reported", {}).get(name, name)) for name in terms]),
        "DSDECOD": text(term, terms),
        "DSCAT": text(place, [str(entry["category"]) for entry in entries]),
        "DSSCAT": text(place, [str(entry.get("subcategory", "")) for entry in entries]),
        "EPOCH": text(epoch, facts.texts("epochs")),
        "DSSTDTC": dtc(day, minute),
        "DSSTDY": number(study_day(day, people["day1"][subject])),
    }
    return frame(result, len(subject))


def elements(trial: Trial) -> pd.DataFrame:
    """SE: for each subject the entries of `subject_elements:` that have a first day."""
    facts, scope = trial.facts, trial.scope("SE")
    entries = facts.get("subject_elements")
    element, start, finish = (
        np.stack([values(entry[key], scope).astype(np.int64) for entry in entries], axis=1) for key in ("element", "start", "end")
    )
    subject, place = np.nonzero(start != BLANK)
    code, begins, ends = element[subject, place], start[subject, place], finish[subject, place]
    reference = trial.people["day1"][subject]
    design = facts.get("design.elements")
    columns: dict[str, pd.Series | str] = {
        **trial.identity("SE", subject),
        "SESEQ": sequence(subject),
        "ETCD": text(code, [str(entry["code"]) for entry in design]),
        "ELEMENT": text(code, [str(entry["name"]) for entry in design]),
        "TAETORD": number(place + 1),
        "EPOCH": text(place, [facts.texts("epochs")[int(entry["epoch"])] for entry in entries]),
        "SESTDTC": dtc(begins),
        "SEENDTC": dtc(ends),
        "SESTDY": number(study_day(begins, reference)),
        "SEENDY": number(study_day(ends, reference)),
    }
    return frame(columns, len(subject))


def visits(trial: Trial) -> pd.DataFrame:
    """SV: the visits that took place, and the planned ones between them that were missed (SVOCCUR = N)."""
    facts, people = trial.facts, trial.people
    both = _with_missed(trial.calendar, people["days"], facts.visit(str(facts.get("visits.last_treated"))))
    unscheduled = both.visit == len(facts.visits)
    gone = both.day == BLANK
    reason = people.by_visit(str(facts.optional("visits.missed_reason", "")))
    why = np.zeros(len(gone), dtype=np.int64)
    if reason is not None:
        why[gone] = reason[both.subject[gone], both.visit[gone]]
    day = number(study_day(both.day, people["day1"][both.subject]))
    columns: dict[str, pd.Series | str] = {
        **trial.identity("SV", both.subject),
        **names(facts, both),
        "SVPRESP": text(where(~unscheduled, 0), ["Y"]),
        "SVOCCUR": text(where(~unscheduled, gone.astype(np.int64)), ["Y", "N"]),
        "SVREASOC": text(where(gone, why), [str(term) for term in facts.optional("visits.missed_reasons", ["VISIT MISSED"])]),
        "SVCNTMOD": text(where(~gone, both.remote.astype(np.int64)), ["IN PERSON", "REMOTE AUDIO VIDEO"]),
        "SVEPCHGI": text(where((gone & (why > 0)) | both.remote, 0), ["Y"]),
        "SVSTDTC": dtc(both.day),
        "SVENDTC": dtc(both.day),
        "SVSTDY": day,
        "SVENDY": day,
        "SVUPDES": text(where(unscheduled, 0), [str(facts.optional("visits.unscheduled.reason", ""))]),
    }
    return frame(columns, len(gone))


def _with_missed(calendar: Calendar, days: Ints, last: int) -> Calendar:
    """The visits that took place and those missed, in the order of subjects and visits."""
    subject, visit = np.nonzero(_missed_visits(days, last))
    nothing = np.full(len(subject), BLANK)
    both = Calendar(
        np.r_[calendar.subject, subject], np.r_[calendar.visit, visit], np.r_[calendar.after, visit], np.r_[calendar.day, nothing],
        np.r_[calendar.assessed, nothing], np.r_[calendar.remote, np.zeros(len(subject), dtype=bool)],
    )  # fmt: skip
    return both.only(np.lexsort((both.visit > both.after, both.after, both.subject)))


def _missed_visits(days: Ints, last: int) -> Flags:
    """Visits that did not take place although a later treatment visit did."""
    there = days[:, : last + 1] != BLANK
    later = np.flip(np.maximum.accumulate(np.flip(there, axis=1), axis=1), axis=1)
    missed = np.zeros(days.shape, dtype=bool)
    missed[:, : last + 1] = later & ~there
    return missed
