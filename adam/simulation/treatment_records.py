"""EX: one record for each course of treatment."""

from __future__ import annotations

import numpy as np
import pandas as pd

from adam.simulation.columns import BLANK, dtc, frame, number, sequence, study_day, text
from adam.simulation.trial import Trial


def records(trial: Trial) -> pd.DataFrame:
    """EX. The first dose has a time, the others only a date."""
    facts, given = trial.facts, trial.exposures
    day1 = trial.people["day1"][given.subject]
    minute = np.where(given.start == day1, trial.people["dose_minute"][given.subject], BLANK)
    treatments = facts.get("exposure.treatments")
    columns: dict[str, pd.Series | str] = {
        **trial.identity("EX", given.subject),
        "EXSEQ": sequence(given.subject),
        "EXTRT": text(given.arm, [str(treatment["EXTRT"]) for treatment in treatments]),
        "EXDOSE": pd.Series(np.array([float(treatment["EXDOSE"]) for treatment in treatments])[given.arm]),
        **{name: str(facts.get(f"exposure.columns.{name}")) for name in ("EXDOSU", "EXDOSFRM", "EXDOSFRQ", "EXROUTE")},
        "EPOCH": text(given.epoch, facts.texts("epochs")),
        "EXSTDTC": dtc(given.start, minute),
        "EXENDTC": dtc(given.end),
        "EXSTDY": number(study_day(given.start, day1)),
        "EXENDY": number(study_day(given.end, day1)),
    }
    return frame(columns, len(given.subject))
