"""Adverse events: the named events of the study, further events by weight, and the days and severity of all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from adam.simulation.columns import BLANK
from adam.simulation.draws import Flags, Ints
from adam.simulation.formula import values
from adam.simulation.scope import Scope

BEFORE = 0
"""The period before treatment; those of treatment follow from 1 on."""


@dataclass(frozen=True)
class Events:
    """One adverse event per place, in the order of subjects and start days; `term` is the place in the study's list of terms."""

    subject: Ints
    period: Ints
    term: Ints
    start: Ints
    end: Ints
    severity: Ints
    related: Flags
    serious: Flags
    stops: Flags


_NOTHING = np.zeros(0, dtype=np.int64)
NO_EVENTS = Events(*(_NOTHING,) * 6, *(_NOTHING.astype(bool),) * 3)


@dataclass(frozen=True)
class _Onsets:
    """Events without their days: subject, period, term; `further` events have a term drawn by weight."""

    subject: Ints
    period: Ints
    term: Ints
    further: Flags


def happen(scope: Scope) -> Events:
    """All adverse events: the named ones, further ones so that every subject with any event has one, and some before treatment."""
    named = _named_events(scope)
    rows = [*(_further_events(scope, period, named) for period in range(1, len(_periods(scope)))), *named, _early_events(scope)]
    onsets = _Onsets(*(np.concatenate([getattr(row, field.name) for row in rows]) for field in fields(_Onsets)))
    return _with_dates(scope, onsets, *_related_and_stopping(scope, onsets))


def _periods(scope: Scope) -> list[Mapping[str, Any]]:
    return list(scope.facts.get("adverse_events.periods"))


def _weights(scope: Scope) -> list[int]:
    return [int(term["weight"]) for term in scope.facts.get("adverse_events.terms").values()]


def _always_related(scope: Scope) -> Flags:
    """The terms that are always related to treatment."""
    return np.array([bool(term.get("related", False)) for term in scope.facts.get("adverse_events.terms").values()])


def _flags(scope: Scope, text: object) -> Flags:
    return values(text, scope).astype(np.bool_)


def _named_events(scope: Scope) -> list[_Onsets]:
    found = []
    for entry in scope.facts.optional("adverse_events.named", []):
        subject = np.flatnonzero(_flags(scope, entry["who"]))
        size = len(subject)
        term = np.full(size, scope.facts.position(entry["term"], "adverse_events.terms"))
        found.append(_Onsets(subject, np.full(size, int(entry["period"])), term, np.zeros(size, dtype=bool)))
    return found


def _further_events(scope: Scope, period: int, named: list[_Onsets]) -> _Onsets:
    """Further events of the subjects with any in a period; at least one where no named event explains what the steps give them."""
    facts, size = _periods(scope)[period], scope.population.size
    always = _always_related(scope)
    here = [row for row in named if len(row.period) and row.period[0] == period]
    count = np.bincount(np.concatenate([_NOTHING, *(row.subject for row in here)]), minlength=size)
    accounted = np.zeros(size, dtype=bool)
    for row in here:
        accounted[row.subject] |= always[row.term]
    related, stops = (_flags(scope, facts.get(key, "1 == 0")) for key in ("related", "stops"))
    least = np.where((count == 0) | (related & ~accounted) | stops, 1, 0)
    drawn = scope.draws.pick([int(weight) for weight in facts["further"]], size)
    subject = np.repeat(np.arange(size), np.where(_flags(scope, facts["any"]), np.maximum(drawn, least), 0))
    rows = len(subject)
    return _Onsets(subject, np.full(rows, period), scope.draws.pick(_weights(scope), rows), np.ones(rows, dtype=bool))


def _early_events(scope: Scope) -> _Onsets:
    """Events before treatment."""
    often = int(scope.facts.optional("adverse_events.before_permille", 0))
    subject = np.flatnonzero(scope.draws.happens(often, scope.population.size))
    size = len(subject)
    return _Onsets(subject, np.full(size, BEFORE), scope.draws.pick(_weights(scope), size), np.zeros(size, dtype=bool))


def _related_and_stopping(scope: Scope, onsets: _Onsets) -> tuple[Flags, Flags]:
    """Which events are related and which end the treatment; among the further events it is the first of a subject in a period."""
    subject, period = onsets.subject, onsets.period
    opening = onsets.further & np.r_[True, (subject[1:] != subject[:-1]) | (period[1:] != period[:-1])][: len(subject)]
    always = _always_related(scope)[onsets.term]
    related, stops = always & (period > BEFORE), np.zeros(len(subject), dtype=bool)
    for number, facts in enumerate(_periods(scope)[1:], start=1):
        here = (period == number) & opening
        accounted = np.zeros(scope.population.size, dtype=bool)
        accounted[subject[(period == number) & always]] = True
        related |= here & _flags(scope, facts.get("related", "1 == 0"))[subject] & ~accounted[subject]
        stops |= here & _flags(scope, facts.get("stops", "1 == 0"))[subject]
    return related, stops


def _with_dates(scope: Scope, onsets: _Onsets, related: Flags, stops: Flags) -> Events:
    """Days, severity and seriousness."""
    facts, draws, people = scope.facts, scope.draws, scope.population
    subject, size = onsets.subject, len(onsets.subject)
    stop, end = people["stop"][subject], people["end"][subject]
    low, high = (
        np.choose(onsets.period, [values(period[key], scope).astype(np.int64)[subject] for period in _periods(scope)]) for key in ("from", "to")
    )
    low = np.where(stops, np.maximum(low, np.minimum(stop, high) - int(facts.optional("adverse_events.stopping_days", 0))), low)
    low = np.minimum(low, high)
    start = low + draws.below(np.maximum(high - low + 1, 1))
    severity = draws.pick([int(weight) for weight in facts.get("adverse_events.severity")], size)
    severity = np.where(stops, np.maximum(severity, 1), severity)
    serious = ~related & ~stops & (severity == 2) & draws.happens(facts.integer("adverse_events.serious_of_severe"), size)
    durations = np.array([int(days) for days in facts.get("adverse_events.durations")], dtype=np.int64)
    length = durations[draws.below(len(durations), size)] + draws.below(facts.integer("adverse_events.durations_spread"), size)
    ongoing = draws.happens(facts.integer("adverse_events.ongoing_permille"), size) | (start + length > end)
    order = np.lexsort((onsets.term, start, subject))
    finish = np.where(ongoing, BLANK, start + length)
    events = Events(subject, onsets.period, onsets.term, start, finish, severity, related, serious, stops)
    return Events(*(getattr(events, field.name)[order] for field in fields(Events)))
