"""The analysis window of a date: a pure function of the subject and the date."""

from __future__ import annotations

import numpy as np
import pandas as pd

from adam.core.kinds import missing_column
from adam.engine.compute import compute
from adam.engine.tables import Table
from adam.engine.view import Data, View
from adam.engine.windows import assigned, numbers_of
from adam.expressions.evaluate import Evaluation
from adam.planning.values.formulas import Formula
from adam.planning.values.windows import DatedWindows


class _DatedRecords(View):
    """Records that have nothing but a subject and a date; every other variable is computed when it is read."""

    def __init__(self, data: Data, owner: str, windows: DatedWindows, subject: np.ndarray, known: dict[str, pd.Series]) -> None:
        super().__init__(data, owner, (), windows.windows.references)
        self.windows, self.known = windows, known
        self.parts, self.subject = [Table(subject)], subject
        self._index = pd.RangeIndex(len(subject))

    def own(self, variable: str, *, raw: bool = False) -> pd.Series:
        """The date, or a variable computed on these records."""
        if variable not in self.known:
            formula = self.windows.formulas[variable]
            self.known[variable] = self._computed(formula) if isinstance(formula, Formula) else missing_column(formula, self.index)
        return self.known[variable]

    def _computed(self, formula: Formula) -> pd.Series:
        view = _DatedRecords(self.data, self.owner, self.windows, self.subject, self.known)
        view.references, view.codelist_terms = formula.references, formula.terms
        return compute(formula, view).column


def visit_on(data: Data, owner: str, windows: DatedWindows, subject: np.ndarray, date: pd.Series) -> pd.Series:
    """The number of the window (AVISITN) of each date of a subject; missing for none."""
    name = windows.windows.date.bare
    assert name is not None, "the plan refuses windows of a date that is not one variable"
    records = _DatedRecords(data, owner, windows, subject, {name.last: date})
    return numbers_of(windows.windows, assigned(windows.windows, Evaluation(records)))
