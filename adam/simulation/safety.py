"""AE and SUPPAE: the events as a site reports and a coder codes them (the codes are synthetic because the dictionary is licensed)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from adam.simulation.adverse_events import BEFORE
from adam.simulation.columns import BLANK, dtc, frame, number, numerals, sequence, study_day, text, where
from adam.simulation.demography import supplement
from adam.simulation.draws import Draws, Flags, Ints
from adam.simulation.formula import values
from adam.simulation.scope import Scope
from adam.simulation.trial import Trial
from adam.simulation.trial_facts import TrialFacts

SEVERITIES = ("MILD", "MODERATE", "SEVERE")
ACTIONS = ("DOSE NOT CHANGED", "DRUG INTERRUPTED", "DRUG WITHDRAWN", "NOT APPLICABLE")
OUTCOMES = ("RECOVERED/RESOLVED", "NOT RECOVERED/NOT RESOLVED")
FIRST_CODE = 99_000_000
"""The lowest code; no dictionary has codes this high."""


def records(trial: Trial) -> pd.DataFrame:
    """AE. Of a few dates only the month is known; then the whole month is in the period of the event."""
    facts, events, scope = trial.facts, trial.events, trial.scope("AE")
    draws, subject, size = scope.draws, events.subject, len(events.subject)
    day1 = trial.people["day1"][subject]
    start, end = dtc(events.start), dtc(events.end)
    partial = facts.integer("adverse_events.partial_permille")
    vague = _whole_month(trial, scope) & draws.happens(partial, size)
    short = draws.happens(partial, size) & (events.end != BLANK)
    often = facts.integer("adverse_events.interrupted_permille")
    interrupted = ~events.stops & (events.severity > 0) & draws.happens(often, size) & (events.period != BEFORE)
    action = np.where(events.stops, 2, np.where(interrupted, 1, np.where(events.period == BEFORE, 3, 0)))
    ongoing = events.end == BLANK
    columns: dict[str, pd.Series | str] = {
        **trial.identity("AE", subject),
        "AESEQ": sequence(subject),
        "AEGRPID": "",
        **_terms(facts, draws, events.term),
        "AESEV": text(events.severity, SEVERITIES),
        "AESER": _yes_no(events.serious),
        "AEACN": text(action, ACTIONS),
        "AEREL": text(events.related.astype(np.int64), ["NOT RELATED", "RELATED"]),
        "AEOUT": text(ongoing.astype(np.int64), OUTCOMES),
        **{name: _yes_no(events.serious & (name == "AESHOSP")) for name in ("AESCONG", "AESDISAB", "AESDTH", "AESHOSP", "AESLIFE", "AESMIE")},
        "EPOCH": text(events.period, facts.texts("epochs")),
        "AESTDTC": start.where(~vague, start.str.slice(0, 7)),
        "AEENDTC": end.where(~short, end.str.slice(0, 7)),
        "AESTDY": number(where(~vague, study_day(events.start, day1))),
        "AEENDY": number(where(~short, study_day(events.end, day1))),
        "AEENRF": "",
        "AEENRTPT": text(where(ongoing, 0), ["ONGOING"]),
        "AEENTPT": text(where(ongoing, 0), ["END OF STUDY"]),
    }
    return frame(columns, size)


def _yes_no(flags: Flags) -> pd.Series:
    return text(flags.astype(np.int64), ["N", "Y"])


def _terms(facts: TrialFacts, draws: Draws, term: Ints) -> dict[str, pd.Series]:
    """Reported term, lowest level to organ class, and their synthetic codes."""
    known = facts.get("adverse_events.terms")
    names = [str(name) for name in known]
    reported = [[str(text_) for text_ in entry.get("reported", [name])] for name, entry in known.items()]
    width = max(map(len, reported))
    choice = draws.below(width, len(term)) % np.array([len(entry) for entry in reported])[term]
    flat = [entry[i % len(entry)] for entry in reported for i in range(width)]
    levels = {"LLT": names, **{key: [str(entry[key.lower()]) for entry in known.values()] for key in ("HLT", "HLGT", "SOC")}}
    codes = {}
    for i, (key, entries) in enumerate((("LLT", names), ("PT", names), ("HLT", levels["HLT"]), ("HLGT", levels["HLGT"]), ("SOC", levels["SOC"]))):
        order = {value: place for place, value in enumerate(dict.fromkeys(entries))}
        codes[key] = number(np.array([FIRST_CODE + 1000 * (i + 1) + order[value] for value in entries])[term])
    return {
        "AETERM": text(term * width + choice, flat),
        "AELLT": text(term, names),
        "AELLTCD": codes["LLT"],
        "AEDECOD": text(term, names),
        "AEPTCD": codes["PT"],
        "AEHLT": text(term, levels["HLT"]),
        "AEHLTCD": codes["HLT"],
        "AEHLGT": text(term, levels["HLGT"]),
        "AEHLGTCD": codes["HLGT"],
        "AEBODSYS": text(term, levels["SOC"]),
        "AEBDSYCD": codes["SOC"],
        "AESOC": text(term, levels["SOC"]),
        "AESOCCD": codes["SOC"],
    }


def _whole_month(trial: Trial, scope: Scope) -> Flags:
    """Whether the whole month of onset is between the first and the last day that its period allows for it."""
    events = trial.events
    month = events.start.astype("datetime64[D]").astype("datetime64[M]")
    first = month.astype("datetime64[D]").astype(np.int64)
    last = (month + 1).astype("datetime64[D]").astype(np.int64) - 1
    inside = np.zeros(len(events.start), dtype=bool)
    for number_, period in enumerate(trial.facts.get("adverse_events.periods")):
        if "month" in period:
            low, high = (values(text_, scope).astype(np.int64)[events.subject] for text_ in period["month"])
            inside |= (events.period == number_) & (first >= low) & (last <= high)
    return inside


def qualifiers(trial: Trial) -> pd.DataFrame:
    """SUPPAE: the sponsor's treatment emergent flag of every event."""
    events = trial.events
    emerged = _yes_no(events.period != BEFORE)
    name = ("AETRTEM", "Treatment Emergent Flag", "Derived")
    return supplement(trial, "AE", events.subject, name, emerged, numerals(sequence(events.subject).to_numpy().astype(np.int64)))
