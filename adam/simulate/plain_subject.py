"""A subject without surprises: visits on their planned days, a course that gets better; what an edge case starts from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from adam.simulate.adverse_events import Events
from adam.simulate.calendar import FULL, SHORT, Calendar
from adam.simulate.columns import BLANK, day_of, text
from adam.simulate.courses import Course
from adam.simulate.diary import Means
from adam.simulate.draws import Ints
from adam.simulate.exposure import INTERVAL, INTERVALS, Doses
from adam.simulate.quality import ASKED
from adam.simulate.trial import Trial
from adam.simulate.trial_facts import NOT_SUCCESS, TrialFacts
from adam.simulate.visits import DAY_1, FOLLOW_UP, NEVER_APPLIED, NOT_ENTERED, SCREENING, VISITS, WEEK_2, WEEK_4, WEEK_8, WEEK_52

IGA_COURSE = (3, 3, 3, 2, 1, 1, 1, 0, 1, 1, 2, 1, 0, 0, 1, 1, 1)
EASI_OF_IGA = (0, 12, 48, 100, 150)
USUAL_ITCH = {"DAY 1": (35, 7), "WEEK 2": (28, 7), "WEEK 4": (21, 7), "WEEK 8": (14, 7)}
BSA_OF_IGA = (0, 15, 40, 80, 120)


class Plain:
    """One plain subject, with what its case says otherwise; `day` arrays hold BLANK where it did not come."""

    def __init__(self, facts: TrialFacts, identifier: str, own: Mapping[str, Any]) -> None:
        said = {**facts.get("edge_cases.plain"), **own}
        self.facts, self.own, self.said = facts, own, said
        self.study = facts.studies.index(str(said["study"]))
        self.subjid = f"{said['site']}-{identifier}"
        self.usubjid = f"{said['study']}-{self.subjid}"
        self.day1 = day_of(str(said["first_day"]))
        self.arm = facts.arms.index(str(said["arm"]))
        second = said.get("second", said["arm"] if self.arm else "none")
        self.second = BLANK if second == "none" else facts.arms.index(str(second))
        self.days = self._days()
        self.stop = day_of(str(said["stop"])) if "stop" in said else int(self.days[: WEEK_52 + 1].max())
        self.days[self.days > self.stop] = BLANK
        if said.get("follow_up", True):
            self.days[FOLLOW_UP] = self.stop + 30
        self.entry = int(self.days[WEEK_8]) if self.second != BLANK else BLANK

    def _days(self) -> Ints:
        planned = self.facts.column("visits.days")
        days = np.full(VISITS, BLANK, dtype=np.int64)
        days[SCREENING] = day_of(str(self.said["consent"])) + 5
        days[DAY_1 : WEEK_52 + 1] = self.day1 + planned - 1
        last = str(self.said.get("last_visit", "WEEK 52" if self.second != BLANK else "WEEK 8"))
        names = [str(name) for name in self.facts.get("visits.names")]
        days[names.index(last) + 1 : FOLLOW_UP] = BLANK
        return days

    def by_visit(self, name: str, usual: Ints) -> Ints:
        """A score at every visit, with what the case says at some."""
        names = [str(visit) for visit in self.facts.get("visits.names")]
        result = usual.copy()
        for visit, value in (self.own.get(name) or {}).items():
            result[names.index(str(visit))] = round(float(value) * (1 if name == "iga" else 10))
        return result

    def person(self) -> dict[str, object]:
        """The subject's record."""
        entered = self.second != BLANK
        cream = self.said.get("second_cream", True)
        reason = [str(term) for term in self.facts.get("reasons.terms")].index(str(self.said.get("reason", "COMPLETED")))
        age = int(self.said["age"])
        return {
            "study": self.study, "site": int(self.said["site"]), "number": 0, "arm": self.arm, "second": self.second, "excluded": 0,
            "entry": NOT_ENTERED if not entered else 0 if cream else NEVER_APPLIED, "day1": self.day1, "consent": day_of(str(self.said["consent"])),
            "dose_minute": 570, "birth": day_of(str(self.said["birth"])), "female": True, "race": 0, "ethnic": 0, "country": 0, "region": 0,
            "face": True, "flares": 4, "duration": 150, "age": age, "child": age < self.facts.whole("enrolment.adult_instrument"), "stop": self.stop,
            "end": max(self.stop, int(self.days[FOLLOW_UP])), "disposition": reason, "category": NOT_SUCCESS, "severe": False, "completed": entered,
            "iga0": int(self.by_visit("iga", np.array(IGA_COURSE))[DAY_1]),
            "at_week8": False, "qol_response": True, "qol8": 6, "subjid": self.subjid, "usubjid": self.usubjid,
        }  # fmt: skip

    def doses(self) -> list[tuple[int, int, int, int]]:
        """First and last day, arm and period of each course of cream."""
        if not self.said.get("treated", True):
            return []
        last = self.entry - 1 if self.entry != BLANK else self.stop
        starts = [day for day in (self.days[DAY_1], self.day1 + 14, self.day1 + 28) if day <= last]
        rows = [(int(a), int(b) - 1, self.arm, 1) for a, b in zip(starts, [*starts[1:], last + 1], strict=True)]
        if self.entry == BLANK or not self.said.get("second_cream", True):
            return rows
        first = self.entry + int(self.said.get("first_cream", 0))
        for i in range(INTERVALS):
            begin = max(self.entry + i * INTERVAL, first)
            end = min(self.entry + i * INTERVAL + 13, self.stop)
            if end >= begin or (first >= begin and first <= self.entry + (i + 1) * INTERVAL - 1):
                rows.append((begin, max(end, begin), self.second, 2))
        return rows


