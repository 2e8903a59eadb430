"""The records of another set that a derivation reads for each record of a step, as its formulas read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from adam.engine.tables import taken
from adam.engine.view import View
from adam.expressions.tree import Name
from adam.planning.values.record_sets import RecordSet
from adam.planning.values.references import Binding, Reference


class JoinedRecords:
    """The records a derivation reads for each record of a view, with the columns of that record next to them.

    `reader` and `read` number the two records of each pair; `size` is the number of groups, `unit` the group of each record of the view.
    """

    def __init__(self, view: View, sets: Sequence[RecordSet], references: Mapping[Name, Reference]) -> None:
        self.view, self.sets, self.references = view, sets, references
        subject = view.data.subject_numbers(tuple(sets))
        own = any(ref.binding in (Binding.OWN, Binding.SOURCE, Binding.SRC) for ref in references.values())
        self._pair(subject, own)
        self._index = pd.RangeIndex(len(self.read))

    def _pair(self, subject: np.ndarray, own: bool) -> None:
        """Pair each joined record with the records of the view, or with their subject where the formula reads nothing of the record itself."""
        view = self.view
        distinct, unit = np.unique(view.subject, return_inverse=True)
        number = np.full(view.data.subjects, -1)
        number[distinct] = np.arange(len(distinct))
        group = number[subject]
        found = np.flatnonzero(group >= 0)
        if not own or len(distinct) == len(view):
            first = np.zeros(len(distinct), dtype="int64")
            first[unit] = np.arange(len(view))
            self.read, self.group, self.size, self.unit = found, group[found], len(distinct), unit
            self.reader = first[self.group]
            return
        order = found[np.argsort(group[found], kind="stable")]
        counts = np.bincount(group[found], minlength=len(distinct))
        starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
        many = counts[unit]
        self.reader = np.repeat(np.arange(len(view)), many)
        offset = np.arange(len(self.reader)) - np.repeat(np.concatenate([[0], np.cumsum(many)[:-1]]), many)
        self.read = order[np.repeat(starts[unit], many) + offset] if len(self.reader) else np.zeros(0, dtype="int64")
        self.group, self.size, self.unit = self.reader, len(view), np.arange(len(view))

    @property
    def index(self) -> pd.Index:
        """The pairs, numbered."""
        return self._index

    def values(self, name: Name) -> tuple[float | str, ...] | None:
        """The values of a list of the study."""
        return self.view.values(name)

    def terms(self, name: Name | None) -> Mapping[str, float] | None:
        """The numbers of a codelist."""
        return self.view.terms(name)

    def column(self, name: Name) -> pd.Series | float | str | np.datetime64:
        """A column of the joined record, or of the record of the view."""
        ref = self.references[name]
        if ref.binding is Binding.JOINED:
            return taken(self.view.data.of_sets(self.sets, ref.variable, raw=ref.raw), self.read)
        value = self.view.of(ref)
        return taken(value, self.reader) if isinstance(value, pd.Series) else value
