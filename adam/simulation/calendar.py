"""The visits that took place, one record each, for SV, RS and QS."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

from adam.simulation.columns import BLANK, text
from adam.simulation.draws import Flags, Ints
from adam.simulation.formula import values
from adam.simulation.population import Array
from adam.simulation.scope import Scope
from adam.simulation.trial_facts import TrialFacts

ALL, SCORES, NOTHING, NO_INDEX = 0, 1, 2, 3
"""The assessments at a visit: all, the scores alone, none (NOT DONE), or the scores with the index NOT DONE."""


@dataclass(frozen=True)
class Calendar:
    """Visits in the order of subjects and days. `visit` is the place of the visit, and the number of visits for an unscheduled one.

    `after` is the scheduled visit itself or the one before an unscheduled visit, `assessed` what was assessed, `remote` how it was held.
    """

    subject: Ints
    visit: Ints
    after: Ints
    day: Ints
    assessed: Ints
    remote: Flags

    def only(self, flags: Flags | Ints) -> Calendar:
        """Some of the visits."""
        return Calendar(*(getattr(self, field.name)[flags] for field in fields(self)))


def hold_visits(scope: Scope) -> Calendar:
    """The visits that took place, with unscheduled visits between them."""
    facts, days = scope.facts, scope.population["days"]
    subject, visit = np.nonzero(days != BLANK)
    day = days[subject, visit]
    records = at_visits(scope, subject, visit, day)
    assessed = values(facts.optional("visits.assessed", 0), records).astype(np.int64)
    remote = values(facts.optional("visits.remote", "1 == 0"), records).astype(np.bool_)
    extra = _unscheduled(records)
    after = at_visits(scope, subject[extra], visit[extra], day[extra])
    later = day[extra] + values(facts.optional("visits.unscheduled.days", 0), after)
    found = int(extra.sum())
    columns = [
        np.r_[subject, subject[extra]],
        np.r_[visit, np.full(found, len(facts.visits))],
        np.r_[visit, visit[extra]],
        np.r_[day, later],
        np.r_[assessed, np.full(found, int(facts.optional("visits.unscheduled.assessed", ALL)))],
        np.r_[remote, np.zeros(found, dtype=bool)],
    ]
    order = np.lexsort((columns[3], columns[0]))
    return Calendar(*(column[order] for column in columns))


def _unscheduled(records: Scope) -> Flags:
    """Whether an unscheduled visit follows each visit."""
    return values(records.facts.optional("visits.unscheduled.after", "1 == 0"), records).astype(np.bool_)


def at_visits(scope: Scope, subject: Ints, visit: Ints, day: Ints, **further: Array) -> Scope:
    """The scope of records of subjects at visits: the names `visit` and `day` are those of the record."""
    return Scope(scope.facts, scope.draws, scope.population, local={"subject": subject, "visit": visit, "day": day, **further})


def names(facts: TrialFacts, calendar: Calendar) -> dict[str, pd.Series]:
    """VISITNUM, VISIT and VISITDY."""
    known = facts.visits
    extra = calendar.visit == len(known)
    planned = np.array([int(day) or BLANK for day in facts.get("visits.days")] + [BLANK], dtype=np.int64)
    day = planned[calendar.visit].astype(np.float64)
    return {
        "VISITNUM": pd.Series(np.where(extra, calendar.after + 1.1, calendar.visit + 1.0)).round(1),
        "VISIT": text(np.where(extra, calendar.after + len(known), calendar.visit), [*known, *(f"UNSCHEDULED {i + 1}.1" for i in range(len(known)))]),
        "VISITDY": pd.Series(np.where(day == BLANK, np.nan, day)),
    }


def epoch(scope: Scope, subject: Ints, day: Ints) -> pd.Series:
    """EPOCH of records by their day."""
    records = Scope(scope.facts, scope.draws, scope.population, local={"subject": subject, "day": day})
    return text(values(scope.facts.get("epoch_of_day"), records).astype(np.int64), scope.facts.texts("epochs"))


def values_at(calendar: Calendar, by_visit: Array) -> Ints:
    """The values of a variable by visit at these visits; an unscheduled visit has those of the scheduled visit before it."""
    return np.asarray(by_visit[calendar.subject, calendar.after], dtype=np.int64)
