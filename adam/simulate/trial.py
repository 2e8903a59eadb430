"""One simulated trial: every draw about its subjects, and the frames of each domain made from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pandas as pd

from adam.simulate import adverse_events as events_of
from adam.simulate import baseline, calendar, clinician, courses, demography, diary, exposure, milestones, quality, questionnaires, responses, safety
from adam.simulate import subjects as subjects_of
from adam.simulate import visits as visits_of
from adam.simulate.columns import numerals, text
from adam.simulate.draws import Draws, Flags, Ints
from adam.simulate.trial_facts import TrialFacts


@dataclass(frozen=True)
class Trial:
    """The subjects in their order, and arrays by subject (and visit) about them."""

    people: pd.DataFrame
    days: Ints
    pandemic: Flags
    entry: Ints
    course: courses.Course
    calendar: calendar.Calendar
    doses: exposure.Doses
    weeks: diary.Means
    totals: Ints
    events: events_of.Events


def draw(facts: TrialFacts, draws: Draws, subjects: int | None) -> Trial:
    """Everything that is drawn once for a trial; what is left to draw for the records has its own streams."""
    people = subjects_of.enrol(facts, draws.stream("subjects"), subjects)
    people = baseline.assess(facts, draws.stream("baseline"), people)
    people = responses.respond(facts, draws.stream("responses"), people)
    people = named(facts, visits_of.enter(facts, draws.stream("entry"), people))
    people, days = visits_of.come(facts, draws.stream("visits"), people)
    days, pandemic = visits_of.miss(facts, draws.stream("missed visits"), people, days)
    return complete(facts, draws, people, days, pandemic)


def named(facts: TrialFacts, people: pd.DataFrame) -> pd.DataFrame:
    """The subjects with SUBJID (site and number) and USUBJID."""
    site, number = people["site"].to_numpy(), people["number"].to_numpy()
    people["subjid"] = numerals(site).str.cat(numerals(number + 10_000).str.slice(1), sep="-")
    people["usubjid"] = text(people["study"].to_numpy(), facts.studies).str.cat(people["subjid"], sep="-")
    return people


def complete(facts: TrialFacts, draws: Draws, people: pd.DataFrame, days: Ints, pandemic: Flags) -> Trial:
    """The trial of subjects whose visits are known."""
    entry = milestones.entry_days(people, days[:, visits_of.WEEK_8])
    course = courses.follow(facts, draws.stream("courses"), people, days)
    doses = exposure.apply(facts, draws.stream("exposure"), people, days, course, entry)
    return Trial(
        people=people,
        days=days,
        pandemic=pandemic,
        entry=entry,
        course=course,
        calendar=calendar.keep(facts, draws.stream("calendar"), people, days),
        doses=doses,
        weeks=diary.means(facts, draws.stream("diary"), people, days),
        totals=quality.totals(draws.stream("quality of life"), people, course),
        events=events_of.happen(facts, draws.stream("adverse events"), people, entry, doses),
    )


def frames(facts: TrialFacts, draws: Draws, trial: Trial) -> dict[str, Callable[[], Iterator[pd.DataFrame]]]:
    """For each domain a function that gives its frame in parts; nothing is made before it is called."""
    people, entry, doses = trial.people, trial.entry, trial.doses
    whole: dict[str, Callable[[], pd.DataFrame]] = {
        "DM": lambda: demography.subjects(facts, people, *exposure.limits(people, doses)),
        "SUPPDM": lambda: demography.qualifiers(facts, draws.stream("SUPPDM"), people),
        "EX": lambda: exposure.records(facts, people, doses),
        "DS": lambda: milestones.dispositions(facts, people, entry),
        "SE": lambda: milestones.elements(facts, people, entry),
        "SV": lambda: milestones.visits(facts, people, trial.days, trial.calendar, trial.pandemic),
        "AE": lambda: safety.records(facts, draws.stream("AE"), people, entry, doses, trial.events),
        "SUPPAE": lambda: safety.qualifiers(facts, people, trial.events),
        "MH": lambda: demography.history(facts, draws.stream("MH"), people),
        "FA": lambda: demography.findings(facts, people),
    }
    return {
        **{domain: _once(maker) for domain, maker in whole.items()},
        "RS": lambda: clinician.records(facts, draws.stream("RS"), people, entry, trial.course, trial.calendar),
        "QS": lambda: _questionnaires(facts, draws.stream("QS"), trial),
    }


def _once(maker: Callable[[], pd.DataFrame]) -> Callable[[], Iterator[pd.DataFrame]]:
    return lambda: iter([maker()])


def _questionnaires(facts: TrialFacts, draws: Draws, trial: Trial) -> Iterator[pd.DataFrame]:
    answers = quality.answer(facts, draws, trial.people, trial.calendar, trial.totals)
    return questionnaires.records(facts, draws, trial.people, trial.entry, answers, trial.weeks)