def plain_trial(facts: TrialFacts, subjects: list[Plain]) -> Trial:
    """The trial of these subjects; nothing of it is drawn."""
    people = pd.DataFrame([subject.person() for subject in subjects])
    people["usubjid"], people["subjid"] = (text(np.arange(len(people)), people[name].to_list()) for name in ("usubjid", "subjid"))
    days = np.stack([subject.days for subject in subjects])
    rows = [(i, *row) for i, subject in enumerate(subjects) for row in subject.doses()]
    columns = np.array(rows, dtype=np.int64).reshape(-1, 5).T
    subject, visit = np.nonzero(days != BLANK)
    done = np.where(visit == SCREENING, SHORT, FULL)
    nothing = np.zeros(0, dtype=np.int64)
    return Trial(
        people=people,
        days=days,
        pandemic=np.zeros(days.shape, dtype=bool),
        entry=np.array([subject_.entry for subject_ in subjects], dtype=np.int64),
        course=_course(subjects),
        calendar=Calendar(subject, visit, visit, days[subject, visit], done, np.zeros(len(visit), dtype=bool)),
        doses=Doses(*columns),
        weeks=_weeks(subjects),
        totals=np.tile(np.array([12, 11, 9, 6, 6, 5, 5, 5], dtype=np.int64)[: len(ASKED)], (len(subjects), 1)),
        events=Events(*(nothing,) * 6, *(nothing.astype(bool),) * 3),
    )


def _course(subjects: list[Plain]) -> Course:
    iga = np.stack([subject.by_visit("iga", np.array(IGA_COURSE)) for subject in subjects])
    easi = np.stack([subject.by_visit("easi", np.array(EASI_OF_IGA)[row]) for subject, row in zip(subjects, iga, strict=True)])
    return Course(iga, easi, np.where(easi == 0, 0, np.array(BSA_OF_IGA)[np.maximum(iga, 1)]))


def _weeks(subjects: list[Plain]) -> Means:
    """Means of 5, 4, 3 and 2 on seven days, or sum and number as the case says."""
    total, number, anchor = [], [], []
    for subject in subjects:
        own = subject.own.get("itch") or {}
        pairs = [own.get(visit, usual) for visit, usual in USUAL_ITCH.items()]
        total.append([int(pair[0]) for pair in pairs])
        number.append([int(pair[1]) for pair in pairs])
        planned = np.array([subject.day1, subject.day1 + 14, subject.day1 + 28, subject.day1 + 56])
        seen = subject.days[[DAY_1, WEEK_2, WEEK_4, WEEK_8]]
        anchor.append(np.where(seen == BLANK, planned, seen))
    return Means(np.array(total, dtype=np.int64), np.array(number, dtype=np.int64), np.stack(anchor))
