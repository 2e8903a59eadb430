"""Variables that only copy another one: kept as the column that is copied and its rows, until a formula or the finished dataset reads the values."""

from __future__ import annotations

from typing import Any

import numpy as np

from adam.core.kinds import DTYPES, ValueKind
from adam.engine.tables import Gathered, Piece, cast, merged
from adam.engine.view import View
from adam.expressions.tree import Name
from adam.planning.values.formulas import Formula
from adam.planning.values.references import Binding, Reference


def gathered(formula: Formula, view: View) -> Gathered | None:
    """The variable of a formula that is one name, of the subject or of the source record; None for any other formula."""
    if formula.call is not None or formula.where is not None or formula.expr is None or not isinstance(formula.expr.root, Name):
        return None
    ref = view.references.get(formula.expr.root)
    place = _place(ref, view) if ref is not None else None
    if ref is None or place is None:
        return None
    whole = view.data.of_owner(*place, raw=ref.raw)
    return Gathered(whole, _rows(ref, view, *place)) if whole.dtype == _dtype(formula.kind) else None


def _dtype(kind: ValueKind) -> str | None:
    return DTYPES.get(kind)


def _place(ref: Reference, view: View) -> tuple[str, str] | None:
    """The owner and the variable that is copied."""
    match ref.binding:
        case Binding.SUBJECT | Binding.SOURCE:
            return ref.owner, ref.variable
        case Binding.SRC:
            domains = {domain for part in view.parts for domain in part.rows}
            domain = next(iter(domains), "")
            return (domain, ref.source_variable(domain)) if len(domains) == 1 else None
    return None


def _rows(ref: Reference, view: View, owner: str, variable: str) -> np.ndarray:
    """The rows of the owner for the records of a view; computed once for all variables that have the same."""
    own = ref.binding is not Binding.SUBJECT and any((owner, variable) in part.rows_of for part in view.parts)
    key = (ref.binding is Binding.SUBJECT, owner, variable if own else "", tuple(view.sets))
    known = view.data.rows_read
    if key not in known:
        if ref.binding is Binding.SUBJECT:
            known[key] = view.data.of_subject(owner)[view.subject]
        else:
            known[key] = np.concatenate([part.source_rows(owner, variable) for part in view.parts])
    return known[key]


class Finished:
    """The columns of a finished dataset, its records in an order; copies are made of the column they copy."""

    def __init__(self, view: View, order: np.ndarray) -> None:
        self.view, self.order = view, order
        self.known: dict[tuple[tuple[int, int, int], ...], np.ndarray] = {}

    def values(self, variable: str, kind: ValueKind) -> Any:  # noqa: ANN401  (an array of pandas)
        """The values of a variable. It is removed from its records: nothing else reads it, and a second copy of all variables is large."""
        copy = self._copied(variable, kind)
        found = cast(self.view.own(variable), kind).array.take(self.order) if copy is None else copy.values().array
        self.view.forget(variable)
        return found

    def _copied(self, variable: str, kind: ValueKind) -> Gathered | None:
        """A variable that is a copy of one column on all records; None for any other."""
        pieces = [self.view.data.tables[records].columns.piece(variable) for records in self.view.sets]
        runs = [each for each in merged(filter(None, pieces)) if isinstance(each, Piece)]
        copies = [(each.whole, each.start, each.stop) for each in runs if isinstance(each.whole, Gathered)]
        wholes = {id(copy.whole): copy.whole for copy, _, _ in copies}
        if None in pieces or len(wholes) != 1 or sum(stop - start for _, start, stop in copies) != len(self.order):
            return None
        (whole,) = wholes.values()
        return Gathered(whole, self._ordered(copies)) if whole.dtype == DTYPES[kind] else None

    def _ordered(self, copies: list[tuple[Gathered, int, int]]) -> np.ndarray:
        """The rows that are copied, in the order of the dataset."""
        key = tuple((id(copy.rows), start, stop) for copy, start, stop in copies)
        if key not in self.known:
            self.known[key] = np.concatenate([copy.rows[start:stop] for copy, start, stop in copies])[self.order]
        return self.known[key]
