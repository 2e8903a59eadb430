"""Adverse events: who has any in which period, which ones, which are related, serious or end the treatment."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from adam.simulate.columns import BLANK
from adam.simulate.draws import LAST, Draws, Flags, Ints
from adam.simulate.exposure import Doses, limits
from adam.simulate.trial_facts import TrialFacts
from adam.simulate.visits import NOT_ENTERED

SCREENED, FIRST, SECOND = 0, 1, 2
"""Periods of onset."""


@dataclass(frozen=True)
class Events:
    """One adverse event per place, in the order of subjects and start days; `term` is a position in the study's list of terms."""

    subject: Ints
    period: Ints
    term: Ints
    start: Ints
    end: Ints
    severity: Ints
    related: Flags
    serious: Flags
    stops: Flags


@dataclass(frozen=True)
class _Marks:
    """What holds of each subject in a period: any event, any related one, one that ended the treatment."""

    has: Flags
    related: Flags
    stops: Flags


def happen(facts: TrialFacts, draws: Draws, people: pd.DataFrame, entry: Ints, doses: Doses) -> Events:
    """All adverse events of these subjects."""
    arm, second = people["arm"].to_numpy(), people["second"].to_numpy()
    applied = (people["entry"] == 0).to_numpy()
    severe = people["severe"].to_numpy()
    sequence = np.where(applied, np.minimum(arm, 1) * 2 + second, -1)
    strength = np.where(applied & (second > 0), second, arm)
    has1, has2 = _any(facts, draws, people, sequence)
    terms = [str(term) for term in facts.get("adverse_events.terms")]
    chosen: list[tuple[Ints, int, int]] = []
    site1, site2 = np.zeros(len(people), dtype=bool), np.zeros(len(people), dtype=bool)
    for name, rows in facts.get("adverse_events.first_period").items():
        local = name.startswith("Application site")
        who = draws.taken(arm, dict(enumerate(rows)), draws.noise(len(people)), has1 & ~(severe & local))
        chosen.append((np.flatnonzero(who), FIRST, terms.index(name)))
        site1 |= who & local
    for name, rows in facts.get("adverse_events.second_period").items():
        shares = dict(zip((3, 4, 1, 2), rows, strict=True))
        who = draws.taken(sequence, shares, draws.noise(len(people)), has2)
        chosen.append((np.flatnonzero(who), SECOND, terms.index(name)))
    cell = np.where(severe, 100 * (sequence > 0) + strength, sequence)
    local_rows = facts.get("adverse_events.application_site_second_period")
    shares = dict(zip((3, 4, 1, 2), local_rows["others"], strict=True)) | {101 + i: row for i, row in enumerate(local_rows["severe"])}
    site2 = draws.taken(np.where((sequence > 0), cell, -1), shares, draws.noise(len(people)), has2 & ~(severe & (arm == 0)))
    local_terms = [i for i, term in enumerate(terms) if term.startswith("Application site")]
    kind = draws.below(len(local_terms), len(people))
    chosen += [(np.flatnonzero(site2 & (kind == i)), SECOND, term) for i, term in enumerate(local_terms)]
    related1, related2 = _related(facts, draws, people, (has1, has2), (site1, site2), sequence)
    ended = (people["disposition"] == 1).to_numpy()
    entered = (people["entry"] != NOT_ENTERED).to_numpy()
    marks = {FIRST: _Marks(has1, related1, ended & ~entered), SECOND: _Marks(has2, related2, ended & entered)}
    return _records(facts, draws, people, entry, doses, chosen, marks)


def _any(facts: TrialFacts, draws: Draws, people: pd.DataFrame, sequence: Ints) -> tuple[Flags, Flags]:
    """Any event in the first and in the second period; among the severely ill by numbers for each and both."""
    size = len(people)
    arm, severe = people["arm"].to_numpy(), people["severe"].to_numpy()
    ended = (people["disposition"] == 1).to_numpy()
    entered = (people["entry"] != NOT_ENTERED).to_numpy()
    first = facts.get("adverse_events.any_first_period")
    plain = np.where(severe, 10 + arm, arm)
    table = dict(enumerate(first["others"])) | {10: first["severe_vehicle"]}
    one = draws.taken(plain, table, draws.noise(size) + LAST * (ended & ~entered))
    second = facts.get("adverse_events.any_second_period")
    plain = np.where(severe, np.where(sequence > 2, -1, 10 + sequence), sequence)
    table = dict(zip((3, 4, 1, 2), second["others"], strict=True)) | {11 + i: row for i, row in enumerate(second["severe_crossed"])}
    two = draws.taken(plain, table, draws.noise(size) + LAST * (ended & entered), sequence > 0)
    harsh = np.where(severe & (arm > 0), arm, -1)
    numbers = facts.get("adverse_events.severe_randomised")
    there = np.where(sequence > 0, harsh, -1)
    late = draws.taken(there, dict(enumerate(numbers["second"], start=1)), draws.noise(size))
    early = draws.taken(np.where(late, -1, harsh), dict(enumerate(numbers["first_only"], start=1)), draws.noise(size))
    both = draws.taken(np.where(late, there, -1), dict(enumerate(numbers["both"], start=1)), draws.noise(size))
    one, two = one | early | both, two | late
    return one, two


