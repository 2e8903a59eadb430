"""The displays of a study with nothing left open: tables and figures, their results, and how each number is computed, as text."""

from __future__ import annotations

from adam.expressions.alternatives import Alternative
from adam.planning.values.resolved import Resolved
from adam.specification.results import Purpose, Reason, Result


class RecordSelection(Resolved):
    """The records of one dataset that a number is computed from: together those of all alternatives."""

    dataset: str
    alternatives: tuple[Alternative, ...]


class DisplayedResult(Resolved):
    """A result in its display.

    `selections` are the records it is computed from, and those of its denominator if it has one. `documentation` is how it is computed, and
    `joining` how the selections belong together, blank for a single one.
    """

    result: Result
    reason: Reason
    purpose: Purpose
    selections: tuple[RecordSelection, ...]
    documentation: str
    joining: str = ""


class ResolvedDisplay(Resolved):
    """A table or figure: its title, and its results in the order of the specification."""

    name: str
    title: str
    results: tuple[DisplayedResult, ...]
