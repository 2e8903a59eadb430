"""The visits that took place, one record each: what SV, RS and QS have in common."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from adam.simulate.columns import BLANK, day_of, text
from adam.simulate.courses import Course
from adam.simulate.draws import Draws, Flags, Ints
from adam.simulate.trial_facts import TrialFacts
from adam.simulate.visits import SCREENING, VISITS, WEEK_4, WEEK_8, WEEK_12, WEEK_52

FULL, SHORT, NOTHING, NO_EASI = 0, 1, 2, 3
"""What the investigator did: all scores, IGA and BSA only, nothing (NOT DONE), all but EASI."""
UNSCHEDULED = VISITS


@dataclass(frozen=True)
class Calendar:
    """Visits in the order of subjects and days: `subject`, `visit` (UNSCHEDULED among them), `after` (the last scheduled one), `day`, `done`."""

    subject: Ints
    visit: Ints
    after: Ints
    day: Ints
    done: Ints
    remote: Flags

    def only(self, flags: Flags | Ints) -> Calendar:
        """Some of the visits."""
        return Calendar(*(getattr(self, name)[flags] for name in ("subject", "visit", "after", "day", "done", "remote")))


def keep(facts: TrialFacts, draws: Draws, people: pd.DataFrame, days: Ints) -> Calendar:
    """The visits that took place, with unscheduled ones between."""
    subject, visit = np.nonzero(days != BLANK)
    day = days[subject, visit]
    done = np.where(visit == SCREENING, SHORT, FULL)
    unseen = people["at_week8"].to_numpy()[subject] & (visit == WEEK_8)
    some = draws.happens(facts.whole("visits.no_easi_permille"), len(visit)) & (visit >= WEEK_12) & (visit < WEEK_52)
    done = np.where(unseen, NOTHING, np.where(some, NO_EASI, done))
    first, last = day_of(facts.get("pandemic.first")), day_of(facts.get("pandemic.last"))
    remote = (day >= first) & (day <= last) & draws.happens(facts.whole("pandemic.remote_permille"), len(day))
    plain = ~people["severe"].to_numpy()[subject]
    extra = plain & draws.happens(facts.whole("visits.unscheduled_permille"), len(visit)) & np.isin(visit, [WEEK_4, *range(WEEK_12, WEEK_52)])
    extra &= day + 12 < people["stop"].to_numpy()[subject]
    later = day[extra] + 8 + draws.below(4, int(extra.sum()))
    columns = {
        "subject": np.r_[subject, subject[extra]],
        "visit": np.r_[visit, np.full(int(extra.sum()), UNSCHEDULED)],
        "after": np.r_[visit, visit[extra]],
        "day": np.r_[day, later],
        "done": np.r_[done, np.full(int(extra.sum()), SHORT)],
        "remote": np.r_[remote, np.zeros(int(extra.sum()), dtype=bool)],
    }
    order = np.lexsort((columns["day"], columns["subject"]))
    return Calendar(**{name: column[order] for name, column in columns.items()})


def names(facts: TrialFacts, calendar: Calendar) -> dict[str, pd.Series]:
    """VISITNUM, VISIT and VISITDY."""
    known = [str(name) for name in facts.get("visits.names")]
    terms = [*known, *(f"UNSCHEDULED {i + 1}.1" for i in range(len(known)))]
    extra = calendar.visit == UNSCHEDULED
    planned = np.array([BLANK, *facts.column("visits.days")[:WEEK_52], BLANK, BLANK], dtype=np.int64)
    day = planned[calendar.visit].astype(np.float64)
    return {
        "VISITNUM": pd.Series(np.where(extra, calendar.after + 1.1, calendar.visit + 1.0)).round(1),
        "VISIT": text(np.where(extra, calendar.after + len(known), calendar.visit), terms),
        "VISITDY": pd.Series(np.where(day == BLANK, np.nan, day)),
    }


def epoch(people: pd.DataFrame, entry: Ints, subject: Ints, day: Ints) -> pd.Series:
    """EPOCH of records by their day; the visit of entry itself still belongs to the first period."""
    stop, day1 = people["stop"].to_numpy()[subject], people["day1"].to_numpy()[subject]
    second = (entry[subject] != BLANK) & (day > entry[subject])
    code = np.where(day < day1, 0, np.where(day > stop + 7, 3, np.where(second, 2, 1)))
    return text(code, EPOCHS)


EPOCHS = ("SCREENING", "BLINDED TREATMENT", "CONTINUATION TREATMENT", "FOLLOW-UP")


def scored(course: Course, calendar: Calendar, values: Ints) -> Ints:
    """The values of a course at these visits; an unscheduled one shows what the scheduled one before it showed."""
    return values[calendar.subject, np.where(calendar.visit == UNSCHEDULED, calendar.after, calendar.visit)]
