"""The displays of a study: results by table and figure, with the selection of their records and how each number is computed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from adam.catalog.prose import Prose, joined, sentence
from adam.expressions.alternatives import alternatives
from adam.expressions.tree import Expr
from adam.planning.values import ResolvedStudy, Result
from adam.planning.values.results import DisplayedResult, RecordSelection, ResolvedDisplay
from adam.specification.results import Display

STATISTICS = {
    "mean": "The mean of {0}",
    "sd": "The standard deviation of {0}",
    "median": "The median of {0}",
    "min": "The smallest value of {0}",
    "max": "The largest value of {0}",
}
LISTED = 30
"""How many values of a variable a list in a where clause may have in place of a comparison with blank."""


def resolved_displays(declared: Mapping[str, Display], study: ResolvedStudy) -> dict[str, ResolvedDisplay]:
    """The displays of a study in the order of the specification; a result without a display is a display of its own, after them.

    Args:
        declared: the displays as written.
        study: its results, datasets, constants and codelists, without errors.
    """
    displays = dict(declared)
    shown: dict[str, list[DisplayedResult]] = {}
    for name, result in study.results.items():
        display = displays.setdefault(result.display or name, Display(name=name, title=result.title))
        shown.setdefault(display.name, []).append(_displayed(result, display, study))
    return {name: ResolvedDisplay(name=name, title=display.title, results=tuple(shown.get(name, ()))) for name, display in displays.items()}


def _displayed(result: Result, display: Display, study: ResolvedStudy) -> DisplayedResult:
    prose = Prose(study.constants)
    selections = [_selection(result.dataset, result.where, study)]
    if result.of is not None:
        selections.append(_selection(result.of.dataset, result.of.where, study))
    return DisplayedResult(
        result=result,
        reason=result.reason or display.reason,
        purpose=result.purpose or display.purpose,
        selections=tuple(selections),
        documentation=" ".join([_computation(result, prose), *_unexpressed(selections, prose)]),
        joining=" ".join(_joining(result, selections)),
    )


def _selection(name: str, where: Expr | None, study: ResolvedStudy) -> RecordSelection:
    variables = study.datasets[name].variables

    def terms(variable: str) -> tuple[str, ...]:
        """The terms of a codelist that cannot be extended."""
        codelist = study.codelists.get(variables[variable].codelist) if variable in variables else None
        is_text = variable in variables and variables[variable].type == "text"
        return tuple(codelist.terms) if codelist is not None and is_text and not codelist.extensible and len(codelist.terms) <= LISTED else ()

    return RecordSelection(dataset=name, alternatives=alternatives(where, study.constants, terms))


def _computation(result: Result, prose: Prose) -> str:
    """How a number is computed, as a sentence."""
    measure, groups = result.value, ""
    records = f"{result.dataset} records{prose.where(result.where)}"
    if result.by:
        groups = f", for each value of {result.by} and in total"
    if result.over:
        groups += f"{',' if not groups else ''} at each value of {result.over}"
    if measure.name == "count":
        return sentence(f"The number of {records}{groups}")
    if measure.name != "percent":
        assert measure.of is not None, "the model requires a variable"
        return sentence(f"{STATISTICS[measure.name].format(prose.part(measure.of))} in the {records}{groups}")
    hits = f"The number of {records}" if measure.of is None else f"The number of records for which {prose.condition(measure.of)}"
    if result.of is not None:
        among = f"the number of {result.of.dataset} records{prose.where(result.of.where)}"
        hits = hits if measure.of is None else f"{hits} among the {records}"
    else:
        among = f"the number of {records}"
    return sentence(f"{hits}, as a percentage of {among}{groups}")


def _unexpressed(selections: list[RecordSelection], prose: Prose) -> Iterator[str]:
    """The conditions that the where clauses leave out, as sentences."""
    for selection in selections:
        parts = dict.fromkeys(prose.condition(part) for each in selection.alternatives for part in each.unexpressed)
        if parts:
            yield f"The where clause of {selection.dataset} does not express this part of the selection: {joined(list(parts))}."


def _joining(result: Result, selections: list[RecordSelection]) -> Iterator[str]:
    """How several where clauses, or two datasets, belong together."""
    for selection in selections:
        if len(selection.alternatives) > 1:
            yield f"The records of {selection.dataset} are those that match at least one of its {len(selection.alternatives)} where clauses."
    if len(selections) > 1:
        yield f"The first selection counts the numerator in {result.dataset}, the last one the denominator in {selections[1].dataset}."
