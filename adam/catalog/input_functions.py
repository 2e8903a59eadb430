"""What a record rule can ask of an input while it creates records: an expression evaluated late, the analysis window of a date."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

Late = Callable[[str, Mapping[str, pd.Series], np.ndarray], pd.Series]
"""Evaluates an expression of `late` on some records of the base, with the values of the names that only the kind knows."""


VisitOn = Callable[[np.ndarray, pd.Series], pd.Series]
"""Returns the number of the analysis window (AVISITN) of a date of a subject, missing for none; takes the subjects and the dates."""


def no_visit(subject: np.ndarray, date: pd.Series) -> pd.Series:
    """Refuse: the input does not declare that it reads windows."""
    raise LookupError("windows")


def no_late(name: str, values: Mapping[str, pd.Series], rows: np.ndarray) -> pd.Series:
    """Refuse: the input declares no `late` expressions."""
    raise LookupError(name)
