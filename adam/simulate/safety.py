"""AE and SUPPAE: the events as a site reports and a coder codes them (codes are made up, as the dictionary is licensed)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from adam.simulate.adverse_events import FIRST, SCREENED, SECOND, Events
from adam.simulate.calendar import EPOCHS
from adam.simulate.columns import BLANK, dtc, frame, number, numerals, sequence, study_day, text, where
from adam.simulate.demography import supplement
from adam.simulate.draws import Draws, Flags, Ints
from adam.simulate.exposure import Doses, limits
from adam.simulate.trial_facts import TrialFacts

SEVERITIES = ("MILD", "MODERATE", "SEVERE")
ACTIONS = ("DOSE NOT CHANGED", "DRUG INTERRUPTED", "DRUG WITHDRAWN", "NOT APPLICABLE")
OUTCOMES = ("RECOVERED/RESOLVED", "NOT RECOVERED/NOT RESOLVED")
FIRST_CODE = 99_000_000
"""Codes from here on; no dictionary has them."""


def records(facts: TrialFacts, draws: Draws, people: pd.DataFrame, entry: Ints, doses: Doses, events: Events) -> pd.DataFrame:
    """AE; a few dates are known to the month only, and then every day of it lies in the event's period."""
    subject, size = events.subject, len(events.subject)
    day1 = people["day1"].to_numpy()[subject]
    start = dtc(events.start)
    vague = _whole_month(people, entry, doses, events) & draws.happens(facts.whole("adverse_events.partial_permille"), size)
    end = dtc(events.end)
    short = draws.happens(facts.whole("adverse_events.partial_permille"), size) & (events.end != BLANK)
    interrupted = ~events.stops & (events.severity > 0) & draws.happens(60, size) & (events.period != SCREENED)
    action = np.where(events.stops, 2, np.where(interrupted, 1, np.where(events.period == SCREENED, 3, 0)))
    ongoing = events.end == BLANK
    columns: dict[str, pd.Series | str] = {
        "STUDYID": text(people["study"].to_numpy()[subject], facts.studies),
        "DOMAIN": "AE",
        "USUBJID": text(subject, people["usubjid"].to_numpy()),
        "AESEQ": sequence(subject),
        "AEGRPID": "",
        **_terms(facts, draws, events.term),
        "AESEV": text(events.severity, SEVERITIES),
        "AESER": _yes_no(events.serious),
        "AEACN": text(action, ACTIONS),
        "AEREL": text(events.related.astype(np.int64), ["NOT RELATED", "RELATED"]),
        "AEOUT": text(ongoing.astype(np.int64), OUTCOMES),
        **{name: _yes_no(events.serious & (name == "AESHOSP")) for name in ("AESCONG", "AESDISAB", "AESDTH", "AESHOSP", "AESLIFE", "AESMIE")},
        "EPOCH": text(events.period, EPOCHS),
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
    """Reported term, lowest level to organ class, and their made-up codes."""
    known = facts.get("adverse_events.terms")
    names = [str(name) for name in known]
    words = [[str(word) for word in entry.get("words", [name])] for name, entry in known.items()]
    width = max(map(len, words))
    choice = draws.below(width, len(term)) % np.array([len(entry) for entry in words])[term]
    flat = [entry[i % len(entry)] for entry in words for i in range(width)]
    levels = {"LLT": names, **{key: [str(entry[key.lower()]) for entry in known.values()] for key in ("HLT", "HLGT", "SOC")}}
    codes = {}
    for i, (key, values) in enumerate((("LLT", names), ("PT", names), ("HLT", levels["HLT"]), ("HLGT", levels["HLGT"]), ("SOC", levels["SOC"]))):
        order = {value: place for place, value in enumerate(dict.fromkeys(values))}
        codes[key] = number(np.array([FIRST_CODE + 1000 * (i + 1) + order[value] for value in values])[term])
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


def _whole_month(people: pd.DataFrame, entry: Ints, doses: Doses, events: Events) -> Flags:
    """Whether the month of onset lies wholly inside the period and the time at risk."""
    month = events.start.astype("datetime64[D]").astype("datetime64[M]")
    first = month.astype("datetime64[D]").astype(np.int64)
    last = (month + 1).astype("datetime64[D]").astype(np.int64) - 1
    came, day1 = entry[events.subject], people["day1"].to_numpy()[events.subject]
    final = limits(people, doses)[1][events.subject] + 25
    low = np.where(events.period == SECOND, came + 1, day1)
    high = np.where(events.period == SECOND, final, np.where(came == BLANK, final, came - 1))
    return (events.period >= FIRST) & (first >= low) & (last <= high)


def qualifiers(facts: TrialFacts, people: pd.DataFrame, events: Events) -> pd.DataFrame:
    """SUPPAE: the sponsor's treatment emergent flag of every event."""
    places = np.arange(len(events.subject))
    first = np.r_[True, events.subject[1:] != events.subject[:-1]] if len(places) else np.zeros(0, dtype=bool)
    seq = places - np.maximum.accumulate(np.where(first, places, 0)) + 1 if len(places) else places
    emerged = _yes_no(events.period != SCREENED)
    return supplement(facts, people, "AE", events.subject, ("AETRTEM", "Treatment Emergent Flag", "Derived"), emerged, numerals(seq))
