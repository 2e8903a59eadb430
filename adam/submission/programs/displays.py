"""The displays of a run and what their programs need: the variables of each dataset, groups and decimals of each result."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from adam.core.kinds import OF_TYPE, ValueKind
from adam.expressions.range_checks import own_variables
from adam.expressions.tree import Name
from adam.planning.values import TOTAL, ResolvedDataset, ResolvedDisplay, ResolvedStudy, Result


def displays_of(study: ResolvedStudy, datasets: Mapping[str, ResolvedDataset]) -> list[ResolvedDisplay]:
    """The displays with the results whose datasets are all in the run; a display without any is left out."""
    found = []
    for display in study.displays.values():
        results = tuple(each for each in display.results if {selection.dataset for selection in each.selections} <= set(datasets))
        if results:
            found.append(display.model_copy(update={"results": results}))
    return found


def kinds_of(study: ResolvedStudy, dataset: str) -> Callable[[Name], ValueKind]:
    """The kinds of the variables of a dataset."""
    variables = study.datasets[dataset].variables

    def kind(name: Name) -> ValueKind:
        type_ = variables[name.last].type
        return OF_TYPE[type_] if type_ else ValueKind.ANY

    return kind


def variables_read(study: ResolvedStudy, display: ResolvedDisplay) -> dict[str, list[str]]:
    """The variables that the results of a display read, by dataset, in the order of the dataset."""
    used: dict[str, set[str]] = {}
    for result in (each.result for each in display.results):
        own = (*own_variables(result.value.of, result.where), result.by, result.over)
        used.setdefault(result.dataset, set()).update(own)
        if result.of is not None:
            grouping = [result.by] if groups_denominator(study, result) else []
            used.setdefault(result.of.dataset, set()).update((*own_variables(result.of.where), *grouping))
    return {dataset: [name for name in study.datasets[dataset].variables if name in names] for dataset, names in used.items()}


def groups_denominator(study: ResolvedStudy, result: Result) -> bool:
    """Whether the denominator is counted by group: the dataset of the denominator has the variable that groups."""
    return result.of is not None and bool(result.by) and result.by in study.datasets[result.of.dataset].variables


def listed_groups(study: ResolvedStudy, result: Result) -> list[str]:
    """The groups that a result shows also without records: the numbered terms of the codelist of `by` in order, and those with a published number."""
    if not result.by:
        return []
    codelist = study.codelists.get(study.datasets[result.dataset].variables[result.by].codelist)
    numbers = codelist.numbers if codelist is not None else {}
    published = [group for group in result.published if group != TOTAL and not group.startswith("#")]
    return list(dict.fromkeys([*sorted(numbers, key=lambda term: numbers[term]), *published]))


def decimals_of(result: Result) -> int:
    """The decimals of the numbers of a result: the most of the published ones; without any, 0 for a count and 1 for others."""
    if not result.published:
        return 0 if result.value.name == "count" else 1
    return max(len(number.partition(".")[2]) for number in result.published.values())