def _related(
    facts: TrialFacts, draws: Draws, people: pd.DataFrame, has: tuple[Flags, Flags], site: tuple[Flags, Flags], sequence: Ints
) -> tuple[Flags, Flags]:
    """Subjects with a related event in each period; whoever has an application site reaction is among them."""
    size = len(people)
    arm, severe = people["arm"].to_numpy(), people["severe"].to_numpy()
    rows = facts.get("adverse_events.related")
    one = draws.taken(np.where(severe, -1, arm), dict(enumerate(rows["first"])), draws.noise(size) + LAST * site[0], has[0])
    shares = dict(zip((3, 4, 1, 2), rows["second"], strict=True))
    two = draws.taken(np.where(severe, -1, sequence), shares, draws.noise(size) + LAST * site[1], has[1])
    strength = np.where(arm > 0, arm, np.where(sequence > 0, people["second"], -1))
    able = np.where(arm > 0, has[0] | has[1], has[1])
    score = draws.noise(size) + LAST * site[1]
    harsh = draws.taken(np.where(severe, strength, -1), dict(enumerate(rows["severe"], start=1)), score, able)
    late = harsh & (site[1] | ~(has[0] & (arm > 0)))
    return one | (harsh & ~late) | site[0], two | late | site[1]


def _records(
    facts: TrialFacts, draws: Draws, people: pd.DataFrame, entry: Ints, doses: Doses, chosen: list[tuple[Ints, int, int]], marks: dict[int, _Marks]
) -> Events:
    """The named events, others until every subject marked has at least one, and some before treatment."""
    terms = facts.get("adverse_events.terms")
    weights = [int(term["weight"]) for term in terms.values()]
    columns: list[tuple[Ints, Ints, Ints, Flags]] = []
    for of, mark in marks.items():
        named = np.bincount(np.concatenate([s for s, p, _ in chosen if p == of] or [np.zeros(0, dtype=np.int64)]), minlength=len(people))
        local = np.zeros(len(people), dtype=bool)
        for s, p, t in chosen:
            local[s] |= p == of and list(terms)[t].startswith("Application site")
        least = np.where((named == 0) | (mark.related & ~local) | mark.stops, 1, 0)
        extra = np.where(mark.has, np.maximum(draws.pick(facts.get("adverse_events.further")[of - 1], len(people)), least), 0)
        rows = np.repeat(np.arange(len(people)), extra)
        columns.append((rows, np.full(len(rows), of), draws.pick(weights, len(rows)), np.ones(len(rows), dtype=bool)))
    for s, p, t in chosen:
        columns.append((s, np.full(len(s), p), np.full(len(s), t), np.zeros(len(s), dtype=bool)))
    early = np.flatnonzero(draws.happens(facts.whole("adverse_events.before_permille"), len(people)))
    columns.append((early, np.full(len(early), SCREENED), draws.pick(weights, len(early)), np.zeros(len(early), dtype=bool)))
    subject, period, term, other = (np.concatenate([column[i] for column in columns]) for i in range(4))
    opening = other & np.r_[True, (subject[1:] != subject[:-1]) | (period[1:] != period[:-1])]
    names = np.array([str(name).startswith("Application site") for name in terms])
    related, stops = names[term] & (period > 0), np.zeros(len(subject), dtype=bool)
    for p, mark in marks.items():
        here = (period == p) & opening
        without = np.zeros(len(people), dtype=bool)
        without[subject[(period == p) & names[term]]] = True
        related |= here & mark.related[subject] & ~without[subject]
        stops |= here & mark.stops[subject]
    return _dated(facts, draws, people, entry, doses, (subject, period, term, related, stops))


def _dated(facts: TrialFacts, draws: Draws, people: pd.DataFrame, entry: Ints, doses: Doses, rows: tuple[Ints, Ints, Ints, Flags, Flags]) -> Events:
    """Days, severity and seriousness; nothing starts later than 25 days after the last application."""
    subject, period, term, related, stops = rows
    size = len(subject)
    day1, stop, end = (people[name].to_numpy()[subject] for name in ("day1", "stop", "end"))
    last = limits(people, doses)[1][subject]
    came = entry[subject]
    low = np.choose(period, [people["consent"].to_numpy()[subject], day1, came + 1])
    high = np.choose(period, [day1 - 1, np.where(came == BLANK, np.minimum(end, last + 7), came - 1), np.minimum(stop, last + 25)])
    low = np.where(stops, np.maximum(low, np.minimum(stop, high) - 9), low)
    low = np.minimum(low, high)
    start = low + draws.below(np.maximum(high - low + 1, 1))
    severity = draws.pick(facts.get("adverse_events.severity"), size)
    severity = np.where(stops, np.maximum(severity, 1), severity)
    serious = ~related & ~stops & (severity == 2) & draws.happens(facts.whole("adverse_events.serious_of_severe"), size)
    length = np.array([1, 2, 3, 4, 5, 7, 8, 10, 13, 17, 22, 30, 45])[draws.below(13, size)] + draws.below(3, size)
    finish = np.where(draws.happens(60, size) | (start + length > end), BLANK, start + length)
    order = np.lexsort((term, start, subject))
    events = Events(subject, period, term, start, finish, severity, related, serious, stops)
    return Events(*(getattr(events, name)[order] for name in Events.__dataclass_fields__))
