"""The frames of each SDTM domain of a trial."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pandas as pd

from adam.simulation import assessments, demography, history, milestones, questionnaires, safety, treatment_records
from adam.simulation.trial import Trial

Maker = Callable[[Trial], pd.DataFrame]

WHOLE: dict[str, tuple[Maker, str]] = {
    "DM": (demography.subjects, ""),
    "SUPPDM": (demography.qualifiers, "qualifiers"),
    "EX": (treatment_records.records, ""),
    "DS": (milestones.dispositions, "dispositions"),
    "SE": (milestones.elements, "subject_elements"),
    "SV": (milestones.visits, ""),
    "AE": (safety.records, "adverse_events"),
    "SUPPAE": (safety.qualifiers, "adverse_events"),
    "MH": (history.conditions, "history"),
    "FA": (history.findings, "findings_about"),
}
"""Domains that are written in one part: the function, and the section of the study facts that the domain needs."""


def frames(trial: Trial) -> dict[str, Callable[[], Iterator[pd.DataFrame]]]:
    """For each domain of the study a function that gives its frame in parts; no frame exists before the call."""
    facts = trial.facts
    found: dict[str, Callable[[], Iterator[pd.DataFrame]]] = {
        domain: _once(maker, trial) for domain, (maker, section) in WHOLE.items() if not section or facts.optional(section) is not None
    }
    if facts.optional("assessments") is not None:
        found["RS"] = lambda: assessments.records(trial)
    if facts.optional("questionnaires") is not None or facts.optional("diary") is not None:
        found["QS"] = lambda: questionnaires.records(trial)
    return found


def _once(maker: Maker, trial: Trial) -> Callable[[], Iterator[pd.DataFrame]]:
    return lambda: iter([maker(trial)])
