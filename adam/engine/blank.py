"""Variables that hold nothing where the standard or the key of a dataset needs a value."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from adam.core.errors import Finding, Severity
from adam.core.kinds import is_missing
from adam.planning.values import ResolvedDataset

SHOWN = 10


def blank(dataset: ResolvedDataset, frame: pd.DataFrame) -> Iterator[Finding]:
    """Findings for a required variable that is blank in every record, and for blank values of the key.

    A blank part of the key is an error where the standard requires the variable (but a date may be unknown), and for a sequence number in
    a dataset without parameters: derived records of a parameter have none. Other parts, such as DTYPE, may be blank, but in every record only with
    `allow_empty: true`.
    """
    for name, variable in dataset.variables.items():
        missing = is_missing(frame[name]).to_numpy() if len(frame) else None
        if missing is None or not missing.any():
            continue
        keyed, required = name in dataset.key, variable.core == "Req"
        dated = variable.type in ("date", "datetime", "time")  # a date in the key may be unknown
        if keyed and ((required and not dated) or (name.endswith("SEQ") and not dataset.parameters)):
            yield _finding(dataset, frame, name, missing, Severity.ERROR, "The key variable is blank, so these records are not identified")
        elif missing.all() and (required or keyed) and not variable.allow_empty:
            why = "The standard requires the variable (core: Req)" if required else "The variable is part of the key"
            message = f"{why}, but it is blank in every record. Correct its formula or the key, or write 'allow_empty: true' in its block."
            yield Finding("blank", Severity.WARNING, dataset.name, message, len(frame), mark=variable.mark, variable=name)


def _finding(dataset: ResolvedDataset, frame: pd.DataFrame, name: str, missing: np.ndarray, severity: Severity, message: str) -> Finding:
    records = frame.loc[missing]
    others = [key for key in dataset.key if key != name]
    keys = tuple({key: _shown(record[key]) for key in others} for record in records[others].head(SHOWN).to_dict("records"))
    return Finding("blank", severity, dataset.name, message, len(records), keys, dataset.variables[name].mark, name)


def _shown(value: object) -> str:
    return f"{value:.15g}" if isinstance(value, float) else str(value)
