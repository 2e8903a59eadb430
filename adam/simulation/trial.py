"""One simulated trial: its subjects with all their variables, visits, courses of treatment and adverse events."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from adam.simulation import adverse_events, exposure
from adam.simulation.calendar import Calendar, hold_visits
from adam.simulation.columns import numerals, text
from adam.simulation.draws import Draws, Ints
from adam.simulation.enrolment import allocate
from adam.simulation.population import Population
from adam.simulation.scope import Scope
from adam.simulation.steps import run
from adam.simulation.trial_facts import TrialFacts


@dataclass(frozen=True)
class Trial:
    """The subjects in their order, their visits, courses of treatment and adverse events."""

    facts: TrialFacts
    draws: Draws
    people: Population
    subjid: pd.Series
    usubjid: pd.Series
    calendar: Calendar
    exposures: exposure.Exposures
    events: adverse_events.Events

    def scope(self, stream: str) -> Scope:
        """Where formulas about the subjects are evaluated, with a stream of draws of its own."""
        return Scope(self.facts, self.draws.stream(stream), self.people)

    def identity(self, domain: str, subject: Ints) -> dict[str, pd.Series | str]:
        """STUDYID, DOMAIN and USUBJID of records of these subjects."""
        return {
            "STUDYID": text(self.people["study"][subject], self.facts.studies),
            "DOMAIN": domain,
            "USUBJID": text(subject, self.usubjid.to_numpy()),
        }


def draw(facts: TrialFacts, draws: Draws, subjects: int | None) -> Trial:
    """Everything that is drawn once for a trial: the steps of each section of `steps:` in their order, each section from its own stream.

    The courses of treatment are known after the section `exposure`, the adverse events after the section of this name.
    """
    people = allocate(facts, subjects)
    given: exposure.Exposures | None = None
    events = adverse_events.NO_EVENTS
    for name, steps in facts.get("steps").items():
        scope = Scope(facts, draws.stream(str(name)), people)
        run(scope, steps)
        if name == "exposure":
            given = treat(facts, people)
        elif name == "adverse events":
            events = adverse_events.happen(scope)
    if given is None:
        facts.fail(facts.get("steps"), "'simulation: steps:' has no section 'exposure', so no subject is treated. Add it.", "spec-missing-key")
    subjid = numerals(people["site"]).str.cat(numerals(people["number"] + 10_000).str.slice(1), sep="-")
    usubjid = text(people["study"], facts.studies).str.cat(subjid, sep="-")
    calendar = hold_visits(Scope(facts, draws.stream("calendar"), people))
    return Trial(facts, draws, people, subjid, usubjid, calendar, given, events)


def treat(facts: TrialFacts, people: Population) -> exposure.Exposures:
    """The courses of treatment; adds `first_dose` and `last_dose`, the first and last day of treatment, to the subjects."""
    given = exposure.exposures(facts, people)
    people["first_dose"], people["last_dose"] = exposure.limits(people, given)
    return given
